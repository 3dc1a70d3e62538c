"""English words with a valence, from a data file of the MIT-licensed package vaderSentiment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reachbook.errors import DataError
from reachbook.sentiment.text.features import word_hashes
from reachbook.sentiment.text.folding import Batch, fold
from reachbook.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_REACH = 3
_TURNED = -0.74
_SOFT = 15.0
"""Saturation, as in VADER: a sum s counts as s / sqrt(s^2 + 15)."""

_NEGATIONS = (
    "no not never none nor nothing nowhere neither nope without cannot hardly rarely seldom aint arent cant couldnt "
    "didnt doesnt dont hadnt hasnt havent isnt mustnt neednt shouldnt wasnt werent wont wouldnt"
).split()


@dataclass(frozen=True)
class Lexicon:
    """Words with their valence, and negations.

    Attributes
    ----------
    words : uint64 array (words,)
        Sorted hashes of the words.
    valence : float64 array (words,)
        Rating of each, from -4 to 4.
    negations : uint64 array (negations,)
        Sorted hashes of negations.
    """

    words: NDArray[np.uint64]
    valence: Floats
    negations: NDArray[np.uint64]

    def features(self, batch: Batch) -> Floats:
        """Saturated sums of negative and of positive valences in each text, shape (texts, 2), each at least 0 and below
        1.

        Notes
        -----
        Two of VADER's rules are applied: a negation among the three preceding words inverts a valence, and a sum
        saturates.

        References
        ----------
        Hutto & Gilbert (2014), "VADER: A parsimonious rule-based model for sentiment analysis of social media text".
        """
        hashes, rows = word_hashes(batch)
        sums = np.zeros((len(batch), 2))
        if len(hashes):
            place = np.minimum(np.searchsorted(self.words, hashes), len(self.words) - 1)
            at = np.flatnonzero(self.words[place] == hashes)
            value = self.valence[place[at]]
            value[self._turned(hashes, rows, at)] *= _TURNED
            for column, part in enumerate((-value, value)):
                sums[:, column] = np.bincount(rows[at], weights=np.maximum(part, 0), minlength=len(batch))
        return sums / np.sqrt(sums**2 + _SOFT)

    def _turned(self, hashes: NDArray[np.uint64], rows: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Flag words preceded by a negation in the same text."""
        negation = np.isin(hashes, self.negations)
        result = np.zeros(len(at), dtype=bool)
        for back in range(1, _REACH + 1):
            before = np.maximum(at - back, 0)
            result |= (at >= back) & negation[before] & (rows[before] == rows[at])
        return result


@cache
def lexicon() -> Lexicon:
    """Load the single-word entries of the package's lexicon.

    Raises
    ------
    DataError
        The package or its file is missing.

    Notes
    -----
    The file is read as data: importing the package would load its web dependencies.
    """
    package = find_spec("vaderSentiment")
    if package is None or package.origin is None:
        raise DataError(
            tr("The package vaderSentiment, whose lexicon English is read with, is missing. Run `make setup`.")
        )
    path = Path(package.origin).parent / "vader_lexicon.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(
            tr(
                "The package {name} has no {file}: {why}. Run `make setup`.",
                name="vaderSentiment",
                file=path.name,
                why=error.strerror,
            )
        ) from None
    entries = dict(line.split("\t")[:2] for line in lines if line.strip())
    words, valence = _hashed(list(entries)), np.array([float(each) for each in entries.values()])
    known = np.flatnonzero(words > 0)
    hashes, first = np.unique(words[known], return_index=True)
    short = [word[:-1] + "'t" for word in _NEGATIONS if word.endswith("nt")]
    return Lexicon(hashes, valence[known][first], np.unique(_hashed([*_NEGATIONS, *short])))


def _hashed(terms: list[str]) -> NDArray[np.uint64]:
    """Hash of each term that is one word, 0 for all others; emoticons have a table of their own."""
    batch = fold(terms)
    hashes, rows = word_hashes(batch)
    result = np.zeros(len(terms), dtype=np.uint64)
    whole = np.array([text.replace("'", "").isalnum() for text in batch.texts()])
    result[rows] = hashes
    return np.where(whole, result, 0)
