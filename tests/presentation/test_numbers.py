"""Numbers as a reader sees them."""

import html
import math
import re

import pytest

from reachbook.presentation.numbers import number, unbroken
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
    assert unbroken("得 −¥1.011万，¥12亿 和 3 项") == (
        '得 <span class="kept">−¥1.011万</span>，<span class="kept">¥12亿</span> 和 3 项'
    )
