"""Prior polarity of slang, emoji and emoticons on each platform."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from reachbook.errors import DataError
from reachbook.sentiment.text.folding import LITOTES, Batch, fold
from reachbook.sentiment.text.opinion import PRAISE, opinions
from reachbook.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]

_BELIEF = 8.0
"""Number of reviewed texts that weigh as much as the table's own polarity."""
_CEILING = 2.0
_PAIRS = 1 << 16


@dataclass(frozen=True)
class Slang:
    """Terms with their polarity by platform.

    Attributes
    ----------
    version : str
        Version of the tables.
    polarity : mapping of str to mapping of str to float
        Polarity by platform, by folded term. It runs from -1 (always meant negatively) over 0 (equally often both ways)
        to 1; the platform "" stands for all others.
    """

    version: str
    polarity: Mapping[str, Mapping[str, float]]

    def features(self, batch: Batch, platforms: Iterable[object] | None = None) -> Floats:
        """Summed polarity of the negative and of the positive terms in each text, float64 array (texts, 2), each 0
        to 2.
        """
        result = np.zeros((len(batch), 2))
        where = _names(platforms, len(batch))
        for row, term in self.occurrences(batch):
            value = self.of(term, where[row] if where else "")
            result[row, int(value > 0)] += abs(value)
        return np.minimum(result, _CEILING)

    def occurrences(self, batch: Batch) -> list[tuple[int, str]]:
        """(text, folded term) of every occurrence; where two terms begin together, the longer one."""
        terms = _compiled(tuple(self.polarity))
        joined, found, row, text, free = batch.joined(), [], -1, "", 0
        for at, which, begin, end in terms.candidates(batch):
            if which != row:
                row, text, free = which, joined[begin:end], 0
            if at - begin >= free and (match := terms.pattern.match(text, at - begin)):
                found.append((row, match.group()))
                free = match.end()
        return found

    def of(self, term: str, platform: str = "") -> float:
        """Polarity of a folded term on a platform, from -1 to 1; 0 for terms that are not in the tables."""
        known = self.polarity.get(term, {})
        return known.get(platform, known.get("", 0.0))

    def learned(self, texts: Iterable[object], labels: Iterable[object], platforms: Iterable[object]) -> Slang:
        """Update the polarity of each term and platform from labelled texts.

        Notes
        -----
        The new polarity is the weighted mean of the table's value, with the weight of 8 texts, and of its texts' labels
        (negative -1, neutral 0, positive 1).
        """
        from reachbook.sentiment.text import labels as polarities

        batch = opinions(fold(texts))
        score = polarities.codes(labels, len(batch)) - 1
        where = _names(platforms, len(batch))
        seen: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, term in set(self.occurrences(batch)):
            seen[term, where[row]].append(int(score[row]))
        moved = {term: dict(known) for term, known in self.polarity.items()}
        for (term, platform), values in sorted(seen.items()):
            moved[term][platform] = (_BELIEF * self.of(term, platform) + sum(values)) / (_BELIEF + len(values))
        return Slang(self.version + "+reviewed", moved)


@cache
def tables() -> Slang:
    """Load the tables of the package (`data/slang.csv`, `data/emoticons.csv`), one line for each term and platform.

    Raises
    ------
    DataError
        A polarity is not a number from -1 to 1.
    """
    polarity: dict[str, dict[str, float]] = defaultdict(dict)
    versions = []
    for name in ("slang.csv", "emoticons.csv"):
        first, *lines = (
            files("reachbook.sentiment.text").joinpath("data", name).read_text(encoding="utf-8").splitlines()
        )
        versions.append(first.removeprefix("# version "))
        rows = list(csv.DictReader(lines))
        terms = fold([row["term"] for row in rows]).texts()
        for number, (row, term) in enumerate(zip(rows, terms, strict=True), start=3):
            polarity[term][row["platform"]] = _value(row["polarity"], name, number)
    polarity[chr(LITOTES)][""] = PRAISE
    return Slang(".".join(versions), dict(polarity))


def _value(text: str, name: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 2.0
    if not -1 <= value <= 1:
        raise DataError(f"{name}:{line}: " + tr("polarity is {text!r}. Write a number from -1 to 1.", text=text))
    return value


@dataclass(frozen=True)
class _Terms:
    """All terms as one pattern, with an index of where it can match.

    Attributes
    ----------
    pattern : re.Pattern[str]
        Matches any term.
    alone : bool array (code points,)
        Whether the character is a term by itself.
    pairs : bool array (_PAIRS,)
        Whether a term begins with two characters of that number, see `_number`.
    """

    pattern: re.Pattern[str]
    alone: Flags
    pairs: Flags

    def candidates(self, batch: Batch) -> list[tuple[int, int, int, int]]:
        """(position, text, start of the text, its end) wherever a term may begin."""
        codes = batch.codes.astype(np.int64)
        at = np.flatnonzero(self.alone[codes] | self.pairs[_number(codes, np.append(codes[1:], 0))])
        rows = np.searchsorted(batch.starts, at, side="right") - 1
        begin, end = batch.starts[rows], batch.starts[rows + 1]
        return list(zip(at.tolist(), rows.tolist(), begin.tolist(), end.tolist(), strict=True))


@cache
def _compiled(terms: tuple[str, ...]) -> _Terms:
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    alone, pairs = np.zeros(0x110000, dtype=bool), np.zeros(_PAIRS, dtype=bool)
    alone[[ord(term) for term in terms if len(term) == 1]] = True
    longer = np.array([(ord(term[0]), ord(term[1])) for term in terms if len(term) > 1], dtype=np.int64).reshape(-1, 2)
    pairs[_number(longer[:, 0], longer[:, 1])] = True
    return _Terms(re.compile("|".join(_whole(term) for term in ordered)), alone, pairs)


def _number(first: Index, second: Index) -> Index:
    """Hash of two neighbouring characters; a collision costs one failed match."""
    return np.asarray((first * 31 + second) % _PAIRS)


def _whole(term: str) -> str:
    """Pattern of a term; Latin slang matches entire words only ("emo" is not in "demo"), with a literal first, for
    speed.
    """
    if not (term.isascii() and term.isalnum()):
        return re.escape(term)
    return f"{term[0]}(?<![a-z0-9]{term[0]}){term[1:]}(?![a-z0-9])"


def _names(platforms: Iterable[object] | None, texts: int) -> list[str]:
    if platforms is None:
        return []
    names = [str(each) for each in platforms]
    if len(names) != texts:
        raise DataError(
            "platforms: "
            + tr("{given:,} for {texts:,} texts. Give each text one platform.", given=len(names), texts=texts)
        )
    return names
