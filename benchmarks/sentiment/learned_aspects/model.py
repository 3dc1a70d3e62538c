"""Aspects learned from labels: which aspects a text mentions, and its polarity towards each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from learned_aspects.features import Reading, read
from learned_aspects.linear import Detector, Judge, Pairs, detector, judge
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from reachbook.errors import DataError
from reachbook.sentiment.text import labels
from reachbook.sentiment.text.duplicates import groups

_FOLDS = 4
_FEWEST = 20
_GRID = np.arange(0.10, 0.76, 0.05)
_CHUNK = 20_000


@dataclass(frozen=True)
class AspectModel:
    """A model trained by `learn`.

    Attributes
    ----------
    aspects : tuple of str
        Names in alphabetical order.
    thresholds : float64 array (aspects,)
        Probability from which a text has the aspect.
    at_least_one : bool
        Whether every training text has an aspect, so that the most probable one is always assigned.
    micro_f1, accuracy : float
        Of the detection, and of the polarity given the aspect, on held-out texts, ratios. Thresholds were chosen on the
        same texts, which biases the first slightly upwards.
    majority : float
        Accuracy of always predicting the commonest polarity, a ratio.
    texts : int
        Number of different training texts.
    slope, shift : float64 array (aspects,)
        Platt scaling of the detector's margins.
    classes : int64 array (classes,)
        Polarities in the training labels, as indices into POLARITIES.
    scaled : LogisticRegression
        Calibration of the polarity model's margins.

    Notes
    -----
    A linear model for each aspect detects it; its threshold is chosen on held-out texts. A single model for all aspects
    predicts polarity from the entire text and, once more, from the clause with the strongest evidence of the aspect.

    References
    ----------
    Platt (1999), "Probabilistic outputs for support vector machines and comparisons to regularized likelihood methods".
    """

    aspects: tuple[str, ...]
    thresholds: np.ndarray
    at_least_one: bool
    micro_f1: float
    accuracy: float
    majority: float
    texts: int
    detector: Detector
    slope: np.ndarray
    shift: np.ndarray
    judge: Judge
    classes: np.ndarray
    scaled: LogisticRegression

    def detect(self, texts: Sequence[str]) -> np.ndarray:
        """Calibrated probability that each text has each aspect, float64 array (texts, aspects)."""
        return _chunked(texts, len(self.aspects), lambda reading: self._probabilities(self.detector.margins(reading)))

    def assign(self, texts: Sequence[str]) -> np.ndarray:
        """Whether each text has each aspect, bool array (texts, aspects)."""
        return _assigned(self.detect(texts), self.thresholds, self.at_least_one)

    def polarity(self, texts: Sequence[str], aspect: str) -> np.ndarray:
        """Calibrated probabilities of negative, neutral and positive towards `aspect`, float64 array (texts, 3).

        Raises
        ------
        DataError
            The model has no such aspect.

        Notes
        -----
        Rows of texts that do not mention the aspect are meaningless.
        """
        if aspect not in self.aspects:
            raise DataError(f"aspect {aspect!r} was not learnt. Take one of: {', '.join(self.aspects)}.")
        index = self.aspects.index(aspect)
        return _chunked(texts, 3, lambda reading: self._judged(reading, index))

    def describe(self) -> str:
        """Describe the model and its held-out performance in one sentence."""
        return (
            f"{len(self.aspects)} aspects from {self.texts:,} texts; on texts left out, detection has a micro-F1 of "
            f"{self.micro_f1:.1%}, polarity given the aspect an accuracy of {self.accuracy:.1%} "
            f"(always the commonest: {self.majority:.1%})."
        )

    def _probabilities(self, margins: np.ndarray) -> np.ndarray:
        return np.asarray(expit(self.slope * margins + self.shift))

    def _judged(self, reading: Reading, index: int) -> np.ndarray:
        rows = np.arange(reading.whole.shape[0])
        pairs = Pairs(rows, np.full(len(rows), index), self.detector.loudest(reading)[:, index])
        result = np.zeros((len(rows), 3))
        result[:, self.classes] = self.scaled.predict_proba(self.judge.margins(reading, pairs))
        return result


@dataclass(frozen=True)
class _AspectLabels:
    """Different texts and their labels.

    Attributes
    ----------
    group : int64 array (texts,)
        Group of near copies.
    has : bool array (texts, aspects)
        Which aspects a text has.
    text, aspect, polarity : int64 array (labels,)
        One entry for each label, in the order of texts; polarity indexes the classes.
    """

    reading: Reading
    group: np.ndarray
    has: np.ndarray
    text: np.ndarray
    aspect: np.ndarray
    polarity: np.ndarray
    seed: int

    def fit(self, rows: np.ndarray) -> tuple[Detector, Judge]:
        """Fit both models on the texts `rows`."""
        reading, (pairs, polarity) = self.reading.rows(rows), self.asked(rows)
        heard = detector(reading, self.has[rows], self.seed)
        return heard, judge(reading, _heard(pairs, heard, reading), polarity, self.has.shape[1], self.seed)

    def asked(self, rows: np.ndarray) -> tuple[Pairs, np.ndarray]:
        """Select the labels of the texts `rows`: pairs, whose clauses are still to be set, and polarities."""
        inside = np.isin(self.text, rows)
        text = np.searchsorted(rows, self.text[inside])
        return Pairs(text, self.aspect[inside], text), self.polarity[inside]

    def left_out(self, classes: int) -> tuple[np.ndarray, np.ndarray]:
        """Held-out margins of both models, float64, shapes (texts, aspects) and (labels, classes)."""
        number = np.random.default_rng([self.seed, 41]).permutation(self.group.max() + 1) % _FOLDS
        fold_of = number[self.group]
        heard_as, judged_as = np.zeros(self.has.shape), np.zeros((len(self.text), classes))
        for fold in range(_FOLDS):
            rows = np.flatnonzero(fold_of == fold)
            heard, judged = self.fit(np.flatnonzero(fold_of != fold))
            reading = self.reading.rows(rows)
            heard_as[rows] = heard.margins(reading)
            judged_as[np.isin(self.text, rows)] = judged.margins(reading, _heard(self.asked(rows)[0], heard, reading))
        return heard_as, judged_as


def learn(
    texts: Sequence[str], aspects: Sequence[str | None], polarities: Sequence[str | None], *, seed: int = 1
) -> AspectModel:
    """Train on labels, one row each: a text that mentions three aspects has three rows.

    Parameters
    ----------
    aspects : sequence of str or None
        Aspect of each row; None for a text that mentions none.
    polarities : sequence of str or None
        Polarity towards the aspect; None without an aspect.

    Raises
    ------
    DataError
        Lengths differ, a label is missing or unknown, a text has two polarities for one aspect, or an aspect has fewer
        than 20 texts.
    """
    rows, names, polarity = _checked(texts, aspects, polarities)
    if not rows:
        raise DataError("There is no aspect among the labels. Fill in the aspects.")
    unique = list(dict.fromkeys(texts))
    place = {text: i for i, text in enumerate(unique)}
    text = np.array([place[texts[row]] for row in rows])
    aspect = np.searchsorted(names, [str(aspects[row]) for row in rows])
    cell, first = np.unique(text * len(names) + aspect, return_index=True)
    text, aspect = np.divmod(cell, len(names))
    has = np.zeros((len(unique), len(names)), dtype=bool)
    has[text, aspect] = True
    _enough(has, names)
    classes = labels.classes(polarity)
    target = np.searchsorted(classes, polarity[first])
    return _model(_AspectLabels(read(unique), groups(unique).group, has, text, aspect, target, seed), names, classes)


def _model(lessons: _AspectLabels, names: Sequence[str], classes: np.ndarray) -> AspectModel:
    margins, judged = lessons.left_out(len(classes))
    platt = [LogisticRegression(C=10.0).fit(margins[:, [j]], lessons.has[:, j]) for j in range(len(names))]
    slope, shift = (np.array([getattr(each, part).ravel()[0] for each in platt]) for part in ("coef_", "intercept_"))
    always = bool(lessons.has.any(axis=1).all())
    chances = expit(slope * margins + shift)
    thresholds = _thresholds(chances, lessons.has, always)
    heard, judge_of = lessons.fit(np.arange(len(lessons.has)))
    scaled = LogisticRegression(C=10.0).fit(judged, lessons.polarity)
    return AspectModel(
        aspects=tuple(names),
        thresholds=thresholds,
        at_least_one=always,
        micro_f1=_micro_f1(lessons.has, _assigned(chances, thresholds, always)),
        accuracy=float((scaled.predict(judged) == lessons.polarity).mean()),
        majority=float(np.bincount(lessons.polarity).max() / len(lessons.polarity)),
        texts=len(lessons.has),
        detector=heard,
        slope=slope,
        shift=shift,
        judge=judge_of,
        classes=classes,
        scaled=scaled,
    )


def _thresholds(chances: np.ndarray, has: np.ndarray, always: bool) -> np.ndarray:
    """Choose the thresholds with the highest overall micro-F1, one aspect after another, in two passes."""
    best = np.full(has.shape[1], 0.4)
    for j in [*range(has.shape[1])] * 2:
        tried = [np.where(np.arange(len(best)) == j, value, best) for value in _GRID]
        best = max(tried, key=lambda each: _micro_f1(has, _assigned(chances, each, always)))
    return best


def _assigned(chances: np.ndarray, thresholds: np.ndarray, always: bool) -> np.ndarray:
    found = chances >= thresholds
    if always and len(found):
        found[np.arange(len(found)), chances.argmax(axis=1)] = True
    return np.asarray(found)


def _micro_f1(has: np.ndarray, found: np.ndarray) -> float:
    return float(2 * (has & found).sum() / max(has.sum() + found.sum(), 1))


def _heard(pairs: Pairs, heard: Detector, reading: Reading) -> Pairs:
    return Pairs(pairs.text, pairs.aspect, heard.loudest(reading)[pairs.text, pairs.aspect])


def _chunked(texts: Sequence[str], columns: int, answer: Callable[[Reading], np.ndarray]) -> np.ndarray:
    parts = [answer(read(texts[begin : begin + _CHUNK])) for begin in range(0, len(texts), _CHUNK)]
    return np.concatenate(parts) if parts else np.empty((0, columns))


def _checked(
    texts: Sequence[str], aspects: Sequence[str | None], polarities: Sequence[str | None]
) -> tuple[list[int], list[str], np.ndarray]:
    """Rows that name an aspect, the names in alphabetical order, and the polarity of each row as an index.

    Raises
    ------
    DataError
        The labels do not fit together.
    """
    if not len(texts) == len(aspects) == len(polarities):
        raise DataError(
            f"{len(texts)} texts came with {len(aspects)} aspects and {len(polarities)} polarities. "
            "Give one of each a row."
        )
    rows = [row for row, aspect in enumerate(aspects) if aspect]
    seen: dict[tuple[str, object], object] = {}
    for row in rows:
        if seen.setdefault((texts[row], aspects[row]), polarities[row]) != polarities[row]:
            raise DataError(
                f"Row {row + 1}: the text has a second polarity for {aspects[row]!r}. Keep one label a text and aspect."
            )
    return rows, sorted({str(aspects[row]) for row in rows}), labels.codes([polarities[row] for row in rows])


def _enough(has: np.ndarray, names: Sequence[str]) -> None:
    rare = {name: int(n) for name, n in zip(names, has.sum(axis=0), strict=True) if n < _FEWEST}
    if rare:
        name, n = next(iter(rare.items()))
        raise DataError(f"aspect {name!r} has {n} texts; {_FEWEST} are needed. Label more of them, or leave it out.")
