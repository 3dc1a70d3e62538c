"""Hashed features of folded texts: character n-grams of length 1 to 4, words and word pairs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from reachbook.sentiment.text.folding import Batch

    Hashes = NDArray[np.uint64]
    Index = NDArray[np.int64]

BITS = 21
SIZE = 1 << BITS
"""Number of slots of the hashed features. Slot 0 is reserved for "no feature"."""

ORDERS = (1, 2, 3, 4)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(64 - BITS)
_LETTERS_END = 0x2000
_LONGEST_WORD = 64
_BASE = np.uint64(0xC2B2AE3D27D4EB4F)
_EDGE = np.uint64(0x1F0D3804)


def slots(batch: Batch) -> tuple[list[Index], Index, Index, Index]:
    """Hash the n-grams and words of each text.

    Returns
    -------
    grams : list of int64 array (padded positions,)
        One array for each n-gram length: the slot of the n-gram that begins at each position of all texts, 0 where none
        does.
    starts : int64 array (texts,)
        Where each text's positions begin.
    words : int64 array (words and pairs,)
        Slots of the words and word pairs.
    rows : int64 array (words and pairs,)
        Text of each.

    Notes
    -----
    Hashes are rolling polynomial hashes of the code points, computed for an entire batch at once. Words are those of
    scripts that separate them by spaces.

    References
    ----------
    Karp & Rabin (1987), "Efficient randomized pattern-matching algorithms".
    """
    padded, starts, rows = _padded(batch)
    grams = list(_grams(padded, starts, rows))
    words, where = _words(batch)
    return grams, starts, words, where


def polarity_slots(batch: Batch) -> list[tuple[Index, Index]]:
    """Slots that may indicate polarity.

    Returns
    -------
    list of (slots, edges)
        For each kind of feature the slots in the order of texts, int64, and where each text's slots begin and end,
        int64 array (texts + 1,).

    Notes
    -----
    Single Latin letters and pairs of them are left out: every text has them and they mean nothing.
    """
    grams, starts, words, rows = slots(batch)
    plain = np.ones(len(grams[0]), dtype=bool)
    plain[np.arange(len(batch.codes)) + np.repeat(2 * np.arange(len(batch)) + 1, batch.lengths)] = _plain(batch.codes)
    grams[0][plain] = 0
    grams[1][:-1][plain[:-1] & plain[1:]] = 0
    edges = np.append(starts, len(grams[0]))
    order = np.argsort(rows, kind="stable")
    known = [np.flatnonzero(each) for each in grams]
    parts = [(each[at], np.searchsorted(at, edges)) for each, at in zip(grams, known, strict=True)]
    return [*parts, (words[order], np.searchsorted(rows[order], np.arange(len(batch) + 1)))]


def _plain(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Flag Latin letters, digits and the space."""
    return np.asarray(_letters()[np.minimum(codes, _LETTERS_END)] | (codes == ord(" ")))


def _padded(batch: Batch) -> tuple[Hashes, Index, Index]:
    """Mixed code points with an edge before and after each text; starts of texts; text of each position."""
    lengths = batch.lengths + 2
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    rows = np.repeat(np.arange(len(batch)), lengths)
    padded = np.full(int(lengths.sum()), _EDGE)
    inside = np.arange(len(batch.codes)) + np.repeat(2 * np.arange(len(batch)) + 1, batch.lengths)
    padded[inside] = batch.codes
    return _mixed(padded), starts, rows


def _mixed(codes: Hashes) -> Hashes:
    """Spread code points over 64 bits, in place."""
    codes *= _SPREAD
    codes ^= codes >> np.uint64(29)
    return codes


def _grams(padded: Hashes, starts: Index, rows: Index) -> Iterator[Index]:
    """Yield the slots of the n-grams that begin at each position, one array for each length."""
    rolling = np.zeros_like(padded)
    for order in ORDERS:
        reach = max(0, len(padded) - order + 1)
        rolling[:reach] = rolling[:reach] * _STEP + padded[order - 1 :]
        slot = _slot(rolling)
        slot[reach:] = 0
        if order == 1:
            slot[padded == _mixed_edge()] = 0
        else:
            slot[:reach][rows[:reach] != rows[order - 1 :]] = 0
        yield slot


def _mixed_edge() -> np.uint64:
    return np.uint64(_mixed(np.array([_EDGE]))[0])


def _slot(hashes: Hashes) -> Index:
    mixed = hashes * _SPREAD
    mixed ^= mixed >> np.uint64(32)
    return ((mixed * _STEP) >> _SHIFT).astype(np.int64)


def word_hashes(batch: Batch) -> tuple[Hashes, Index]:
    """Hash the words of letters below U+2000, in order.

    Returns
    -------
    hashes : uint64 array (words,)
    rows : int64 array (words,)
        Text of each word.
    """
    at = np.flatnonzero(_of_words(batch.codes))
    if not len(at):
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    row = np.searchsorted(batch.starts, at, side="right") - 1
    begins = np.flatnonzero(np.append(True, (np.diff(at) > 1) | (np.diff(row) > 0)))
    place = np.arange(len(at)) - np.repeat(begins, np.diff(np.append(begins, len(at))))
    spread = _mixed(batch.codes[at].astype(np.uint64)) * _powers()[np.minimum(place, _LONGEST_WORD - 1)]
    return np.add.reduceat(spread, begins) + _STEP, row[begins]


def _of_words(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Flag code points that are part of a word; an apostrophe only between letters: 'good' is good, isn't stays."""
    inside = _letters()[np.minimum(codes, _LETTERS_END)]
    quote = np.flatnonzero(codes == ord("'"))
    if len(quote):
        solid = np.append(inside & (codes != ord("'")), False)
        inside[quote] = solid[quote - 1] & solid[quote + 1] & (quote > 0)
    return np.asarray(inside)


def _words(batch: Batch) -> tuple[Index, Index]:
    """Slots of words and of pairs of neighbouring words, and the text of each."""
    words, row = word_hashes(batch)
    same = row[:-1] == row[1:]
    pairs = (words[:-1] * _SPREAD + words[1:])[same]
    return np.concatenate([_slot(words), _slot(pairs)]), np.concatenate([row, row[:-1][same]])


@cache
def _letters() -> NDArray[np.bool_]:
    """Flag code points below U+2000 that are part of a word; the last entry, False, stands for all others."""
    return np.array([chr(code).isalnum() or chr(code) in "'_" for code in range(_LETTERS_END)] + [False])


@cache
def _powers() -> Hashes:
    return np.cumprod(np.full(_LONGEST_WORD, _BASE), dtype=np.uint64)


def counts(batch: Batch) -> sparse.csr_array:
    """Count each slot that may indicate polarity in each text, float32 array (texts, SIZE)."""
    total = sparse.csr_array((len(batch), SIZE), dtype=np.float32)
    for slot, edges in polarity_slots(batch):
        part = sparse.csr_array((np.ones(len(slot), dtype=np.float32), slot, edges), shape=total.shape)
        part.sum_duplicates()
        total = total + part
    return sparse.csr_array(total)
