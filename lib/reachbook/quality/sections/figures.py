"""Figures of the data-quality report, each with its alternative text."""

from typing import TYPE_CHECKING, Any, Literal

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
from reachbook.quality.labels import table
from reachbook.quality.rows import Rows, measured
from reachbook.translation import clauses, joined, language, sentences, tr, trn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

BAD = style.LESS
_ROW = 1.45
_LATE = "/////"
OUTSIDE: dict[str, Any] = {"facecolor": "white", "alpha": 0.6, "linewidth": 0, "zorder": 2}
"""How days outside the study's period are made faint."""


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
    return Drawing(
        figure, sentences(tr("Rows of each table by day or week, gaps and alarms marked."), *map(marked, drawn))
    )


def marked(each: Inspected) -> str:
    """Say in one sentence what is marked in the rows of a table."""
    kinds = [alarm.kind for alarm in each.alarms]
    sudden, shift, late = (kinds.count(kind) for kind in ("sudden", "shift", "late"))
    told = [
        trn("{n} gap", "{n} gaps", len(each.gaps)) if each.gaps else "",
        trn("{n} sudden day", "{n} sudden days", sudden) if sudden else "",
        trn("{n} level shift", "{n} level shifts", shift) if shift else "",
        trn("{n} late end", "{n} late ends", late) if late else "",
    ]
    seen = joined(filter(None, told)) or tr("nothing to mark")
    return tr("{table}: {seen}.", table=table(each.name), seen=seen)


def drawn_rows(each: Inspected) -> tuple[Floats, Floats]:
    """Days, as Matplotlib counts them, and rows or the measure of one table by slot; NaN in its gaps."""
    rows = each.rows
    assert rows is not None
    height = rows.total if rows.measure is None else rows.measure
    seen = np.where(_lost(each), np.nan, height)
    return rows.slots.to_numpy(dtype="datetime64[D]").astype(np.float64), seen  # Matplotlib counts from 1970, too


def _panel(axis: "Axes", each: Inspected) -> None:
    """Rows, or the measure, of one table by slot, with its marks."""
    rows = each.rows
    assert rows is not None
    days, seen = drawn_rows(each)
    fill(axis, each, days, seen, 0.25)
    axis.plot(days, seen, drawstyle="steps-mid", color=style.MORE, linewidth=1.0)
    axis.set_ylim(0, float(np.nanmax(seen, initial=1.0)) * 1.25)
    step = rows.subject.layout.step
    axis.set_xlim(days[0] - step, days[-1] + step)
    for gap in each.gaps:
        blank(axis, days[gap.first] - step / 2, days[gap.last] + step / 2, 0.88 if gap.part else 0.0)
    for alarm in each.alarms:
        _mark(axis, alarm, days, seen, step)
    axis.set_title(_title(each, rows), fontsize=10)
    axis.locator_params(axis="y", nbins=3)
    axis.yaxis.set_major_formatter(FuncFormatter(_short))
    axis.tick_params(labelsize=8)
    style.date_axis(axis)
    axis.xaxis.get_offset_text().set_visible(False)


def fill(axis: "Axes", each: Inspected, days: Floats, seen: Floats, alpha: float) -> None:
    """Fill the rows of a table, of its late days with lines only: they are not whole."""
    from itertools import pairwise

    late = sorted({alarm.first for alarm in each.alarms if alarm.kind == "late"})
    height = np.repeat(np.nan_to_num(seen), 2)
    step = (days[1] - days[0]) / 2 if len(days) > 1 else 0.5
    edges = np.stack([days - step, days + step], axis=-1).ravel()
    for first, last in pairwise([0, *late, len(days)]):
        hatched = (
            {"facecolor": "none", "edgecolor": style.MORE, "hatch": _LATE}
            if first in late
            else {"color": style.MORE, "alpha": alpha}
        )
        axis.fill_between(edges[2 * first : 2 * last], 0, height[2 * first : 2 * last], linewidth=0, **hatched)


def blank(axis: "Axes", first: float, last: float, low: float = 0.0) -> None:
    """Draw a gap as what it is: an empty frame, from `low` (a ratio of the height) upward."""
    axis.axvspan(first, last, low, facecolor="white", edgecolor=BAD, linestyle=":", linewidth=1.1, zorder=3)


def _mark(axis: "Axes", alarm: Alarm, days: Floats, seen: Floats, step: int) -> None:
    """Draw one alarm: a dot on a sudden day, a line before a shift; late days are hatched by `fill`."""
    if alarm.kind == "shift":
        axis.axvline(float(days[alarm.first]) - step / 2, color=BAD, linestyle="--", linewidth=1.3)
    elif alarm.kind == "sudden":
        height = axis.get_ylim()[1] * 0.93 if alarm.part else seen[alarm.first]
        axis.plot(days[alarm.first], height, "o", color=BAD, fillstyle="none" if alarm.part else "full", markersize=5)


def _lost(each: Inspected) -> Flags:
    """Slots in which the whole table has a gap."""
    assert each.rows is not None
    lost = np.zeros(len(each.rows.slots), dtype=bool)
    for gap in each.gaps:
        if not gap.part:
            lost[gap.first : gap.last + 1] = True
    return lost


def _title(each: Inspected, rows: Rows) -> str:
    what, name = measured(rows), table(each.name)
    if rows.noun == "week":
        return tr("{table}: {what} by week", table=name, what=what)
    return tr("{table}: {what} by day", table=name, what=what)


def _short(value: float, _: float) -> str:
    if language() == "zh" and value >= 1e4:
        return number(value, "count")
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if value >= size and language() == "en":
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def legend(drawn: "Iterable[Inspected]", before: bool) -> "list[Artist]":
    """Keys of the marks that stand in the rows of some tables, and of days before the study's period."""
    shown = list(drawn)
    kinds = {alarm.kind for each in shown for alarm in each.alarms}
    return [
        *([_gap_key(tr("gap: no data"))] if any(each.gaps for each in shown) else []),
        *([_dot(tr("sudden day"), "full")] if "sudden" in kinds else []),
        *([_line(tr("level shift"))] if "shift" in kinds else []),
        *([_band(tr("incomplete last days"))] if "late" in kinds else []),
        *([Patch(color=style.MORE, alpha=0.18, linewidth=0, label=tr("before the study's period"))] if before else []),
    ]


def _legend() -> "list[Artist]":
    return [
        _gap_key(tr("gap, no data (at the top: of a part)")),
        _dot(tr("sudden day"), "full"),
        _dot(tr("of a part"), "none"),
        _line(tr("level shift")),
        _band(tr("incomplete last days")),
    ]


def _gap_key(label: str) -> Patch:
    return Patch(facecolor="white", edgecolor=BAD, linestyle=":", linewidth=1.1, label=label)


def _dot(label: str, filled: Literal["full", "none"]) -> Line2D:
    return Line2D([], [], marker="o", linestyle="", color=BAD, fillstyle=filled, markersize=5, label=label)


def _line(label: str) -> Line2D:
    return Line2D([], [], linestyle="--", color=BAD, linewidth=1.3, label=label)


def _band(label: str) -> Patch:
    return Patch(facecolor="none", edgecolor=style.MORE, hatch=_LATE, linewidth=0, label=label)


def with_and_without(found: Inspection) -> Drawing | None:
    """Share of each main figure that suspected accounts make up; None where nobody is suspected."""
    weights = found.bots.weights
    if not found.bots.accounts or not weights:
        return None
    limit = found.spec.most_weight
    labels = [tr("{figure} ({table})", figure=tr(each.figure), table=table(each.table)) for each in weights]
    with style.theme():
        figure, (axis,) = style.figure(1.1 + 0.38 * len(weights))
        places = np.arange(len(weights))[::-1]
        share = np.array([each.share for each in weights])
        colours = [BAD if each.share > limit else style.MORE for each in weights]
        axis.barh(places, share, color=colours, height=0.55)
        room = max(float(share.max()), limit) * 1.8
        for place, each in zip(places, weights, strict=True):
            text = tr(
                "{all} with, {without} without", all=number(each.all, "count"), without=number(each.without, "count")
            )
            axis.text(each.share + room * 0.01, place, text, va="center", fontsize=9)
        axis.axvline(limit, color=style.SOFT, linestyle="--", linewidth=1.0)
        axis.set_yticks(places, labels)
        axis.set_xlim(0, room)
        axis.set_xlabel(tr("share that likely bots make up; dashed: the limit of the check"))
        style.percent_axis(axis)
        style.room_left(figure, labels)
    parts = (
        tr("{figure}: {share}", figure=label, share=number(each.share, "ratio"))
        for label, each in zip(labels, weights, strict=True)
    )
    shares = tr("Share of {parts}.", parts=clauses(parts))
    return Drawing(figure, sentences(tr("Main figures with and without likely bots."), shares))
