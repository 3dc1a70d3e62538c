"""How well the model forecasts weeks whose outcome it has not seen, beside forecasts that need no model."""

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.stats.intervals import equal_tails

_YEAR = 52
_RECENT = 8


@dataclass(frozen=True)
class Holdout:
    """Forecast of the last periods, arrays (periods held out,).

    error : mean absolute error, a ratio of the mean outcome held out; naive : the same of the better of two naive
    forecasts, the mean of the last eight weeks and, if there is one, the same week of last year.
    inside : part of the periods inside their interval.
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
    """Forecast the periods from `used` on, with autocorrelated noise from where the known ones end.

    past : all regions together. values : outcome by region, (regions, periods). expected : baseline and media, (draws,
    regions, periods). rho, sigma : of the noise, (draws, regions), sigma in units of the outcome. alike : correlation
    of any two regions' noise, (draws, 1).
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
    """Deviation of the sum of all regions' innovations, (draws,): what moves them all does not cancel.

    sigma : of each region, (draws, regions). alike : correlation of any two, (draws, 1).
    """
    apart, common = (1 - alike[:, 0]) * (sigma**2).sum(axis=1), alike[:, 0] * sigma.sum(axis=1) ** 2
    return np.asarray(np.sqrt(apart + common))
