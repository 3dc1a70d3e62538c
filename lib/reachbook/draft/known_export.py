"""What a recognised export still needs beside its preset's name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reachbook.draft import value_kinds
from reachbook.draft.entries import YamlEntry
from reachbook.draft.kept_files import kept_file
from reachbook.draft.opened import Opened
from reachbook.draft.proposal import Proposal, source_of, values_of
from reachbook.draft.suspects import total_rows, undone
from reachbook.errors import DataError
from reachbook.tables import preset
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.times import EPOCHS
from reachbook.tables.options.rows import select
from reachbook.tables.options.trimming import cleaned
from reachbook.tables.preset import Preset, alternatives, resolved
from reachbook.tables.source import Source
from reachbook.translation import tr

_SEEN = ("sheet", "delimiter", "decimal", "footer")
"""Questions that the file itself has answered when it was opened."""


def known_export(opened: Opened, root: Path) -> Proposal:
    """The file as its preset reads it, with what the file shows and the preset leaves open.

    Raises
    ------
    DataError
        It cannot be read.
    """
    assert opened.match is not None
    name = opened.match.preset
    known = preset.load(name)
    english = known.title
    title = tr(english)
    why = tr("recognised: {title}", title=title)
    if opened.match.others:
        others = tr(" and ").join(opened.match.others)
        why = tr("recognised: {title}; it fits {others} as well", title=title, others=others)
    first = YamlEntry("preset", name, why)
    options = [first, *opened.options]
    source = resolved(source_of(opened.name, options))
    raw = kept_file(opened.name, source, root)
    options += [*_seen(raw, known, source), *_asked(known, options)]
    return Proposal(opened, known.table, tuple(options), tr("preset {name}", name=name))


def _seen(raw: Raw, known: Preset, source: Source) -> Iterator[YamlEntry]:
    """Yield options that the file's values ask for and the preset does not state."""
    contract, there = CONTRACTS[known.table], {name.strip(): name for name in raw.frame.column_names}
    mapped: dict[str, Any] = known.options.get("columns", {})
    found = {
        ours: there[theirs]
        for ours, names in mapped.items()
        if (theirs := next((each for each in alternatives(_tuple(names)) if each in there), None)) is not None
    }
    money = [name for name in found if (c := contract.column(name)) is not None and c.kind in ("money", "number")]
    if "decimal" not in known.options and any(value_kinds.has_decimal_comma(values_of(raw, found[n])) for n in money):
        yield YamlEntry("decimal", ",", tr("guessed: one or two digits stand behind a comma"))
    if known.options.get("totals") != "leave_out":
        yield from total_rows(raw, contract, found)
    if (rule := str(known.options.get("keep", ""))).partition(" by ")[2] not in ("", *there):
        by = rule.partition(" by ")[2]
        yield YamlEntry("keep", "last", tr("the file has no {by}: what stands lower is taken for newer", by=by))
    yield from _times(raw, known, found)
    taken = known.options.get("subtract", {}).get("amount")
    suspects = undone(_counting(raw, known, source, found), contract, known.options.get("where", {}))
    yield from (each for each in suspects if each.key != "subtract" or not taken)


def _counting(raw: Raw, known: Preset, source: Source, found: dict[str, str]) -> Raw:
    """The rows that the preset lets count, as far as its conditions can be asked."""
    rows = source.model_copy(update={"keep": None, "refund_rows": {}})
    try:
        plain = cleaned(raw, source.missing, source.trim, frozenset())
        return select(plain, CONTRACTS[known.table], rows, found, source.timezone or "UTC").raw
    except DataError:
        return raw


def _tuple(names: str | list[str]) -> str | tuple[str, ...]:
    return names if isinstance(names, str) else tuple(names)


def _times(raw: Raw, known: Preset, found: dict[str, str]) -> Iterator[YamlEntry]:
    """Yield the unit of counts since 1970 where the file holds another one than the preset says, and the order of day
    and month where the preset says nothing.
    """
    lines = []
    for ours, theirs in found.items():
        stated = known.options.get("formats", {}).get(ours, "")
        column = CONTRACTS[known.table].column(ours)
        written = value_kinds.times(values_of(raw, theirs)) if column and column.kind in ("time", "date") else None
        if written and written.form and written.form != stated and (written.form in EPOCHS or not stated):
            lines.append(YamlEntry(ours, written.form, written.doubt or written.why, bool(written.doubt)))
    if lines:
        yield YamlEntry("formats", tuple(lines))


def _asked(known: Preset, options: list[YamlEntry]) -> Iterator[YamlEntry]:
    """Yield what the export does not say as lines that are commented out, with the question."""
    for name, question in known.ask.items():
        option, _, column = name.partition(".")
        if name in _SEEN or any(each.key == option for each in options):
            continue
        now = known.options.get(option)
        value = (now.get(column, "...") if isinstance(now, dict) else "...") if column else (now or "...")
        value = value[0] if isinstance(value, list) else value
        yield YamlEntry(option, {column: value} if column else value, tr(question), True)
