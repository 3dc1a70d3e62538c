"""The names of array types stand for NumPy arrays of their element type."""

from typing import get_args

import numpy as np
import pytest

from reachbook import arrays


@pytest.mark.parametrize(
    ("name", "made"),
    [
        (arrays.Floats, np.zeros(2)),
        (arrays.Ints, np.arange(2, dtype=np.int64)),
        (arrays.Flags, np.zeros(2) > 0),
        (arrays.Indices, np.flatnonzero(np.ones(2))),
    ],
)
def test_an_alias_is_the_type_of_what_numpy_makes(name: object, made: np.ndarray) -> None:
    """mypy takes their word for it; this holds them against arrays that are there."""
    assert get_args(name.__value__) == (made.dtype.type,)  # type: ignore[attr-defined]
