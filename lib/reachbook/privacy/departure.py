"""Take the people who have to leave out of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.privacy import sums
from reachbook.privacy.rights import FORGOTTEN, NO_CONSENT, REASONS, STAYS, Rights
from reachbook.translation import mark, tr, trn

_FEW = {
    "no_consent": mark(
        "rows were left out with the {people:,} people behind them, who have not consented (privacy: basis)"
    ),
    "forgotten": mark(
        "rows were left out with the {people:,} people behind them, who are to be forgotten (make erase)"
    ),
}
"""What is said of people so few that it is not told how many rows they have, by reason."""
_LEFT = {
    "no_consent": mark(
        "{rows:,} of {every:,} rows were left out with the {people:,} people behind them, who have not consented "
        "(privacy: basis)"
    ),
    "forgotten": mark(
        "{rows:,} of {every:,} rows were left out with the {people:,} people behind them, who are to be forgotten "
        "(make erase)"
    ),
    "followed": mark(
        "{rows:,} of {every:,} rows were left out, because the comments that they are about are not there"
    ),
}
"""What is said of the rows that left a table, by reason."""


@dataclass(frozen=True)
class Departure:
    """A table that people have left.

    Attributes
    ----------
    table : pyarrow.Table
        The rows that stay, each column in one piece.
    gone : pyarrow.Array
        Ids of those who left.
    forgotten : pyarrow.Array
        Ids of those of them who are to be forgotten.
    about : dict
        By group (`kept`, `no_consent`, `forgotten`): its rows, and sums of the first two where consent is asked, since
        these are compared; of those to be forgotten only how many they are.
    """

    table: pa.Table
    gone: pa.Array
    forgotten: pa.Array
    about: dict[str, Any]


def depart(name: str, table: pa.Table, ids: str, rights: Rights, minimum: int) -> Departure:
    """Take out everybody who has to leave.

    Parameters
    ----------
    ids : str
        Column with the id of the person behind a row.
    minimum : int
        Fewest people about whom more is kept than how many they are.
    """
    said = rights.judge(table.column(ids))
    groups = {code: _only(table, said == code) for code in (STAYS, NO_CONSENT, FORGOTTEN)}
    kept = groups[STAYS]
    compared = sums.of_group(name, kept, ids, minimum) if rights.agreed is not None else {}
    about: dict[str, Any] = {"kept": compared | {"rows": kept.num_rows, "nobody": kept.column(ids).null_count}}
    if groups[NO_CONSENT].num_rows:
        about[REASONS[NO_CONSENT]] = sums.of_group(name, groups[NO_CONSENT], ids, minimum)
    forgotten = pc.unique(groups[FORGOTTEN].column(ids))
    if groups[FORGOTTEN].num_rows:
        rows = {"rows": groups[FORGOTTEN].num_rows} if len(forgotten) >= minimum else {}
        about[REASONS[FORGOTTEN]] = {"people": len(forgotten), **rows}
    gone = pa.concat_arrays([forgotten, pc.unique(groups[NO_CONSENT].column(ids))])
    return Departure(kept, gone, forgotten, about)


def _only(table: pa.Table, rows: np.ndarray) -> pa.Table:
    if not rows.any():
        return table.slice(0, 0)
    return (table if rows.all() else table.filter(pa.array(rows))).combine_chunks()


def follow(table: pa.Table, column: str, there: pa.Array) -> Departure:
    """Take out the rows that are about rows of another table which are no longer there.

    Parameters
    ----------
    there : pyarrow.Array
        Keys of the other table's rows.
    """
    stays = pc.is_in(table.column(column), value_set=there)
    kept = table.filter(stays).combine_chunks()
    lost = table.num_rows - kept.num_rows
    about = {"kept": {"rows": kept.num_rows}, **({"followed": {"rows": lost}} if lost else {})}
    nobody = pa.array([], pa.string())
    return Departure(kept, nobody, nobody, about)


def lines(about: Mapping[str, Any], units: bool) -> tuple[str, ...]:
    """Say what has left a table, one sentence a reason, and of which rows it is not known whose they are.

    Parameters
    ----------
    units : bool
        Whether its people are the units of an experiment.
    """
    said: list[str] = []
    every = sum(int(group.get("rows", 0)) for group in about.values())
    for reason, group in about.items():
        if reason != "kept":
            told = _LEFT[reason] if all("rows" in each for each in about.values()) else _FEW[reason]
            said.append(tr(told, rows=group.get("rows", 0), every=every, people=group.get("people", 0)))
    if units and said:
        said.append(tr("Units are taken for people, because ids of theirs stand in the table users."))
    if said and about["kept"].get("nobody"):
        said.append(
            trn(
                "{n} row without a user_id stays: nobody can be asked about it",
                "{n} rows without a user_id stay: nobody can be asked about them",
                about["kept"]["nobody"],
            )
        )
    return tuple(said)
