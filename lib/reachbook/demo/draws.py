"""Random streams, one a name, and the few draws that NumPy lacks."""

import zlib

import numpy as np

from reachbook.arrays import Floats, Ints


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator that depends on the seed and on the name alone.

    A spawn key made from the name, rather than from a running number, keeps every other table as it is when a table
    is added or grows.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),)))


def rows(rng: np.random.Generator, probabilities: Floats, row: Ints) -> Ints:
    """One category for each entry of `row`, by the probabilities (rows, categories) of that row."""
    edges = np.cumsum(probabilities, axis=1)[:, :-1]
    uniform = rng.random(len(row))
    # Column by column: (events, categories) at once would cost memory in proportion to both.
    result = np.zeros(len(row), dtype=np.int64)
    for edge in edges.T:
        result += uniform >= edge[row]
    return result


def dirichlet(rng: np.random.Generator, shape: Floats) -> Floats:
    """One Dirichlet draw for each row of `shape` (rows, categories)."""
    gamma = rng.standard_gamma(shape) + 1e-12
    return gamma / gamma.sum(axis=1, keepdims=True)


def counts(rng: np.random.Generator, weights: Floats, total: int) -> Ints:
    """Indices of `total` draws in proportion to `weights`, sorted: exactly `total` of them, whatever the weights."""
    return np.repeat(np.arange(len(weights)), rng.multinomial(total, weights / weights.sum()))


def days_between(rng: np.random.Generator, weights: Floats, first: Ints, last: Ints) -> Ints:
    """One day for each pair first..last (inclusive), in proportion to the weight of the day.

    weights : (days,); first, last : indices into it.
    """
    total = np.concatenate([[0.0], np.cumsum(weights)])
    target = total[first] + rng.random(len(first)) * (total[last + 1] - total[first])
    return np.asarray(np.clip(np.searchsorted(total, target, side="right") - 1, first, last))


def autoregression(rng: np.random.Generator, rho: float, sd: float, shape: tuple[int, int]) -> Floats:
    """Stationary first-order autoregressions along the last axis, with standard deviation `sd`."""
    noise = rng.standard_normal(shape) * sd
    result = np.empty(shape)
    result[:, 0] = noise[:, 0]
    for day in range(1, shape[1]):
        result[:, day] = rho * result[:, day - 1] + np.sqrt(1 - rho**2) * noise[:, day]
    return result


def by_group(rng: np.random.Generator, group: Ints, weights: Floats) -> Ints:
    """One row of `weights` (rows, groups) for each entry of `group`, in proportion to the column of that group."""
    uniform = rng.random(len(group))
    result = np.zeros(len(group), dtype=np.int64)
    for column, weight in enumerate(weights.T):
        here = group == column
        edge = np.cumsum(weight)
        result[here] = np.searchsorted(edge[:-1], uniform[here] * edge[-1], side="right")
    return result
