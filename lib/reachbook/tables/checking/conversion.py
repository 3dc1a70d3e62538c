"""Columns of a file in the types of their contract, and the user's own columns."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import whole
from reachbook.errors import DataError
from reachbook.tables.checking.breaches import problem
from reachbook.tables.contract import KIND_WORDS, Column, Contract, arrow_type
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds import times
from reachbook.tables.kinds.cells import Mask, Parsed, is_text, spread, text_of, truth
from reachbook.tables.kinds.flags import is_flag, is_words, parse_flag
from reachbook.tables.kinds.labels import parse_category, parse_id, parse_text
from reachbook.tables.kinds.numbers import CODED, parse_money, parse_number
from reachbook.tables.option_types import NumberRule
from reachbook.tables.options.numbers import formatted
from reachbook.tables.options.rows import column as file_column
from reachbook.tables.options.sums import Parse, less
from reachbook.tables.preset import alternatives
from reachbook.tables.problems import positions, refuse, show
from reachbook.tables.screening import repeated
from reachbook.tables.source import Source
from reachbook.translation import tr

_PARSERS = {
    "id": parse_id,
    "text": parse_text,
    "category": parse_category,
    "number": parse_number,
    "money": parse_money,
    "flag": parse_flag,
}


def parse(raw: Raw, column: Column, found: Mapping[str, str], source: Source, timezone: str) -> Parsed:
    theirs = found[column.name]
    values = _one(raw.frame.column(theirs))
    if not scalar(values.type):
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
    if column.words and (column.kind != "number" or is_text(values.type)):
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
    return less(raw, column.name, theirs, parsed, named, as_read(column, source))


def as_read(column: Column, source: Source) -> Parse:
    """How a column of the file is read that is to be taken off `column`."""

    def parse(raw: Raw, theirs: str) -> Parsed:
        return _number(raw, column, theirs, source)

    return parse


def _number(raw: Raw, column: Column, theirs: str, source: Source, values: pa.Array | None = None) -> Parsed:
    """Read a column of the file as numbers by the rules that are stated for `column`."""
    values = _one(raw.frame.column(theirs)) if values is None else values
    numeric = raw.numeric.get(theirs)
    codes = repeated(values) if numeric is None and is_text(values.type) else None
    if codes is not None:
        return spread(_formatted(codes.dictionary, column, source, None), codes)
    return _formatted(values, column, source, numeric)


def _formatted(values: pa.Array, column: Column, source: Source, numeric: Mask | None) -> Parsed:
    plain = formatted(values, rules_of(source, column.name), source.decimal, numeric)
    parsed = _PARSERS[column.kind](plain.values, numeric)
    factor = source.scale.get(column.name)
    scaled = parsed.values if factor is None else _scaled(parsed.values, factor)
    return Parsed(scaled, [*plain.faults, *parsed.faults])


def _one(column: pa.ChunkedArray) -> pa.Array:
    """Combine chunks into one array, decoding dictionaries and narrow text types."""
    array = whole(column)
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.string()) if is_text(array.type) or pa.types.is_null(array.type) else array


def scalar(kind: pa.DataType) -> bool:
    return bool(
        is_text(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_timestamp(kind)
        or pa.types.is_date(kind)
    )


def _revalue(values: pa.Array, named: dict[str, str]) -> pa.Array:
    text = text_of(values)
    place = pc.index_in(text, pa.array(list(named), pa.string()))
    return pc.coalesce(pc.take(pa.array(list(named.values()), pa.string()), place), text)


def _reworded(values: pa.Array, words: Mapping[str, str]) -> pa.Array:
    """Replace synonyms by our values, ignoring case and outer spaces; other values stay as they are."""
    text = text_of(values)
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


def with_own(
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
    if not is_text(values.type) or not (rules or source.decimal == ","):
        return values
    plain = formatted(values, rules, source.decimal, raw.numeric.get(theirs))
    parsed = parse_number(plain.values)
    faults = [*plain.faults, *parsed.faults]
    if rules:
        refuse([problem(raw, 0, name, {name: theirs}, positions(rows), tell) for rows, tell in faults], raw.at)
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
    if is_text(values.type):
        if is_words(values):
            return text_of(values)
        if flags and is_flag(values):
            return pc.cast(parse_flag(values).values, pa.float64())
        coded = truth(pc.match_substring_regex(values, CODED)).any()
        parsed = parse_number(values)
        if values.null_count == len(values) or coded or parsed.faulty.any():
            return text_of(values)
        values = parsed.values
    elif pa.types.is_timestamp(values.type):
        return times.parse_time(values, timezone, timezone).values
    elif pa.types.is_integer(values.type) or pa.types.is_decimal(values.type) or pa.types.is_floating(values.type):
        values = pc.cast(values, pa.float64(), safe=False)
    return pc.multiply(values, factor) if factor is not None and pa.types.is_floating(values.type) else values
