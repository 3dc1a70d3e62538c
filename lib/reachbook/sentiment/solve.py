"""Multinomial logistic regression whose weights are pulled towards a prior, not only towards zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


BELIEF = 0.5
"""Prior standard deviation of the weight of a feature with an opinion, in log-odds."""

_LOOSE = 1e-4


@dataclass(frozen=True)
class Linear:
    """Weights of one fit.

    words : (features, classes); dense : (prior features, classes); intercept : (classes,)
    """

    words: Floats
    dense: Floats
    intercept: Floats

    def logits(self, features: sparse.csr_array, priors: Floats) -> Floats:
        """Log-odds before calibration, shape (texts, classes)."""
        return np.asarray(features @ self.words + priors @ self.dense + self.intercept)


def fit(
    features: sparse.csr_array,
    priors: Floats,
    target: NDArray[np.int64],
    scale: Floats,
    mean: Floats,
    strength: float,
    steps: int = 20,
) -> Linear:
    """Maximum a-posteriori weights under independent normal priors (Chelba & Acero, 2004).

    features : (texts, features); priors : (texts, d), features with an opinion beforehand; target : (texts,) class
    scale : (features, classes), prior standard deviation of each weight, up to `strength`
    mean : (d, classes), what the priors' weights are before any label; strength : inverse penalty, as C elsewhere
    """
    count, classes = features.shape[1], mean.shape[1]
    width = count + mean.shape[0] + 1
    turned = features.T.tocsr()
    rows = np.arange(len(target))

    def spread(flat: Floats) -> Floats:
        weights = flat.reshape(width, classes)
        return np.asarray(features @ (weights[:count] * scale) + priors @ weights[count:-1] + weights[-1])

    def gathered(slope: Floats, flat: Floats) -> Floats:
        down = np.concatenate([scale * (turned @ slope), priors.T @ slope, slope.sum(axis=0)[None]])
        down += flat.reshape(width, classes) * tight
        return np.asarray(down.ravel())

    def loss(flat: Floats) -> tuple[float, Floats]:
        log = log_softmax(spread(flat) + offset, axis=1)
        slope = np.exp(log)
        slope[rows, target] -= 1
        penalty = (flat.reshape(width, classes) ** 2 * tight).sum() / 2
        return float(penalty - log[rows, target].sum()), gathered(slope, flat)

    def curve(flat: Floats, way: Floats) -> Floats:
        share = softmax(spread(flat) + offset, axis=1)
        moved = share * spread(way)
        return gathered(moved - share * moved.sum(axis=1, keepdims=True), way)

    start = np.zeros(width * classes)
    tight = np.full((width, 1), 1 / strength)
    tight[count:] = 1 / BELIEF**2
    tight[-1] = _LOOSE
    offset = priors @ mean
    options = {"maxiter": steps, "xtol": 1e-5}
    found = minimize(loss, start, jac=True, hessp=curve, method="Newton-CG", options=options)
    return _linear(found.x.reshape(width, classes), scale, mean)


def _linear(weights: Floats, scale: Floats, mean: Floats) -> Linear:
    count = len(scale)
    return Linear(weights[:count] * scale, weights[count:-1] + mean, weights[-1])
