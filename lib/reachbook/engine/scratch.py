"""Temporary folders whose name tells the process that uses them, so that those of killed processes can be removed."""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

from reachbook import atomic
from reachbook.errors import RunError
from reachbook.translation import tr

_NAME = re.compile(r"reachbook-(\d+)-.+")

_LONGEST = 103 if sys.platform == "darwin" else 107
"""Bytes of the path of a socket (sun_path, without its end)."""
_SOCKET = len("/reachbook-4194304-abcdefgh/kernel-1")
"""Bytes that the path of a kernel's socket adds to that of the temporary folder, at most."""


def measure() -> None:
    """Check that sockets can lie in the temporary folder.

    Raises
    ------
    RunError
        Its path is too long.
    """
    place = tempfile.gettempdir()
    most = _LONGEST - _SOCKET
    if sys.platform != "win32" and len(os.fsencode(place)) > most:
        raise RunError(
            "TMPDIR: "
            + tr(
                "{place} has {n} characters; kernels are reached through sockets in it, whose paths leave room for "
                "{most}. Set TMPDIR=/tmp, and run again.",
                place=place,
                n=len(os.fsencode(place)),
                most=most,
            )
        )


def folder() -> "TemporaryDirectory[str]":
    """Return a temporary folder, readable by its owner only and removed when its block ends.

    Notes
    -----
    A killed process leaves its folder behind, with the connection file and key of a kernel: see `sweep`.
    """
    return TemporaryDirectory(prefix=f"reachbook-{os.getpid()}-", ignore_cleanup_errors=True)


def sweep() -> None:
    """Remove the temporary folders of processes that no longer run; another user's folder stays."""
    for place in Path(tempfile.gettempdir()).glob("reachbook-*-*"):
        found = _NAME.fullmatch(place.name)
        if found and not atomic.is_alive(int(found[1])) and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
