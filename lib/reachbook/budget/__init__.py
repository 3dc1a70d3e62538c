"""Budget plans with a proof of optimality, from posterior response curves; heavy imports are deferred to the call."""

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
    """Optimal steady budget on any response curves, with its proof.

    Parameters
    ----------
    response : float array (draws, channels, points)
        Outcome, in money, at each spend of `grid`.
    grid : float array (points,) or (channels, points)
        Spends, in money, rising.
    total : float or None
        Money to spend; may be None in the modes `free` and `target`.
    rules : Rules, optional
        Objective and constraints.
    channels : sequence of str, optional
        Channel names.
    current : float array (channels,), optional
        Current spend, in money.
    observed, least : float array (channels,), optional
        Largest and smallest observed spend, in money.

    Returns
    -------
    SpendPlan
        The plan and its certificate, as from `optimizer.optimize`.

    Raises
    ------
    DataError
        If the curves or the grid are malformed, see `curves.curves`.
    ParamsError
        If a rule is meaningless; its subclass `Infeasible` if no plan satisfies all rules.
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
    """Optimal budget by channel and week, with its proof.

    Parameters
    ----------
    response : float array (draws, channels, points)
        Outcome of one week, in money, at each adstock of `grid`.
    grid : float array (points,) or (channels, points)
        Adstock, in money a week, rising.
    retention : float array
        Carry-over of each channel, as for `schedule.schedule` in `budget.flight`.
    total : float
        Money for all weeks together.
    weeks : sequence of str
        Labels of the weeks.
    rules : FlightRules, optional
        Objective and constraints.
    channels : sequence of str, optional
        Channel names.
    observed : float array (channels,), optional
        Largest observed adstock, in money a week.
    past, tail, after
        As for `schedule.schedule` in `budget.flight`.

    Returns
    -------
    Flight
        The schedule and its certificate.
    """
    from reachbook.budget.flight.schedule import schedule as best
    from reachbook.budget.optimize.curves import curves

    made = curves(response, grid, channels=channels, observed=observed)
    return best(made, retention, total, weeks, rules, past=past, tail=tail, after=after)
