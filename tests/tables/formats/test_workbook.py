"""Sheets are read as they are shown: cells as text, rows by their numbers, errors by their names."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpers.workbook_writer import Error, write_xlsx
from reachbook.errors import DataError
from reachbook.tables.formats.raw import Raw
from reachbook.tables.formats.workbook import formula_errors, read_workbook
from reachbook.tables.source import Source


def read(folder: Path, *rows: list[object], **options: Any) -> Raw:
    write_xlsx(folder / "a.xlsx", {"First": rows, "Empty": []})
    return read_workbook(folder / "a.xlsx", "a.xlsx", Source(path="a.xlsx", **options))


def test_cells_are_text_and_numbers_among_them_are_known(tmp_path: Path) -> None:
    raw = read(tmp_path, [], ["id", "n"], ["007", 1.5], [], [7, True], [None, 2])
    assert raw.frame.to_pylist() == [{"id": "007", "n": "1.5"}, {"id": "7", "n": "true"}, {"id": None, "n": "2"}]
    assert {name: mask.tolist() for name, mask in raw.numeric.items()} == {
        "id": [False, True, False],
        "n": [True, False, True],
    }
    assert raw.numbers.tolist() == [3, 5, 6]
    assert raw.facts == {"source": "a.xlsx", "format": "workbook", "sheet": "First", "blank_rows": 1}


def test_a_workbook_without_a_sheet_is_refused(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", {})
    with pytest.raises(DataError, match=r"^a\.xlsx: has no sheet\."):
        read_workbook(tmp_path / "a.xlsx", "a.xlsx", Source(path="a.xlsx"))


def test_a_block_leaves_its_neighbours_and_their_errors_alone(tmp_path: Path) -> None:
    rows = (["x", "id", "n"], [Error("#N/A"), "u1", 1])
    assert read(tmp_path, *rows, block="B:C").frame.to_pylist() == [{"id": "u1", "n": "1"}]
    with pytest.raises(DataError, match=r"^a\.xlsx:2: x: #N/A is an error of the sheet\."):
        read(tmp_path, *rows)


def test_errors_are_listed_by_row_and_position(tmp_path: Path) -> None:
    read(tmp_path, ["a", "b"], ["1", "2"])
    assert formula_errors(tmp_path / "a.xlsx", "First") == []
    write_xlsx(tmp_path / "b.xlsx", {"S": [["a", "b"], [1, Error("#DIV/0!")], [Error("#REF!"), 2]]})
    assert formula_errors(tmp_path / "b.xlsx", "S") == [(2, 1, "#DIV/0!"), (3, 0, "#REF!")]
    assert formula_errors(tmp_path / "b.ods", "S") == [], "other formats do not tell errors from empty cells"


@pytest.mark.parametrize(
    ("sheet", "said"), [("None", "has no sheet 'None'. Its sheets are First, Empty."), ("Empty", "Empty is empty")]
)
def test_a_sheet_without_a_table_is_refused(tmp_path: Path, sheet: str, said: str) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, ["a"], ["1"], sheet=sheet)
    assert said in str(error.value)


def with_format(path: Path, number: int) -> None:
    """Give every cell of a workbook a built-in format that stands there by its number alone (ECMA-376, 18.8.30)."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content.replace(b'numFmtId="14"', f'numFmtId="{number}"'.encode()))


@pytest.mark.parametrize("number", [14, 27, 31, 36, 50, 57, 58])
def test_days_in_the_formats_of_excel_in_chinese_are_days(tmp_path: Path, number: int) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"S": [["日期"], [date(2026, 7, 1)]]})
    with_format(tmp_path / "a.xlsx", number)
    assert read_workbook(tmp_path / "a.xlsx", "a.xlsx", Source(path="a.xlsx")).frame.to_pylist() == [
        {"日期": "2026-07-01"}
    ]
