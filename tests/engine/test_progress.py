"""What a person sees while reports are made: one line that changes on a terminal, few plain ones elsewhere."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.tiny_project import Project
from reachbook.engine import plan, progress
from reachbook.engine.job_outcome import JobOutcome
from reachbook.engine.plan import Job
from reachbook.engine.progress import Progress


class Terminal(io.StringIO):
    """A stream that says of itself that a person watches."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def job(project: Project) -> Job:
    (found,) = plan.jobs(project.root)
    return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds; a test sets its only entry."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def outcome(job: Job, kind: str = "made", **more: object) -> JobOutcome:
    made = JobOutcome(job.name, "0123456789ab", kind, job.home / "0123456789ab", "act", 12.4)
    return replace(made, **more)  # type: ignore[arg-type]


def test_a_file_gets_a_line_at_the_first_cell_and_then_every_quarter_of_a_minute(job: Job, clock: list[float]) -> None:
    out = io.StringIO()
    tell = Progress(job.file.root, out)
    for second, event in ((100, ("cell", (1, 9))), (105, ("cell", (2, 9))), (116, ("tick", None)), (120, ("tick", 0))):
        clock[0] = second
        tell(job, event)
    assert out.getvalue().splitlines() == ["tiny/count cell 1 of 9, 0 s", "tiny/count cell 2 of 9, 16 s"]


def test_nothing_is_said_of_a_job_before_its_first_cell(job: Job, clock: list[float]) -> None:
    out = io.StringIO()
    Progress(job.file.root, out)(job, ("tick", None))
    assert out.getvalue() == ""


def test_a_terminal_has_one_line_for_all_that_runs_and_it_is_never_wider(
    job: Job, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress.shutil, "get_terminal_size", lambda: os.terminal_size((50, 24)))
    out, other = Terminal(), replace(job, notebook=replace(job.notebook, name="shape"))
    tell = Progress(job.file.root, out)
    tell(job, ("cell", (1, 9)))
    clock[0] = 103.0
    tell(other, ("cell", (4, 5)))
    lines = out.getvalue().split("\r\x1b[K")
    assert lines == ["", "tiny/count cell 1 of 9, 0 s", "tiny/count cell 1 of 9, 3 s   tiny/shape cell 4 o"]
    tell(job, ("done", outcome(job)))
    tell(other, ("tick", None))
    *_, said, last = out.getvalue().split("\r\x1b[K")
    assert said.endswith("report.html\n")
    assert last == "tiny/shape cell 4 of 5, 0 s", "what is done is no longer in the line"


def said(job: Job, told: JobOutcome) -> str:
    out = io.StringIO()
    Progress(job.file.root, out)(job, ("done", told))
    return out.getvalue()


def test_a_made_report_is_told_with_verdict_time_and_place(job: Job) -> None:
    place = "reports/tiny/count/0123456789ab/report.html"
    assert said(job, outcome(job)) == (
        f"made      tiny/count 0123456789ab · You may rely on these numbers · 12 s · {place}\n"
    )
    assert said(job, outcome(job, "rendered")).startswith("rendered  tiny/count ")


def test_a_failure_names_its_page_only_where_there_is_one(job: Job) -> None:
    told = outcome(job, "failed", failure="cell 3: orders.csv:3: too few. Add more.")
    line = "failed    tiny/count: cell 3: orders.csv:3: too few. Add more."
    assert said(job, told) == f"{line}\n"
    told.folder.mkdir(parents=True)
    (told.folder / "report.html").write_text("", "utf-8")
    assert said(job, told) == (
        f"{line} · what it did until then: {Path('reports/tiny/count/0123456789ab/report.html')}\n"
    )


def test_a_verified_version_says_whether_it_differs(job: Job) -> None:
    told = outcome(job, "differs", failure="report.html differs from the published bytes, from cell 2 (`a`) on")
    assert said(job, told) == f"differs   tiny/count: {told.failure}\n"
    assert "same bytes" in said(job, outcome(job, "same", verdict="same bytes"))
