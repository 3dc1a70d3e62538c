"""A file is read anew when it or an option of reading changes, and only then."""

from pathlib import Path

import pytest

from reachbook.draft.kept_files import kept_file
from reachbook.errors import DataError
from reachbook.tables.source import Source


def test_a_file_is_kept_while_it_and_its_reading_stay_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    plain = Source(path="a.csv")
    first = kept_file("a.csv", plain, tmp_path)
    assert kept_file("a.csv", plain.model_copy(update={"trim": True}), tmp_path) is first
    assert kept_file("a.csv", Source(path="a.csv", header=2), tmp_path).frame.column_names == ["1", "2"]
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,4\n")
    assert kept_file("a.csv", plain, tmp_path).frame.num_rows == 2
    with pytest.raises(DataError, match="there is no such file"):
        kept_file("b.csv", plain, tmp_path)
