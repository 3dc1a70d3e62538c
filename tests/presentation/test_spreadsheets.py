"""Files for people: the same bytes each time, every text kept as text."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from reachbook.errors import DataError
from reachbook.presentation import spreadsheets

FRAME = pd.DataFrame({"text": ["=1+1", "很长" * 40, "x\x00y", None], "n": [1.5, 2, float("nan"), 4]})


def test_the_bytes_do_not_depend_on_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = FRAME.join(pd.DataFrame({f"c{i}": range(4) for i in range(60)}))
    first = [path.read_bytes() for path in spreadsheets.write(wide, tmp_path, "q")]
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert [path.read_bytes() for path in spreadsheets.write(wide, tmp_path, "q")] == first


@pytest.mark.parametrize("columns", [53, 703, 16_384])
def test_a_workbook_is_as_wide_as_a_sheet(tmp_path: Path, columns: int) -> None:
    frame = pd.DataFrame([range(columns)], columns=[f"c{i}" for i in range(columns)])
    _, path = spreadsheets.write(frame, tmp_path, "wide")
    head, row = load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    assert (len(head), head[-1], row[-1]) == (columns, f"c{columns - 1}", columns - 1)


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        (1, 16_385, "wide.xlsx: 16,385 columns do not fit into a sheet, which holds 16,384. Offer fewer columns"),
        (1_048_576, 1, "wide.xlsx: 1,048,576 rows do not fit into a sheet, which holds 1,048,575. Offer fewer rows"),
    ],
)
def test_what_no_sheet_holds_is_refused(tmp_path: Path, rows: int, columns: int, said: str) -> None:
    with pytest.raises(DataError, match=said):
        spreadsheets.write(pd.DataFrame(index=range(rows), columns=range(columns)), tmp_path, "wide")
    assert not list(tmp_path.iterdir())


def test_cells_are_written_by_their_type(tmp_path: Path) -> None:
    texts = ["=1+1", "{=1}", "https://example.org", "12", "-3", "@a", " ", "\ud800"]
    frame = pd.DataFrame(
        {"text": pd.Series(texts, dtype=object), "mixed": [True, 1, 2.5, float("inf"), None, pd.NaT, 10**12, "x"]}
    )
    _, path = spreadsheets.write(frame, tmp_path, "q")
    back = pd.read_excel(path, engine="openpyxl", dtype=object, keep_default_na=False)
    assert back["text"].tolist() == [*texts[:-1], "?"]
    assert back["mixed"].tolist() == [True, 1, 2.5, "inf", "", "", 10**12, "x"]
    with zipfile.ZipFile(path) as archive:
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in archive.namelist()


def test_a_workbook_holds_text_and_no_formula(tmp_path: Path) -> None:
    _, path = spreadsheets.write(FRAME, tmp_path, "q")
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())
    back = pd.read_excel(path, engine="openpyxl")
    assert back["text"].tolist()[:3] == ["=1+1", "很长" * 40, "x\u2400y"]
    assert back["n"].tolist()[:2] == [1.5, 2]


@given(st.text(max_size=40))
def test_no_csv_cell_begins_with_what_a_spreadsheet_would_compute(text: str) -> None:
    cell = spreadsheets.safe(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert cell.removeprefix("'") in (text, text.removeprefix("'"))


def test_a_text_too_long_for_a_cell_says_that_it_was_cut(tmp_path: Path) -> None:
    texts = ["长" * 40_000, "😀" * 20_000, "短" * 32_767]
    _, path = spreadsheets.write(pd.DataFrame({"text": texts}), tmp_path, "q")
    cut, faces, whole = pd.read_excel(path, engine="openpyxl")["text"]
    assert cut == "长" * 32_763 + " […]"
    assert faces == "😀" * 16_381 + " […]"
    assert whole == "短" * 32_767
