"""Check a table against its contract: columns located, cells typed, rules satisfied, or every broken cell reported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import whole
from reachbook.errors import DataError
from reachbook.tables import cells, times
from reachbook.tables.columns import find_columns
from reachbook.tables.condition import OtherThan
from reachbook.tables.contract import KIND_WORDS, Column, Contract, arrow_type
from reachbook.tables.currency import foreign, other_units, stated_otherwise
from reachbook.tables.formats.raw import Exclusion, Raw
from reachbook.tables.options.numbers import formatted
from reachbook.tables.options.rows import column as file_column
from reachbook.tables.options.rows import select
from reachbook.tables.options.sums import Parse, added_up, less, without_refunds
from reachbook.tables.options.trimming import cleaned
from reachbook.tables.preset import alternatives
from reachbook.tables.problems import Problem, positions, refuse, show
from reachbook.tables.screening import each, repeated
from reachbook.tables.source import NumberRule, Source
from reachbook.tables.suspicions.day_only import day_only
from reachbook.tables.suspicions.epochs import unzoned_epochs
from reachbook.tables.suspicions.indicators import mixed_indicators
from reachbook.tables.suspicions.labels import Counts, labels, left, marked, unread
from reachbook.tables.suspicions.odd_ids import odd_ids
from reachbook.tables.suspicions.same_outcomes import same_outcomes
from reachbook.tables.suspicions.shifted import shifted, without_rows
from reachbook.tables.suspicions.totals import Total, total_warnings, totals
from reachbook.tables.suspicions.twice_added import twice_added
from reachbook.translation import sentences, tr

Rows = npt.NDArray[np.int64]

_PARSERS = {
    "id": cells.parse_id,
    "text": cells.parse_text,
    "category": cells.parse_category,
    "number": cells.parse_number,
    "money": cells.parse_money,
    "flag": cells.parse_flag,
}


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
    raw: Raw, contract: Contract, source: Source, timezone: str, now: datetime, currency: str = ""
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
    sums = totals(raw.frame, _free(contract, found))
    read = [c for c in contract.columns if c.name in found]
    columns = each(lambda c: _parse(raw, c, found, source, timezone), read)
    parsed = {c.name: column for c, column in zip(read, columns, strict=True)}
    typed = pa.table(
        {
            c.name: parsed[c.name].values if c.name in parsed else pa.nulls(raw.frame.num_rows, arrow_type(c.kind))
            for c in contract.columns
        }
    )
    _refuse(raw, contract, found, parsed, typed, times.wall_now(now, timezone), timezone, sums, source.lines)
    more: list[str] = []
    if chosen.refunds is not None:
        money = {c.name: _as(c, source) for c in contract.columns if c.kind == "money" and c.name in found}
        typed, more = without_refunds(typed, raw, chosen.refunds, contract, found, money)
    table = _with_own(raw, contract, found, typed, source, timezone)
    left_out = raw.left_out
    if source.lines == "sum":
        more += twice_added(raw, contract, found, typed)
        table, lines = added_up(table, contract, raw.place)
        left_out = (*left_out, *lines)
    if not raw.ordered:
        order = dict.fromkeys([*contract.key, *(f.name for f in table.schema if _scalar(f.type))])
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
        *more,
    )
    shown = counted.few(_ids(contract, found))
    return CheckOutcome(table, found, warnings, shown, raw.facts, left_out)


def _as(column: Column, source: Source) -> Parse:
    """How a column of the file is read that is to be taken off `column`."""

    def parse(raw: Raw, theirs: str) -> cells.Parsed:
        return _number(raw, column, theirs, source)

    return parse


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


def _parse(raw: Raw, column: Column, found: Mapping[str, str], source: Source, timezone: str) -> cells.Parsed:
    theirs = found[column.name]
    values = _one(raw.frame.column(theirs))
    if not _scalar(values.type):
        raise DataError(
            f"{raw.place}: "
            + tr(
                "{name} is stored as {type}, which is no {kind}. Export it as a plain column, or map another one.",
                name=show(theirs),
                type=values.type,
                kind=tr(KIND_WORDS[column.kind]),
            )
        )
    if column.name in source.values:
        values = _revalue(values, source.values[column.name])
    if column.words:
        values = _reworded(values, column.words)
    if column.kind in ("time", "date"):
        form = source.formats.get(column.name)
        if column.kind == "date":
            return times.parse_date(values, timezone, form, name=column.name)
        return times.parse_time(values, source.timezone or timezone, timezone, form, name=column.name)
    if column.kind not in ("number", "money"):
        return _PARSERS[column.kind](values, raw.numeric.get(theirs))
    parsed = _number(raw, column, theirs, source, values)
    others = source.subtract.get(column.name)
    if not others:
        return parsed
    named = [file_column(raw, each, found, "subtract") for each in alternatives(others)]
    return less(raw, column.name, theirs, parsed, named, _as(column, source))


def _number(raw: Raw, column: Column, theirs: str, source: Source, values: pa.Array | None = None) -> cells.Parsed:
    """Read a column of the file as numbers by the rules that are stated for `column`."""
    values = _one(raw.frame.column(theirs)) if values is None else values
    numeric = raw.numeric.get(theirs)
    codes = repeated(values) if numeric is None and cells.is_text(values.type) else None
    if codes is not None:
        return cells.spread(_formatted(codes.dictionary, column, source, None), codes)
    return _formatted(values, column, source, numeric)


def _formatted(values: pa.Array, column: Column, source: Source, numeric: cells.Mask | None) -> cells.Parsed:
    plain = formatted(values, rules_of(source, column.name), source.decimal, numeric)
    parsed = _PARSERS[column.kind](plain.values, numeric)
    factor = source.scale.get(column.name)
    scaled = parsed.values if factor is None else _scaled(parsed.values, factor)
    return cells.Parsed(scaled, [*plain.faults, *parsed.faults])


def _one(column: pa.ChunkedArray) -> pa.Array:
    """Combine chunks into one array, decoding dictionaries and narrow text types."""
    array = whole(column)
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.string()) if cells.is_text(array.type) or pa.types.is_null(array.type) else array


def _scalar(kind: pa.DataType) -> bool:
    return bool(
        cells.is_text(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_timestamp(kind)
        or pa.types.is_date(kind)
    )


def _revalue(values: pa.Array, named: dict[str, str]) -> pa.Array:
    text = cells.text_of(values)
    place = pc.index_in(text, pa.array(list(named), pa.string()))
    return pc.coalesce(pc.take(pa.array(list(named.values()), pa.string()), place), text)


def _reworded(values: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Replace synonyms by our values, ignoring case and outer spaces; other values stay as they are."""
    text = cells.text_of(values)
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(text))
    known = {**{value: value for value in words.values()}, **words}
    place = pc.index_in(folded, pa.array(list(known), pa.string()))
    return pc.coalesce(pc.take(pa.array(list(known.values()), pa.string()), place), text)


def _scaled(values: pa.Array, factor: float) -> pa.Array:
    if not pa.types.is_decimal(values.type):
        return pc.multiply(values, factor)
    from decimal import Decimal

    exact = pa.scalar(Decimal(repr(factor)))
    return pc.cast(
        pc.round(pc.multiply(pc.cast(values, pa.decimal256(18, 6)), exact), 6, round_mode="half_to_even"),
        arrow_type("money"),
        safe=False,
    )


def _refuse(
    raw: Raw,
    contract: Contract,
    found: dict[str, str],
    parsed: dict[str, cells.Parsed],
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
            problems.append(_problem(raw, order, name, found, positions(mask), tell))
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
                _problem(raw, contract.names.index(name), name, found, rows, _teller(rule, column, now, timezone))
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


def _problem(
    raw: Raw,
    order: int,
    name: str,
    found: dict[str, str],
    rows: Rows,
    tell: Callable[[str], str],
) -> Problem:
    column = raw.frame.column(found[name])
    label = name if found[name] == name else f"{show(found[name])} ({name})"
    return Problem(order, label, rows, lambda row: tell(_cell(column[row])).replace(cells.COLUMN, name))


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
            same &= cells.truth(alike.combine_chunks())
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


def _with_own(
    raw: Raw, contract: Contract, found: dict[str, str], typed: pa.Table, source: Source, timezone: str
) -> pa.Table:
    """Append the user's own columns after the contract's: numbers where every cell is one, else as they are."""
    for name, theirs in found.items():
        if contract.column(name) is None:
            values = _one(raw.frame.column(theirs))
            if name in source.values:
                values = _revalue(values, source.values[name])
            flags = contract.name != "users"  # whose columns are labels, shown as they are written
            plain = _own_numbers(raw, name, theirs, values, source)
            kept = values if plain is None else own(plain, source.scale.get(name), timezone, flags)
            typed = typed.append_column(name, kept)
    return typed


def _own_numbers(raw: Raw, name: str, theirs: str, values: pa.Array, source: Source) -> pa.Array | None:
    """One of the user's own columns with its numbers written plainly; None where it holds texts.

    Raises
    ------
    DataError
        `numbers:` names the column, and a cell of it is none.
    """
    rules = rules_of(source, name)
    if not cells.is_text(values.type) or not (rules or source.decimal == ","):
        return values
    plain = formatted(values, rules, source.decimal, raw.numeric.get(theirs))
    parsed = cells.parse_number(plain.values)
    faults = [*plain.faults, *parsed.faults]
    if rules:
        refuse([_problem(raw, 0, name, {name: theirs}, positions(rows), tell) for rows, tell in faults], raw.at)
    return None if any(rows.any() for rows, _ in faults) else plain.values


def rules_of(source: Source, name: str) -> tuple[NumberRule, ...]:
    """Stated ways of writing numbers in a column."""
    rules = source.numbers.get(name, ())
    return (rules,) if isinstance(rules, str) else rules


def own(values: pa.Array, factor: float | None, timezone: str, flags: bool = False) -> pa.Array:
    """Convert a column without contract; text of only numbers becomes float64 unless leading zeros or length suggest
    ids.

    Parameters
    ----------
    factor : float or None
        Factor of its `scale:`, or None.
    flags : bool
        Whether text of only 是 and 否, true and false or another such pair becomes 1 and 0.
    """
    if cells.is_text(values.type):
        if cells.is_words(values):
            return cells.text_of(values)
        if flags and cells.is_flag(values):
            return pc.cast(cells.parse_flag(values).values, pa.float64())
        coded = cells.truth(pc.match_substring_regex(values, cells.CODED)).any()
        parsed = cells.parse_number(values)
        if values.null_count == len(values) or coded or parsed.faulty.any():
            return cells.text_of(values)
        values = parsed.values
    elif pa.types.is_timestamp(values.type):
        return times.parse_time(values, timezone, timezone).values
    elif pa.types.is_integer(values.type) or pa.types.is_decimal(values.type) or pa.types.is_floating(values.type):
        values = pc.cast(values, pa.float64(), safe=False)
    return pc.multiply(values, factor) if factor is not None and pa.types.is_floating(values.type) else values
