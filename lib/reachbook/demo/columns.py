"""Arrow columns, shape (rows,), from NumPy arrays of that shape, in the types of the table contracts."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa

from reachbook.arrays import Flags, Floats, Ints

MONEY = pa.decimal128(18, 6)


def ids(prefix: str, count: int) -> pa.Array:
    """Create `count` text ids of equal width, which sort in order: u000001, u000002 ..."""
    width = max(6, len(str(count)))
    return pa.array([f"{prefix}{number:0{width}d}" for number in range(1, count + 1)], pa.string())


def pick(values: pa.Array | tuple[str, ...] | list[str], index: Ints, known: Flags | None = None) -> pa.Array:
    """`values[index]` as text; null where `known` is False."""
    choice = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    return choice.take(pa.array(index, mask=None if known is None else ~known))


def number(values: Floats | Ints, known: Flags | None = None) -> pa.Array:
    """Convert to float64; null where `known` is False."""
    return pa.array(np.asarray(values, dtype=float), mask=None if known is None else ~known)


def money(values: Floats) -> pa.Array:
    """Convert amounts to decimal128(18, 6), rounded to the hundredth.

    Notes
    -----
    The 128-bit little-endian words of the format are written directly, since a Python Decimal for each row would take
    seconds.
    """
    millionths = np.rint(np.asarray(values) * 100).astype(np.int64) * 10_000
    words = np.stack([millionths, millionths >> 63], axis=-1)
    return pa.Array.from_buffers(MONEY, len(millionths), [None, pa.py_buffer(np.ascontiguousarray(words))])


def times(seconds: Ints, known: Flags | None = None) -> pa.Array:
    """Convert seconds of local time since 1970-01-01 to timestamp[us] without zone; null where `known` is False."""
    micro = (np.asarray(seconds, dtype=np.int64) * 1_000_000).astype("datetime64[us]")
    return pa.array(micro, pa.timestamp("us"), mask=None if known is None else ~known)


def days(numbers: Ints) -> pa.Array:
    """Convert days since 1970-01-01 to date32."""
    return pa.array(np.asarray(numbers).astype("datetime64[D]"), pa.date32())


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


def mondays(numbers: Ints) -> Ints:
    """The Monday on or before each day, int64 array (rows,), in days since 1970-01-01, which was a Thursday."""
    return np.asarray(numbers) - (np.asarray(numbers) + 3) % 7


def table(columns: Mapping[str, pa.Array]) -> pa.Table:
    """Build a table without metadata."""
    return pa.table(dict(columns))
