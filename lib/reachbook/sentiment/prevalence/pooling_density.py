"""Log density and gradient of the pooled shares' model, in loops that Numba compiles once and keeps on disk."""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import njit

from reachbook.arrays import Floats

_numba: Any = numba
carray, types = _numba.carray, _numba.types

START, SLOPE, CONTEXT = (0.0, 1.5), (0.8, 0.5), (0.5, 0.5)
"""Prior mean and standard deviation."""
SHAPE, RATE = 2.0, 4.0
"""Gamma prior of a spread. It avoids zero, with a mean of half a unit of log-odds: a few labels cannot show that cells
differ, and should not be taken to show that they do not. Chung et al. (2013), "A nondegenerate penalized likelihood
estimator for variance parameters in multilevel models"."""


def packed(
    evidence: Floats,
    context: Floats,
    codes: npt.NDArray[np.int64],
    labels: npt.NDArray[np.int64],
    often: Floats,
    levels: npt.NDArray[np.int64],
) -> Floats:
    """All data of the density as one float array (length,), its own length first, in the order that `at` reads.

    Parameters
    ----------
    evidence, context : float array (labels, 2)
        Of the audited texts.
    codes : int64 array (labels, keys)
        Their levels, numbered consecutively over all keys.
    labels : int64 array (labels,)
        0 negative, 1 neutral, 2 positive.
    often : float array (2,)
        1 where effects of negative, neutral can be estimated, else 0.
    levels : int64 array (keys,)
        Number of levels of each key.
    """
    parts = [[len(labels), len(levels)], levels, often, labels, evidence.ravel(), context.ravel(), codes.ravel()]
    data = np.concatenate([np.asarray(part, dtype=float) for part in parts])
    return np.concatenate([[len(data) + 1.0], data])


def size(levels: npt.NDArray[np.int64]) -> int:
    """Number of parameters: start, slope, context (2 each), log spread (keys, 2), raw effects (levels, 2)."""
    return int(6 + 2 * len(levels) + 2 * levels.sum())


def middle(levels: npt.NDArray[np.int64]) -> Floats:
    """Prior medians, nearly, float array (size,)."""
    z = np.zeros(size(levels))
    z[:6] = np.repeat([START[0], SLOPE[0], CONTEXT[0]], 2)
    z[6 : 6 + 2 * len(levels)] = np.log(SHAPE / RATE)
    return z


def named(z: Floats, levels: npt.NDArray[np.int64]) -> dict[str, Floats]:
    """Parameters by name from draws (..., size): start, slope, context (..., 2), spread (..., keys, 2), effect.

    The effects (..., levels, 2) of a key lie around zero by construction: else their mean and `start` could be traded
    for each other.
    """
    ahead, keys = z.shape[:-1], len(levels)
    spread = np.exp(z[..., 6 : 6 + 2 * keys].reshape(*ahead, keys, 2))
    raw = z[..., 6 + 2 * keys :].reshape(*ahead, -1, 2)
    ends = np.cumsum(levels)
    centred = [
        (part - part.mean(axis=-2, keepdims=True)) * spread[..., key : key + 1, :]
        for key, part in enumerate(np.split(raw, ends[:-1], axis=-2))
    ]
    return {
        "start": z[..., 0:2],
        "slope": z[..., 2:4],
        "context": z[..., 4:6],
        "spread": spread,
        "effect": np.concatenate(centred, axis=-2),
    }


@njit(cache=True, error_model="numpy")
def at(z: Any, data: Any, gradient: Any) -> float:
    """Log density, up to a constant; `gradient` (size,) is overwritten with its gradient.

    Parameters
    ----------
    z : float array (size,)
        Parameters in the order of `size`.
    data : float array (length,)
        From `packed`.

    Notes
    -----
    Fast-math is off, so that draws are reproducible. The gradient is tested against finite differences, the density
    against SciPy's.
    """
    count, keys = int(data[1]), int(data[2])
    often_at = 3 + keys
    label_at = often_at + 2
    evidence_at = label_at + count
    context_at = evidence_at + 2 * count
    codes_at = context_at + 2 * count
    spread_at, raw_at = 6, 6 + 2 * keys
    levels = (len(z) - raw_at) // 2
    effect, push, mean = np.empty((levels, 2)), np.zeros((levels, 2)), np.empty((keys, 2))
    value = 0.0
    for k in range(2):
        for j, (centre, deviation) in enumerate((START, SLOPE, CONTEXT)):
            off = (z[2 * j + k] - centre) / deviation
            value -= 0.5 * off * off
            gradient[2 * j + k] = -off / deviation
        first = 0
        for key in range(keys):
            here, total = int(data[3 + key]), 0.0
            for level in range(first, first + here):
                raw = z[raw_at + 2 * level + k]
                total += raw
                value -= 0.5 * raw * raw
            mean[key, k] = total / here
            spread = np.exp(z[spread_at + 2 * key + k])
            value += SHAPE * z[spread_at + 2 * key + k] - RATE * spread
            gradient[spread_at + 2 * key + k] = SHAPE - RATE * spread
            for level in range(first, first + here):
                effect[level, k] = (z[raw_at + 2 * level + k] - mean[key, k]) * spread * data[often_at + k]
            first += here
    for i in range(count):
        label, seen, around = int(data[label_at + i]), evidence_at + 2 * i, context_at + 2 * i
        negative = z[0] + z[2] * data[seen] + z[4] * data[around]
        neutral = z[1] + z[3] * data[seen + 1] + z[5] * data[around + 1]
        for key in range(codes_at + i * keys, codes_at + (i + 1) * keys):
            level = int(data[key])
            negative += effect[level, 0]
            neutral += effect[level, 1]
        value += negative if label == 0 else neutral if label == 1 else 0.0
        highest = max(negative, neutral, 0.0)
        negative, neutral = np.exp(negative - highest), np.exp(neutral - highest)
        total = negative + neutral + np.exp(-highest)
        value -= highest + np.log(total)
        negative, neutral = (label == 0) - negative / total, (label == 1) - neutral / total
        gradient[0] += negative
        gradient[1] += neutral
        gradient[2] += negative * data[seen]
        gradient[3] += neutral * data[seen + 1]
        gradient[4] += negative * data[around]
        gradient[5] += neutral * data[around + 1]
        for key in range(codes_at + i * keys, codes_at + (i + 1) * keys):
            level = int(data[key])
            push[level, 0] += negative
            push[level, 1] += neutral
    for k in range(2):
        first = 0
        for key in range(keys):
            here, spread, total = int(data[3 + key]), np.exp(z[spread_at + 2 * key + k]), 0.0
            for level in range(first, first + here):
                push[level, k] *= data[often_at + k]
                total += push[level, k]
                off = z[raw_at + 2 * level + k] - mean[key, k]
                gradient[spread_at + 2 * key + k] += push[level, k] * off * spread
            for level in range(first, first + here):
                place = raw_at + 2 * level + k
                gradient[place] = spread * (push[level, k] - total / here) - z[place]
            first += here
    return value


def log_density(size: int, z: Any, slope: Any, value: Any, data: Any) -> int:
    """Density with the signature that `compiled_density.sampled_model` compiles."""
    whole = int(carray(data, (1,), types.double)[0])
    out = carray(slope, (size,))
    found = at(carray(z, (size,)), carray(data, (whole,), types.double), out)
    finite = np.isfinite(found)
    for k in range(size):
        finite = finite and np.isfinite(out[k])
    carray(value, (1,))[0] = found
    return 0 if finite else 4
