"""Search for the optimal plan: solve, evaluate over all draws, tighten, until the gap closes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.constraints import Constraint, LinearConstraint, OutcomeAtLeast
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.formulation import Formulation, Objective, Solution, columns, formulation
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rules

_AIM = 1e-6
"""Relative gap at which a search stops."""
_ROUNDS = 80
_POINTS = 60
"""Points of the thinned curves on which cutting planes are found first; a plane is valid for any grid."""
_SLACK = 1e-7
"""Relative shortfall of a required outcome that counts as rounding."""
_FEW = 60
"""Most draws for which a quantile is maximised exactly: effort grows with the ways to choose the draws that miss it."""
_SWAPS = 6
_PRICES = 60


@dataclass(frozen=True)
class Best:
    """Best plan found so far.

    Attributes
    ----------
    spend, paid : float array (channels,)
        Spend at list price and money paid.
    figure : float
        True figure of merit.
    goal : float
        Objective.
    bound : float
        Upper bound on the objective of any plan.
    """

    spend: Floats
    paid: Floats
    figure: float
    goal: float
    bound: float


def search(curves: Curves, constraints: Sequence[Constraint], rules: Rules, goal: Objective) -> Best | None:
    """Optimal plan under the constraints, or None where none was found.

    Notes
    -----
    Each round solves the program, evaluates the figure of merit of its spends over all draws, which is reached, and
    takes the program's bound, which cannot be exceeded. It then adds the plane of the draws that were worst, which the
    program overrated, and splits the pieces on which a convex combination flattered a draw's S-shape. Every plane and
    split is valid for all plans, so the bound holds throughout.
    """
    built = formulation(curves, constraints, Measure.of(rules), rules.rebates, rules.nodes)
    if built is None:
        return None
    if built.measure.kind == "quantile" and curves.draws > _FEW:
        return _by_swaps(built, constraints, rules, goal)
    planes = [np.full(curves.draws, 1 / curves.draws)]
    if built.measure.caution:
        few = formulation(curves.thinned(_POINTS), constraints, built.measure, rules.rebates, rules.nodes)
        planes = _relaxed(few or built, goal, planes)
    best: Best | None = None
    bound = np.inf
    for _ in range(_ROUNDS):
        found = built.solve(goal, planes)
        if found is None:
            break
        bound = min(bound, found.bound)
        known = len(planes)
        exact, planes = _settled(built, goal, planes, found)
        best = _better(best, _true(built, goal, exact))
        if best is not None and bound - best.goal <= _AIM * max(abs(best.goal), abs(best.figure) * goal.risk):
            break
        built, tightened = _cut(built, exact)
        if not tightened and len(planes) == known:
            break
    return None if best is None else replace(best, bound=max(bound, best.goal))


def _by_swaps(built: Formulation, constraints: Sequence[Constraint], rules: Rules, goal: Objective) -> Best | None:
    """Good plan for a quantile of many draws, with a valid bound: a heuristic, not exact.

    Given the draws that may miss the quantile, the best plan maximises the worst of the others, which is exact; given a
    plan, the draws that miss it are its worst. The two steps alternate until nothing improves.
    """
    curves, spared = built.curves, built.measure.spared(built.curves.draws)
    cautious = rules.model_copy(update={"objective": "cvar", "caution": 1.0})
    tried = [search(curves, constraints, cautious, goal)]
    best: Best | None = None
    while tried[-1] is not None and len(tried) <= _SWAPS:
        outcome = curves.outcome(tried[-1].spend).sum(axis=1)
        reached = tried[-1].goal + goal.risk * (built.measure.value(outcome) - tried[-1].figure)
        if best is not None and reached <= best.goal + _AIM * abs(best.goal):
            break
        best = replace(tried[-1], figure=built.measure.value(outcome), goal=reached)
        others = np.sort(np.argsort(outcome, kind="stable")[spared:])
        worst = cautious.model_copy(update={"tail": 1 / max(len(others), 2)})
        tried.append(search(curves.only(others), constraints, worst, goal))
    return None if best is None else replace(best, bound=max(_highest(built, goal, spared), best.goal))


def _highest(built: Formulation, goal: Objective, spared: int) -> float:
    """Upper bound on the quantile: the level that `spared` draws miss even with a plan optimal for each draw alone.

    The optimum of each draw is bounded by Lagrangian relaxation of the total, at the multiplier that bounds it best.

    References
    ----------
    Everett (1963), "Generalized Lagrange multiplier method".
    """
    totals = [
        c.high
        for c in built.constraints
        if isinstance(c, LinearConstraint) and (c.coefficients == 1).all() and c.high < np.inf
    ]
    total, steepest = min(totals, default=np.inf), 0.0
    for row in built.lines:
        if len(row.spend) > 1:
            steepest = max(steepest, float((np.diff(row.outcome, axis=1) / np.diff(row.spend)).max()))
    prices = np.r_[0.0, steepest * np.geomspace(1e-3, 1, _PRICES)] if np.isfinite(total) else np.zeros(1)
    worth = goal.spend[built.channel] * built.spend - goal.paid * built.paid - goal.moved * built.moved
    best = np.full(built.curves.draws, np.inf)
    for price in prices:
        left = np.zeros(built.curves.draws) if price == 0 else np.full(built.curves.draws, price * total)
        for c, row in enumerate(built.lines):
            mine = built.channel == c
            gained = goal.risk * row.outcome[:, built.point[mine]] + (worth - price * built.paid)[mine]
            left += gained.max(axis=1)
        best = np.minimum(best, left)
    return float(np.sort(best)[spared])


def _settled(
    built: Formulation, goal: Objective, planes: list[Floats], found: Solution
) -> tuple[Solution, list[Floats]]:
    """Best combination within the pieces that were chosen, and the planes that it needs; linear programs only."""
    exact = found
    for _ in range(_ROUNDS):
        exact = built.solve(goal, planes, fixed=found.shares) or found
        plane = _plane(built, exact, planes)
        if plane is None:
            break
        planes = [*planes, plane]
    return exact, planes


def _relaxed(built: Formulation, goal: Objective, planes: list[Floats]) -> list[Floats]:
    """Cutting planes that the linear relaxation needs, found without any integer search."""
    for _ in range(_ROUNDS):
        found = built.solve(goal, planes, whole=False)
        plane = None if found is None else _plane(built, found, planes)
        if plane is None:
            break
        planes = [*planes, plane]
    return planes


def _plane(built: Formulation, found: Solution, planes: Sequence[Floats]) -> Floats | None:
    """Weights of the plane that the solution violates, or None if the figure of merit was not overrated."""
    mixed = built.mixed(found.shares)
    if built.measure.kind == "quantile":
        return None
    believed = min(float(weights @ mixed) for weights in planes)
    weights = built.measure.weights(mixed)
    true = float(weights @ mixed)
    return weights if believed - true > 0.1 * _AIM * max(abs(true), abs(believed)) else None


def _cut(built: Formulation, found: Solution) -> tuple[Formulation, bool]:
    """Formulation with pieces split where a convex combination exceeds the curve, and whether any was split."""
    mixed = built.mixed(found.shares)
    spend = built.planned(found.shares)
    weights = built.measure.weights(mixed)
    true = built.curves.outcome(spend)
    lines, tightened = list(built.lines), False
    for c, row in enumerate(built.lines):
        mine = built.channel == c
        outcome = row.outcome @ np.bincount(built.point[mine], found.shares[mine], len(row.spend))
        if float(np.abs(weights) @ np.maximum(outcome - true[:, c], 0)) > 0.01 * _AIM * float(np.abs(mixed).mean()):
            taken = int(np.argmax(np.bincount(built.piece[mine], found.shares[mine], len(row.pieces))))
            if row.pieces[taken].last - row.pieces[taken].first > 1:
                lines[c], tightened = row.split(taken, float(spend[c])), True
    if not tightened:
        return built, False
    return columns(built.curves, built.constraints, built.measure, tuple(lines), built.nodes), True


def _true(built: Formulation, goal: Objective, found: Solution) -> Best | None:
    """Plan evaluated on the true curves, or None if it misses a required outcome."""
    spend = built.planned(found.shares)
    spend = np.where(spend < 1e-9 * built.spend.max(), 0.0, spend)
    paid = np.bincount(built.channel, found.shares * built.paid, len(spend)).astype(float, copy=False)
    moved = 0.0 if built.curves.current is None else float(np.abs(spend - built.curves.current).sum())
    figure = built.measure.value(built.curves.outcome(spend).sum(axis=1))
    for constraint in built.constraints:
        if isinstance(constraint, OutcomeAtLeast):
            needed = constraint.target + constraint.roas * float(paid.sum())
            if figure < needed - _SLACK * max(abs(needed), abs(figure)):
                return None
    reached = goal.risk * figure - goal.paid * float(paid.sum()) + float(goal.spend @ spend) - goal.moved * moved
    return Best(spend, paid, figure, reached, np.inf)


def _better(one: Best | None, other: Best | None) -> Best | None:
    if one is None or other is None:
        return one or other
    return other if other.goal > one.goal else one
