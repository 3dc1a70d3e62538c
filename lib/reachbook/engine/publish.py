"""Publish versions atomically: made beside their place, then renamed into it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from reachbook import atomic, report_paths
from reachbook.engine import integrity, scratch
from reachbook.report_paths import FAILED, VERSION


@contextmanager
def building(home: Path, version: str) -> Iterator[Path]:
    """Yield a folder beside the versions to make one in; it is removed when the block ends."""
    folder = atomic.beside(home / version)
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
        atomic.put(made, place)
    except OSError:
        if not place.is_dir():
            raise
        if integrity.flaw(place):
            with suppress(FileNotFoundError):  # another process may set it aside too
                integrity.set_aside(place)
            return publish(made, home, version)
    atomic.remove(home / FAILED / version)
    _forget(home)
    return place


def publish_failed(made: Path, home: Path, version: str) -> Path:
    """Keep the remains of a failed run, marked as failed; they replace an earlier failure of the same version."""
    place = home / FAILED / version
    place.parent.mkdir(exist_ok=True)
    atomic.remove(place)
    try:
        atomic.put(made, place)
    except OSError:
        if not place.is_dir():  # another process may have failed in the same way at once
            raise
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
    atomic.sweep([*_nested(root / "params", 1), *_nested(root / ".cache", 1), *_nested(report_paths.reports(root), 3)])
    atomic.sweep(_nested(report_paths.lists(root), 2))


def _nested(folder: Path, depth: int) -> Iterator[Path]:
    """A folder and those in it, so many levels down, but for hidden ones and contents of versions."""
    yield folder
    if depth and folder.is_dir():
        for each in folder.iterdir():
            if each.is_dir() and not (each.is_symlink() or each.name.startswith(".") or VERSION.fullmatch(each.name)):
                yield from _nested(each, depth - 1)
