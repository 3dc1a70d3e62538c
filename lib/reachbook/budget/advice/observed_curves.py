"""The curves of a fitted mix together with the range in which they were seen at work: what plans are made on."""

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.mix import Mix
from reachbook.budget.optimize.curves import Curves, curves

_RARE = 0.05
"""Part of the weeks that were lower still than what counts as the least seen."""
_PAUSED = 0.01
"""Part of the largest adstock observed below which a channel has paused: what earlier weeks left fades, never ends."""


def planning(found: Mix) -> Curves:
    """Curves for a constant spend a week, in units of the outcome, on all draws that were kept.

    The least spend that was seen is that which would bring, week after week, what the channel brought in one of its
    poorest weeks or days (the lowest twentieth). Below, a curve is drawn to zero by assumption, and plans that cut a
    channel that never paused lose far more than they promise.
    """
    return curves(
        found.response, found.grid, channels=found.channels, current=found.current, observed=found.observed,
        least=_least(found),
    )  # fmt: skip


def _least(found: Mix) -> Floats:
    """Money a week, median over draws, (channels,); 0 for channels that have paused."""
    poor = np.quantile(found.contribution, _RARE, axis=2) * 7 / found.step
    equal = [
        [np.interp(poor[d, c], found.response[d, c], found.grid[c]) for d in range(len(poor))]
        for c in range(len(found.channels))
    ]
    least = np.median(equal, axis=1)
    return np.where(least < _PAUSED * found.observed, 0.0, least)
