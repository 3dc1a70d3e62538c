"""The same inputs give the same bytes, and a version can be proved by running it again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.tiny_project import COUNT, Project
from reachbook import report_paths

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


def test_a_version_that_reproduces(project: Project, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    make("reports")
    name = version_of(project.root).name
    assert make("verify", "--version", name[:6]) == 0
    assert "1 of 1 gave the same bytes" in capsys.readouterr().out


def test_a_version_that_does_not_names_the_cell(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    project.notebook("count", [*COUNT, "import uuid\nprint(uuid.uuid4())"], tables=["orders"])
    make("reports")
    assert make("verify") == 1
    assert "report.html differs from the published bytes, from cell 12 (`import uuid`) on" in capsys.readouterr().out


def test_a_version_whose_inputs_changed_says_which(
    project: Project, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    make("reports")
    project.orders(rows=20)
    assert make("verify") == 1
    assert "table orders: 12 → 20 rows." in capsys.readouterr().out


def test_an_older_version_with_other_parameters_still_verifies(project: Project, make: Make) -> None:
    make("reports")
    path = project.root / "params/tiny/study.yaml"
    path.write_text(path.read_text("utf-8").replace("seed: 7", "seed: 8"), encoding="utf-8")
    assert make("verify") == 0


def test_no_such_version(project: Project, make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    assert make("verify", "--version", "abc") == 2
    assert "no published version begins with 'abc'" in capsys.readouterr().err
