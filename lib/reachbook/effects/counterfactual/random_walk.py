"""Random-walk regressors for the drift of a unit's level."""

import numpy as np

from reachbook.arrays import Floats, Ints

WEEK = 7
"""Days in a week."""


def drift(time: Ints, knots: int = 40) -> Floats:
    """Random walk in linear pieces, float array (periods, pieces): a week each, shorter in short series.

    Parameters
    ----------
    time : int array (periods,)
        Periods since the first.
    knots : int
        Largest number of pieces.
    """
    span = int(time[-1] - time[0])
    width = max(WEEK if span >= 8 * WEEK else max(span // 8, 1), -(-span // knots))
    starts = time[0] + np.arange(0, max(span, 1), width)
    return np.asarray(np.clip((time[:, None] - starts) / width, 0, 1))
