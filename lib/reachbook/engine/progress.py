"""Progress while reports are made: one changing line on a terminal, plain lines elsewhere."""

import shutil
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from reachbook.engine.page.wording import VERDICTS
from reachbook.engine.plan import Job
from reachbook.translation import mark, tr
from reachbook.translation.control_characters import visible

_QUIET_SECONDS = 15
_KINDS = {"made": mark("made"), "rendered": mark("rendered"), "same": mark("same")}


class Progress:
    """Listener of the pool that prints notebook, cell i of n and seconds."""

    def __init__(self, root: Path, out: TextIO | None = None) -> None:
        self._root, self._out = root, out or sys.stdout
        self._started: dict[str, float] = {}
        self._cells: dict[str, tuple[int, int]] = {}
        self._said: dict[str, float] = {}

    def __call__(self, job: Job, event: tuple[str, Any]) -> None:
        kind, value = event
        now = time.monotonic()
        self._started.setdefault(job.name, now)
        if kind == "cell":
            self._cells[job.name] = value
        if kind in ("cell", "tick"):
            self._moved(job.name, now)
        else:
            self._cells.pop(job.name, None)
            self._line(_outcome(value, self._root))

    def _moved(self, name: str, now: float) -> None:
        if self._out.isatty():
            width = shutil.get_terminal_size().columns - 1
            text = "   ".join(self._at(each, now) for each in self._cells)
            self._out.write(f"\r\x1b[K{text[:width]}")
            self._out.flush()
        elif name in self._cells and now - self._said.get(name, -_QUIET_SECONDS) >= _QUIET_SECONDS:
            self._said[name] = now
            self._line(self._at(name, now))

    def _at(self, name: str, now: float) -> str:
        cell, cells = self._cells[name]
        seconds = now - self._started[name]
        return tr("{name} cell {cell} of {cells}, {seconds:.0f} s", name=name, cell=cell, cells=cells, seconds=seconds)

    def _line(self, text: str) -> None:
        self._out.write(("\r\x1b[K" if self._out.isatty() else "") + visible(text) + "\n")
        self._out.flush()


def _outcome(outcome: Any, root: Path) -> str:
    """Format a finished job as one line."""
    folder = outcome.folder.relative_to(root) if outcome.folder.is_relative_to(root) else outcome.folder
    if outcome.kind == "differs":
        return tr("differs   {name}: {failure}", name=outcome.name, failure=outcome.failure)
    if outcome.failure:
        page = folder / "report.html"
        said = tr("failed    {name}: {failure}", name=outcome.name, failure=outcome.failure)
        return f"{said} · " + tr("what it did until then: {page}", page=page) if (root / page).is_file() else said
    kind, verdict = _KINDS[outcome.kind], VERDICTS.get(outcome.verdict, outcome.verdict)
    seconds = tr("{seconds:.0f} s", seconds=outcome.seconds)
    return f"{tr(kind):9} {outcome.name} {outcome.version} · {tr(verdict)} · {seconds} · {folder}/report.html"
