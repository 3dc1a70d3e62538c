"""Changes since the previous version: in opinions, in vocabulary, or in the model's predictions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.errors import DataError
from reachbook.sentiment.aspects.log_odds import associations
from reachbook.sentiment.aspects.terms import mine, present
from reachbook.sentiment.prevalence.shares import prevalence
from reachbook.sentiment.text.labels import POLARITIES, Labels, checked_probabilities, label_codes
from reachbook.stats.intervals import Interval, difference
from reachbook.translation import tr

_PERMUTATIONS = 299
_MOST_TEXTS = 4000
Sample = tuple[list[str], np.ndarray, np.ndarray]


@dataclass(frozen=True)
class AuditedComments:
    """Comments of one version.

    Attributes
    ----------
    texts : sequence of str
        The comments.
    probabilities : float64 array (texts, 3)
        Negative, neutral, positive.
    audit_index : int array (labels,)
        Positions of the random audit.
    audit_labels : Labels
        Its labels.
    """

    texts: Sequence[str]
    probabilities: np.ndarray
    audit_index: np.ndarray
    audit_labels: Labels


@dataclass(frozen=True)
class Drift:
    """Changes from the previous version to this one.

    Attributes
    ----------
    prevalence : dict of str to Interval
        Change of each share, a ratio, with its interval, by polarity.
    counted : float64 array (3,)
        Change by counting the model's predictions; its difference from `prevalence` is the change of the model's error.
    vocabulary : float
        Jensen-Shannon divergence, in nats, of the terms within polarities, in excess of its mean under no change.
    terms : pandas.DataFrame
        Terms whose frequency changed significantly.
    calibration : float64 array (3, 3)
        Change of the mean probability of each class (column) among comments of each true polarity (row); nan where a
        version has no label.
    vocabulary_p, calibration_p : float
        Permutation p-values, within polarities.
    level : float
        Level of all five tests together.

    Notes
    -----
    Each change is measured with the others held fixed: opinions by audited shares, whatever the model does; vocabulary
    among comments of the same polarity; predictions among comments of the same true polarity.
    """

    prevalence: dict[str, Interval]
    counted: np.ndarray
    vocabulary: float
    vocabulary_p: float
    terms: pd.DataFrame
    calibration: np.ndarray
    calibration_p: float
    level: float

    @property
    def changed(self) -> tuple[str, ...]:
        """Which of prevalence, vocabulary and calibration changed.

        Notes
        -----
        The probability of any false one is at most 1 - level: five tests (three shares, vocabulary, calibration) share
        it evenly (Bonferroni).
        """
        limit = (1 - self.level) / 5
        flags = {
            "prevalence": any(each.excludes(0) for each in self.prevalence.values()),
            "vocabulary": self.vocabulary_p <= limit,
            "calibration": self.calibration_p <= limit,
        }
        return tuple(name for name, changed in flags.items() if changed)


def drift(before: AuditedComments, after: AuditedComments, level: float = 0.95, seed: int = 1) -> Drift:
    """Compare two versions.

    Raises
    ------
    DataError
        The audits cannot be used, or no term is frequent enough to compare vocabularies.

    Notes
    -----
    The intervals of the three shares and the two other tests hold jointly at `level`.
    """
    versions = (before, after)
    single = 1 - (1 - level) / 5
    old, new = (prevalence(v.probabilities, v.audit_index, v.audit_labels, single) for v in versions)
    rng = np.random.default_rng([seed, 9])
    calibration, calibration_p = _calibration(before, after, rng)
    shares = {name: difference(new.interval(name), old.interval(name)) for name in POLARITIES}
    # A model that answers otherwise, or other shares, sort the same words otherwise among the model's polarities; then
    # only people's labels can hold polarity fixed.
    by_people = calibration_p <= (1 - level) / 5 or any(each.excludes(0) for each in shares.values())
    distance, vocabulary_p, moved = _vocabulary(_sampled(versions, by_people, rng), rng)
    return Drift(
        prevalence=shares,
        counted=new.counted - old.counted,
        vocabulary=distance,
        vocabulary_p=vocabulary_p,
        terms=moved,
        calibration=calibration,
        calibration_p=calibration_p,
        level=level,
    )


def _vocabulary(sample: Sample, rng: np.random.Generator) -> tuple[float, float, pd.DataFrame]:
    """Divergence beyond chance, its p-value, and the terms that changed."""
    texts, classes, new = sample
    names = mine(texts, most=300).names
    terms = present(texts, names)
    if not terms.names:
        raise DataError(tr("texts: no term comes often enough to compare vocabularies. Give more comments."))
    observed = _divergence(terms.presence, classes, new)
    drawn = np.array([_divergence(terms.presence, classes, _shuffled(new, classes, rng)) for _ in range(_PERMUTATIONS)])
    p = (1 + (drawn >= observed).sum()) / (1 + _PERMUTATIONS)
    moved = associations(terms.presence, terms.names, new, ~new)
    return float(max(observed - drawn.mean(), 0)), float(p), moved[moved["significant"]].reset_index(drop=True)


def _sampled(versions: tuple[AuditedComments, AuditedComments], by_people: bool, rng: np.random.Generator) -> Sample:
    """Draw at most 4,000 texts of each version.

    Parameters
    ----------
    by_people : bool
        Whether to take audited texts and people's labels, in place of the model's predictions.

    Returns
    -------
    texts
        The texts.
    classes : int64 array (texts,)
        Polarity of each.
    new : bool array (texts,)
        Whether it is of the newer version.
    """
    texts: list[str] = []
    classes: list[np.ndarray] = []
    for version in versions:
        p = checked_probabilities(version.probabilities)
        rows = np.asarray(version.audit_index) if by_people else np.sort(rng.permutation(len(p))[:_MOST_TEXTS])
        texts.extend(version.texts[row] for row in rows)
        classes.append(label_codes(version.audit_labels) if by_people else p[rows].argmax(axis=1))
    new = np.repeat([False, True], [len(each) for each in classes])
    return texts, np.concatenate(classes), new


def _divergence(presence: np.ndarray, classes: np.ndarray, new: np.ndarray) -> float:
    """Jensen-Shannon divergence, in nats, of term frequencies, averaged over the polarities by number of comments."""
    total = 0.0
    for k in np.unique(classes):
        here = classes == k
        # A product with flags sums the rows without copying the matrix, which a thousand permutations would do.
        rows = [np.asarray((here & side).astype(float) @ presence).ravel() + 0.5 for side in (new, ~new)]
        one, two = (row / row.sum() for row in rows)
        middle = (one + two) / 2
        total += here.mean() * 0.5 * ((one * np.log(one / middle)).sum() + (two * np.log(two / middle)).sum())
    return float(total)


def _calibration(before: AuditedComments, after: AuditedComments, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Change of the model's mean probabilities among audited comments of each true polarity, and its p-value."""
    p = np.concatenate([checked_probabilities(v.probabilities)[v.audit_index] for v in (before, after)])
    truth = np.concatenate([label_codes(v.audit_labels) for v in (before, after)])
    new = np.repeat([False, True], [len(before.audit_index), len(after.audit_index)])
    observed = _moves(p, truth, new)
    drawn = [
        _size(_moves(p, truth, mixed), truth) for mixed in (_shuffled(new, truth, rng) for _ in range(_PERMUTATIONS))
    ]
    return observed, float((1 + (np.array(drawn) >= _size(observed, truth)).sum()) / (1 + _PERMUTATIONS))


def _moves(p: np.ndarray, truth: np.ndarray, new: np.ndarray) -> np.ndarray:
    moves = np.full((3, 3), np.nan)
    for k in range(3):
        first, second = p[(truth == k) & ~new], p[(truth == k) & new]
        if len(first) and len(second):
            moves[k] = second.mean(axis=0) - first.mean(axis=0)
    return moves


def _size(moves: np.ndarray, truth: np.ndarray) -> float:
    """Sum of squared changes, each true polarity weighted by its number of labels."""
    return float((np.nan_to_num(moves) ** 2).sum(axis=1) @ np.bincount(truth, minlength=3))


def _shuffled(new: np.ndarray, classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Permute versions within each class."""
    mixed = new.copy()
    for k in np.unique(classes):
        here = np.flatnonzero(classes == k)
        mixed[here] = new[rng.permutation(here)]
    return mixed
