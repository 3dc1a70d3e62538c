"""A file is opened by what it shows: encoding, delimiter, sheet and the row of its column names."""

from pathlib import Path

import pytest

from helpers.workbook_writer import write_xlsx
from reachbook.draft.entries import plain, text
from reachbook.draft.opened import opened
from reachbook.errors import DataError

ROWS = [
    ["编号", "日期", "说明"],
    ["1", "2026-07-01", "甲; 乙"],
    ["2", "2026-07-02", "丙, 丁"],
    ["3", "2026-07-03", "a|b"],
]


def write(path: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    lines = (delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in rows)
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("above", [0, 1, 2])
def test_every_way_of_saving_reads_the_same(tmp_path: Path, delimiter: str, encoding: str, above: int) -> None:
    notes = [["报表"], ["2026年7月"]][:above]
    write(tmp_path / "a.csv", [*notes, *ROWS], delimiter, encoding)
    (found,) = opened("a.csv", tmp_path)
    assert found.names == ("编号", "日期", "说明")
    assert [list(row.values()) for row in found.read(tmp_path).frame.to_pylist()] == ROWS[1:]


def test_a_plain_file_needs_no_option(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", ROWS)
    assert plain(next(opened("a.csv", tmp_path)).options) == {}


def test_big5_is_stated_with_what_it_says(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", [["編號", "日期", "說明"], ["1", "2026-07-01", "很好用"]], encoding="big5")
    (found,) = opened("a.csv", tmp_path)
    assert found.names == ("編號", "日期", "說明")
    assert text(found.options) == (
        "encoding: big5  # guessed: it is not UTF-8, and begins with 編號日期說明 in this encoding\n"
    )


def test_lines_behind_a_sign_are_comments(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", [["# Report"], ["# July"], *ROWS])
    assert plain(next(opened("a.csv", tmp_path)).options) == {"comment": "#"}


def test_each_sheet_is_a_table(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"One": ROWS, "Blank": [], "Two": [["标题", "标题", "标题"], *ROWS]})
    found = list(opened("a.xlsx", tmp_path))
    assert [plain(each.options) for each in found] == [{}, {"sheet": "Two", "header": 2}]
    assert all(each.read(tmp_path).frame.num_rows == 3 for each in found)
    assert found[1].shown == "a.xlsx (Two)"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "1,2,3\n4,5,6\n", "its first row holds values"),
        ("a.csv", "\n\n", "holds only blank rows"),
        ("a.pdf", "x", "is no kind of table file"),
        ("a.xlsx", "x", "is not a readable workbook"),
    ],
)
def test_what_cannot_be_opened_is_said(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=said):
        list(opened(name, tmp_path))


def test_a_bad_byte_is_told_in_the_encoding_of_all_others(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", ROWS, encoding="gb18030")
    (tmp_path / "a.csv").write_bytes((tmp_path / "a.csv").read_bytes() + b"\xff\n")
    with pytest.raises(DataError, match=r"^a\.csv:5: byte 0xff \(no\. 1 of its line\) is not GB18030"):
        list(opened("a.csv", tmp_path))
