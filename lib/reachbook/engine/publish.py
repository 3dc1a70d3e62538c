"""Publish versions atomically: made beside their place, then renamed into it."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from reachbook import atomic, report_paths
from reachbook.engine import integrity, scratch
from reachbook.report_paths import FAILED

_BUILDING = re.compile(r"\.building-[0-9a-f]{12}-(\d+)")


@contextmanager
def building(home: Path, version: str) -> Iterator[Path]:
    """Yield a folder beside the versions to make one in; it is removed when the block ends."""
    folder = home / f".building-{version}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(made: Path, home: Path, version: str) -> Path:
    """Rename a complete version into its place; if another process was first, its equal version stays."""
    place = home / version
    try:
        made.rename(place)
    except OSError:
        if not place.is_dir():
            raise
        if integrity.flaw(place):
            integrity.set_aside(place)
            made.rename(place)
    shutil.rmtree(home / FAILED / version, ignore_errors=True)
    _forget(home)
    return place


def publish_failed(made: Path, home: Path, version: str) -> Path:
    """Keep the remains of a failed run, marked as failed; they replace an earlier failure of the same version."""
    place = home / FAILED / version
    place.parent.mkdir(exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    made.rename(place)
    atomic.write_text(home / report_paths.FAILING, version + "\n")
    return place


def mark_current(home: Path, version: str) -> None:
    """Record which version today's inputs give."""
    if report_paths.current(home) != home / version:
        marker = home / report_paths.CURRENT
        atomic.write_text(marker, version + "\n")
    _forget(home)


def mark_outdated(home: Path, version: str) -> None:
    """Record, where there are versions already, that today's inputs give one that has not been made, and since when."""
    marker = home / report_paths.OUTDATED
    told = marker.read_text(encoding="utf-8", errors="replace") if marker.is_file() else ""
    if report_paths.versions(home) and not told.startswith(f"{version} "):
        since = report_paths.outdated(home) or datetime.now(UTC).isoformat(timespec="seconds")
        atomic.write_text(marker, f"{version} {since}\n")


def _forget(home: Path) -> None:
    """Remove what is only true while today's version has not been made."""
    for name in (report_paths.FAILING, report_paths.OUTDATED, report_paths.REFUSED):
        (home / name).unlink(missing_ok=True)


def sweep(root: Path) -> None:
    """Remove unfinished versions and temporary folders that killed runs left behind."""
    scratch.sweep()
    for home in report_paths.notebooks(root):
        for folder in home.glob(".building-*"):
            found = _BUILDING.fullmatch(folder.name)
            if found and not scratch.is_alive(int(found[1])):
                shutil.rmtree(folder, ignore_errors=True)
