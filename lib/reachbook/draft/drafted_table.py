"""Puts the files of one table together, and reads it as the study would."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from glob import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from reachbook.draft.entries import YamlEntry, plain
from reachbook.draft.overlaps import overlap
from reachbook.draft.proposal import Proposal, source_of
from reachbook.errors import DataError
from reachbook.study.data import cache_folder
from reachbook.tables.source import Source
from reachbook.tables.store import Checked, checked


@dataclass(frozen=True)
class DraftedTable:
    """A table of the draft.

    Attributes
    ----------
    entries : tuple of YamlEntry
        Its source, line by line.
    checked : Checked or None
        The table, where it can be read without an edit.
    problem : str
        What its check said else.
    """

    name: str
    proposals: tuple[Proposal, ...]
    entries: tuple[YamlEntry, ...]
    checked: Checked | None
    problem: str = ""

    @property
    def source(self) -> Source:
        """The source as study.yaml would hold it."""
        return source_of_table(self.entries)


def source_of_table(entries: Sequence[YamlEntry]) -> Source:
    """The source that the lines of a table make."""
    import json

    return Source.model_validate_json(json.dumps(plain(entries)))


def drafted_table(name: str, proposals: Sequence[Proposal], root: Path, zone: str, currency: str) -> DraftedTable:
    """One table from all the files that were taken for it."""
    parts = [_part(name, group, root) for group in _alike(proposals)]
    entries = parts[0] if len(parts) == 1 else (YamlEntry("parts", tuple(parts)),)
    try:
        found = read(name, source_of_table(entries), root, zone, currency)
    except DataError as error:
        return DraftedTable(name, tuple(proposals), entries, None, str(error))
    return DraftedTable(name, tuple(proposals), entries, found)


def read(name: str, source: Source, root: Path, zone: str, currency: str) -> Checked:
    """Read and check a table as `make validate` does.

    Raises
    ------
    DataError
        It breaks its contract.
    """
    now = datetime.now(ZoneInfo(zone)).replace(tzinfo=None)
    return checked(name, source, root, cache_folder(root), zone, now, currency)


def rows_by_file(table: DraftedTable, root: Path, zone: str, currency: str) -> dict[str, int | None]:
    """Rows that each file of a table gives, by its name as shown; None where it cannot be read yet.

    Notes
    -----
    Where the table was read without leaving a row out, it tells; else each file is read by itself.
    """
    if table.checked is not None and not table.checked.left_out:
        counts = table.checked.facts.get("files", {table.proposals[0].opened.name: table.checked.rows})
        if {*counts} == {each.opened.name for each in table.proposals}:
            return {each.opened.shown: counts[each.opened.name] for each in table.proposals}
    return {each.opened.shown: rows_of(each, root, zone, currency) for each in table.proposals}


def rows_of(proposal: Proposal, root: Path, zone: str, currency: str) -> int | None:
    """Rows that one file gives, or None where it cannot be read yet."""
    try:
        source = source_of(proposal.opened.name, proposal.options)
        return read(proposal.table, source, root, zone, currency).rows
    except DataError:
        return None


def _alike(proposals: Iterable[Proposal]) -> list[list[Proposal]]:
    """Proposals with the same options together, and the same questions on how dates are written: their files have one
    shape.
    """
    groups: dict[str, list[Proposal]] = {}
    for each in proposals:
        groups.setdefault(repr((plain(each.options), _forms(each))), []).append(each)
    return list(groups.values())


def _forms(proposal: Proposal) -> list[tuple[str, object]]:
    """How times are written by what was seen, also where that is a question."""
    lines = (each.value for each in proposal.options if each.key == "formats")
    return [(one.key, one.value) for each in lines if isinstance(each, tuple) for one in each]


def _part(table: str, group: Sequence[Proposal], root: Path) -> tuple[YamlEntry, ...]:
    names = [each.opened.name for each in group]
    options = group[0].options
    if len(names) == 1:
        return _ordered(YamlEntry("path", names[0]), options)
    where = YamlEntry("paths", [escape(name) for name in names])
    why, keep = overlap(table, source_of_table((where, *options)), root)
    return _ordered(replace(where, why=why), (*(each for each in options if not (keep and each.key == "keep")), *keep))


def _ordered(where: YamlEntry, options: Sequence[YamlEntry]) -> tuple[YamlEntry, ...]:
    """The preset, the files, and all other options."""
    first = [each for each in options if each.key == "preset" and not each.off]
    return (*first, where, *(each for each in options if each not in first))
