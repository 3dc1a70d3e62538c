"""Temporary folders whose name tells the process that uses them, so that those of killed processes can be removed."""

import os
import re
import shutil
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

from reachbook import atomic

_NAME = re.compile(r"reachbook-(\d+)-.+")


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
