"""The figure beside the decision: the tables that need a look most, with what is marked in them."""

from dataclasses import replace
from datetime import date, timedelta

from helpers.event_tables import START
from reachbook.presentation.style import LEAD
from reachbook.quality.gaps import Gap
from reachbook.quality.inspection import Inspected, Inspection
from reachbook.quality.sections.lead import MOST, rows_of_the_worst


def test_the_worst_tables_are_drawn_with_their_marks(found: Inspection) -> None:
    orders, users = found.tables
    drawn = rows_of_the_worst([users, *[orders] * (MOST + 1)], START)
    assert drawn is not None
    assert tuple(drawn.figure.get_size_inches()) == LEAD
    assert len(drawn.figure.axes) == MOST
    assert [axis.get_title("left") for axis in drawn.figure.axes] == ["orders"] * MOST
    keys = [text.get_text() for text in drawn.figure.legends[0].get_texts()]
    assert keys == ["gap: no data", "sudden day", "level shift", "incomplete last days"]
    assert drawn.alt.endswith("orders: 2 gaps, 1 sudden day, 1 level shift, 1 late end.")


def test_a_quiet_table_needs_no_key_and_no_table_no_figure(found: Inspection) -> None:
    quiet = rows_of_the_worst([replace(found.tables[0], gaps=(), alarms=())], START)
    assert quiet is not None
    assert quiet.figure.legends == []
    assert rows_of_the_worst(found.tables[1:], START) is None


def keys(tables: list[Inspected], start: date) -> list[str]:
    drawn = rows_of_the_worst(tables, start)
    assert drawn is not None
    return [text.get_text() for each in drawn.figure.legends for text in each.get_texts()]


def test_days_before_the_period_are_faint_and_said(found: Inspection) -> None:
    quiet = replace(found.tables[0], gaps=(), alarms=())
    assert keys([quiet], START + timedelta(days=7)) == ["before the study's period"]
    assert keys([quiet], START) == []


def test_a_part_without_rows_on_late_days_is_no_gap_beside_them(found: Inspection) -> None:
    orders = found.tables[0]
    late = replace(orders, gaps=(Gap("weibo", 27, 27, 5.0),), alarms=orders.alarms[2:])
    assert keys([late], START) == ["incomplete last days"]
    assert keys([replace(late, alarms=())], START) == ["gap: no data"]
