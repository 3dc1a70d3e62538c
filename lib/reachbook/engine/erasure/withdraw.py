"""Withdraw versions: of each only the note stays that says when and why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reachbook import atomic, report_paths
from reachbook.engine.page import provenance
from reachbook.errors import RunError
from reachbook.privacy.people import COLUMNS, TOLD

type Holds = Callable[[str, str], bool]
"""Whether a table, by name and SHA-256, holds any of the people; true where it cannot be told."""


def holding(root: Path, studies: set[str], holds: Holds) -> list[Path]:
    """Versions of studies that may hold the people, and all that read one of them, whichever study's they are."""
    runs = {folder: _run(folder) for home in report_paths.notebooks(root) for folder in report_paths.versions(home)}
    found = [each for each, run in runs.items() if each.parent.parent.name in studies and _read(run, holds)]
    keys = {str(runs[each].get("key")) for each in found}
    for _ in runs:
        more = [each for each, run in runs.items() if each not in found and keys & _upstream(run)]
        if not more:
            break
        found += more
        keys |= {str(runs[each].get("key")) for each in more}
    return sorted(found)


def _run(folder: Path) -> dict[str, Any]:
    try:
        return provenance.read(folder)
    except RunError:
        return {}


def _read(run: dict[str, Any], holds: Holds) -> bool:
    """Whether a run read a table in which they stand; a damaged record cannot tell."""
    if not run:
        return True
    tables = run["inputs"]["tables"]
    return any(holds(name, str(facts["sha256"])) for name, facts in tables.items() if _of_people(name))


def _of_people(name: str) -> bool:
    return name in COLUMNS or name in TOLD or name.startswith("truth_")


def _upstream(run: dict[str, Any]) -> set[str]:
    return set(run["inputs"]["upstream"].values()) if run else set()


def withdraw(folder: Path, day: str, people: int) -> None:
    """Remove a version, its lists and what else was made of it; a note without ids stays."""
    home, name = folder.parent, folder.name
    if report_paths.current(home) == folder:
        (home / report_paths.CURRENT).unlink()
    atomic.remove(folder)
    note = {"withdrawn": day, "why": "people were erased", "people": people}
    atomic.write_text(folder / report_paths.WITHDRAWN, json.dumps(note) + "\n")
    atomic.remove(report_paths.lists_of(folder))
    for beside in (report_paths.SHARED, "bundles", report_paths.DIFFERENCES):
        for path in (home / beside).glob(f"*{name}*"):
            atomic.remove(path)


def clear(home: Path) -> None:
    """Remove failed runs, refusals, damaged versions and drafts of a report, which may hold anybody."""
    for name in (report_paths.FAILED, "broken", "draft"):
        atomic.remove(home / name)
    for name in (report_paths.FAILING, report_paths.REFUSED):
        (home / name).unlink(missing_ok=True)
