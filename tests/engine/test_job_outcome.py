"""What the process that waits for workers knows of them."""

import subprocess
import sys

from helpers.tiny_project import Project
from reachbook.engine import plan
from reachbook.engine.job_outcome import JobOutcome, refused


def test_a_job_that_was_not_started_failed_without_deciding_anything(project: Project) -> None:
    (job,) = plan.jobs(project.root)
    assert refused(job, "not started, because tiny/before failed") == JobOutcome(
        name="tiny/count",
        version=job.version,
        kind="failed",
        folder=project.root / "reports" / "tiny" / "count",
        verdict="no decision",
        seconds=0.0,
        failure="not started, because tiny/before failed",
    )


def test_it_is_light_to_import() -> None:
    """The waiting process runs no notebook, so it loads neither what runs nor what reads one."""
    code = "import sys, reachbook.engine.job_outcome; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"papermill", "nbformat", "nbconvert", "pandas", "numpy", "pyarrow"} & set(said.stdout.split())
