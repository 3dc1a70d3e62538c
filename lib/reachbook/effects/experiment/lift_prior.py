"""Prior of the relative lift: sceptical, with tails that yield to strong data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from reachbook.effects.wording import signed
from reachbook.translation import tr, trn

DF = 3.0
"""Degrees of freedom: tails heavy enough that a lift of +100 % is not shrunk towards zero once the data show it."""
_NODES = 200


@dataclass(frozen=True)
class LiftPrior:
    """Student t prior (3 degrees of freedom) of the log relative lift, log(treated / control).

    Attributes
    ----------
    scale, location : float
        Scale and location of the log lift.
    tests : int
        Past tests from which it was estimated; 0 for the default.
    """

    scale: float
    location: float = 0.0
    tests: int = 0

    def density(self, log_lift: np.ndarray) -> np.ndarray:
        """Density up to a constant, in the shape of `log_lift`."""
        x = (np.asarray(log_lift) - self.location) / self.scale
        base = 1 + x * x / DF
        return np.asarray(1 / (base * base))  # the exponent (DF + 1) / 2 is 2

    def quantiles(self, count: int = _NODES) -> np.ndarray:
        """Log lifts at `count` equally probable quantiles, float array (count,)."""
        return np.asarray(self.location + self.scale * student.ppf((np.arange(count) + 0.5) / count, DF))

    def above(self, threshold: float, estimate: np.ndarray, error: float) -> np.ndarray:
        """Posterior probability that the log lift exceeds `threshold`, in the shape of `estimate`.

        By quadrature over the narrower of the likelihood (within 8 standard errors) and the prior.

        Parameters
        ----------
        threshold : float
            Log lift.
        estimate : float array
            Estimated log lifts.
        error : float
            Their standard error.
        """
        if error > self.scale:
            believed = self.quantiles(2 * _NODES)
            weight = norm.pdf((np.asarray(estimate, float)[..., None] - believed) / error)
            return np.asarray(weight[..., believed > threshold].sum(-1) / weight.sum(-1))
        at = np.asarray(estimate, float)[..., None] + error * _STANDARD
        weight = self.density(at) * norm.pdf(_STANDARD)
        return np.asarray((weight * _beyond(at, threshold, error)).sum(-1) / weight.sum(-1))

    def describe(self) -> str:
        """The prior in one sentence."""
        low, high = np.expm1(self.location + self.scale * student.ppf([0.1, 0.9], DF))
        ends = {"low": signed(low, 0), "high": signed(high, 0)}
        if not self.tests:
            return tr("Before the test, 8 in 10 lifts are believed to lie from {low} to {high} (the default).", **ends)
        return trn(
            "Before the test, 8 in 10 lifts are believed to lie from {low} to {high} (fitted from {n} past test).",
            "Before the test, 8 in 10 lifts are believed to lie from {low} to {high} (fitted from {n} past tests).",
            self.tests,
            **ends,
        )


_STEP = 0.05
_STANDARD = np.arange(-160, 161) * _STEP


def _beyond(at: np.ndarray, threshold: float, error: float) -> np.ndarray:
    """Share of each quadrature cell above the threshold, so that probabilities are continuous."""
    return np.asarray(np.clip((at - threshold) / (error * _STEP) + 0.5, 0, 1))


def fitted(past: Sequence[Sequence[float]], default_scale: float) -> LiftPrior:
    """Prior estimated by empirical Bayes from past tests; the default without any.

    Location and scale are posterior means on a grid. Weak hyperpriors on both (location around 0, scale around the
    default) prevent two or three past tests from implying that lifts never vary.

    Parameters
    ----------
    past : sequence of (float, float)
        Relative lift of each past test, and its standard error.
    default_scale : float
        Scale of the default prior.
    """
    if not past:
        return LiftPrior(default_scale)
    tests = np.array(sorted((float(lift), float(error)) for lift, error in past))
    estimate, error = np.log1p(tests[:, 0]), tests[:, 1] / (1 + tests[:, 0])
    locations, scales = np.linspace(-0.5, 0.5, 41), np.geomspace(0.01, 1.5, 31)
    standard = student.ppf((np.arange(_NODES) + 0.5) / _NODES, DF)
    logs = np.empty((len(locations), len(scales)))
    for j, scale in enumerate(scales):
        spread = np.maximum(error, 0.02 * scale)
        at = locations[:, None, None] + scale * standard
        marginal = norm.pdf(estimate[None, :, None], at, spread[None, :, None]).mean(-1)
        logs[:, j] = np.log(marginal + 1e-300).sum(-1)
    logs += norm.logpdf(locations, 0, 0.2)[:, None] + norm.logpdf(np.log(scales), np.log(default_scale), 1)[None]
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    location = float(weight.sum(1) @ locations)
    return LiftPrior(float(np.exp(weight.sum(0) @ np.log(scales))), location, len(tests))
