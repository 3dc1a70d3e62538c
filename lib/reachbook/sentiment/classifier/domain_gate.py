"""The domain gate: are the texts to be judged like the texts that a model learnt from?

Its limits come from labelled sets (`benchmarks/sentiment/gate.py`), by the error of the share of negatives without any
audit. Chosen on 63 pairs of categories of shopping reviews: the 7 halves of one category have areas of .48 to .53 and
shifts of at most .007, and are off by at most 1.3 points; other categories have areas from .95 and are off by 0 to 22;
halves with another balance of polarities have areas of .61 to .67 and shifts of .054 to .078, and are off by 4 to 8. So
every pair that passes is off by less than 5 points, and most of those refused that would have been near are near by
the luck that all categories have half negatives. On 52 pairs of other sets the 4 halves pass (off by at most 2.2), and
all others are refused: food delivery to Weibo posts (area 1.00, vocabulary 35 %, off by 21), the simulated brand with
15 % negatives (area .53, shift .090, off by 8), with 80 % (shift .202, off by 22). Between areas of .53 and .83 there
were only pairs with another balance; .65 is where three in ten texts are foreign and the others alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from reachbook.errors import DataError
from reachbook.sentiment.classifier.calibration import Reliability, reliability
from reachbook.sentiment.classifier.tfidf import weighing
from reachbook.sentiment.text.features import counts, slots
from reachbook.sentiment.text.folding import Batch, fold
from reachbook.sentiment.text.labels import codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reachbook.sentiment.classifier.model import Model

    Floats = NDArray[np.float64]

ASKED = 2000
APART_LIMIT = 0.65
"""Largest area under the curve of a judge that tells target from training texts, for them to pass as alike."""
SHIFT_LIMIT = 0.05
"""Largest change of a share by expectation and maximisation (a ratio). Texts of the same kind with another balance of
polarities look alike, and calibrated probabilities get just this balance wrong."""
COVERAGE_LIMIT = 0.6
ERROR_LIMIT = 0.05
AUDIT_ENOUGH = 100
_FEWEST = 20
_STEPS = 200


@dataclass(frozen=True)
class DomainGap:
    """How like the training texts the target texts are.

    apart : area under the curve of a classifier between both, .5 is alike, 1 is told apart always
    p : probability of such a value or more were both the same
    coverage : share of the target's pairs of characters and words that occur in the training texts (a ratio)
    audit : stated against true probability on the audit sample, None where there is none
    labels : size of the audit sample
    shift : how far the share of a polarity seems to lie from the mean probability because the target has another
        balance of polarities (a ratio, the largest of the three); None without a model
    """

    apart: float
    p: float
    coverage: float
    audit: Reliability | None
    labels: int
    shift: float | None = None

    @property
    def alike(self) -> bool:
        """The target may be read with this model as it is."""
        near = self.apart <= APART_LIMIT and self.coverage >= COVERAGE_LIMIT
        return near and (self.shift is None or self.shift <= SHIFT_LIMIT)

    @property
    def passed(self) -> bool:
        """Shares may be stated: the texts are alike, or an audit sample is there to correct with."""
        return self.alike or self.labels >= AUDIT_ENOUGH

    @property
    def calibrated(self) -> bool | None:
        """Whether stated probabilities hold on the audit sample, beyond what chance explains; None without one."""
        if self.audit is None or self.labels < _FEWEST:
            return None
        return self.audit.error <= ERROR_LIMIT + 1 / sqrt(self.labels)

    def describe(self) -> str:
        """What holds, and what to do where it does not."""
        how = (
            f"a classifier tells the two apart with an area under the curve of {self.apart:.2f}, where .5 is not at "
            f"all and more than {APART_LIMIT} is too well; {self.coverage:.0%} of the comments' words and pairs of "
            "characters occur there"
        )
        if self.shift is not None and self.shift > SHIFT_LIMIT:
            how += f"; the balance of polarities seems to differ by {self.shift * 100:.0f} points"
        if self.alike:
            return f"The comments read like the texts that the model learnt from ({how})."
        if self.passed:
            return (
                f"The comments do not read like the texts that the model learnt from ({how}): it tells single comments "
                "less well than it was tested to."
            )
        need = labels_needed(0.05)
        return (
            f"The comments do not read like the texts that the model learnt from ({how}), and {self.labels} comments "
            f"read by people are too few to correct the shares, so none is stated. {need} labels of comments drawn at "
            f"random give each share within 5 points, {labels_needed(0.02)} within 2."
        )


def domain(
    trained_on: Iterable[object],
    target: Iterable[object],
    *,
    model: Model | None = None,
    audit_texts: Iterable[object] = (),
    audit_labels: Iterable[object] = (),
    seed: int = 1,
) -> DomainGap:
    """Compare target with training texts (classifier two-sample test, Lopez-Paz & Oquab, 2017).

    Raises DataError if either side has fewer than 20 texts with something to read, or labels do not fit the audit.
    """
    rng = np.random.default_rng([seed, 33])
    drawn = [_sample(each, rng, what) for each, what in ((trained_on, "training"), (target, "target"))]
    first, second = (fold(each) for each in drawn)
    apart, p = _judge(first, second, seed)
    asked = list(audit_texts)
    coded = codes(audit_labels, len(asked))
    audit = reliability(model.predict_proba(asked), coded) if model is not None and asked else None
    shift = None if model is None else _shift(model, *drawn)
    return DomainGap(apart, p, _coverage(first, second), audit, len(asked), shift)


def _shift(model: Model, first: list[object], second: list[object]) -> float:
    """Largest distance between mean probability and share by expectation and maximisation (Saerens et al. 2002)."""
    before, there = (model.predict_proba(each) for each in (first, second))
    prior = before.mean(axis=0)
    ratio = np.divide(there, prior, out=np.zeros_like(there), where=prior > 0)
    shares = prior.copy()
    for _ in range(_STEPS):
        joint = ratio * shares
        shares = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return float(np.abs(shares - there.mean(axis=0)).max())


def _sample(texts: Iterable[object], rng: np.random.Generator, what: str) -> list[object]:
    """At most ASKED of the texts that have something to read."""
    given = list(texts)
    rows = np.flatnonzero(fold(given).lengths > 0)
    if len(rows) < _FEWEST:
        raise DataError(f"There are {len(rows)} {what} texts with something to read; {_FEWEST} are needed to compare.")
    return [given[row] for row in np.sort(rng.permutation(rows)[:ASKED])]


def _judge(first: Batch, second: Batch, seed: int) -> tuple[float, float]:
    """(area under the curve, p) of a cross-validated linear judge between two batches."""
    both = sparse.csr_array(sparse.vstack([counts(first), counts(second)]))
    side = np.repeat([0, 1], [len(first), len(second)])
    features = weighing(both)(both)
    splits = StratifiedKFold(2, shuffle=True, random_state=seed)
    judge = LogisticRegression(C=1.0, class_weight="balanced", max_iter=100)
    score = cross_val_predict(judge, features, side, cv=splits, method="decision_function")
    area = float(roc_auc_score(side, score))
    m, n = len(first), len(second)
    return area, float(norm.sf((area - 0.5) / sqrt((m + n + 1) / (12 * m * n))))


def _coverage(first: Batch, second: Batch) -> float:
    known = np.unique(_vocabulary(first))
    there = _vocabulary(second)
    return float(np.isin(there, known).mean()) if len(there) else 0.0


def _vocabulary(batch: Batch) -> NDArray[np.int64]:
    grams, _, words, _ = slots(batch)
    return np.concatenate([grams[1][grams[1] > 0], words])


def labels_needed(half_width: float, share: float = 0.5, explained: float = 0.0, level: float = 0.95) -> int:
    """Random audit labels for a share within `half_width` either way.

    share : the share itself, .5 is the hardest; explained : share of the labels' variance that the model's
    probabilities explain (squared correlation), which prediction-powered inference saves (Angelopoulos et al., 2023)

    Raises ValueError outside 0 < half_width < 1 and 0 <= explained < 1.
    """
    if not (0 < half_width < 1 and 0 <= explained < 1 and 0 < level < 1):
        raise ValueError("half_width and level must lie between 0 and 1, explained from 0 to below 1")
    z = float(norm.isf((1 - level) / 2))
    return ceil(z**2 * share * (1 - share) * (1 - explained) / half_width**2)


def half_width(labels: int, share: float = 0.5, explained: float = 0.0, level: float = 0.95) -> float:
    """What `labels` random audit labels buy: the half width of a share's interval (a ratio)."""
    return float(norm.isf((1 - level) / 2)) * sqrt(share * (1 - share) * (1 - explained) / max(labels, 1))
