"""Joint posterior of all arms: likelihood of each arm combined with the prior of the lift."""

from __future__ import annotations

import numpy as np

from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.means import Means

_POINTS, _MOST = 200, 600


def joined(means: Means, prior: LiftPrior, rng: np.random.Generator) -> Means:
    """Draws of `means` resampled with the weight that the prior gives to each lift over the control (arm 0).

    Given the control's mean the arms are independent, so the weight of a control draw is a product of sums, one for
    each arm, and each arm's draw is then chosen given the control's. This is exact for any number of arms, where
    weights of whole draws would degenerate. The sums are computed on a grid of the control's log mean, far finer than
    the prior. Where a mean may be zero or negative a relative lift is undefined, and the draws are returned unchanged.
    """
    if not (means.mean > 0).all():
        return means
    logs = np.log(means.mean)
    points = int(np.clip(4 * np.ptp(logs[0]) / prior.scale, _POINTS, _MOST))
    grid = np.linspace(logs[0].min(), logs[0].max(), points)
    weights = [prior.density(arm[None] - grid[:, None]) for arm in logs[1:]]
    belief = np.sum([np.log(each.mean(axis=1)) for each in weights], axis=0)
    wanted = np.interp(logs[0], grid, belief)
    draws = logs.shape[1]
    control = _systematic(np.exp(wanted - wanted.max()), rng)
    nearest = np.rint((logs[0][control] - grid[0]) / max(grid[1] - grid[0], 1e-300)).astype(int).clip(0, points - 1)
    chosen = np.empty((len(logs), draws), dtype=np.int64)
    chosen[0] = control
    order = rng.permuted(np.tile((np.arange(draws) + 0.5) / draws, (len(weights), 1)), axis=1)
    for k, weight in enumerate(weights, 1):
        below = weight.cumsum(axis=1)
        for row in np.unique(nearest):
            here = nearest == row
            chosen[k, here] = np.searchsorted(below[row], order[k - 1, here] * below[row, -1])
    return _taken(means, chosen.clip(0, draws - 1))


def _systematic(weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Indices by systematic resampling in proportion to `weight` (Kitagawa 1996), (draws,)."""
    count = len(weight)
    points = (np.arange(count) + rng.random()) / count
    return np.searchsorted(weight.cumsum() / weight.sum(), points).clip(0, count - 1)


def _taken(means: Means, index: np.ndarray) -> Means:
    def take(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else np.take_along_axis(values, index, axis=1)

    return Means(np.take_along_axis(means.mean, index, axis=1), take(means.conversion), take(means.basket), means.tail)
