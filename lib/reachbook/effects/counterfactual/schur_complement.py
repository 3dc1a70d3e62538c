"""Schur complements: many ridge regressions on the same data whose prior precisions differ in few coefficients."""

from collections import Counter

import numpy as np

from reachbook.arrays import Floats


def pivots(gram: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Half the log determinant of X'X + P (r, c), and what the coefficients leave of y'y (r, c).

    Coefficients whose precision takes few values among the combinations, as the many single controls, are eliminated
    once for each of these values, so that a factor for each combination is needed of the few others alone.

    Parameters
    ----------
    gram : float array (r, p + 1, p + 1)
        Products [X y]'[X y].
    precision : float array (c, p)
        Prior precisions P.
    """
    if len(precision) == 1:
        diagonal = np.diagonal(np.linalg.cholesky(gram + np.diag(np.append(precision[0], 0.0))), axis1=-2, axis2=-1)
        return np.log(diagonal[:, :-1]).sum(axis=1)[:, None], diagonal[:, -1:] ** 2
    varies, alike = np.ptp(precision, axis=0) > 0, [column.tobytes() for column in precision.T]
    widest = Counter(each for each, one in zip(alike, varies, strict=True) if one).most_common(1)
    first = ~varies | np.array([[each] == [name for name, _ in widest] for each in alike])
    rest = np.append(~first, True)
    half_log, left = np.empty((len(gram), len(precision))), np.empty((len(gram), len(precision)))
    shared = [row.tobytes() for row in precision[:, first]]
    for which in dict.fromkeys(shared):
        here = np.flatnonzero([each == which for each in shared])
        value = precision[here[0], first]
        root = np.linalg.cholesky(gram[:, :-1, :-1][:, first][:, :, first] + np.diag(value))
        across = np.linalg.solve(root, gram[:, :-1][:, first][:, :, rest])
        schur = gram[:, rest][:, :, rest] - across.transpose(0, 2, 1) @ across
        bordered = np.repeat(schur[:, None], len(here), axis=1)
        index = np.arange(schur.shape[-1] - 1)
        bordered[:, :, index, index] += precision[here][:, ~first]
        # The last diagonal of the factor of [X'X + P, X'y; y'X, y'y] is the root of what is left of y'y.
        diagonal = np.diagonal(np.linalg.cholesky(bordered), axis1=-2, axis2=-1)
        done = np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1)
        half_log[:, here] = done[:, None] + np.log(diagonal[..., :-1]).sum(axis=-1)
        left[:, here] = diagonal[..., -1] ** 2
    return half_log, left
