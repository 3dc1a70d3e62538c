"""Figures of the data-quality report, each with its alternative text."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from reachbook.arrays import Flags, Floats
from reachbook.presentation import style
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Drawing
from reachbook.quality.alarms import Alarm
from reachbook.quality.inspection import Inspected, Inspection

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_BAD, _LATE = style.LESS, style.PALETTE[4]
_ROW = 1.45


def rows_by_day(found: Inspection) -> Drawing | None:
    """Rows of each table by day or week, with gaps, alarms and late days marked; None where no table has days."""
    drawn = [each for each in found.tables if each.rows is not None]
    if not drawn:
        return None
    lines = -(-len(drawn) // 2)
    height = _ROW * lines + 0.9
    with style.theme():
        figure = Figure(figsize=(style.WIDTH, height))
        axes = figure.subplots(lines, 2, squeeze=False).ravel()
        for axis, each in zip(axes, drawn, strict=False):
            _panel(axis, each)
        for axis in axes[len(drawn) :]:
            axis.set_visible(False)
        figure.subplots_adjust(
            left=0.08, right=0.98, top=1 - 0.75 / height, bottom=0.3 / height, hspace=0.75, wspace=0.2
        )
        figure.legend(handles=_legend(), loc="upper left", ncols=5, handletextpad=0.4, columnspacing=1.2)
    parts = [f"{each.name}: {_said(each)}" for each in drawn]
    return Drawing(figure, "Rows of each table by day or week, gaps and alarms marked. " + "; ".join(parts) + ".")


def _said(each: Inspected) -> str:
    told = [f"{len(each.gaps)} gap{'s' * (len(each.gaps) != 1)}"] if each.gaps else []
    for kind, words in (("sudden", "sudden day"), ("shift", "level shift"), ("late", "late end")):
        count = sum(alarm.kind == kind for alarm in each.alarms)
        told += [f"{count} {words}{'s' * (count != 1)}"] if count else []
    return ", ".join(told) or "nothing to mark"


def _panel(axis: "Axes", each: Inspected) -> None:
    """Rows, or the measure, of one table by slot, with its marks."""
    rows = each.rows
    assert rows is not None
    height = rows.total if rows.measure is None else rows.measure
    seen = np.where(_lost(each), np.nan, height)
    days = rows.slots.to_numpy(dtype="datetime64[D]").astype(np.float64)  # Matplotlib counts days from 1970, too
    axis.fill_between(days, 0, np.nan_to_num(seen), step="mid", color=style.MORE, alpha=0.25, linewidth=0)
    axis.plot(days, seen, drawstyle="steps-mid", color=style.MORE, linewidth=1.0)
    axis.set_ylim(0, float(np.nanmax(seen, initial=1.0)) * 1.25)
    step = rows.subject.layout.step
    axis.set_xlim(days[0] - step, days[-1] + step)
    for gap in each.gaps:
        low = 0.88 if gap.part else 0.0
        axis.axvspan(days[gap.first] - step / 2, days[gap.last] + step / 2, low, color=_BAD, alpha=0.55, linewidth=0)
    for alarm in each.alarms:
        _mark(axis, alarm, days, seen, step)
    axis.set_title(f"{each.name}: {rows.subject.layout.measure or 'rows'} by {rows.noun}", fontsize=10)
    axis.locator_params(axis="y", nbins=3)
    axis.yaxis.set_major_formatter(FuncFormatter(_short))
    axis.tick_params(labelsize=8)
    style.date_axis(axis)
    axis.xaxis.get_offset_text().set_visible(False)


def _mark(axis: "Axes", alarm: Alarm, days: Floats, seen: Floats, step: int) -> None:
    """Draw one alarm: a dot on a sudden day, a line before a shift, a band over late days."""
    first = float(days[alarm.first]) - step / 2
    if alarm.kind == "late":
        axis.axvspan(first, float(days[alarm.last]) + step / 2, color=_LATE, alpha=0.35, linewidth=0)
    elif alarm.kind == "shift":
        axis.axvline(first, color=_BAD, linestyle="--", linewidth=1.3)
    else:
        height = axis.get_ylim()[1] * 0.93 if alarm.part else seen[alarm.first]
        axis.plot(days[alarm.first], height, "o", color=_BAD, fillstyle="none" if alarm.part else "full", markersize=5)


def _lost(each: Inspected) -> Flags:
    """Slots in which the whole table has a gap."""
    assert each.rows is not None
    lost = np.zeros(len(each.rows.slots), dtype=bool)
    for gap in each.gaps:
        if not gap.part:
            lost[gap.first : gap.last + 1] = True
    return lost


def _short(value: float, _: float) -> str:
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _legend() -> "list[Artist]":
    return [
        Patch(color=_BAD, alpha=0.55, linewidth=0, label="gap (at the top: of a part)"),
        Line2D([], [], marker="o", linestyle="", color=_BAD, markersize=5, label="sudden day"),
        Line2D([], [], marker="o", linestyle="", color=_BAD, fillstyle="none", markersize=5, label="of a part"),
        Line2D([], [], linestyle="--", color=_BAD, linewidth=1.3, label="level shift"),
        Patch(color=_LATE, alpha=0.35, linewidth=0, label="late last days"),
    ]


def with_and_without(found: Inspection) -> Drawing | None:
    """Share of each main figure that suspected accounts make up; None where nobody is suspected."""
    weights = found.bots.weights
    if not found.bots.accounts or not weights:
        return None
    limit = found.spec.most_weight
    labels = [f"{each.figure} ({each.table})" for each in weights]
    with style.theme():
        figure, (axis,) = style.figure(1.1 + 0.38 * len(weights))
        places = np.arange(len(weights))[::-1]
        share = np.array([each.share for each in weights])
        colours = [_BAD if each.share > limit else style.MORE for each in weights]
        axis.barh(places, share, color=colours, height=0.55)
        room = max(float(share.max()), limit) * 1.8
        for place, each in zip(places, weights, strict=True):
            text = f"{each.all:,.0f} with, {each.without:,.0f} without"
            axis.text(each.share + room * 0.01, place, text, va="center", fontsize=9)
        axis.axvline(limit, color=style.SOFT, linestyle="--", linewidth=1.0)
        axis.set_yticks(places, labels)
        axis.set_xlim(0, room)
        axis.set_xlabel("share that likely bots make up; dashed: the limit of the check")
        style.percent_axis(axis)
        style.room_left(figure, labels)
    parts = [f"{label}: {number(each.share, 'ratio')}" for label, each in zip(labels, weights, strict=True)]
    return Drawing(figure, "Main figures with and without likely bots. Share of " + "; ".join(parts) + ".")
