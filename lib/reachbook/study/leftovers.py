"""Copies of a table in the cache with people in them who have to leave it."""

from pathlib import Path

from reachbook.errors import ReachbookError
from reachbook.study import files
from reachbook.study.files import StudyFile
from reachbook.tables import store
from reachbook.tables.store import Checked


def remove(file: StudyFile, name: str, table: Checked, cache: Path) -> None:
    """Remove other copies of a table that people have left, unless another study reads them by rights of its own.

    Parameters
    ----------
    table : Checked
        The copy that stays.
    """
    found = store.copies(name, table, cache)
    others = _others(file, name) if found else []
    for path, left in found:
        if not any(_active(each) == left for each in others):
            store.remove(path)


def _others(file: StudyFile, name: str) -> list[StudyFile]:
    """Other studies that read the same source as the table `name`; one that cannot be loaded runs nothing."""
    source = file.spec.tables[name].describe()
    loaded = [each for other in files.names(file.root) if other != file.name and (each := _load(file.root, other))]
    return [each for each in loaded if name in each.spec.tables and each.spec.tables[name].describe() == source]


def _load(root: Path, name: str) -> StudyFile | None:
    try:
        return files.load(root, name)
    except ReachbookError:
        return None


def _active(file: StudyFile) -> bool:
    from reachbook.study.rights import StudyRights

    return StudyRights(file).active
