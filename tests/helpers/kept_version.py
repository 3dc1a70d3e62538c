"""A whole version on disk, as a run would leave it, without a kernel."""

from datetime import UTC, datetime
from pathlib import Path

from helpers.tiny_project import notebook
from reachbook.engine.make import study_spec
from reachbook.engine.page import provenance
from reachbook.engine.plan import Job
from reachbook.result import Result


def filled(folder: Path, job: Job) -> Path:
    """Write everything that belongs to the version of `job` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    Result(job.file.name, job.notebook.name, folder).write()
    (folder / "report.html").write_text("<html></html>", encoding="utf-8")
    notebook(folder / "notebook.ipynb", ["We count.", "orders = 12"])
    provenance.write(folder, provenance.record(job, study_spec(job), datetime.now(UTC), (), ""))
    return folder
