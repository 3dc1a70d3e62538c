"""Outcome of a job; light to import, because the process that waits for workers needs nothing of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reachbook.engine.plan import Job

type Tell = Callable[[int, int], None]
"""Called with (cell, cells) when a cell starts."""


@dataclass(frozen=True)
class JobOutcome:
    """Outcome of a job.

    Attributes
    ----------
    kind : str
        "made", "rendered" (an earlier run, a new page) or "failed"; for a verification "same" or "differs".
    folder : Path
        Where the result is.
    verdict : str
        The report's verdict.
    seconds : float
        Time from start to end, in seconds.
    failure : str
        Why it failed, in one line; "" if it did not.
    """

    name: str
    version: str
    kind: str
    folder: Path
    verdict: str
    seconds: float
    failure: str = ""


def refused(job: Job, reason: str) -> JobOutcome:
    """Return the outcome of a job that was not started."""
    return JobOutcome(job.name, job.version, "failed", job.home, "no decision", 0.0, reason)
