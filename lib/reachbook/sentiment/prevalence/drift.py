"""What changed since the previous version: what people think, what words they use, or what the model makes of them.

The three are told apart by asking each where the others are held fixed: opinions by audited shares, whatever the model
does; words among comments of the same polarity; the model's answers among comments whose true polarity is the same.
"""

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

_PERMUTATIONS = 299
_MOST_TEXTS = 4000
Sample = tuple[list[str], np.ndarray, np.ndarray]


@dataclass(frozen=True)
class AuditedComments:
    """Comments of one version: texts and probabilities (texts, 3), and its random audit."""

    texts: Sequence[str]
    probabilities: np.ndarray
    audit_index: np.ndarray
    audit_labels: Labels


@dataclass(frozen=True)
class Drift:
    """What changed from the previous version to this one.

    prevalence : change of each share, with its interval; counted : what counting the model's answers would have said,
        shape (3,); the difference of the two is the change of the model's error
    vocabulary : Jensen-Shannon divergence (nats) of the terms within polarities, 0 for the same, beyond what chance
        gives; terms : those that moved most
    calibration : change of the mean probability of each class (column) among comments of each true polarity (row),
        shape (3, 3), NaN where a version has no label
    vocabulary_p, calibration_p : chance of as much under no change, by permutation within polarities
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
    def found(self) -> tuple[str, ...]:
        """Which of prevalence, vocabulary and calibration changed; false ones together at most 1 - level of the time.

        Five tests in all (three shares, words, calibration) share the level evenly (Bonferroni).
        """
        limit = (1 - self.level) / 5
        flags = {
            "prevalence": any(each.excludes(0) for each in self.prevalence.values()),
            "vocabulary": self.vocabulary_p <= limit,
            "calibration": self.calibration_p <= limit,
        }
        return tuple(name for name, changed in flags.items() if changed)


def drift(before: AuditedComments, after: AuditedComments, level: float = 0.95, seed: int = 1) -> Drift:
    """Compare two versions. Intervals of the shares hold for all three together at `level`, given the other tests."""
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
    """Divergence beyond chance, its p-value, and terms that moved."""
    texts, classes, new = sample
    names = mine(texts, most=300).names
    terms = present(texts, names)
    if not terms.names:
        raise DataError("texts: no term comes often enough to compare vocabularies. Give more comments.")
    observed = _divergence(terms.presence, classes, new)
    drawn = np.array([_divergence(terms.presence, classes, _shuffled(new, classes, rng)) for _ in range(_PERMUTATIONS)])
    p = (1 + (drawn >= observed).sum()) / (1 + _PERMUTATIONS)
    moved = associations(terms.presence, terms.names, new, ~new)
    return float(max(observed - drawn.mean(), 0)), float(p), moved[moved["significant"]].reset_index(drop=True)


def _sampled(versions: tuple[AuditedComments, AuditedComments], by_people: bool, rng: np.random.Generator) -> Sample:
    """At most 4,000 texts of each, the polarity by the model (or by people, of the audited), and if it is the newer."""
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
    """Jensen-Shannon divergence of term frequencies, averaged over the polarities by their comments."""
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
    """Change of the model's mean answer among audited comments of each true polarity, and its p-value."""
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
    """Squared changes, each polarity by its number of labels."""
    return float((np.nan_to_num(moves) ** 2).sum(axis=1) @ np.bincount(truth, minlength=3))


def _shuffled(new: np.ndarray, classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Versions dealt out anew within each class."""
    mixed = new.copy()
    for k in np.unique(classes):
        here = np.flatnonzero(classes == k)
        mixed[here] = new[rng.permutation(here)]
    return mixed
