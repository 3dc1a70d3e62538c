"""Detect versions damaged by a full disk, an incomplete copy or a deletion, and set them aside."""

import re
from collections.abc import Iterator
from pathlib import Path

from reachbook import report_paths
from reachbook.engine.page import provenance
from reachbook.errors import RunError
from reachbook.result import Result
from reachbook.translation import tr

BROKEN = "broken"
"""Folder beside the versions that holds damaged ones, unchanged."""


def flaw(folder: Path) -> str:
    """Describe what is missing or damaged in the version `folder`; "" where it is intact."""
    try:
        provenance.read(folder)
        result = Result.read(folder)
    except RunError as error:
        return re.split(r"\. |。", str(error).partition(": ")[2])[0]
    ends = {"report.html": b"</html>", "notebook.ipynb": b"}"}
    ends |= {entry.path: b"PAR1" for entry in result.tables}
    return next((told for name, end in ends.items() if (told := _cut_off(folder / name, name, end))), "")


def _cut_off(path: Path, name: str, end: bytes) -> str:
    try:
        with path.open("rb") as handle:
            handle.seek(max(path.stat().st_size - 64, 0))
            return "" if handle.read().rstrip().endswith(end) else tr("{name} is cut off", name=name)
    except OSError:
        return tr("{name} is missing", name=name)


def set_aside(folder: Path) -> Path:
    """Move a damaged version to the folder `BROKEN`, deleting nothing, and return its new path."""
    place = folder.parent / BROKEN / folder.name
    place.parent.mkdir(exist_ok=True)
    taken = 1
    while place.exists():
        taken += 1
        place = place.with_name(f"{folder.name}-{taken}")
    return folder.rename(place)


def mend(root: Path) -> Iterator[str]:
    """Set every damaged version of a project aside, and yield one line for each."""
    for home in report_paths.notebooks(root):
        for folder in report_paths.versions(home):
            if told := flaw(folder):
                try:
                    moved = set_aside(folder)
                except FileNotFoundError:  # another process has removed it, or set it aside
                    continue
                yield tr(
                    "set aside {shown}: {told}. What is left of it lies in {moved}; made again if current.",
                    shown=folder.relative_to(root),
                    told=told,
                    moved=moved.relative_to(root),
                )
