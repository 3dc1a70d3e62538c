"""Covariances of a table and its partitions, and k-means in a metric learned from them (the determinant criterion)."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from reachbook.segmentation.partition.k_means import centres, group_sums, k_means_from

REFINEMENTS = 5


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


class Moments:
    """A table of scaled values with what all its partitions share: its scatter and its total covariance.

    Attributes
    ----------
    values : float64 array (people, features)
        Scaled features.
    total : float64 array (features, features)
        Covariance with `grain` and a small ridge, see `ridged`.
    """

    def __init__(self, values: np.ndarray, grain: Grain = 0.0) -> None:
        self.values, self.grain = values, grain
        self._off = values - values.mean(axis=0)
        self._scatter = self._off.T @ self._off
        self.total = ridged(self._scatter / (len(values) - 1), grain)

    def within(self, labels: np.ndarray, k: int) -> np.ndarray:
        """Pooled within-group covariance, with the grain and ridge of `total`, float64 array (features, features).

        Parameters
        ----------
        labels : int array (people,)
            Groups 0..k-1.

        Notes
        -----
        Total scatter less scatter of the group means, so that a new partition costs one sum over people.
        """
        sums, people = group_sums(self._off, labels, k)
        between = sums.T @ (sums / np.maximum(people, 1)[:, None])
        return ridged((self._scatter - between) / (len(self.values) - 1), self.grain)

    def discriminant(self, labels: np.ndarray, k: int) -> np.ndarray:
        """Discriminant axes, in which the pooled within-group covariance is the identity.

        Parameters
        ----------
        labels : int array (people,)
            Groups 0..k-1.

        Returns
        -------
        float64 array (features, d)
            Axes in descending order of their ratio of total to within-group variance, d = min(k - 1, features).
        """
        p = len(self.total)
        wanted = (p - min(k - 1, p), p - 1)
        _, axes = eigh(self.total, self.within(labels, k), subset_by_index=wanted, check_finite=False)
        return np.asarray(axes[:, ::-1])

    def gain(self, labels: np.ndarray, k: int) -> float:
        """log of the determinant of the total covariance over that of the pooled within-group covariance.

        Parameters
        ----------
        labels : int array (people,)
            Groups 0..k-1.
        """
        return float(np.linalg.slogdet(self.total)[1] - np.linalg.slogdet(self.within(labels, k))[1])

    def refined(self, labels: np.ndarray, k: int) -> Partition:
        """k-means in discriminant coordinates, which are re-estimated several times from its own labels.

        Parameters
        ----------
        labels : int array (people,)
            Initial groups 0..k-1.
        """
        for _ in range(REFINEMENTS):
            seen = self.values @ self.discriminant(labels, k)
            again = k_means_from(seen, centres(seen, labels, k), iterations=30)
            if (again == labels).all():
                break
            labels = again
        return Partition(labels, k, self.gain(labels, k))

    def nearest_segment(self, values: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
        """Assign rows to the nearest segment in discriminant coordinates.

        Parameters
        ----------
        values : float64 array (other people, features)
            Rows to assign.
        labels : int array (people,)
            Segments 0..k-1 of this table's people.

        Returns
        -------
        int array (other people,)
        """
        axes = self.discriminant(labels, k)
        seen, to = values @ axes, centres(self.values @ axes, labels, k)
        distance = (seen**2).sum(1)[:, None] - 2 * seen @ to.T + (to**2).sum(1)
        return np.asarray(distance.argmin(axis=1))


def ridged(table: np.ndarray, grain: Grain) -> np.ndarray:
    """A covariance plus `grain` and a small ridge, so that a perfect split never makes it singular.

    Parameters
    ----------
    table : float64 array (features, features)
        A covariance.
    """
    ridge = 0.01 * np.trace(table) / len(table) + 1e-9
    return np.asarray(table + np.diag(np.broadcast_to(ridge + grain, len(table))))
