"""A level that wanders: what panel and series take for the drift of a unit."""

import numpy as np

from reachbook.arrays import Floats, Ints

WEEK = 7
"""Days."""


def drift(time: Ints, knots: int = 40) -> Floats:
    """A random walk in straight pieces, one column a piece: a week each, shorter in short series, `knots` at most."""
    span = int(time[-1] - time[0])
    width = max(WEEK if span >= 8 * WEEK else max(span // 8, 1), -(-span // knots))
    starts = time[0] + np.arange(0, max(span, 1), width)
    return np.asarray(np.clip((time[:, None] - starts) / width, 0, 1))
