"""What changed between two versions, in words."""

from pathlib import Path
from typing import Any

import pytest

from reachbook.engine.page import compare
from reachbook.result import Finding, Result
from reachbook.verdict import Gate

INPUTS: dict[str, Any] = {
    "format": 2,
    "study": {"title": "Tiny", "seed": 7},
    "notebook": {"cells": "aa"},
    "parameters": {"k_max": 8},
    "tables": {"orders": {"rows": 12, "sha256": "aa"}},
    "modules": {"reachbook.report": "aa"},
    "lock": "aa",
    "python": "3.13",
    "upstream": {"count": "aa"},
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**INPUTS, **parts}


@pytest.mark.parametrize(
    ("after", "lines"),
    [
        (INPUTS, []),
        (changed(study={"title": "Tiny", "seed": 8}), ["seed: 7 → 8"]),
        (changed(parameters={"k_max": 5}), ["k_max: 8 → 5"]),
        (changed(parameters={"k_max": 8, "k_min": None, "on": [1, "小"]}), ['on: – → [1, "小"]']),
        (changed(tables={"orders": {"rows": 1200, "sha256": "bb"}}), ["table orders: 12 → 1,200 rows"]),
        (changed(tables={"orders": {"rows": 12, "sha256": "bb"}}), ["table orders: 12 → 12 rows, other content"]),
        (changed(tables={}), ["table orders removed"]),
        (changed(tables=INPUTS["tables"] | {"users": {"rows": 3}}), ["table users added"]),
        (changed(modules={"reachbook.report": "bb"}), ["module reachbook.report changed"]),
        (changed(notebook={"cells": "bb"}), ["notebook cells changed"]),
        (changed(upstream={}), ["results of count removed"]),
        (changed(lock="bb", python="3.14", format=3), [
            "requirements.lock changed", "Python changed", "the format of versions changed",
        ]),
    ],
)  # fmt: skip
def test_each_change_of_the_inputs_is_one_line(after: dict[str, Any], lines: list[str]) -> None:
    assert compare.inputs(INPUTS, after) == lines


def test_a_long_value_is_cut() -> None:
    (line,) = compare.inputs(INPUTS, changed(parameters={"k_max": "x" * 100}))
    assert line == f"k_max: 8 → {'x' * 57}..."


def result(folder: Path, *findings: Finding, decision: str = "Go on.", passed: bool = True) -> Result:
    gates = (Gate("fit", passed, "It fits."),)
    return Result("tiny", "count", folder, findings=findings, gates=gates, decision=decision)


def shown(tmp_path: Path, before: list[Finding], after: list[Finding]) -> list[str]:
    return compare.findings(result(tmp_path, *before), result(tmp_path, *after), "EUR")


def test_findings_that_differ_are_told_with_their_difference_in_the_right_unit(tmp_path: Path) -> None:
    before = [
        Finding("share", "Share", 0.25, 0.2, 0.3, "ratio"),
        Finding("spend", "Spend", 10.0, unit="money"),
        Finding("same", "Same", 3.0, unit="count"),
    ]
    after = [
        Finding("share", "Share", 0.20, 0.15, 0.25, "ratio"),
        Finding("spend", "Spend", 12.5, unit="money"),
        Finding("same", "Same", 3.0, unit="count"),
    ]
    assert shown(tmp_path, before, after) == [
        "Share: 25.0% [20.0%, 30.0%] → 20.0% [15.0%, 25.0%] (\N{MINUS SIGN}5.0 percentage points)",
        "Spend: €10.00 → €12.50 (+€2.50)",
    ]


def test_what_cannot_be_told_has_no_difference_and_what_comes_or_goes_is_said(tmp_path: Path) -> None:
    known, unknown = Finding("a", "A", 1.0), Finding("a", "A", None)
    assert shown(tmp_path, [unknown], [known]) == ["A: we cannot tell → 1 (not comparable)"]
    assert shown(tmp_path, [], [known]) == ["A: – → 1"]
    assert shown(tmp_path, [known], []) == ["A: 1 → –"]


def test_another_verdict_comes_first(tmp_path: Path) -> None:
    held, blocked = result(tmp_path), result(tmp_path, passed=False)
    assert compare.findings(held, blocked, "CNY") == ["verdict: act → do not act"]
    assert compare.findings(held, held, "CNY") == []


def cells(*sources: str, output: str = "") -> dict[str, Any]:
    return {"cells": [{"source": source, "outputs": [output]} for source in sources]}


def test_the_first_cell_that_differs_is_named_by_its_first_line() -> None:
    assert compare.first_cell(cells("a = 1", "b"), cells("a = 1", "b")) == ""
    assert compare.first_cell(cells("a = 1", "\n\nb = 2\nc"), cells("a = 1", "b = 3")) == "cell 2 (`b = 2`)"
    assert compare.first_cell(cells("x" * 80), cells("x" * 80, output="1")) == f"cell 1 (`{'x' * 60}`)"
    assert compare.first_cell(cells(""), cells("", output="1")) == "cell 1 (``)"


def test_a_cell_more_is_a_difference_too() -> None:
    assert compare.first_cell(cells("a"), cells("a", "b")) == "the number of cells"
