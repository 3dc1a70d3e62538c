"""The figure beside the decision: the effect against zero, break-even and target, or what each size of test answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.planning.experiment import POWER
from reachbook.effects.planning.panel import PanelPlan
from reachbook.effects.sections.figures import value_axis
from reachbook.effects.value.rollout import break_even_lift
from reachbook.effects.wording import metric, scale
from reachbook.presentation import style
from reachbook.presentation.names import named
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import joined, listing, sentences, tr, trn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawn

    from reachbook.effects.effect import Effect
    from reachbook.effects.planning.experiment import ExperimentPlan
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.rollout import RollOut

MOST = 4
"""Arms that are drawn."""
_LINES = (("-", style.INK), ("--", style.PALETTE[4]), (":", style.PALETTE[2]))


def lead(effect: Effect, rollout: RollOut, spec: EffectSpec) -> Figure | None:
    """Effect of the campaign, or of its arms with the one to roll out first; None if a blocking gate failed."""
    if not effect.passed:
        return None
    rows, unit = _rows(effect, rollout, spec), scale(rollout.effect)[1]
    lines = _lines(rollout, spec, unit)
    with style.theme():
        figure, axis = _canvas()
        _bars(axis, rows, unit)
        for (label, at), (line, colour) in zip(lines.items(), _LINES, strict=False):
            axis.axvline(at, color=colour, linestyle=line, linewidth=1.3, label=label)
        value_axis(axis, unit, "x")
        axis.margins(x=0.08)
        figure.legend(loc="upper left", ncols=len(lines), handlelength=1.4, columnspacing=1.2, borderaxespad=0.1)
        style.room_left(figure, rows["name"], most=0.4)
        figure.subplots_adjust(top=0.84, bottom=0.16, right=0.95)
        _values(axis, rows, unit, list(lines.values()))
    title = tr("Effect on {what}.", what=metric(effect))
    return Figure("lead", figure, sentences(title, _told(rows, unit), _held(lines)))


def _canvas() -> tuple[Drawn, Axes]:
    from matplotlib.figure import Figure as Canvas

    figure = Canvas(figsize=style.LEAD)
    return figure, figure.subplots()


def _rows(effect: Effect, rollout: RollOut, spec: EffectSpec) -> pd.DataFrame:
    """Intervals of the lift: name, low, middle, high."""
    rows = [(style.wrapped(rollout.begun, 18), *equal_tailed(scale(rollout.effect)[0], spec.level))]
    if rollout.several and scale(rollout.effect)[1] == "ratio":
        others = [arm for arm in effect.detail.arms[1:] if arm.name != rollout.name]
        rows += [
            (style.wrapped(named(arm.name), 18), *equal_tailed(arm.relative, spec.level)) for arm in others[: MOST - 1]
        ]
    return pd.DataFrame(rows, columns=["name", "low", "middle", "high"])


def _lines(rollout: RollOut, spec: EffectSpec, unit: str) -> dict[str, float]:
    """Label and place of each reference, in the unit of the lift."""
    lines = {tr("no effect"): 0.0}
    if unit != "ratio":
        return lines
    even = break_even_lift(rollout.effect, spec, rollout.money.paid)
    if even is not None:
        lines[tr("break-even {lift}", lift=number(even, unit))] = even
    if spec.target is not None:
        lines[tr("target {lift}", lift=number(spec.target, unit))] = spec.target
    return lines


def _bars(axis: Axes, rows: pd.DataFrame, unit: str) -> None:
    places = np.arange(len(rows))[::-1]
    low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
    colours = np.where(low > 0, style.MORE, np.where(high < 0, style.LESS, style.SOFT))
    axis.hlines(places, low, high, color=colours, linewidth=9, alpha=0.4)
    axis.scatter(rows["middle"], places, color=colours, s=60, zorder=3)
    axis.set_yticks(places, rows["name"].tolist())
    axis.set_ylim(-0.6, len(rows) - 0.25)
    axis.grid(axis="x")


def _values(axis: Axes, rows: pd.DataFrame, unit: str, lines: Sequence[float]) -> None:
    """Write each effect above its mark, clear of the lines; call it when the axis has its size."""
    low, high = axis.get_xlim()
    per_inch = (high - low) / (axis.get_position().width * style.LEAD[0])
    for place, middle in zip(np.arange(len(rows))[::-1], rows["middle"].to_numpy(float), strict=True):
        text = number(float(middle), unit)
        at = clear_of(float(middle), lines, style.inches([text]) / 2 * per_inch, (low, high))
        axis.annotate(text, (at, place), (0, 9), textcoords="offset points", ha="center", weight="bold")


def clear_of(at: float, lines: Sequence[float], half: float, ends: tuple[float, float]) -> float:
    """The middle nearest to `at` of a label, `half` to either side, that meets no line and stays between the ends.

    Where there is no such place it is `at`.
    """
    places = [at, *(line + side * half for line in lines for side in (-1, 1))]
    free = [
        place
        for place in places
        if ends[0] <= place - half
        and place + half <= ends[1]
        and all(abs(place - line) >= half * (1 - 1e-9) for line in lines)
    ]
    return min(free, key=lambda place: abs(place - at), default=at)


def _told(rows: pd.DataFrame, unit: str) -> str:
    each = (
        f"{str(name).replace(chr(10), ' ')} {number(middle, unit)} [{number(low, unit)}, {number(high, unit)}]"
        for name, (low, middle, high) in zip(rows["name"], rows[["low", "middle", "high"]].to_numpy(float), strict=True)
    )
    return tr("{each}.", each=joined(each))


def _held(lines: Mapping[str, float]) -> str:
    return tr("Lines: {lines}.", lines=joined(lines))


def plan_lead(plan: ExperimentPlan | PanelPlan) -> Figure:
    """Probability that a test answers, by its size or length, with the test to run marked."""
    with style.theme():
        figure, axis = _canvas()
        if isinstance(plan, PanelPlan):
            _by_length(axis, plan)
        else:
            _by_size(axis, plan)
        axis.axhline(POWER, color=style.SOFT, linestyle=":", linewidth=1.3)
        axis.set_ylim(0, 1.05)
        style.percent_axis(axis, "y")
        axis.grid()
        figure.subplots_adjust(left=0.15, right=0.96, bottom=0.22, top=0.95)
    alt = tr("How likely each test answers. The dotted line is the {share} that is asked.", share=f"{POWER:.0%}")
    return Figure("lead", figure, alt)


def _by_size(axis: Axes, plan: ExperimentPlan) -> None:
    shown = plan.assurance if plan.target is None else plan.power
    at = len(plan.units) - 1 if plan.chosen is None else plan.chosen
    axis.plot(plan.units, shown, color=style.MORE)
    axis.plot(plan.units[at], shown[at], "o", color=style.MORE if plan.run else style.LESS, markersize=9)
    axis.set_xscale("log")
    axis.minorticks_off()
    ticks = np.unique(np.geomspace(plan.units[0], plan.units[-1], 4).round(-1).astype(int))
    axis.set_xticks(ticks, [number(float(each), "count") for each in ticks])
    axis.set_xlabel(tr("units in each arm"))


def _by_length(axis: Axes, plan: PanelPlan) -> None:
    shown = "assurance" if plan.target is None else "power"
    for index, (size, part) in enumerate(plan.frame.groupby("size")):
        part = part.sort_values("periods")
        label = trn("{n} unit", "{n} units", int(str(size)))
        axis.plot(part["periods"], part[shown], "o-", color=style.colour(index), label=label)
    row = plan.row
    axis.plot(row["periods"], row[shown], "o", color=style.INK, fillstyle="none", markersize=13)
    axis.set_xticks(sorted(plan.frame["periods"].unique()))
    axis.set_xlabel(tr("periods of the campaign"))
    axis.legend(loc="lower right")


def shown_treated(treated: tuple[str, ...]) -> str:
    """Treated units by name, or how many there are where the names would fill a line."""
    return listing(treated) if len(treated) <= 3 else trn("{n} unit", "{n} units", len(treated))
