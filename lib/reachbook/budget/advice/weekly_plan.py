"""Weekly schedule of the steady plan's money, and its gain over the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.budget.advice import from_spec
from reachbook.budget.advice.gain import corrected
from reachbook.budget.flight.carryover import carry
from reachbook.budget.flight.schedule import schedule
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.optimize.rebates import paid
from reachbook.budget.wording import weekly
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reachbook.arrays import Floats
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.flight.schedule import Flight
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.optimize.curves import Curves
    from reachbook.budget.spec import BudgetSpec

_PAST = 26
"""Weeks before the horizon whose carry-over is counted."""
_SOME, _POINTS = 120, 41
"""Draws and grid points on which weeks are optimised; their gain is evaluated on all."""


@dataclass(frozen=True)
class WeeklyPlan:
    """Schedule of the plan's money.

    Attributes
    ----------
    flight : Flight
        Plan by channel and week.
    past : float array (channels, earlier weeks)
        Spend of the weeks before, in money.
    net : float array (draws,)
        Gain over all weeks against continuing as now, in the unit of `SteadyPlan.net`, with carry-over into later weeks
        in which the steady plan's spend continues. Cross-fitted: each half of the draws judges the amounts that the
        other half chose; corrected as in `gain.corrected`.
    beyond_even : float
        Gain of the schedule over spreading the same money evenly.
    notes : tuple of str
        What a reader must know.
    """

    flight: Flight
    past: Floats
    net: Floats
    beyond_even: float
    notes: tuple[str, ...]

    def table(self, labels: Sequence[str]) -> pd.DataFrame:
        """One row a week: spend of each channel under `labels`, and the sum; rounded to cents so that rows add up."""
        cents = np.diff(np.round(np.cumsum(self.flight.spend, axis=1) * 100), axis=1, prepend=0.0) / 100
        frame = pd.DataFrame(cents.T, columns=list(labels))
        frame.insert(0, "week", list(self.flight.weeks))
        return frame.assign(total=frame[list(labels)].sum(axis=1))


def timing(mix: Mix, advice: SteadyPlan, spec: BudgetSpec) -> WeeklyPlan:
    """Optimal weeks for the steady plan's money.

    Raises
    ------
    Infeasible
        If no plan satisfies the weekly rules.
    """
    labels = from_spec.weeks(spec, mix.weeks[-1] + pd.Timedelta(days=mix.step))
    past = weekly(mix.spend, mix.step)[:, -_PAST:]
    flight, notes = _flown(mix, advice, spec, labels, past)
    if spec.adstock != "geometric":
        notes.append(
            tr(
                "weeks are planned with a geometric adstock of the same mean lag as the {adstock} one",
                adstock=spec.adstock,
            )
        )
    today = np.repeat(advice.now[:, None], len(labels), axis=1)
    even = np.repeat(flight.spend.mean(axis=1, keepdims=True), len(labels), axis=1)
    kept, weights = retention(mix, advice.curves), peaks(spec, labels)
    ahead = Ahead(past, advice.plan.spend, weights, spec.tail_weeks)
    then = {name: ahead.outcome(advice.curves, kept, spend) for name, spend in (("now", today), ("even", even))}
    planned, net = ahead.outcome(advice.curves, kept, flight.spend), np.empty(advice.curves.draws)
    for mine, spend in _cross_fitted(advice, flight):
        outcome = ahead.outcome(advice.curves.only(mine), kept[mine], spend)
        net[mine] = advice.after(outcome - then["now"][mine], _paid(advice, spend) - _paid(advice, today))
    net = corrected(net)
    beyond_even = advice.worth * float((planned - then["even"]).mean())
    return WeeklyPlan(flight, past, net, beyond_even, (*notes, *flight.notes))


def _flown(
    mix: Mix, advice: SteadyPlan, spec: BudgetSpec, labels: tuple[str, ...], past: Floats
) -> tuple[Flight, list[str]]:
    """Best schedule on a subset of the draws, and notes; channels get other amounts where weekly rules force it."""
    some = np.linspace(0, advice.curves.draws - 1, min(_SOME, advice.curves.draws)).astype(int)
    on, kept = advice.curves.only(some).thinned(_POINTS), retention(mix, advice.curves)[some]
    total = float(advice.plan.spend.sum()) * len(labels)
    try:
        rules = from_spec.flight_rules(spec, labels, advice.plan)
        return schedule(on, kept, total, labels, rules, past=past, tail=spec.tail_weeks, after=advice.plan.spend), []
    except Infeasible as error:
        rules = from_spec.flight_rules(spec, labels, advice.plan, free=True)
        told = tr("budget rules: {fact}", fact=error.fact)
        flight = schedule(on, kept, total, labels, rules, past=past, tail=spec.tail_weeks, after=advice.plan.spend)
        return flight, [sentences(told, tr("So channels get what their weeks allow instead"))]


def _cross_fitted(advice: SteadyPlan, flight: Flight) -> list[tuple[npt.NDArray[np.intp], Floats]]:
    """For each half of the draws, the amounts that the other half chose, distributed over weeks as in the plan."""
    cut = advice.curves.draws // 2
    halves = np.split(np.arange(advice.curves.draws), [cut])
    sums = flight.spend.sum(axis=1)
    spread = np.divide(flight.spend, sums[:, None], out=np.full_like(flight.spend, 1 / flight.spend.shape[1]),
                       where=sums[:, None] > 0)  # fmt: skip
    ratio = np.divide(sums, advice.plan.spend * flight.spend.shape[1], out=np.ones(len(sums)),
                      where=advice.plan.spend > 0)  # fmt: skip
    plans = [ratio[:, None] * plan.spend[:, None] * flight.spend.shape[1] * spread for plan in advice.gain.halves]
    return [(halves[1], plans[0]), (halves[0], plans[1])]


@dataclass(frozen=True)
class Ahead:
    """Context of the planned weeks.

    Attributes
    ----------
    past : float array (channels, earlier weeks)
        Spend before, in money.
    after : float array (channels,)
        Spend a week that continues afterwards, in money.
    weights : float array (weeks,)
        Factor on the response in each planned week.
    tail : int
        Weeks afterwards that are counted.
    """

    past: Floats
    after: Floats
    weights: Floats
    tail: int

    def outcome(self, on: Curves, kept: Floats, spend: Floats) -> Floats:
        """Outcome of the planned weeks and of their carry-over by draw, float array (draws,).

        Parameters
        ----------
        on : Curves
            Response curves.
        kept : float array (draws, channels)
            Retention.
        spend : float array (channels, weeks)
            Plan, in money.
        """
        lasting = carry(on, kept, self.weights, self.past, self.tail, self.after)
        return np.asarray(lasting.value(on, spend).sum(axis=(1, 2)))


def peaks(spec: BudgetSpec, labels: Sequence[str]) -> Floats:
    """Factor on the response in each planned week, float array (weeks,)."""
    found = from_spec.peaks(spec, labels)
    return np.array([found.get(week, 1.0) for week in labels])


def retention(mix: Mix, on: Curves) -> Floats:
    """Retention of the draws that the curves retain, float array (draws, channels)."""
    return np.asarray(mix.retention[np.linspace(0, len(mix.retention) - 1, on.draws).astype(int)])


def _paid(advice: SteadyPlan, spend: Floats) -> float:
    """Money paid over all weeks, with rebates applied week by week."""
    return float(sum(paid(advice.rules.rebates, advice.plan.channels, week).sum() for week in spend.T))
