"""Out-of-sample forecast of the last periods, beside naive forecasts."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.stats.intervals import equal_tails

_YEAR = 52
_RECENT = 8


@dataclass(frozen=True)
class Holdout:
    """Forecast of the held-out periods.

    Attributes
    ----------
    actual : float array (periods,)
        Outcome.
    low, middle, high : float array (periods,)
        Interval and median of the forecast, in units of the outcome.
    error : float
        Mean absolute error, as a ratio of the mean held-out outcome.
    naive : float
        Error of the better of two naive forecasts: the mean of the last eight weeks and, if known, the same week of the
        previous year.
    inside : float
        Share of the periods inside their interval.
    """

    actual: Floats
    low: Floats
    middle: Floats
    high: Floats
    error: float
    naive: float
    inside: float


def forecast(
    past: History, values: Floats, expected: Floats, rho: Floats, sigma: Floats, alike: Floats, used: int,
    level: float, seed: int,
) -> Holdout:  # fmt: skip
    """Forecast the periods from `used` on; the noise is autoregressive and starts from the last known residual.

    Parameters
    ----------
    past : History
        All regions together.
    values : float array (regions, periods)
        Outcome.
    expected : float array (draws, regions, periods)
        Baseline plus media, in units of the outcome.
    rho : float array (draws, regions)
        Autocorrelation of the noise.
    sigma : float array (draws, regions)
        Standard deviation of its innovations, in units of the outcome.
    alike : float array (draws, 1)
        Correlation of any two regions' innovations.
    used : int
        Number of periods that were fitted.
    level : float
        Probability of the intervals.
    seed : int
        Seed of the noise.

    Returns
    -------
    Holdout
        Forecast and errors.
    """
    rng = np.random.default_rng([seed, 2])
    actual, noise = past.value[used:], values[:, used - 1] - expected[:, :, used - 1]
    paths = np.empty((len(rho), len(actual)))
    for k in range(len(actual)):
        own, common = rng.standard_normal(rho.shape), np.zeros((1, 1))
        if rho.shape[1] > 1:
            own, common = np.sqrt(1 - alike) * own, np.sqrt(alike) * rng.standard_normal(alike.shape)
        noise = rho * noise + sigma * (own + common)
        paths[:, k] = (expected[:, :, used + k] + noise).sum(axis=1)
    low, middle, high = equal_tails(paths, level)
    year, recent = past.periods(_YEAR), past.periods(_RECENT)
    guesses = [np.full(len(actual), past.value[max(used - recent, 0) : used].mean())]
    if used >= year:
        guesses.append(past.value[used - year : used - year + len(actual)])
    off = [float(np.abs(actual - guess).mean() / actual.mean()) for guess in (middle, *guesses)]
    inside = float(((actual >= low) & (actual <= high)).mean())
    return Holdout(actual, low, middle, high, off[0], min(off[1:]), inside)


def together(sigma: Floats, alike: Floats) -> Floats:
    """Standard deviation of all regions' summed innovations, (draws,): common movements do not cancel.

    Parameters
    ----------
    sigma : float array (draws, regions)
        Standard deviation of each region's innovations.
    alike : float array (draws, 1)
        Correlation of any two regions' innovations.
    """
    apart, common = (1 - alike[:, 0]) * (sigma**2).sum(axis=1), alike[:, 0] * sigma.sum(axis=1) ** 2
    return np.asarray(np.sqrt(apart + common))
