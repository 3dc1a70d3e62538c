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


def late(study: Study, folder: Path, days: dict[str, tuple[str, str]], rows: int = 0) -> Study:
    """The study with a data-quality report on tables whose last days are late, and with `rows` other faults of each."""
    report = Report(replace(study, output=folder), "data_quality")
    made = [(name, "late", "late last days", *span) for name, span in days.items()]
    made += [(name, "gaps", "gaps", "", "") for name in days for _ in range(rows)]
    frame = pd.DataFrame(made, columns=["table", "check", "words", "first", "last"])
    report.table("checks", frame.assign(passed=False, blocks=False, seen="some"))
    return replace(study, published={"data_quality": folder})


def test_incomplete_last_days_are_said_to_be_in(study: Study, tmp_path: Path) -> None:
    known = late(study, tmp_path / "v", {"orders": ("2026-07-30", "2026-07-31"), "users": ("2026-07-01", "2026-07-31")})
    (gate,) = quality_gates(known, "count")
    assert (gate.id, gate.passed, gate.level) == ("late", False, "warn")
    assert gate.detail == (
        "Not left out here, though the export holds them only in part: 2 days, 2026-07-30 to 2026-07-31 (orders). "
        "Export these days again, or end `period` in study.yaml on 2026-07-29."
    )


def test_other_faults_are_said_beside_them(study: Study, tmp_path: Path) -> None:
    known = late(study, tmp_path / "v", {"orders": ("2026-07-31", "2026-07-31")}, rows=1)
    first, second = quality_gates(known, "count")
    assert "warns of orders (gaps)." in first.detail
    assert "1 day, 2026-07-31 (orders)" in second.detail


def test_days_of_a_table_that_the_period_does_not_cut_are_exported_again(study: Study, tmp_path: Path) -> None:
    days = ("2026-07-27", "2026-08-02")
    media = replace(study, tables={"media": Path()}, _read={"count": ("media",)})
    (gate,) = quality_gates(late(media, tmp_path / "v", {"media": days}), "count")
    assert gate.detail.endswith("7 days, 2026-07-27 to 2026-08-02 (media). Export these days again.")
