"""Alternatives to a plan: near-optimal ranges, the smallest worthwhile reallocation, and the cost of each rule."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.constraints import (
    Constraint,
    LinearConstraint,
    ObservedRange,
    OutcomeAtLeast,
    constraints,
    on_total,
)
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.formulation import Objective
from reachbook.budget.optimize.optimizer import aim, optimize, planned
from reachbook.budget.optimize.plan import SpendPlan
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rules
from reachbook.errors import ParamsError
from reachbook.translation import tr


@dataclass(frozen=True)
class Ranges:
    """Range of each channel's spend while the plan stays within `within` of the optimum and the other channels adapt.

    Attributes
    ----------
    plan : SpendPlan
        Optimal plan.
    within : float
        Allowed loss, as a share of the optimum.
    low, high : float array (channels,)
        Least and most spend in money, each attained by a plan that satisfies all rules.
    """

    plan: SpendPlan
    within: float
    low: Floats
    high: Floats


def ranges(curves: Curves, total: float | None, rules: Rules | None = None, within: float = 0.01) -> Ranges:
    """Least and most spend of each channel over all plans that lose at most the share `within` of the optimum.

    Raises
    ------
    ParamsError
        For objective quantile.
    Infeasible
        If no plan satisfies the rules.
    """
    wanted = _solid(rules or Rules())
    plan = optimize(curves, total, wanted)
    near = _near(wanted, plan, within)
    count = len(curves.channels)
    ends = np.empty((2, count))
    for c in range(count):
        for side, sign in enumerate((-1.0, 1.0)):
            goal = Objective(sign * np.eye(count)[c], risk=0.0)
            ends[side, c] = planned(curves, total, wanted, goal, (near,)).spend[c]
    return Ranges(plan, within, np.minimum(ends[0], plan.spend), np.maximum(ends[1], plan.spend))


@dataclass(frozen=True)
class Move:
    """Smallest reallocation of current spend that attains a given part of the optimal gain.

    Attributes
    ----------
    plan : SpendPlan
        The plan after the reallocation.
    best : SpendPlan
        Optimal plan.
    moved : float
        Money that changes its channel, is added or is removed.
    share : float
        Share of the optimal gain that the plan attains.
    changed : tuple of str
        Channels that change.
    """

    plan: SpendPlan
    best: SpendPlan
    moved: float
    share: float
    changed: tuple[str, ...]


def smallest_move(curves: Curves, total: float | None, rules: Rules | None = None, part: float = 0.8) -> Move:
    """Smallest reallocation that attains the share `part` of the optimal gain.

    Money moved is the larger of the sum of increases and the sum of decreases.

    Raises
    ------
    ParamsError
        If current spend is unknown, or for mode target or objective quantile.
    Infeasible
        If no plan satisfies the rules.
    """
    wanted = _solid(rules or Rules())
    if curves.current is None or wanted.mode == "target":
        raise ParamsError("budget: " + tr("the smallest move needs the spend now and a mode other than target."))
    best = optimize(curves, total, wanted)
    hurdle = wanted.charged
    measure = Measure.of(wanted)
    now = measure.value(curves.outcome(curves.current).sum(axis=1)) - hurdle * float(curves.current.sum())
    gained = best.value - hurdle * float(best.paid.sum()) - now
    needed = OutcomeAtLeast("part of the gain", now + part * gained, hurdle)
    goal = Objective(np.zeros(len(curves.channels)), risk=0.0, moved=1.0)
    plan = best if gained <= 0 else planned(curves, total, wanted, goal, (needed,))
    change = plan.spend - curves.current
    moved = float(max(np.maximum(change, 0).sum(), np.maximum(-change, 0).sum()))
    small = 1e-6 * max(float(curves.current.sum()), float(plan.spend.sum()))
    reached = plan.value - hurdle * float(plan.paid.sum()) - now
    changed = tuple(name for name, by in zip(curves.channels, change, strict=True) if abs(by) > small)
    return Move(plan, best, moved, reached / gained if gained > 0 else 1.0, changed)


def rule_costs(curves: Curves, total: float | None, rules: Rules, plan: SpendPlan) -> dict[str, float]:
    """Cost of each binding rule: what the optimum would gain without that rule alone, in value (mode target: in money).

    The total is left out, as its price is the shadow price, and so are limits of observation, beyond which nothing is
    known.
    """
    costs = {}
    for constraint in constraints(rules, curves, None if rules.mode in ("free", "target") else 0.0):
        words, ends = constraint.words, isinstance(constraint, ObservedRange) or on_total(constraint.words)
        if words in plan.binding and not ends:
            freed = planned(curves, total, rules, aim(curves, rules), without=words)
            hurdle = rules.charged
            if rules.mode == "target":
                costs[words] = float(plan.paid.sum() - freed.paid.sum())
            else:
                costs[words] = freed.value - plan.value - hurdle * float(freed.paid.sum() - plan.paid.sum())
    return costs


def _solid(rules: Rules) -> Rules:
    if rules.objective == "quantile":
        raise ParamsError("budget: " + tr("choices around a plan need objective expected or cvar, not quantile."))
    return rules


def _near(rules: Rules, plan: SpendPlan, within: float) -> Constraint:
    """Constraint that the plan loses at most `within` of the optimum."""
    words = "within reach of the best plan"
    paid = float(plan.paid.sum())
    if rules.mode == "target":
        return LinearConstraint(words, np.ones(len(plan.channels)), -np.inf, paid * (1 + within))
    hurdle = rules.charged
    best = plan.value - hurdle * paid
    return OutcomeAtLeast(words, best - within * abs(best), hurdle)
