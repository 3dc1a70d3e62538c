"""Paths under reports/: `reports/<study>/<notebook>/<version>/`."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

FAILED = "failed"
"""Folder beside the versions that holds the remains of failed runs."""
FAILING = "failing"
"""File beside the versions that names the failed run of today's inputs; removed once their version is made."""
VERSION = re.compile(r"[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:+]+")
CURRENT = "current"
"""File beside the versions that names the version of today's inputs."""

DIFFERENCES = "diff"
"""Folder beside the versions that holds the pages which compare them."""
SHARED = "share"
"""Folder beside the versions that holds what was made of them to take along, one folder each."""
OUTDATED = "outdated"
"""File beside the versions that says since when today's inputs ask for a version that has not been made."""
REFUSED = "refused.json"
"""File beside the versions that says why today's inputs were refused before anything ran, or, beside the notebooks of a
study, why its parameter files cannot be read.
"""
WITHDRAWN = "withdrawn.json"
"""The one file of a version that was withdrawn, because people whom it may hold were erased."""

REGISTER = "privacy.html"
"""File beside the reports of a study that is its register of processing."""


def reports(root: Path) -> Path:
    """The folder of all reports."""
    return root / "reports"


def register(root: Path, study: str) -> Path:
    """The page of what a study holds about people; it need not be there."""
    return reports(root) / study / REGISTER


def registers(root: Path) -> list[Path]:
    """Those of these pages that are there, in alphabetical order of the studies."""
    return [path for study in sorted(_folders(reports(root))) if (path := study / REGISTER).is_file()]


def lists(root: Path) -> Path:
    """The folder of all lists of people, `lists/<study>/<version>/`."""
    return root / "lists"


def lists_of(version: Path) -> Path:
    """The folder of the lists that were made from a version."""
    study = version.parent.parent
    return lists(study.parent.parent) / study.name / version.name


def notebooks(root: Path) -> Iterator[Path]:
    """Iterate over every `reports/<study>/<notebook>/` folder in alphabetical order."""
    for study in sorted(_folders(reports(root))):
        yield from sorted(_folders(study))


def versions(notebook: Path) -> list[Path]:
    """Published versions, but for those withdrawn, in `reports/<study>/<notebook>/`, in alphabetical order."""
    return sorted(path for path in _folders(notebook) if VERSION.fullmatch(path.name) and not is_withdrawn(path))


def is_withdrawn(version: Path) -> bool:
    """Whether only a note is left of a version, because people whom it may hold were erased."""
    return (version / WITHDRAWN).is_file()


def withdrawn(notebook: Path) -> dict[str, str]:
    """Withdrawn versions in `reports/<study>/<notebook>/`: by name, the day of each; "" where it is unknown."""
    return {path.name: _day(path / WITHDRAWN) for path in sorted(_folders(notebook)) if is_withdrawn(path)}


def _day(note: Path) -> str:
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["withdrawn"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def current(notebook: Path) -> Path | None:
    """The version that the latest `make reports` made, or recognised, for today's inputs."""
    return _named(notebook / CURRENT, notebook)


def failing(notebook: Path) -> Path | None:
    """The folder of the failed run of today's inputs, or None where there is none or it has since succeeded."""
    return _named(notebook / FAILING, notebook / FAILED)


def outdated(notebook: Path) -> str:
    """Since when, in ISO 8601, today's inputs ask for a version that has not been made; "" where they do not."""
    marker = notebook / OUTDATED
    text = marker.read_text(encoding="utf-8", errors="replace") if marker.is_file() else ""
    version, _, since = text.partition(" ")
    known = VERSION.fullmatch(version) and not (notebook / version).is_dir() and _MOMENT.fullmatch(since.strip())
    return since.strip() if known else ""


def _named(marker: Path, folder: Path) -> Path | None:
    """The version in `folder` that a marker file names, if both exist."""
    name = marker.read_text(encoding="utf-8", errors="replace").strip() if marker.is_file() else ""
    found = folder / name
    return found if VERSION.fullmatch(name) and found.is_dir() and not is_withdrawn(found) else None


def published(root: Path, study: str, reads: Iterable[str] = ()) -> dict[str, Path]:
    """Current version of each notebook of a study, by name.

    Parameters
    ----------
    reads : iterable of str
        Other studies, whose notebooks are named `"<study>/<notebook>"`.
    """
    found = {folder.name: current(folder) for folder in _folders(reports(root) / study)}
    for other in reads:
        found |= {f"{other}/{folder.name}": current(folder) for folder in _folders(reports(root) / other)}
    return {name: folder for name, folder in sorted(found.items()) if folder}


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
