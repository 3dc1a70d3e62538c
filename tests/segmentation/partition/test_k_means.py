"""k-means is scikit-learn's, and a truth where there is one."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from reachbook.segmentation.partition.k_means import centres, group_sums, k_means, k_means_from


def clouds(seed: int, people: int, features: int, groups: int, apart: float) -> tuple[np.ndarray, np.ndarray]:
    """Normal clouds whose centres are `apart` standard deviations in each direction, and who belongs to which."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, groups, people)
    return rng.standard_normal((people, features)) + apart * rng.standard_normal((groups, features))[truth], truth


@pytest.mark.parametrize(("features", "k"), [(1, 1), (1, 4), (3, 2), (5, 3), (7, 10), (31, 6)])
@pytest.mark.parametrize("apart", [0.0, 3.0])
def test_labels_are_those_of_scikit_learn(features: int, k: int, apart: float) -> None:
    """Without ties: the same starts, iterations, stopping rule and choice among starts."""
    values, _ = clouds(k, 400, features, 4, apart)
    theirs = KMeans(k, n_init=3, random_state=7, max_iter=50).fit(values).labels_
    assert (k_means(values, k, 7, starts=3, iterations=50) == theirs).all()
    first = values[:k]
    theirs = KMeans(k, init=first, n_init=1, max_iter=30).fit(values).labels_
    assert (k_means_from(values, first, iterations=30) == theirs).all()


def test_a_group_without_people_takes_the_farthest_person() -> None:
    """The third centre is nobody's nearest; the person at 100 is farthest from the own centre."""
    values = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [100.0]])
    first = np.array([[0.0], [20.0], [-500.0]])
    labels = k_means_from(values, first, iterations=50)
    assert labels.tolist() == [0, 0, 0, 1, 1, 2]
    assert labels.tolist() == KMeans(3, init=first, n_init=1).fit(values).labels_.tolist()


def test_fewer_different_people_than_groups() -> None:
    """Nobody can fill the third group; the two different kinds of people are told apart."""
    labels = k_means(np.repeat([[0.0, 1.0], [5.0, 2.0]], 20, axis=0), 3, 1, starts=3, iterations=50)
    assert len(set(labels[:20])) == len(set(labels[20:])) == 1
    assert labels[0] != labels[20]


def test_groups_that_lie_apart_are_found() -> None:
    values, truth = clouds(3, 500, 4, 5, 20.0)
    labels = k_means(values, 5, 1, starts=3, iterations=50)
    assert len({(int(a), int(b)) for a, b in zip(labels, truth, strict=True)}) == 5


def test_memory_order_does_not_matter() -> None:
    values, _ = clouds(4, 300, 6, 3, 2.0)
    turned = np.asfortranarray(values)
    assert (k_means(values, 3, 1, starts=2, iterations=50) == k_means(turned, 3, 1, starts=2, iterations=50)).all()
    assert (k_means_from(values, values[:3], 30) == k_means_from(turned, turned[:3], 30)).all()


def test_sums_and_means_of_groups() -> None:
    values, labels = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]]), np.array([0, 2, 0])
    sums, people = group_sums(values, labels, 3)
    assert sums.tolist() == [[6.0, 11.0], [0.0, 0.0], [3.0, 4.0]]
    assert people.tolist() == [2, 0, 1]
    assert centres(values, labels, 3).tolist() == [[3.0, 5.5], [0.0, 0.0], [3.0, 4.0]]
