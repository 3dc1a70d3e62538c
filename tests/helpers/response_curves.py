"""Response curves for the budget tests, and plain ways to find the best plan on small ones."""

import itertools

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]


def hill(spend: npt.ArrayLike, half: npt.ArrayLike, slope: float, scale: npt.ArrayLike) -> Floats:
    """scale * x^slope / (half^slope + x^slope)."""
    power = np.asarray(spend, float) ** slope
    return np.asarray(scale * power / (np.asarray(half, float) ** slope + power))


def s_curves(
    seed: int, channels: int, draws: int, points: int, slope: float = 4.0, spread: float = 0.2
) -> tuple[Floats, Floats]:
    """response (draws, channels, points) and grid (points,) from 0 to 100."""
    rng = np.random.default_rng(seed)
    grid = np.linspace(0, 100, points)
    half = rng.uniform(10, 60, channels) * np.exp(spread * rng.standard_normal((draws, channels)))
    scale = rng.uniform(50, 200, channels) * np.exp(spread * rng.standard_normal((draws, channels)))
    return hill(grid, half[..., None], slope, scale[..., None]), grid


def best_by_enumeration(mean: Floats, grid: Floats, total: float) -> float:
    """The best expected outcome of all plans that spend `total`, mean (channels, points) linear between points.

    On such curves a best plan has all channels but one on points of the grid; the one takes what is left.
    """
    channels = len(mean)
    best = -np.inf
    for free in range(channels):
        others = [c for c in range(channels) if c != free]
        for choice in itertools.product(range(len(grid)), repeat=channels - 1):
            rest = total - sum(grid[j] for j in choice)
            if grid[0] - 1e-9 <= rest <= grid[-1] + 1e-9:
                value = sum(mean[c, j] for c, j in zip(others, choice, strict=True))
                best = max(best, value + float(np.interp(rest, grid, mean[free])))
    return best


def best_by_dynamic_programming(mean: Floats, steps: int) -> float:
    """The best outcome for `steps` steps of an even grid, mean (channels, points): exact on whole steps."""
    best = np.full(steps + 1, -np.inf)
    best[0] = 0.0
    for row in mean:
        reach = min(len(row) - 1, steps)
        best = np.array([max(best[s - j] + row[j] for j in range(min(reach, s) + 1)) for s in range(steps + 1)])
    return float(best[steps])
