"""Match many terms in many comments in one pass of rolling hashes."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from reachbook.sentiment.text.folding import Batch, fold

_CHUNK = 50_000
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_LATIN = 0x250


_DENIALS = np.array([ord(each) for each in "不没无未非别莫"], dtype=np.uint32)
_BETWEEN = np.array([ord(each) for each in "太够有是算很怎么那多特别会觉得再"], dtype=np.uint32)
_REACH = 3
"""Most characters between a negation and what it negates: 不是很好吃."""


def presence(
    texts: Sequence[str], terms: Sequence[str], affirmed: npt.NDArray[np.bool_] | None = None
) -> sparse.csr_matrix:
    """Find which text holds which term.

    Parameters
    ----------
    affirmed : bool array (terms,)
        Terms that do not count where they are negated, such as 好吃 in 不好吃 or 不太好吃; None for none.

    Returns
    -------
    sparse int8 array (texts, terms)
        0 and 1, ignoring case, width and traditional characters.

    Notes
    -----
    A Chinese term matches wherever its characters occur, a Latin one only as entire words. Run time does not grow with
    the number of terms, nor memory with the number of comments. For a million texts the probability that two different
    strings share a 64-bit hash is about one in a thousand million.

    References
    ----------
    Karp & Rabin (1987), "Efficient randomized pattern-matching algorithms".
    """
    only = np.zeros(len(terms), dtype=bool) if affirmed is None else affirmed
    found = [_chunk(fold(texts[begin : begin + _CHUNK]), fold(terms), only) for begin in range(0, len(texts), _CHUNK)]
    if not found:
        return sparse.csr_matrix((0, len(terms)), dtype=np.int8)
    return sparse.csr_matrix(sparse.vstack(found, format="csr"))


def _chunk(batch: Batch, terms: Batch, affirmed: npt.NDArray[np.bool_]) -> sparse.csr_matrix:
    rows, columns = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    text_of = np.repeat(np.arange(len(batch)), batch.lengths)
    letter, denied = (
        _latin(batch),
        _denied(batch, text_of) if affirmed.any() else np.zeros(len(batch.codes), dtype=bool),
    )
    for which, length in _by_length(terms):
        wanted, owner = _sorted_hashes(terms, which, length)
        hashes = _hashes(batch.codes, length)
        at = np.searchsorted(wanted, hashes)
        at[at == len(wanted)] = 0
        position = np.flatnonzero(wanted[at] == hashes)
        position = position[text_of[position] == text_of[position + length - 1]]
        position = position[_whole(position, length, letter, text_of)]
        position, term = _for_each_term(position, hashes, wanted, owner)
        counts = ~(denied[position] & affirmed[term])
        rows.append(text_of[position[counts]])
        columns.append(term[counts])
    row, column = np.concatenate(rows), np.concatenate(columns)
    cell = np.unique(row * max(len(terms), 1) + column)
    row, column = np.divmod(cell, max(len(terms), 1))
    return sparse.csr_matrix((np.ones(len(cell), dtype=np.int8), (row, column)), shape=(len(batch), len(terms)))


def _for_each_term(
    position: np.ndarray, hashes: np.ndarray, wanted: np.ndarray, owner: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Each match once for every term that is the same after folding, such as 价格 and 價格: (positions, terms)."""
    first = np.searchsorted(wanted, hashes[position], "left")
    times = np.searchsorted(wanted, hashes[position], "right") - first
    nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(position, times), owner[np.repeat(first, times) + nth]


def _denied(batch: Batch, text_of: np.ndarray) -> np.ndarray:
    """Flag characters preceded by a negation in their text, directly or with a few weak characters between."""
    denial, weak = np.isin(batch.codes, _DENIALS), np.isin(batch.codes, _BETWEEN)
    result, open_ = np.zeros(len(denial), dtype=bool), np.ones(len(denial), dtype=bool)
    for back in range(1, _REACH + 2):
        same = np.zeros(len(denial), dtype=bool)
        same[back:] = text_of[back:] == text_of[:-back]
        result |= open_ & same & np.roll(denial, back)
        open_ &= np.roll(weak, back)
    return result


def _by_length(terms: Batch) -> Iterator[tuple[np.ndarray, int]]:
    """Yield the terms (indices) of each length that occurs."""
    for length in np.unique(terms.lengths[terms.lengths > 0]):
        yield np.flatnonzero(terms.lengths == length), int(length)


def _sorted_hashes(terms: Batch, which: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the terms `which` in ascending order, and the term of each."""
    codes = terms.codes[terms.starts[which][:, None] + np.arange(length)]
    hashes = np.array([_hashes(row, length)[0] for row in codes])
    order = np.argsort(hashes)
    return hashes[order], which[order]


def _hashes(codes: np.ndarray, length: int) -> np.ndarray:
    """Hash of the `length` code points from each position, uint64 array (positions,); empty where there are too
    few.
    """
    mixed = codes.astype(np.uint64) * _MIX
    mixed ^= mixed >> np.uint64(31)
    total = np.zeros(max(len(codes) - length + 1, 0), dtype=np.uint64)
    for offset in range(length if len(total) else 0):
        total *= _FACTOR
        total += mixed[offset : offset + len(total)]
    return total


def _latin(batch: Batch) -> np.ndarray:
    """Flag code points that are Latin letters."""
    table = np.array([chr(code).isalpha() for code in range(_LATIN)] + [False])
    return np.asarray(table[np.minimum(batch.codes, _LATIN)])


def _whole(position: np.ndarray, length: int, letter: np.ndarray, text_of: np.ndarray) -> np.ndarray:
    """Flag matches that do not cut a Latin word on either side."""
    last = position + length - 1
    before, after = np.maximum(position - 1, 0), np.minimum(last + 1, len(letter) - 1)
    cut_left = letter[position] & letter[before] & (before < position) & (text_of[before] == text_of[position])
    cut_right = letter[last] & letter[after] & (after > last) & (text_of[after] == text_of[last])
    return np.asarray(~(cut_left | cut_right))
