"""Intervals for means of bounded values that hold where a normal interval does not: few values, rare events."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from reachbook.arrays import Floats

DRAWS = 4000
_KEPT = 1000
_STEP = 2_000_000
_SEED = 20_240_229


class Interval(NamedTuple):
    """A value and the interval around it, `low <= middle <= high`, all in the value's own unit."""

    low: float
    middle: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    def excludes(self, value: float) -> bool:
        """Whether `value` lies outside."""
        return not self.low <= value <= self.high


def equal_tailed(draws: Floats, level: float) -> Interval:
    """Median of draws, shape (draws,), and the interval that holds `level` of them with equal tails."""
    return Interval(*(float(each) for each in equal_tails(draws, level)))


def equal_tails(draws: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """The same along the first axis: (low, middle, high) of draws (draws, ...), each of shape (...)."""
    low, middle, high = np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    return low, middle, high


def bounded_mean(values: np.ndarray, least: float, most: float, level: float = 0.95) -> Interval:
    """Interval for the mean of a bounded quantity from a random sample.

    Parameters
    ----------
    values : float64 array (n,), n >= 1
        The sample, within `least` to `most`.
    least, most : float
        Bounds of the quantity, in its unit.
    level : float
        Level of the interval.

    Raises
    ------
    ValueError
        The sample is empty, or a value lies outside the bounds.

    Notes
    -----
    Each limit is a quantile of the mean under random weights, with one further value at the bound that the sample may
    not have shown. For values 0 and 1 this is the exact Clopper-Pearson interval. No normality is assumed, and events
    that the sample lacks are allowed for.

    References
    ----------
    Gaffke (2005), "Three test statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative
    variable". Learned-Miller & Thomas (2020), "A new confidence interval for the mean of a bounded random variable".
    Clopper & Pearson (1934), "The use of confidence or fiducial limits illustrated in the case of the binomial".
    """
    if len(values) == 0:
        raise ValueError("an interval needs at least one value")
    if values.min() < least - 1e-9 or values.max() > most + 1e-9:
        raise ValueError(f"a value lies outside {least} to {most}")
    tail = (1 - level) / 2
    below, above = _weighted(values, least), _weighted(values, most)
    middle = float(values.mean())
    return Interval(
        min(float(np.quantile(below, tail)), middle), middle, max(float(np.quantile(above, 1 - tail)), middle)
    )


def difference(after: Interval, before: Interval) -> Interval:
    """Interval for `after - before` of two independent estimates, by adding the squares of their arms.

    References
    ----------
    Zou & Donner (2008), "Construction of confidence limits about effect measures: a general approach".
    """
    middle = after.middle - before.middle
    down = np.hypot(after.middle - after.low, before.high - before.middle)
    up = np.hypot(after.high - after.middle, before.middle - before.low)
    return Interval(float(middle - down), middle, float(middle + up))


def expected_half_width(deviation: float, reach: float, n: int, level: float = 0.95) -> float:
    """Half-width to expect of `bounded_mean`.

    Parameters
    ----------
    deviation : float
        Standard deviation of the values.
    reach : float
        Distance between the bounds, in the same unit.
    n : int
        Sample size.

    Notes
    -----
    The further value at the bound costs half of `reach` / (n + 1) beyond the normal half-width.
    """
    z = float(norm.ppf((1 + level) / 2))
    edge = reach / (n + 1)
    return float(min(reach / 2, z * np.sqrt(deviation**2 / n + edge**2 / 2) + edge / 2))


def _weighted(values: np.ndarray, extra: float) -> np.ndarray:
    """Means of the values and one `extra` under flat Dirichlet weights, shape (DRAWS,)."""
    everything = np.append(values, extra)
    if len(values) <= _KEPT:
        return np.asarray(_weights(len(everything)) @ everything)
    rng = np.random.default_rng([_SEED, len(everything)])
    rows = max(1, _STEP // len(everything))
    parts = [min(rows, DRAWS - start) for start in range(0, DRAWS, rows)]
    draws = (rng.standard_exponential((part, len(everything))) for part in parts)
    return np.concatenate([each @ everything / each.sum(axis=1) for each in draws])


@lru_cache(maxsize=8)
def _weights(n: int) -> np.ndarray:
    """Flat Dirichlet weights, shape (DRAWS, n), with a fixed seed: the same sample always has the same interval."""
    weights = np.random.default_rng([_SEED, n]).standard_exponential((DRAWS, n))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
