"""Days and weeks in words."""

from dataclasses import replace
from datetime import date

from reachbook.quality.inspection import Inspection
from reachbook.quality.periods import Span, covers, days, few_days, lacks, span, told
from reachbook.translation import using


def test_what_a_table_covers(found: Inspection) -> None:
    orders = found.tables[0]
    assert covers(orders) == "2026-07-01 to 2026-07-28"
    assert covers(replace(orders, span=(date(2025, 12, 30), date(2026, 1, 2)))) == "2025-12-30 to 2026-01-02"
    assert covers(replace(orders, span=None)) == "no row in the period"
    assert covers(found.tables[1]) == "without days"


def test_what_a_table_lacks(found: Inspection) -> None:
    orders = found.tables[0]
    assert lacks(orders) == "2 days, 1 day of weibo"
    assert lacks(replace(orders, gaps=())) == ""
    assert lacks(found.tables[1]) == ""
    assert orders.rows is not None
    assert told(orders.rows, orders.gaps[1]) == "1 day of weibo (2026-07-24)"


def test_a_single_day_stands_once(found: Inspection) -> None:
    rows = found.tables[0].rows
    assert rows is not None
    assert days(rows, 0, 0) == "2026-07-01"
    assert days(rows, 0, 1) == "2026-07-01 to 2026-07-02"


def test_slots_are_told_to_the_end_of_the_last_one(found: Inspection) -> None:
    rows = found.tables[0].rows
    assert rows is not None
    assert span(rows, 0, 1) == july(1, 2)
    panel = replace(rows.subject, name="media")
    assert span(replace(rows, subject=panel), 0, 0) == july(1, 7), "the slots of media are weeks"


def july(first: int, last: int | None = None) -> Span:
    return date(2026, 7, first), date(2026, 7, last or first)


def test_some_days_are_told_in_few_words() -> None:
    assert few_days([july(3)]) == "2026-07-03"
    assert few_days([july(9), july(3)]) == "2026-07-09 and 2026-07-03", "the most telling first"
    assert few_days([july(9), july(3), july(5), july(9)]) == "2026-07-09, 2026-07-03 and 2026-07-05"
    assert few_days([july(9), july(3), july(5), july(1)]) == "2026-07-09, 2026-07-03 and 2 more below"


def test_days_that_overlap_or_touch_are_one_span() -> None:
    assert few_days([july(5, 6), july(8), july(7)]) == "2026-07-05 to 2026-07-08"
    assert few_days([july(20), july(5, 9), july(4, 6)]) == "2026-07-20 and 2026-07-04 to 2026-07-09"
    with using("zh"):
        assert few_days([july(3), july(5), july(9), july(1)]) == "2026年7月3日、2026年7月5日和另外 2 处（见下文）"
