"""Figures on the plan and its alternatives, each with alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from reachbook.budget.sections.channel_figures import money_axis, subplots
from reachbook.budget.wording import chance, likely, name
from reachbook.presentation import style
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Drawing
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import clauses, sentences, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reachbook.budget.advice.alternatives import Ranges
    from reachbook.budget.advice.gain_unit import GainUnit
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.advice.weekly_plan import WeeklyPlan

_BEFORE = 13
"""Weeks drawn before the horizon."""


def plan(advice: SteadyPlan, near: Ranges | None, currency: str, names: Mapping[str, str]) -> Drawing:
    """Current and planned spend of each channel, with the range of near-optimal plans."""
    channels = [name(each, names) for each in advice.plan.channels]
    spend, now, height = advice.plan.spend, advice.now, 1.25 + 0.42 * len(channels)
    places = np.arange(len(channels))[::-1]
    with style.theme():
        figure, (axis,) = subplots(height)
        if near is not None:
            label = tr("plans within {gap} of the best", gap=number(near.within, "ratio"))
            axis.hlines(places, near.low, near.high, color=style.SOFT, linewidth=9, alpha=0.25, label=label)
        for place, start, end in zip(places, now, spend, strict=True):
            axis.plot([start, end], [place, place], color=style.MORE if end >= start else style.LESS, linewidth=2)
        axis.plot(now, places, "o", color=style.INK, fillstyle="none", label=tr("now"), clip_on=False)
        up = spend >= now
        for these, colour, label in ((up, style.MORE, tr("plan, more")), (~up, style.LESS, tr("plan, less"))):
            if these.any():
                axis.plot(spend[these], places[these], "o", color=colour, label=label, clip_on=False)
        axis.set_yticks(places, channels)
        axis.set_ylim(-0.6, len(channels) - 0.4)
        axis.set_xlim(left=0)
        axis.grid(axis="x")
        axis.set_xlabel(tr("spend a week"))
        money_axis(axis, "x", currency)
        handles, labels = axis.get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper left", ncols=2)
        style.room_left(figure, channels)
        figure.subplots_adjust(top=1 - 0.65 / height, bottom=0.55 / height)
    said = clauses(
        tr("{channel} from {now} to {plan}", channel=label, now=number(float(a), "money", currency),
           plan=number(float(b), "money", currency))
        for label, a, b in zip(channels, now, spend, strict=True)
    )  # fmt: skip
    return Drawing(
        figure, sentences(tr("Spend a week of each channel, now and in the plan."), tr("{told}.", told=said))
    )


def gain(advice: SteadyPlan, level: float) -> Drawing:
    """Histogram of the plan's gain; below zero the plan loses."""
    draws, scale = advice.net, advice.scale
    low, high = np.quantile(draws, [0.002, 0.998])
    edges = np.linspace(min(low, 0.0), max(high, 0.0), 51)
    edges = np.sort(np.append(edges[np.abs(edges) > (edges[1] - edges[0]) / 2], 0.0))
    share = np.histogram(draws, edges)[0] / len(draws) / np.diff(edges)
    sure = chance(draws)
    with style.theme():
        figure, (axis,) = subplots(2.6)
        colours = np.where(edges[:-1] < 0, style.LESS, style.MORE)
        axis.bar(edges[:-1], share, width=np.diff(edges), align="edge", color=colours, alpha=0.7, linewidth=0)
        axis.axvline(0, color=style.INK, linewidth=1.3)
        axis.axvline(float(draws.mean()), color=style.INK, linestyle="--", linewidth=1.2, label=tr("expected"))
        axis.axvline(
            float(advice.naive.mean()),
            color=style.LESS,
            linestyle=":",
            linewidth=1.6,
            label=tr("as its own draws promise"),
        )
        axis.set_yticks([])
        axis.spines["left"].set_visible(False)
        axis.set_xlabel(
            tr("{outcome} gained a week (orange: a loss, {chance})", outcome=scale.noun, chance=likely(1 - sure))
        )
        money_axis(axis, "x", scale.sign)
        figure.legend(loc="upper left", ncols=2)
        figure.subplots_adjust(left=0.04, top=0.88, bottom=0.24)
    ends = [scale.amount(each) for each in equal_tailed(draws, level)]
    return Drawing(
        figure,
        sentences(
            tr("How probable each gain of the plan over today's spend is."),
            tr(
                "Half of it lies above {middle} a week ({level} interval {low} to {high}); it is above zero with "
                "probability {chance}.",
                middle=ends[1],
                level=number(level, "ratio"),
                low=ends[0],
                high=ends[2],
                chance=likely(sure),
            ),
        ),
    )


def weeks(timing: WeeklyPlan, currency: str, names: Mapping[str, str]) -> Drawing:
    """Spend by channel and week, with the last weeks before the horizon."""
    flight = timing.flight
    count, past = len(flight.channels), timing.past[:, -_BEFORE:]
    known = pd.DatetimeIndex(flight.weeks)
    before = pd.date_range(end=known[0] - pd.Timedelta(days=7), periods=past.shape[1], freq="7D")
    lines = -(-count // 2)
    height = 0.75 + 1.5 * lines
    with style.theme():
        figure, axes = subplots(height, 2, lines)
        for axis in axes[count:]:
            axis.set_visible(False)
        for c, axis in enumerate(axes[:count]):
            axis.bar(before, past[c], width=6, color=style.SOFT, alpha=0.5, linewidth=0, label=tr("spent"))
            axis.bar(known, flight.spend[c], width=6, color=style.MORE, linewidth=0, label=tr("plan"))
            axis.set_title(name(flight.channels[c], names), fontsize=10)
            axis.grid(axis="y")
            money_axis(axis, "y", currency)
            style.date_axis(axis, 5)
            drawn = cast("Any", axis)  # the stubs know no dates
            drawn.set_xlim(before[0] - pd.Timedelta(days=5), known[-1] + pd.Timedelta(days=5))
            axis.xaxis.get_offset_text().set_visible(False)
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper left", ncols=2)
        figure.subplots_adjust(
            top=1 - 0.6 / height, bottom=0.3 / height, left=0.11, right=0.98, hspace=0.6, wspace=0.28
        )
    return Drawing(
        figure,
        tr(
            "Spend of each channel by week: the last {n} weeks as they were, and the {planned} that are planned.",
            n=past.shape[1],
            planned=len(known),
        ),
    )


def frontier(rows: pd.DataFrame, now: float, planned: float, scale: GainUnit) -> Drawing:
    """Gain over current spend by total money a week; `rows` has the columns money, low, middle, high."""
    with style.theme():
        figure, (axis,) = subplots(3.0)
        axis.fill_between(rows["money"], rows["low"], rows["high"], color=style.MORE, alpha=0.25, linewidth=0)
        axis.plot(rows["money"], rows["middle"], color=style.MORE)
        axis.axhline(0, color=style.INK, linewidth=1)
        axis.axvline(now, color=style.INK, linestyle="--", linewidth=1.2, label=tr("spent now"))
        if abs(planned - now) > 1e-6 * now:
            axis.axvline(planned, color=style.LESS, linestyle=":", linewidth=1.6, label=tr("plan"))
        axis.set_xlabel(tr("money a week for all channels"))
        axis.set_ylabel(style.wrapped(tr("{gain}, a week over today's", gain=scale.gain_noun), 30))
        axis.grid(axis="y")
        money_axis(axis, "x", scale.currency)
        money_axis(axis, "y", scale.sign)
        figure.legend(loc="upper left", ncols=2)
        figure.subplots_adjust(left=0.19, top=0.88, bottom=0.18)
    best = rows.iloc[int(rows["middle"].to_numpy().argmax())]
    most = tr("The most is expected at {money} a week, of those that were looked at.",
              money=number(float(best["money"]), "money", scale.currency))  # fmt: skip
    said = tr("What other budgets would gain over today's spend, each with its own best plan.")
    return Drawing(figure, sentences(said, most if scale.pays else tr("What they cost is not taken off.")))


def caution(mean: np.ndarray, worst: np.ndarray, scale: GainUnit) -> Drawing:
    """Expected outcome given up against outcome gained in the worst cases, relative to the risk-neutral plan.

    Parameters
    ----------
    mean, worst : float array (plans,)
        Expected outcome and mean of the worst cases, in order of increasing caution.
    scale : GainUnit
        Unit of gains.
    """
    with style.theme():
        figure, (axis,) = subplots(2.6)
        axis.plot(worst - worst[0], mean - mean[0], "o-", color=style.MORE)
        axis.set_xlabel(tr("gained in the worst cases, a week"))
        axis.set_ylabel(tr("given up on average"))
        axis.grid()
        money_axis(axis, "x", scale.sign)
        money_axis(axis, "y", scale.sign)
        figure.subplots_adjust(left=0.17, bottom=0.22, top=0.95)
    return Drawing(
        figure,
        sentences(
            tr("What caution costs and buys."),
            tr(
                "The most cautious plan gives up {cost} a week on average and gains {gain} in the worst cases.",
                cost=scale.amount(float(mean[0] - mean[-1])),
                gain=scale.amount(float(worst[-1] - worst[0])),
            ),
        ),
    )


def gains(rows: pd.DataFrame, scale: GainUnit) -> Drawing:
    """Gain of each scenario over current spend; `rows` has the columns name, low, middle, high, sure."""
    labels = [style.wrapped(str(each), 26) for each in rows["name"]]
    height = 0.9 + sum(0.34 + 0.17 * label.count("\n") for label in labels)
    places = np.arange(len(rows))[::-1]
    with style.theme():
        figure, (axis,) = subplots(height)
        axis.hlines(places, rows["low"], rows["high"], color=style.MORE, linewidth=6, alpha=0.4)
        axis.plot(rows["middle"], places, "o", color=style.MORE)
        axis.axvline(0, color=style.INK, linewidth=1.2)
        axis.set_yticks(places, labels)
        axis.set_ylim(-0.6, len(rows) - 0.4)
        axis.grid(axis="x")
        axis.set_xlabel(tr("{outcome} gained a week over today's", outcome=scale.noun))
        money_axis(axis, "x", scale.sign)
        style.room_left(figure, labels)
        figure.subplots_adjust(top=1 - 0.1 / height, bottom=0.55 / height)
    said = clauses(
        f"{row['name']} {scale.amount(row['middle'])} [{scale.amount(row['low'])}, {scale.amount(row['high'])}]"
        for row in rows.to_dict("records")
    )
    head = tr("{outcome} that each what-if gains a week over today's spend.", outcome=scale.subject)
    return Drawing(figure, sentences(head, tr("{told}.", told=said)))
