"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from reachbook import atomic


def test_the_folder_is_made_and_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    atomic.write_text(tmp_path / "a" / "b.json", "一")
    assert (tmp_path / "a" / "b.json").read_text("utf-8") == "一"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.json"]


def test_what_was_there_stays_where_the_new_text_cannot_be_written(tmp_path: Path) -> None:
    """A lone surrogate has no UTF-8: writing fails midway."""
    path = tmp_path / "b.json"
    atomic.write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        atomic.write_text(path, "new \ud800")
    assert path.read_text("utf-8") == "old"
