"""Efficient frontiers: optimal plans by total money, and by aversion to risk."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.optimizer import optimize
from reachbook.budget.optimize.plan import Infeasible, SpendPlan
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rules


@dataclass(frozen=True)
class Frontier:
    """Optimal plans side by side.

    Attributes
    ----------
    at : float array (plans,)
        Total money, or weight of the CVaR, of each plan.
    plans : tuple of SpendPlan
        The plans.
    mean, cvar : float array (plans,)
        Expected outcome, and mean outcome of the worst draws.
    low, high : float array (plans,)
        Ends of the 90 % interval of the outcome.
    left_out : tuple of (float, str)
        Values of `at` without a feasible plan, and the reason.
    """

    at: Floats
    plans: tuple[SpendPlan, ...]
    mean: Floats
    cvar: Floats
    low: Floats
    high: Floats
    left_out: tuple[tuple[float, str], ...]

    @property
    def marginal(self) -> Floats:
        """Expected outcome per additional unit of money between neighbours, float array (plans - 1,)."""
        paid = np.array([plan.paid.sum() for plan in self.plans])
        more = np.diff(paid)
        return np.asarray(np.divide(np.diff(self.mean), more, out=np.full(len(more), np.nan), where=more > 0))


def by_total(curves: Curves, totals: Sequence[float], rules: Rules | None = None) -> Frontier:
    """Optimal plan for each of `totals`, in money; infeasible totals are reported in `left_out`."""
    wanted = rules or Rules()
    plans, left_out = [], []
    for total in totals:
        try:
            plans.append((float(total), optimize(curves, float(total), wanted)))
        except Infeasible as error:
            left_out.append((float(total), str(error)))
    return _frontier(plans, wanted.tail, left_out)


def by_caution(
    curves: Curves, total: float | None, rules: Rules | None = None, weights: Sequence[float] = (0, 0.25, 0.5, 0.75, 1)
) -> Frontier:
    """Optimal plan for each weight of the CVaR against the expected outcome; no plan is better in both.

    Raises
    ------
    Infeasible
        If no plan satisfies the rules.
    """
    wanted = rules or Rules()
    cautious = [wanted.model_copy(update={"objective": "cvar", "caution": float(weight)}) for weight in weights]
    made = [(each.caution, optimize(curves, total, each)) for each in cautious]
    return _frontier(made, wanted.tail, [])


def _frontier(made: Sequence[tuple[float, SpendPlan]], tail: float, left_out: Sequence[tuple[float, str]]) -> Frontier:
    plans = tuple(plan for _, plan in made)
    worst = Measure("cvar", tail, 1.0)
    ends = [np.quantile(plan.outcome, [0.05, 0.95]) for plan in plans]
    return Frontier(
        at=np.array([at for at, _ in made]),
        plans=plans,
        mean=np.array([plan.outcome.mean() for plan in plans]),
        cvar=np.array([worst.value(plan.outcome) for plan in plans]),
        low=np.array([low for low, _ in ends]),
        high=np.array([high for _, high in ends]),
        left_out=tuple(left_out),
    )
