"""Make one version: run the notebook, or render an earlier run again, and publish it."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from reachbook import report_paths
from reachbook.engine import disclosure, integrity, kernel, publish, refused_inputs, scratch
from reachbook.engine.archive import crate
from reachbook.engine.execute import Executed, execute, run_file
from reachbook.engine.job_outcome import JobOutcome, Tell
from reachbook.engine.page import provenance, render
from reachbook.engine.plan import Job
from reachbook.result import Result
from reachbook.tables.source import hidden
from reachbook.translation import sentences, tr, use


def make(job: Job, tell: Tell) -> JobOutcome:
    """Make the version of `job` and publish it, or keep its failure; call once in each process.

    Raises
    ------
    ParamsError
        Beside an earlier version it would tell a few people apart; nothing of it is kept.
    """
    started = datetime.now(UTC)
    use(job.file.spec.language)
    with publish.building(job.home, job.version) as folder:
        kept = _same_run(job)
        failure = _render_again(job, kept, folder) if kept else run(job, folder, tell)
        if not failure:
            sound = [each for each in report_paths.versions(job.home) if not integrity.flaw(each)]
            disclosure.refuse(folder, job.inputs, sound)
        verdict = Result.read(folder).verdict
        place = (publish.publish_failed if failure else publish.publish)(folder, job.home, job.version)
    kind = "failed" if failure else ("rendered" if kept else "made")
    return JobOutcome(
        job.name, job.version, kind, place, verdict, (datetime.now(UTC) - started).total_seconds(), failure
    )


def run(job: Job, folder: Path, tell: Tell) -> str:
    """Run the notebook of `job` in `folder` and render it.

    Returns
    -------
    str
        Where and why it stopped; "" if it reached its end.
    """
    started = datetime.now(UTC)
    done = _executed(job, folder, tell)
    failure = done.failure
    if failure and job.inputs["study"]["privacy"]["audience"] == "shared":
        done = _emptied(done, folder)
    if not (folder / "result.json").exists():  # a notebook that hands nothing over still has a report
        Result(job.file.name, job.notebook.name, folder).write()
    _write_page(job, folder, done.notebook, done.failure)
    provenance.write(folder, provenance.record(job, study_spec(job), started, done.seconds, done.failure))
    if not done.failure:
        crate.write(folder, job.inputs, job.version)
    return failure


def study_spec(job: Job) -> dict[str, Any]:
    """Return the study's own parameters as plain data, without passwords."""
    spec = job.file.spec.model_dump(mode="json", exclude_defaults=True, exclude={"extends"})
    for table in spec.get("tables", {}).values():
        for part in (table, *table.get("parts", ())):
            if part.get("url"):
                part["url"] = hidden(part["url"])
    return spec


def _executed(job: Job, folder: Path, tell: Tell) -> Executed:
    root = job.file.root
    with scratch.folder() as temporary:
        told = run_file(Path(temporary) / "run.json", _run_parameters(job, folder))
        parameters = {"study_name": job.file.name, **job.inputs["parameters"]}
        surroundings = kernel.environment(root, told)
        return execute(job.notebook.path, folder / "notebook.ipynb", parameters, surroundings, Path(temporary), tell)


def _emptied(done: Executed, folder: Path) -> Executed:
    """A stopped run without anything that it showed: its tables and figures may count those for whom it was refused,
    and why it stopped may quote a cell.
    """
    shutil.rmtree(folder)
    folder.mkdir()
    for cell in done.notebook.cells:
        if cell.cell_type == "code":
            cell["outputs"] = []
    nbformat.write(done.notebook, folder / "notebook.ipynb")
    why = tr("The page is for a shared audience, so nothing that it had shown is kept.")
    return replace(done, failure=sentences(refused_inputs.withheld(), why))


def _run_parameters(job: Job, folder: Path) -> dict[str, Any]:
    return {
        "root": str(job.file.root),
        "study": job.file.name,
        "notebook": job.notebook.name,
        "spec": study_spec(job),
        "parameters": job.inputs["parameters"],
        "tables": {name: str(table.path) for name, table in job.tables.items()},
        "warnings": job.warnings,
        "left_out": job.left_out,
        "departed": job.departed,
        "published": {name: str(path.resolve()) for name, path in job.published.items()},
        "output": str(folder.resolve()),
    }


def _write_page(job: Job, folder: Path, notebook: Any, failure: str) -> None:
    header = provenance.header(job.inputs, job.version, failure)
    (folder / "report.html").write_text(render.page(notebook, Result.read(folder), header), encoding="utf-8")


def _same_run(job: Job) -> Path | None:
    """Find an intact version made by the same run with another page, or None."""
    sound = (folder for folder in report_paths.versions(job.home) if not integrity.flaw(folder))
    return next((folder for folder in sound if provenance.read(folder)["key"] == job.key), None)


def _render_again(job: Job, kept: Path, folder: Path) -> str:
    shutil.copytree(kept, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("report.html"))
    _write_page(job, folder, nbformat.read(folder / "notebook.ipynb", as_version=4), "")
    provenance.write(folder, {**provenance.read(kept), "version": job.version, "page": job.page})
    crate.write(folder, job.inputs, job.version)
    return ""
