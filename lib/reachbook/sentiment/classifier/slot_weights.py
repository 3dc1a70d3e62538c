"""Weights of the hashed features, stored for the slots in use and summed over texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from reachbook.sentiment.text.features import SIZE, polarity_slots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reachbook.sentiment.text.folding import Batch

    Floats32 = NDArray[np.float32]
    Index = NDArray[np.int64]
    Part = tuple[NDArray[np.int32], Index]


@dataclass(frozen=True)
class SlotWeights:
    """Values of the slots in use.

    Attributes
    ----------
    slots : int64 array (features,)
        Slots in ascending order.
    values : float32 array (features, columns)
    """

    slots: Index
    values: Floats32

    @cached_property
    def _place(self) -> NDArray[np.int32]:
        return placed(self.slots, SIZE)

    def parts(self, batch: Batch) -> list[Part]:
        """Features that occur in each text, by kind, as (features in the order of texts, edges of each text)."""
        return [narrowed(each, self._place) for each in polarity_slots(batch)]

    def summed(self, batch: Batch) -> Floats32:
        """Sum the values over all occurrences in each text, float32 array (texts, columns)."""
        return added(self.parts(batch), self.values)


def placed(known: Index, size: int) -> NDArray[np.int32]:
    """Position in `known` of each integer below `size`.

    Parameters
    ----------
    known : int64 array (features,)
        Integers below `size`.

    Returns
    -------
    int32 array (size,)
        -1 for integers that are not in `known`.
    """
    place = np.full(size, -1, dtype=np.int32)
    place[known] = np.arange(len(known), dtype=np.int32)
    return place


def narrowed(part: tuple[Index | NDArray[np.int32], Index], place: NDArray[np.int32]) -> Part:
    """Replace the slots of a part by their positions, dropping those without one.

    Parameters
    ----------
    part : tuple of (int64 array or int32 array, int64 array)
        (slots, edges) as in `features.polarity_slots`.
    place : int32 array (slots,)
        See `placed`.
    """
    given, edges = part
    found = place[given]
    kept = np.flatnonzero(found >= 0)
    return found[kept], np.searchsorted(kept, edges)


def added(parts: list[Part], values: Floats32) -> Floats32:
    """Sum rows of `values` over the features of each text.

    Parameters
    ----------
    parts : list of Part
        (positions, edges of each text), see `narrowed`.
    values : float32 array (features, columns)
        Values of each feature.

    Returns
    -------
    float32 array (texts, columns)
    """
    texts = len(parts[0][1]) - 1
    total = np.zeros((texts, values.shape[1]), dtype=np.float32)
    for found, edges in parts:
        ones = np.ones(len(found), dtype=np.float32)
        total += sparse.csr_array((ones, found, edges.astype(np.int32)), shape=(texts, len(values))) @ values
    return total
