"""Check a table against its contract: columns located, cells typed, rules satisfied, or every broken cell reported."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from reachbook.tables.checking.breaches import refuse_broken
from reachbook.tables.checking.conversion import as_read, parse, scalar, with_own
from reachbook.tables.columns import find_columns
from reachbook.tables.condition import OtherThan
from reachbook.tables.contract import Contract, arrow_type
from reachbook.tables.currency import foreign, other_units, stated_otherwise
from reachbook.tables.formats.raw import Exclusion, Raw
from reachbook.tables.kinds.zones import wall_now
from reachbook.tables.options.rows import column as file_column
from reachbook.tables.options.rows import select
from reachbook.tables.options.sums import added_up, without_refunds
from reachbook.tables.options.trimming import cleaned
from reachbook.tables.preset import alternatives
from reachbook.tables.problems import refuse
from reachbook.tables.screening import each
from reachbook.tables.source import Source
from reachbook.tables.suspicions.crowded import crowded
from reachbook.tables.suspicions.day_only import day_only
from reachbook.tables.suspicions.epochs import unzoned_epochs
from reachbook.tables.suspicions.indicators import mixed_indicators
from reachbook.tables.suspicions.labels import Counts, labels, left, marked, unread
from reachbook.tables.suspicions.member_totals import member_totals
from reachbook.tables.suspicions.odd_ids import odd_ids
from reachbook.tables.suspicions.same_outcomes import same_outcomes
from reachbook.tables.suspicions.subtotals import with_subtotals
from reachbook.tables.suspicions.totals import total_warnings, totals
from reachbook.tables.suspicions.twice_added import twice_added


@dataclass(frozen=True)
class CheckOutcome:
    """A table in the form of its contract.

    Attributes
    ----------
    table : pyarrow.Table
        Every contract column in order, then the user's own columns.
    columns : dict of str to str
        Name in the file, by our name.
    warnings, counts : tuple of str, mapping
        As in `reachbook.tables.store.Checked`.
    facts : dict
        How the table was read, for provenance.
    left_out : tuple of Exclusion
        Rows that stated rules have taken out.
    """

    table: pa.Table
    columns: dict[str, str]
    warnings: tuple[str, ...]
    counts: Counts
    facts: dict[str, Any]
    left_out: tuple[Exclusion, ...]


def check(
    raw: Raw,
    contract: Contract,
    source: Source,
    timezone: str,
    now: datetime,
    currency: str = "",
    ready: Callable[[pa.Table], None] | None = None,
) -> CheckOutcome:
    """Convert the table to the form of its contract.

    Parameters
    ----------
    source : Source
        Its description in study.yaml.
    timezone : str
        The study's time zone; times come out as its naive local time.
    now : datetime
        Times after it break the contract; naive means in `timezone`.
    currency : str
        The study's currency; "" where the table holds no money of a study.
    ready : function of a pyarrow.Table
        Called with the table of the outcome before the last checks, where they can only refuse or remark on it, so
        that it may be written meanwhile.

    Returns
    -------
    CheckOutcome
        Every contract column in order (an absent optional one as typed nulls), then the user's own columns.

    Raises
    ------
    DataError
        A column is missing, or cells break the contract; it lists the first 20.
    """
    found = find_columns(raw, contract, source)
    raw = cleaned(raw, source.missing, source.trim, _free(contract, found))
    chosen = select(raw, contract, source, found, source.timezone or timezone)
    raw = chosen.raw
    if currency:
        off = [
            file_column(raw, each, found, "subtract")
            for names in source.subtract.values()
            for each in alternatives(names)
        ]
        refuse([*foreign(raw, contract, found, source, currency), *stated_otherwise(raw, off, currency)], raw.at)
        if chosen.refunds is not None:
            refuse(foreign(chosen.refunds, contract, found, source, currency), chosen.refunds.at)
    zoneless = unzoned_epochs(raw, contract, found, source.timezone)
    refuse([*zoneless, *mixed_indicators(raw, contract, found)], raw.at)
    read = [c for c in contract.columns if c.name in found]
    columns = each(lambda c: parse(raw, c, found, source, timezone), read)
    parsed = {c.name: column for c, column in zip(read, columns, strict=True)}
    typed = pa.table(
        {
            c.name: parsed[c.name].values if c.name in parsed else pa.nulls(raw.frame.num_rows, arrow_type(c.kind))
            for c in contract.columns
        }
    )
    refuse(crowded(contract, found, typed, source.most_groups), raw.at)
    final = chosen.refunds is None and source.lines != "sum" and raw.ordered
    if final and ready is not None and not any(contract.column(name) is None for name in source.numbers):
        typed = with_own(raw, contract, found, typed, source, timezone)
        ready(typed)
    sums = with_subtotals(totals(raw.frame, _free(contract, found)), raw.frame, contract)
    refuse_broken(raw, contract, found, parsed, typed, wall_now(now, timezone), timezone, sums, source.lines)
    more: list[str] = []
    if chosen.refunds is not None:
        money = {c.name: as_read(c, source) for c in contract.columns if c.kind == "money" and c.name in found}
        typed, more = without_refunds(typed, raw, chosen.refunds, contract, found, money)
    own = any(name not in typed.column_names for name in found)
    table = with_own(raw, contract, found, typed, source, timezone) if own else typed
    left_out = raw.left_out
    if source.lines == "sum":
        more += twice_added(raw, contract, found, typed)
        table, lines = added_up(table, contract, raw.place)
        left_out = (*left_out, *lines)
    if not raw.ordered:
        order = dict.fromkeys([*contract.key, *(f.name for f in table.schema if scalar(f.type))])
        table = table.sort_by([(name, "ascending") for name in order])
    counted = labels(raw.frame, _free(contract, found))
    warnings = (
        *total_warnings(sums, raw.numbers, raw.place, raw.mark),
        *left(counted, raw.place, *_ruled(raw, contract, found, source)),
        *marked(raw.frame, contract, raw.place, _read(raw, contract, found, source)),
        *unread(raw),
        *odd_ids(raw, contract, found),
        *other_units(found, contract, source, raw.place),
        *day_only(table, contract, raw.place),
        *same_outcomes(table, contract, raw.place),
        *(() if sums else member_totals(table, contract, raw.place, found)),
        *more,
    )
    shown = counted.few(_ids(contract, found))
    return CheckOutcome(table, found, warnings, shown, raw.facts, left_out)


def _free(contract: Contract, found: Mapping[str, str]) -> frozenset[str]:
    """Columns of free text, by their names in the file."""
    return frozenset(found[c.name] for c in contract.columns if c.kind == "text" and c.name in found)


def _read(raw: Raw, contract: Contract, found: Mapping[str, str], source: Source) -> frozenset[str]:
    """Columns of the file that are read: as columns of the contract, or taken off one of them."""
    off = [each for names in source.subtract.values() for each in alternatives(names)]
    return frozenset(
        [
            *(found[name] for name in found if contract.column(name)),
            *(each for each in off if each in raw.frame.column_names),
        ]
    )


def _ids(contract: Contract, found: Mapping[str, str]) -> frozenset[str]:
    return frozenset(found[c.name] for c in contract.columns if c.kind == "id" and c.name in found)


def _ruled(
    raw: Raw, contract: Contract, found: Mapping[str, str], source: Source
) -> tuple[frozenset[tuple[str, str]], dict[str, tuple[str, ...]]]:
    """What study.yaml decides on values.

    Returns
    -------
    tuple of (frozenset, dict)
        (column, value) pairs that it maps, in closed lists, or lists under where:, and the values that where: leaves
        out, by column of the file.
    """
    closed = [c.name for c in contract.columns if c.name in found and (c.values or c.kind == "flag")]
    mapped = frozenset((found[name], value) for name in closed for value in source.values.get(name, ()))
    where = {file_column(raw, name, found, "where"): condition for name, condition in source.where.items()}
    listed = {(name, value) for name, these in where.items() if isinstance(these, tuple) for value in these}
    return mapped | listed, {name: these.other_than for name, these in where.items() if isinstance(these, OtherThan)}
