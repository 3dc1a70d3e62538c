"""What became of a job. Light to import: the process that only waits for workers needs nothing of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reachbook.engine.plan import Job

type Tell = Callable[[int, int], None]
"""Called with (cell, cells) when a cell starts."""


@dataclass(frozen=True)
class JobOutcome:
    """What became of a job.

    kind : "made", "rendered" (kept run, new page), "failed"; of a verification "same" or "differs".
    folder : where it is. failure : why, in one line.
    """

    name: str
    version: str
    kind: str
    folder: Path
    verdict: str
    seconds: float
    failure: str = ""


def refused(job: Job, reason: str) -> JobOutcome:
    """The outcome of a job that was not started."""
    return JobOutcome(job.name, job.version, "failed", job.home, "no decision", 0.0, reason)
