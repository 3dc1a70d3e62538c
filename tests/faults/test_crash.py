"""Whatever processes of a run are killed at whatever moment: nothing is lost, half or left, and the next completes."""

import random
import sys
import time

import psutil
import pytest

from helpers.reliability import Trials
from helpers.runs import PATIENCE, Runs, by_kind, changed, family, outlived
from helpers.tiny_project import Project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
KINDS = ("kernel", "worker", "driver")
IN_A_ROW = 3
"""Runs that are killed before one is let go to its end."""


def test_kill_9_at_random_moments(trial: Trials, reported: Project, two_notebooks: Runs) -> None:
    runs, seed, chance = two_notebooks, time.time_ns(), random.Random(time.time_ns())
    wanted, hits, completed, whole = trial.times(2, 200), 0, 0, 6.0
    lost, left = list[str](), list[str]()
    while hits < wanted:
        runs.project.orders(13 + completed)
        for _ in range(trial.times(1, IN_A_ROW)):
            before, moments = runs.bytes(), sorted(chance.uniform(0, whole) for _ in KINDS)
            hit, alive = killed(runs, KINDS, moments)
            hits += hit
            lost += [*runs.halves, *changed(before, runs.bytes())]
            left += [f"{each} outlived kills after {moments} s" for each in alive]
        before, begun = runs.bytes(), time.monotonic()
        end = runs.run("reports", "--jobs", "2")
        completed, whole = completed + 1, time.monotonic() - begun
        lost += [] if end.code == 0 and len(runs.current) == 2 else [f"the next run did not complete: {end}"]
        lost += [*runs.halves, *changed(before, runs.bytes())]
        left += map(str, runs.leftovers())
    if trial.soak:
        again = runs.run("verify", "--jobs", "2")
        lost += [] if "2 of " in again.out and " 0 differ" in again.out else [again.out]
    assert (lost, left) == ([], []), f"seed {seed}"
    trial.record(
        "kill -9 of drivers, workers and kernels at random moments of a run of two notebooks", hits, 0, leaked=0
    )
    trial.record("the run after such kills completes and sweeps", completed, 0, leaked=0)


def killed(runs: Runs, kinds: tuple[str, ...], moments: list[float]) -> tuple[int, list[psutil.Process]]:
    """Start a run, and kill a process of each kind at its moment, or as soon after as there is one.

    Parameters
    ----------
    moments : list of float
        Seconds after the start, one a kind.

    Returns
    -------
    int
        How many were killed before the run ended.
    list of psutil.Process
        Those that outlived the run.
    """
    process = runs.start("reports", "--jobs", "2", heard=False)
    known, begun, due = set[psutil.Process](), time.monotonic(), list(zip(kinds, moments, strict=True))
    while process.poll() is None:
        gone = time.monotonic() - begun
        assert gone < PATIENCE, "it waits for ever"
        known |= set(family(process))
        able = by_kind(process).get(due[0][0], []) if due and gone >= due[0][1] else []
        if able and kill(able[-1]):
            due.pop(0)
        time.sleep(0.02)
    return len(kinds) - len(due), outlived([each for each in known if each.pid != process.pid])


def kill(process: psutil.Process) -> bool:
    """Kill a process at once; false where it has just ended by itself."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def test_what_is_lost_or_half_is_seen(reported: Project, runs: Runs) -> None:
    """The check itself: a file that changes, one cut short, and a version that goes are each told."""
    (version,) = runs.versions
    before = runs.bytes()
    assert changed(before, before) == runs.halves == []
    page = (version / "report.html").read_bytes()
    (version / "report.html").write_bytes(page + b" ")
    assert changed(before, runs.bytes()) == [str(version)]
    (version / "report.html").write_bytes(page[:-40])
    assert "report.html is cut off" in runs.halves[0]
    version.rename(version.with_name(f".{version.name}.1"))
    assert changed(before, runs.bytes()) == [str(version)]
    assert [path.name for path in runs.leftovers()] == [f".{version.name}.1"]
