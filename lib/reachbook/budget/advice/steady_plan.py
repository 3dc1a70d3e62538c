"""Steady plan of the report: curves, rules, and its gain in money a week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.advice import from_spec, gain
from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.advice.observed_curves import planning
from reachbook.budget.model.extrapolation import response_beyond
from reachbook.budget.model.gates import DOMINATED
from reachbook.budget.optimize.rebates import paid

if TYPE_CHECKING:
    from reachbook.arrays import Floats
    from reachbook.budget.advice.gain import Gain
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.optimize.curves import Curves
    from reachbook.budget.optimize.plan import SpendPlan
    from reachbook.budget.optimize.rules import Rules
    from reachbook.budget.spec import BudgetSpec

SMALL = 0.005
"""Share of spend below which a change counts as none."""
_FEW = 100
"""Draws on which a quantile is planned: it is exact and takes an integer variable for each draw."""


@dataclass(frozen=True)
class SteadyPlan:
    """Plan for a steady week against current spend.

    Attributes
    ----------
    curves : Curves
        Response curves.
    total : float or None
        Money a week; None if the rules set no limit.
    rules : Rules
        Objective and constraints.
    scale : GainUnit
        What a unit of outcome counts as.
    paid_now : float
        Current money a week, after rebates.
    gain : Gain
        Gain in units of outcome.
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
        """Current weekly spend, float array (channels,), in money."""
        assert self.curves.current is not None
        return self.curves.current

    @property
    def worth(self) -> float:
        """Reported amount per unit of outcome."""
        return self.scale.each

    @property
    def net(self) -> Floats:
        """Gain a week by draw, float array (draws,), net of extra spend where outcome and spend are both money.

        Cross-fitted: judged by draws that did not choose the plan, and corrected by the shortfall of plans for
        simulated brands.
        """
        return gain.corrected(self.after(self.gain.gain, self.gain.extra))

    @property
    def naive(self) -> Floats:
        """Gain a week by the draws that chose the plan, float array (draws,); neither cross-fitted nor corrected."""
        return self.after(self.gain.naive, float(self.plan.paid.sum()) - self.paid_now)

    def after(self, outcome: Floats, extra: Floats | float) -> Floats:
        """`outcome` (draws,) in its reported unit, minus `extra` money where the two are comparable, (draws,)."""
        return np.asarray(self.worth * outcome - (extra if self.scale.pays else 0.0))

    @property
    def more(self) -> float:
        """Money a week that the plan pays beyond current spend; 0 if the difference is negligible."""
        extra = float(self.plan.paid.sum()) - self.paid_now
        return extra if abs(extra) > SMALL * self.paid_now else 0.0

    @property
    def gain_decides(self) -> bool:
        """Whether the gain alone decides if the plan is worthwhile: it is net of spend, or spend does not change."""
        return self.scale.pays or self.more == 0.0

    @property
    def next_unit(self) -> Floats | None:
        """Marginal outcome of money in its reported unit, before its cost, float array (draws,); None if undefined."""
        return None if self.gain.shadow is None else np.asarray(self.worth * self.gain.shadow)

    @property
    def moved(self) -> float:
        """Money a week that changes its channel, is added or is removed."""
        change = self.plan.spend - self.now
        return float(max(np.maximum(change, 0).sum(), np.maximum(-change, 0).sum()))

    def by_channel(self) -> Floats:
        """Change of each channel's weekly outcome in its reported unit, before spend, float array (draws, channels).

        Paired draw by draw, for the plan chosen on all draws.
        """
        return np.asarray(self.worth * (self.plan.contribution - self.curves.outcome(self.now)))


def plannable(mix: Mix, spec: BudgetSpec, seed: int) -> Curves:
    """Curves of the mix; where plans may leave the observed range they are extrapolated, see `response_beyond`."""
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
    """Plan that the parameters ask for.

    Raises
    ------
    Infeasible
        If no plan satisfies the rules.
    """
    assert on.current is not None
    rules = from_spec.rules(spec)
    now = float(paid(rules.rebates, on.channels, on.current).sum())
    total = from_spec.total(spec, now)
    found = gain.evaluate(on, total, rules, oracles=oracles)
    return SteadyPlan(on, total, rules, GainUnit.of(spec, currency), now, found)


def prior_dominated(mix: Mix) -> tuple[str, ...]:
    """Channels whose return rests on the prior."""
    return tuple(name for name, ratio in zip(mix.channels, mix.dominance, strict=True) if ratio > DOMINATED)
