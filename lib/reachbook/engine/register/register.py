"""What a study holds about people, gathered from its parameters, tables, versions and records."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reachbook import report_paths
from reachbook.engine import kept
from reachbook.engine.integrity import BROKEN
from reachbook.engine.kept import KeptVersion
from reachbook.engine.register import columns, erasures
from reachbook.engine.register.columns import Role
from reachbook.engine.register.erasures import Erasure
from reachbook.privacy import people
from reachbook.privacy.people import COLUMNS
from reachbook.privacy.spec import Privacy
from reachbook.stamped import StampedValues
from reachbook.study import files
from reachbook.study.data import TRUTH, Data, cache_folder
from reachbook.study.files import StudyFile
from reachbook.tables.store import Checked
from reachbook.translation import tr

MASKED = re.compile(r"\[(?:address|card|email|id|name|order|phone|plate|qq|wechat)\]")
"""What stands in a text where personal data were masked."""


@dataclass(frozen=True)
class PersonalTable:
    """A table whose rows are people's.

    Attributes
    ----------
    people : int or None
        Different people in it; None where its rows name none.
    columns : dict of Role to tuple of str
        Columns by what they say of people.
    left : tuple of str
        How many rows and people have left it, and why, one sentence a reason.
    """

    name: str
    source: str
    rows: int
    people: int | None
    columns: dict[Role, tuple[str, ...]]
    left: tuple[str, ...]


@dataclass(frozen=True)
class PersonalVersion:
    """A published version that was made from tables with people.

    Attributes
    ----------
    audience : str
        For whom it was made.
    until : str
        Last day on which it may stand, YYYY-MM-DD; "" where the study states no `keep_days`.
    private : tuple of str
        Its tables whose rows are single people.
    masked : int
        Cells of its tables in which something was masked.
    lists : int
        Files of the lists that were made from it.
    """

    version: KeptVersion
    tables: tuple[str, ...]
    audience: str
    until: str
    private: tuple[str, ...]
    masked: int
    lists: int


@dataclass(frozen=True)
class Register:
    """What a study holds about people.

    Attributes
    ----------
    gaps : tuple of str
        What the study does not state, with the remedy, one line each.
    others : tuple of str
        Tables of the study whose rows are nobody's.
    impersonal : int
        Versions that read no table with people.
    unreadable : dict of str to str
        What is wrong with each version that cannot be read, by `<notebook>/<version>`: it may hold anybody.
    withdrawn : dict of str to str
        Day on which each version was withdrawn, by `<notebook>/<version>`; "" where it is unknown.
    leftovers : tuple of str
        Folders with what failed runs, damaged versions and drafts have left, which may hold anybody.
    forgotten : int
        People in the lists of those to be forgotten.
    """

    file: StudyFile
    gaps: tuple[str, ...]
    simulated: bool
    tables: tuple[PersonalTable, ...]
    others: tuple[str, ...]
    versions: tuple[PersonalVersion, ...]
    impersonal: int
    unreadable: dict[str, str]
    withdrawn: dict[str, str]
    leftovers: tuple[str, ...]
    forgotten: int
    erased: tuple[Erasure, ...]

    @property
    def privacy(self) -> Privacy:
        """What the study states."""
        return self.file.spec.privacy


def register(root: Path, study: str) -> Register:
    """Gather the register of a study, in the language that is in use.

    Raises
    ------
    ParamsError
        The study has a mistake, its key is missing, or its record of erasures is damaged.
    DataError
        A table cannot be read.
    """
    file = files.load(root, study)
    data = Data(file)
    homes = [home for home in report_paths.notebooks(root) if home.parent.name == study]
    found = [(home, *kept.versions(home)) for home in homes]
    sound = [version for _, versions, _ in found for version in versions]
    personal = [version for version in sound if COLUMNS.keys() & version.inputs["tables"].keys()]
    book = StampedValues(cache_folder(root) / "register.json")
    made = Register(
        file,
        _gaps(file),
        file.spec.simulate is not None,
        tuple(_table(data, name, book) for name in people.tables(data)),
        tuple(name for name in data if name not in people.tables(data) and not name.startswith(TRUTH)),
        tuple(_version(version, file.spec.privacy.keep_days, book) for version in personal),
        len(sound) - len(personal),
        {f"{home.name}/{name}": flaw for home, _, damaged in found for name, flaw in damaged.items()},
        {f"{home.name}/{name}": day for home in homes for name, day in report_paths.withdrawn(home).items()},
        tuple(place for home in homes for place in _leftovers(root, home)),
        len(data.rights.forgotten),
        tuple(each for one in file.lineage for each in erasures.read(root, one)),
    )
    book.save()
    return made


def _gaps(file: StudyFile) -> tuple[str, ...]:
    """What the study does not state of what it does with people's data."""
    privacy, place = file.spec.privacy, file.document.place(("privacy",)) or f"params/{file.name}/study.yaml"
    told = {
        tr("no purpose is stated. Write what the data are used for: `privacy: {purpose: ...}`."): privacy.purpose,
        tr(
            "no basis is stated. Write why the data may be used: `privacy: {basis: consent}`, or contract, legal_duty, "
            "published."
        ): privacy.basis,
        tr(
            "nothing says how long versions may stand. Write it in days, as in `privacy: {keep_days: 365}`."
        ): privacy.keep_days,
    }
    return tuple(f"{place}: {line}" for line, stated in told.items() if not stated)


def _table(data: Data, name: str, book: StampedValues) -> PersonalTable:
    table: Checked = data[name]
    filled = book.of(table.path, _filled)
    return PersonalTable(
        name,
        str(table.facts.get("source", "")),
        table.rows,
        filled.get(COLUMNS[name], 0) if name in COLUMNS else None,
        columns.by_role(name, filled),
        data.rights.lines(name, table.about) if table.about else (),
    )


def _filled(path: Path) -> dict[str, int]:
    """Columns that are not empty throughout: how many different people each names, which is 0 where it names none."""
    found: dict[str, int] = {}
    for name in pq.read_schema(path).names:
        column = pq.read_table(path, columns=[name]).column(name)  # one at a time: a large table need not fit
        if column.null_count < len(column):
            found[name] = pc.count_distinct(column).as_py() if name in COLUMNS.values() else 0
    return found


def _version(version: KeptVersion, keep_days: int | None, book: StampedValues) -> PersonalVersion:
    lists = report_paths.lists_of(version.folder)
    tables = version.result.tables
    return PersonalVersion(
        version,
        tuple(people.tables(version.inputs["tables"])),
        str(version.inputs["study"].get("privacy", {}).get("audience", "internal")),
        (date.fromisoformat(version.finished[:10]) + timedelta(days=keep_days)).isoformat() if keep_days else "",
        tuple(entry.id for entry in tables if entry.private),
        sum(book.of(version.folder / entry.path, _masked) for entry in tables),
        sum(path.is_file() for path in lists.rglob("*")) if lists.is_dir() else 0,
    )


def _masked(path: Path) -> int:
    """Cells of a table in which something was masked."""
    texts = [field.name for field in pq.read_schema(path) if _is_text(field.type)]
    table = pq.read_table(path, columns=texts)
    hits = (pc.sum(pc.match_substring_regex(each, MASKED.pattern)).as_py() or 0 for each in table.columns)
    return int(sum(hits))


def _leftovers(root: Path, home: Path) -> list[str]:
    places = [home / name for name in (report_paths.FAILED, BROKEN, "draft")]
    return [each.relative_to(root).as_posix() for each in places if each.is_dir() and any(each.iterdir())]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
