"""Jobs in processes of their own: order, limits, and what becomes of a worker that ends badly."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from helpers.tiny_project import Project
from reachbook.engine import plan, pool
from reachbook.engine.job_outcome import JobOutcome
from reachbook.engine.plan import Job

TASK = "helpers.pool_tasks:behave"
type Jobs = Callable[..., list[Job]]


@pytest.fixture
def jobs(project: Project) -> Jobs:
    """Jobs of notebooks with these names; `needs` says who waits for whom."""
    (job,) = plan.jobs(project.root)

    def made(*names: str, **needs: tuple[str, ...]) -> list[Job]:
        notebooks = [replace(job.notebook, name=name) for name in names]
        waits = [tuple(f"tiny/{need}" for need in needs.get(name, ())) for name in names]
        return [replace(job, notebook=book, needs=wait) for book, wait in zip(notebooks, waits, strict=True)]

    return made


def done(jobs: list[Job], workers: int = 4) -> dict[str, JobOutcome]:
    """Outcomes by notebook, in the order in which the pool returns them."""
    return {each.name.partition("/")[2]: each for each in pool.run(jobs, workers, lambda *_: None, TASK)}


def span(outcome: JobOutcome) -> tuple[float, float]:
    start, end = str(outcome.folder).split()
    return float(start), float(end)


def test_outcomes_come_in_the_order_of_jobs_and_upstream_ran_before(jobs: Jobs) -> None:
    found = done(jobs("after", "before", after=("before",)))
    assert list(found) == ["after", "before"]
    assert span(found["before"])[1] <= span(found["after"])[0]


def test_at_most_so_many_run_at_once(jobs: Jobs) -> None:
    spans = sorted(span(each) for each in done(jobs("a", "b", "c"), workers=1).values())
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    together = [span(each) for each in done(jobs("a", "b"), workers=2).values()]
    assert max(start for start, _ in together) < min(end for _, end in together)


ENDS = [
    ("refuse", "orders.csv:3: too few. Add more."),
    ("break", "stopped on a fault of the program (ValueError: half of it, reachbook/engine/pool.py:"),
    ("end", "its process ended with exit code 3 before it could say why"),
    pytest.param(
        "kill",
        "its process ended with exit code -9 before it could say why; the system may have run out of memory: close "
        "other programs, or set JOBS=1",
        marks=pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems"),
    ),
]


@pytest.mark.parametrize(("name", "said"), ENDS)
def test_a_worker_that_ends_badly_is_one_line_and_the_others_go_on(jobs: Jobs, name: str, said: str) -> None:
    found = done(jobs(name, "well"))
    assert found[name].kind == "failed"
    assert found[name].failure.startswith(said)
    assert len(found[name].failure.splitlines()) == 1
    assert (found["well"].kind, found["well"].failure) == ("made", "")


def test_what_reads_a_failure_is_refused_while_others_still_run(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """All at once along the chain, whatever else happens meanwhile."""
    monkeypatch.setattr(pool, "_TICK_SECONDS", 10.0)
    names = ["refuse", "b", "c", "d", "e"]
    needs = {name: (before,) for before, name in pairwise(names)}
    chain, ended = jobs(*names, "late", **needs), list[str]()
    outcomes = pool.run(chain, 2, lambda job, event: ended.extend([job.name] * (event[0] == "done")), TASK)
    assert [each.failure for each in outcomes[1:5]] == [
        f"not started, because tiny/{name} failed" for name in names[:4]
    ]
    assert ended == [job.name for job in chain]


def test_with_nothing_running_there_is_nothing_to_wait_for(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_TICK_SECONDS", 10.0)
    started = time.monotonic()
    assert list(done(jobs("refuse", "second", second=("refuse",)))) == ["refuse", "second"]
    assert time.monotonic() - started < 10


def test_a_listener_hears_cells_and_the_passing_of_time(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_TICK_SECONDS", 0.1)
    heard: list[Any] = []
    (outcome,) = pool.run(jobs("a"), 1, lambda _, event: heard.append(event), TASK)
    assert heard[-1] == ("done", outcome)
    assert ("cell", (1, 2)) in heard
    assert ("tick", None) in heard


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
def test_an_interrupt_ends_the_workers_and_removes_what_they_had_begun(jobs: Jobs) -> None:
    begun: list[bool] = []

    def listen(job: Job, event: tuple[str, Any]) -> None:
        if event == ("cell", (2, 2)):
            begun.append(bool(list(job.home.glob(".*"))))
            raise KeyboardInterrupt

    (job,) = jobs("sleep")
    with pytest.raises(KeyboardInterrupt):
        pool.run([job], 1, listen, TASK)
    assert begun == [True]
    assert list(job.home.iterdir()) == []
