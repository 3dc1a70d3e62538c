"""The figure beside the decision: rows by day of the tables that need a look most, with their gaps and alarms."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from reachbook.presentation import style
from reachbook.presentation.section import Drawing
from reachbook.quality.inspection import Inspected
from reachbook.quality.labels import table
from reachbook.quality.sections.figures import BAD, OUTSIDE, blank, drawn_rows, fill, legend, marked
from reachbook.translation import listing, sentences, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

MOST = 3
"""Tables that are drawn."""


def rows_of_the_worst(tables: "Sequence[Inspected]", start: date) -> Drawing | None:
    """Rows by day or week of the first few tables that have days; None where none has.

    Parameters
    ----------
    tables : sequence of Inspected
        The worst first.
    start : date
        First day of the study's period; what lies before is drawn faintly.
    """
    drawn = [each for each in tables if each.rows is not None][:MOST]
    if not drawn:
        return None
    begins = float((start - date(1970, 1, 1)).days) - 0.5  # as Matplotlib counts days
    before = _range(drawn)[0] < begins - 1
    with style.theme():
        figure = Figure(figsize=style.LEAD)
        axes = figure.subplots(len(drawn), 1, squeeze=False, sharex=True).ravel()
        for axis, each in zip(axes, drawn, strict=True):
            _lane(axis, each, begins)
        style.date_axis(axes[-1], 5)
        axes[-1].set_xlim(*_range(drawn))
        axes[-1].tick_params(labelsize=9, pad=1, length=2)
        axes[-1].xaxis.get_offset_text().set_visible(False)
        handles = legend(map(_shown, drawn), before)
        top = 0.9 - 0.09 * (len(handles) > 0)
        figure.subplots_adjust(left=0.05, right=0.95, top=top, bottom=0.1, hspace=0.6)
        if handles:
            figure.legend(handles=handles, loc="upper left", ncols=4, handletextpad=0.3, columnspacing=0.9,
                          handlelength=1.2, borderaxespad=0.1)  # fmt: skip
    names = listing(table(each.name) for each in drawn)
    return Drawing(figure, sentences(tr("How much {tables} hold by day or week.", tables=names), *map(marked, drawn)))


def _range(drawn: "Sequence[Inspected]") -> tuple[float, float]:
    """First and last day of all lanes, with some room."""
    days = [drawn_rows(each)[0] for each in drawn]
    return min(float(each[0]) for each in days) - 1, max(float(each[-1]) for each in days) + 1


def _shown(each: Inspected) -> Inspected:
    """The table without the gaps of parts on days that are late anyway."""
    late = {alarm.first for alarm in each.alarms if alarm.kind == "late"}
    kept = tuple(gap for gap in each.gaps if not gap.part or not late or gap.first < min(late))
    return replace(each, gaps=kept)


def _lane(axis: "Axes", each: Inspected, begins: float) -> None:
    """One table as a strip without a scale: what counts is where it breaks off, jumps or falls."""
    days, seen = drawn_rows(each)
    rows = each.rows
    assert rows is not None
    step = rows.subject.layout.step
    fill(axis, each, days, seen, 0.45)
    axis.set_ylim(0, float(np.nanmax(seen, initial=1.0)) * 1.1)
    if days[0] < begins:
        axis.axvspan(days[0] - step, begins, **OUTSIDE)
    for gap in _shown(each).gaps:
        blank(axis, days[gap.first] - step / 2, days[gap.last] + step / 2, 0.75 if gap.part else 0.0)
    for alarm in each.alarms:
        if alarm.kind == "shift":
            axis.axvline(float(days[alarm.first]) - step / 2, color=BAD, linestyle="--", linewidth=1.3)
        elif alarm.kind == "sudden":
            axis.plot(days[alarm.first], axis.get_ylim()[1] * 0.9, "o", color=BAD, markersize=5, clip_on=False)
    axis.set_title(table(each.name), fontsize=10, fontweight="normal", pad=2)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.tick_params(bottom=False)
