"""What to say when the disk refuses: no right to write, a full disk, a file in a folder's place."""

import errno
from pathlib import Path

from reachbook.translation import mark, tr

_REMEDIES = {
    errno.EACCES: mark("Give yourself the right to read and write it (chmod u+rwX), or make it yours (chown)."),
    errno.EPERM: mark("Give yourself the right to read and write it (chmod u+rwX), or make it yours (chown)."),
    errno.EROFS: mark("The disk is mounted read-only. Mount it for writing, or move the project to another one."),
    errno.ENOSPC: mark("The disk is full. Free some room, for example with `make prune`, and run again."),
    errno.EDQUOT: mark("Your quota of the disk is used up. Free some room, and run again."),
    errno.ENAMETOOLONG: mark("The path is too long. Move the project up, or give the study a shorter name."),
    errno.ENOTDIR: mark("A file stands where a folder is needed. Move it away, and run again."),
    errno.EEXIST: mark("A file stands where a folder is needed. Move it away, and run again."),
    errno.EISDIR: mark("A folder stands where a file is needed. Move it away, and run again."),
    errno.EMFILE: mark("Too many files are open. Raise the limit (ulimit -n), or run with JOBS=1."),
}


def refusal(error: OSError, root: Path) -> str:
    """Say in one line where the disk refused, why, and what to do; "" where the fault is of another kind.

    Parameters
    ----------
    root : Path
        Paths below it are shown relative to it.
    """
    remedy = _REMEDIES.get(error.errno or 0)
    if remedy is None or not isinstance(error.filename, str | Path):
        return ""
    path = _blocking(Path(error.filename)) if error.errno in (errno.ENOTDIR, errno.EEXIST) else Path(error.filename)
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    said = tr("cannot be used ({strerror}).", strerror=error.strerror)
    return f"{shown}: {said} {tr(remedy)}"


def _blocking(path: Path) -> Path:
    """Find the file among the folders of `path`; `path` itself if there is none."""
    return next((each for each in (path, *path.parents) if each.is_file()), path)
