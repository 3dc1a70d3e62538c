"""Numbers as a reader sees them."""

import html
import math
import re

import pytest

from reachbook.presentation.numbers import number, rough, spread, unbroken
from reachbook.translation import using


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0534, "ratio", "5.3%"),
        (-0.0534, "ratio", "−5.3%"),
        (0.0082, "points", "0.8 percentage points"),
        (0.0082, "change", "+0.8 percentage points"),
        (-0.0082, "change", "−0.8 percentage points"),
        (0.0002, "change", "0.0 percentage points"),
        (38.0, "money", "¥38.00"),
        (1234567.4, "money", "¥1,234,567"),
        (999.996, "days", "1,000 days"),
        (4660.2, "count", "4,660"),
        (12.0, "days", "12 days"),
        (0.91234, "", "0.912"),
        (0.0, "", "0"),
        (-0.001, "money", "¥0.00"),
        (-0.0001, "ratio", "0.0%"),
        (0.00012345, "", "0.000123"),
        (math.nan, "money", "unknown"),
    ],
)
def test_units(value: float, unit: str, shown: str) -> None:
    assert number(value, unit) == shown


def test_currencies() -> None:
    assert number(5.0, "money", "USD") == "$5.00"
    assert number(5.0, "money", "CHF") == "CHF 5.00"


def test_a_sign_stays_with_its_amount_and_the_text_as_it_is() -> None:
    text = "less on weibo (−¥34,403) & [−HK$1.00, ¥2], −4.2% − not <b>, douyin (+¥5,871)"
    page = unbroken(text)
    assert '(<span class="kept">−¥34,403</span>)' in page
    assert '<span class="kept">−HK$1.00,</span>' in page
    assert '(<span class="kept">+¥5,871</span>)' in page
    assert "− not &lt;b&gt;" in page
    assert html.unescape(re.sub(r"</?span[^>]*>", "", page)) == text


def test_a_unit_in_chinese_follows_without_a_space() -> None:
    with using("zh"):
        assert (number(90, "rows"), number(400_000, "rows"), number(12.5, "orders")) == ("90行", "40万行", "12.5订单")
    assert number(90, "rows") == "90 rows"


def test_no_line_breaks_inside_a_chinese_amount() -> None:
    assert unbroken("on 2026-09-05, 4 of 12-15") == 'on <span class="kept">2026-09-05</span>, 4 of 12-15'
    assert unbroken("得 −¥1.011万，¥12亿 和 3 项") == (
        '得 <span class="kept">−¥1.011万</span>，<span class="kept">¥12亿</span> 和 3 项'
    )


@pytest.mark.parametrize(
    ("low", "middle", "high", "unit", "shown"),
    [
        (6483.0, 24_291.0, 39_463.0, "money", ("¥6,000", "¥24,000", "¥39,000")),
        (-957.94, 1000.0, 2957.9, "money", ("−¥1,000", "¥1,000", "¥3,000")),
        (0.7231, 0.8312, 0.9645, "money", ("¥0.72", "¥0.83", "¥0.96")),
        (0.7231, 0.7232, 0.7233, "money", ("¥0.72", "¥0.72", "¥0.72")),
        (37.26, 38.11, 51.8, "money", ("¥37", "¥38", "¥52")),
        (-0.308, 1.96, 4.14, "", ("−0.3", "2.0", "4.1")),
        (1.528, 1.972, 2.821, "", ("1.5", "2.0", "2.8")),
        (608.0, 1000.0, 1392.0, "", ("610", "1,000", "1,390")),
        (0.04, 0.5, 2.9, "days", ("0.0 days", "0.5 days", "2.9 days")),
        (0.061, 0.1, 0.391, "ratio", ("6.1%", "10.0%", "39.1%")),
        (3.0, 3.0, 3.0, "count", ("3", "3", "3")),
        (1.0, 2.0, math.inf, "", ("1", "2", "unknown")),
    ],
)
def test_an_interval_has_the_digits_that_its_width_deserves(
    low: float, middle: float, high: float, unit: str, shown: tuple[str, str, str]
) -> None:
    assert spread(low, middle, high, unit) == shown


def test_a_chinese_interval_has_as_many() -> None:
    with using("zh"):
        assert spread(6483.0, 24_291.0, 39_463.0, "money") == ("¥6,000", "¥2.4万", "¥3.9万")
        assert spread(-10_110.0, 1477.0, 12_820.0, "money") == ("−¥1万", "¥1,000", "¥1.3万")


@pytest.mark.parametrize(("value", "told"), [(80_779.0, 81_000.0), (-0.0127, -0.013), (0.0, 0.0), (99.6, 100.0)])
def test_a_decision_tells_two_digits(value: float, told: float) -> None:
    assert rough(value) == told


def test_few_people_are_counted_to_the_last() -> None:
    assert spread(0, 12, 100, "count") == ("0", "12", "100")
    assert spread(900, 1234, 2100, "count") == ("900", "1,200", "2,100")
