"""Type aliases of NumPy arrays by element type; shapes are stated in docstrings. And the way to Arrow and back.

PyArrow imports pandas for the first Python value or NumPy array that it converts, which takes as long as reading a
table of 100,000 rows; buffers need no conversion.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]
type Flags = npt.NDArray[np.bool_]
type Indices = npt.NDArray[np.intp]


def to_arrow(values: npt.NDArray[Any]) -> "pa.Array":
    """Arrow array of numbers or truth values, sharing the memory of numbers."""
    import pyarrow as pa

    plain = np.ascontiguousarray(values.view(np.uint8) if values.dtype == bool else values)
    kind = pa.from_numpy_dtype(plain.dtype)
    array = pa.Array.from_buffers(kind, len(plain), [None, pa.py_buffer(plain)])
    return array.cast(pa.bool_()) if values.dtype == bool else array


def whole(column: "pa.Array | pa.ChunkedArray") -> "pa.Array":
    """A column as one array; combining a single chunk would copy it."""
    import pyarrow as pa

    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def from_arrow(values: "pa.Array | pa.ChunkedArray") -> npt.NDArray[Any]:
    """NumPy array of numbers or truth values, nulls as 0 or False; numbers share their memory, read-only."""
    import pyarrow as pa

    array = whole(values)
    array = array.fill_null(to_arrow(np.zeros(1)).cast(array.type)[0]) if array.null_count else array
    if pa.types.is_boolean(array.type):
        return np.from_dlpack(array.cast(pa.uint8())).astype(bool)
    return np.from_dlpack(array)


def texts(values: list[str | None]) -> "pa.Array":
    """Arrow array of texts."""
    import pyarrow as pa

    written = [None if each is None else each.encode() for each in values]
    ends = np.cumsum([0, *(len(each or b"") for each in written)], dtype=np.int32)
    plain = pa.StringArray.from_buffers(len(written), pa.py_buffer(ends), pa.py_buffer(b"".join(filter(None, written))))
    if None not in written:
        return plain
    there = to_arrow(np.asarray([each is not None for each in written]))
    return pa.Array.from_buffers(pa.string(), len(plain), [there.buffers()[1], *plain.buffers()[1:]])
