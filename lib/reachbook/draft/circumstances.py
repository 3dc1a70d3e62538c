"""Language, period, time zone and currency of a study, as far as its files tell them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reachbook.draft import value_kinds
from reachbook.draft.entries import YamlEntry
from reachbook.draft.kept_files import kept_file
from reachbook.draft.proposal import Proposal, values_of
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.currency import meant
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.times import parse_time
from reachbook.tables.preset import alternatives, resolved
from reachbook.tables.store import Checked
from reachbook.translation import tr

ZONE, CURRENCY = "Asia/Shanghai", "CNY"
_CURRENCY = re.compile(r".*(?:currency|币种|幣種|货币|貨幣).*", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BRACKET = re.compile(r"[(（\[]\s*([A-Za-z¥￥$€£元]{1,3})\s*[)）\]]\s*$")
_SIGN = re.compile(r"[A-Z]{0,2}[¥￥$€£₩฿₫₹₽]|(?:CNY|RMB|USD|EUR|GBP|HKD|JPY|TWD)|元$")
_EVENTS = ("interactions", "orders", "comments", "panel", "series", "media", "outcome", "experiment", "contents")


def language(proposals: Sequence[Proposal]) -> tuple[YamlEntry, ...]:
    """The language of the reports: Chinese where most column names are; else nothing, which means English."""
    if not are_chinese([name for each in proposals for name in each.opened.names]):
        return ()
    return (YamlEntry("language", "zh", tr("guessed: most column names are Chinese")),)


def are_chinese(names: Sequence[str]) -> bool:
    """Whether most names hold a Chinese letter."""
    return 2 * sum(bool(_HAN.search(name)) for name in names) > len(names)


def read_columns(proposal: Proposal, root: Path) -> tuple[Raw, dict[str, str]]:
    """A proposal's file as text, and the name in it of each of our columns."""
    source = resolved(proposal.source)
    raw = kept_file(proposal.opened.name, source, root)
    there = {name.strip(): name for name in raw.frame.column_names}
    names: dict[str, tuple[str, ...]] = {ours: (ours,) for ours in CONTRACTS[proposal.table].names if ours in there}
    names |= {ours: alternatives(theirs) for ours, theirs in source.columns.items()}
    found = {ours: next((there[one] for one in theirs if one in there), "") for ours, theirs in names.items()}
    return raw, {ours: theirs for ours, theirs in found.items() if theirs}


def timezone(proposals: Sequence[Proposal], root: Path) -> YamlEntry:
    """The zone: Shanghai, unless all times are written with one other offset."""
    found = {offset for each in proposals for offset in _offsets(each, root)}
    if not found or "+0800" in found:
        if not found - {"+0800"}:
            return YamlEntry("timezone", ZONE, tr("assumed: the zone of the study's days"))
        listed = ", ".join(sorted(found))
        why = tr("assumed: the zone of the study's days; times with {listed} are converted", listed=listed)
        return YamlEntry("timezone", ZONE, why)
    if found == {"+0000"}:
        return YamlEntry("timezone", "UTC", tr("guessed: all times are written in it"))
    if len(found) == 1 and (offset := next(iter(found)))[3:] == "00":
        name = f"Etc/GMT{'-' if offset[0] == '+' else '+'}{int(offset[1:3])}"
        return YamlEntry(
            "timezone",
            name,
            tr("guessed: all times are written with {offset}; better the name of the place", offset=offset),
        )
    return YamlEntry(
        "timezone",
        ZONE,
        tr("assumed: times are written with {offsets}; which days are meant?", offsets=", ".join(sorted(found))),
    )


def _offsets(proposal: Proposal, root: Path) -> Iterator[str]:
    raw, found = read_columns(proposal, root)
    for column in CONTRACTS[proposal.table].columns:
        if column.kind == "time" and column.name in found:
            yield from value_kinds.offsets(values_of(raw, found[column.name]))


def currency(proposals: Sequence[Proposal], root: Path) -> YamlEntry:
    """The currency that all signs and columns allow; commented out where they contradict each other."""
    money = [each for each in proposals if _money(each.table)]
    said = {each.opened.shown: {mark for mark in _marks(each, root) if meant(mark)} for each in money}
    seen = {mark: meant(mark) for marks in said.values() for mark in marks}
    if not seen:
        return YamlEntry("currency", CURRENCY, tr("assumed: no file names one"))
    silent = [name for name, found in said.items() if not found]
    marks = ", ".join(sorted(seen))
    shared = reduce(frozenset.__and__, seen.values())
    if not shared:
        why = tr("which? The files name {marks}: convert by scale:, or make two studies", marks=marks)
        return YamlEntry("currency", CURRENCY, why, True)
    code = next((each for each in (CURRENCY, "USD") if each in shared), min(shared))
    chinese = [each.opened.shown for each in money if each.opened.shown in silent and _is_chinese(each, root)]
    if chinese and code != CURRENCY:
        why = tr(
            "which? Files name {marks}, and {chinese} none, in Chinese: if all is {code}, take the # away",
            marks=marks,
            chinese=", ".join(chinese),
            code=code,
        )
        return YamlEntry("currency", code, why, True)
    unsure = len(shared) > 1
    why = tr("guessed: {marks} may be another", marks=marks) if unsure else tr("guessed: {marks}", marks=marks)
    if silent:
        why = tr("{guessed}; check it for {silent}, which names none", guessed=why, silent=", ".join(silent))
    return YamlEntry("currency", code, why)


def _money(table: str) -> list[str]:
    """Columns of a table that hold money, or may."""
    return [c.name for c in CONTRACTS[table].columns if c.kind == "money" or (table, c.name) == ("outcome", "value")]


def _is_chinese(proposal: Proposal, root: Path) -> bool:
    """Whether the columns of money have Chinese names."""
    found = read_columns(proposal, root)[1]
    return any(_HAN.search(found[name]) for name in _money(proposal.table) if name in found)


def _marks(proposal: Proposal, root: Path) -> Iterator[str]:
    """Signs, codes and names of currencies in the file's money."""
    money = _money(proposal.table)
    raw, found = read_columns(proposal, root)
    for name in raw.frame.column_names:
        if _CURRENCY.fullmatch(name):
            yield from (value.strip() for value in values_of(raw, name))
    for theirs in (found[name] for name in money if name in found):
        named = _BRACKET.search(theirs)
        yield from [named[1]] if named else []
        yield from {match[0] for value in values_of(raw, theirs) if (match := _SIGN.search(value.strip()))}


def period(tables: Iterable[tuple[str, Checked | None, Sequence[Proposal]]], root: Path) -> YamlEntry:
    """First and last day of the tables of events, of their posts where there are no events."""
    days = {name: _span(proposals, root) if found is None else _days(name, found) for name, found, proposals in tables}
    given = {name: each for name, each in days.items() if each}
    events = [given[name] for name in _EVENTS[:-1] if name in given] or [*given.values()]
    if not events:
        year = datetime.now().year
        span = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
        return YamlEntry("period", span, tr("no table that can be read says a day: write the first and the last one"))
    first, last = min(low for low, _ in events), max(high for _, high in events)
    return YamlEntry(
        "period",
        {"start": f"{first}", "end": f"{last}"},
        tr("first and last day in the tables"),
    )


def _span(proposals: Sequence[Proposal], root: Path) -> tuple[date, date] | None:
    """First and last day that files of a table hold which cannot be read as a whole yet."""
    days = [day for each in proposals for day in _days_in(each, root)]
    return (min(days), max(days)) if days else None


def _days_in(proposal: Proposal, root: Path) -> list[date]:
    raw, found = read_columns(proposal, root)
    column = next((c.name for c in CONTRACTS[proposal.table].columns if c.kind in ("time", "date")), "")
    if column not in found or proposal.table not in _EVENTS:
        return []
    values = pa.array([each.strip() for each in values_of(raw, found[column])], pa.string())
    form = resolved(proposal.source).formats.get(column)
    times: list[datetime] = parse_time(values, ZONE, ZONE, form, name=column).values.drop_null().to_pylist()
    return [each.date() for each in times]


def _days(name: str, found: Checked) -> tuple[date, date] | None:
    columns = [c.name for c in CONTRACTS[name].columns if c.kind in ("time", "date")][:1] if name in _EVENTS else []
    for column in columns:
        ends = pc.min_max(pc.cast(pq.read_table(found.path, columns=[column])[column], pa.date32(), safe=False)).as_py()
        if ends["min"] is not None:
            return ends["min"], ends["max"]
    return None
