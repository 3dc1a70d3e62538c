"""Response curves beyond what was observed, where no data say how they go on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reachbook.arrays import Floats

if TYPE_CHECKING:
    from reachbook.budget.model.mix import Mix


_UNSURE = 0.5
"""Deviation of the logarithm of how much spend the effect still has room for."""


@dataclass(frozen=True)
class Extrapolation:
    """grid : spends a week, (channels, points), from 0. response : outcome a week, (draws, channels, points).
    observed : where the data end, (channels,)."""

    grid: Floats
    response: Floats
    observed: Floats


def response_beyond(mix: "Mix", factor: float, seed: int = 0, points: int = 101) -> Extrapolation:
    """The curves up to `factor` times the largest adstock observed, less certain beyond it than the model is.

    Up to `observed` they are the mix's own. From there each draw goes on with its own height and slope, but how fast it
    flattens is an assumption that the data cannot check. So it is drawn anew: with equal chances like a hyperbola
    (Michaelis-Menten), an exponential approach, or a logarithm, which never ends; and the spend over which it flattens
    deviates from the draw's own by a log-normal factor. The spread of the result is that of the draws and of the
    families together, the more the farther from the data.
    """
    if factor <= 1:
        raise ValueError(f"factor is {factor}; beyond the observed range it is above 1")
    rng, draws = np.random.default_rng([seed, 7]), len(mix.response)
    shape, made = (draws, len(mix.channels), 1), np.empty((draws, len(mix.channels), points))
    family, luck = rng.integers(0, 3, shape), np.exp(_UNSURE * rng.standard_normal(shape))
    grid = np.linspace(0, factor * mix.observed, points, axis=1)
    for c, end in enumerate(mix.observed):
        known = np.array([np.interp(np.minimum(grid[c], end), mix.grid[c], row) for row in mix.response[:, c]])
        height, slope = _end(mix.grid[c], mix.response[:, c], end)
        room = np.maximum(mix.ceiling[:, c] - height, 0) / np.maximum(slope, 1e-12 * (1 + height))
        reach = np.maximum(room[:, None] * luck[:, c], 1e-9 * end)
        ratio = np.maximum(grid[c] - end, 0)[None] / reach
        ways = (ratio / (1 + ratio), 1 - np.exp(-ratio), np.log1p(ratio))
        rise = np.choose(family[:, c], ways)
        made[:, c] = known + slope[:, None] * reach * rise
    return Extrapolation(grid, made, mix.observed)


def _end(grid: Floats, response: Floats, end: float) -> tuple[Floats, Floats]:
    """Height and slope of each row of `response` (draws, points) at the spend `end`."""
    right = int(np.clip(np.searchsorted(grid, end), 1, len(grid) - 1))
    slope = (response[:, right] - response[:, right - 1]) / (grid[right] - grid[right - 1])
    return response[:, right - 1] + slope * (end - grid[right - 1]), slope
