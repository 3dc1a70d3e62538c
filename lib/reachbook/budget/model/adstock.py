"""Adstock: weights with which spend of one period acts at each later lag."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.priors import PEAK_SPREAD, RETENTION_SPREAD, WEIBULL_SCALE_SPREAD, WEIBULL_SHAPE
from reachbook.budget.model.spec import MixSpec

_MOST = 56
"""Largest number of lags, in periods (weeks, or days of a daily table)."""


@dataclass(frozen=True)
class Kernel:
    """Family of lag weights, parametrised by variables that are standard normal a priori.

    Attributes
    ----------
    name : str
        "geometric", "delayed" or "weibull".
    lags : int
        Largest lag, in periods.
    odds : float
        Log-odds of the retention per period at the centre of the prior.
    peak : float
        Log-odds of the peak's lag as a ratio of `latest`, at the centre of the prior (delayed only).
    latest : float
        Latest lag at which the peak may lie, in periods.
    """

    name: str
    lags: int
    odds: float
    peak: float
    latest: float

    @property
    def parameters(self) -> int:
        """Number of parameters of a channel."""
        return 1 if self.name == "geometric" else 2

    @property
    def numbers(self) -> tuple[float, ...]:
        """Constants that determine the weights, in the order in which `density_numba.lag_weights` reads them."""
        return (RETENTION_SPREAD, PEAK_SPREAD, WEIBULL_SCALE_SPREAD, *WEIBULL_SHAPE, self.odds, self.peak, self.latest)

    def weights(self, given: Floats) -> Floats:
        """Lag weights, float array (..., lags + 1), which sum to one.

        Parameters
        ----------
        given : float array (parameters, ...)
            Values of the standard normal parameters.
        """
        return _FAMILIES[self.name](self, given)


def kernel(spec: MixSpec, step: int) -> Kernel:
    """Kernel family of the spec for periods of `step` days; weeks and weekly retention are converted to periods."""
    lags = min(spec.lags * 7 // step, _MOST)
    kept, latest = spec.retention ** (step / 7), lags / 2
    part = min(spec.delay * 7 / step, 0.9 * latest) / latest
    return Kernel(spec.adstock, lags, float(np.log(kept / (1 - kept))), float(np.log(part / (1 - part))), latest)


def equivalent_retention(weights: Floats, step: int) -> Floats:
    """Weekly retention of the geometric adstock with the same mean lag.

    Parameters
    ----------
    weights : float array (..., lags + 1)
        Lag weights that sum to one.
    step : int
        Days in a period.

    Returns
    -------
    float array (...)
        Retention, a ratio.
    """
    mean = (weights * np.arange(weights.shape[-1])).sum(axis=-1) * step / 7
    return np.asarray(mean / (1 + mean))


def _geometric(family: Kernel, given: Floats) -> Floats:
    """Weights (1 - r) r^lag; the last lag takes the remainder."""
    r = _logistic(family.odds + RETENTION_SPREAD * given[0])[..., None]
    weights = (1 - r) * r ** np.arange(family.lags + 1)
    weights[..., -1] = r[..., 0] ** family.lags
    return np.asarray(weights)


def _delayed(family: Kernel, given: Floats) -> Floats:
    """Weights r^((lag - peak)^2), normalised to sum to one.

    References
    ----------
    Jin et al. (2017), "Bayesian methods for media mix modeling with carryover and shape effects", section 2.1.
    """
    r = _logistic(family.odds + RETENTION_SPREAD * given[0])[..., None]
    peak = family.latest * _logistic(family.peak + PEAK_SPREAD * given[1])[..., None]
    power = np.log(r) * (np.arange(family.lags + 1) - peak) ** 2
    raw = np.exp(power - power.max(axis=-1, keepdims=True))
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True))


def _weibull(family: Kernel, given: Floats) -> Floats:
    """Probability that a Weibull delay falls between lag and lag + 1; the last lag takes the remainder.

    Shape 1 gives the geometric adstock, larger shapes a later peak.
    """
    middle = np.log(-1 / np.log(_logistic(np.asarray(family.odds))))
    scale = np.exp(middle + WEIBULL_SCALE_SPREAD * given[0])[..., None]
    shape = np.exp(WEIBULL_SHAPE[0] + WEIBULL_SHAPE[1] * given[1])[..., None]
    logs = np.log(np.arange(1, family.lags + 1) / scale)
    left = np.exp(-np.exp(np.minimum(shape * logs, 700.0)))
    start = np.ones((*left.shape[:-1], 1))
    return np.asarray(-np.diff(np.concatenate([start, left, np.zeros_like(start)], axis=-1), axis=-1))


def _logistic(x: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


_FAMILIES: dict[str, Callable[[Kernel, Floats], Floats]] = {
    "geometric": _geometric,
    "delayed": _delayed,
    "weibull": _weibull,
}
