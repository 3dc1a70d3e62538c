"""Chance in counts: negative-binomial tails, and the dispersion of a series about what was expected of it."""

import numpy as np
from scipy import special

from reachbook.arrays import Floats

LEAST = 1e-6
"""Smallest dispersion, which is Poisson noise for all that can be told."""
_BASELINE = 1.2
"""Variance of a root about the root of a median of eight neighbours, in units of its own variance: 1 + (pi / 2) / 8."""
_NORMAL = 1.4826
FEWEST_SEASONS = 4
"""Weeks from which on a weekday is compared with itself; before, with all days."""


def at_most(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(Y <= counts) where Y has variance mean + dispersion * mean ** 2; arrays that broadcast."""
    size = 1 / np.maximum(dispersion, LEAST)
    return np.asarray(special.betainc(size, counts + 1, size / (size + np.maximum(mean, 1e-9))))


def at_least(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """P(Y >= counts), parameters as for `at_most`."""
    size = 1 / np.maximum(dispersion, LEAST)
    share = size / (size + np.maximum(mean, 1e-9))
    return np.where(counts > 0, special.betaincc(size, np.maximum(counts, 1e-9), share), 1.0)


def dispersion(counts: Floats, expected: Floats) -> Floats:
    """Robust dispersion of each series about what was expected, shape (..., 1).

    Parameters
    ----------
    counts, expected : float64 array (..., slots)
        NaN where there is none.

    Notes
    -----
    Roots of counts have variance 1/4 for Poisson noise and (1 + dispersion * mean) / 4 otherwise (Anscombe 1948); their
    scale is the median absolute deviation, so that single outliers do not hide behind the noise that they make.
    """
    away = 2 * (np.sqrt(counts + 3 / 8) - np.sqrt(expected + 3 / 8))
    scale = _NORMAL * np.nanmedian(np.abs(away), axis=-1, keepdims=True)
    level = np.maximum(np.nanmedian(expected, axis=-1, keepdims=True), 1.0)
    return np.asarray(np.maximum(scale**2 / _BASELINE - 1, 0) / level)


def moments(counts: Floats, season: int) -> tuple[Floats, float]:
    """Mean of each slot by weekday, shape (slots,), and dispersion about it, where no value counts for more than thrice
    the upper quartile.

    Notes
    -----
    Empty slots count in full: where they are common, one more of them is no news. A burst counts for little, or the
    noise that it makes would excuse every gap.
    """
    seen = np.minimum(counts, 3 * max(float(np.quantile(counts, 0.75)), 1.0))
    season = season if len(counts) >= FEWEST_SEASONS * season else 1
    mean = np.array([seen[day::season].mean() for day in range(season)])[np.arange(len(counts)) % season]
    above = float(((seen - mean) ** 2 - mean).sum())
    return mean, max(above / max(float((mean**2).sum()), 1e-9), LEAST)
