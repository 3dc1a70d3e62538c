"""The figure beside the decision: the tables that need a look most, with what is marked in them."""

from dataclasses import replace

from reachbook.presentation.style import LEAD
from reachbook.quality.inspection import Inspection
from reachbook.quality.sections.lead import MOST, rows_of_the_worst


def test_the_worst_tables_are_drawn_with_their_marks(found: Inspection) -> None:
    orders, users = found.tables
    drawn = rows_of_the_worst([users, *[orders] * (MOST + 1)])
    assert drawn is not None
    assert tuple(drawn.figure.get_size_inches()) == LEAD
    assert len(drawn.figure.axes) == MOST
    assert [axis.get_title("left") for axis in drawn.figure.axes] == ["orders"] * MOST
    keys = [text.get_text() for text in drawn.figure.legends[0].get_texts()]
    assert keys == ["gap", "sudden day", "level shift", "late days"]
    assert drawn.alt.endswith("orders: 2 gaps, 1 sudden day, 1 level shift, 1 late end.")


def test_a_quiet_table_needs_no_key_and_no_table_no_figure(found: Inspection) -> None:
    quiet = rows_of_the_worst([replace(found.tables[0], gaps=(), alarms=())])
    assert quiet is not None
    assert quiet.figure.legends == []
    assert rows_of_the_worst(found.tables[1:]) is None
