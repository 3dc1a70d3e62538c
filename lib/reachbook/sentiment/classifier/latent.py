"""A classifier on a quadratic form in latent semantic space."""

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
"""Number of features, the most frequent ones, that span the space."""
_DIRECTIONS = 200
_STRENGTH = 5.0
_PAIRS = 0.5
"""Prior variance of the weight of a pair, relative to that of a single direction."""
_STEPS = 40


@dataclass(frozen=True)
class Latent:
    """A quadratic form for each column of weights (see `logistic.columns`).

    Attributes
    ----------
    known : int64 array (width,)
        Positions, among the model's features, of those that span the space.
    directions : float32 array (width, d)
        Directions of the space.
    pairs : float32 array (columns, d, d)
        Weights of pairs of directions.
    singles : float32 array (d, columns)
        Weights of single directions.
    intercept : float64 array (columns,)

    Notes
    -----
    Sums of n-gram weights cannot express that two harmless expressions are negative together. In latent semantic space,
    where texts are short vectors, every pair of directions has a weight of its own.

    References
    ----------
    Deerwester et al. (1990), "Indexing by latent semantic analysis".
    """

    known: Index
    directions: Floats32
    pairs: Floats32
    singles: Floats32
    intercept: Floats

    def logits(self, summed: Floats32) -> Floats:
        """Log-odds against the first class, float64 array (texts, classes).

        Parameters
        ----------
        summed : float32 array (texts, d)
            Directions summed over each text's features.
        """
        place = _unit(summed)
        spread = [((place @ each) * place).sum(axis=1) for each in self.pairs]
        return against_first(np.column_stack(spread) + place @ self.singles + self.intercept)

    def summed(self, features: sparse.csr_array) -> Floats32:
        """Sum the directions over the features of each text.

        Parameters
        ----------
        features : sparse array (texts, features)
            Counts or weights of the model's features.

        Returns
        -------
        float32 array (texts, d)
        """
        return np.asarray(features[:, self.known] @ self.directions)


def latent(features: sparse.csr_array, target: Index, classes: int, seed: int) -> Latent:
    """Fit the space and the quadratic form.

    Parameters
    ----------
    features : sparse array (texts, features)
        Weighted features.
    target : int64 array (texts,)
        Class of each text.
    """
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
    """The leading directions of the texts, float32 array (features, d); d is 0 where there are hardly any features."""
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
    """Scale rows to length 1; a text without any known feature stays at the origin."""
    length = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)


def _lean(values: Floats) -> Floats32:
    return np.ascontiguousarray(values, dtype=np.float32)
