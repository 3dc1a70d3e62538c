"""Heavy tail of positive amounts as a generalised Pareto distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SHARE, LEAST, MOST = 0.1, 20, 1000
"""Size of the tail: the largest tenth of all amounts, at least 20 and at most 1,000."""
DISTINCT = 15
"""Fewest distinct amounts in a continuous tail; fewer are price points."""
SHAPES = np.linspace(-0.4, 0.9, 40) + 0.003
_SHAPE_PRIOR = (0.3, 0.2)
_SCALE_PRIOR = 0.7
_COARSE, _FINE = np.linspace(-3, 3, 25), np.linspace(-4.5, 4.5, 41)


@dataclass(frozen=True)
class Tail:
    """Tail of the amounts.

    Attributes
    ----------
    threshold : float
        Amount where it begins, in units of the outcome.
    counts : tuple of int
        Amounts above it, by arm.
    shape : float array (draws,)
        Generalised Pareto shape (1 / Pareto index); above 0.5 the variance is infinite.
    scale : float array (arms, draws)
        Scale of each arm, in units of the outcome.
    """

    threshold: float
    counts: tuple[int, ...]
    shape: np.ndarray
    scale: np.ndarray

    @property
    def excess(self) -> np.ndarray:
        """Mean excess over the threshold, float array (arms, draws)."""
        return np.asarray(self.scale / (1 - self.shape))

    @property
    def infinite_variance(self) -> float:
        """Posterior probability that the variance of the amounts is infinite."""
        return float((self.shape > 0.5).mean())


def threshold(amounts: Sequence[np.ndarray]) -> float | None:
    """Beginning of the tail of the pooled positive amounts; None if there is no tail to model."""
    pooled = np.sort(np.concatenate(amounts))
    count = int(min(max(SHARE * len(pooled), LEAST), MOST, len(pooled) / 2))
    if count < LEAST / 2:
        return None
    start = float(pooled[-count - 1])
    return start if len(np.unique(pooled[pooled > start])) >= DISTINCT else None


def fit(amounts: Sequence[np.ndarray], start: float, draws: int, rng: np.random.Generator) -> Tail:
    """Posterior of the tail above `start` on a grid: shape first, then each arm's scale given the shape.

    Parameters
    ----------
    amounts : sequence of float array (m,)
        Positive amounts of each arm, in any common unit.
    start : float
        Threshold, in the same unit.
    draws : int
        Number of draws.
    rng : Generator
        Generator.

    Returns
    -------
    Tail
        Draws in the same unit.

    Notes
    -----
    Amounts are split at a high threshold. The mean below it is nearly normal whatever the shape. Above it a few amounts
    carry little information, so the excess follows a generalised Pareto distribution whose shape all arms share and
    whose scale is each arm's own. The tail is integrated to infinity, and no amount is capped. The prior of the shape
    is normal around 0.3 (amounts seldom have a lighter tail, or no mean); that of an arm's log scale is normal (0.7)
    around the value implied by the pooled mean excess.

    References
    ----------
    Pickands (1975), the generalised Pareto distribution of excesses. Taddy, Lopes & Gardner (2016), "Scalable
    semiparametric inference for the means of heavy-tailed distributions". Fithian & Wager (2015), "Semiparametric
    exponential families for heavy-tailed data".
    """
    over = [each[each > start] - start for each in amounts]
    centre = np.log(np.concatenate(over).mean() * (1 - SHAPES))[:, None]
    total = -0.5 * ((SHAPES - _SHAPE_PRIOR[0]) / _SHAPE_PRIOR[1]) ** 2
    grids = []
    for excess in over:
        grid, log_weight = _scales(excess, centre)
        top = log_weight.max(axis=1, keepdims=True)
        weight = np.exp(log_weight - top)
        total = total + (top[:, 0] + np.log(weight.sum(axis=1) * (grid[:, 1] - grid[:, 0])))
        grids.append((grid, weight.cumsum(axis=1) / weight.sum(axis=1, keepdims=True)))
    share = np.exp(total - total.max())
    index = np.searchsorted((share / share.sum()).cumsum(), rng.random(draws)).clip(0, len(SHAPES) - 1)
    scale = np.stack([_drawn(grid, below, index, rng) for grid, below in grids])
    return Tail(start, tuple(len(each) for each in over), SHAPES[index], scale)


def of(amounts: Sequence[np.ndarray], draws: int, rng: np.random.Generator) -> Tail | None:
    """Tail of the absolute values of non-zero amounts by arm, in any unit; None if there is no tail."""
    sizes = [np.sort(np.abs(each[each != 0])) for each in amounts]
    pooled = np.concatenate(sizes)
    unit = float(pooled.mean()) if len(pooled) else 1.0
    scaled = [each / unit for each in sizes]
    start = threshold(scaled) if len(pooled) else None
    if start is None:
        return None
    found = fit(scaled, start, draws, rng)
    return Tail(start * unit, found.counts, found.shape, found.scale * unit)


def surprise(tail: Tail, arm: int, value: float) -> float:
    """Probability that the largest of the tail's amounts and one more reaches `value` in this arm."""
    inside = np.maximum(1 + tail.shape * (value - tail.threshold) / tail.scale[arm], 1e-300)
    beyond = np.where(value <= tail.threshold, 1.0, np.exp(np.minimum(-np.log(inside) / tail.shape, 0)))
    return float((1 - (1 - beyond) ** (sum(tail.counts) + 1)).mean())


def _scales(excess: np.ndarray, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Grid of log scales for each shape, (shapes, points), and the log posterior on it; fine where the mass is."""
    coarse = centre + _COARSE
    weight = _log_posterior(excess, coarse, centre)
    weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    middle = (weight * coarse).sum(axis=1, keepdims=True)
    spread = np.sqrt((weight * (coarse - middle) ** 2).sum(axis=1, keepdims=True))
    # With many amounts the mass falls between two coarse points; then asymptotics give the spread.
    known = 2 * np.sqrt((1 + 2 * np.maximum(SHAPES, 0)) / max(len(excess), 1))[:, None]
    step = float(_COARSE[1] - _COARSE[0])
    fine = middle + np.where(spread < step, np.minimum(np.maximum(spread, known), step), spread) * _FINE
    return fine, _log_posterior(excess, fine, centre)


def _log_posterior(excess: np.ndarray, log_scale: np.ndarray, centre: np.ndarray) -> np.ndarray:
    shape = SHAPES[:, None]
    inside = 1 + excess * (np.exp(-log_scale) * shape)[:, :, None]
    impossible = (inside <= 0).any(axis=-1)
    logs = np.log(np.maximum(inside, 1e-12)).sum(axis=-1)
    value = -len(excess) * log_scale - (1 + 1 / shape) * logs - 0.5 * ((log_scale - centre) / _SCALE_PRIOR) ** 2
    return np.where(impossible, -1e12, value)


def _drawn(grid: np.ndarray, below: np.ndarray, index: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One scale for each drawn shape, by inversion of the grid's distribution function."""
    uniform, found = rng.random(len(index)), np.empty(len(index))
    for row in np.unique(index):
        here = index == row
        found[here] = np.interp(uniform[here], below[row], grid[row])
    return np.exp(found)
