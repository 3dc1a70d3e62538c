"""Files that a table is read from: found by name or by pattern, or refused with a suggestion."""

import difflib
import importlib.util
from pathlib import Path

from reachbook.errors import DataError
from reachbook.translation import sentences, tr

PACKAGE = "package://"
"""Beginning of the name of a file inside an installed package."""
_KINDS = (
    {".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xml"}
    | {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet", ".pq"},
    {".db", ".sqlite", ".sqlite3", ".duckdb"},
    {".sql"},
)
"""Suffixes of files that can replace each other; only these are suggested for a missing file."""


def locate(name: str, root: Path) -> Path:
    """Find the file called `name`: relative to `root`, absolute, or inside an installed package.

    Raises
    ------
    DataError
        It is missing, a directory, or empty; the message suggests similar names.
    """
    path = _in_package(name) if name.startswith(PACKAGE) else root / name
    if path.is_dir():
        inside = ", ".join(sorted(p.name for p in path.iterdir() if p.is_file())[:5])
        raise DataError(
            f"{name}: "
            + (
                tr("is a directory, not a file. Name a file in it, one of {inside}.", inside=inside)
                if inside
                else tr("is a directory, not a file. Name a file in it.")
            )
        )
    if not path.is_file():
        raise DataError(f"{name}: " + sentences(tr("there is no such file."), _near(path, name)))
    if path.stat().st_size == 0:
        raise DataError(f"{name}: " + tr("is empty (0 bytes). Export it again."))
    return path


def matching(pattern: str, root: Path) -> list[str]:
    """Names of the files that match a pattern such as `data/acme/comments_*.csv`, in alphabetical order.

    Raises
    ------
    DataError
        No file matches.
    """
    if not any(sign in pattern for sign in "*?[") or (root / pattern).is_file():
        return [pattern]
    start, _, rest = pattern.rpartition("/") if pattern.startswith("/") else ("", "", pattern)
    folder = Path(start) if start else root
    found = sorted(path for path in folder.glob(rest) if path.is_file() and not path.name.startswith(("~$", ".")))
    if not found:
        raise DataError(f"{pattern}: " + tr("no file matches. Paths start at the project's root; mend the pattern."))
    return [str(path) if start else path.relative_to(root).as_posix() for path in found]


def _in_package(name: str) -> Path:
    package, _, inner = name.removeprefix(PACKAGE).partition("/")
    found = importlib.util.find_spec(package) if package.isidentifier() else None
    if found is None or not found.submodule_search_locations:
        raise DataError(
            f"{name}: "
            + tr(
                "the package {package} is not installed. Add it to the environment, or mend its name.", package=package
            )
        )
    if inner.startswith("/") or ".." in Path(inner).parts:
        raise DataError(f"{name}: " + tr("leads out of the package. Name a file inside it."))
    return Path(found.submodule_search_locations[0]) / inner


def _near(path: Path, name: str) -> str:
    if not path.parent.is_dir():
        return tr("Its folder is missing too; paths start at the project's root. Mend {name!r}.", name=name)
    kinds = next((each for each in _KINDS if path.suffix.lower() in each), _KINDS[0])
    there = sorted(p.name for p in path.parent.iterdir() if p.is_file() and p.suffix.lower() in kinds)
    near = difflib.get_close_matches(path.name, there, n=3, cutoff=0.5) or there[:3]
    if not near:
        return tr("Its folder holds no such file of any name; put it there, or mend the path.")
    folder = name.rpartition("/")[0]
    paths = tr(" or ").join(f"{folder}/{each}" if folder else each for each in near)
    return tr("Did you mean {near}?", near=paths)
