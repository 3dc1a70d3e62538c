"""Multinomial logistic regression with weights shrunk towards a prior mean instead of zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]


BELIEF = 0.5
"""Prior standard deviation of the weight of a feature with a prior polarity, in log-odds."""

_LOOSE = 1e-4


@dataclass(frozen=True)
class Linear:
    """Weights of one fit, with one column for each class, or one column for the second of two.

    Attributes
    ----------
    words : float64 array (features, columns)
        Weights of the features.
    dense : float64 array (prior features, columns)
        Weights of the features with a prior polarity.
    intercept : float64 array (columns,)
    """

    words: Floats
    dense: Floats
    intercept: Floats

    def logits(self, features: sparse.csr_array, priors: Floats) -> Floats:
        """Log-odds against the first class before calibration, float64 array (texts, classes).

        Parameters
        ----------
        features : sparse array (texts, features)
            Weighted features.
        priors : float64 array (texts, prior features)
            Features with a prior polarity.
        """
        return against_first(np.asarray(features @ self.words + priors @ self.dense + self.intercept))


def columns(classes: int) -> int:
    """Number of columns of weights: one for two classes, since a weight for one is a weight against the other."""
    return 1 if classes == 2 else classes


def against_first(spread: Floats) -> Floats:
    """Log-odds against the first class, whose own column is 0.

    Parameters
    ----------
    spread : float64 array (texts, columns)
        One column for two classes, else one for each class.

    Returns
    -------
    float64 array (texts, classes)
    """
    if spread.shape[1] == 1:
        return np.column_stack([np.zeros(len(spread)), spread])
    return np.asarray(spread - spread[:, :1])


def surprise(spread: Floats, target: Index) -> tuple[float, Floats]:
    """Log loss and its gradient.

    Parameters
    ----------
    spread : float64 array (texts, columns)
        Linear predictors, see `against_first`.
    target : int64 array (texts,)
        Class of each text.

    Returns
    -------
    loss : float
        Summed over texts.
    gradient : float64 array (texts, columns)
        Derivative by each entry of `spread`.
    """
    log = log_softmax(against_first(spread), axis=1)
    rows = np.arange(len(target))
    slope = np.exp(log)
    slope[rows, target] -= 1
    return -float(log[rows, target].sum()), slope[:, -spread.shape[1] :]


def descend(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """Minimise `loss` by L-BFGS from `start` in at most `steps` iterations.

    Parameters
    ----------
    loss : callable
        Returns value and gradient.
    start : float64 array (weights,)
        Initial weights.

    Returns
    -------
    float64 array (weights,)
    """
    how = {"maxiter": steps, "maxcor": 6, "ftol": 1e-6}
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options=how).x)


def fit(
    features: sparse.csr_array,
    priors: Floats,
    target: Index,
    scale: Floats | float,
    mean: Floats,
    strength: float,
    steps: int = 12,
    start: Linear | None = None,
) -> Linear:
    """Maximum a posteriori weights under independent normal priors.

    Parameters
    ----------
    features : sparse array (texts, features)
        Weighted features.
    priors : float64 array (texts, d)
        Features with a prior polarity.
    target : int64 array (texts,)
        Class of each text.
    scale : number or shape (features, columns)
        Relative prior standard deviation of the features' weights.
    mean : float64 array (d, classes)
        Prior mean of the weights of `priors`.
    strength : float
        Inverse penalty, like C in scikit-learn.
    steps : int
        Tenth of the largest number of L-BFGS iterations.
    start : Linear or None
        Earlier fit to begin from.

    References
    ----------
    Chelba & Acero (2004), "Adaptation of maximum entropy capitalizer: little data can help a lot".
    """
    classes = mean.shape[1]
    wide, count = columns(classes), features.shape[1]
    rows, turned = features.astype(np.float32), sparse.csr_array(features.T.astype(np.float32))
    believed = against_first(mean)[:, -wide:]
    tight = np.full((count + len(mean) + 1, 1), 1 / strength)
    tight[count:] = 1 / BELIEF**2
    tight[-1] = _LOOSE
    tight *= wide / classes  # one column stands for two opposite ones of half its size

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(-1, wide)
        spread = (
            rows @ (scale * weights[:count]).astype(np.float32) + priors @ (weights[count:-1] + believed) + weights[-1]
        )
        value, slope = surprise(spread, target)
        down = np.concatenate([scale * (turned @ slope.astype(np.float32)), priors.T @ slope, slope.sum(axis=0)[None]])
        pull = weights * tight
        return value + float((weights * pull).sum()) / 2, (down + pull).ravel()

    begin = np.zeros((len(tight), wide))
    if start is not None:
        begin = np.concatenate([start.words / scale, start.dense - believed, start.intercept[None]])
    weights = descend(loss, begin.ravel(), 10 * steps).reshape(-1, wide)
    return Linear(scale * weights[:count], weights[count:-1] + believed, weights[-1])
