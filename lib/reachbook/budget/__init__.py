"""Where the next yuan goes: budget plans with a proof, from posterior response curves.

What is heavy to import is imported when a function is called, so that reading parameters stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.budget.optimize.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from reachbook.budget.flight.rules import FlightRules
    from reachbook.budget.flight.schedule import Flight
    from reachbook.budget.optimize.plan import SpendPlan

__all__ = ["Rules", "best_plan", "schedule"]


def best_plan(
    response: npt.ArrayLike,
    grid: npt.ArrayLike,
    total: float | None,
    rules: Rules | None = None,
    *,
    channels: Sequence[str] | None = None,
    current: npt.ArrayLike | None = None,
    observed: npt.ArrayLike | None = None,
    least: npt.ArrayLike | None = None,
) -> SpendPlan:
    """The best plan on any curves, with its proof: see `optimizer.optimize` and `curves.curves`.

    response : outcome in money, (draws, channels, points), at the spends `grid`, (points,) or (channels, points).
    total : money to spend. channels, current, observed, least : names, spend now, largest and smallest spend seen,
    (channels,).
    """
    from reachbook.budget.optimize.curves import curves
    from reachbook.budget.optimize.optimizer import optimize

    made = curves(response, grid, channels=channels, current=current, observed=observed, least=least)
    return optimize(made, total, rules)


def schedule(
    response: npt.ArrayLike,
    grid: npt.ArrayLike,
    retention: npt.ArrayLike,
    total: float,
    weeks: Sequence[str],
    rules: FlightRules | None = None,
    *,
    channels: Sequence[str] | None = None,
    observed: npt.ArrayLike | None = None,
    past: npt.ArrayLike | None = None,
    tail: int = 13,
    after: npt.ArrayLike | None = None,
) -> Flight:
    """The best plan by channel and week: see `flight.schedule.schedule`; `response` is of one week, by adstock."""
    from reachbook.budget.flight.schedule import schedule as best
    from reachbook.budget.optimize.curves import curves

    made = curves(response, grid, channels=channels, observed=observed)
    return best(made, retention, total, weeks, rules, past=past, tail=tail, after=after)
