"""Files for people: the same bytes each time, every text kept as text."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.presentation import spreadsheets

FRAME = pd.DataFrame({"text": ["=1+1", "很长" * 40, "x\x00y", None], "n": [1.5, 2, float("nan"), 4]})


def test_the_bytes_do_not_depend_on_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = [path.read_bytes() for path in spreadsheets.write(FRAME, tmp_path, "q")]
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert [path.read_bytes() for path in spreadsheets.write(FRAME, tmp_path, "q")] == first


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
    _, path = spreadsheets.write(pd.DataFrame({"text": ["长" * 40_000]}), tmp_path, "q")
    (value,) = pd.read_excel(path, engine="openpyxl")["text"]
    assert len(value) <= 32_767
    assert value.endswith("[…]")
