"""What other notebooks say of data quality."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers.tiny_project import COUNT, Project
from reachbook.report import Report
from reachbook.study import Study
from reachbook.study.inherited import quality_gates


@pytest.fixture
def study(project: Project, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.chdir(project.root)
    project.notebook("count", COUNT, title="Count", spec="reachbook.quality.spec:QualitySpec", tables=["orders"])
    return Study.load("tiny")


def published(study: Study, folder: Path, rows: list[tuple[str, bool, bool, str]]) -> Study:
    """The study with a data-quality report that made these checks: table, passed, blocks, words."""
    report = Report(replace(study, output=folder), "data_quality")
    frame = pd.DataFrame(rows, columns=["table", "passed", "blocks", "words"])
    report.table("checks", frame.assign(check="some", seen=""))
    return replace(study, published={"data_quality": folder})


def test_without_a_report_nothing_is_said(study: Study) -> None:
    assert quality_gates(study, "count") == ()


def test_a_fault_that_blocks_there_warns_here(study: Study, tmp_path: Path) -> None:
    rows = [
        ("orders", False, False, "sudden days"),
        ("orders", False, True, "duplicates"),
        ("users", False, True, "gaps"),
    ]
    (gate,) = quality_gates(published(study, tmp_path / "v", rows), "count")
    assert (gate.passed, gate.level) == (False, "warn")
    assert "warns of orders (duplicates, sudden days)" in gate.detail
    assert "users" not in gate.detail


def test_tables_without_a_fault_pass(study: Study, tmp_path: Path) -> None:
    rows = [("orders", True, True, "gaps"), ("users", False, True, "gaps")]
    (gate,) = quality_gates(published(study, tmp_path / "v", rows), "count")
    assert gate.passed
    assert "nothing wrong with orders" in gate.detail


def test_a_report_about_other_tables_says_nothing(study: Study, tmp_path: Path) -> None:
    assert quality_gates(published(study, tmp_path / "v", [("users", True, True, "gaps")]), "count") == ()
