"""Predict the polarity of every comment, none of them with a model that has seen its label."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.errors import DataError
from reachbook.sentiment.classifier.adaptation import adapted, clues
from reachbook.sentiment.classifier.calibration import Scaling, scaling
from reachbook.sentiment.classifier.embedding import available
from reachbook.sentiment.classifier.training import folds, train
from reachbook.sentiment.text.base_corpus import Corpus, reviews
from reachbook.sentiment.text.comments import Comments
from reachbook.sentiment.text.duplicates import Groups, groups
from reachbook.sentiment.text.folding import without_emoticons
from reachbook.sentiment.text.labels import codes
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from reachbook.sentiment.classifier.model import Model
    from reachbook.sentiment.spec import SentimentSpec

FOLDS = 5
_FEW = 3
"""Labels of the second polarity below which the model of the base corpus learns only the balance of polarities, not
words. With 10, as many draws of 200 labels with 5 % negatives fell on one side as on the other, and the share of
negatives that the model detected swung between 1 and 95 %.
"""


@dataclass(frozen=True)
class Predictions:
    """Comments with their predictions.

    Attributes
    ----------
    probabilities : float64 array (comments, 3)
        Negative, neutral, positive.
    audit, learning : int64 array (labels,) each
        Positions of the comments labelled at random, and of those chosen to learn from.
    groups : Groups
        Which comments repeat each other.
    base : Corpus or None
        Base corpus without copies of audited comments.
    base_copies : int
        Number of its texts removed as such copies.
    own, bare : float64 array (audit labels, 3)
        Cross-fitted probabilities of the random sample before adaptation: as written, and without emoticons.
    model : Model
        Trained on all labels; only for uses in which it is not compared with a label.
    leanings : float64 array (audit labels,) or None
        How much more negative each comment of the random sample seems than those outside it, in standard deviations of
        the latter, to the model of its fold, which has seen no label of these. None where the sample is everything.
    """

    comments: Comments
    probabilities: NDArray[np.float64]
    audit: NDArray[np.int64]
    learning: NDArray[np.int64]
    groups: Groups
    base: Corpus | None
    base_copies: int
    own: NDArray[np.float64]
    bare: NDArray[np.float64]
    model: Model
    leanings: NDArray[np.float64] | None = None

    @property
    def audit_labels(self) -> list[str]:
        """Labels of the random sample, in the order of `audit`."""
        return self.labels(self.audit)

    def labels(self, rows: NDArray[np.int64]) -> list[str]:
        """Labels of the comments at `rows`."""
        labels: list[str] = self.comments.frame["label"].iloc[rows].tolist()
        return labels

    @property
    def trained_on(self) -> list[str]:
        """Every text that the model was trained on."""
        own = self.comments.frame["text"].iloc[np.concatenate([self.audit, self.learning])].tolist()
        return [*(self.base.texts if self.base else ()), *own]

    def describe(self) -> str:
        """Describe the training data and the copies."""
        labels = len(self.audit) + len(self.learning)
        if self.base:
            learnt = tr(
                "The model learnt from {reviews:,} public reviews and {labels:,} labels of this study.",
                reviews=len(self.base.texts),
                labels=labels,
            )
        else:
            learnt = tr("The model learnt from {labels:,} labels of this study alone.", labels=labels)
        honest = tr("Comments read at random were judged by models that had not seen them.")
        return sentences(learnt, honest, self.groups.describe())


def check(comments: Comments, spec: SentimentSpec) -> None:
    """Check the comments before anything is trained.

    Raises
    ------
    DataError
        A brand has no comments, the embedding package is missing, or labels are too few without a base corpus.
    """
    for brand in (spec.brand, spec.compare_with):
        comments.of(brand)
    if spec.embedding != "none":
        available()
    rows = np.concatenate([comments.labelled("audit"), comments.labelled("learning")])
    if spec.base == "none":
        _teach(comments.frame["label"].iloc[rows].value_counts(), len(rows))


def _teach(counted: pd.Series, labels: int) -> None:
    """Check that labels suffice without a base corpus.

    Parameters
    ----------
    counted : pandas.Series
        Number of labels by polarity, in descending order.

    Raises
    ------
    DataError
        They are too few.
    """
    if len(counted) < 2 or counted.iloc[1] < _FEW:
        raise DataError(
            tr(
                "comments: {labels} labels of {polarities} polarities are too few to learn from, and there is no base "
                "corpus. Label at least {few} comments of two polarities, or set base: reviews.",
                labels=labels,
                polarities=len(counted),
                few=_FEW,
            )
        )


def classify(comments: Comments, spec: SentimentSpec, seed: int, cache: Path | None = None) -> Predictions:
    """Train on the base corpus and the labels, and predict every comment.

    Parameters
    ----------
    cache : Path or None
        Folder of trained models; None trains without a cache.

    Raises
    ------
    DataError
        There is nothing to learn from: no base corpus, and too few labels of two polarities.

    Notes
    -----
    The random sample that audits the model also trains it: it is divided into folds, each predicted by a model trained
    without it, and all other comments by the mean of these models.

    References
    ----------
    Zrnic & Candès (2024), "Cross-prediction-powered inference".
    """
    check(comments, spec)
    audit, learning = comments.labelled("audit"), comments.labelled("learning")
    texts = comments.frame["text"].to_numpy(dtype=object)
    whole = reviews() if spec.base == "reviews" else None
    base = whole.without(texts[audit]) if whole and len(audit) else whole
    grouped = groups(texts)
    school = _Trainer(comments, base, spec, seed, cache)
    fold_of = _dealt(comments.frame["label"].iloc[audit].tolist(), grouped.group[audit], len(grouped.first), seed)
    folds = FOLDS if len(audit) else 1
    p = np.zeros((len(texts), 3))
    models = [school.model(np.concatenate([audit[fold_of != each], learning])) for each in range(folds)]
    each_p = [model.predict_proba(texts, school.platforms) for model in models]
    for each_model in each_p:
        p += each_model / folds
    bare = np.zeros((len(audit), 3))
    for each, model in enumerate(models):
        rows, platforms = audit[fold_of == each], school.platforms[audit[fold_of == each]]
        p[rows] = model.predict_proba(texts[rows], platforms)
        bare[fold_of == each] = model.predict_proba(without_emoticons(texts[rows]), platforms)
    p = p / p.sum(axis=1, keepdims=True)
    own = p[audit]
    if len(audit):
        p = adapted(p, clues(texts, school.platforms), audit, comments.frame["label"].iloc[audit].tolist(), seed)
    gone = len(whole.texts) - len(base.texts) if whole and base else 0
    everything = school.model(np.concatenate([audit, learning]))
    leanings = _leanings([each[:, 0] for each in each_p], audit, fold_of)
    return Predictions(comments, p, audit, learning, grouped, base, gone, own, bare, everything, leanings)


def _leanings(
    negative: list[NDArray[np.float64]], audit: NDArray[np.int64], fold_of: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    """See `Predictions.leanings`.

    Parameters
    ----------
    negative : list of float64 array (comments,)
        Probability of negative by the model of each fold.
    """
    others = np.setdiff1d(np.arange(len(negative[0])), audit)
    if not len(others):
        return None
    leanings = np.zeros(len(audit))
    for each, values in enumerate(negative):
        rows = fold_of == each
        leanings[rows] = (values[audit[rows]] - values[others].mean()) / max(values[others].std(), 1e-9)
    return leanings


def _dealt(labels: list[str], group: NDArray[np.int64], groups: int, seed: int) -> NDArray[np.int64]:
    """Fold of each audited comment: copies stay together, and polarities are spread evenly where there are enough."""
    rng = np.random.default_rng([seed, 35])
    dealt = folds(codes(labels), np.unique(group, return_inverse=True)[1], FOLDS, rng) if labels else None
    return np.asarray(rng.permutation(groups)[group] % FOLDS) if dealt is None else dealt


def _balanced(model: Model, texts: list[str], labels: list[str], platforms: list[str]) -> Model:
    """Rescale `model` to the balance and certainty that some labels show; its word weights stay."""
    coded = codes(labels)
    known = np.isin(coded, model.classes)
    if not known.any():
        return model
    p = model.predict_proba(texts, platforms)[known][:, model.classes]
    found = scaling(np.log(np.maximum(p, 1e-9))[None], np.searchsorted(model.classes, coded[known]))
    slope, shift = found.slopes[0], model.scaling.shift
    return replace(model, scaling=Scaling(model.scaling.slopes * slope, shift * slope + found.shift))


@dataclass(frozen=True)
class _Trainer:
    """Trains models on the base corpus and some of the labelled comments."""

    comments: Comments
    base: Corpus | None
    spec: SentimentSpec
    seed: int
    cache: Path | None

    @property
    def platforms(self) -> NDArray[np.object_]:
        return self.comments.frame["platform"].to_numpy(dtype=object)

    def model(self, rows: NDArray[np.int64]) -> Model:
        """Train on the comments at `rows` and the base corpus; with too few labels only rescale the base model."""
        frame = self.comments.frame.iloc[np.sort(rows)]
        embedding = None if self.spec.embedding == "none" else self.spec.embedding
        counted = frame["label"].value_counts()
        texts, labels, platforms = (frame[name].tolist() for name in ("text", "label", "platform"))
        if len(counted) >= 2 and counted.iloc[1] >= _FEW:
            return train(
                texts,
                labels,
                platforms=platforms,
                seed=self.seed,
                base=self.base,
                embedding=embedding,
                cache=self.cache,
            )
        if self.base is None:
            _teach(counted, len(rows))
        assert self.base is not None
        alone = train(self.base.texts, self.base.labels, seed=self.seed, base=None, cache=self.cache)
        return _balanced(alone, texts, labels, platforms)
