"""Amounts put together from several columns or rows: refunds taken off, lines added up."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.errors import DataError
from reachbook.tables.contract import Column, Contract, arrow_type
from reachbook.tables.formats.raw import Exclusion, Raw
from reachbook.tables.kinds.cells import Parsed, text_of, truth
from reachbook.tables.options.differing import unlike
from reachbook.tables.problems import Problem, positions, refuse, show
from reachbook.translation import tr

Parse = Callable[[Raw, str], Parsed]
"""Reads a column of a table by the rules of the column that it is to be taken off."""


def less(raw: Raw, name: str, theirs: str, main: Parsed, others: Sequence[str], parse: Parse) -> Parsed:
    """Take other columns of the file off one of ours; empty cells are 0.

    Parameters
    ----------
    name, theirs : str
        Our name of the column, and its name in the file.
    others : sequence of str
        Names in the file of the columns to take off.

    Raises
    ------
    DataError
        A cell of them is no number, or more than there is to take off.
    """
    values = main.values
    for other in others:
        parsed = parse(raw, other)
        refuse([*_faults(parsed, raw, other, "subtract"), *_below_zero(parsed, raw, other)], raw.at)
        values = _cast(pc.subtract(values, pc.fill_null(parsed.values, 0)), main.values.type)
    below = _negative(values) & ~_negative(main.values)
    listed = tr(" and ").join(map(show, others))

    def tell_below(row: int) -> str:
        taken = " + ".join(_cell(raw, other, row) for other in others)
        return tr(
            "{value} less {listed} ({taken}) is below zero. Mend the cells, or subtract:.",
            value=_cell(raw, theirs, row),
            listed=listed,
            taken=taken,
        )

    refuse([Problem(0, f"{show(theirs)} ({name})", positions(below), tell_below)], raw.at)
    return Parsed(values, main.faults)


def _faults(parsed: Parsed, raw: Raw, name: str, option: str) -> list[Problem]:
    """Problems of the cells of a column of the file that an option reads."""

    def teller(tell: Callable[[str], str]) -> Callable[[int], str]:
        return lambda row: tell(_cell(raw, name, row))

    return [Problem(0, f"{show(name)} ({option})", positions(rows), teller(tell)) for rows, tell in parsed.faults]


def _below_zero(parsed: Parsed, raw: Raw, name: str) -> list[Problem]:
    """Problems of cells below zero in a column that is to be taken off: which sign is meant would be a guess."""

    def tell(row: int) -> str:
        return tr(
            "{value} is below zero, and subtract: takes amounts off. Export it without its sign.",
            value=_cell(raw, name, row),
        )

    return [Problem(0, f"{show(name)} (subtract)", positions(_negative(parsed.values)), tell)]


def _unclear(amounts: pa.Array, refunds: Raw, name: str) -> list[Problem]:
    """Problems of refunds without an amount, or of which some are below zero and others above."""
    missing, below = truth(pc.is_null(amounts)), _negative(amounts)
    above = truth(pc.greater(pc.cast(amounts, pa.float64()), 0.0))
    few = (below if below.sum() <= above.sum() else above) if below.any() and above.any() else np.zeros_like(below)

    def tell(row: int) -> str:
        return tr(
            "{value}, and other refunds have the other sign. Write them all in one way.",
            value=_cell(refunds, name, row),
        )

    label = f"{show(name)} (refund_rows)"
    empty = Problem(0, label, positions(missing), lambda row: tr("is empty. Fill it in, or leave the row out."))
    return [empty, Problem(0, label, positions(few), tell)]


def _cell(raw: Raw, name: str, row: int) -> str:
    return show(raw.frame.column(name)[row].as_py())


def _negative(values: pa.Array) -> npt.NDArray[np.bool_]:
    return truth(pc.less(pc.cast(values, pa.float64()), 0.0))


def _cast(values: pa.Array, kind: pa.DataType) -> pa.Array:
    return pc.cast(values, kind, safe=False)


def without_refunds(
    typed: pa.Table, raw: Raw, refunds: Raw, contract: Contract, found: Mapping[str, str], parse: Mapping[str, Parse]
) -> tuple[pa.Table, list[str]]:
    """Take the money of refund rows off the rows with the same id.

    Parameters
    ----------
    typed : pyarrow.Table
        The table in the types of its contract, in the rows of `raw`.
    parse : mapping of str to Parse
        How each money column is read, by our name.

    Returns
    -------
    tuple of (pyarrow.Table, list of str)
        The table, and a warning where refunds belong to no row of it.

    Raises
    ------
    DataError
        The table has no single id, a cell is no number, or refunds are more than there was to refund.
    """
    if len(contract.key) != 1:
        raise DataError(
            f"{raw.place}: "
            + tr("refund_rows: {name} has no single id that a refund could name. Remove it.", name=contract.name)
        )
    key, needed = contract.key[0], {c.name for c in contract.columns if c.needed}
    ids = pc.utf8_trim_whitespace(text_of(refunds.frame.column(found[key]).combine_chunks()))
    own = pc.utf8_trim_whitespace(text_of(raw.frame.column(found[key]).combine_chunks()))
    for name in parse:
        parsed = parse[name](refunds, found[name])
        refuse(_faults(parsed, refunds, found[name], "refund_rows"), refunds.at)
        refuse(_unclear(parsed.values, refunds, found[name]) if name in needed else [], refunds.at)
        typed = _taken_off(typed, name, own, ids, parsed.values, raw, found[name])
    lost = ~truth(pc.is_in(ids, own))
    if not lost.any():
        return typed, []
    first = refunds.at(int(np.flatnonzero(lost)[0]))
    return typed, [
        f"{first}: "
        + tr(
            "{n:,} of {of:,} refunds are of orders that are not in this table: they are taken off nothing.",
            n=int(lost.sum()),
            of=len(lost),
        )
    ]


def _taken_off(
    typed: pa.Table, name: str, own: pa.Array, ids: pa.Array, amounts: pa.Array, raw: Raw, theirs: str
) -> pa.Table:
    """One column less the amounts of the rows of `ids`, which may be written above or below zero."""
    sums = (
        pa.table({"id": ids, "amount": pc.abs(pc.fill_null(amounts, 0))}).group_by("id").aggregate([("amount", "sum")])
    )
    place = pc.index_in(own, sums.column("id").combine_chunks())
    off = pc.fill_null(pc.take(sums.column("amount_sum").combine_chunks(), place), 0)
    values = typed.column(name).combine_chunks()
    rest = _cast(pc.subtract(values, _cast(off, values.type)), values.type)
    below = _negative(rest)

    def tell(row: int) -> str:
        return tr(
            "{value} is less than its refunds, {refunds:f}. Mend the rows, or refund_rows:.",
            value=_cell(raw, theirs, row),
            refunds=off[row].as_py().normalize(),
        )

    refuse([Problem(0, f"{show(theirs)} ({name})", positions(below), tell)], raw.at)
    return typed.set_column(typed.column_names.index(name), name, rest)


def added_up(table: pa.Table, contract: Contract, place: str) -> tuple[pa.Table, list[Exclusion]]:
    """Add up money and numbers of the rows with one id; of other columns the first filled cell counts. Ids, labels and
    flags must not differ, nor what the user's own columns say of a person or unit; others are counted where they do.

    Raises
    ------
    DataError
        Rows of this table have no id, or a sum is too large for money.
    """
    keys = [name for name in contract.key if name in table.column_names]
    if not keys:
        raise DataError(
            f"{place}: " + tr("lines: {name} has no id by which rows belong together. Remove it.", name=contract.name)
        )
    _refuse_differences(table, keys, contract, place)
    others = [name for name in table.column_names if name not in keys]
    how = [(name, *_how(table.schema.field(name).type)) for name in others]
    grouped = table.group_by(keys, use_threads=False).aggregate(how)
    columns = {name: grouped.column(name) for name in keys}
    columns |= {
        name: _kept(grouped.column(f"{name}_{function}"), contract.column(name), place) for name, function, _ in how
    }
    out = pa.table({name: columns[name] for name in table.column_names})
    fewer = table.num_rows - out.num_rows
    said = Exclusion(
        "lines",
        fewer,
        table.num_rows,
        tr("further lines of the same {what}, added to its first", what=tr(contract.row))
        + unlike(_unlike_the_first(table, keys, [name for name, function, _ in how if function == "first"])),
    )
    return out, [said] if fewer else []


def _refuse_differences(table: pa.Table, keys: list[str], contract: Contract, place: str) -> None:
    """Raise where lines of one row differ in an id, a label or a flag, of which a sum would keep one."""
    names = [name for name in table.column_names if name not in keys and _must_agree(table, name, contract)]
    how = [(name, "count_distinct", pc.CountOptions(mode="only_valid")) for name in names]
    counts = table.group_by(keys, use_threads=False).aggregate(how)
    for name in names:
        several = truth(pc.greater(counts.column(f"{name}_count_distinct"), 1).combine_chunks())
        if several.any():
            row = counts.slice(int(np.flatnonzero(several)[0]), 1).to_pylist()[0]
            shown = ", ".join(show(row[key]) for key in keys)
            raise DataError(
                f"{place}: "
                + tr(
                    "lines of {shown} differ in {name}, so `lines: sum` would lose one. Drop the column, or "
                    "mend the rows.",
                    shown=shown,
                    name=name,
                )
            )


def _must_agree(table: pa.Table, name: str, contract: Contract) -> bool:
    """Whether a column says of a row what its lines cannot say differently."""
    column = contract.column(name)
    if column is not None:
        return column.kind in ("id", "category", "flag")
    of_a_time = any(each.kind in ("time", "date") for each in contract.columns if each.name in contract.key)
    return contract.open and not of_a_time and _how(table.schema.field(name).type)[0] == "first"


def _unlike_the_first(table: pa.Table, keys: list[str], names: list[str]) -> dict[str, int]:
    """How many lines say something else than the first filled one of their id, by column; columns without any left
    out.
    """
    frame = table.select([*keys, *names]).to_pandas()
    lines = frame.groupby(keys, dropna=False, sort=False)
    several = [name for name in names if frame[name].nunique() > 1]
    counts = {
        name: int((frame[name].notna() & (frame[name] != lines[name].transform("first"))).sum()) for name in several
    }
    return {name: rows for name, rows in counts.items() if rows}


def _how(kind: pa.DataType) -> tuple[str, pc.ScalarAggregateOptions]:
    adds = pa.types.is_decimal(kind) or pa.types.is_floating(kind)
    return ("sum" if adds else "first"), pc.ScalarAggregateOptions(skip_nulls=True, min_count=1)


def _kept(values: pa.ChunkedArray, column: Column | None, place: str) -> pa.ChunkedArray:
    if column is None or column.kind != "money":
        return values
    try:
        return values.cast(arrow_type("money"))
    except pa.ArrowInvalid:
        raise DataError(
            f"{place}: " + tr("{name}: a sum of its lines is too large for money. Mend the lines.", name=column.name)
        ) from None
