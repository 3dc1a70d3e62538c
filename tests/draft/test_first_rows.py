"""How a file begins is looked up once, in whatever language it is told, and anew once the file is another."""

from pathlib import Path

import pytest

from helpers.workbook_writer import write_xlsx
from reachbook.draft.entries import text
from reachbook.draft.first_rows import sheet_starts, text_start
from reachbook.draft.opened import opened
from reachbook.errors import DataError
from reachbook.translation import using

ROWS = [["编号", "日期"], ["1", "2026-07-01"]]


def test_a_text_file_is_looked_up_again_once_it_has_changed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n")
    first = text_start("a.csv", tmp_path)
    assert (first.delimiter, first.rows, first.tabs, first.encoding) == (";", [["a", "b"], ["1", "2"]], False, "")
    assert text_start("a.csv", tmp_path) is first
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,4\n")
    assert text_start("a.csv", tmp_path).rows == [["a", "b"], ["1", "2"], ["3", "4"]]
    with pytest.raises(DataError, match="there is no such file"):
        text_start("b.csv", tmp_path)


def test_a_workbook_is_looked_up_again_once_it_has_changed(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"One": ROWS, "Blank": []})
    first = sheet_starts("a.xlsx", tmp_path)
    assert first == {"One": ROWS, "Blank": []}
    assert sheet_starts("a.xlsx", tmp_path) is first
    write_xlsx(tmp_path / "a.xlsx", {"Two": [*ROWS, ["2", "2026-07-02"]]})
    assert list(sheet_starts("a.xlsx", tmp_path)) == ["Two"]


def test_what_was_looked_up_is_told_in_each_language(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("編號,日期,說明\n1,2026-07-01,很好用\n".encode("big5"))
    told = []
    for language in ("en", "zh", "en"):
        with using(language):
            told.append(text(next(opened("a.csv", tmp_path)).options))
    english = "encoding: big5  # guessed: it is not UTF-8, and begins with 編號日期說明 in this encoding\n"
    assert told == [english, "encoding: big5  # 推测：不是 UTF-8，按此编码开头是 編號日期說明\n", english]
