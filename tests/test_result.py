"""result.json keeps what a report states, and is read in the form of earlier versions."""

import json
from pathlib import Path

import pytest

from reachbook.errors import RunError
from reachbook.result import RESULT, Finding, Result

GAIN = Finding("gain", "Gain", 1.0, 0.5, 1.5, "ratio", 0.0, "current plan")
WHOLE = Result("tiny", "count", Path(), findings=(GAIN,), level=0.9)


def written(folder: Path, **changed: object) -> Path:
    """The folder of a result, with other values at some of its names; None for none."""
    Result(**{**vars(WHOLE), "folder": folder}).write()
    path = folder / RESULT
    content = json.loads(path.read_text("utf-8")) | changed
    path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}), "utf-8")
    return folder


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    found = Result.read(written(tmp_path))
    assert (found.findings, found.level) == ((GAIN,), 0.9)


def test_versions_that_name_neither_reference_nor_level_are_read(tmp_path: Path) -> None:
    old = {name: value for name, value in vars(GAIN).items() if name != "against"}
    found = Result.read(written(tmp_path, findings=[old], level=None))
    assert (found.findings[0].reference, found.findings[0].against, found.level) == (0.0, "", None)


@pytest.mark.parametrize("changed", [{"level": "0.9"}, {"findings": [vars(GAIN) | {"against": 0}]}])
def test_values_of_another_kind_are_damage(tmp_path: Path, changed: dict[str, object]) -> None:
    with pytest.raises(RunError, match="damaged"):
        Result.read(written(tmp_path, **changed))


def test_a_finding_made_from_an_interval_says_what_it_is_held_against() -> None:
    assert Finding.from_interval("gain", "Gain", (0.5, 1.0, 1.5), "ratio", 0.0, "current plan") == GAIN
