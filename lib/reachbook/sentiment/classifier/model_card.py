"""The model card: performance of a classifier on texts that it has not seen, not even as copies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.errors import DataError
from reachbook.presentation.numbers import number
from reachbook.sentiment.classifier.calibration import Reliability, reliability
from reachbook.sentiment.classifier.model import Model
from reachbook.sentiment.classifier.training import folds, train
from reachbook.sentiment.text.base_corpus import Corpus, reviews
from reachbook.sentiment.text.duplicates import copies_of, groups
from reachbook.sentiment.text.folding import fold, without_emoticons
from reachbook.sentiment.text.labels import POLARITIES, classes, codes
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]

_FOLDS = 5
_QUOTE = 120


@dataclass(frozen=True)
class Leaks:
    """Test texts that a model has seen in training.

    Attributes
    ----------
    exact : int
        Number equal to a training text after folding.
    near : int
        Number of further texts that are near copies.
    clean : bool array (test texts,)
        Whether a text is neither.
    """

    exact: int
    near: int
    clean: NDArray[np.bool_]

    def describe(self) -> str:
        """Describe the leaks in one sentence."""
        return (
            f"{self.exact:,} test texts equal a training text and {self.near:,} more nearly do; they were taken out, "
            f"and {int(self.clean.sum()):,} of {len(self.clean):,} are scored."
        )


def leaks(trained_on: Iterable[object], tested_on: Iterable[object]) -> Leaks:
    """Find copies of training texts among test texts."""
    first, second = list(trained_on), list(tested_on)
    known = set(fold(first).texts())
    equal = np.array([each in known for each in fold(second).texts()], dtype=bool)
    near = copies_of(second, first) & ~equal
    return Leaks(int(equal.sum()), int(near.sum()), ~(equal | near))


@dataclass(frozen=True)
class Score:
    """Probabilities compared with labels.

    Attributes
    ----------
    probabilities : float64 array (texts, 3)
    labels : int64 array (texts,)
        Indices into POLARITIES.
    """

    probabilities: Floats
    labels: Index

    @property
    def accuracy(self) -> float:
        """Share of texts whose most probable polarity is the label; nan without texts."""
        return float((self.probabilities.argmax(axis=1) == self.labels).mean()) if len(self.labels) else float("nan")

    @property
    def macro_f1(self) -> float:
        """F1 averaged over the polarities that occur as label or prediction, a ratio; nan without texts."""
        table = self.confusion()
        both = table.sum(axis=0) + table.sum(axis=1)
        return float((2 * np.diag(table)[both > 0] / both[both > 0]).mean()) if both.any() else float("nan")

    @property
    def reliability(self) -> Reliability:
        """Stated against true probability."""
        return reliability(self.probabilities, self.labels)

    def confusion(self) -> Index:
        """Number of texts by label (row) and prediction (column), int64 array (3, 3)."""
        flat = 3 * self.labels + self.probabilities.argmax(axis=1)
        return np.asarray(np.bincount(flat, minlength=9).reshape(3, 3))


@dataclass(frozen=True)
class ModelCard:
    """Cross-validated performance on a study's own labels.

    Attributes
    ----------
    score : Score
        Each kept text predicted by a model that has seen neither it nor a copy.
    rows : int64 array (kept texts,)
        Positions of the kept texts.
    copies : int
        Number of texts removed because they repeat another.
    base_copies : int
        Number of base texts removed because they repeat a kept text.
    plain : Score
        Score of the same models on the texts without emoticons.
    """

    score: Score
    rows: Index
    copies: int
    base_copies: int
    plain: Score

    @property
    def emoticon_loss(self) -> float:
        """Accuracy lost without emoticons, a ratio; large where labels came from emoticons."""
        return self.score.accuracy - self.plain.accuracy

    def describe(self) -> str:
        """Describe the performance in two sentences."""
        s = self.score
        said = tr(
            "{accuracy:.1%} of the model's answers are right (macro-F1 {macro:.1%}), and its certainty is off by "
            "{error:.1%}, over {texts:,} texts; {copies:,} copies were taken out before.",
            accuracy=s.accuracy,
            macro=s.macro_f1,
            error=s.reliability.error,
            texts=len(self.rows),
            copies=self.copies,
        )
        bare = tr("Without emoji its accuracy changes by {change}.", change=number(-self.emoticon_loss, "points"))
        return sentences(said, bare)


def card(
    texts: Iterable[object],
    labels: Iterable[object],
    *,
    seed: int = 1,
    base: Corpus | str | None = "reviews",
    number: int = _FOLDS,
) -> ModelCard:
    """Cross-validate on one text of each group of copies; near copies of these are removed from the base corpus too.

    Parameters
    ----------
    base : Corpus or str or None
        Corpus trained on as well; "reviews" for the reserved reviews, None for none.
    number : int
        Number of folds.

    Raises
    ------
    DataError
        A polarity has fewer texts than there are folds.
    """
    given = list(texts)
    coded = codes(labels, len(given))
    classes(coded)
    rows = groups(given).first
    kept, target = [given[row] for row in rows], coded[rows]
    whole = reviews() if base == "reviews" else base
    clean = whole.without(kept) if isinstance(whole, Corpus) else None
    gone = len(whole.texts) - len(clean.texts) if isinstance(whole, Corpus) and clean else 0
    fold_of = _folds(target, number, seed)
    bare = without_emoticons(kept)
    full, plain = np.zeros((len(rows), 3)), np.zeros((len(rows), 3))
    for each in range(number):
        ours = np.flatnonzero(fold_of == each)
        model = _trained(kept, target, np.flatnonzero(fold_of != each), seed, clean)
        full[ours] = model.predict_proba([kept[row] for row in ours])
        plain[ours] = model.predict_proba([bare[row] for row in ours])
    return ModelCard(Score(full, target), rows, len(given) - len(rows), gone, Score(plain, target))


def _trained(texts: list[object], target: Index, rows: Index, seed: int, base: Corpus | None) -> Model:
    return train([texts[row] for row in rows], [POLARITIES[target[row]] for row in rows], seed=seed, base=base)


def _folds(target: Index, number: int, seed: int) -> Index:
    fold_of = folds(target, np.arange(len(target)), number, np.random.default_rng([seed, 32]))
    if fold_of is None:
        fewest = min(np.unique(target), key=lambda each: np.sum(target == each))
        raise DataError(
            tr(
                "Only {count} different texts are labelled {polarity}, and {least} are needed to test a classifier. "
                "Label more of them.",
                count=int(np.sum(target == fewest)),
                polarity=tr(POLARITIES[fewest]),
                least=number,
            )
        )
    return fold_of


def transfer(
    texts: Iterable[object],
    labels: Iterable[object],
    domains: Iterable[object],
    *,
    seed: int = 1,
    base: Corpus | str | None = "reviews",
    number: int = _FOLDS,
) -> pd.DataFrame:
    """Evaluate a model trained on one domain (platform, source) on each of the others.

    Returns
    -------
    pandas.DataFrame
        One row for each pair: trained_on, tested_on, texts, copies (test texts removed), accuracy, macro_f1,
        calibration_error, left_out. Within a domain the scores are cross-validated. A domain with one polarity or too
        few labels has a single row without scores, whose left_out says why; elsewhere left_out is "".
    """
    given, where = list(texts), np.array([str(each) for each in domains], dtype=object)
    coded = codes(labels, len(given))
    rows: list[tuple[object, ...]] = []
    for home in sorted(set(where)):
        try:
            rows += [(*row, "") for row in _from(home, given, coded, where, (seed, number), base)]
        except DataError as error:
            rows.append((home, "", int((where == home).sum()), 0, *[float("nan")] * 3, str(error)))
    names = ["trained_on", "tested_on", "texts", "copies", "accuracy", "macro_f1", "calibration_error", "left_out"]
    return pd.DataFrame(rows, columns=names)


def _from(
    home: str,
    texts: list[object],
    coded: Index,
    where: NDArray[np.object_],
    how: tuple[int, int],
    base: Corpus | str | None,
) -> list[tuple[object, ...]]:
    """Rows of one training domain.

    Parameters
    ----------
    how : tuple of (int, int)
        Seed and number of folds.
    """
    seed, number = how
    ours = np.flatnonzero(where == home)
    own = [texts[row] for row in ours]
    inside = card(own, [POLARITIES[each] for each in coded[ours]], seed=seed, base=base, number=number)
    whole = reviews() if base == "reviews" else base
    clean = whole.without(texts) if isinstance(whole, Corpus) else None
    model = _trained(texts, coded, ours, seed, clean)
    rows = [_row(home, home, inside.score, inside.copies)]
    for away in sorted(set(where) - {home}):
        there = np.flatnonzero(where == away)
        leak = leaks(own, [texts[row] for row in there])
        asked = there[leak.clean]
        score = Score(model.predict_proba([texts[row] for row in asked]), coded[asked])
        rows.append(_row(home, away, score, leak.exact + leak.near))
    return rows


def _row(home: str, away: str, score: Score, copies: int) -> tuple[object, ...]:
    error = score.reliability.error
    return home, away, len(score.labels), copies, score.accuracy, score.macro_f1, error


def mistakes(card_: ModelCard, texts: Iterable[object], each: int = 3) -> pd.DataFrame:
    """The confusion table with examples.

    Returns
    -------
    pandas.DataFrame
        label, answer, count, share of the label, and the `each` texts predicted with most certainty.
    """
    given, score = list(texts), card_.score
    answer, table = score.probabilities.argmax(axis=1), score.confusion()
    rows = []
    for label, said in np.argwhere(table > 0):
        there = np.flatnonzero((score.labels == label) & (answer == said))
        surest = there[np.argsort(-score.probabilities[there, said], kind="stable")[:each]]
        quotes = [str(given[card_.rows[row]])[:_QUOTE] for row in surest]
        share = table[label, said] / table[label].sum()
        rows.append((POLARITIES[label], POLARITIES[said], int(table[label, said]), float(share), quotes))
    return pd.DataFrame(rows, columns=["label", "answer", "count", "share", "examples"])
