"""A file too wide and a sheet too large are refused before they are read, and the limits are the user's to raise."""

import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.workbook_writer import write_xlsx
from reachbook.errors import DataError
from reachbook.tables.formats.read import read_file
from reachbook.tables.source import Source

ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>
</office:document-content>"""
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
EMPTY = '<table:table-cell table:number-columns-repeated="{}"/>'


def read(path: Path, **options: Any) -> list[dict[str, Any]]:
    return read_file(path.name, Source(path=path.name, **options), path.parent).frame.to_pylist()


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(DataError) as error:
        read(path, **options)
    return str(error.value)


def wide(folder: Path, ending: str, columns: int) -> Path:
    path = folder / f"wide{ending}"
    names = [f"c{i}" for i in range(columns)]
    if ending == ".xlsx":
        write_xlsx(path, {"S": [names, ["1"] * columns]})
    elif ending == ".jsonl":
        path.write_text("{" + ", ".join(f'"{name}": "1"' for name in names) + "}\n")
    else:
        path.write_text(",".join(names) + "\n" + ",".join(["1"] * columns) + "\n")
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
def test_a_file_of_very_many_columns_is_refused_until_the_limit_is_raised(tmp_path: Path, ending: str) -> None:
    assert len(read(wide(tmp_path, ending, 1_000))[0]) == 1_000
    path = wide(tmp_path, ending, 1_001)
    assert refused(path) == (
        f"wide{ending}: has 1,001 columns, and 1,000 are read at most. Export only the columns that are needed, or "
        "raise most_columns: in the table's entry."
    )
    assert len(read(path, most_columns=1_001)[0]) == 1_001


def test_a_workbook_that_unpacks_to_very_much_is_refused_until_the_limit_is_raised(tmp_path: Path) -> None:
    path = tmp_path / "packed.xlsx"
    write_xlsx(path, {"S": [["a"], ["1"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/more.xml", bytes(3_000_000))
    assert path.stat().st_size < 10_000
    assert refused(path, most_unpacked=2) == (
        "packed.xlsx: unpacks to 3 MB, and 2 MB are read at most. Export fewer rows, or raise most_unpacked: in the "
        "table's entry."
    )
    assert read(path) == [{"a": "1"}]


def stray(folder: Path, ending: str) -> Path:
    """A table of two cells, with one more in row 40 of column 28."""
    path = folder / f"stray{ending}"
    if ending == ".xlsx":
        rows: list[list[object]] = [["n"], ["1"], *([] for _ in range(37)), [*[None] * 27, "x"]]
        write_xlsx(path, {"First": [["n"], ["1"]], "Second": rows})
        return path
    row = "<table:table-row>{}</table:table-row>"
    first = row.format(CELL.format("n") + EMPTY.format(16_383)) + row.format(CELL.format("1"))
    tail = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    gap = '<table:table-row table:number-rows-repeated="37"><table:table-cell/></table:table-row>'
    second = first + gap + row.format(EMPTY.format(27) + CELL.format("x")) + tail
    sheets = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>'
        for name, rows in (("First", first), ("Second", second))
    )
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", MANIFEST)
        parts.writestr("content.xml", ODS.format(sheets=sheets))
    return path


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_stray_cell_far_outside_the_table_is_named(tmp_path: Path, ending: str) -> None:
    path = stray(tmp_path, ending)
    if ending == ".xlsx":
        assert read(path, sheet="First", most_cells=60) == [{"n": "1"}], "of another sheet nothing is read"
    assert refused(path, sheet="Second", most_cells=1_119) == (
        f"stray{ending}: the sheet Second reaches to row 40 and column 28, which is 1,120 cells, and 1,119 are read at "
        "most. Delete what stands outside the table, or raise most_cells: in the table's entry."
    )
    assert len(read(path, sheet="Second", most_cells=1_120, block="A:A")) == 1


def test_the_columns_of_a_parquet_file_are_counted_before_they_are_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({f"c{i}": ["1"] for i in range(3)}), tmp_path / "wide.parquet")
    assert refused(tmp_path / "wide.parquet", most_columns=2).startswith("wide.parquet: has 3 columns, and 2 are read")
