"""What was computed from files' contents, kept while their size, times and inode stay."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reachbook import atomic

SETTLED_NS = 2_000_000_000
"""A file written twice within the clock's grain can keep its size and times: what is younger is not kept."""


class StampedValues:
    """Values by file, kept in one JSON file.

    Notes
    -----
    A value counts while its file's stamp is the same, and is kept only if the file had not changed for `SETTLED_NS`
    before it was read: git's cure for its "racy" index. A damaged JSON file counts as empty.
    """

    def __init__(self, book: Path) -> None:
        self._book, self._known, self._new = book, _load(book), dict[str, list[Any]]()

    def of(self, path: Path, compute: Callable[[Path], Any]) -> Any:
        """Value of a file: the kept one, or else what `compute` says (plain data)."""
        seen = stamp(path)
        entry = self._known.get(str(path))
        if entry is not None and entry[:-1] == seen:
            return entry[-1]
        started = time.time_ns()
        value = compute(path)
        if stamp(path) == seen and started - max(seen[1:3]) >= SETTLED_NS:
            self._known[str(path)] = self._new[str(path)] = [*seen, value]
        return value

    def save(self) -> None:
        """Keep what was computed, beside what other processes have kept meanwhile."""
        if self._new:
            text = json.dumps({**_load(self._book), **self._new}, ensure_ascii=False, indent=0)
            atomic.write_text(self._book, text)
            self._new = {}


def stamp(path: Path) -> list[int]:
    """Size, times and inode; change time too, because copying over a file can keep size and modification time."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _load(book: Path) -> dict[str, list[Any]]:
    try:
        known = json.loads(book.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
