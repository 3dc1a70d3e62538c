"""Not one answer but the room around it: plans as good, the smallest step that matters, what each rule costs."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.constraints import (
    Constraint,
    LinearConstraint,
    ObservedRange,
    OutcomeAtLeast,
    constraints,
)
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.formulation import Objective
from reachbook.budget.optimize.optimizer import aim, optimize, planned
from reachbook.budget.optimize.plan import SpendPlan
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rules
from reachbook.errors import ParamsError


@dataclass(frozen=True)
class Ranges:
    """How far each channel's spend can go while the plan stays within `within` of the best; the others adapt.

    low, high : spends in money, (channels,), each reached by a plan that keeps all rules.
    """

    plan: SpendPlan
    within: float
    low: Floats
    high: Floats


def ranges(curves: Curves, total: float | None, rules: Rules | None = None, within: float = 0.01) -> Ranges:
    """Least and most of each channel over all plans that lose at most `within` (a ratio) of the best."""
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
    """The least money to move away from now for `part` of what the best plan gains.

    plan : that plan; best : the best one. moved : money that changes its channel, and money added or taken out.
    share : part of the gain that it does bring (a ratio). changed : channels that change.
    """

    plan: SpendPlan
    best: SpendPlan
    moved: float
    share: float
    changed: tuple[str, ...]


def smallest_move(curves: Curves, total: float | None, rules: Rules | None = None, part: float = 0.8) -> Move:
    """The smallest reallocation that brings `part` of the gain.

    Money moved is the larger of what is added to channels and what is taken from them.

    Raises ParamsError without a spend now, or for mode target, which has no gain to take a part of.
    """
    wanted = _solid(rules or Rules())
    if curves.current is None or wanted.mode == "target":
        raise ParamsError("budget: the smallest move needs the spend now and a mode other than target.")
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
    """Value (mode target: money) that each binding rule costs: what the best plan would win without that rule alone.

    Left out are the total, whose price is the shadow price, and ends of observation, beyond which nothing is known.
    """
    costs = {}
    for constraint in constraints(rules, curves, None if rules.mode in ("free", "target") else 0.0):
        words, ends = constraint.words, isinstance(constraint, ObservedRange) or constraint.words.startswith("total ")
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
        raise ParamsError("budget: choices around a plan need objective expected or cvar, not quantile.")
    return rules


def _near(rules: Rules, plan: SpendPlan, within: float) -> Constraint:
    """Not worse than the best plan by more than `within`."""
    words = "within reach of the best plan"
    paid = float(plan.paid.sum())
    if rules.mode == "target":
        return LinearConstraint(words, np.ones(len(plan.channels)), -np.inf, paid * (1 + within))
    hurdle = rules.charged
    best = plan.value - hurdle * paid
    return OutcomeAtLeast(words, best - within * abs(best), hurdle)
