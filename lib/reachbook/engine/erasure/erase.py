"""Erase people from a study: `make erase`."""

import getpass
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reachbook import atomic, report_paths
from reachbook.engine.erasure import withdraw
from reachbook.privacy import asked, forget, key, people
from reachbook.privacy.key import Key
from reachbook.privacy.people import COLUMNS
from reachbook.study import files, shrinking
from reachbook.study.data import Data, cache_folder
from reachbook.tables import store
from reachbook.translation import tr, using

RECORD = "erasures.csv"
"""File beside the list that says when how many people were erased; it names nobody."""


@dataclass(frozen=True)
class _Stand:
    """Rows of a table that hold them, and which of them."""

    rows: int
    ids: frozenset[str]


def erase(root: Path, study: str, text: str, by: str = "") -> Iterator[str]:
    """Erase people; yields what was found and done, without ids.

    Parameters
    ----------
    text : str
        Ids separated by commas, or the name of a file with one id a line.
    by : str
        Who erased them; the user of this machine by default.

    Raises
    ------
    ParamsError
        The key is missing or another one, ids are missing or cannot be told apart, or the study has a mistake.
    DataError
        A table of the study cannot be read.
    """
    file, one = files.load(root, study), key.from_environment()
    with using(file.spec.language):
        wanted = asked.read(text, root)
        hashed = asked.hashed(wanted, one)
        ids = pa.array(wanted.ids, pa.string())
        data = Data(file)
        index = _Index(cache_folder(root), ids, one)
        found = {name: index.stand(name, data[name].path) for name in people.tables(data) if name in COLUMNS}
        studies = {study, *(each for each in files.names(root) if study in files.lineage(root, each))}
        versions = withdraw.holding(root, studies, index.holds)
        added = forget.add(forget.path(root, study), one, hashed)
        made = shrinking.shrink(file, data, wanted.ids)
        day = datetime.now(UTC).date().isoformat()
        for folder in versions:
            withdraw.withdraw(folder, day, len(wanted.ids))
        for home in report_paths.notebooks(root):
            if home.parent.name in studies or any(each.parent == home for each in versions):
                withdraw.clear(home)
        _clear_cache(index, made)
        _record(root, study, f"{day},{len(wanted.ids)},{len(versions)},{_name(by)}")
        yield from _told(file.spec.tables, found, wanted)
        yield from (f"withdrawn {folder.relative_to(root).as_posix()}" for folder in versions)
        yield tr(
            "{added} of {asked} people were added to {file}; {versions} versions were withdrawn. `make reports` makes "
            "today's anew.",
            added=added,
            asked=len(wanted.ids),
            file=f"params/{study}/{forget.FILE}",
            versions=len(versions),
        )


def _told(sources: object, found: dict[str, _Stand], wanted: asked.Asked) -> Iterator[str]:
    for name, each in found.items():
        if each.rows:
            line = tr("{table}: {rows:,} rows of {n:,} people", table=name, rows=each.rows, n=len(each.ids))
            source = sources[name].describe() if isinstance(sources, dict) and name in sources else ""
            held = tr("{source} still holds them; they are left out from now on", source=source)
            yield f"{line}; {held}" if source else line
    known = frozenset().union(*(each.ids for each in found.values())) if found else frozenset()
    unknown = [each for each in wanted.ids if each not in known]
    if unknown:
        yield tr(
            "{n:,} ids stand in no table that is read today, at places {places} of the input. They are in the list all "
            "the same: a later export may bring them.",
            n=len(unknown),
            places=asked.positions(wanted, unknown),
        )


@dataclass(frozen=True)
class _Index:
    """The people in the tables of the cache; each table is looked at once."""

    cache: Path
    ids: pa.Array
    key: Key
    _stands: dict[Path, _Stand] = field(default_factory=dict)

    def stand(self, name: str, path: Path) -> _Stand:
        """How the people stand in a file of the table `name`."""
        if path not in self._stands:
            column = COLUMNS[name]
            cells = pq.read_table(path, columns=[column]).column(column)
            held = cells.filter(pc.is_in(cells, value_set=self.ids))
            self._stands[path] = _Stand(len(held), frozenset(held.unique().to_pylist()))
        return self._stands[path]

    def holds(self, name: str, sha256: str) -> bool:
        """Whether a table holds any of the people; true where it is not there any longer."""
        return self._held.get((name, sha256), self._held.get((name, self._blinded.get(sha256, "")), True))

    @cached_property
    def _blinded(self) -> dict[str, str]:
        """Hash of each table that is there by how a version with random errors records it."""
        return {self.key.blinded(sha256): sha256 for _, sha256 in self._held}

    @cached_property
    def _held(self) -> dict[tuple[str, str], bool]:
        """Whether a table that is there holds any of them, by its name and hash."""
        return {
            (name, json.loads(notes.read_text("utf-8"))["facts"]["sha256"]): bool(
                self.stand(name, notes.with_suffix(".parquet")).rows
            )
            for name in COLUMNS
            for notes in (self.cache / "tables").glob(f"{name}-*.json")
        }


def _clear_cache(index: _Index, made: list[Path]) -> None:
    """Remove everything of the cache that may hold them, but what was made without them; all can be made again."""
    for path in set((index.cache / "tables").glob("*.parquet")) - set(made):
        name = path.name.rpartition("-")[0]
        if name in people.TOLD or (name in COLUMNS and index.stand(name, path).rows):
            store.remove(path)
    for folder in ("models", "demo"):
        shutil.rmtree(index.cache / folder, ignore_errors=True)
    (index.cache / "fault.txt").unlink(missing_ok=True)


def _name(by: str) -> str:
    return "".join(each for each in (by.strip() or getpass.getuser()) if each.isprintable() and each not in ',"')


def _record(root: Path, study: str, line: str) -> None:
    path = root / "params" / study / RECORD
    before = path.read_text(encoding="utf-8") if path.is_file() else "day,people,versions_withdrawn,by\n"
    atomic.write_text(path, f"{before}{line}\n")
