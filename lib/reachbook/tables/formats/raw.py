"""A table as read, before any cell is typed; every row keeps the number that a person sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.errors import DataError


@dataclass(frozen=True)
class Raw:
    """A table as read.

    Attributes
    ----------
    frame : pyarrow.Table
        Table with unique column names; empty cells are null.
    place : str
        Its name in messages, as the user wrote it.
    facts : dict
        How it was read, for provenance.
    numbers : int64 array (rows,)
        Row number of each data row as a person sees it (the header is row 1).
    numeric : bool array (rows,) each
        For workbooks, which cells of a column were numbers.
    ordered : bool
        Whether the order of rows has a meaning; database results have none.
    mark : str
        Text between place and row number, which differs for the result of a query.
    beside : mapping of str to Path or pyarrow.Table
        For a query over files, these files, by the name that the user wrote.
    query : str
        Text of that query; "" for other sources.
    """

    frame: pa.Table
    place: str
    facts: dict[str, Any]
    numbers: npt.NDArray[np.int64]
    numeric: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    ordered: bool = True
    mark: str = ":"
    beside: Mapping[str, Path | pa.Table] = field(default_factory=dict)
    query: str = ""

    def at(self, position: int) -> str:
        """Place of a data row, such as `orders.csv:17`."""
        return f"{self.place}{self.mark}{self.numbers[position]}"


def with_rows(raw: Raw) -> Raw:
    """Return the table if it has any row.

    Raises
    ------
    DataError
        It has none.
    """
    if raw.frame.num_rows == 0:
        remedy = "Export it again" if raw.mark == ":" else "Loosen the conditions of its query"
        raise DataError(f"{raw.place}: has column names but no rows. {remedy}, or leave the table out of the study.")
    return raw


def named(names: list[str], frame: pa.Table, place: str) -> pa.Table:
    """Give the columns of `frame` their names from the header.

    Raises
    ------
    DataError
        A nameless column has values, or two names differ only in case, which SQL cannot distinguish.

    Notes
    -----
    Nameless columns without a value, which spreadsheets leave beside a table, are dropped.
    """
    kept = [i for i, name in enumerate(names) if name.strip() or frame.column(i).null_count < frame.num_rows]
    seen: dict[str, int] = {}
    for i in kept:
        if not names[i].strip():
            raise DataError(
                f"{place}:1: column {i + 1} has values but no name. Give it a name in the header, or delete it."
            )
        twin = seen.setdefault(names[i].casefold(), i)
        if twin != i:
            raise DataError(
                f"{place}:1: the name {names[i]!r} stands over two columns, {twin + 1} and {i + 1}. "
                "Rename or delete one."
            )
    return frame.select(kept).rename_columns([names[i] for i in kept])


def without_blank(raw: Raw) -> Raw:
    """Drop rows in which every cell is empty, and record their number in the facts."""
    blank: npt.NDArray[np.bool_] | None = None
    for column in raw.frame.columns:
        empty = np.asarray(column.is_null())
        blank = empty if blank is None else blank & empty
        if not blank.any():
            return raw
    if blank is None:
        return raw
    keep = ~blank
    return Raw(
        raw.frame.filter(pa.array(keep)),
        raw.place,
        raw.facts | {"blank_rows": int(blank.sum())},
        raw.numbers[keep],
        {k: v[keep] for k, v in raw.numeric.items()},
        raw.ordered,
    )


def counted(frame: pa.Table, first: int) -> npt.NDArray[np.int64]:
    """Consecutive row numbers starting at `first`, int64 array (rows,)."""
    return np.arange(first, first + frame.num_rows, dtype=np.int64)


def without_empty_text(frame: pa.Table) -> pa.Table:
    """Replace empty text by null: an empty cell is missing, whatever the file calls it."""
    for i, kind in enumerate(frame.schema.types):
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            column = frame.column(i)
            if pc.any(pc.equal(column, "")).as_py():
                frame = frame.set_column(i, frame.column_names[i], pc.if_else(pc.equal(column, ""), None, column))
    return frame
