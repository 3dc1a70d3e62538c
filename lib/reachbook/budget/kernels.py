"""How spend of one period works on in the next ones: weights of each lag, and how they move with their parameters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.budget.mix_spec import MixSpec

type Floats = npt.NDArray[np.float64]

_SPREAD = 0.95
"""Deviation of the log-odds of retention: around a mean of 0.4 it spans about 0.12 to 0.76."""
_PEAK_SPREAD = 1.0
_MOST = 56
"""Most periods that are followed: weeks, or days of a daily table."""
_SCALE_SPREAD = 0.7
_SHAPE = (0.3, 0.4)
"""Mean and deviation of the logarithm of the Weibull shape: about 0.7 to 2.6, 1 being geometric."""


@dataclass(frozen=True)
class Kernel:
    """Family of lag weights; each parameter is a standard normal before the data.

    name : geometric, delayed or weibull. lags : the last lag that is followed. odds : log-odds of the retention kept
    from period to period at the middle of the prior. peak : log-odds of the lag of the peak, as a part of `latest`.
    """

    name: str
    lags: int
    odds: float
    peak: float
    latest: float

    @property
    def parameters(self) -> int:
        """How many parameters a channel has."""
        return 1 if self.name == "geometric" else 2

    def weights(self, given: Floats) -> tuple[Floats, Floats]:
        """Weights that sum to one, (..., lags + 1), and their slopes by each parameter, (parameters, ..., lags + 1).

        given : standard normal values, (parameters, ...).
        """
        return _FAMILIES[self.name](self, given)


def kernel(spec: MixSpec, step: int) -> Kernel:
    """The family of the spec for periods of `step` days: its weeks and its weekly retention turned into periods."""
    lags = min(spec.lags * 7 // step, _MOST)
    kept, latest = spec.retention ** (step / 7), lags / 2
    part = min(spec.delay * 7 / step, 0.9 * latest) / latest
    return Kernel(spec.adstock, lags, float(np.log(kept / (1 - kept))), float(np.log(part / (1 - part))), latest)


def equivalent_retention(weights: Floats, step: int) -> Floats:
    """Weekly retention of the geometric adstock with the same mean lag, (...), from weights (..., lags + 1)."""
    mean = (weights * np.arange(weights.shape[-1])).sum(axis=-1) * step / 7
    return np.asarray(mean / (1 + mean))


def _geometric(family: Kernel, given: Floats) -> tuple[Floats, Floats]:
    """(1 - r) r^lag; the last lag takes all that is left."""
    lag = np.arange(family.lags + 1)
    r = _logistic(family.odds + _SPREAD * given[0])[..., None]
    before = r ** np.maximum(lag - 1, 0)
    weights = (1 - r) * before * np.where(lag > 0, r, 1.0)
    slope = before * np.where(lag > 0, lag - (lag + 1) * r, -1.0)
    weights[..., -1], slope[..., -1] = before[..., -1] * r[..., 0], lag[-1] * before[..., -1]
    return weights, (_SPREAD * r * (1 - r) * slope)[None]


def _delayed(family: Kernel, given: Floats) -> tuple[Floats, Floats]:
    """r^((lag - peak)^2), scaled to sum to one (Jin et al. 2017, "Bayesian methods for media mix modeling with
    carryover and shape effects", section 2.1)."""
    r = _logistic(family.odds + _SPREAD * given[0])[..., None]
    part = _logistic(family.peak + _PEAK_SPREAD * given[1])[..., None]
    off = np.arange(family.lags + 1) - family.latest * part
    power = np.log(r) * off**2
    raw = np.exp(power - power.max(axis=-1, keepdims=True))
    weights = raw / raw.sum(axis=-1, keepdims=True)
    by_r = off**2 * _SPREAD * (1 - r)
    by_peak = -2 * np.log(r) * off * family.latest * _PEAK_SPREAD * part * (1 - part)
    slopes = [weights * (by - (weights * by).sum(axis=-1, keepdims=True)) for by in (by_r, by_peak)]
    return weights, np.stack(slopes)


def _weibull(family: Kernel, given: Floats) -> tuple[Floats, Floats]:
    """Probability that a Weibull delay falls between lag and lag + 1; the last lag takes all that is left.

    Shape 1 is the geometric adstock, a larger one has its peak later.
    """
    middle = np.log(-1 / np.log(_logistic(np.asarray(family.odds))))
    scale = np.exp(middle + _SCALE_SPREAD * given[0])[..., None]
    shape = np.exp(_SHAPE[0] + _SHAPE[1] * given[1])[..., None]
    logs = np.log(np.arange(1, family.lags + 1) / scale)
    hazard = np.exp(np.minimum(shape * logs, 700.0))
    left = np.exp(-hazard)
    falls = (left * hazard * shape * _SCALE_SPREAD, -left * hazard * logs * shape * _SHAPE[1])
    return _between(left, 1.0), np.stack([_between(fall, 0.0) for fall in falls])


def _between(left: Floats, first: float) -> Floats:
    """Differences of what is left at lags 0 (`first`), 1, 2 ..., the last one whole."""
    start = np.full((*left.shape[:-1], 1), first)
    after = np.concatenate([left, np.zeros_like(start)], axis=-1)
    return np.asarray(np.concatenate([start, left], axis=-1) - after)


def _logistic(x: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


_FAMILIES: dict[str, Callable[[Kernel, Floats], tuple[Floats, Floats]]] = {
    "geometric": _geometric,
    "delayed": _delayed,
    "weibull": _weibull,
}
