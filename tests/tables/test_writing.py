"""A table that is begun early is the same file, and one that is refused leaves nothing."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reachbook import hashing
from reachbook.errors import DataError
from reachbook.tables.writing import writer

TABLE = pa.table({"order_id": ["a", "b"], "amount": [1.0, 2.0]})


def test_a_table_that_was_begun_early_is_the_file_that_is_written_at_the_end(tmp_path: Path) -> None:
    found = []
    for name, early in (("late.parquet", False), ("early.parquet", True)):
        with writer(tmp_path / name) as writing:
            if early:
                writing.begin(TABLE)
            found.append(writing.finish(TABLE))
    assert found[0] == found[1] == hashing.of_file(tmp_path / "early.parquet")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["early.parquet", "late.parquet"]


def test_another_table_than_the_one_begun_takes_its_place(tmp_path: Path) -> None:
    with writer(tmp_path / "t.parquet") as writing:
        writing.begin(TABLE)
        sha = writing.finish(TABLE.slice(0, 1))
    assert sha == hashing.of_file(tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet").num_rows == 1


def test_a_refused_table_leaves_no_file(tmp_path: Path) -> None:
    def refuse() -> None:
        with writer(tmp_path / "t.parquet") as writing:
            writing.begin(TABLE)
            raise DataError("row 2 is broken. Mend it.")

    with pytest.raises(DataError):
        refuse()
    assert not any(tmp_path.iterdir())
