"""The figure beside the decision: spend now and in the plan, or the gain that was not sure enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.sections.channel_figures import money_axis
from reachbook.budget.sections.decision import moves
from reachbook.budget.wording import chance, likely
from reachbook.presentation import style
from reachbook.presentation.numbers import rough
from reachbook.presentation.section import Drawing, Figure
from reachbook.translation import tr, trn

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from reachbook.arrays import Floats
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.sections.alternatives import Budgets
    from reachbook.budget.sections.case import Case, Planned

_MOST = 7
"""Most channels with bars of their own."""


def lead(case: Case, plans: Planned, budgets: Budgets | None) -> Figure | None:
    """The figure that shows the decision; None where there is no plan."""
    advice = plans.advice
    if not plans.passed or advice is None:
        return None
    if moves(case, plans):
        return Figure("lead", *_spends(case, advice))
    if plans.settled:
        return None if budgets is None else Figure("lead", *_totals(case, advice, budgets.rows))
    return Figure("lead", *_gain(advice))


def _axis() -> tuple[Canvas, Axes]:
    from matplotlib.figure import Figure as Made

    figure = Made(figsize=style.LEAD)
    axis = figure.subplots()
    figure.subplots_adjust(left=0.06, right=0.96, top=0.88, bottom=0.2)
    return figure, axis


def _spends(case: Case, advice: SteadyPlan) -> Drawing:
    """Bars of spend a week now and in the plan, with the change beside them."""
    labels, now, plan = _bars(case, advice)
    places, wide = np.arange(len(labels))[::-1], float(max(now.max(), plan.max()))
    with style.theme():
        figure, axis = _axis()
        axis.barh(places + 0.2, now, 0.36, color=style.SOFT, alpha=0.5, linewidth=0)
        colours = [style.MORE if b >= a else style.LESS for a, b in zip(now, plan, strict=True)]
        axis.barh(places - 0.2, plan, 0.36, color=colours, linewidth=0)
        for place, a, b in zip(places, now, plan, strict=True):
            axis.annotate(f"{'+' if b > a else ''}{case.money(rough(b - a))}", (max(a, b), place), xytext=(5, 0),
                          textcoords="offset points", va="center")  # fmt: skip
        axis.set_yticks(places, labels)
        axis.set_ylim(-0.6, len(labels) - 0.4)
        axis.set_xlim(0, 1.32 * wide)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        axis.tick_params(axis="y", length=0)
        _legend(figure, bool((plan > now).any()), bool((plan < now).any()))
        style.room_left(figure, labels)
        figure.subplots_adjust(top=0.88, bottom=0.02)
    if advice.more:
        return Drawing(figure, tr("Spend a week by channel, now and in the plan, with the change."))
    total = case.money(rough(advice.paid_now, 3))
    return Drawing(figure, tr("Spend a week by channel within today's total of {total}: now, in the plan, and the "
                              "change.", total=total))  # fmt: skip


def _legend(figure: Canvas, more: bool, less: bool) -> None:
    """What each colour stands for, of those that are drawn."""
    from matplotlib.patches import Patch

    shown = [Patch(color=style.SOFT, alpha=0.5, linewidth=0, label=tr("now"))]
    shown += [Patch(color=style.MORE, linewidth=0, label=tr("plan: more"))] if more else []
    shown += [Patch(color=style.LESS, linewidth=0, label=tr("plan: less"))] if less else []
    figure.legend(handles=shown, loc="upper left", ncols=len(shown))


def _bars(case: Case, advice: SteadyPlan) -> tuple[list[str], Floats, Floats]:
    """Labels, spend now and in the plan; channels that change least share the last bar."""
    channels, now, plan = advice.plan.channels, advice.now, advice.plan.spend
    order = np.argsort(advice.now - plan, kind="stable")
    rest = np.array([], dtype=int)
    if len(channels) > _MOST:
        small = np.argsort(np.abs(plan - now), kind="stable")[: len(channels) - _MOST + 1]
        order, rest = order[~np.isin(order, small)], small
    labels = [case.short(channels[c]) for c in order]
    if not len(rest):
        return labels, now[order], plan[order]
    labels.append(trn("{n} other", "{n} others", len(rest)))
    return labels, np.append(now[order], now[rest].sum()), np.append(plan[order], plan[rest].sum())


def _gain(advice: SteadyPlan) -> Drawing:
    """Histogram of the gain that was not sure enough, with zero."""
    draws, scale = advice.net, advice.scale
    low, high = np.quantile(draws, [0.01, 0.99])
    edges = np.linspace(min(low, 0.0), max(high, 0.0), 31)
    edges = np.sort(np.append(edges[np.abs(edges) > (edges[1] - edges[0]) / 2], 0.0))
    share = np.histogram(draws, edges)[0] / len(draws) / np.diff(edges)
    with style.theme():
        figure, axis = _axis()
        for below, colour, label in (
            (True, style.LESS, tr("a loss: {chance}", chance=likely(1 - chance(draws)))),
            (False, style.MORE, tr("a gain: {chance}", chance=likely(chance(draws)))),
        ):
            mine = (edges[:-1] < 0) == below
            axis.bar(edges[:-1][mine], share[mine], width=np.diff(edges)[mine], align="edge", color=colour, linewidth=0,
                     label=label)  # fmt: skip
        axis.axvline(0, color=style.INK, linewidth=1.3)
        axis.set_yticks([])
        axis.spines["left"].set_visible(False)
        axis.set_xlabel(tr("{outcome} gained a week", outcome=scale.noun))
        money_axis(axis, "x", scale.sign)
        figure.legend(loc="upper left", ncols=2)
    return Drawing(figure, tr("How likely the best plan is to lose or to gain, by the size of it."))


def _totals(case: Case, advice: SteadyPlan, rows: pd.DataFrame) -> Drawing:
    """Gain over today by total budget, for spend that can only change in total."""
    scale = advice.scale
    with style.theme():
        figure, axis = _axis()
        axis.fill_between(rows["money"], rows["low"], rows["high"], color=style.MORE, alpha=0.25, linewidth=0)
        axis.plot(rows["money"], rows["middle"], color=style.MORE)
        axis.axhline(0, color=style.INK, linewidth=1)
        axis.axvline(advice.paid_now, color=style.INK, linestyle="--", linewidth=1.2, label=tr("spent now"))
        axis.set_xlabel(tr("budget a week"))
        axis.set_ylabel(tr("gain a week"))
        money_axis(axis, "x", scale.currency)
        money_axis(axis, "y", scale.sign)
        figure.legend(loc="upper left")
        figure.subplots_adjust(left=0.2)
    return Drawing(figure, tr("What another budget would gain a week over today's."))
