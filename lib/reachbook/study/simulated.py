"""Simulated tables under .cache/demo/: generated once, and left by whoever has to leave before they are stored."""

import json
import shutil
from pathlib import Path
from typing import Any

from reachbook import atomic, hashing
from reachbook.privacy import people
from reachbook.privacy.people import COLUMNS, TOLD, USERS
from reachbook.study.files import StudyFile
from reachbook.study.rights import StudyRights
from reachbook.tables.store import Checked

_NOTES = "left.json"
"""File beside the tables with the sums about those who have left them, by table."""


def folder(file: StudyFile, rights: StudyRights, users: Checked | None, cache: Path) -> Path:
    """Folder of a study's simulated tables, generated if it does not exist yet.

    Parameters
    ----------
    users : Checked or None
        The study's own table of users, where it has one.
    """
    spec = file.spec
    assert spec.simulate is not None
    period = [spec.period.start.isoformat(), spec.period.end.isoformat()]
    more = [rights.digest(users)] if rights.active else []
    key = hashing.of_data([spec.simulate.model_dump(mode="json"), period, spec.seed, _simulator(), *more])
    place = cache / "demo" / key[:24]
    if not place.is_dir():
        _simulate(place, file, rights, users)
    return place


def _simulate(place: Path, file: StudyFile, rights: StudyRights, users: Checked | None) -> None:
    from reachbook.demo.store import write

    spec = file.spec
    beside = atomic.beside(place)
    try:
        assert spec.simulate is not None
        write(spec.simulate, spec.period.start, spec.period.end, spec.seed, beside)
        if rights.active:
            _leave(beside, rights, users)
        atomic.put(beside, place)
    except OSError:
        if not place.is_dir():  # another process may have been first, with the same bytes
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _leave(made: Path, rights: StudyRights, users: Checked | None) -> None:
    """Take everybody who has to leave out of the tables in a folder, and of the truths about them."""
    files = {path.stem: path for path in sorted(made.glob("*.parquet"))}
    left: dict[str, Checked] = {USERS: users} if users else {}
    for name in people.tables(files):
        leaving = rights.leaving(name, left.get)
        if leaving is not None and not (name == USERS and users):
            left[name] = _rewritten(files[name], leaving.leave)
    for name, path in files.items():
        if name.startswith("truth_"):
            _leave_truth(path, left)
    notes = {name: dict(table.about) for name, table in left.items() if table is not users}
    (made / _NOTES).write_text(json.dumps(notes), encoding="utf-8")


def _leave_truth(path: Path, left: dict[str, Checked]) -> None:
    """Keep of a truth the rows of people, or of comments, that are still there."""
    import pyarrow.parquet as pq

    from reachbook.study.rights import follow_ids

    for other, column in ((USERS, COLUMNS[USERS]), TOLD["reviews"]):
        if other in left and column in pq.read_schema(path).names:
            _rewritten(path, lambda table, other=other, column=column: follow_ids(table, column, left[other]))


def _rewritten(path: Path, leave: Any) -> Checked:
    import pyarrow.parquet as pq

    left = leave(pq.read_table(path))
    pq.write_table(left.table, path, compression="zstd")
    return Checked(path, left.table.num_rows, {"sha256": hashing.of_file(path)}, about=left.about)


def about(path: Path) -> dict[str, Any]:
    """Sums about those who stayed in a simulated table and those who left it; empty where nobody can have to."""
    notes = path.parent / _NOTES
    found: dict[str, Any] = json.loads(notes.read_text("utf-8")).get(path.stem, {}) if notes.is_file() else {}
    return found


def _simulator() -> str:
    """SHA-256 of the simulator's source."""
    source = Path(__file__).parents[1] / "demo"
    return hashing.of_data([hashing.of_file(path) for path in sorted(source.rglob("*.py"))])
