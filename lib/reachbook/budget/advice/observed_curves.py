"""Response curves of a fitted mix with the range of spend in which they were observed."""

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.mix import Mix
from reachbook.budget.optimize.curves import Curves, curves

_RARE = 0.05
"""Share of weeks below the level that counts as the least observed."""
_PAUSED = 0.01
"""Share of the largest observed adstock below which a channel counts as paused; carry-over fades but never ends."""


def planning(mix: Mix) -> Curves:
    """Curves of constant weekly spend, in units of the outcome, on all retained draws.

    The least observed spend is the constant spend that would bring what the channel brought in one of its poorest
    periods (the lowest twentieth). Below it a curve runs to zero by assumption, and plans that cut a channel that never
    paused lose far more than they promise.
    """
    return curves(
        mix.response, mix.grid, channels=mix.channels, current=mix.current, observed=mix.observed,
        least=_least(mix),
    )  # fmt: skip


def _least(mix: Mix) -> Floats:
    """Least observed spend, money a week, posterior median, (channels,); 0 for channels that have paused."""
    poor = np.quantile(mix.contribution, _RARE, axis=2) * 7 / mix.step
    equal = [
        [np.interp(poor[d, c], mix.response[d, c], mix.grid[c]) for d in range(len(poor))]
        for c in range(len(mix.channels))
    ]
    least = np.median(equal, axis=1)
    return np.where(least < _PAUSED * mix.observed, 0.0, least)
