"""The contract as a pandera schema: what must hold once every cell has its type."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import from_arrow, whole
from reachbook.tables.contract import Column, Contract
from reachbook.tables.screening import Signs, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandera.pandas as pandera
    from pandera.errors import SchemaError

Broken = tuple[str, str | None, npt.NDArray[np.int64]]


def schema(contract: Contract, now: datetime) -> "pandera.DataFrameSchema":
    """Build the contract's rules: no empty needed cell, allowed values, signs, nothing after `now`, unique keys."""
    import pandera.pandas as pandera

    columns = {c.name: pandera.Column(None, _checks(c, now), nullable=not c.needed) for c in contract.columns}
    return pandera.DataFrameSchema(columns, checks=_unique(contract))


def broken(frame: pa.Table, contract: Contract, now: datetime) -> list[Broken]:
    """List every rule that some row breaks.

    Returns
    -------
    list of (rule, column, rows)
        `column` is None for the rule "unique"; `rows` are ascending row positions, int64 array (broken rows,).

    Notes
    -----
    The schema names the rows, and is asked only where a rule is broken by any.
    """
    if all(_holds(frame.column(c.name), c, now) for c in contract.columns) and _unique_surely(frame, contract.key):
        return []
    import pandas as pd
    from pandera.errors import SchemaErrors

    typed = frame.to_pandas(types_mapper=pd.ArrowDtype)
    try:
        schema(contract, now).validate(typed, lazy=True)
    except SchemaErrors as errors:
        return [_broken(error) for error in errors.schema_errors]
    return []


def _holds(values: pa.ChunkedArray, column: Column, now: datetime) -> bool:
    """Whether every cell of a column satisfies its rules."""
    if column.needed and values.null_count:
        return False
    if column.values and not {*pc.unique(values).to_pylist()} <= {*column.values, None}:
        return False
    latest = {"time": now, "date": now.date()}.get(column.kind)
    if column.negative and latest is None:
        return True
    if pa.types.is_floating(values.type) and pc.any(pc.is_nan(values)).as_py():
        return False
    ends = pc.min_max(values).as_py()
    if ends["min"] is None:
        return True
    return (column.negative or ends["min"] >= 0) and (latest is None or ends["max"] <= latest)


def _unique_surely(frame: pa.Table, key: tuple[str, ...]) -> bool:
    """Whether all keys differ for certain: their hashes do."""
    if not key:
        return True
    numbers = _numbers(whole(frame.column(key[0]))) if len(key) == 1 else None
    if numbers is not None and (numbers[1:] > numbers[:-1]).all():
        return True
    ordered = np.sort(hashes(frame.select(list(key))) if numbers is None else numbers)
    return bool((ordered[1:] != ordered[:-1]).all())


def _numbers(ids: pa.Array) -> npt.NDArray[np.int64] | None:
    """Ids of digits, all of one length, as numbers; None where they are others."""
    if not pa.types.is_string(ids.type) or ids.null_count or not Signs.of(ids).only(b"0123456789"):
        return None
    lengths = pc.min_max(pc.binary_length(ids)).as_py()
    numbers = cast(ids, pa.int64()) if lengths["min"] == lengths["max"] else None
    return None if numbers is None else from_arrow(numbers)


def hashes(keys: pa.Table) -> npt.NDArray[np.uint64]:
    """A number for each row, which rows that say the same share, uint64 array (rows,)."""
    import duckdb

    with duckdb.connect() as database:
        database.register("keys", keys)
        named = ", ".join(f'"{name}"' for name in keys.column_names)
        found: npt.NDArray[np.uint64] = database.sql(f"select hash({named}) as hash from keys").fetchnumpy()["hash"]
    return found


def _broken(error: "SchemaError") -> Broken:
    cases = error.failure_cases
    rows = np.unique(np.asarray(cases["index"], dtype=np.int64))
    rule = getattr(error.check, "name", None) or "needed"
    return rule, None if rule == "unique" else str(error.schema.name), rows


def _checks(column: Column, now: datetime) -> "list[pandera.Check]":
    return list(_each(column, now))


def _each(column: Column, now: datetime) -> "Iterator[pandera.Check]":
    import pandas as pd
    import pandera.pandas as pandera

    if column.values:
        yield pandera.Check(lambda s: s.isin(list(column.values)), name="known")
    if not column.negative:
        yield pandera.Check(lambda s: s >= 0, name="negative")
    if column.kind == "time":
        yield pandera.Check(lambda s: s <= pd.Timestamp(now), name="future")
    if column.kind == "date":
        yield pandera.Check(lambda s: s <= now.date(), name="future")


def _unique(contract: Contract) -> "list[pandera.Check]":
    import pandera.pandas as pandera

    if not contract.key:
        return []
    key = list(contract.key)
    needed = [column.name for column in contract.columns if column.name in key and column.needed]
    return [pandera.Check(lambda d: ~(d.duplicated(subset=key) & d[needed].notna().all(axis=1)), name="unique")]
