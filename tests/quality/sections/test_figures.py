"""The figures show what was found, and there is none where there is nothing to show."""

from dataclasses import replace

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.dates import date2num

from reachbook.quality.bots import Bots
from reachbook.quality.inspection import Inspection
from reachbook.quality.sections.figures import rows_by_day, with_and_without


def test_rows_break_off_in_gaps_and_every_mark_is_said(found: Inspection) -> None:
    drawn = rows_by_day(found)
    assert drawn is not None
    assert drawn.alt == (
        "Rows of each table by day or week, gaps and alarms marked. "
        "orders: 2 gaps, 1 sudden day, 1 level shift, 1 late end."
    )
    axis, spare = drawn.figure.axes
    assert not spare.get_visible()
    assert axis.get_title("left") == "orders: number of rows by day"
    heights = np.asarray(axis.lines[0].get_ydata())
    assert np.flatnonzero(np.isnan(heights)).tolist() == [20, 21]
    assert heights[5] == 30


def test_a_gap_is_blank_and_late_days_are_hatched(found: Inspection) -> None:
    drawn = rows_by_day(found)
    assert drawn is not None
    axis = drawn.figure.axes[0]
    assert [to_hex(each.get_facecolor()) for each in axis.patches] == ["#ffffff", "#ffffff"]
    whole, late = axis.collections
    assert (whole.get_hatch(), bool(late.get_hatch())) == (None, True)
    edges = late.get_paths()[0].vertices[:, 0]
    days = date2num(np.datetime64("2026-07-27")), date2num(np.datetime64("2026-07-28"))
    assert (edges.min(), edges.max()) == (days[0] - 0.5, days[1] + 0.5)


def test_a_quiet_table_has_nothing_to_mark(found: Inspection) -> None:
    quiet = replace(found.tables[0], gaps=(), alarms=())
    drawn = rows_by_day(replace(found, tables=(quiet,)))
    assert drawn is not None
    assert drawn.alt.endswith("orders: nothing to mark.")
    assert rows_by_day(replace(found, tables=found.tables[1:])) is None


def test_the_bar_is_the_share_of_likely_bots(found: Inspection) -> None:
    drawn = with_and_without(found)
    assert drawn is not None
    (axis,) = drawn.figure.axes
    np.testing.assert_allclose([bar.get_width() for bar in axis.patches], [0.1])
    assert [text.get_text() for text in axis.texts] == ["200 with, 180 without"]
    assert drawn.alt.endswith("Share of amount (orders): 10.0%.")
    assert with_and_without(replace(found, bots=Bots((), found.bots.weights))) is None
