"""What workers of the pool do in its tests; each knows by the name of its notebook how to behave."""

import os
import signal
import time
from pathlib import Path

from reachbook import atomic
from reachbook.engine.job_outcome import JobOutcome, Tell
from reachbook.engine.plan import Job
from reachbook.errors import DataError


def behave(job: Job, tell: Tell) -> JobOutcome:
    """Succeed (late), refuse, break, end or sleep, as the notebook's name says."""
    started = time.monotonic()
    tell(1, 2)
    kind = job.notebook.name.partition("_")[0]
    if kind == "refuse":
        raise DataError("orders.csv:3: too few. Add more.")
    if kind == "break":
        raise ValueError("half of it\nmore")
    if kind == "end":
        os._exit(3)
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "sleep":
        atomic.beside(job.folder).mkdir(parents=True)
        tell(2, 2)
        time.sleep(60)
    time.sleep(1.0 if kind == "late" else 0.3)
    return JobOutcome(job.name, job.version, "made", Path(f"{started} {time.monotonic()}"), "act", 0.0)
