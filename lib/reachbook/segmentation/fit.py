"""k-means in a metric learned from the segments' common shape (the determinant criterion)."""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.linalg import eigh
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

STARTS = 3
REFINEMENTS = 5
TREE_SIZE = 700
LONERS = 0.03


@dataclass(frozen=True)
class Partition:
    """People in k groups.

    Attributes
    ----------
    labels : int array (people,)
        Group of each person, 0..k-1.
    gain : float
        log of |total covariance| / |pooled within-group covariance|; larger is tighter, independent of units.
    """

    labels: np.ndarray
    k: int
    gain: float


type Grain = np.ndarray | float
"""Variance between the steps of each feature (see `scaling.grain_of`), shape (features,), or one number for all."""


def covariance(values: np.ndarray, grain: Grain = 0.0) -> np.ndarray:
    """Covariance plus `grain` and a small ridge, so that a perfect split never makes it singular.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.

    Returns
    -------
    float64 array (features, features)
    """
    table = np.atleast_2d(np.cov(values, rowvar=False))
    ridge = 0.01 * np.trace(table) / len(table) + 1e-9
    return np.asarray(table + np.diag(np.broadcast_to(ridge + grain, len(table))))


def within(values: np.ndarray, labels: np.ndarray, k: int, grain: Grain = 0.0) -> np.ndarray:
    """Pooled within-group covariance, with the grain and ridge of `covariance`.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.
    labels : int array (people,)
        Groups 0..k-1.

    Returns
    -------
    float64 array (features, features)
    """
    means = centres(values, labels, k)
    return covariance(values - means[labels], grain)


def centres(values: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Group means.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.
    labels : int array (people,)
        Groups 0..k-1.

    Returns
    -------
    float64 array (k, features)
        An empty group is at the origin.
    """
    sums = np.zeros((k, values.shape[1]))
    np.add.at(sums, labels, values)
    return np.asarray(sums / np.maximum(np.bincount(labels, minlength=k), 1)[:, None])


def discriminant(values: np.ndarray, labels: np.ndarray, k: int, grain: Grain = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Solve for the discriminant axes, in which the pooled within-group covariance is the identity.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.
    labels : int array (people,)
        Groups 0..k-1.

    Returns
    -------
    axes : float64 array (features, d)
        Axes in descending order of their variance ratio, d = min(k - 1, features).
    ratios : float64 array (d,)
        Total variance over within-group variance.
    """
    total = covariance(values, grain)
    ratio, axes = eigh(total, within(values, labels, k, grain))
    d = min(k - 1, values.shape[1])
    return axes[:, ::-1][:, :d], ratio[::-1][:d]


def gain(values: np.ndarray, labels: np.ndarray, k: int, grain: Grain = 0.0) -> float:
    """log of the determinant of the total covariance over that of the pooled within-group covariance.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.
    labels : int array (people,)
        Groups 0..k-1.
    """
    tables = covariance(values, grain), within(values, labels, k, grain)
    return float(np.linalg.slogdet(tables[0])[1] - np.linalg.slogdet(tables[1])[1])


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


def refined(values: np.ndarray, labels: np.ndarray, k: int, grain: Grain = 0.0) -> Partition:
    """k-means in discriminant coordinates, which are re-estimated several times from its own labels.

    Parameters
    ----------
    values : float64 array (people, features)
        Scaled features.
    labels : int array (people,)
        Initial groups 0..k-1.
    """
    for _ in range(REFINEMENTS):
        axes, _ = discriminant(values, labels, k, grain)
        seen = values @ axes
        model = KMeans(k, init=centres(seen, labels, k), n_init=1, max_iter=30).fit(seen)
        if (model.labels_ == labels).all():
            break
        labels = model.labels_.astype(int)
    return Partition(labels, k, gain(values, labels, k, grain))


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


def nearest_segment(
    values: np.ndarray, known: np.ndarray, labels: np.ndarray, k: int, grain: Grain = 0.0
) -> np.ndarray:
    """Assign rows to the nearest segment in discriminant coordinates.

    Parameters
    ----------
    values : float64 array (people, features)
        Rows to assign.
    known : float64 array (known people, features)
        Rows with labels.
    labels : int array (known people,)
        Their segments, 0..k-1.

    Returns
    -------
    int array (people,)
    """
    axes, _ = discriminant(known, labels, k, grain)
    seen, to = values @ axes, centres(known @ axes, labels, k)
    distance = (seen**2).sum(1)[:, None] - 2 * seen @ to.T + (to**2).sum(1)
    return np.asarray(distance.argmin(axis=1))


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
        self.everyone, self.grain = values, grain
        self.seed = int(rng.integers(2**31 - 1))
        local = local_coordinates(values, rng)
        core = crowded(local)
        self.values, self.local = values[core], local[core]
        self.sample = rng.choice(len(self.values), min(len(self.values), TREE_SIZE), replace=False)
        self.trees = [linkage(v[self.sample], "ward") for v in (self.values, self.local)]

    def partition(self, k: int) -> Partition:
        """Return the refined start with the largest `gain`, with everybody assigned."""
        found = [refined(self.values, labels, k, self.grain) for labels in self.starts(k)]
        best = max(found, key=lambda part: part.gain)
        labels = nearest_segment(self.everyone, self.values, best.labels, k, self.grain)
        return Partition(labels, k, best.gain)

    def starts(self, k: int) -> list[np.ndarray]:
        """Initial labels, int array (core people,) each: k-means and Ward's tree, in scaled and in local
        coordinates.
        """
        out = []
        for seen, tree in zip((self.values, self.local), self.trees, strict=True):
            out.append(KMeans(k, n_init=STARTS, random_state=self.seed, max_iter=50).fit(seen).labels_.astype(int))
            groups = fcluster(tree, k, "maxclust") - 1
            first = centres(seen[self.sample], groups, k)
            out.append(KMeans(k, init=first, n_init=1, max_iter=50).fit(seen).labels_.astype(int))
        return out
