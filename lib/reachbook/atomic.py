"""Files and folders that appear complete or not at all, also where the power fails."""

import errno
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BESIDE = re.compile(r"\..+\.(\d+)")
_UNSYNCABLE = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What some file systems answer where they cannot bring a folder to the disk."""


def write_text(path: Path, text: str) -> None:
    """Write a small text file atomically, creating its folder: nobody can ever read half of it.

    Raises
    ------
    OSError
        The disk refuses; it names `path`, what was there stays, and nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with writing(path) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    except OSError as error:
        error.filename = str(path)  # a full disk names no file
        raise


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Yield where to make a file; it is put into its place when the block ends, and removed if the block fails."""
    unfinished = beside(path)
    try:
        yield unfinished
        put(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """Where this process makes a file before it is put into its place; `sweep` knows it by its name."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def put(made: Path, place: Path) -> Path:
    """Rename a complete file or folder into its place, after its content has reached the disk; a file may be replaced.

    Raises
    ------
    OSError
        The disk refuses, or a folder that holds something is in its place.

    Notes
    -----
    Without the order of the two a failing power may leave the new name with empty files.
    """
    for folder, _, files in os.walk(made):
        for name in files:
            _sync(Path(folder) / name)
        _sync(Path(folder))
    if made.is_file():
        _sync(made)
    made.replace(place)
    _sync(place.parent)
    return place


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk; Windows does so by itself when it renames."""
    if sys.platform == "win32" or path.is_symlink():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _UNSYNCABLE:
            error.filename = str(path)
            raise
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if there is one: nobody can ever see half of a folder."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    unseen = beside(path)
    _discard(unseen)
    path.rename(unseen)
    shutil.rmtree(unseen)


def sweep(folders: Iterable[Path]) -> None:
    """Remove what processes that no longer run had begun in these folders."""
    for folder in folders:
        for path in folder.glob(".*.*"):
            found = _BESIDE.fullmatch(path.name)
            if found and not is_alive(int(found[1])):
                _discard(path)


def _discard(path: Path) -> None:
    """Remove what nobody looks for, as far as this user may."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def is_alive(process: int) -> bool:
    """Tell whether a process of this number runs, whoever owns it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
