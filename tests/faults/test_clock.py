"""A clock that was set back, or files that say so: nothing is taken for newer or unchanged, and nothing stops."""

import os
import time
from pathlib import Path

import pytest

from helpers.reliability import Trials
from helpers.runs import Runs, changed
from helpers.shelved import name, shelved
from helpers.tiny_project import Project
from reachbook import report_paths, stamped
from reachbook.engine import plan

YEAR_NS = 365 * 86_400 * 10**9


def later(root: Path) -> None:
    """Date every file of a project a year from now."""
    for path in [*root.rglob("*"), root]:
        os.utime(path, ns=(time.time_ns() + YEAR_NS,) * 2)


def test_versions_and_files_from_the_future(trial: Trials, reported: Project, runs: Runs) -> None:
    """The version just made is current, compared with another one, and stays when others are pruned."""
    future = shelved(reported.root, 1, finished="2099-01-01T08:00:00+00:00")
    reported.orders(13)
    later(reported.root)
    before = runs.bytes()
    ran = runs.run("reports")
    assert (ran.code, ran.err) == (0, "")
    (current,) = runs.current
    assert current not in before
    assert [path.name for path in (current.parent / report_paths.DIFFERENCES).iterdir()] == [
        f"{future.name}..{current.name}.html"
    ]
    assert "2099" in (reported.root / "reports/index.html").read_text("utf-8")
    assert runs.run("prune", "--keep", "1", "--yes", "1").code == 0
    assert current in runs.versions
    assert changed({each: before[each] for each in runs.versions if each != current}, runs.bytes()) == []
    assert runs.halves == runs.leftovers() == []
    trial.record("versions and files dated in the future", 1, 0, leaked=0)


def test_a_file_that_changes_while_its_date_goes_back_is_read_again(
    trial: Trials, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same size and the same date, as after a copy that keeps dates or a clock set back."""
    monkeypatch.setattr(stamped, "SETTLED_NS", 0)  # so that what was read is kept at once
    table, found = project.root / "data/orders.csv", set[str]()
    for first in range(10, 20):
        project.orders(first=float(first))
        os.utime(table, ns=(10**18, 10**18))
        found |= {job.version for job in plan.jobs(project.root)} | {job.version for job in plan.jobs(project.root)}
    assert len(found) == 10
    trial.record("a table of the same size and date with other numbers in it", 10, 10 - len(found))


def test_events_after_now_are_refused(trial: Trials, reported: Project, runs: Runs) -> None:
    """What a clock set back makes of today's rows: told in one line, and no report of half the rows."""
    table = reported.root / "data/orders.csv"
    table.write_text(table.read_text("utf-8").replace("2026-07-05", "2126-07-05"), "utf-8")
    ran = runs.run("reports")
    assert ran.code == 2
    assert len([line for line in ran.lines if "2126-07-05" in line]) == 1, ran
    assert "Traceback" not in ran.out + ran.err
    assert len(runs.versions) == 1
    trial.record("rows of days that the clock has not reached", 1, 0)


def test_the_name_of_a_version_counts_no_time(reported: Project, runs: Runs) -> None:
    later(reported.root)
    assert runs.run("reports").out.startswith("up to date")
    assert [each.name for each in runs.versions] != [name(1)]
