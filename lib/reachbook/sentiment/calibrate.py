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
    """Probabilities from log-odds: one slope for all classes, a shift for each.

    Platt scaling for several classes, in between temperature and vector scaling (Guo et al., 2017).
    """

    slope: float
    shift: Floats

    def __call__(self, logits: Floats) -> Floats:
        """Probabilities, shape of `logits`, rows summing to 1."""
        return np.asarray(softmax(self.slope * logits + self.shift, axis=1))


def scaling(logits: Floats, target: NDArray[np.int64]) -> Scaling:
    """Scaling of least log loss, held near "as it is" by a penalty worth about one text.

    logits : (texts, classes), of models that have not seen these texts; target : (texts,) class index
    """
    rows, classes = np.arange(len(target)), logits.shape[1]

    def loss(x: Floats) -> float:
        log = log_softmax(np.exp(x[0]) * logits + x[1:], axis=1)
        return float(-log[rows, target].sum() + (x**2).sum())

    found = minimize(loss, np.zeros(1 + classes), method="L-BFGS-B").x
    return Scaling(float(np.exp(found[0])), found[1:])


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
