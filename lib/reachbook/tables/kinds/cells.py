"""A column read into a type: values, faults, and what every kind needs to tell them; what cannot be converted is
reported, never changed silently.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import from_arrow, texts, to_arrow
from reachbook.translation import tr

Mask = npt.NDArray[np.bool_]
Fault = tuple[Mask, Callable[[str], str]]

NULL = pa.nulls(1)[0]
_NOTHING = texts([""])[0]


@dataclass(frozen=True)
class Parsed:
    """A column in its type, null where a cell is empty or faulty, and the faults.

    Attributes
    ----------
    values : Arrow array, shape (rows,)
        The converted cells.
    faults : list of Fault
        Pairs of a mask, bool array (rows,), and a function from a cell's text to the message about it.
    """

    values: pa.Array
    faults: list[Fault] = field(default_factory=list)

    @property
    def faulty(self) -> Mask:
        """Rows with any fault, bool array (rows,)."""
        mask = np.zeros(len(self.values), dtype=bool)
        for rows, _ in self.faults:
            mask |= rows
        return mask


def truth(mask: pa.Array) -> Mask:
    """Convert an Arrow mask to NumPy, bool array (rows,), with null as False."""
    flags: Mask = from_arrow(mask)
    return flags


def spread(parsed: Parsed, codes: pa.DictionaryArray) -> Parsed:
    """What was read of distinct texts, for each of the rows that hold them."""
    given, place = truth(codes.is_valid()), from_arrow(codes.indices)
    return Parsed(parsed.values.take(codes.indices), [(rows[place] & given, tell) for rows, tell in parsed.faults])


def text_of(column: pa.Array) -> pa.Array:
    """Convert any scalar column to text: integers without a decimal point, flags as true and false, empty text as
    null.
    """
    kind = column.type
    if pa.types.is_floating(kind):
        whole = pc.and_(pc.equal(column, pc.trunc(column)), pc.less(pc.abs(column), 2.0**63))
        as_int = pc.cast(pc.if_else(pc.fill_null(whole, False), column, None), pa.int64())
        text = pc.coalesce(pc.cast(as_int, pa.string()), pc.cast(column, pa.string()))
    elif pa.types.is_decimal(kind):
        text = pc.replace_substring_regex(pc.cast(column, pa.string()), r"(\.\d*?)0+$", r"\1")
        text = pc.replace_substring_regex(text, r"\.$", "")
    else:
        text = pc.cast(column, pa.string())
    return without_nothing(text)


def without_nothing(text: pa.Array) -> pa.Array:
    """Text with null for each empty one."""
    empty = pc.equal(text, _NOTHING)
    return pc.if_else(empty, NULL, text) if pc.any(empty).as_py() else text


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def matching(text: pa.Array, pattern: str, possible: bool = True) -> Mask:
    """Cells that match a pattern, bool array (rows,); not searched where it is known not to be possible."""
    return truth(pc.match_substring_regex(text, pattern)) if possible else np.zeros(len(text), dtype=bool)


def finite(values: pa.Array, faults: list[Fault]) -> Parsed:
    odd = truth(pc.invert(pc.isfinite(values)))
    return Parsed(
        pc.if_else(to_arrow(odd), NULL, values),
        [
            *faults,
            (odd, lambda v: tr("{v} is not a finite number. Mend it, or leave the cell empty if it is missing.", v=v)),
        ],
    )


def cell_text(value: object) -> str | None:
    """Convert a native cell to text that reads back to the same value; empty cells to None."""
    match value:
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
        case dt.datetime():
            return value.isoformat(" ")
        case bytes():
            return value.hex()
        case _:
            return str(value)
