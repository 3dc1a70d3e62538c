"""Runs at the same time, alone and with a prune between: each version once, no other touched, and nobody waits."""

import sys
import time

import pytest

from helpers.reliability import Trials
from helpers.runs import PATIENCE, Runs, changed, ended, second_notebook
from helpers.shelved import shelved
from helpers.tiny_project import STUDY, Project
from reachbook import report_paths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes of POSIX systems")


def together(runs: Runs, *commands: tuple[str, ...]) -> list[str]:
    """Run commands at the same time, and say what went wrong: an end that is no success, bytes that changed after
    they were published, something half or left.
    """
    processes = [runs.start(*command) for command in commands]
    seen, wrong, begun = runs.bytes(), list[str](), time.monotonic()
    while any(each.poll() is None for each in processes) and time.monotonic() - begun < PATIENCE:
        wrong += runs.halves
        seen = {each: files for each, files in runs.bytes().items() if files} | seen
        time.sleep(0.1)
    for command, process in zip(commands, processes, strict=True):
        ran = ended(process)
        wrong += [f"{command}: {ran}"] if ran.code or "Traceback" in ran.out + ran.err else []
    return [*wrong, *runs.halves, *changed(seen, runs.bytes()), *map(str, runs.leftovers())]


def test_two_runs_of_one_study(trial: Trials, runs: Runs) -> None:
    if trial.soak:
        second_notebook(runs.project)
    times = trial.times(1, 15)
    for number in range(times):
        runs.project.orders(13 + number)
        wrong = together(runs, ("reports", "--jobs", "2"), ("reports", "--jobs", "1"))
        assert wrong == []
        assert len(runs.versions) == trial.times(1, 2) * (number + 1), "each once"
        assert len(runs.current) == trial.times(1, 2)
    trial.record("two runs of one study at once", 2 * times, 0, leaked=0)


@pytest.mark.soak
def test_runs_of_several_studies(trial: Trials, runs: Runs) -> None:
    """One run of all studies, and at the same time one of each."""
    names, times = ("east", "south", "west"), 4
    for name in names:
        runs.project.study(name, STUDY.replace("Tiny", name))
    for number in range(times):
        runs.project.orders(13 + number)
        assert together(runs, ("reports",), *(("reports", "--study", name) for name in names)) == []
        assert len(runs.versions) == (len(names) + 1) * (number + 1)
    trial.record("runs of one and of several studies at once", times * (len(names) + 1), 0, leaked=0)


def test_a_prune_during_a_run(trial: Trials, reported: Project, runs: Runs) -> None:
    """There is a current version at every moment, the new one in the end, and what may go goes whole."""
    times = trial.times(1, 10)
    for number in range(times):
        for old in range(3):
            shelved(reported.root, 256 * (number + 1) + old, finished=f"2026-09-0{old + 1}T08:00:00+00:00")
        reported.orders(13 + number)
        before = report_paths.current(runs.homes[0])
        assert before is not None
        running, said = runs.start("reports"), ""
        while running.poll() is None:
            pruned = runs.run("prune", "--keep", "1", "--yes", "1")
            said += pruned.out
            assert pruned.code == 0, pruned
            assert runs.halves == []
            assert report_paths.current(runs.homes[0]) is not None
        ran = ended(running)
        assert (ran.code, ran.err) == (0, "")
        assert said.count("removed   tiny/count") >= 3, said
        now = report_paths.current(runs.homes[0])
        assert now is not None
        assert now != before
        assert runs.halves == runs.leftovers() == []
    trial.record("prunes while a run goes on", times, 0, leaked=0)


@pytest.mark.soak
def test_two_prunes_at_once(trial: Trials, reported: Project, runs: Runs) -> None:
    times = 10
    for _ in range(times):
        for old in range(30):
            shelved(reported.root, 256 + old, finished=f"2026-09-{old + 1:02d}T08:00:00+00:00")
        prunes = [runs.start("prune", "--keep", "1", "--yes", "1") for _ in range(2)]
        for process in prunes:
            ran = ended(process)
            assert ran.code == 0, ran
        assert len(runs.versions) == 1
        assert runs.halves == runs.leftovers() == []
    trial.record("two prunes at once", 2 * times, 0, leaked=0)
