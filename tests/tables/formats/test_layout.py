"""Header, footer, comments and blocks stand where study.yaml says."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from helpers.workbook_writer import write_xlsx
from reachbook.tables.formats.layout import column_number, columns_of, footer_start
from reachbook.tables.store import Checked

TABLE = ("week,channel,spend", "2026-07-06,a,1.5", "2026-07-13,a,2.5")


def write(folder: Path, *lines: str, name: str = "m.csv", encoding: str = "utf-8") -> str:
    (folder / name).write_bytes("\n".join([*lines, ""]).encode(encoding))
    return name


@pytest.mark.parametrize("header", [3, "channel", ("消耗", "spend")])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_header_is_where_it_is_stated(
    header: object, encoding: str, tmp_path: Path, load: Callable[..., pa.Table], refuse: Callable[..., str]
) -> None:
    path = write(tmp_path, "推广报告", '"July 1, 2026"', *TABLE, encoding=encoding)
    assert load("media", path=path, header=header).num_rows == 2
    path = write(tmp_path, "推广报告", '"July 1, 2026"', *TABLE, "2026-07-20,a,x", encoding=encoding)
    assert refuse("media", path=path, header=header).startswith("m.csv:6: spend: x is not a number")


def test_a_header_that_is_not_there_is_refused(tmp_path: Path, refuse: Callable[..., str]) -> None:
    path = write(tmp_path, *TABLE)
    assert "none of the first 3 rows holds 消耗" in refuse("media", path=path, header="消耗")
    assert "header: 9 lies behind the rows that were read (3)" in refuse("media", path=path, header=9)


@pytest.mark.parametrize("footer", [2, "Total"])
def test_a_footer_of_another_width_is_left_out(footer: object, tmp_path: Path, check: Callable[..., Checked]) -> None:
    path = write(tmp_path, *TABLE, "Total: Account,,4,1,1", "Total: Search,,4")
    found = check("media", path=path, footer=footer)
    assert found.rows == 2
    assert found.left_out == ("2 of 4 rows were left out: rows below the table (footer:)",)


def test_comment_lines_are_left_out_but_not_texts_that_hold_the_sign(
    tmp_path: Path, load: Callable[..., pa.Table], check: Callable[..., Checked]
) -> None:
    path = write(
        tmp_path,
        "# made by",
        "comment_id,platform,at,text",
        '1,a,2026-07-01,"x\n# inside"',
        "# end",
        "2,a,2026-07-01,y",
    )
    assert load("comments", path=path, comment="#").column("text").to_pylist() == ["x\n# inside", "y"]
    assert check("comments", path=path, comment="#").left_out[0].endswith("comment lines (comment:)")


def test_a_block_of_a_sheet(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    rows = [
        ["阅读", None, "推广", None, None],
        ["date", "n", "week", "channel", "spend"],
        [20260706, 5, "20260706", "a", 1.5],
        [20260707, 6, None, None, None],
    ]
    write_xlsx(tmp_path / "m.xlsx", {"A": rows})
    table = load("media", path="m.xlsx", block="C:E", header=2)
    assert [str(each) for each in table.column("week").to_pylist()] == ["2026-07-06"]


def test_columns_by_letters() -> None:
    assert [column_number(each) for each in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16383]
    assert columns_of("B:ZZ", 4, "m") == range(1, 4)


def test_a_footer_begins_at_the_last_run_of_its_word() -> None:
    rows = [["Total care"], ["x"], ["Total"], ["", "Total b"]]
    assert footer_start(rows, "Total") == 2
    assert footer_start(rows, "Sum") is None
    assert footer_start(rows, 1) == 3


def test_what_all_ragged_rows_share_is_said_once(tmp_path: Path, refuse: Callable[..., str]) -> None:
    path = write(tmp_path, "week,channel", *TABLE[1:])
    assert refuse("media", path=path).startswith("m.csv:1: the header has 2 names, and every row 3 cells")
    path = write(tmp_path, TABLE[0], *(f"{row}," for row in TABLE[1:]))
    assert refuse("media", path=path).startswith("m.csv:1: every row ends with a ',' and the header does not")
    path = write(tmp_path, *TABLE, "2026-07-20,a,1,9", "2026-07-27,a,1,9")
    assert refuse("media", path=path).startswith(
        "m.csv:4: from here on all 2 rows have 4 cells, the header has 3: another version of the export was appended"
    )
