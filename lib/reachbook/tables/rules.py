"""The contract as a pandera schema: what must hold once every cell has its type."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
from pandera.errors import SchemaError, SchemaErrors

from reachbook.tables.contract import Column, Contract

if TYPE_CHECKING:
    from collections.abc import Iterator

Broken = tuple[str, str | None, npt.NDArray[np.int64]]


def schema(contract: Contract, now: datetime) -> pandera.DataFrameSchema:
    """Build the contract's rules: no empty needed cell, allowed values, signs, nothing after `now`, unique keys."""
    columns = {c.name: pandera.Column(None, _checks(c, now), nullable=not c.needed) for c in contract.columns}
    return pandera.DataFrameSchema(columns, checks=_unique(contract))


def broken(frame: pa.Table, contract: Contract, now: datetime) -> list[Broken]:
    """List every rule that some row breaks.

    Returns
    -------
    list of (rule, column, rows)
        `column` is None for the rule "unique"; `rows` are ascending row positions, int64 array (broken rows,).
    """
    typed = frame.to_pandas(types_mapper=pd.ArrowDtype)
    try:
        schema(contract, now).validate(typed, lazy=True)
    except SchemaErrors as errors:
        return [_broken(error) for error in errors.schema_errors]
    return []


def _broken(error: SchemaError) -> Broken:
    cases = error.failure_cases
    rows = np.unique(np.asarray(cases["index"], dtype=np.int64))
    rule = getattr(error.check, "name", None) or "needed"
    return rule, None if rule == "unique" else str(error.schema.name), rows


def _checks(column: Column, now: datetime) -> list[pandera.Check]:
    return list(_each(column, now))


def _each(column: Column, now: datetime) -> "Iterator[pandera.Check]":
    if column.values:
        yield pandera.Check(lambda s: s.isin(list(column.values)), name="known")
    if not column.negative:
        yield pandera.Check(lambda s: s >= 0, name="negative")
    if column.kind == "time":
        yield pandera.Check(lambda s: s <= pd.Timestamp(now), name="future")
    if column.kind == "date":
        yield pandera.Check(lambda s: s <= now.date(), name="future")


def _unique(contract: Contract) -> list[pandera.Check]:
    if not contract.key:
        return []
    key = list(contract.key)
    needed = [column.name for column in contract.columns if column.name in key and column.needed]
    return [pandera.Check(lambda d: ~(d.duplicated(subset=key) & d[needed].notna().all(axis=1)), name="unique")]
