"""Where things lie under reports/: reports/<study>/<notebook>/<version>/."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

FAILED = "failed"
"""Folder beside the versions that keeps what failed runs left."""
FAILING = "failing"
"""File beside the versions that names the failed run of today's inputs; gone once they are made."""
VERSION = re.compile(r"[0-9a-f]{12}")
CURRENT = "current"
"""File beside the versions that names the one which today's inputs give."""


def reports(root: Path) -> Path:
    """The folder of all reports."""
    return root / "reports"


def notebooks(root: Path) -> Iterator[Path]:
    """Every reports/<study>/<notebook>/ folder, in order of name."""
    for study in sorted(_folders(reports(root))):
        yield from sorted(_folders(study))


def versions(notebook: Path) -> list[Path]:
    """Published versions of reports/<study>/<notebook>/, in order of name."""
    return sorted(path for path in _folders(notebook) if VERSION.fullmatch(path.name))


def current(notebook: Path) -> Path | None:
    """The version that the latest `make reports` found or made for today's inputs."""
    return _named(notebook / CURRENT, notebook)


def failing(notebook: Path) -> Path | None:
    """What the run of today's inputs left that failed and has not been mended since."""
    return _named(notebook / FAILING, notebook / FAILED)


def _named(marker: Path, folder: Path) -> Path | None:
    """The version of `folder` that a marker names, if both are there."""
    name = marker.read_text(encoding="utf-8", errors="replace").strip() if marker.is_file() else ""
    return folder / name if VERSION.fullmatch(name) and (folder / name).is_dir() else None


def published(root: Path, study: str, reads: Iterable[str] = ()) -> dict[str, Path]:
    """Current version of each notebook of a study; of the studies that it reads, as "<study>/<notebook>"."""
    found = {folder.name: current(folder) for folder in _folders(reports(root) / study)}
    for other in reads:
        found |= {f"{other}/{folder.name}": current(folder) for folder in _folders(reports(root) / other)}
    return {name: folder for name, folder in sorted(found.items()) if folder}


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
