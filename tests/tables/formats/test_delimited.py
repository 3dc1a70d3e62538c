"""Text files are read cell by cell as text, and a row that does not fit is told by what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest

from reachbook.errors import DataError
from reachbook.tables.formats.delimited import read_text
from reachbook.tables.formats.raw import Raw
from reachbook.tables.source import Source


def read(folder: Path, *lines: str, end: str = "\n", name: str = "a.csv", **options: Any) -> Raw:
    path = folder / name
    path.write_bytes(end.join([*lines, ""]).encode())
    return read_text(path, name, Source(path=name, **options))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_stay_text_and_rows_keep_the_numbers_that_a_person_sees(tmp_path: Path, end: str) -> None:
    raw = read(tmp_path, "", "a,b", '007,"x,y"', ",", '1e3," "', end=end)
    assert raw.frame.to_pylist() == [{"a": "007", "b": "x,y"}, {"a": "1e3", "b": " "}]
    assert raw.numbers.tolist() == [3, 5]
    assert raw.facts == {
        "source": "a.csv",
        "format": "text",
        "encoding": "utf-8",
        "delimiter": ",",
        "blank_rows": 1,
    }


def test_a_text_of_several_lines_is_one_row(tmp_path: Path) -> None:
    raw = read(tmp_path, "a\tb", '1\t"x\ny"', "2\tz", name="a.tsv")
    assert raw.frame.column("b").to_pylist() == ["x\ny", "z"]
    assert raw.at(1) == "a.tsv:3"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("1,2,3", "1,2,3,4"), "a.csv:3: has 4 cells, the header has 3. Put quotes around a text"),
        (("1,2,3", "1,2"), "a.csv:3: has 2 cells, the header has 3. Add the missing cells"),
        (("1,2,3", "made by a person"), "a.csv:3: has 1 cell, the header has 3. If it is a note below the table"),
        (("1,2,3", "合计,3"), "a.csv:3: is a totals row by its looks (合计), and has 2 cells, the header has 3."),
        (("1,2,3,", "1,2,3,"), "a.csv:1: every row ends with a ',' and the header does not."),
        (("1,2,3,4", "1,2,3,4"), "a.csv:1: the header has 3 names, and every row 4 cells: a name is missing."),
        (("1,2,3", "1,2,3,4", "1,2,3,4"), "a.csv:3: from here on all 2 rows have 4 cells, the header has 3"),
    ],
)
def test_a_ragged_row_is_told_by_its_likely_cause(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, "a,b,c", *lines)
    assert str(error.value).startswith(said)


def test_a_workbook_by_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(DataError, match=r"^a\.csv: is an Excel workbook or a zip file, whatever its name says"):
        read_text(tmp_path / "a.csv", "a.csv", Source(path="a.csv"))
