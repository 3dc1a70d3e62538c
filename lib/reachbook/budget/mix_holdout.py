"""How well the model forecasts weeks whose outcome it has not seen, beside forecasts that need no model."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.budget.history import History

type Floats = npt.NDArray[np.float64]

_YEAR = 52
_RECENT = 8


@dataclass(frozen=True)
class Holdout:
    """Forecast of the last weeks, arrays (weeks held out,).

    error : mean absolute error, a ratio of the mean outcome held out; naive : the same of the better of two naive
    forecasts, the mean of the last eight weeks and, if there is one, the same week of last year.
    inside : part of the weeks inside their interval.
    """

    actual: Floats
    low: Floats
    middle: Floats
    high: Floats
    error: float
    naive: float
    inside: float


def forecast(
    past: History, expected: Floats, rho: Floats, sigma: Floats, used: int, level: float, seed: int
) -> Holdout:
    """Forecast the weeks from `used` on, with autocorrelated noise from where the known weeks end.

    expected : baseline and media of all weeks, (draws, weeks). rho, sigma : of the noise, (draws,).
    """
    actual, rng = past.value[used:], np.random.default_rng([seed, 2])
    noise = past.value[used - 1] - expected[:, used - 1]
    paths = np.empty((len(rho), len(actual)))
    for k in range(len(actual)):
        noise = rho * noise + sigma * rng.standard_normal(len(rho))
        paths[:, k] = expected[:, used + k] + noise
    low, middle, high = np.quantile(paths, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    guesses = [np.full(len(actual), past.value[max(used - _RECENT, 0) : used].mean())]
    if used >= _YEAR:
        guesses.append(past.value[used - _YEAR : used - _YEAR + len(actual)])
    off = [float(np.abs(actual - guess).mean() / actual.mean()) for guess in (middle, *guesses)]
    inside = float(((actual >= low) & (actual <= high)).mean())
    return Holdout(actual, low, middle, high, off[0], min(off[1:]), inside)
