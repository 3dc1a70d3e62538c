"""Calibration of probabilities on texts that a model has not seen, and its measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from reachbook.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """Probabilities from the log-odds of several classifiers: one slope for each classifier, one shift for each class.

    Attributes
    ----------
    slopes : float64 array (classifiers,)
    shift : float64 array (classes,)

    Notes
    -----
    It is Platt scaling for several classes, between temperature and vector scaling; with several classifiers it is
    stacking.

    References
    ----------
    Guo et al. (2017), "On calibration of modern neural networks". Wolpert (1992), "Stacked generalization".
    """

    slopes: Floats
    shift: Floats

    def __call__(self, logits: Floats) -> Floats:
        """Convert log-odds to probabilities.

        Parameters
        ----------
        logits : float64 array (classifiers, texts, classes)
            Log-odds.

        Returns
        -------
        float64 array (texts, classes)
            Rows sum to 1.
        """
        return np.asarray(softmax(_mixed(self.slopes, logits) + self.shift, axis=1))


def _mixed(slopes: Floats, logits: Floats) -> Floats:
    return np.asarray((slopes[:, None, None] * logits).sum(axis=0))


def scaling(logits: Floats, target: NDArray[np.int64]) -> Scaling:
    """Fit the scaling with the least log loss, shrunk towards the plain mean of the classifiers by the weight of one
    text.

    Parameters
    ----------
    logits : float64 array (classifiers, texts, classes)
        Log-odds from classifiers that have not seen these texts.
    target : int64 array (texts,)
        Class of each text.
    """
    judges, texts, classes = logits.shape
    rows = np.arange(texts)

    def loss(x: Floats) -> float:
        log = log_softmax(_mixed(np.exp(x[:judges]) / judges, logits) + x[judges:], axis=1)
        return float(-log[rows, target].sum() + (x**2).sum())

    found = minimize(loss, np.zeros(judges + classes), method="L-BFGS-B").x
    return Scaling(np.exp(found[:judges]) / judges, found[judges:])


@dataclass(frozen=True)
class Reliability:
    """How often a stated probability comes true, in bins of the stated probability.

    Attributes
    ----------
    stated : float64 array (bins,)
        Mean stated probability.
    true : float64 array (bins,)
        Share of correct predictions.
    count : int64 array (bins,)
        Number of predictions.
    """

    stated: Floats
    true: Floats
    count: NDArray[np.int64]

    @property
    def error(self) -> float:
        """Expected calibration error: mean |stated - true| weighted by count, a ratio; nan without predictions."""
        if not self.count.sum():
            return float("nan")
        return float((self.count * np.abs(self.stated - self.true)).sum() / self.count.sum())

    def describe(self) -> str:
        """Describe the calibration error in one sentence."""
        return tr(
            "Stated and true probability differ by {error:.1%} on average over {texts:,} texts.",
            error=self.error,
            texts=self.count.sum(),
        )


def reliability(probabilities: Floats, target: NDArray[np.int64], bins: int = 15) -> Reliability:
    """Reliability of the top class's probability, in bins of equal width between 0 and 1.

    Parameters
    ----------
    probabilities : float64 array (texts, classes)
        Rows sum to 1.
    target : int64 array (texts,)
        Class of each text.

    References
    ----------
    Naeini et al. (2015), "Obtaining well calibrated probabilities using Bayesian binning".
    """
    top = probabilities.max(axis=1)
    hit = probabilities.argmax(axis=1) == target
    which = np.minimum((top * bins).astype(np.int64), bins - 1)
    count = np.bincount(which, minlength=bins)
    held = np.maximum(count, 1)
    stated, true = (np.bincount(which, weights=each, minlength=bins) / held for each in (top, hit.astype(float)))
    seen = count > 0
    return Reliability(stated[seen], true[seen], count[seen])
