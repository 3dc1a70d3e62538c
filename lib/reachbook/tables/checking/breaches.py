"""Cells that break the contract, each named once with its place, its value and the remedy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.contract import Column, Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import Parsed, truth
from reachbook.tables.kinds.numbers import COLUMN
from reachbook.tables.problems import Problem, positions, refuse, show
from reachbook.tables.suspicions.shifted import shifted, without_rows
from reachbook.tables.suspicions.totals import Total
from reachbook.translation import sentences, tr

Rows = npt.NDArray[np.int64]


def refuse_broken(
    raw: Raw,
    contract: Contract,
    found: dict[str, str],
    parsed: dict[str, Parsed],
    typed: pa.Table,
    now: datetime,
    timezone: str,
    sums: Mapping[int, Total],
    lines: str | None,
) -> None:
    """Raise for every broken cell, quoting the file's own text.

    Parameters
    ----------
    sums : mapping of int to Total
        Rows that look like totals; one that breaks a rule is reported as such, once.
    lines : str or None
        As in `Source`; rows that are to be added up may share an id.

    Raises
    ------
    DataError
        Any cell breaks the contract.
    """
    problems: list[Problem] = []
    for order, name in enumerate(contract.names):
        for mask, tell in parsed[name].faults if name in parsed else ():
            problems.append(problem(raw, order, name, found, positions(mask), tell))
    from reachbook.tables.rules import broken

    keys_hold = lines != "sum" and not any(parsed[n].faulty.any() for n in contract.key if n in parsed)
    for rule, rule_column, rows in broken(typed, contract if keys_hold else replace(contract, key=()), now):
        if rule == "unique":
            problems.append(_twins(raw, contract, found, typed, rows))
            continue
        name = str(rule_column)
        if name in parsed:
            rows = rows[~parsed[name].faulty[rows]]
            column = contract.column(name)
            assert column is not None
            problems.append(
                problem(raw, contract.names.index(name), name, found, rows, _teller(rule, column, now, timezone))
            )
    shifts = shifted(raw, contract, found, parsed)
    refuse(_without_totals([*shifts, *without_rows(problems, shifts)], sums), raw.at)


def _without_totals(problems: Sequence[Problem], sums: Mapping[int, Total]) -> list[Problem]:
    """Replace the problems of each totals row by a single one, because none of its cells is to be corrected."""
    if not sums:
        return list(problems)
    rows = np.fromiter(sums, np.int64, len(sums))
    broken = np.unique(np.concatenate([np.intersect1d(p.rows, rows) for p in problems] or [rows[:0]]))
    if not len(broken):
        return list(problems)

    def tell(row: int) -> str:
        return tr(
            "is a totals row by its looks ({reason}), no row of data. Leave it out: `totals: leave_out`.",
            reason=sums[row].reason,
        )

    return [Problem(-1, "", broken, tell), *(replace(p, rows=np.setdiff1d(p.rows, broken)) for p in problems)]


def problem(
    raw: Raw,
    order: int,
    name: str,
    found: dict[str, str],
    rows: Rows,
    tell: Callable[[str], str],
) -> Problem:
    column = raw.frame.column(found[name])
    label = name if found[name] == name else f"{show(found[name])} ({name})"
    return Problem(order, label, rows, lambda row: tell(_cell(column[row])).replace(COLUMN, name))


def _cell(value: pa.Scalar) -> str:
    return show(value.as_py())


def _teller(rule: str, column: Column, now: datetime, timezone: str) -> Callable[[str], str]:
    """Return the function that describes a cell breaking a rule."""
    if rule == "needed":
        return lambda v: tr("is empty. Fill it in, or leave the row out.")
    if rule == "known":
        return lambda v: tr(
            "{v} is not one of {values}. Map it: values: {{{name}: {{{v}: {example}}}}}.",
            v=v,
            values=", ".join(column.values),
            name=column.name,
            example=column.values[0],
        )
    if rule == "future":
        return lambda v: tr(
            "{v} lies after now ({now:%Y-%m-%d %H:%M}, {timezone}). Mend the date, the zone or the "
            "clock, or leave plans out of this table.",
            v=v,
            now=now,
            timezone=timezone,
        )
    if column.name == "amount":
        return lambda v: tr("{v} is negative. Net refunds into the order, or leave them out of this table.", v=v)
    return lambda v: tr("{v} is negative. Write it as zero or above, or leave the cell empty if it is missing.", v=v)


def _twins(
    raw: Raw,
    contract: Contract,
    found: dict[str, str],
    typed: pa.Table,
    rows: Rows,
) -> Problem:
    """Report duplicate keys, each with the row where the key first occurs."""
    key = [name for name in contract.key if name in found]
    adds = any(column.kind in ("money", "number") for column in contract.columns)
    remedy = tr("Remove one, or sum them into one.") if adds else tr("Remove one, or keep one by a rule (keep:).")

    def tell(row: int) -> str:
        same: npt.NDArray[np.bool_] = np.ones(typed.num_rows, dtype=bool)
        for name in key:
            value = typed.column(name)[row]
            alike = pc.equal(typed.column(name), value) if value.is_valid else pc.is_null(typed.column(name))
            same &= truth(alike.combine_chunks())
        first = int(np.flatnonzero(same)[0])
        shown = ", ".join(_cell(raw.frame.column(found[name])[row]) for name in key)
        if raw.origin is not None and raw.origin[first] != raw.origin[row]:
            return tr(
                "{shown} stands in {at} already; one row is one {what}. If the files overlap, state which "
                "row stays: `keep: last`, or `keep: newest by <a column>`.",
                shown=shown,
                at=raw.at(first),
                what=tr(contract.row),
            )
        already = tr(
            "{shown} stands in row {row} already; one row is one {what}.",
            shown=shown,
            row=raw.numbers[first],
            what=tr(contract.row),
        )
        return sentences(already, remedy)

    label = ", ".join(n if found[n] == n else f"{show(found[n])} ({n})" for n in key)
    return Problem(contract.names.index(contract.key[0]), label, rows, tell)
