"""Reasons: aspects of comments on the own brand, opinions for and against, and words that distinguish it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation.names import named
from reachbook.sentiment.aspects.aspects import Aspects, opinions, quotes
from reachbook.sentiment.aspects.log_odds import associations
from reachbook.sentiment.prevalence.pooling import interval_frame
from reachbook.stats.intervals import equal_tails
from reachbook.translation import day as day_of
from reachbook.translation import tr, trn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reachbook.sentiment.aspects.topics import Topics
    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.prevalence.breakdowns import Breakdowns
    from reachbook.sentiment.spec import SentimentSpec

    Flags = NDArray[np.bool_]

_DIFFERENCE = ("rest", "more_low", "more", "more_high")
_FEWEST = 30
"""Smallest number of comments on each side for words to be compared."""


@dataclass(frozen=True)
class Reasons:
    """Aspects and words of the comments on the own brand.

    Attributes
    ----------
    aspects : Aspects
        Aspects, found over all comments; their members are on the own brand.
    shares : pandas.DataFrame
        One row for each aspect: name, texts, shares with intervals, rest (negative share of the other comments), and
        more_low, more, more_high (negative share less rest, with its interval); empty without an audit.
    opinions : pandas.DataFrame
        Phrases by aspect and polarity.
    quotes : pandas.DataFrame
        aspect, polarity, quote.
    words : pandas.DataFrame
        Terms compared with the comparison set, with intervals.
    compared_with : str
        The comparison set in words; "" where there is none.
    """

    aspects: Aspects
    shares: pd.DataFrame
    opinions: pd.DataFrame
    quotes: pd.DataFrame
    words: pd.DataFrame
    compared_with: str

    @property
    def significant(self) -> pd.DataFrame:
        """Words that distinguish the own brand beyond chance."""
        return self.words[self.words["significant"]].reset_index(drop=True) if len(self.words) else self.words

    def describe(self, name: str) -> str:
        """Describe how many words distinguish the brand, and from what."""
        if not self.compared_with:
            return tr("There are too few comments on one of the two sides to compare words.")
        if not len(self.significant):
            return tr(
                "No word is more or less frequent in comments on {name} than in {other}, beyond chance.",
                name=name,
                other=self.compared_with,
            )
        return trn(
            "{n} word is more or less frequent in comments on {name} than in {other}, beyond chance.",
            "{n} words are more or less frequent in comments on {name} than in {other}, beyond chance.",
            len(self.significant),
            name=name,
            other=self.compared_with,
        )


def reasons(predictions: Predictions, about: Topics, breakdowns: Breakdowns, spec: SentimentSpec) -> Reasons:
    """Find reasons and quotes for each aspect, and compare the own brand's words with the comparison set's."""
    p, own, terms = predictions.probabilities, breakdowns.own, about.terms
    shown = {name: flags & own for name, flags in about.aspects.members.items() if (flags & own).any()}
    aspects = Aspects(about.aspects.terms, shown, about.aspects.stability)
    those, name = _comparison(predictions, own, spec)
    these = own & ~those
    enough = min(int(these.sum()), int(those.sum())) >= _FEWEST
    return Reasons(
        aspects=aspects,
        shares=_shares(breakdowns, shown),
        opinions=opinions(terms, aspects, p),
        quotes=_quotes(predictions.comments.texts, p, shown),
        words=associations(terms.presence, terms.names, these, those) if enough else pd.DataFrame(),
        compared_with=name if enough else "",
    )


def _comparison(predictions: Predictions, own: Flags, spec: SentimentSpec) -> tuple[Flags, str]:
    """The comparison set and its name: another brand, or the first half of the period."""
    if spec.compare_with:
        return predictions.comments.of(spec.compare_with), named(spec.compare_with)
    day = predictions.comments.frame["day"]
    middle = day.min() + (day.max() - day.min()) / 2
    return own & (day <= middle).to_numpy(), tr("comments up to {day}", day=day_of(middle))


def _shares(breakdowns: Breakdowns, members: dict[str, Flags]) -> pd.DataFrame:
    """Shares of each aspect beside the other comments, from the same draws, so that the difference has its interval."""
    pooled = breakdowns.pooled
    if pooled is None or not members:
        return pd.DataFrame(columns=["name", "texts", "negative_low", "negative", "negative_high", *_DIFFERENCE])
    inside = [np.flatnonzero(flags) for flags in members.values()]
    others = [np.flatnonzero(breakdowns.own & ~flags) for flags in members.values()]
    held = [place for place, rows in enumerate(others) if len(rows)]
    drawn = pooled.drawn([*inside, *(others[place] for place in held)])
    table = interval_frame(drawn[:, : len(inside)], np.array([len(rows) for rows in inside]), pooled.level)
    rest = np.full((len(drawn), len(inside)), np.nan)
    rest[:, held] = drawn[:, len(inside) :, 0]
    more = drawn[:, : len(inside), 0] - rest
    low, _, high = equal_tails(more, pooled.level)
    found = dict(zip(_DIFFERENCE, (rest.mean(axis=0), low, more.mean(axis=0), high), strict=True))
    table.insert(0, "name", pd.Series(list(members), dtype=object))
    return table.assign(**found)


def _quotes(texts: list[str], p: np.ndarray, members: dict[str, Flags]) -> pd.DataFrame:
    best = p.argmax(axis=1)
    rows = [
        (name, polarity, quote)
        for name, flags in members.items()
        for polarity, k in (("negative", 0), ("positive", 2))
        for quote in quotes(texts, p[:, k], np.flatnonzero(flags & (best == k)))
    ]
    return pd.DataFrame(rows, columns=["aspect", "polarity", "quote"])
