"""Where the next yuan goes: budget plans with a proof, from posterior response curves.

What is heavy to import is imported when a function is called, so that reading parameters stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.budget.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from reachbook.budget.plan import Plan

__all__ = ["Rules", "optimize"]


def optimize(
    response: npt.ArrayLike,
    grid: npt.ArrayLike,
    total: float | None,
    rules: Rules | None = None,
    *,
    channels: Sequence[str] | None = None,
    current: npt.ArrayLike | None = None,
    observed: npt.ArrayLike | None = None,
) -> Plan:
    """The best plan on any curves, with its proof: see `optimizer.optimize` and `curves.curves`.

    response : outcome in money, (draws, channels, points), at the spends `grid`, (points,) or (channels, points).
    total : money to spend.
    """
    from reachbook.budget.curves import curves
    from reachbook.budget.optimizer import optimize as best

    return best(curves(response, grid, channels=channels, current=current, observed=observed), total, rules)
