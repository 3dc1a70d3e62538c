"""The figure beside the decision: rows by day of the tables that need a look most, with their gaps and alarms."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from reachbook.presentation import style
from reachbook.presentation.section import Drawing
from reachbook.quality.inspection import Inspected
from reachbook.quality.labels import table
from reachbook.quality.sections.figures import BAD, LATE, drawn_rows, legend, marked
from reachbook.translation import listing, sentences, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

MOST = 3
"""Tables that are drawn."""


def rows_of_the_worst(tables: "Sequence[Inspected]") -> Drawing | None:
    """Rows by day or week of the first few tables that have days; None where none has.

    Parameters
    ----------
    tables : sequence of Inspected
        The worst first.
    """
    drawn = [each for each in tables if each.rows is not None][:MOST]
    if not drawn:
        return None
    with style.theme():
        figure = Figure(figsize=style.LEAD)
        axes = figure.subplots(len(drawn), 1, squeeze=False, sharex=True).ravel()
        for axis, each in zip(axes, drawn, strict=True):
            _lane(axis, each)
        style.date_axis(axes[-1], 5)
        axes[-1].set_xlim(*_range(drawn))
        axes[-1].tick_params(labelsize=9, pad=1, length=2)
        axes[-1].xaxis.get_offset_text().set_visible(False)
        handles = legend(drawn)
        top = 0.9 - 0.09 * (len(handles) > 0)
        figure.subplots_adjust(left=0.05, right=0.95, top=top, bottom=0.1, hspace=0.6)
        if handles:
            figure.legend(handles=handles, loc="upper left", ncols=4, handletextpad=0.3, columnspacing=0.9,
                          handlelength=1.2, borderaxespad=0.1)  # fmt: skip
    names = listing(table(each.name) for each in drawn)
    return Drawing(figure, sentences(tr("Rows of {tables} by day or week.", tables=names), *map(marked, drawn)))


def _range(drawn: "Sequence[Inspected]") -> tuple[float, float]:
    """First and last day of all lanes, with some room."""
    days = [drawn_rows(each)[0] for each in drawn]
    return min(float(each[0]) for each in days) - 1, max(float(each[-1]) for each in days) + 1


def _lane(axis: "Axes", each: Inspected) -> None:
    """One table as a strip without a scale: what counts is where it breaks off, jumps or falls."""
    days, seen = drawn_rows(each)
    rows = each.rows
    assert rows is not None
    step = rows.subject.layout.step
    axis.fill_between(days, 0, np.nan_to_num(seen), step="mid", color=style.MORE, alpha=0.45, linewidth=0)
    axis.set_ylim(0, float(np.nanmax(seen, initial=1.0)) * 1.1)
    for gap in each.gaps:
        axis.axvspan(days[gap.first] - step / 2, days[gap.last] + step / 2, color=BAD, alpha=0.55, linewidth=0)
    for alarm in each.alarms:
        first = float(days[alarm.first]) - step / 2
        if alarm.kind == "late":
            axis.axvspan(first, float(days[alarm.last]) + step / 2, color=LATE, alpha=0.45, linewidth=0)
        elif alarm.kind == "shift":
            axis.axvline(first, color=BAD, linestyle="--", linewidth=1.3)
        else:
            axis.plot(days[alarm.first], axis.get_ylim()[1] * 0.9, "o", color=BAD, markersize=5, clip_on=False)
    axis.set_title(table(each.name), fontsize=10, fontweight="normal", pad=2)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.tick_params(bottom=False)
