"""The way values are written is told from the values alone, or said to be open."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.draft import value_kinds

_days = st.dates(dt.date(2001, 10, 1), dt.date(2033, 1, 1))


@given(st.lists(_days, min_size=1), st.sampled_from([(1, "epoch_s"), (1000, "epoch_ms")]))
def test_counts_since_1970_are_told_by_their_digits(days: list[dt.date], unit: tuple[int, str]) -> None:
    counts = [str(int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()) * unit[0]) for day in days]
    assert value_kinds.times(counts).form == unit[1]


@given(st.lists(_days, min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m-%d-%Y"]))
def test_the_order_of_day_and_month_is_told_or_asked(days: list[dt.date], form: str) -> None:
    written = value_kinds.times([f"{day:{form}}" for day in days])
    if any(day.day > 12 for day in days):
        assert (written.form, written.doubt) == (form, "")
    else:
        assert "day or month first" in written.doubt


@pytest.mark.parametrize("value", ["2026-07-01 09:05", "2026/7/1", "20260701", "2026年7月1日"])
def test_year_first_needs_no_format(value: str) -> None:
    assert value_kinds.times([value]).form is None


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        (["1", "2.50", "1,204"], ()),
        (["¥1,299.00", "3"], ("currency",)),
        (["1.2万", "7"], ("rounded",)),
        (["10+", "3"], ("at_least",)),
        (["< 10", "12"], ("below_as_limit",)),
        (["3.1%"], ("percent",)),
        (["1分20秒"], ("duration",)),
        (["1万+", "3w"], ("rounded", "at_least")),
    ],
)
def test_rules_that_read_all_numbers(values: list[str], rules: tuple[str, ...]) -> None:
    written = value_kinds.numbers(values, ".")
    assert (written.rules, written.doubt) == (rules, "")


def test_what_no_rule_reads_is_named() -> None:
    assert "约三千" in value_kinds.numbers(["¥3", "约三千"], ".").doubt


@pytest.mark.parametrize(
    ("values", "comma"),
    [(["1.234,50", "3"], True), (["3,5"], True), (["1,234", "12"], False), (["1,234.50", "3,5"], False)],
)
def test_a_decimal_comma(values: list[str], comma: bool) -> None:
    assert value_kinds.has_decimal_comma(values) == comma


@pytest.mark.parametrize(
    ("value", "dressed"), [('="123"', True), ("'123", True), ("123\t", True), ("12 3", False), ("123", False)]
)
def test_what_stands_around_values(value: str, dressed: bool) -> None:
    assert value_kinds.is_dressed([value]) == dressed


def test_times_as_weibo_s_interface_writes_them() -> None:
    spoken = ["Wed Jul 01 09:00:00 +0800 2026"]
    assert value_kinds.times(spoken).form == "%a %b %d %H:%M:%S %z %Y"
    assert value_kinds.offsets(spoken) == {"+0800"}


def test_offsets_behind_times() -> None:
    assert value_kinds.offsets(["2026-07-01 09:05 +0800", "2026-07-01T09:05Z", "2026-07-01"]) == {"+0800", "+0000"}
