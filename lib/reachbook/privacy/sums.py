"""Sums about the people who stayed in a table and those who left it: all that is kept of the latter."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.privacy.people import CONSENT, USERS

FEW = 20
"""Most values of a trait that is compared."""
_SILENT = (CONSENT, "joined_on")

type Places = npt.NDArray[np.int64]
"""Of each row the place of its value among the different ones; where there is none, how many these are."""


def of_group(name: str, table: pa.Table, ids: str, minimum: int) -> dict[str, Any]:
    """Sum up one group of people; of fewer than `minimum` only how many they are, not how many rows.

    Returns
    -------
    dict
        `rows`, `people`; `each`: by measure (`rows`, `amount`), sum and sum of squares over people; `platform`: by
        platform, rows and people; for the users `traits`: by column, people by value. Values with fewer than `minimum`
        people are left away, and so are those that all but fewer than `minimum` have: the rest would be told.
    """
    if name == USERS:  # each of its rows is a person
        people = table.num_rows
        told = {"rows": people, "people": people, "traits": _traits(table, minimum)}
        return told if people >= minimum else {"people": people}
    everyone, person = _numbered(table.column(ids))
    people = len(everyone)
    if people < minimum:
        return {"people": people}
    found: dict[str, Any] = {"rows": table.num_rows, "people": people}
    platforms = _platforms(table, person, people)
    shown = _told({name: count for name, (_, count) in platforms.items()}, people, minimum)
    return found | {"each": _each(table, person, people), "platform": {name: platforms[name] for name in shown}}


def _numbered(column: pa.ChunkedArray) -> tuple[pa.Array, Places]:
    """The different values of a column, and of each row the place of its own."""
    codes = column.dictionary_encode().combine_chunks()
    places = codes.indices.fill_null(len(codes.dictionary)) if codes.null_count else codes.indices
    return codes.dictionary, places.to_numpy().astype(np.int64)


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


def _each(table: pa.Table, person: Places, people: int) -> dict[str, list[float]]:
    """Sum, and sum of squares, over people of their rows and amounts."""
    measures: dict[str, npt.NDArray[np.float64] | None] = {"rows": None}
    if "amount" in table.column_names:
        measures["amount"] = pc.fill_null(pc.cast(table.column("amount"), pa.float64()), 0.0).to_numpy()
    sums = {name: np.bincount(person, each, people + 1)[:people] for name, each in measures.items()}
    return {name: [float(each.sum()), float((each**2).sum())] for name, each in sums.items()}


def _platforms(table: pa.Table, person: Places, people: int) -> dict[str, list[int]]:
    """Rows and people by platform; rows without a person count among the rows alone."""
    if "platform" not in table.column_names:
        return {}
    names, platform = _numbered(table.column("platform"))
    rows = np.bincount(platform, minlength=len(names))
    known = person < people
    pairs = pc.unique(pa.array(platform[known] * people + person[known])).to_numpy()
    heads = np.bincount(pairs // people, minlength=len(names))
    return {name: [int(rows[i]), int(heads[i])] for i, name in enumerate(names.to_pylist()) if name}


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
