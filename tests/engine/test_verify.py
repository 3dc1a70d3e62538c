"""The same inputs give the same bytes, and a version can be proved by running it again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.kept_version import filled
from helpers.tiny_project import COUNT, Project
from reachbook import report_paths
from reachbook.engine import plan
from reachbook.engine import verify as verification
from reachbook.engine.archive import crate
from reachbook.engine.page import provenance, render
from reachbook.engine.plan import Job
from reachbook.engine.verify import Recorded, recorded, verify
from reachbook.errors import RunError

type Make = Callable[..., int]


def version_of(root: Path) -> Path:
    (version,) = report_paths.versions(root / "reports" / "tiny" / "count")
    return version


def test_another_folder_another_clock_another_home_the_same_bytes(
    project: Project, make: Make, tmp_path_factory: pytest.TempPathFactory
) -> None:
    telling = ["import pathlib, warnings", "print(pathlib.Path.cwd(), object())", "warnings.warn('here')"]
    project.notebook("count", [*COUNT, *telling], title="How many orders?", tables=["orders"])
    elsewhere = tmp_path_factory.mktemp("else where")
    shutil.copytree(project.root, elsewhere, dirs_exist_ok=True)
    make("reports")
    surroundings = {**os.environ, "TZ": "Asia/Tokyo", "HOME": str(elsewhere), "LC_ALL": "C", "PYTHONHASHSEED": "99"}
    subprocess.run([sys.executable, "-m", "reachbook", "reports"], cwd=elsewhere, env=surroundings, check=True)
    mine, other = version_of(project.root), version_of(elsewhere)
    assert mine.name == other.name
    for name in ("report.html", "result.json", "notebook.ipynb", "tables/orders.parquet"):
        assert (mine / name).read_bytes() == (other / name).read_bytes(), name


def test_a_version_reproduces_though_the_parameters_have_changed_since(
    reported: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    path = reported.root / "params/tiny/study.yaml"
    path.write_text(path.read_text("utf-8").replace("seed: 7", "seed: 8"), encoding="utf-8")
    assert make("verify", "--version", version_of(reported.root).name[:6]) == 0
    assert "1 of 1 gave the same bytes" in capsys.readouterr().out


def test_a_version_that_does_not_names_the_cell(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    project.notebook("count", [*COUNT, "import uuid\nprint(uuid.uuid4())"], tables=["orders"])
    make("reports")
    assert make("verify") == 1
    assert "report.html differs from the published bytes, from cell 12 (`import uuid`) on" in capsys.readouterr().out


def test_a_version_whose_inputs_changed_says_which(
    reported: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    reported.orders(rows=20)
    assert make("verify") == 1
    assert "table orders: 12 → 20 rows." in capsys.readouterr().out


def test_no_such_version(project: Project, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("verify", "--version", "abc") == 2
    assert "no published version begins with 'abc'" in capsys.readouterr().err


@pytest.fixture
def kept(project: Project) -> Path:
    """A version of today's inputs, as a run would have left it."""
    (job,) = plan.jobs(project.root)
    return filled(job.folder, job)


def only(project: Project, version: str | None = None) -> Recorded:
    (found,) = recorded(project.root, version)
    return found


def test_a_version_is_rebuilt_from_its_record_to_the_job_that_made_it(project: Project, kept: Path) -> None:
    (job,) = plan.jobs(project.root)
    found = only(project)
    assert (found.inputs, found.key, found.version) == (job.inputs, job.key, job.version)
    assert (found.original, found.hindrance) == (kept, "")
    assert found.name == f"tiny/count {kept.name}"


@pytest.mark.parametrize("version", [None, "", "all"])
def test_all_versions_are_meant_where_none_is_named(project: Project, kept: Path, version: str | None) -> None:
    assert only(project, version).original == kept
    assert only(project, kept.name[:4]).original == kept
    with pytest.raises(RunError, match=r"VERSION: no published version begins with 'zz'. reports/index.html lists"):
        recorded(project.root, "zz")


def test_nothing_made_yet_is_said_with_what_to_do(project: Project) -> None:
    with pytest.raises(RunError, match=r"^reports: nothing has been made yet. Run `make reports` first.$"):
        recorded(project.root, None)


@pytest.mark.parametrize(("changed", "more"), [(1, ""), (3, ""), (4, " and 1 more")])
def test_what_keeps_a_version_from_being_made_again_is_named_at_most_three_times(
    project: Project, kept: Path, changed: int, more: str
) -> None:
    record = provenance.read(kept)
    modules = record["inputs"]["modules"]
    record["inputs"]["modules"] = {
        name: "edited" if n < changed else sha for n, (name, sha) in enumerate(modules.items())
    }
    provenance.write(kept, {**record, "run": {**record["run"], "commit": "abc1234+"}})
    names = list(modules)[: min(changed, 3)]
    assert only(project).hindrance == (
        f"{'; '.join(f'module {name} changed' for name in names[:3])}{more}. Check out commit abc1234 to verify it."
    )


def test_another_template_of_the_page_is_a_hindrance(
    project: Project, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "key", lambda: "another page")
    assert only(project).hindrance.startswith("the page's template changed.")


def test_a_damaged_or_nameless_version_is_listed_with_its_hindrance(project: Project, kept: Path) -> None:
    (project.root / "notebooks" / "count.ipynb").unlink()
    assert only(project).hindrance.startswith("notebooks/count.ipynb: there is no such notebook.")
    (kept / "report.html").unlink()
    found = only(project)
    assert found.hindrance == (
        "report.html is missing. `make reports` sets it aside and makes it again if it is current."
    )
    assert found.name == f"tiny/count {kept.name}"


def again(monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], failure: str = "") -> None:
    """Let the second run leave the same version with a change."""

    def run(job: Job, folder: Path, tell: object) -> str:
        shutil.copytree(job.original, folder, dirs_exist_ok=True)  # type: ignore[attr-defined]
        change(folder)
        return failure

    monkeypatch.setattr("reachbook.engine.make.run", run)


def rewrite(*names: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).write_text("<html>other</html>", "utf-8")

    return change


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), ""),
        (("report.html",), "report.html differs from the published bytes; every cell of the notebook gave the same"),
        (
            verification.COMPARED,
            "report.html and result.json differ from the published bytes; every cell of the notebook gave the same",
        ),
        (("run.json",), ""),
    ],
)
def test_report_and_result_are_compared_and_nothing_else(
    project: Project, kept: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], said: str
) -> None:
    again(monkeypatch, rewrite(*names))
    outcome = verify(only(project), lambda *_: None)
    assert (outcome.kind, outcome.failure) == ("differs" if said else "same", said)
    assert outcome.folder == kept


def test_metadata_are_compared_where_the_version_has_them(
    project: Project, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job,) = plan.jobs(project.root)
    crate.write(kept, job.inputs, job.version)
    again(monkeypatch, rewrite())
    assert verify(only(project), lambda *_: None).kind == "same"
    again(monkeypatch, rewrite(crate.CRATE))
    said = "ro-crate-metadata.json differs from the published bytes; every cell of the notebook gave the same"
    assert verify(only(project), lambda *_: None).failure == said


def test_a_run_that_stops_differs_with_its_own_reason(
    project: Project, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again(monkeypatch, rewrite(), "cell 3: There is not enough memory.")
    outcome = verify(only(project), lambda *_: None)
    assert (outcome.kind, outcome.failure) == ("differs", "cell 3: There is not enough memory.")
