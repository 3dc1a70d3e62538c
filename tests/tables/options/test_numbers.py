"""Numbers as platforms write them mean one thing, by a stated rule, or are refused."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables.kinds.numbers import parse_money, parse_number
from reachbook.tables.options.numbers import formatted


class Refused(Exception):
    """A cell that is no number."""


def read(text: str | None, *rules: str, decimal: str = ".") -> Decimal | None:
    """The number that a cell gives; `Refused` if it is none."""
    plain = formatted(pa.array([text], pa.string()), rules, decimal)  # type: ignore[arg-type]
    parsed = parse_money(plain.values)
    if plain.faulty.any() or parsed.faulty.any():
        raise Refused(text)
    value: Decimal | None = parsed.values[0].as_py()
    return value


@pytest.mark.parametrize(
    ("text", "rules", "number"),
    [
        ("¥1,299.00", ["currency"], "1299"),
        ("-¥3.50", ["currency"], "-3.5"),
        ("US$ 12", ["currency"], "12"),
        ("12.5元", ["currency"], "12.5"),
        ("1.2万", ["rounded"], "12000"),
        ("3w", ["rounded"], "30000"),
        ("2.5亿", ["rounded"], "250000000"),
        ("4k", ["rounded"], "4000"),
        ("17", ["rounded"], "17"),
        ("10+", ["at_least"], "10"),
        ("1.2万+", ["at_least", "rounded"], "12000"),
        ("< 10", ["below_as_limit"], "10"),
        ("< 10%", ["below_as_limit", "percent"], "0.1"),
        ("3.1%", ["percent"], "0.031"),
        ("0", ["percent"], "0"),
        ("10秒", ["duration"], "10"),
        ("1分20秒", ["duration"], "80"),
        ("1小时2分", ["duration"], "3720"),
        ("00:01:20", ["duration"], "80"),
        ("1:20", ["duration"], "80"),
    ],
)
def test_a_stated_way_of_writing_is_read(text: str, rules: list[str], number: str) -> None:
    assert read(text, *rules) == Decimal(number)
    assert read(None, *rules) is None


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("1.2万", []),
        ("1.2万", ["currency"]),
        ("10+", ["rounded"]),
        ("3.1", ["percent"]),
        ("3.1%", ["rounded"]),
        ("¥1,29.00", ["currency"]),
        ("< 10", ["at_least"]),
        ("1.2.3万", ["rounded"]),
        ("1分80秒x", ["duration"]),
        ("万", ["rounded"]),
        ("%", ["percent"]),
    ],
)
def test_what_no_stated_rule_explains_is_refused(text: str, rules: list[str]) -> None:
    with pytest.raises(Refused):
        read(text, *rules)


def test_a_limit_may_count_as_missing() -> None:
    assert read("< 10", "below_as_missing") is None
    assert read("10", "below_as_missing") == 10


@pytest.mark.parametrize(
    ("text", "number"), [("1.234,50", "1234.5"), ("3,25", "3.25"), ("17", "17"), ("1.234", "1234")]
)
def test_decimal_commas(text: str, number: str) -> None:
    assert read(text, decimal=",") == Decimal(number)


@pytest.mark.parametrize("text", ["1,234.50", "1.2", "1,2,3"])
def test_a_point_that_groups_nothing_is_refused_beside_decimal_commas(text: str) -> None:
    with pytest.raises(Refused):
        read(text, decimal=",")


def test_a_thousand_or_a_little_over_one_is_refused_where_others_have_two_decimals() -> None:
    cells = pa.array(["3,25", "1,234", "17"])
    assert list(formatted(cells, (), ",").faulty) == [False, True, False]
    assert not formatted(pa.array(["3,250", "1,234"]), (), ",").faulty.any()


@given(st.integers(-(10**9), 10**9), st.integers(0, 2))
def test_any_number_survives_the_german_way(units: int, places: int) -> None:
    value = Decimal(units).scaleb(-places)
    german = f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))
    assert read(german, decimal=",") == value


@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 3)), min_size=1, max_size=5))
def test_rules_leave_plain_numbers_as_they_are(values: list[float]) -> None:
    text = pa.array([repr(each) for each in values])
    plain = formatted(text, ("currency", "rounded", "at_least", "duration"), ".")
    assert parse_number(plain.values).values.to_pylist() == values
