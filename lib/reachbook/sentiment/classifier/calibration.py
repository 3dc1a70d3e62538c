"""Calibration of probabilities: learned on texts that a model has not seen, and measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """Probabilities from the log-odds of one or more judges: a slope for each judge, a shift for each class.

    Platt scaling for several classes, in between temperature and vector scaling (Guo et al., 2017); with several
    judges it is stacking (Wolpert, 1992). slopes : (judges,); shift : (classes,)
    """

    slopes: Floats
    shift: Floats

    def __call__(self, logits: Floats) -> Floats:
        """Probabilities, shape (texts, classes), rows summing to 1, from `logits` of shape (judges, texts, classes)."""
        return np.asarray(softmax(_mixed(self.slopes, logits) + self.shift, axis=1))


def _mixed(slopes: Floats, logits: Floats) -> Floats:
    return np.asarray((slopes[:, None, None] * logits).sum(axis=0))


def scaling(logits: Floats, target: NDArray[np.int64]) -> Scaling:
    """Scaling of least log loss, held near the plain mean of the judges by a penalty worth about one text.

    logits : (judges, texts, classes), of judges that have not seen these texts; target : (texts,) class index
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

    stated, true : mean stated probability and share of hits in each bin; count : predictions in it, all (bins,)
    """

    stated: Floats
    true: Floats
    count: NDArray[np.int64]

    @property
    def error(self) -> float:
        """Expected calibration error: mean distance of stated from true, weighed by count (a ratio)."""
        if not self.count.sum():
            return float("nan")
        return float((self.count * np.abs(self.stated - self.true)).sum() / self.count.sum())

    def describe(self) -> str:
        """One sentence."""
        return f"Stated and true probability differ by {self.error:.1%} on average over {self.count.sum():,} texts."


def reliability(probabilities: Floats, target: NDArray[np.int64], bins: int = 15) -> Reliability:
    """Reliability of the top class's probability, in bins of equal width between 0 and 1 (Naeini et al., 2015).

    probabilities : (texts, classes), rows summing to 1; target : (texts,) class index
    """
    top = probabilities.max(axis=1)
    hit = probabilities.argmax(axis=1) == target
    which = np.minimum((top * bins).astype(np.int64), bins - 1)
    count = np.bincount(which, minlength=bins)
    held = np.maximum(count, 1)
    stated, true = (np.bincount(which, weights=each, minlength=bins) / held for each in (top, hit.astype(float)))
    seen = count > 0
    return Reliability(stated[seen], true[seen], count[seen])
