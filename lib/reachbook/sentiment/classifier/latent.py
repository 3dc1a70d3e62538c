"""Polarity from what a text is about and how that combines: a quadratic form in latent semantic space.

Sums of n-gram weights cannot say that two harmless things are bad together. In the space of latent semantic analysis
(Deerwester et al., 1990), where texts are short vectors, every pair of directions can have a weight of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from reachbook.sentiment.classifier.logistic import against_first, columns, descend, surprise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Floats32 = NDArray[np.float32]
    Index = NDArray[np.int64]

WIDTH = 20_000
"""Features, the most frequent, that span the space."""
_DIRECTIONS = 200
_STRENGTH = 5.0
_PAIRS = 0.5
"""Prior variance of a pair's weight, of a single direction's."""
_STEPS = 40


@dataclass(frozen=True)
class Latent:
    """A quadratic form for each column of weights (see `solve.columns`).

    known : (width,) positions, among the features of the model, of those that span the space
    directions : (width, d); pairs : (columns, d, d); singles : (d, columns); intercept : (columns,)
    """

    known: Index
    directions: Floats32
    pairs: Floats32
    singles: Floats32
    intercept: Floats

    def logits(self, summed: Floats32) -> Floats:
        """Log-odds against the first class, shape (texts, classes), from summed directions, shape (texts, d)."""
        place = _unit(summed)
        spread = [((place @ each) * place).sum(axis=1) for each in self.pairs]
        return against_first(np.column_stack(spread) + place @ self.singles + self.intercept)

    def summed(self, features: sparse.csr_array) -> Floats32:
        """Directions summed over the features of each text, shape (texts, d)."""
        return np.asarray(features[:, self.known] @ self.directions)


def latent(features: sparse.csr_array, target: Index, classes: int, seed: int) -> Latent:
    """Space and quadratic form from weighted features, shape (texts, features), and the class of each text."""
    wide = columns(classes)
    often = np.bincount(features.indices, minlength=features.shape[1])
    known = np.sort(np.argsort(-often, kind="stable")[:WIDTH])
    held = sparse.csr_array(features[:, known]).astype(np.float32)
    directions = _directions(held, int(_DIRECTIONS / np.sqrt(wide)), seed)
    size = directions.shape[1]
    weights = _fitted(_unit(held @ directions), target, wide)
    pairs = weights[: size * size].T.reshape(wide, size, size) * np.sqrt(_PAIRS)
    return Latent(known, directions, _lean(pairs), _lean(weights[size * size : -1]), weights[-1])


def _directions(features: sparse.csr_array, size: int, seed: int) -> Floats32:
    """The leading directions of the texts, shape (features, d); none where there are hardly any features."""
    size = min(size, *(each - 1 for each in features.shape))
    if size < 1:
        return np.zeros((features.shape[1], 0), dtype=np.float32)
    return _lean(randomized_svd(features, size, n_iter=2, random_state=seed)[2].T)


def _fitted(place: Floats32, target: Index, wide: int) -> Floats:
    """Weights of pairs, singles and intercept, shape (d * d + d + 1, columns)."""
    size = place.shape[1]
    tight = np.full((size * size + size + 1, 1), wide / max(wide, 2) / _STRENGTH)
    tight[-1] = 0

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(-1, wide)
        pairs, singles = _lean(weights[: size * size]), _lean(weights[size * size : -1])
        spread = [((place @ each.reshape(size, size)) * place).sum(axis=1) for each in pairs.T]
        value, slope = surprise(np.column_stack(spread) * np.sqrt(_PAIRS) + place @ singles + weights[-1], target)
        lean = _lean(slope)
        down = [((place * each[:, None]).T @ place).ravel() * np.sqrt(_PAIRS) for each in lean.T]
        pull = weights * tight
        slopes = np.concatenate([np.column_stack(down), place.T @ lean, slope.sum(axis=0)[None]]) + pull
        return value + float((weights * pull).sum()) / 2, slopes.ravel().astype(np.float64)

    return descend(loss, np.zeros(tight.size * wide), _STEPS).reshape(-1, wide)


def _unit(rows: Floats32) -> Floats32:
    """Rows of length 1; a text without any known feature stays at the origin."""
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)


def _lean(values: Floats) -> Floats32:
    return np.ascontiguousarray(values, dtype=np.float32)
