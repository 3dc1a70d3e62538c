"""k-means on small tables: Lloyd's iterations and k-means++ starts, compiled and cached on disk by Numba."""

from typing import Any

import numpy as np
from numba import njit

TOLERANCE = 1e-4
"""Iterations end once the centres move, in squared distance, by less than this part of the features' mean variance."""


def k_means(values: np.ndarray, k: int, seed: int, starts: int, iterations: int) -> np.ndarray:
    """Partition `values` into k groups from several k-means++ starts; the one with the least inertia.

    Parameters
    ----------
    values : float64 array (people, features)
        At least k rows.
    seed : int
        Seed of the starts.

    Returns
    -------
    int array (people,)
        Groups 0..k-1.

    Notes
    -----
    The same random numbers are used in the same order as by scikit-learn's KMeans with `n_init=starts`,
    `random_state=seed` and `max_iter=iterations`, so that labels are the same but for ties. Calls of scikit-learn on a
    thousand people spend most of their time on checks of arguments and threads.

    References
    ----------
    Lloyd (1982), "Least squares quantization in PCM". Arthur & Vassilvitskii (2007), "k-means++: The advantages of
    careful seeding", with the greedy choice among 2 + log k candidates that they propose.
    """
    tries = 2 + int(np.log(k))
    uniform = np.random.RandomState(seed).random_sample((starts, 1 + tries * (k - 1)))
    rows, columns, limit = _centred(values, values.mean(axis=0))
    return np.asarray(_best_of(rows, columns, k, uniform, iterations, limit))


def k_means_from(values: np.ndarray, first: np.ndarray, iterations: int) -> np.ndarray:
    """Partition `values`, float64 array (people, features), from given centres, float64 array (k, features).

    Returns
    -------
    int array (people,)
        Groups 0..k-1.
    """
    middle = values.mean(axis=0)
    rows, columns, limit = _centred(values, middle)
    labels, _ = _lloyd(rows, columns, first - middle, iterations, limit)
    return np.asarray(labels)


def group_sums(values: np.ndarray, labels: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Sum of `values`, float64 array (people, features), in each group, and people in it.

    Parameters
    ----------
    labels : int array (people,)
        Groups 0..k-1.

    Returns
    -------
    sums : float64 array (k, features)
    people : int array (k,)
    """
    sums = np.zeros((k, values.shape[1]))
    _add(np.ascontiguousarray(values), np.asarray(labels, np.int64), sums)
    return sums, np.bincount(labels, minlength=k)


def centres(values: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Group means of `values`, float64 array (people, features).

    Parameters
    ----------
    labels : int array (people,)
        Groups 0..k-1.

    Returns
    -------
    float64 array (k, features)
        An empty group is at the origin.
    """
    sums, people = group_sums(values, labels, k)
    return np.asarray(sums / np.maximum(people, 1)[:, None])


def _centred(values: np.ndarray, middle: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Values without their mean, by rows and by columns, and the limit at which iterations end."""
    rows = np.ascontiguousarray(values - middle)
    return rows, np.ascontiguousarray(rows.T), float(TOLERANCE * np.vdot(rows, rows) / rows.size)


@njit(cache=True, error_model="numpy")
def _add(rows: Any, labels: Any, sums: Any) -> None:
    """Add each row (people, features) to its group's in `sums` (k, features)."""
    for i in range(len(rows)):
        j = labels[i]
        for f in range(rows.shape[1]):
            sums[j, f] += rows[i, f]


@njit(cache=True, error_model="numpy")
def _distances(columns: Any, centre: Any, out: Any) -> None:
    """Fill `out` (people,) with squared distances from `centre`, less each person's own squared norm."""
    people, features = len(out), len(centre)
    norm = 0.0
    for f in range(features):
        norm += centre[f] * centre[f]
    for i in range(people):
        out[i] = norm
    whole = features - features % 4
    for f in range(0, whole, 4):
        a, b, c, d = -2.0 * centre[f], -2.0 * centre[f + 1], -2.0 * centre[f + 2], -2.0 * centre[f + 3]
        for i in range(people):
            out[i] += a * columns[f, i] + b * columns[f + 1, i] + c * columns[f + 2, i] + d * columns[f + 3, i]
    for f in range(whole, features):
        a = -2.0 * centre[f]
        for i in range(people):
            out[i] += a * columns[f, i]


@njit(cache=True, error_model="numpy")
def _assign(columns: Any, centres: Any, labels: Any, nearest: Any, distance: Any) -> None:
    """Fill `labels` (people,) with the nearest centre, the first of equals; the other two (people,) are scratch."""
    _distances(columns, centres[0], nearest)
    for i in range(len(labels)):
        labels[i] = 0
    for j in range(1, len(centres)):
        _distances(columns, centres[j], distance)
        for i in range(len(labels)):
            if distance[i] < nearest[i]:
                nearest[i] = distance[i]
                labels[i] = j


@njit(cache=True, error_model="numpy")
def _squared(row: Any, centre: Any) -> float:
    """Squared distance of two points, shape (features,)."""
    total = 0.0
    for f in range(len(row)):
        total += (row[f] - centre[f]) ** 2
    return total


@njit(cache=True, error_model="numpy")
def _fill_empty(rows: Any, centres: Any, labels: Any, sums: Any, people: Any) -> None:
    """Give each group without people the person farthest from the own centre, in `sums` and `people`."""
    distance, largest = np.empty(len(rows)), 0.0
    for i in range(len(rows)):
        distance[i] = _squared(rows[i], centres[labels[i]])
        largest = max(largest, distance[i])
    for j in range(len(people)):
        if people[j] > 0.0 or largest == 0.0:
            continue
        far = 0
        for i in range(1, len(rows)):
            if distance[i] > distance[far]:
                far = i
        distance[far] = -1.0
        people[labels[far]] -= 1.0
        people[j] = 1.0
        for f in range(rows.shape[1]):
            sums[labels[far], f] -= rows[far, f]
            sums[j, f] = rows[far, f]


@njit(cache=True, error_model="numpy")
def _move(rows: Any, labels: Any, centres: Any, sums: Any, people: Any) -> float:
    """Move `centres` to the means of their groups, and return the sum of squared steps; the last two are scratch.

    A group that stays without people moves to where the largest is.
    """
    k, features = centres.shape
    for j in range(k):
        people[j] = 0.0
        for f in range(features):
            sums[j, f] = 0.0
    for i in range(len(rows)):
        people[labels[i]] += 1.0
    _add(rows, labels, sums)
    least, largest = 0, 0
    for j in range(1, k):
        least = j if people[j] < people[least] else least
    if people[least] == 0.0:
        _fill_empty(rows, centres, labels, sums, people)
    for j in range(1, k):
        largest = j if people[j] > people[largest] else largest
    moved = 0.0
    for j in range(k):
        own = j if people[j] > 0.0 else largest
        for f in range(features):
            mean = sums[own, f] * (1.0 / people[own])
            moved += (mean - centres[j, f]) ** 2
            centres[j, f] = mean
    return moved


@njit(cache=True, error_model="numpy")
def _lloyd(rows: Any, columns: Any, centres: Any, iterations: int, limit: float) -> Any:
    """Lloyd's iterations from `centres` (k, features), which they move.

    Returns labels (people,) and the sum of squared distances.
    """
    people = len(rows)
    labels, before = np.empty(people, np.int64), np.empty(people, np.int64)
    nearest, distance = np.empty(people), np.empty(people)
    sums, sizes = np.empty(centres.shape), np.empty(len(centres))
    settled = False
    for turn in range(iterations):
        _assign(columns, centres, labels, nearest, distance)
        moved = _move(rows, labels, centres, sums, sizes)
        settled = turn > 0
        for i in range(people):
            settled = settled and labels[i] == before[i]
            before[i] = labels[i]
        if settled or moved <= limit:
            break
    if not settled:
        _assign(columns, centres, labels, nearest, distance)
    inertia = 0.0
    for i in range(people):
        inertia += _squared(rows[i], centres[labels[i]])
    return labels, inertia


@njit(cache=True, error_model="numpy")
def _chosen(running: Any, level: float) -> int:
    """First place at which the cumulative sums `running` (people,) reach `level`."""
    low, high = 0, len(running) - 1
    while low < high:
        middle = (low + high) // 2
        if running[middle] < level:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, error_model="numpy")
def _plus_plus(rows: Any, columns: Any, k: int, uniform: Any) -> Any:
    """Centres, float array (k, features), by greedy k-means++ from `uniform` random numbers (1 + tries (k - 1),)."""
    features, people = columns.shape
    own, closest, running = np.zeros(people), np.empty(people), np.empty(people)
    trial, best = np.empty(people), np.empty(people)
    for f in range(features):
        for i in range(people):
            own[i] += columns[f, i] ** 2
    tries = (len(uniform) - 1) // max(k - 1, 1)
    centres = np.empty((k, features))
    at, used = min(int(uniform[0] * people), people - 1), 1
    for i in range(people):
        closest[i] = np.inf
    for j in range(k):
        least, chosen = np.inf, at
        for _ in range(tries if j > 0 else 1):
            if j > 0:
                at = _chosen(running, uniform[used] * running[people - 1])
                used += 1
            _distances(columns, rows[at], trial)
            total = 0.0
            for i in range(people):
                trial[i] = min(max(trial[i] + own[i], 0.0), closest[i])
                total += trial[i]
            if total < least:
                least, chosen = total, at
                best, trial = trial, best
        total = 0.0
        for i in range(people):
            closest[i] = best[i]
            total += best[i]
            running[i] = total
        for f in range(features):
            centres[j, f] = rows[chosen, f]
    return centres


@njit(cache=True, error_model="numpy")
def _same(first: Any, second: Any, k: int) -> bool:
    """Whether two labellings (people,) are the same but for the groups' numbers."""
    to = np.empty(k, np.int64)
    for j in range(k):
        to[j] = -1
    for i in range(len(first)):
        if to[first[i]] == -1:
            to[first[i]] = second[i]
        elif to[first[i]] != second[i]:
            return False
    return True


@njit(cache=True, error_model="numpy")
def _best_of(rows: Any, columns: Any, k: int, uniform: Any, iterations: int, limit: float) -> Any:
    """Labels of the start, one a row of `uniform`, with the least inertia."""
    labels, least = _lloyd(rows, columns, _plus_plus(rows, columns, k, uniform[0]), iterations, limit)
    for start in range(1, len(uniform)):
        other, inertia = _lloyd(rows, columns, _plus_plus(rows, columns, k, uniform[start]), iterations, limit)
        if inertia < least and not _same(other, labels, k):
            labels, least = other, inertia
    return labels
