"""Versions on disk: the newest first, damaged ones named, one found by the beginning of its name."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.shelved import home, name, shelved
from reachbook.engine import kept
from reachbook.engine.erasure.withdraw import withdraw
from reachbook.errors import RunError


def test_the_newest_comes_first_and_the_damaged_is_told_apart(tmp_path: Path) -> None:
    for number, day in ((1, "03"), (2, "01"), (3, "02")):
        shelved(tmp_path, number, f"2026-10-{day}T08:00:00+00:00")
    (home(tmp_path) / name(3) / "notebook.ipynb").unlink()
    versions, damaged = kept.versions(home(tmp_path))
    assert [each.name for each in versions] == [name(1), name(2)]
    assert damaged == {name(3): "notebook.ipynb is missing"}


@pytest.mark.parametrize(
    ("begin", "said"),
    [
        ("", "VERSION: is empty."),
        ("ff", "VERSION: no published version begins with 'ff'."),
        ("0", "VERSION: 2 versions begin with '0'."),
        (name(2), f"VERSION: {name(2)} is damaged: report.html is missing."),
    ],
)
def test_a_name_that_fits_no_version_or_several_is_one_line(tmp_path: Path, begin: str, said: str) -> None:
    shelved(tmp_path, 1)
    (shelved(tmp_path, 2) / "report.html").unlink()
    with pytest.raises(RunError) as error:
        kept.find(tmp_path, begin)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)
    assert kept.find(tmp_path, name(1)).folder == home(tmp_path) / name(1)


@pytest.mark.parametrize(
    ("file", "place", "value"),
    [
        ("run.json", ("key",), 5),
        ("run.json", ("inputs", "study", "language"), "fr"),
        ("run.json", ("inputs", "study", "period", "start"), "July"),
        ("run.json", ("inputs", "parameters"), []),
        ("run.json", ("inputs", "tables", "orders", "rows"), "twelve"),
        ("run.json", ("inputs", "upstream"), None),
        ("result.json", ("findings", 0, "value"), "much"),
        ("result.json", ("findings", 0, "label"), None),
        ("result.json", ("gates", 0, "passed"), "no"),
        ("result.json", ("decision",), {}),
    ],
)
def test_a_record_that_holds_something_else_than_it_should_is_damage(
    tmp_path: Path, file: str, place: tuple[str | int, ...], value: Any
) -> None:
    path = shelved(tmp_path, 1) / file
    content = part = json.loads(path.read_text("utf-8"))
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    path.write_text(json.dumps(content), "utf-8")
    sound, damaged = kept.versions(home(tmp_path))
    assert sound == []
    assert damaged[name(1)].startswith(f"{file} is cut off or damaged (")


def test_a_withdrawn_version_is_said_to_be_withdrawn_and_when(tmp_path: Path) -> None:
    shelved(tmp_path, 1)
    withdraw(shelved(tmp_path, 2), "2026-11-03", 30)
    with pytest.raises(RunError, match=f"VERSION: {name(2)} was withdrawn on 2026-11-03, because people"):
        kept.find(tmp_path, name(2))
    assert kept.find(tmp_path, name(1)).name == name(1)
