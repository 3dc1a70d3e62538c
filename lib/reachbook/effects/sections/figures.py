"""Figures on the effect, each with alternative text."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects.planning.experiment import POWER
from reachbook.presentation import style
from reachbook.presentation.numbers import chance, number
from reachbook.presentation.section import Drawing
from reachbook.translation import clauses, joined, sentences, tr, trn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reachbook.effects.counterfactual.placebo import Replays
    from reachbook.effects.planning.experiment import ExperimentPlan
    from reachbook.effects.planning.panel import PanelPlan

_WIDTH = 6.6
"""Width in inches, narrower than the house style's so that text stays readable on a phone."""
_MOST_UNITS = 4
_BEFORE = 2
"""Length of history that is drawn, in lengths of the campaign; more would be illegible."""
_MARKS = (("-", style.INK), ("--", style.LESS), (":", style.PALETTE[2]))


def _figure(height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    figure, axes = style.figure(height, columns)
    figure.set_figwidth(_WIDTH)
    return figure, axes


def ranges(rows: pd.DataFrame, marks: Mapping[str, float], what: str, unit: str = "ratio") -> Drawing:
    """Intervals, one row each, against up to three vertical lines.

    Parameters
    ----------
    rows : DataFrame
        Columns name, low, middle, high in `unit`, and `planted` where the truth is known; NaN limits draw no interval.
    marks : mapping of str to float
        Label and position of each vertical line.
    what : str
        Subject of the alternative text.
    unit : str
        Unit of the values.
    """
    names = [style.wrapped(str(name), 30) for name in rows["name"]]
    height = 1.35 + sum(0.3 + 0.17 * name.count("\n") for name in names) + 0.12 * len(rows)
    with style.theme():
        figure, (axis,) = _figure(height)
        places = np.arange(len(rows))[::-1]
        axis.hlines(places, rows["low"], rows["high"], color=style.MORE, linewidth=6, alpha=0.4)
        axis.plot(rows["middle"], places, "o", color=style.MORE, label=tr("estimate, with interval"))
        if "planted" in rows and rows["planted"].notna().any():
            axis.plot(rows["planted"], places, "D", color=style.INK, fillstyle="none", label=tr("planted"))
        for (label, at), (line, colour) in zip(marks.items(), _MARKS, strict=False):
            axis.axvline(
                at,
                color=colour,
                linestyle=line,
                linewidth=1.3,
                label=tr("{label} ({at})", label=label, at=number(at, unit)),
            )
        axis.set_yticks(places, names)
        axis.set_ylim(-0.6, len(rows) - 0.4)
        axis.grid(axis="x")
        value_axis(axis, unit, "x")
        handles, labels = axis.get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper left", ncols=min(len(labels), 3))
        style.room_left(figure, names)
        lines = -(-len(labels) // 3)
        figure.subplots_adjust(top=1 - (0.2 + 0.25 * lines) / height, bottom=0.4 / height)
    said = tr("{each}.", each=clauses(_row_label(row, unit) for row in rows.to_dict("records")))
    held = joined(f"{label} {number(at, unit)}" for label, at in marks.items())
    held = tr("Lines: {lines}.", lines=held) if held else ""
    return Drawing(figure, sentences(tr("{each}.", each=what), said, held))


def _row_label(row: Mapping[Hashable, Any], unit: str) -> str:
    text = f"{row['name']} {number(row['middle'], unit)}"
    if not (np.isfinite(row["low"]) and np.isfinite(row["high"])):
        return text
    return f"{text} [{number(row['low'], unit)}, {number(row['high'], unit)}]"


def value_axis(axis: Axes, unit: str, which: str) -> None:
    """Format ticks as percentages or with thousands separators."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

    target = axis.xaxis if which == "x" else axis.yaxis
    if unit == "ratio":
        low, high = axis.get_xlim() if which == "x" else axis.get_ylim()
        target.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10]))  # no halves that rounding would hide
        target.set_major_formatter(PercentFormatter(1.0, decimals=0 if high - low > 0.05 else 1))
        return
    low, high = axis.get_xlim() if which == "x" else axis.get_ylim()
    target.set_major_formatter(StrMethodFormatter("{x:,.0f}" if high - low > 10 else "{x:,.4g}"))


def over_time(bands: pd.DataFrame, outcome: str, without: pd.DataFrame | None = None) -> Drawing:
    """Observed outcome and counterfactual, one panel a treated unit, the largest first.

    Parameters
    ----------
    bands : DataFrame
        `Evidence.bands`.
    outcome : str
        Name of the outcome.
    without : DataFrame, optional
        Columns unit, date, counterfactual, where the truth is known.
    """
    from matplotlib.figure import Figure

    here = pd.to_datetime(bands.loc[bands["campaign"], "date"])
    first = here.min() - max(_BEFORE * (here.max() - here.min()), pd.Timedelta(days=28))
    bands = bands[(bands["unit"] != "all") & (pd.to_datetime(bands["date"]) >= first)]
    parts = {str(unit): part for unit, part in bands.groupby("unit", sort=False)}
    units = sorted(parts, key=lambda unit: -float(parts[unit]["observed"].mean()))[:_MOST_UNITS]
    height = 0.9 + 2.1 * len(units)
    with style.theme():
        figure = Figure(figsize=(_WIDTH, height))
        axes = figure.subplots(len(units), 1, squeeze=False, sharex=True)[:, 0]
        for axis, unit in zip(axes, units, strict=True):
            _unit_panel(axis, parts[unit], unit)
            if without is not None and len(without):
                real = without[
                    (without["unit"].astype(str) == unit) & without["date"].isin(parts[unit]["date"].dt.date)
                ]
                axis.plot(pd.to_datetime(real["date"]), real["counterfactual"], ":", color=style.INK, linewidth=1.2,
                          label=tr("planted"))  # fmt: skip
        style.date_axis(axes[-1])
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper left", ncols=len(labels))
        figure.subplots_adjust(left=0.13, right=0.98, top=1 - 0.6 / height, bottom=0.5 / height, hspace=0.3)
    during = bands[bands["campaign"] & bands["unit"].isin(units)]
    outside = float(((during["observed"] > during["high"]) | (during["observed"] < during["low"])).mean())
    rest = len(parts) - len(units)
    more = trn("{n} smaller unit is in the table alone.", "{n} smaller units are in the table alone.", rest)
    alt = tr(
        "What was observed ({outcome}) beside what would have been had nothing changed. In the time that is shaded "
        "{outside} of periods lie outside the band of the single period.",
        outcome=outcome,
        outside=f"{outside:.0%}",
    )
    return Drawing(figure, sentences(alt, more if rest else ""))


def _unit_panel(axis: Axes, part: pd.DataFrame, unit: str) -> None:
    part = part.sort_values("date")
    dates = pd.to_datetime(part["date"])
    axis.fill_between(
        dates, part["low"], part["high"], color=style.SOFT, alpha=0.3, linewidth=0, label=tr("its interval")
    )
    axis.plot(dates, part["middle"], color=style.SOFT, linewidth=1, label=tr("had nothing changed"))
    axis.plot(dates, part["observed"], color=style.MORE, linewidth=1.3, label=tr("observed"))
    here, drawn = dates[part["campaign"]], cast("Any", axis)  # the stubs know no dates
    drawn.axvspan(here.min(), here.max(), color=style.LESS, alpha=0.1, linewidth=0)
    axis.set_title(unit)
    axis.grid(axis="y")
    value_axis(axis, "", "y")


def cumulative(frame: pd.DataFrame, outcome: str, planted: float | None = None) -> Drawing:
    """Cumulative effect with its interval; `planted` is the true total at the end."""
    dates, last = pd.to_datetime(frame["date"]), frame.iloc[-1]
    with style.theme():
        figure, (axis,) = _figure(2.8)
        axis.fill_between(dates, frame["low"], frame["high"], color=style.MORE, alpha=0.25, linewidth=0)
        axis.plot(dates, frame["middle"], color=style.MORE)
        axis.axhline(0, color=style.INK, linewidth=1)
        if planted is not None:
            axis.plot(
                dates.iloc[-1:], [planted], "D", color=style.INK, fillstyle="none", label=tr("planted"), clip_on=False
            )
            axis.legend(loc="upper left")
        axis.set_ylabel(tr("{outcome} added so far", outcome=outcome))
        axis.grid(axis="y")
        value_axis(axis, "", "y")
        style.date_axis(axis)
        figure.subplots_adjust(left=0.18, top=0.95)
    low, middle, high = (number(float(last[name])) for name in ("low", "middle", "high"))
    told = tr("What was added up to each day. At its end {middle} [{low}, {high}].", middle=middle, low=low, high=high)
    return Drawing(figure, told)


def placebos(replays: Replays, lift: tuple[float, float, float]) -> Drawing:
    """Errors of placebo campaigns with their intervals as reported, in increasing order, beside the campaign's lift.

    Parameters
    ----------
    replays : Replays
        Placebo replays.
    lift : tuple of (float, float, float)
        Low, middle and high of the campaign's lift, ratios.
    """
    frame = replays.frame.sort_values("error", kind="stable").reset_index(drop=True)
    reach = float(norm.ppf((1 + replays.level) / 2)) * replays.factor * frame["deviation"].to_numpy(float)
    error, places = frame["error"].to_numpy(float), np.arange(len(frame))
    out = np.abs(error) > reach
    with style.theme():
        figure, (axis,) = _figure(3.2)
        for these, colour, label in (
            (~out, style.SOFT, tr("placebo, holds zero")),
            (out, style.LESS, tr("placebo, misses")),
        ):
            if these.any():
                axis.vlines(
                    places[these], (error - reach)[these], (error + reach)[these], color=colour, alpha=0.45, lw=4
                )
                axis.plot(places[these], error[these], "o", color=colour, markersize=4, label=label)
        own = len(frame) + max(1.0, 0.04 * len(frame))
        axis.vlines(own, lift[0], lift[2], color=style.MORE, alpha=0.45, linewidth=7)
        axis.plot(own, lift[1], "D", color=style.MORE, label=tr("the campaign"))
        axis.axhline(0, color=style.INK, linewidth=1)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        axis.set_ylabel(tr("lift that was told"))
        axis.grid(axis="y")
        value_axis(axis, "ratio", "y")
        figure.legend(loc="upper left", ncols=3)
        figure.subplots_adjust(left=0.11, bottom=0.05, top=0.86)
    what = tr("Placebo campaigns, where nothing happened, beside the campaign.")
    return Drawing(figure, sentences(what, replays.describe()))


def contribution(draws: np.ndarray, name: str, currency: str, break_even: float) -> Drawing:
    """Histogram of the contribution `draws` (draws,) in money; below zero it is a loss."""
    low, high = np.quantile(draws, [0.002, 0.998])
    edges = np.linspace(min(low, 0.0), max(high, 0.0), 61)
    edges = np.sort(np.append(edges[np.abs(edges) > (edges[1] - edges[0]) / 2], 0.0))
    share = np.histogram(draws, edges)[0] / len(draws) / np.diff(edges)
    with style.theme():
        figure, (axis,) = _figure(2.6)
        colours = np.where(edges[:-1] < 0, style.LESS, style.MORE)
        axis.bar(edges[:-1], share, width=np.diff(edges), align="edge", color=colours, alpha=0.7, linewidth=0)
        axis.axvline(0, color=style.INK, linewidth=1.3)
        axis.set_yticks([])
        axis.spines["left"].set_visible(False)
        axis.set_xlabel(
            tr(
                "contribution, {currency} (orange: a loss, {loss}; blue: {gain})",
                currency=currency,
                loss=chance(1 - break_even),
                gain=chance(break_even),
            )
        )
        value_axis(axis, "", "x")
        figure.subplots_adjust(left=0.04, top=0.95, bottom=0.24)
    middle = number(float(np.median(draws)), "money", currency)
    return Drawing(
        figure,
        tr(
            "How probable each contribution of {name} is. Half of it lies above {middle}; it pays for itself with "
            "probability {chance}.",
            name=name,
            middle=middle,
            chance=chance(break_even),
        ),
    )


def assurance(plan: ExperimentPlan) -> Drawing:
    """Probability that an experiment answers, and the smallest lift that it detects, by size."""
    with style.theme():
        figure, (left, right) = _figure(3.2, 2)
        left.plot(plan.units, plan.assurance, color=style.MORE, label=tr("answers, over all beliefs"))
        if plan.target is not None:
            left.plot(
                plan.units, plan.power, "--", color=style.LESS, label=tr("finds {target}", target=f"{plan.target:.1%}")
            )
        left.set(ylim=(0, 1.02), xlabel=tr("units in each arm"), title=tr("Probability of an answer"))
        right.plot(plan.units, plan.detectable, color=style.MORE)
        if plan.target is not None:
            right.axhline(plan.target, color=style.LESS, linestyle="--")
        right.set(xlabel=tr("units in each arm"), title=tr("Smallest lift it finds"), ylim=(0, _top(plan)))
        for axis in (left, right):
            axis.set_xscale("log")
            axis.grid()
            style.percent_axis(axis, "y")
            axis.minorticks_off()
            ticks = np.unique(np.geomspace(plan.units[0], plan.units[-1], 4).round(-1).astype(int))
            axis.set_xticks(ticks, [number(float(each), "count") for each in ticks])
            if plan.chosen is not None:
                axis.axvline(float(plan.units[plan.chosen]), color=style.INK, linestyle=":", linewidth=1)
        figure.legend(loc="upper left", ncols=2)
        figure.subplots_adjust(wspace=0.3, bottom=0.17, top=0.8)
    return Drawing(figure, sentences(tr("What each size of test would answer."), plan.gates[0].detail))


def lengths(plan: PanelPlan) -> Drawing:
    """Probability that a panel test answers, and the smallest lift that it detects, by length, one line a size."""
    chance = "assurance" if plan.target is None else "power"
    with style.theme():
        figure, (left, right) = _figure(3.4, 2)
        for index, (size, part) in enumerate(plan.frame.groupby("size")):
            part = part.sort_values("periods")
            label = trn("{n} unit", "{n} units", int(str(size)))
            left.plot(part["periods"], part[chance], "o-", color=style.colour(index), label=label)
            right.plot(part["periods"], part["detectable"], "o-", color=style.colour(index))
        left.axhline(POWER, color=style.SOFT, linestyle=":", linewidth=1.3)
        if plan.target is not None:
            right.axhline(plan.target, color=style.LESS, linestyle="--", label=tr("target"))
        left.set(
            ylim=(0, 1.02), title=tr("Probability of an answer") if plan.target is None else tr("Finds the target")
        )
        right.set(title=tr("Smallest lift it finds"))
        right.set_ylim(bottom=0)
        for axis in (left, right):
            axis.set_xlabel(tr("periods of the campaign"))
            axis.set_xticks(sorted(plan.frame["periods"].unique()))
            axis.grid()
            style.percent_axis(axis, "y")
        figure.legend(loc="upper left", ncols=5)
        figure.subplots_adjust(wspace=0.3, bottom=0.17, top=0.79)
    what = tr("What each length would answer, a line for each number of treated units.")
    return Drawing(figure, sentences(what, plan.check().detail))


def _top(plan: ExperimentPlan) -> float:
    """Upper limit of the axis: the smallest tests are useless to a plan and would compress the rest."""
    return float(min(plan.detectable.max() * 1.05, plan.detectable[-1] * 5))
