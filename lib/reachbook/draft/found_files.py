"""The files that a person names: by patterns and quotes, as a shell would read them."""

import glob
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from reachbook.errors import DataError
from reachbook.tables.formats.read import PARQUET, RECORDS, TEXT, WORKBOOK
from reachbook.translation import tr

KINDS = (*TEXT, *WORKBOOK, *RECORDS, *PARQUET, ".xml")


def found_files(patterns: Sequence[str], root: Path) -> list[str]:
    """Names of the files, as study.yaml would say them, each once, in alphabetical order.

    Parameters
    ----------
    patterns : sequence of str
        Names, folders or patterns, relative to the working folder; one text may hold several, in quotes or not.

    Raises
    ------
    DataError
        Nothing is named, or a name matches nothing.
    """
    wanted = [each for each in patterns if each.strip()]
    if not wanted:
        raise DataError(tr('FROM: no file is named. Write make new STUDY=acme FROM="data/acme/*".'))
    paths = {path for each in wanted for path in _paths(each)}
    return sorted({_name(path, root) for path in paths})


def _paths(pattern: str) -> list[Path]:
    """Files of one argument: the whole as it stands, else its words."""
    whole = _matching(pattern)
    if whole:
        return whole
    try:
        words = shlex.split(pattern)
    except ValueError:
        raise DataError(tr("FROM: {pattern}: a quote is not closed. Close it.", pattern=pattern)) from None
    if words == [pattern]:
        raise DataError(tr("FROM: {pattern}: no file matches. Mend the name, or the pattern.", pattern=pattern))
    found = {word: _matching(word) for word in words}
    lost = next((word for word, paths in found.items() if not paths), None)
    if lost is not None:
        raise DataError(
            tr("FROM: {lost}: no file matches. Mend it, or put quotes around a name with spaces.", lost=lost)
        )
    return [path for paths in found.values() for path in paths]


def _matching(pattern: str) -> list[Path]:
    path = Path(pattern).expanduser()
    if path.is_file():
        return [path]
    if path.is_dir():
        return [each for each in path.iterdir() if _is_table(each)]
    found = map(Path, glob.glob(str(path), recursive=True))
    return [each for each in found if each.is_file() and not each.name.startswith(("~$", "."))]


def _is_table(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in KINDS and not path.name.startswith(("~$", "."))


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()
