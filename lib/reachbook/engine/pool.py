"""Run jobs in parallel, each in a process of its own, upstream before downstream."""

import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

from reachbook import atomic, crash_log
from reachbook.engine import machine, scratch
from reachbook.engine.job_outcome import JobOutcome, refused
from reachbook.engine.plan import Job
from reachbook.errors import ReachbookError
from reachbook.privacy.key import VARIABLE
from reachbook.translation import tr

type Event = tuple[str, Any]
type Listener = Callable[[Job, Event], None]

_GRACE_SECONDS = 10
_TICK_SECONDS = 1.0


class _Running:
    """A job in its process, and the pipe on which it reports progress."""

    def __init__(self, context: Any, job: Job, task: str) -> None:
        self.job = job
        self.pipe, other = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(target=_work, args=(job, task, other, _secret()), name=job.name)
        self.process.start()
        other.close()


def run(jobs: Sequence[Job], workers: int, listen: Listener, task: str) -> list[JobOutcome]:
    """Do `task` for every job, at most `workers` at once, and return the outcomes in the order of `jobs`.

    Parameters
    ----------
    listen : Listener
        Called with (job, event); events are ("cell", (cell, cells)), ("done", JobOutcome) and, while nothing else
        happens, ("tick", None).
    task : str
        "module:function" of (job, tell) -> JobOutcome; only the workers import it.

    Notes
    -----
    A job whose upstream failed is not started. An interrupt stops every worker and kernel and removes unfinished
    versions.
    """
    scratch.measure()
    waiting, outcomes = list(jobs), dict[str, JobOutcome]()
    context = _context()
    with _stopping() as running:
        while waiting or running:
            _start(lambda job: _Running(context, job, task), waiting, running, outcomes, workers, listen)
            ready = wait([each.pipe for each in running], timeout=_TICK_SECONDS) if running else []
            for each in [] if ready else running:
                listen(each.job, ("tick", None))
            for pipe in ready:
                each = next(one for one in running if one.pipe is pipe)
                _hear(each, running, outcomes, listen)
    return [outcomes[job.name] for job in jobs]


def _start(
    begin: Callable[[Job], _Running],
    waiting: list[Job],
    running: list[_Running],
    outcomes: dict[str, JobOutcome],
    workers: int,
    listen: Listener,
) -> None:
    pending = {job.name for job in waiting} | {each.job.name for each in running}
    for job in list(waiting):
        if len(running) >= workers:
            return
        if pending & set(job.needs):
            continue
        waiting.remove(job)
        failed = [need for need in job.needs if need in outcomes and outcomes[need].failure]
        if failed:
            pending.discard(job.name)
            _finish(job, refused(job, tr("not started, because {need} failed", need=failed[0])), outcomes, listen)
            continue
        running.append(begin(job))


def _hear(each: _Running, running: list[_Running], outcomes: dict[str, JobOutcome], listen: Listener) -> None:
    try:
        event = each.pipe.recv()
    except EOFError:
        each.process.join()
        event = ("done", refused(each.job, _ended(each.process.exitcode)))
    if event[0] != "done":
        listen(each.job, event)
        return
    each.process.join()
    each.pipe.close()
    running.remove(each)
    _finish(each.job, event[1], outcomes, listen)


def _ended(code: int | None) -> str:
    """Explain why a process ended without a report; a negative code is the signal that ended it."""
    if code == -9:
        return tr(
            "its process ended with exit code {code} before it could say why; the system may have run out of memory: "
            "close other programs, or set JOBS=1",
            code=code,
        )
    return tr("its process ended with exit code {code} before it could say why", code=code)


def _finish(job: Job, outcome: JobOutcome, outcomes: dict[str, JobOutcome], listen: Listener) -> None:
    outcomes[job.name] = outcome
    listen(job, ("done", outcome))


@contextmanager
def _stopping() -> Iterator[list[_Running]]:
    """Yield the list of running jobs; whatever still runs when the block ends is stopped and its files are removed."""
    running: list[_Running] = []
    try:
        yield running
    finally:
        for each in running:
            each.process.terminate()
        for each in running:
            each.process.join(_GRACE_SECONDS)
            if each.process.is_alive():
                each.process.kill()
                each.process.join()
        atomic.sweep({each.job.home for each in running})
        scratch.sweep()


def _context() -> Any:
    """Multiprocessing context whose workers fork from a clean process that has imported papermill once for all."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["reachbook.engine.preload"])
    return context


def _secret() -> dict[str, str]:
    """The key as it is set now: the process that workers fork from may have started before it was set, or with another
    one.
    """
    return {name: os.environ[name] for name in (VARIABLE,) if name in os.environ}


def _fault(error: Exception, root: Path) -> str:
    """Say what the machine lacked, or what broke in the program."""
    return machine.refusal(error, root) or f"stopped on {crash_log.describe(error, root)}"


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, killed perhaps, then end this one in order."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)


def _work(job: Job, task: str, pipe: Connection, secret: dict[str, str]) -> None:
    """Run one job as a worker process; Ctrl-C is left to the parent, which ends its workers in order."""
    os.environ.pop(VARIABLE, None)
    os.environ.update(secret)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    Thread(target=_end_with_parent, daemon=True).start()
    module, _, function = task.partition(":")
    try:
        outcome = getattr(importlib.import_module(module), function)(
            job, lambda cell, of: pipe.send(("cell", (cell, of)))
        )
    except ReachbookError as error:
        outcome = refused(job, str(error))
    except Exception as error:
        outcome = refused(job, _fault(error, job.file.root))
    pipe.send(("done", outcome))
    pipe.close()
