"""Files are found as they are named, and a missing one is answered with those that are there."""

from pathlib import Path

import pytest

from reachbook.errors import DataError
from reachbook.tables.files import locate, matching


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    for name in ("orders_07.csv", "orders_08.csv", "~$orders_09.csv", ".orders_06.csv", "orders.sqlite"):
        (tmp_path / "data" / name).write_text("a\n1\n", "utf-8")
    (tmp_path / "data" / "hollow.csv").touch()
    return tmp_path


def test_a_file_is_found_from_the_root_or_in_a_package(root: Path) -> None:
    assert locate("data/orders_07.csv", root) == root / "data" / "orders_07.csv"
    assert locate(str(root / "data" / "orders_07.csv"), Path("/elsewhere")) == root / "data" / "orders_07.csv"
    assert locate("package://reachbook/tables/files.py", root).name == "files.py"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("data", "data: is a directory, not a file. Name a file in it, one of .orders_06.csv, hollow.csv"),
        ("data/hollow.csv", "data/hollow.csv: is empty (0 bytes). Export it again."),
        ("data/order_07.csv", "Did you mean data/orders_07.csv or data/orders_08.csv"),
        ("data/orders.db", "Did you mean data/orders.sqlite?"),
        ("data/q.sql", "Its folder holds no such file of any name"),
        ("date/orders_07.csv", "Its folder is missing too; paths start at the project's root."),
        ("package://no_such_package/a.csv", "the package no_such_package is not installed"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_way_on(root: Path, name: str, said: str) -> None:
    with pytest.raises(DataError) as error:
        locate(name, root)
    assert said in str(error.value)


def test_a_pattern_gives_files_in_order_without_locks_and_hidden_ones(root: Path) -> None:
    assert matching("data/*orders_*.csv", root) == ["data/orders_07.csv", "data/orders_08.csv"]
    assert matching(f"{root}/data/orders_0[8-9].csv", root) == [f"{root}/data/orders_08.csv"]
    assert matching("no/pattern.csv", root) == ["no/pattern.csv"], "a plain name is for locate to judge"
    with pytest.raises(DataError, match="no file matches"):
        matching("data/*.xml", root)
