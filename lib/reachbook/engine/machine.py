"""What to say when the machine refuses: no right to write, a full disk, a file in a folder's place, no memory."""

import errno
import os
import re
from pathlib import Path

from reachbook.translation import mark, sentences, tr

_REMEDIES = {
    errno.EACCES: mark("Give yourself the right to read and write it (chmod u+rwX), or make it yours (chown)."),
    errno.EPERM: mark("Give yourself the right to read and write it (chmod u+rwX), or make it yours (chown)."),
    errno.EROFS: mark("The disk is mounted read-only. Mount it for writing, or move the project to another one."),
    errno.ENOSPC: mark("The disk is full. Free some room, for example with `make prune`, and run again."),
    errno.EDQUOT: mark("Your quota of the disk is used up. Free some room, and run again."),
    errno.EFBIG: mark("No file may become that large here (ulimit -f). Raise the limit, and run again."),
    errno.ENAMETOOLONG: mark("The path is too long. Move the project up, or give the study a shorter name."),
    errno.ENOTDIR: mark("A file stands where a folder is needed. Move it away, and run again."),
    errno.EEXIST: mark("A file stands where a folder is needed. Move it away, and run again."),
    errno.EISDIR: mark("A folder stands where a file is needed. Move it away, and run again."),
    errno.EMFILE: mark("Too many files are open. Raise the limit (ulimit -n), or run with JOBS=1."),
}
_ANYWHERE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE)
"""Codes that say enough where no file is named: what is written goes into the project."""
LESS_MEMORY = mark("Close other programs, set JOBS=1, or take a shorter period.")
_MEMORY_ERRORS = re.compile(r"\w*MemoryError|OutOfMemoryException|bad_alloc")
_OUT_OF_MEMORY = re.compile(
    r"cannot allocate memory|failed to map segment|can't start new thread|bad_alloc|unable to allocate", re.IGNORECASE
)
"""How systems and libraries put it in errors of a general kind."""
_MESSAGE = re.compile(r"\[Errno (\d+)\] [^:]*(?:: '([^']+)')?")


def refusal(error: BaseException, root: Path) -> str:
    """Say in one line where the disk refused, or that memory ran out, and what to do; "" for a fault of another kind.

    Parameters
    ----------
    root : Path
        Paths below it are shown relative to it.
    """
    if isinstance(error, OSError):
        name = error.filename if isinstance(error.filename, str | Path) else ""
        said = _disk_refusal(error.errno or 0, str(name), root)
        if said:
            return said
    return _memory_refusal(type(error).__name__, str(error))


def refusal_in_kernel(kind: str, message: str, root: Path) -> str:
    """Say the same of an error in a kernel, by the name of its class and its message.

    Notes
    -----
    Of the disk only what is full or closed for all: another file that a notebook cannot use is a fault of the notebook.
    """
    found = _MESSAGE.match(message)
    if found and int(found[1]) in _ANYWHERE:
        return _disk_refusal(int(found[1]), found[2] or "", root)
    return _memory_refusal(kind, message)


def _memory_refusal(kind: str, message: str) -> str:
    if _MEMORY_ERRORS.fullmatch(kind) or _OUT_OF_MEMORY.search(message):
        return sentences(tr("There is not enough memory."), tr(LESS_MEMORY))
    return ""


def _disk_refusal(code: int, name: str, root: Path) -> str:
    remedy = _REMEDIES.get(code)
    if remedy is None or not (name or code in _ANYWHERE):
        return ""
    path = Path(name) if name else root
    path = _blocking(path) if code in (errno.ENOTDIR, errno.EEXIST) else path
    shown = path.relative_to(root.parent if path == root else root) if path.is_relative_to(root) else path
    return f"{shown}: {tr('cannot be used ({strerror}).', strerror=os.strerror(code))} {tr(remedy)}"


def _blocking(path: Path) -> Path:
    """Find the file among the folders of `path`; `path` itself if there is none."""
    return next((each for each in (path, *path.parents) if each.is_file()), path)
