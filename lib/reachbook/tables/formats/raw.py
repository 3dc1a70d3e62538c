"""A table as read, before any cell is typed; every row keeps the number that a person sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.errors import DataError
from reachbook.tables.formats.layout import footer_start
from reachbook.tables.kinds.cells import text_of, truth
from reachbook.translation import tr, trn


@dataclass(frozen=True)
class Exclusion:
    """Rows that a stated rule has taken out.

    Attributes
    ----------
    rule : str
        The option, such as `keep` or `where`.
    rows, of : int
        Rows taken out, and rows there before.
    reason : str
        What they were, continuing "4 of 24 rows ...".
    """

    rule: str
    rows: int
    of: int
    reason: str

    def describe(self) -> str:
        """One sentence: how many rows, of how many, and why."""
        return trn(
            "{n} of {of:,} rows was left out: {reason} ({rule}:)",
            "{n} of {of:,} rows were left out: {reason} ({rule}:)",
            self.rows,
            of=self.of,
            reason=self.reason,
            rule=self.rule,
        )


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
    places : tuple of str
        For several files, their names; empty for one.
    origin : int64 array (rows,) or None
        For several files, the position in `places` of each row's file.
    left_out : tuple of Exclusion
        Rows that stated rules have taken out, in the order of the rules.
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
    places: tuple[str, ...] = ()
    origin: npt.NDArray[np.int64] | None = None
    left_out: tuple[Exclusion, ...] = ()

    def at(self, position: int) -> str:
        """Place of a data row, such as `orders.csv:17`."""
        place = self.place if self.origin is None else self.places[self.origin[position]]
        return f"{place}{self.mark}{self.numbers[position]}"

    def only(self, rows: npt.NDArray[np.int64], *left_out: Exclusion) -> "Raw":
        """Return the table with some of its rows, in the given order, and say what was left out.

        Parameters
        ----------
        rows : int64 array (rows that stay,)
            Their positions.
        """
        return replace(
            self,
            frame=self.frame.take(pa.array(rows)),
            numbers=self.numbers[rows],
            numeric={name: mask[rows] for name, mask in self.numeric.items()},
            origin=None if self.origin is None else self.origin[rows],
            left_out=(*self.left_out, *left_out),
        )

    def with_facts(self, **facts: Any) -> "Raw":
        """Return the table with further facts on how it was read."""
        return replace(self, facts=self.facts | facts)

    def with_column(self, name: str, values: pa.Array | pa.ChunkedArray) -> "Raw":
        """Return the table with one column replaced, or appended if there is none of that name."""
        there = name in self.frame.column_names
        frame = (
            self.frame.set_column(self.frame.column_names.index(name), name, values)
            if there
            else self.frame.append_column(name, values)
        )
        return replace(self, frame=frame)


def with_rows(raw: Raw) -> Raw:
    """Return the table if it has any row.

    Raises
    ------
    DataError
        It has none.
    """
    if raw.frame.num_rows == 0:
        if raw.left_out:
            raise DataError(
                f"{raw.place}: "
                + tr("no row is left; {left_out}. Mend that option.", left_out=raw.left_out[-1].describe())
            )
        raise DataError(
            f"{raw.place}: "
            + (
                tr("has column names but no rows. Export it again, or leave the table out of the study.")
                if raw.mark == ":"
                else tr(
                    "has column names but no rows. Loosen the conditions of its query, or leave the table out of the "
                    "study."
                )
            )
        )
    return raw


def joined(raws: Sequence[Raw], place: str) -> Raw:
    """Put several files of one table below each other; columns that a file lacks are empty there.

    Parameters
    ----------
    place : str
        Name of them all in messages.
    """
    if len(raws) == 1:
        return raws[0]
    frame = pa.concat_tables(_alike([raw.frame for raw in raws]), promote_options="default").combine_chunks()
    counts = [raw.frame.num_rows for raw in raws]
    return Raw(
        frame,
        place,
        {**raws[0].facts, "source": place, "files": {raw.place: raw.frame.num_rows for raw in raws}},
        np.concatenate([raw.numbers for raw in raws]),
        {name: _numeric(name, raws) for name in frame.column_names if any(name in raw.numeric for raw in raws)},
        all(raw.ordered for raw in raws),
        raws[0].mark,
        places=tuple(raw.place for raw in raws),
        origin=np.repeat(np.arange(len(raws)), counts),
        left_out=tuple(
            replace(each, reason=tr("{reason} in {place}", reason=each.reason, place=raw.place))
            for raw in raws
            for each in raw.left_out
        ),
    )


def _alike(frames: Sequence[pa.Table]) -> list[pa.Table]:
    """Frames in which a column of different types has become text."""
    kinds: dict[str, set[pa.DataType]] = {}
    for frame in frames:
        for column in frame.schema:
            kinds.setdefault(column.name, set()).add(column.type)
    mixed = {name for name, types in kinds.items() if len(types) > 1}
    for i, frame in enumerate(frames):
        for name in mixed & {*frame.column_names}:
            text = text_of(frame.column(name).combine_chunks())
            frame = frame.set_column(frame.column_names.index(name), name, text)
        frames = [*frames[:i], frame, *frames[i + 1 :]]
    return list(frames)


def _numeric(name: str, raws: Sequence[Raw]) -> npt.NDArray[np.bool_]:
    return np.concatenate([raw.numeric.get(name, np.zeros(raw.frame.num_rows, bool)) for raw in raws])


def named(names: list[str], frame: pa.Table, place: str, row: int = 1) -> pa.Table:
    """Give the columns of `frame` their names from the header, which stands in `row`.

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
                f"{place}:{row}: "
                + tr("column {n} has values but no name. Give it a name in the header, or delete it.", n=i + 1)
            )
        twin = seen.setdefault(names[i].casefold(), i)
        if twin != i:
            raise DataError(
                f"{place}:{row}: "
                + tr(
                    "the name {name!r} stands over two columns, {one} and {other}. Rename or delete one.",
                    name=names[i],
                    one=twin + 1,
                    other=i + 1,
                )
            )
    return frame.select(kept).rename_columns([names[i] for i in kept])


def without_blank(raw: Raw) -> Raw:
    """Drop rows in which every cell is empty, and record their number in the facts."""
    blank: npt.NDArray[np.bool_] | None = None
    for column in raw.frame.columns:
        if not column.null_count:
            return raw
        empty = truth(column.is_null())
        blank = empty if blank is None else blank & empty
        if not blank.any():
            return raw
    if blank is None:
        return raw
    kept = replace(raw, facts=raw.facts | {"blank_rows": int(blank.sum())})
    return kept.only(np.flatnonzero(~blank).astype(np.int64))


def without_footer(raw: Raw, footer: int | str) -> Raw:
    """Leave out the rows at the end that `footer:` names, if there are any."""
    rows = raw.frame.num_rows
    look = min(rows, footer if isinstance(footer, int) else rows)
    tail = [[str(cell or "") for cell in row.values()] for row in raw.frame.slice(rows - look).to_pylist()]
    start = footer_start(tail, footer)
    if start is None:
        return raw
    kept = np.arange(rows - look + start, dtype=np.int64)
    return raw.only(kept, Exclusion("footer", rows - len(kept), rows, tr("rows below the table")))


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
