"""Search for the best partition of one table into k groups, from several starts."""

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.neighbors import NearestNeighbors

from reachbook.segmentation.partition.k_means import centres, k_means, k_means_from
from reachbook.segmentation.partition.moments import Grain, Moments, Partition

STARTS = 3
TREE_SIZE = 700
LONERS = 0.03


def local_coordinates(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Coordinates in which differences between near neighbours are spherical.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.

    Returns
    -------
    float64 array (people, features)

    Notes
    -----
    Noise and the segments' common covariance have variance 1 there; structure has more.

    References
    ----------
    Art, Gnanadesikan & Kettenring (1982), "Data-based metrics for cluster analysis".
    """
    size = min(len(values), 2 * TREE_SIZE)
    sample = values[rng.choice(len(values), size, replace=False)]
    axes = np.diag(1.0 / sample.std(axis=0).clip(1e-6))
    for _ in range(3):
        seen = sample @ axes
        _, near = NearestNeighbors(n_neighbors=6).fit(seen).kneighbors(seen)
        steps = (sample[near[:, 1:]] - sample[:, None, :]).reshape(-1, values.shape[1])
        local = steps.T @ steps / len(steps) / 2
        local += np.eye(len(local)) * (0.02 * np.trace(local) / len(local) + 1e-9)
        scale, turn = np.linalg.eigh(local)
        axes = turn / np.sqrt(scale)
    return np.asarray(values @ axes)


def crowded(values: np.ndarray) -> np.ndarray:
    """Flag the people who are not isolated; partitions are learned from these only.

    Parameters
    ----------
    values : float64 array (people, features)
        Local coordinates, see `local_coordinates`.

    Returns
    -------
    bool array (people,)

    Notes
    -----
    A person is isolated if the log distance to the tenth neighbour exceeds the median by more than 3.5 robust
    deviations; at most 3 % are left out. Outliers then make no segment of their own.
    """
    distance, _ = NearestNeighbors(n_neighbors=11).fit(values).kneighbors(values)
    far = np.log(distance[:, -1] + 1e-9)
    far -= np.median(far)
    limit = max(3.5 * 1.4826 * float(np.median(np.abs(far))), float(np.quantile(far, 1 - LONERS)))
    return np.asarray(far <= limit)


class Search:
    """Searches partitions of one table of scaled values for any k, sharing the work common to all k.

    Notes
    -----
    Plain k-means assumes spherical segments and gives features without structure a vote. Here every start alternates
    between the pooled within-group covariance, discriminant coordinates and k-means in them. Starts come from the
    scaled features and from coordinates in which differences between near neighbours are spherical. All random numbers
    come from `rng`, in a fixed order.

    References
    ----------
    Friedman & Rubin (1967), "On some invariant criteria for grouping data". Art, Gnanadesikan & Kettenring (1982),
    "Data-based metrics for cluster analysis".
    """

    def __init__(self, values: np.ndarray, rng: np.random.Generator, grain: Grain = 0.0) -> None:
        self.everyone = Moments(values, grain)
        self.seed = int(rng.integers(2**31 - 1))
        local = local_coordinates(values, rng)
        core = crowded(local)
        self.core, self.local = Moments(values[core], grain), local[core]
        people = len(self.local)
        self.sample = rng.choice(people, min(people, TREE_SIZE), replace=False)
        self.trees = [linkage(v[self.sample], "ward") for v in (self.core.values, self.local)]

    def partition(self, k: int) -> Partition:
        """Return the refined start with the largest `gain`, with everybody assigned."""
        best = max((self.core.refined(labels, k) for labels in self.starts(k)), key=lambda part: part.gain)
        return Partition(self.core.nearest_segment(self.everyone.values, best.labels, k), k, best.gain)

    def starts(self, k: int) -> list[np.ndarray]:
        """Initial labels, int array (core people,) each: k-means and Ward's tree, in scaled and in local
        coordinates.
        """
        out = []
        for seen, tree in zip((self.core.values, self.local), self.trees, strict=True):
            out.append(k_means(seen, k, self.seed, STARTS, iterations=50))
            groups = fcluster(tree, k, "maxclust") - 1
            out.append(k_means_from(seen, centres(seen[self.sample], groups, k), iterations=50))
        return out
