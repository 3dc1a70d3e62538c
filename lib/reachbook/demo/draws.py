"""Named random streams, and draws that NumPy lacks."""

import zlib

import numpy as np

from reachbook.arrays import Floats, Ints


def stream(seed: int, name: str) -> np.random.Generator:
    """Create a generator that depends only on the seed and the name.

    Notes
    -----
    A spawn key derived from the name, instead of a running number, leaves all other tables unchanged when a table is
    added or grows.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),)))


def rows(rng: np.random.Generator, probabilities: Floats, row: Ints) -> Ints:
    """Draw one category for each entry of `row`.

    Parameters
    ----------
    probabilities : float64 array (rows, categories)
        Probabilities of each row.
    row : int64 array (draws,)
        Row to draw from.

    Returns
    -------
    int64 array (draws,)
    """
    edges = np.cumsum(probabilities, axis=1)[:, :-1]
    uniform = rng.random(len(row))
    # Column by column: (events, categories) at once would cost memory in proportion to both.
    result = np.zeros(len(row), dtype=np.int64)
    for edge in edges.T:
        result += uniform >= edge[row]
    return result


def dirichlet(rng: np.random.Generator, shape: Floats) -> Floats:
    """Draw once from the Dirichlet distribution of each row.

    Parameters
    ----------
    shape : float64 array (rows, categories)
        Concentration parameters.

    Returns
    -------
    float64 array (rows, categories)
        Rows sum to 1.
    """
    gamma = rng.standard_gamma(shape) + 1e-12
    return gamma / gamma.sum(axis=1, keepdims=True)


def counts(rng: np.random.Generator, weights: Floats, total: int) -> Ints:
    """Draw exactly `total` indices into `weights`, shape (n,), in proportion to them; sorted, int64 array (total,)."""
    return np.repeat(np.arange(len(weights)), rng.multinomial(total, weights / weights.sum()))


def days_between(rng: np.random.Generator, weights: Floats, first: Ints, last: Ints) -> Ints:
    """Draw one day for each pair first..last (inclusive), in proportion to the weights of the days.

    Parameters
    ----------
    weights : float64 array (days,)
    first, last : int64 array (draws,)
        Indices into `weights`.
    """
    total = np.concatenate([[0.0], np.cumsum(weights)])
    target = total[first] + rng.random(len(first)) * (total[last + 1] - total[first])
    return np.asarray(np.clip(np.searchsorted(total, target, side="right") - 1, first, last))


def autoregression(rng: np.random.Generator, rho: float, sd: float, shape: tuple[int, int]) -> Floats:
    """Draw stationary AR(1) series along the last axis, with standard deviation `sd`; float64, shape `shape`."""
    noise = rng.standard_normal(shape) * sd
    result = np.empty(shape)
    result[:, 0] = noise[:, 0]
    for day in range(1, shape[1]):
        result[:, day] = rho * result[:, day - 1] + np.sqrt(1 - rho**2) * noise[:, day]
    return result


def by_group(rng: np.random.Generator, group: Ints, weights: Floats) -> Ints:
    """Draw one row of `weights` for each entry of `group`, in proportion to that group's column.

    Parameters
    ----------
    group : int64 array (draws,)
    weights : float64 array (rows, groups)
    """
    uniform = rng.random(len(group))
    result = np.zeros(len(group), dtype=np.int64)
    for column, weight in enumerate(weights.T):
        here = group == column
        edge = np.cumsum(weight)
        result[here] = np.searchsorted(edge[:-1], uniform[here] * edge[-1], side="right")
    return result
