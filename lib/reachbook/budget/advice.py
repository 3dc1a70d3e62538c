"""The plan that the page is about: one set of curves, one set of rules, and what the plan is worth in money a week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget import gain, terms
from reachbook.budget.beyond import response_beyond
from reachbook.budget.lines import paid
from reachbook.budget.mix_gates import DOMINATED
from reachbook.budget.seen import planning

if TYPE_CHECKING:
    from reachbook.budget.curves import Curves, Floats
    from reachbook.budget.gain import Gain
    from reachbook.budget.mix import Mix
    from reachbook.budget.plan import Plan
    from reachbook.budget.rules import Rules
    from reachbook.budget.spec import BudgetSpec

_FEW = 100
"""Draws that a quantile is planned on: it is exact, and takes a whole variable for each of them."""


@dataclass(frozen=True)
class Advice:
    """A plan for a steady week, against what is spent now.

    curves, total, rules : what it was made from; total is money a week, None where the rules set none.
    worth : contribution in money of one unit of outcome. paid_now : money a week now, after rebates.
    gain : in units of outcome; see `gain.Gain`.
    """

    curves: Curves
    total: float | None
    rules: Rules
    worth: float
    paid_now: float
    gain: Gain

    @property
    def plan(self) -> Plan:
        """The plan to carry out."""
        return self.gain.plan

    @property
    def now(self) -> Floats:
        """Spend a week now, (channels,)."""
        assert self.curves.current is not None
        return self.curves.current

    @property
    def net(self) -> Floats:
        """Contribution after spend that the plan gains a week, (draws,).

        Told by draws that did not choose it, and sobered by what plans on simulated brands fell short of.
        """
        return gain.sober(self.worth * self.gain.gain - self.gain.extra)

    @property
    def naive(self) -> Floats:
        """The same as the draws that chose the plan see it, (draws,)."""
        return np.asarray(self.worth * self.gain.naive - (self.plan.paid.sum() - self.paid_now))

    @property
    def next_unit(self) -> Floats | None:
        """Contribution of one more unit of money, before it is paid, (draws,)."""
        return None if self.gain.shadow is None else np.asarray(self.worth * self.gain.shadow)

    @property
    def moved(self) -> float:
        """Money a week that changes its channel, is added or is taken out."""
        change = self.plan.spend - self.now
        return float(max(np.maximum(change, 0).sum(), np.maximum(-change, 0).sum()))

    def by_channel(self) -> Floats:
        """Contribution, before spend, that each channel brings more a week than now, (draws, channels).

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


def advise(on: Curves, spec: BudgetSpec, oracles: int = 32) -> Advice:
    """The plan that `spec` asks for. Raises Infeasible where no plan keeps its rules."""
    assert on.current is not None
    rules = terms.rules(spec)
    now = float(paid(rules.rebates, on.channels, on.current).sum())
    total = terms.total(spec, now)
    found = gain.evaluate(on, total, rules, oracles=oracles)
    return Advice(on, total, rules, terms.worth(spec), now, found)


def believed(mix: Mix) -> tuple[str, ...]:
    """Channels whose return rests on what was believed before the data."""
    return tuple(name for name, ratio in zip(mix.channels, mix.dominance, strict=True) if ratio > DOMINATED)
