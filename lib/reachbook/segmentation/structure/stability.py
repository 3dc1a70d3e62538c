"""Bootstrap stability of segments."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import adjusted_rand_score

from reachbook.segmentation.partition.moments import Grain
from reachbook.segmentation.partition.search import Search


@dataclass(frozen=True)
class Stability:
    """Agreement of a partition with its bootstrap repetitions.

    Attributes
    ----------
    jaccard : float64 array (k,)
        Each segment's overlap with its best match, averaged over repetitions.
    rand : float64 array (repetitions,)
        Adjusted Rand index of each repetition against the partition.
    """

    jaccard: np.ndarray
    rand: np.ndarray

    @property
    def lowest(self) -> float:
        """Jaccard overlap of the least stable segment."""
        return float(self.jaccard.min())


def overlap(first: np.ndarray, second: np.ndarray, k: int) -> np.ndarray:
    """Best Jaccard overlap of each group of `first` with a group of `second`, shape (k,).

    Parameters
    ----------
    first, second : int array (people,)
        Groups 0..k-1.
    """
    both = np.zeros((k, k))
    np.add.at(both, (first, second), 1)
    union = both.sum(axis=1)[:, None] + both.sum(axis=0)[None] - both
    return np.asarray((both / np.maximum(union, 1)).max(axis=1))


def stability(
    values: np.ndarray,
    partitions: dict[int, np.ndarray],
    draws: int,
    size: int,
    rng: np.random.Generator,
    grain: Grain = 0.0,
) -> dict[int, Stability]:
    """Bootstrap stability of each partition.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.
    partitions : dict of int to array
        Labels by k, int array (people,) each.
    draws : int
        Number of samples.
    size : int
        People in each sample, drawn with replacement.

    Returns
    -------
    dict
        Stability by k.

    References
    ----------
    Hennig (2007), "Cluster-wise assessment of cluster stability".
    """
    jaccard: dict[int, list[np.ndarray]] = {k: [] for k in partitions}
    rand: dict[int, list[float]] = {k: [] for k in partitions}
    for _ in range(draws):
        sample = values[rng.choice(len(values), size)]
        search = Search(sample, rng, grain)
        for k, labels in partitions.items():
            again = search.everyone.nearest_segment(values, search.partition(k).labels, k)
            jaccard[k].append(overlap(labels, again, k))
            rand[k].append(float(adjusted_rand_score(labels, again)))
    return {k: Stability(np.mean(jaccard[k], axis=0), np.array(rand[k])) for k in partitions}
