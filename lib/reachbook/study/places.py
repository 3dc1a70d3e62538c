"""Places that tables may be read from: the project, installed packages, this machine's databases, and those stated."""

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reachbook.errors import DataError
from reachbook.tables.address import shown_url
from reachbook.tables.files import PACKAGE, locate
from reachbook.tables.source import Source, expand
from reachbook.translation import tr

if TYPE_CHECKING:
    from sqlalchemy import URL

_HERE = ("", "localhost", "127.0.0.1", "::1")
_SAY_WHERE = ("host", "hostaddr", "server", "service", "dsn", "unix_socket", "odbc_connect", "read_default_file")
"""Settings behind the question mark of a URL that lead elsewhere than its host."""
_ODBC = re.compile(r"(?:server|address|addr|host|hostname|dsn|data source)\s*=\s*(?:tcp:)?\{?([^;,}]*)", re.IGNORECASE)
_FILES = ("sqlite", "duckdb")
_PORT = re.compile(r":\d+$")


def refuse(source: Source, root: Path, places: Sequence[str]) -> None:
    """Refuse a table that is read from a place which nobody has stated.

    Parameters
    ----------
    root : Path
        The project's folder: whatever lies in it may be read.
    places : sequence of str
        Folders outside it, absolute or from `root`, and hosts of databases, in which `*` stands for anything.

    Raises
    ------
    DataError
        A file lies outside, also by way of a link; a database runs elsewhere; or a file is missing.
    """
    for part in source.parts:
        refuse(part, root, places)
    for name in _names(source, root):
        if not name.startswith(PACKAGE) and not _inside(locate(name, root), root, places):
            raise DataError(
                f"{name}: "
                + tr(
                    "leads out of the project. Copy the file into it, or add its folder to `places:` in study.yaml, "
                    "as in `places: [/mnt/exports]`."
                )
            )
    if source.url and not all(_is_stated(host, places) for host in _hosts(source.url)):
        raise DataError(
            f"{shown_url(source.url)}: "
            + tr(
                "leads to a database that is not on this machine. If it should be read, add its host to `places:` in "
                "study.yaml, as in `places: [db.acme.com]`."
            )
        )


def outside(names: Iterable[str], root: Path) -> tuple[str, ...]:
    """Folders of those files that lie outside the project, links followed, as `places:` would name them."""
    away = [(root / name).resolve().parent for name in names if not _inside(root / name, root, ())]
    return tuple(sorted({Path(os.path.relpath(folder, root.resolve())).as_posix() for folder in away}))


def _names(source: Source, root: Path) -> list[str]:
    """Names of all files as they are written, that of a database in a file among them."""
    named = [*(name for name, _ in source.named(root)), *source.files.values(), *([source.sql] if source.sql else [])]
    url = _parsed(source.url) if source.url else None
    if url is None or url.get_backend_name() not in _FILES or (url.database or "").startswith((":memory:", "md:")):
        return named
    file = (url.database or "").removeprefix("file:").partition("?")[0]
    return [*named, *([file] if file else [])]


def _inside(path: Path, root: Path, places: Sequence[str]) -> bool:
    """Whether what the path leads to, links followed, lies in the project or in one of the places."""
    real = path.resolve()
    return any(real.is_relative_to((root / Path(place).expanduser()).resolve()) for place in (".", *places))


def _hosts(url: str) -> Iterator[str]:
    """Hosts that a URL leads to; nothing where it cannot be parsed, of which the reader says why."""
    parsed = _parsed(url)
    if parsed is None:
        return
    if parsed.get_backend_name() not in _FILES:
        yield parsed.host or ""
    elif (parsed.database or "").startswith("md:"):
        yield "md:"
    for key, values in parsed.normalized_query.items():
        if key.casefold() in _SAY_WHERE:
            yield from (host for value in values for host in _named(key, value))


def _named(key: str, value: str) -> list[str]:
    """Hosts in a setting; the whole of it where none is to be found, so that it must be stated."""
    if key.casefold() == "odbc_connect":
        return [host.strip() for host in _ODBC.findall(value)] or [value]
    return value.split(",")


def _is_stated(host: str, places: Sequence[str]) -> bool:
    bare = _PORT.sub("", host.strip("[]").casefold())
    return bare in _HERE or any(fnmatch.fnmatchcase(bare, place.casefold()) for place in places)


def _parsed(url: str) -> "URL | None":
    """The URL with its variables filled in, or None where it is none."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(expand(url))
    except (ArgumentError, ValueError):
        return None
