"""The domain gate: whether texts are similar enough to those that a model was trained on."""

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
from reachbook.presentation.numbers import number
from reachbook.sentiment.classifier.calibration import Reliability, reliability
from reachbook.sentiment.classifier.tfidf import weighing
from reachbook.sentiment.text.features import counts, slots
from reachbook.sentiment.text.folding import Batch, fold
from reachbook.sentiment.text.labels import codes
from reachbook.translation import mark, sentences, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reachbook.sentiment.classifier.model import Model

    Floats = NDArray[np.float64]

SAMPLE_SIZE = 2000
AUC_LIMIT = 0.65
"""Largest area under the curve of a classifier between target and training texts for the two to pass as alike."""
SHIFT_LIMIT = 0.05
"""Largest change of a share by expectation maximisation, a ratio. Texts of the same kind with another balance of
polarities look alike, and calibrated probabilities get exactly this balance wrong.
"""
COVERAGE_LIMIT = 0.6
ERROR_LIMIT = 0.05
AUDIT_ENOUGH = 100
_FEWEST = 20
_FEW_LEARNT = mark("There are {n} texts to learn from that hold anything to read; {least} are needed to compare.")
_FEW_JUDGED = mark("There are {n} texts to judge that hold anything to read; {least} are needed to compare.")
_STEPS = 200


@dataclass(frozen=True)
class DomainGap:
    """How far the target texts differ from the training texts.

    Attributes
    ----------
    auc : float
        Area under the curve of a classifier between both: .5 is alike, 1 is always distinguishable.
    p : float
        Probability of an area at least as large if both were the same.
    coverage : float
        Share of the target's character bigrams and words that occur in the training texts.
    audit : Reliability or None
        Stated against true probability on the audit sample; None without one.
    labels : int
        Size of the audit sample.
    shift : float or None
        Largest difference, over the polarities, between the estimated share and the mean probability, caused by another
        balance of polarities in the target; a ratio, None without a model.

    Notes
    -----
    The limits come from labelled sets (`benchmarks/sentiment/gate.py`), by the error of the share of negatives without
    any audit. They were chosen on 63 pairs of categories of shopping reviews. The 7 halves of one category have areas
    of .48 to .53 and shifts of at most .007, and errors of at most 1.3 points; other categories have areas from .95 and
    errors of 0 to 22; halves with another balance of polarities have areas of .61 to .67, shifts of .054 to .078, and
    errors of 4 to 8. So every pair that passes has an error below 5 points, and most of the refused pairs with small
    errors owe these to chance, because all categories have half negatives. On 52 pairs of other sets the 4 halves pass
    (errors of at most 2.2), and all others are refused: food delivery to Weibo posts (area 1.00, vocabulary 35 %, error
    21), the simulated brand with 15 % negatives (area .53, shift .090, error 8), with 80 % (shift .202, error 22).
    Between areas of .53 and .83 there were only pairs with another balance; .65 is reached where three in ten texts are
    foreign and the others alike.
    """

    auc: float
    p: float
    coverage: float
    audit: Reliability | None
    labels: int
    shift: float | None = None

    @property
    def same_domain(self) -> bool:
        """Whether the model may be applied to the target as it is."""
        return self.near and not self.tilted

    @property
    def near(self) -> bool:
        """Whether the words of both are within the limits, whatever the balance of polarities."""
        return self.auc <= AUC_LIMIT and self.coverage >= COVERAGE_LIMIT

    @property
    def tilted(self) -> bool:
        """Whether the balance of polarities seems to differ by more than the limit."""
        return self.shift is not None and self.shift > SHIFT_LIMIT

    @property
    def passed(self) -> bool:
        """Whether shares may be stated: the texts are alike, or an audit sample is there to correct them."""
        return self.same_domain or self.labels >= AUDIT_ENOUGH

    @property
    def calibrated(self) -> bool | None:
        """Whether stated probabilities hold on the audit sample, allowing for chance; None without one."""
        if self.audit is None or self.labels < _FEWEST:
            return None
        return self.audit.error <= self.error_limit

    @property
    def error_limit(self) -> float:
        """Largest calibration error that counts as none, a ratio: the limit, and what so few labels give by chance."""
        return ERROR_LIMIT + 1 / sqrt(self.labels)

    def describe(self) -> str:
        """Describe the result, and what to do where the gate fails."""
        if self.passed:
            return sentences(self._seen(), self._less_well())
        few = tr(
            "{labels} comments read by people are too few to correct the shares, so none is stated. {need} comments "
            "read at random give each share within 5 points, {many:,} within 2.",
            labels=self.labels,
            need=labels_needed(0.05),
            many=labels_needed(0.02),
        )
        return sentences(self._seen(), few)

    def _less_well(self) -> str:
        """What texts that are not of the same kind mean for the answer; "" where they are."""
        if self.same_domain:
            return ""
        return tr(
            "The shares hold, because comments read by people correct them; single comments, as in lists and alarms, "
            "are told less well than in the model's tests."
        )

    def _seen(self) -> str:
        how = tr(
            "{auc:.2f}; 0.50 is alike, more than {limit} too different; {coverage:.0%} of their words and pairs of "
            "characters are known",
            auc=self.auc,
            limit=AUC_LIMIT,
            coverage=self.coverage,
        )
        balance = {"how": how, "points": number(self.shift or 0.0, "points"), "most": number(SHIFT_LIMIT, "points")}
        if self.near and self.tilted:
            return tr(
                "The comments are worded much like the texts that the model learnt from ({how}), but their balance of "
                "negative and positive seems to differ by {points} (at most {most}).",
                **balance,
            )
        if self.near:
            return tr("The comments read like the texts that the model learnt from ({how}).", how=how)
        told = tr("The comments do not read like the texts that the model learnt from ({how}).", how=how)
        if not self.tilted:
            return told
        return sentences(
            told,
            tr("Their balance of negative and positive seems to differ, too, by {points}.", points=balance["points"]),
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
    """Compare target texts with training texts by a classifier two-sample test.

    Raises
    ------
    DataError
        Either side has fewer than 20 texts with something to read, or the labels do not fit the audit texts.

    References
    ----------
    Lopez-Paz & Oquab (2017), "Revisiting classifier two-sample tests".
    """
    rng = np.random.default_rng([seed, 33])
    drawn = [_sample(each, rng, few) for each, few in ((trained_on, _FEW_LEARNT), (target, _FEW_JUDGED))]
    first, second = (fold(each) for each in drawn)
    apart, p = _separability(first, second, seed)
    asked = list(audit_texts)
    coded = codes(audit_labels, len(asked))
    audit = reliability(model.predict_proba(asked), coded) if model is not None and asked else None
    shift = None if model is None else _shift(model, *drawn)
    return DomainGap(apart, p, _coverage(first, second), audit, len(asked), shift)


def _shift(model: Model, first: list[object], second: list[object]) -> float:
    """Largest difference between mean probability and the share estimated by expectation maximisation.

    References
    ----------
    Saerens et al. (2002), "Adjusting the outputs of a classifier to new a priori probabilities".
    """
    before, there = (model.predict_proba(each) for each in (first, second))
    prior = before.mean(axis=0)
    ratio = np.divide(there, prior, out=np.zeros_like(there), where=prior > 0)
    shares = prior.copy()
    for _ in range(_STEPS):
        joint = ratio * shares
        shares = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return float(np.abs(shares - there.mean(axis=0)).max())


def _sample(texts: Iterable[object], rng: np.random.Generator, few: str) -> list[object]:
    """Draw at most ASKED of the texts that have something to read.

    Raises
    ------
    DataError
        There are too few.
    """
    given = list(texts)
    rows = np.flatnonzero(fold(given).lengths > 0)
    if len(rows) < _FEWEST:
        raise DataError("texts: " + tr(few, n=len(rows), least=_FEWEST))
    return [given[row] for row in np.sort(rng.permutation(rows)[:SAMPLE_SIZE])]


def _separability(first: Batch, second: Batch, seed: int) -> tuple[float, float]:
    """(area under the curve, p) of a cross-validated linear classifier between two batches."""
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
    """Number of random audit labels for an interval of a share with the given half width.

    Parameters
    ----------
    half_width : float
        Half width, a ratio.
    share : float
        The share itself; .5 needs most labels.
    explained : float
        Squared correlation between the labels and the model's probabilities, by which prediction-powered inference
        reduces the variance.
    level : float
        Level of the interval.

    Raises
    ------
    ValueError
        `half_width` or `level` is not between 0 and 1, or `explained` is not at least 0 and below 1.

    References
    ----------
    Angelopoulos et al. (2023), "Prediction-powered inference".
    """
    if not (0 < half_width < 1 and 0 <= explained < 1 and 0 < level < 1):
        raise ValueError("half_width and level must lie between 0 and 1, explained from 0 to below 1")
    z = float(norm.isf((1 - level) / 2))
    return ceil(z**2 * share * (1 - share) * (1 - explained) / half_width**2)


def half_width(labels: int, share: float = 0.5, explained: float = 0.0, level: float = 0.95) -> float:
    """Half width, a ratio, of a share's interval from `labels` random audit labels; the inverse of `labels_needed`."""
    return float(norm.isf((1 - level) / 2)) * sqrt(share * (1 - share) * (1 - explained) / max(labels, 1))
