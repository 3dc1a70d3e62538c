"""Irreducible infeasible subsets: smallest sets of rules that cannot hold together."""

from collections.abc import Callable, Sequence

import numpy as np

from reachbook.budget.optimize.constraints import Constraint, OutcomeAtLeast
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.formulation import Objective, formulation
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rules
from reachbook.budget.optimize.search import search


def conflict(curves: Curves, constraints: Sequence[Constraint], rules: Rules) -> tuple[Constraint, ...]:
    """An irreducible subset of the constraints that no plan satisfies."""
    return irreducible(constraints, lambda rest: possible(curves, rest, rules))


def irreducible[Rule](rules: Sequence[Rule], possible: Callable[[list[Rule]], bool]) -> tuple[Rule, ...]:
    """Irreducible infeasible subset of `rules` by the deletion filter.

    Each rule in turn is left out; if the rest is still infeasible, the rule is not needed for the conflict.

    References
    ----------
    Chinneck & Dravnieks (1991), the deletion filter.
    """
    kept = list(rules)
    for rule in rules:
        rest = [other for other in kept if other is not rule]
        if not possible(rest):
            kept = rest
    return tuple(kept)


def possible(curves: Curves, constraints: Sequence[Constraint], rules: Rules) -> bool:
    """Whether some plan satisfies all of these constraints."""
    nothing = np.zeros(len(curves.channels))
    required = [constraint for constraint in constraints if isinstance(constraint, OutcomeAtLeast)]
    if required:
        last = required[-1]
        others = [constraint for constraint in constraints if constraint is not last]
        best = search(curves, others, rules, Objective(nothing, paid=last.roas))
        return best is not None and best.goal >= last.target - 1e-7 * abs(last.target)
    built = formulation(curves, constraints, Measure.of(rules), rules.rebates, rules.nodes)
    even = np.full(curves.draws, 1 / curves.draws)
    return built is not None and built.solve(Objective(nothing, risk=0.0), [even]) is not None
