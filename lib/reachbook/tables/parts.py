"""A table put together from parts that were read and checked each by its own options."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.errors import DataError
from reachbook.tables.check import CheckOutcome
from reachbook.tables.contract import Contract
from reachbook.tables.kinds.cells import text_of, truth
from reachbook.tables.problems import show
from reachbook.translation import tr

Part = tuple[str, CheckOutcome]
"""Name of a part in messages, and the part."""


def together(parts: Sequence[Part], contract: Contract) -> CheckOutcome:
    """Put the parts below each other.

    Raises
    ------
    DataError
        Two parts hold the same id.
    """
    table = _below(parts)
    _refuse_twins(table, parts, contract)
    counts = {
        tr("{column} in {place}", column=column, place=place): values
        for place, each in parts
        for column, values in each.counts.items()
    }
    return CheckOutcome(
        table,
        {name: theirs for _, each in parts for name, theirs in each.columns.items()},
        tuple(line for _, each in parts for line in each.warnings),
        counts,
        {
            "source": ", ".join(place for place, _ in parts),
            "format": "parts",
            "parts": [_facts(each) for _, each in parts],
        },
        tuple(
            replace(left, reason=tr("{reason} in {place}", reason=left.reason, place=place))
            for place, each in parts
            for left in each.left_out
        ),
    )


def _facts(part: CheckOutcome) -> dict[str, object]:
    return {**part.facts, "rows": part.table.num_rows, "columns": part.columns}


def _below(parts: Sequence[Part]) -> pa.Table:
    """One table; a column of the user's own that has two types becomes text."""
    tables = [each.table for _, each in parts]
    kinds: dict[str, set[pa.DataType]] = {}
    for each in tables:
        for column in each.schema:
            kinds.setdefault(column.name, set()).add(column.type)
    for name in (name for name, types in kinds.items() if len(types) > 1):
        tables = [_as_text(each, name) for each in tables]
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


def _as_text(table: pa.Table, name: str) -> pa.Table:
    if name not in table.column_names:
        return table
    return table.set_column(table.column_names.index(name), name, text_of(table.column(name).combine_chunks()))


def _refuse_twins(table: pa.Table, parts: Sequence[Part], contract: Contract) -> None:
    keys = [name for name in contract.key if name in table.column_names]
    if not keys:
        return
    origin = np.repeat(np.arange(len(parts)), [each.table.num_rows for _, each in parts])
    marked = table.select(keys).append_column("part", pa.array(origin))
    groups = marked.group_by(keys, use_threads=False).aggregate([("part", "min"), ("part", "max")])
    twice = truth(pc.not_equal(groups.column("part_min"), groups.column("part_max")).combine_chunks())
    if not twice.any():
        return
    first = groups.slice(int(np.flatnonzero(twice)[0]), 1).to_pylist()[0]
    shown = ", ".join(show(first[name]) for name in keys)
    places = tr(" and ").join(parts[first[f"part_{end}"]][0] for end in ("min", "max"))
    raise DataError(
        f"{places}: "
        + tr(
            "{keys} {shown} stands in both, and so {n:,} in all; one row is one {what}. Name the "
            "files under `paths:` of one part with `keep:`, or remove the doubles.",
            keys=", ".join(keys),
            shown=shown,
            n=int(twice.sum()),
            what=tr(contract.row),
        )
    )
