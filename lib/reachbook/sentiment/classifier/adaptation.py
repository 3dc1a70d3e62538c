"""Adaptation of a model's probabilities to the study's texts by means of the audit labels, with cross-fitting."""

from collections.abc import Iterable
from itertools import batched

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from reachbook.errors import DataError
from reachbook.sentiment.classifier.logistic import Linear, fit
from reachbook.sentiment.text import slang as tables
from reachbook.sentiment.text.features import counts
from reachbook.sentiment.text.folding import fold
from reachbook.sentiment.text.labels import Labels, audited, checked_probabilities, label_codes
from reachbook.sentiment.text.opinion import opinions
from reachbook.translation import tr

TOPICS = 50
FOLDS = 5
_FEWEST = 40
"""Smallest number of labels for adaptation; below, the model's probabilities stay as they are."""
_LEARNT_ON = 20_000
_SELDOM = 10
_CHUNK = 8192
_FLOOR = 1e-3
_STRENGTH = 0.2
_STEPS = 10
_SEED = 20_240_602


def clues(texts: Iterable[object], platforms: Iterable[object] | None = None) -> np.ndarray:
    """Features that may indicate polarity, computed without labels or a model.

    Returns
    -------
    float64 array (texts, d)
        Standardised slang and emoticons, length, and topics: the leading directions of the weighted n-grams (latent
        semantic analysis), learned on at most 20,000 of the texts.

    Raises
    ------
    DataError
        There are no texts.
    """
    given = list(texts)
    where = None if platforms is None else list(platforms)
    if not given:
        raise DataError("texts: " + tr("there are none to learn from. Give at least one."))
    rows = np.sort(np.random.default_rng(_SEED).permutation(len(given))[:_LEARNT_ON])
    held = sparse.csr_array(counts(opinions(fold([given[row] for row in rows]))))
    frequency = np.bincount(held.indices, minlength=held.shape[1])
    slots = np.flatnonzero(frequency >= min(_SELDOM, max(2, len(rows) // 20)))
    weight = np.log((1 + len(rows)) / (1 + frequency[slots])) + 1
    directions = _directions(_scaled(held, slots, weight))
    parts = []
    for chunk in batched(range(len(given)), _CHUNK, strict=False):
        batch = opinions(fold([given[row] for row in chunk]))
        said = tables.tables().features(batch, None if where is None else [where[row] for row in chunk])
        topics = _scaled(sparse.csr_array(counts(batch)), slots, weight) @ directions.T
        parts.append(np.column_stack([said, np.log1p(batch.lengths), topics]))
    found = np.concatenate(parts)
    deviation = found.std(axis=0)
    # Topics keep their relation to each other: those that say more of the texts may say more of the polarity.
    deviation[3:] = max(deviation[3:].max(initial=0), 1e-9)
    return np.asarray((found - found.mean(axis=0)) / np.maximum(deviation, 1e-9))


def _directions(features: sparse.csr_array) -> np.ndarray:
    size = min(TOPICS, min(features.shape) - 1)
    if size < 1:
        return np.zeros((0, features.shape[1]))
    return np.asarray(randomized_svd(features, size, n_iter=4, random_state=_SEED)[2])


def _scaled(held: sparse.csr_array, slots: npt.NDArray[np.int64], weight: np.ndarray) -> sparse.csr_array:
    """Presence of each slot times its weight, each text scaled to unit length."""
    known = sparse.csr_array(held[:, slots], copy=True)
    known.data = np.ones_like(known.data)
    known = sparse.csr_array(known @ sparse.diags_array(weight))
    length = np.sqrt(known.power(2).sum(axis=1))
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-9)) @ known)


def adapted(
    probabilities: np.ndarray,
    known: np.ndarray,
    audit_index: npt.ArrayLike,
    audit_labels: Labels,
    seed: int = 1,
) -> np.ndarray:
    """Adapt probabilities to the audit labels, for `prevalence(..., adapted=...)`.

    Parameters
    ----------
    probabilities : float64 array (texts, 3)
        The model's probabilities.
    known : float64 array (texts, d)
        Features from `clues`.
    audit_index : int array (labels,)
        Positions of the audited texts.
    audit_labels : Labels
        Their labels.

    Returns
    -------
    float64 array (texts, 3)
        Those of audited texts come from fits without their label. The input is returned unchanged where there are fewer
        than 40 labels, where nearly all labels are equal, or where the adapted probabilities do not explain more of the
        labels' variance.

    Raises
    ------
    DataError
        The arrays do not fit together.

    Notes
    -----
    A model from elsewhere knows little about new texts, and the less it knows the wider the intervals of shares. A
    small regression starts from the model's log probabilities and learns what the texts' own topics add. Because
    audited texts are predicted by fits that have not seen their labels, `prevalence` remains valid with these
    probabilities.

    References
    ----------
    Zrnic & Candès (2024), "Cross-prediction-powered inference".
    """
    p = checked_probabilities(probabilities)
    where = audited(audit_index, len(p))
    labels = label_codes(audit_labels, len(where))
    counted = np.bincount(labels, minlength=3)
    if len(known) != len(p):
        raise DataError(
            "clues: "
            + tr("{rows:,} rows for {texts:,} texts. Give the clues of the same texts.", rows=len(known), texts=len(p))
        )
    if len(where) < _FEWEST or np.sort(counted)[-2] < FOLDS:
        return p
    fold_of = _dealt(labels, np.random.default_rng([seed, 12]))
    answers = np.log(np.maximum(p, _FLOOR))
    total, own = np.zeros_like(p), np.zeros((len(where), 3))
    for number in range(FOLDS):
        train, asked = fold_of != number, fold_of == number
        linear = _fitted(answers[where[train]], known[where[train]], labels[train])
        chances = _chances(linear, answers, known)
        total += chances / FOLDS
        own[asked] = chances[where[asked]]
    total[where] = own
    return total if _explained(own, labels) > _explained(p[where], labels) else p


def _explained(answers: np.ndarray, labels: npt.NDArray[np.int64]) -> float:
    """Variance of the labels explained by a linear function of the probabilities, summed over the polarities."""
    truth = np.eye(3)[labels]
    answers, truth = answers - answers.mean(axis=0), truth - truth.mean(axis=0)
    together, own = (answers * truth).sum(axis=0), (answers**2).sum(axis=0)
    return float((np.clip(together, 0, None) ** 2 / np.maximum(own, 1e-9)).sum())


def _dealt(labels: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Fold of each label, int64 array (labels,), with every polarity spread evenly."""
    order = np.lexsort([rng.random(len(labels)), labels])
    fold_of = np.empty(len(labels), dtype=np.int64)
    fold_of[order] = np.arange(len(labels)) % FOLDS
    return fold_of


def _fitted(answers: np.ndarray, known: np.ndarray, labels: npt.NDArray[np.int64]) -> Linear:
    """Fit around the prior that the model's log-odds hold as they are and the clues contribute nothing."""
    return fit(sparse.csr_array(known), answers, labels, np.ones((known.shape[1], 3)), np.eye(3), _STRENGTH, _STEPS)


def _chances(linear: Linear, answers: np.ndarray, known: np.ndarray) -> np.ndarray:
    odds = known @ linear.words + answers @ linear.dense + linear.intercept
    odds = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
