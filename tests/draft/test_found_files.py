"""Files are found as a shell would: by patterns, quotes, folders and several names."""

from pathlib import Path

import pytest

from reachbook.draft.found_files import found_files
from reachbook.errors import DataError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    for name in ("data/b.csv", "data/a 1.csv", "data/c.xlsx", "data/~$c.xlsx", "data/notes.md", "../beside/d.csv"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("patterns", "files"),
    [
        (["data/*.csv"], ["data/a 1.csv", "data/b.csv"]),
        (["data/a 1.csv"], ["data/a 1.csv"]),
        (["'data/a 1.csv' data/c.xlsx"], ["data/a 1.csv", "data/c.xlsx"]),
        (["data/b.csv", "data/*.csv"], ["data/a 1.csv", "data/b.csv"]),
        (["data"], ["data/a 1.csv", "data/b.csv", "data/c.xlsx"]),
        (["**/b.csv"], ["data/b.csv"]),
        (["../beside/*"], ["../beside/d.csv"]),
    ],
)
def test_names_and_patterns(root: Path, patterns: list[str], files: list[str]) -> None:
    assert found_files(patterns, root) == files


def test_a_file_elsewhere_has_a_relative_name(root: Path) -> None:
    assert found_files([str(root.parent / "beside" / "d.csv")], root) == ["../beside/d.csv"]


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        ([], "no file is named"),
        ([" "], "no file is named"),
        (["data/z*.csv"], "data/z\\*.csv: no file matches"),
        (["data/b.csv data/z.csv"], "data/z.csv: no file matches"),
        (["'data/b.csv"], "a quote is not closed"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(root: Path, patterns: list[str], said: str) -> None:
    with pytest.raises(DataError, match=said) as told:
        found_files(patterns, root)
    assert "\n" not in str(told.value)
