"""The names of array types stand for NumPy arrays of their element type; values survive the way to Arrow and back."""

import subprocess
import sys
from typing import get_args

import numpy as np
import pyarrow as pa
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


@pytest.mark.parametrize("values", [np.arange(6)[::2], np.array([1.5, np.nan]), np.array([True, False]), np.zeros(0)])
def test_values_survive_the_way_to_arrow_and_back(values: np.ndarray) -> None:
    array = arrays.to_arrow(values)
    assert array.type == pa.array(values).type
    back = arrays.from_arrow(array)
    assert back.dtype == values.dtype
    np.testing.assert_array_equal(back, values)


def test_nulls_come_back_as_nothing_and_chunks_as_one() -> None:
    assert arrays.from_arrow(pa.chunked_array([[1, None], [3]])).tolist() == [1, 0, 3]
    assert arrays.from_arrow(pa.array([True, None])).tolist() == [True, False]
    assert arrays.from_arrow(pa.array([1, 2, 3]).slice(1)).tolist() == [2, 3]
    assert arrays.whole(pa.chunked_array([["a"], ["b"]])).to_pylist() == ["a", "b"]


def test_texts_keep_what_is_missing_apart_from_what_is_empty() -> None:
    for written in (["买家", None, "", "a"], ["a"], [None], []):
        assert arrays.texts(written).equals(pa.array(written, pa.string()))


def test_the_way_imports_no_pandas() -> None:
    code = (
        "import sys, numpy as np; from reachbook.arrays import *;"
        "from_arrow(to_arrow(np.arange(3))); from_arrow(to_arrow(np.arange(3) > 1)); texts(['a', None]);"
        "print('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
