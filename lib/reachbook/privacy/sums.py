"""Sums about the people who stayed in a table and those who left it: all that is kept of the latter."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.privacy.people import CONSENT, USERS

FEW = 20
"""Most values of a trait that is compared."""
_SILENT = (CONSENT, "joined_on")


def of_group(name: str, table: pa.Table, ids: str, minimum: int) -> dict[str, Any]:
    """Sum up one group of people; of fewer than `minimum` only how many they are, not how many rows.

    Returns
    -------
    dict
        `rows`, `people`; `each`: by measure (`rows`, `amount`), sum and sum of squares over people; `platform`: by
        platform, rows and people; for the users `traits`: by column, people by value. Values with fewer than `minimum`
        people are left away, and so are those that all but fewer than `minimum` have: the rest would be told.
    """
    column = table.column(ids)
    people = len(pc.unique(column.drop_null() if column.null_count else column))
    if people < minimum:
        return {"people": people}
    found: dict[str, Any] = {"rows": table.num_rows, "people": people}
    if name == USERS:
        return found | {"traits": _traits(table, minimum)}
    measures = ["amount"] if "amount" in table.column_names else []
    platforms = _platforms(table, ids)
    shown = _told({name: count for name, (_, count) in platforms.items()}, people, minimum)
    return found | {"each": _each(table, ids, measures), "platform": {name: platforms[name] for name in shown}}


def _told(counts: dict[str, int], people: int, minimum: int) -> dict[str, int]:
    """Values whose people, and the people without it, are nobody or at least `minimum`."""
    return {value: n for value, n in sorted(counts.items()) if n >= minimum and not 0 < people - n < minimum}


def _apart(counts: dict[str, int], people: int, minimum: int) -> dict[str, int]:
    """The same where nobody has two values, so that those left away could be found by subtraction: they are at least
    `minimum` together, for which the rarest of the others are left away too.
    """
    told = _told(counts, people, minimum)
    while told and 0 < people - sum(told.values()) < minimum:
        del told[min(told, key=lambda value: (told[value], value))]
    return told


def _each(table: pa.Table, ids: str, measures: list[str]) -> dict[str, list[float]]:
    """Sum, and sum of squares, over people of their rows and amounts."""
    numbers = table.select([ids]).append_column("rows", pa.array(np.ones(table.num_rows)))
    for name in measures:
        numbers = numbers.append_column(name, pc.fill_null(pc.cast(table.column(name), pa.float64()), 0.0))
    grouped = numbers.group_by(ids, use_threads=False).aggregate([(name, "sum") for name in ("rows", *measures)])
    grouped = grouped.filter(pc.is_valid(grouped.column(ids)))
    sums = {name: grouped.column(f"{name}_sum").to_numpy() for name in ("rows", *measures)}
    return {name: [float(each.sum()), float((each**2).sum())] for name, each in sums.items()}


def _platforms(table: pa.Table, ids: str) -> dict[str, list[int]]:
    if "platform" not in table.column_names or table.column("platform").null_count == table.num_rows:
        return {}
    pairs = table.group_by(["platform", ids], use_threads=False).aggregate([([], "count_all")])
    of_people = pairs.filter(pc.is_valid(pairs.column(ids))).group_by("platform", use_threads=False)
    people = {row["platform"]: row["count_all"] for row in of_people.aggregate([([], "count_all")]).to_pylist()}
    rows = pairs.group_by("platform", use_threads=False).aggregate([("count_all", "sum")]).to_pylist()
    return {
        str(row["platform"]): [row["count_all_sum"], people.get(row["platform"], 0)] for row in rows if row["platform"]
    }


def _traits(table: pa.Table, minimum: int) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for field in table.schema:
        if field.name in _SILENT or not pa.types.is_string(field.type) or field.name == "user_id":
            continue
        counted = pc.value_counts(table.column(field.name).drop_null().combine_chunks())
        values = {each["values"]: each["counts"] for each in counted.to_pylist()}
        if 1 < len(values) <= FEW:
            found[field.name] = _apart(values, table.num_rows, minimum)
    return found
