"""Response curves extrapolated beyond the observed range."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reachbook.arrays import Floats

if TYPE_CHECKING:
    from reachbook.budget.model.mix import Mix


_UNSURE = 0.5
"""Standard deviation of the log spend scale over which the remaining effect saturates."""


@dataclass(frozen=True)
class Extrapolation:
    """Response curves that extend beyond the observed range.

    Attributes
    ----------
    grid : float array (channels, points)
        Weekly spends in money, from 0.
    response : float array (draws, channels, points)
        Outcome a week.
    observed : float array (channels,)
        Spend at which the data end.
    """

    grid: Floats
    response: Floats
    observed: Floats


def response_beyond(mix: "Mix", factor: float, seed: int = 0, points: int = 101) -> Extrapolation:
    """Extrapolate the curves, with more uncertainty beyond the data than the model itself states.

    Parameters
    ----------
    mix : Mix
        Fitted model.
    factor : float
        End of the grid as a multiple of the largest observed adstock, above 1.
    seed : int
        Seed of the random extrapolation.
    points : int
        Points of each curve.

    Returns
    -------
    Extrapolation
        Curves that equal those of `mix` up to `observed`.

    Raises
    ------
    ValueError
        If `factor` is 1 or less.

    Notes
    -----
    From the end of the data each draw continues with its own height and slope, but how fast it flattens is an
    assumption that the data cannot check. It is therefore drawn at random: the family is, with equal probability, a
    hyperbola (Michaelis-Menten), an exponential approach, or a logarithm, which is unbounded; the spend scale over
    which it flattens is the draw's own times a log-normal factor. The spread of the result combines draws and families
    and grows with distance from the data.
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
    """Value and slope of each row of `response` (draws, points) at the spend `end`, float arrays (draws,)."""
    right = int(np.clip(np.searchsorted(grid, end), 1, len(grid) - 1))
    slope = (response[:, right] - response[:, right - 1]) / (grid[right] - grid[right - 1])
    return response[:, right - 1] + slope * (end - grid[right - 1]), slope
