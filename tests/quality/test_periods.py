"""Days and weeks in words."""

from dataclasses import replace
from datetime import date

from reachbook.quality.inspection import Inspection
from reachbook.quality.periods import covers, days, lacks, told


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
