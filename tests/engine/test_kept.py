"""Versions on disk: the newest first, damaged ones named, one found by the beginning of its name."""

from pathlib import Path

import pytest

from helpers.shelved import home, name, shelved
from reachbook.engine import kept
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
