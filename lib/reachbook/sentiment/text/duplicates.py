"""Copies of texts, and near copies that differ by a name, a number or an emoji."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from reachbook.sentiment.text.features import slots
from reachbook.sentiment.text.folding import Batch, fold
from reachbook.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Index = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_HASHES, _BAND = 32, 4
ALIKE = 0.7
"""Share of character bigrams in common above which two texts are near copies."""
_SHORT = 8
"""Length below which only equal texts are copies: many people write 好评 and 好评!."""
CAMPAIGN_COPIES, CAMPAIGN_LENGTH = 5, 12
"""Number of copies, and their length in characters, above which a group looks organised."""
_CHUNK = 8192


@dataclass(frozen=True)
class Groups:
    """Texts grouped by what they say.

    Attributes
    ----------
    group : int64 array (texts,)
        Group of each text, numbered from 0 in order of first appearance.
    first : int64 array (groups,)
        Position of the group's first text.
    size : int64 array (groups,)
        Number of its texts.
    exact : bool array (groups,)
        Whether all of them are equal after folding.
    organised : bool array (groups,)
        Whether the group looks like a copied campaign: many copies of a long text.
    """

    group: Index
    first: Index
    size: Index
    exact: Flags
    organised: Flags

    @property
    def copies(self) -> int:
        """Number of texts that repeat an earlier one."""
        return int((self.size - 1).sum())

    def describe(self) -> str:
        """Describe copies and organised groups in one sentence."""
        if not self.organised.any():
            return tr("{copies:,} of {texts:,} texts repeat an earlier one.", copies=self.copies, texts=len(self.group))
        return tr(
            "{copies:,} of {texts:,} texts repeat an earlier one; {groups:,} groups with {members:,} texts are many "
            "copies of one longer text.",
            copies=self.copies,
            texts=len(self.group),
            groups=int(self.organised.sum()),
            members=int(self.size[self.organised].sum()),
        )


def groups(texts: Iterable[object]) -> Groups:
    """Group copies and near copies.

    Notes
    -----
    Near copies are found by MinHash over character bigrams in bands, so that a million texts need no pairwise
    comparison. Texts with nothing to read stay in groups of their own. Groups are collapsed for learning and reported;
    no comment is ever dropped.

    References
    ----------
    Broder (1997), "On the resemblance and containment of documents".
    """
    batch = fold(texts)
    bare = _bare(batch)
    count = len(bare)
    signs = _signatures(bare)
    pairs = _pairs(signs, bare.lengths)
    links = sparse.coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return _numbered(connected_components(links, directed=False)[1], batch)


def copies_of(texts: Iterable[object], others: Iterable[object]) -> Flags:
    """Flag texts that are a copy or near copy of any of `others`, bool array (texts,)."""
    first, second = list(texts), list(others)
    group = groups([*first, *second]).group
    return np.isin(group[: len(first)], group[len(first) :])


def _bare(batch: Batch) -> Batch:
    """Keep only letters, Chinese characters and emoticons; drop digits, spaces and punctuation."""
    keep = _saying()[np.minimum(batch.codes, 0x30000)]
    rows = np.repeat(np.arange(len(batch)), batch.lengths)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows[keep], minlength=len(batch)))])
    return Batch(batch.codes[keep], starts.astype(np.int64))


@cache
def _saying() -> Flags:
    table = np.array([chr(code).isalpha() for code in range(0x30000)] + [False])
    table[0xD800:0xE000] = False
    return table


def _signatures(bare: Batch) -> NDArray[np.uint32]:
    """MinHash signatures of the character bigrams, uint32 array (texts, hashes)."""
    result = np.zeros((len(bare), _HASHES), dtype=np.uint32)
    turn = np.random.default_rng(7).integers(1, 2**63, _HASHES, dtype=np.uint64) | np.uint64(1)
    for begin in range(0, len(bare), _CHUNK):
        edges = bare.starts[begin : begin + _CHUNK + 1]
        part = Batch(bare.codes[edges[0] : edges[-1]], edges - edges[0])
        grams, starts, _, _ = slots(part)
        pairs = grams[1].astype(np.uint64)
        for number, factor in enumerate(turn):
            mixed = ((pairs * factor) >> np.uint64(32)).astype(np.uint32)
            mixed[pairs == 0] = np.iinfo(np.uint32).max
            result[begin : begin + len(part), number] = np.minimum.reduceat(mixed, starts)
    return result


def _pairs(signs: NDArray[np.uint32], lengths: Index) -> Index:
    """Pairs (a text, an earlier one in the same bucket) that are alike, int64 array (pairs, 2)."""
    found = []
    rows = np.flatnonzero(lengths > 0)
    for band in range(0, _HASHES, _BAND):
        part = np.ascontiguousarray(signs[rows, band : band + _BAND])
        bucket = part.view([("", np.uint32)] * _BAND).ravel()
        _, first, which = np.unique(bucket, return_index=True, return_inverse=True)
        found.append(np.column_stack([rows, rows[first[which]]])[first[which] != np.arange(len(rows))])
    pairs = np.unique(np.concatenate(found), axis=0)
    alike = (signs[pairs[:, 0]] == signs[pairs[:, 1]]).mean(axis=1)
    short = lengths[pairs].min(axis=1) < _SHORT
    return np.asarray(pairs[np.where(short, alike == 1, alike >= ALIKE)])


def _numbered(component: Index, batch: Batch) -> Groups:
    """Number the connected components in order of first appearance."""
    _, first, which = np.unique(component, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    group = rank[which].astype(np.int64)
    first = np.sort(first)
    size = np.bincount(group, minlength=len(first))
    texts = np.array(batch.texts(), dtype=object)
    differs = np.bincount(group, weights=(texts != texts[first[group]]).astype(float), minlength=len(first))
    long = batch.lengths[first] >= CAMPAIGN_LENGTH
    return Groups(group, first.astype(np.int64), size, differs == 0, (size >= CAMPAIGN_COPIES) & long)
