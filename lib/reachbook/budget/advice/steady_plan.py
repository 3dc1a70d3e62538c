"""The plan that the page is about: one set of curves, one set of rules, and what the plan is worth in money a week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.advice import from_spec, gain
from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.advice.observed_curves import planning
from reachbook.budget.model.extrapolation import response_beyond
from reachbook.budget.model.gates import DOMINATED
from reachbook.budget.optimize.pieces import paid

if TYPE_CHECKING:
    from reachbook.arrays import Floats
    from reachbook.budget.advice.gain import Gain
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.optimize.curves import Curves
    from reachbook.budget.optimize.plan import SpendPlan
    from reachbook.budget.optimize.rules import Rules
    from reachbook.budget.spec import BudgetSpec

SMALL = 0.005
"""Part of the money below which a plan counts as today's spend."""
_FEW = 100
"""Draws that a quantile is planned on: it is exact, and takes a whole variable for each of them."""


@dataclass(frozen=True)
class SteadyPlan:
    """A plan for a steady week, against what is spent now.

    curves, total, rules : what it was made from; total is money a week, None where the rules set none.
    scale : what a unit of outcome counts as. paid_now : money a week now, after rebates.
    gain : in units of outcome; see `gain.Gain`.
    """

    curves: Curves
    total: float | None
    rules: Rules
    scale: GainUnit
    paid_now: float
    gain: Gain

    @property
    def plan(self) -> SpendPlan:
        """The plan to carry out."""
        return self.gain.plan

    @property
    def now(self) -> Floats:
        """Spend a week now, (channels,)."""
        assert self.curves.current is not None
        return self.curves.current

    @property
    def worth(self) -> float:
        """What one unit of outcome is told as."""
        return self.scale.each

    @property
    def net(self) -> Floats:
        """What the plan gains a week, after spend where outcome and spend are both money, (draws,).

        Told by draws that did not choose it, and sobered by what plans on simulated brands fell short of.
        """
        return gain.corrected(self.after(self.gain.gain, self.gain.extra))

    @property
    def naive(self) -> Floats:
        """The same as the draws that chose the plan see it, (draws,)."""
        return self.after(self.gain.naive, float(self.plan.paid.sum()) - self.paid_now)

    def after(self, outcome: Floats, extra: Floats | float) -> Floats:
        """Outcome gained in its yardstick, less the money spent for it where the two can be held together, (draws,)."""
        return np.asarray(self.worth * outcome - (extra if self.scale.pays else 0.0))

    @property
    def more(self) -> float:
        """Money a week that the plan pays beyond what is paid now; nothing where it is as good as the same."""
        extra = float(self.plan.paid.sum()) - self.paid_now
        return extra if abs(extra) > SMALL * self.paid_now else 0.0

    @property
    def judged(self) -> bool:
        """Whether the gain alone says if the plan is worth it: its money is earned money, or it is the same money."""
        return self.scale.pays or self.more == 0.0

    @property
    def next_unit(self) -> Floats | None:
        """Outcome of one more unit of money in its yardstick, before it is paid, (draws,)."""
        return None if self.gain.shadow is None else np.asarray(self.worth * self.gain.shadow)

    @property
    def moved(self) -> float:
        """Money a week that changes its channel, is added or is taken out."""
        change = self.plan.spend - self.now
        return float(max(np.maximum(change, 0).sum(), np.maximum(-change, 0).sum()))

    def by_channel(self) -> Floats:
        """Outcome in its yardstick, before spend, that each channel brings more a week than now, (draws, channels).

        Paired draw by draw; of the plan chosen on all draws.
        """
        return np.asarray(self.worth * (self.plan.contribution - self.curves.outcome(self.now)))


def plannable(mix: Mix, spec: BudgetSpec, seed: int) -> Curves:
    """The mix's curves; where plans may leave what was observed, they go on less surely, see `response_beyond`."""
    known = mix
    if spec.beyond:
        factor = max(1 + spec.beyond, float((mix.grid[:, -1] / mix.observed).max()))
        ahead = response_beyond(mix, factor, seed, round(factor * mix.grid.shape[1]))
        known = replace(mix, response=ahead.response, grid=ahead.grid)
    made = planning(known)
    if spec.objective == "quantile":
        made = made.only(np.linspace(0, made.draws - 1, min(_FEW, made.draws)).astype(int))
    return made


def advise(on: Curves, spec: BudgetSpec, oracles: int = 32, currency: str = "CNY") -> SteadyPlan:
    """The plan that `spec` asks for. Raises Infeasible where no plan keeps its rules."""
    assert on.current is not None
    rules = from_spec.rules(spec)
    now = float(paid(rules.rebates, on.channels, on.current).sum())
    total = from_spec.total(spec, now)
    found = gain.evaluate(on, total, rules, oracles=oracles)
    return SteadyPlan(on, total, rules, GainUnit.of(spec, currency), now, found)


def believed(mix: Mix) -> tuple[str, ...]:
    """Channels whose return rests on what was believed before the data."""
    return tuple(name for name, ratio in zip(mix.channels, mix.dominance, strict=True) if ratio > DOMINATED)
