"""Files as text, each parsed once for all that a draft asks of it."""

import json
from functools import lru_cache
from pathlib import Path

from reachbook.tables.files import locate
from reachbook.tables.formats.raw import Raw
from reachbook.tables.formats.read import read_file
from reachbook.tables.source import Source

_READING = frozenset("encoding delimiter decimal comment header footer totals sheet block records".split())
"""Options that decide what a file is as text; all others are asked later."""
_KEPT = 64


def kept_file(name: str, source: Source, root: Path) -> Raw:
    """The file as `read_file` reads it, from memory where it was read so before.

    Raises
    ------
    DataError
        It cannot be read.
    """
    stat = locate(name, root).stat()
    options = source.model_dump_json(include=set(_READING), exclude_defaults=True)
    return _read(name, options, root, (stat.st_size, stat.st_mtime_ns, stat.st_ino))


@lru_cache(maxsize=_KEPT)
def _read(name: str, options: str, root: Path, stamp: tuple[int, ...]) -> Raw:
    """Read a file; another `stamp` is another content."""
    return read_file(name, Source.model_validate_json(json.dumps({"path": name, **json.loads(options)})), root)
