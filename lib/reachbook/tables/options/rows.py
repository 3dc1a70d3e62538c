"""Which rows count, by the rules that study.yaml states; what they leave out is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.errors import DataError
from reachbook.tables.condition import Condition, OtherThan
from reachbook.tables.contract import Contract
from reachbook.tables.formats.raw import Exclusion, Raw
from reachbook.tables.kinds import times
from reachbook.tables.kinds.cells import text_of, truth
from reachbook.tables.kinds.numbers import CODED, parse_number
from reachbook.tables.options.differing import unlike
from reachbook.tables.options.numbers import formatted
from reachbook.tables.preset import alternatives
from reachbook.tables.problems import show
from reachbook.tables.source import Source
from reachbook.tables.suspicions.subtotals import with_subtotals
from reachbook.tables.suspicions.totals import Total, totals
from reachbook.translation import joined, sentences, tr

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

_LISTED = 6
_MISSING = np.iinfo(np.int64).min
"""Stands for an empty cell where versions are ordered: never the newest, never the oldest."""


@dataclass(frozen=True)
class Selected:
    """Rows that count.

    Attributes
    ----------
    raw : Raw
        The table without what was left out.
    refunds : Raw or None
        Rows that are refunds of others.
    """

    raw: Raw
    refunds: Raw | None = None


def select(raw: Raw, contract: Contract, source: Source, found: Mapping[str, str], zone: str) -> Selected:
    """Apply the rules on rows: totals, refunds, lines, versions, conditions, in this order.

    Parameters
    ----------
    found : mapping of str to str
        Name in the file, by our name.
    zone : str
        Zone of times without an offset.

    Raises
    ------
    DataError
        A rule names a column or a value that the file does not have, or leaves nothing.
    """
    raw = _without_totals(raw, contract, found) if source.totals == "leave_out" else raw
    raw, refunds = _apart(raw, source.refund_rows, found)
    raw = _first_lines(raw, contract, found, source) if source.lines == "first" else raw
    raw = _versions(raw, contract, found, source, zone) if source.keep else raw
    for name, condition in source.where.items():
        raw = _where(raw, name, condition, found, contract)
    if raw.frame.num_rows == 0:
        raise DataError(f"{raw.place}: " + sentences(tr("the rules on rows leave nothing."), _last(raw)))
    return Selected(raw, refunds)


def _last(raw: Raw) -> str:
    if not raw.left_out:
        return tr("Mend them.")
    return tr("The last one: {left_out}. Mend it.", left_out=raw.left_out[-1].describe())


def column(raw: Raw, name: str | tuple[str, ...], found: Mapping[str, str], option: str) -> str:
    """Name in the file of a column that an option names in the file's words or in ours.

    Raises
    ------
    DataError
        There is none.
    """
    there = {each.strip(): each for each in raw.frame.column_names}
    for each in alternatives(name):
        if each in raw.frame.column_names or each.strip() in there:
            return each if each in raw.frame.column_names else there[each.strip()]
        if each in found:
            return found[each]
    listed = ", ".join(show(each) for each in raw.frame.column_names[:30])
    said = tr(" or ").join(map(show, alternatives(name)))
    raise DataError(
        f"{raw.place}: "
        + tr(
            "{option}: names {said}, which the file does not have. The columns are: {listed}.",
            option=option,
            said=said,
            listed=listed,
        )
    )


def _texts(raw: Raw, name: str) -> pa.Array:
    """Cells of a column as text without outer spaces; one of only spaces is empty."""
    values = raw.frame.column(name).combine_chunks()
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    text = pc.utf8_trim_whitespace(text_of(values))
    return pc.if_else(pc.equal(text, ""), None, text)


def _without_totals(raw: Raw, contract: Contract, found: Mapping[str, str]) -> Raw:
    free = frozenset(found[c.name] for c in contract.columns if c.kind == "text" and c.name in found)
    sums = with_subtotals(_totals_by_file(raw, free), raw.frame, contract)
    if not sums:
        return raw
    first = min(sums)
    reason = tr("totals, the first in row {row} ({reason})", row=raw.numbers[first], reason=sums[first].reason)
    stay = np.setdiff1d(np.arange(raw.frame.num_rows), np.fromiter(sums, np.int64, len(sums)))
    return raw.only(stay, Exclusion("totals", len(sums), raw.frame.num_rows, reason))


def _totals_by_file(raw: Raw, free: frozenset[str]) -> dict[int, Total]:
    """Rows that look like totals, each of its own file."""
    if raw.origin is None:
        return totals(raw.frame, free)
    found: dict[int, Total] = {}
    for file in range(len(raw.places)):
        rows = np.flatnonzero(raw.origin == file)
        found |= {int(rows[row]): total for row, total in totals(raw.frame.take(pa.array(rows)), free).items()}
    return found


def _apart(raw: Raw, conditions: Mapping[str, Condition], found: Mapping[str, str]) -> tuple[Raw, Raw | None]:
    """Rows that are not refunds, and those that are."""
    if not conditions:
        return raw, None
    refund = np.ones(raw.frame.num_rows, dtype=bool)
    for name, condition in conditions.items():
        refund &= _meets(_texts(raw, column(raw, name, found, "refund_rows")), condition)
    rows = np.flatnonzero(refund)
    if not len(rows):
        return raw, None
    out = Exclusion("refund_rows", len(rows), len(refund), tr("refunds, taken off the orders with their ids"))
    return raw.only(np.flatnonzero(~refund), out), raw.only(rows)


def _meets(text: pa.Array, condition: Condition) -> Mask:
    if condition == "filled":
        return truth(pc.is_valid(text))
    if condition == "empty":
        return truth(pc.is_null(text))
    if isinstance(condition, OtherThan):
        return ~truth(pc.is_in(text, pa.array(condition.other_than, pa.string())))
    return truth(pc.is_in(text, pa.array(condition, pa.string()))) & truth(pc.is_valid(text))


def _where(raw: Raw, name: str, condition: Condition, found: Mapping[str, str], contract: Contract) -> Raw:
    theirs = column(raw, name, found, "where")
    text = _texts(raw, theirs)
    stay = _meets(text, condition)
    if isinstance(condition, tuple) and not stay.any():
        there = ", ".join(show(each) for each in pc.unique(text).to_pylist()[:_LISTED] if each)
        raise DataError(
            f"{raw.place}: "
            + tr(
                "where: no row has {values} as {name}; it holds {there}. Mend the values.",
                values=tr(" or ").join(map(show, condition)),
                name=show(theirs),
                there=there,
            )
        )
    if stay.all():
        return raw
    single = any(found.get(each.name) == theirs and each.kind in ("id", "text") for each in contract.columns)
    gone = text.filter(pa.array(~stay))  # pages show the reason, and no id or quote stands on a page
    reason = tr("by its {name}", name=show(theirs)) if single and condition != "filled" else _said(show(theirs), gone)
    return raw.only(np.flatnonzero(stay), Exclusion("where", int((~stay).sum()), len(stay), reason))


def _said(name: str, text: pa.Array) -> str:
    """What cells of a column hold, most frequent first."""
    counts = sorted(
        ((each["counts"], each["values"]) for each in pc.value_counts(text).to_pylist()),
        key=lambda pair: (-pair[0], str(pair[1])),
    )
    if len(counts) == 1:
        value = counts[0][1]
        return (
            tr("{name} is empty", name=name) if value is None else tr("{name} is {value}", name=name, value=show(value))
        )
    listed = joined(
        tr("empty in {rows:,}", rows=rows) if value is None else tr("{value} in {rows:,}", value=show(value), rows=rows)
        for rows, value in counts[:_LISTED]
    )
    if (more := len(counts) - _LISTED) <= 0:
        return tr("{name} is {listed}", name=name, listed=listed)
    return tr("{name} is {listed} and {n} more", name=name, listed=listed, n=more)


def _codes(raw: Raw, contract: Contract, found: Mapping[str, str], option: str) -> tuple[Rows, Mask]:
    """Number of each row's id, and whether it has one.

    Raises
    ------
    DataError
        Rows of this table have no id.
    """
    names = [name for name in contract.key if name in found]
    if not names:
        raise DataError(
            f"{raw.place}: "
            + tr(
                "{option}: {name} has no id by which rows belong together. Remove it.",
                option=option,
                name=contract.name,
            )
        )
    codes, known = np.zeros(raw.frame.num_rows, np.int64), np.ones(raw.frame.num_rows, bool)
    for name in names:
        text = _texts(raw, found[name])
        index = text.dictionary_encode(null_encoding="encode").indices.to_numpy(zero_copy_only=False)
        if contract.column(name) is not None and contract.column(name).needed:  # type: ignore[union-attr]
            known &= truth(pc.is_valid(text))
        codes = np.unique(codes * (index.max(initial=0) + 1) + index, return_inverse=True)[1]
    return codes.astype(np.int64), known


def _first_lines(raw: Raw, contract: Contract, found: Mapping[str, str], source: Source) -> Raw:
    """Keep the first line of each id; the others must be empty or say the same in every column that is read, and are
    counted where they say something else in another one.

    Raises
    ------
    DataError
        They say something else.
    """
    codes, known = _codes(raw, contract, found, "lines")
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    head = np.where(known, first[inverse], np.arange(len(codes)))
    later = np.flatnonzero(head != np.arange(len(codes)))
    if not len(later):
        return raw
    read = _read(raw, contract, found, source)
    lost: dict[str, int] = {}
    for name, theirs in found.items():
        text = _texts(raw, theirs)
        differs = _differs(text, _numbers(raw, name, theirs, contract, source), later, head[later])
        if differs.any() and theirs in read:
            row = int(later[np.flatnonzero(differs)[0]])
            raise DataError(
                f"{raw.at(row)}: "
                + tr(
                    "{name} is {value}, and {first} in row {row} of the same {what}: `lines: first` would "
                    "lose it. State `lines: sum` if the lines add up, or drop the column.",
                    name=show(theirs),
                    value=show(text[row].as_py()),
                    first=show(text[int(head[row])].as_py()),
                    row=raw.numbers[head[row]],
                    what=tr(contract.row),
                )
            )
        lost |= {theirs: int(differs.sum())} if differs.any() else {}
    stay = np.setdiff1d(np.arange(len(codes)), later)
    reason = tr("further lines of the same {what}", what=tr(contract.row)) + unlike(lost)
    return raw.only(stay, Exclusion("lines", len(later), len(codes), reason))


def _read(raw: Raw, contract: Contract, found: Mapping[str, str], source: Source) -> frozenset[str]:
    """Columns of the file on which a number or a rule may rest: all of an open table, the contract's of another, and
    those that conditions and subtract: name.
    """
    ours = (theirs for name, theirs in found.items() if contract.open or contract.column(name) is not None)
    rules = (column(raw, name, found, "where") for name in source.where)
    off = (column(raw, each, found, "subtract") for names in source.subtract.values() for each in alternatives(names))
    return frozenset([*ours, *rules, *off])


def _numbers(raw: Raw, name: str, theirs: str, contract: Contract, source: Source) -> pa.Array | None:
    """Cells as numbers, null where they are none; None for a column of ids, labels, times or texts."""
    known = contract.column(name)
    if known is not None and known.kind not in ("money", "number"):
        return None
    rules = alternatives(source.numbers.get(name, ()))
    text = _texts(raw, theirs)
    plain = formatted(text, rules, source.decimal, raw.numeric.get(theirs)).values  # type: ignore[arg-type]
    return pc.if_else(pc.match_substring_regex(plain, CODED), None, parse_number(plain).values)


def _differs(text: pa.Array, numbers: pa.Array | None, rows: Rows, heads: Rows) -> Mask:
    """Which of `rows` hold another text than the row of `heads`, and no other way of writing its number."""
    other, own = text.take(pa.array(rows)), text.take(pa.array(heads))
    differs = truth(pc.and_(pc.is_valid(other), pc.fill_null(pc.not_equal(other, own), True)))
    if numbers is None or not differs.any():
        return differs
    return differs & ~truth(pc.equal(numbers.take(pa.array(rows)), numbers.take(pa.array(heads))))


def _versions(raw: Raw, contract: Contract, found: Mapping[str, str], source: Source, zone: str) -> Raw:
    """Keep one row of each id; rows without an id stay."""
    codes, known = _codes(raw, contract, found, "keep")
    which, _, by = (source.keep or "").partition(" by ")
    position = np.arange(len(codes))
    values = position
    if by:
        name = column(raw, by, found, "keep")
        form = next((form for ours, form in source.formats.items() if found.get(ours) == name), None)
        values = _ordered(raw, name, zone, form)
    signed = np.where(values == _MISSING, _MISSING, -values) if which == "oldest" else values
    rank = np.lexsort((-position if which in ("first", "oldest") else position, signed if by else position * 0, codes))
    last = np.append(codes[rank][1:] != codes[rank][:-1], True)
    stay = np.union1d(rank[last], np.flatnonzero(~known))
    if len(stay) == len(codes):
        return raw
    if which in ("first", "oldest"):
        reason = tr("a later version of the same {what}", what=tr(contract.row))
    else:
        reason = tr("an older version of the same {what}", what=tr(contract.row))
    return raw.only(stay, Exclusion("keep", len(codes) - len(stay), len(codes), reason))


def _ordered(raw: Raw, name: str, zone: str, form: str | None) -> Rows:
    """A column as whole numbers that grow with time, int64 (rows,); empty cells are `_MISSING`.

    Parameters
    ----------
    form : str or None
        Format of its times where `formats:` states one.

    Raises
    ------
    DataError
        A cell is neither a number nor a time, or counts since 1970 are in different units.
    """
    values = raw.frame.column(name).combine_chunks()
    if form is None and not pa.types.is_timestamp(values.type) and (numbers := _counts(values, raw, name)) is not None:
        return numbers
    text = values if pa.types.is_timestamp(values.type) else text_of(values)
    parsed = times.parse_time(text, zone, zone, form)
    if form is not None and parsed.faulty.any():
        row = int(np.flatnonzero(parsed.faulty)[0])
        raise DataError(
            f"{raw.at(row)}: "
            + tr(
                "{column} is {value}, no time in the format {form}, so keep: cannot order the versions. "
                "Mend it, or the format in formats:.",
                column=show(name),
                value=show(str(values[row].as_py())),
                form=form,
            )
        )
    if parsed.faulty.any():
        no_number = truth(pc.invert(pc.match_substring_regex(text_of(values), _WHOLE)))
        odd = no_number if no_number.sum() < parsed.faulty.sum() else parsed.faulty
        row = int(np.flatnonzero(odd)[0])
        raise DataError(
            f"{raw.at(row)}: "
            + tr(
                "{column} is {value}, neither a whole number nor a year-first time as the others, so keep: "
                "cannot order the versions. Mend it, name another column, or state its format as in "
                'formats: {{{name}: "%d/%m/%Y"}}.',
                column=show(name),
                value=show(str(values[row].as_py())),
                name=name,
            )
        )
    return np.asarray(pc.fill_null(pc.cast(parsed.values, pa.int64()), _MISSING), dtype=np.int64)


_WHOLE = r"^\s*[+-]?\d{1,19}(\.0*)?\s*$"


def _counts(values: pa.Array, raw: Raw, name: str) -> Rows | None:
    """A column of whole numbers, exactly; None where a cell is something else."""
    text = text_of(values)
    if not pc.all(pc.match_substring_regex(text, _WHOLE)).as_py():
        return None
    plain = pc.replace_substring_regex(pc.utf8_trim_whitespace(text), r"\.0*$", "")
    try:
        numbers = np.asarray(pc.fill_null(pc.cast(plain, pa.int64()), _MISSING), dtype=np.int64)
    except pa.ArrowInvalid:  # beyond 2**63
        return None
    lengths = {len(each) for each in pc.unique(plain).to_pylist() if each}
    if {8, 10} <= lengths or {10, 13} <= lengths or {8, 13} <= lengths:
        row = int(np.argmax(numbers == numbers[numbers != _MISSING].min()))
        raise DataError(
            f"{raw.at(row)}: "
            + tr(
                "{column} is {value}, and other rows have another number of digits: days, seconds and "
                "milliseconds cannot be ordered. Mend it, or name another column.",
                column=show(name),
                value=numbers[row],
            )
        )
    return numbers
