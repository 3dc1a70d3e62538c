"""Weighted features from counts: document frequencies, normalisation, and log ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MANY = 1000


@dataclass(frozen=True)
class TfIdf:
    """Slots in use, with their inverse document frequency.

    Attributes
    ----------
    slots : int64 array (features,)
    idf : float64 array (features,)
    """

    slots: NDArray[np.int64]
    idf: Floats

    def __call__(self, counts: sparse.csr_array) -> sparse.csr_array:
        """Weight the counts, each text divided by the root of its summed squared idf; sparse array (texts, features).

        Notes
        -----
        Repeated occurrences count in full, so that scoring can sum occurrences without grouping equal ones.
        """
        known = sparse.csr_array(counts[:, self.slots])
        length = np.sqrt(known @ self.idf**2)
        return sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1)) @ known @ sparse.diags_array(self.idf))


def weighing(counts: sparse.csr_array) -> TfIdf:
    """Smoothed inverse document frequency of the slots that occur, in large collections more than once.

    Parameters
    ----------
    counts : sparse array (texts, slots)
        Counts.

    Notes
    -----
    Slots that occur in one of many texts are the majority and carry little information.
    """
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    slots = np.flatnonzero(frequency > (counts.shape[0] >= _MANY))
    return TfIdf(slots, np.log((1 + counts.shape[0]) / (1 + frequency[slots])) + 1)


def log_ratios(features: sparse.csr_array, target: NDArray[np.int64], classes: int) -> Floats:
    """|log ratio| of each feature's share among texts of a class to that among all others.

    Parameters
    ----------
    features : sparse array (texts, features)
        Weighted features, of which only the presence counts.
    target : int64 array (texts,)
        Class of each text.

    Returns
    -------
    float64 array (features, classes)

    Notes
    -----
    As prior scales of the weights these give NB-SVM.

    References
    ----------
    Wang & Manning (2012), "Baselines and bigrams: simple, good sentiment and topic classification".
    """
    held = sparse.csr_array((np.ones(len(features.data)), features.indices, features.indptr), shape=features.shape)
    one = np.eye(classes)[target]
    within, outside = held.T @ one + 1, held.T @ (1 - one) + 1
    return np.asarray(np.abs(np.log(within / within.sum(axis=0) * outside.sum(axis=0) / outside)))
