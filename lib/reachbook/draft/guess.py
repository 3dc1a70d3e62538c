"""Guesses what a file is by the names of its columns and the way their values are written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from reachbook.draft import synonyms, value_kinds
from reachbook.draft.entries import YamlEntry
from reachbook.draft.opened import Opened
from reachbook.draft.proposal import Proposal, values_of
from reachbook.draft.suspects import doubles, total_rows, undone
from reachbook.errors import DataError
from reachbook.tables.contract import CONTRACTS, Column
from reachbook.tables.formats.raw import Raw
from reachbook.tables.options.trimming import cleaned
from reachbook.translation import tr

_ORDER = "orders comments interactions experiment panel media outcome lift_tests reviews contents users".split()
"""Tables, the more telling before the less where a file fits several alike."""
_FILLED = {"comments": "platform", "contents": "platform", "interactions": "platform", "media": "channel"}
"""Needed columns that a constant can stand for."""
_ALSO = {"contents": ("published_at", "format"), "reviews": ("label",)}
"""Columns without one of which a file is not taken for the table."""
_MONEY = {"orders": "amount", "media": "spend", "outcome": "value", "panel": "outcome"}
"""The number that a report turns on, and that is not chosen where two columns could be it."""

_UNIT = re.compile(r"[(（](分|千元|万元)[)）]\s*$")
_FACTORS = {"分": 0.01, "千元": 1000.0, "万元": 10000.0}


@dataclass(frozen=True)
class TableFit:
    """A table with the columns that a file has of it.

    Attributes
    ----------
    columns : dict of str to str
        Name in the file, by our name.
    rivals : tuple of str
        Columns of which each could be the number that the report turns on.
    lacking : tuple of str
        Needed columns of which nothing is there.
    """

    table: str
    columns: dict[str, str]
    rivals: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Fits, the better the higher."""
        needed = sum(each.needed for each in CONTRACTS[self.table].columns if each.name in self.columns)
        return (-len(self.lacking), len(self.columns) + bool(self.rivals), needed)


def guess(opened: Opened, root: Path) -> Proposal:
    """What the file is taken for.

    Raises
    ------
    DataError
        It fits no table, and what it would need; or it cannot be read.
    """
    best = max((fit(table, opened.names) for table in _ORDER), key=lambda each: each.rank)
    if best.lacking:
        raise DataError(_not_placed(opened, best))
    raw, more = _readable(opened, root)
    table = "series" if best.table == "panel" and _units(raw, best) == 1 else best.table
    options = [*opened.options, *more, *_options(opened, raw, best)]
    return Proposal(opened, table, tuple(_merged(options)), tr("guessed by the names of its columns"))


def fit(table: str, names: Sequence[str]) -> TableFit:
    """The columns of a table that a file has, each of its own used once, needed ones first."""
    found = synonyms.candidates(table, names)
    contract, money = CONTRACTS[table], _MONEY.get(table, "")
    given: dict[str, str] = {}
    for column in sorted(contract.columns, key=lambda each: not each.needed):
        free = [name for name in found.get(column.name, []) if name not in given.values()]
        if free:
            given[column.name] = free[0]
    rivals = tuple(name for name in found.get(money, []) if name not in given.values() or name == given.get(money))
    clear = len(rivals) < 2 or synonyms.folded(rivals[0]) == money
    if not clear:
        given.pop(money)
    filled = _FILLED.get(table)
    lacking = [c.name for c in contract.columns if c.needed and c.name not in given and c.name != filled]
    lacking = [name for name in lacking if clear or name != money]
    also = _ALSO.get(table, ())
    lacking += [tr(" or ").join(also)] if also and not {*also} & {*given} else []
    if table == "users" and len(given) < 2:
        lacking.append(tr("anything besides the id"))
    return TableFit(table, given, () if clear else rivals, tuple(lacking))


def _not_placed(opened: Opened, best: TableFit) -> str:
    listed = ", ".join(opened.names[:12]) + (", ..." if len(opened.names) > 12 else "")
    if not best.columns:
        return tr(
            "no table has columns such as {listed}. Map them by hand under tables:, or leave the file out.",
            listed=listed,
        )
    return tr(
        "looks most like {table} (a row is one {what}), and no column is known to be {lacking}. "
        "Its columns: {listed}. If one of them is, map it by hand under tables:; else export it "
        "too.",
        table=best.table,
        what=tr(CONTRACTS[best.table].row),
        lacking=", ".join(best.lacking),
        listed=listed,
    )


def _readable(opened: Opened, root: Path) -> tuple[Raw, list[YamlEntry]]:
    """The table, without rows of sums or a footer where only these keep it from being read."""
    try:
        return opened.read(root), []
    except DataError as first:
        try:
            raw = opened.read(root, totals="leave_out")
        except DataError:
            raise first from None
        return raw, [YamlEntry("totals", "leave_out", tr("guessed: a row that says so has another number of cells"))]


def _units(raw: Raw, best: TableFit) -> int:
    there = {each.strip(): each for each in raw.frame.column_names}
    return len(pc.unique(raw.frame.column(there[best.columns["unit"]])))


def _options(opened: Opened, raw: Raw, best: TableFit) -> Iterator[YamlEntry]:
    contract, raw_names = CONTRACTS[best.table], {each.strip(): each for each in raw.frame.column_names}
    found = {ours: raw_names[theirs] for ours, theirs in best.columns.items()}
    texts = {c.name: values_of(raw, found[c.name]) for c in contract.columns if c.name in found}
    free = frozenset(found[c.name] for c in contract.columns if c.kind == "text" and c.name in found)
    trim = any(value_kinds.is_dressed(texts[c.name]) for c in contract.columns if c.name in found and c.kind != "text")
    if trim:
        yield YamlEntry("trim", True, tr('guessed: values stand in ="...", behind an apostrophe or between blanks'))
        raw = cleaned(raw, (), True, free)
        texts = {name: values_of(raw, found[name]) for name in texts}
    numeric = [c.name for c in contract.columns if c.name in found and c.kind not in ("text", "id", "category")]
    missing = [word for word in value_kinds.NOTHING if any(word in value_kinds.nothings(texts[n]) for n in numeric)]
    if missing:
        yield YamlEntry("missing", missing, tr("guessed: these cells stand for no value"))
        raw = cleaned(raw, tuple(missing), False, free)
        texts = {name: values_of(raw, found[name]) for name in texts}
    sums = list(total_rows(raw, contract, found))
    yield from sums
    yield from _columns(best)
    yield from _constant(opened, best)
    yield from _values(contract.columns, texts, bool(sums))
    yield from _scaled(best)
    yield from doubles(raw, best.table, found)
    yield from undone(raw, contract, {})


def _columns(best: TableFit) -> Iterator[YamlEntry]:
    lines = [
        YamlEntry(ours, theirs, "" if synonyms.folded(theirs) == ours else tr("guessed by its name"))
        for ours, theirs in best.columns.items()
        if ours != theirs
    ]
    if best.rivals:
        others = tr(" or ").join(best.rivals[1:])
        why = tr("or {others}? Two columns could be it: choose, and take the # away", others=others)
        lines.append(YamlEntry(_MONEY[best.table], best.rivals[0], why, True))
    if lines:
        yield YamlEntry("columns", tuple(lines))


def _constant(opened: Opened, best: TableFit) -> Iterator[YamlEntry]:
    name = _FILLED.get(best.table)
    if name is None or name in best.columns:
        return
    place = synonyms.place_in(opened.shown)
    if place:
        yield YamlEntry("constants", {name: place}, tr("guessed by the file's name"))
    else:
        yield YamlEntry(
            "constants",
            {name: "..."},
            tr("which {name}? No column says it: write it, take the # away", name=name),
            True,
        )


def _values(columns: Sequence[Column], texts: Mapping[str, Sequence[str]], sums: bool) -> Iterator[YamlEntry]:
    """Yield how times and numbers are written, and our words for those of closed lists."""
    given = [(column, texts[column.name]) for column in columns if texts.get(column.name)]
    formats, numbers, words = [], [], []
    money = [(c, v) for c, v in given if c.kind in ("money", "number")]
    comma = any(value_kinds.has_decimal_comma(values) for _, values in money)
    if comma:
        yield YamlEntry("decimal", ",", tr("guessed: one or two digits stand behind a comma"))
    for column, values in given:
        if column.kind in ("time", "date"):
            written = value_kinds.times(values)
            if written.form:
                formats.append(YamlEntry(column.name, written.form, written.doubt or written.why, bool(written.doubt)))
        elif column.kind in ("money", "number"):
            written = value_kinds.numbers(values, "," if comma else ".")
            if written.rules:
                listed = written.rules[0] if len(written.rules) == 1 else list(written.rules)
                numbers.append(
                    YamlEntry(
                        column.name,
                        listed,
                        tr("{why}; {doubt}", why=written.why, doubt=written.doubt) if written.doubt else written.why,
                    )
                )
        elif column.values and not column.words:
            known = {value: synonyms.our_value(column.name, value) for value in values if value not in column.values}
            mapped = {value: ours for value, ours in known.items() if ours}
            words += [YamlEntry(column.name, mapped, tr("guessed by the words"))] if mapped else []
    for key, lines in (("formats", formats), ("numbers", numbers), ("values", words)):
        if lines:
            yield YamlEntry(key, tuple(lines))


def _scaled(best: TableFit) -> Iterator[YamlEntry]:
    for ours, theirs in best.columns.items():
        unit, column = _UNIT.search(theirs), CONTRACTS[best.table].column(ours)
        if unit and column is not None and column.kind in ("money", "number"):
            yield YamlEntry("scale", {ours: _FACTORS[unit[1]]}, tr("guessed: {theirs} names this unit", theirs=theirs))


def _merged(options: Sequence[YamlEntry]) -> Iterator[YamlEntry]:
    """Each option once: the first that is not commented out."""
    seen: set[str] = set()
    for each in options:
        if each.off or each.key not in seen:
            yield each
        if not each.off:
            seen.add(each.key)
