"""A large file is read in pieces, whatever stands where one ends; what is no line a row is left to others."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from reachbook.tables.formats import streamed
from reachbook.tables.formats.layout import TextLayout
from reachbook.tables.formats.streamed import Body, TextColumn
from reachbook.tables.formats.streamed import streamed as read

LAYOUT = TextLayout("a.csv", ",", 1, 0, ["编号", "会员名"])


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed, "_PIECE", 100)


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("gb18030"))
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_pieces_are_put_below_each_other(tmp_path: Path, end: str, last: str, quote: str) -> None:
    rows = [(str(n), f"{quote}买家{n}{quote}" if n % 7 else "") for n in range(200)]
    lines = end.join(map(",".join, rows))
    found = read(write(tmp_path / "a.csv", lines + ("" if last else end)), LAYOUT, "gb18030")
    assert found is not None
    assert found.column(0).to_pylist() == [number for number, _ in rows]
    assert found.column(1).to_pylist() == [name.strip(quote or None) or None for _, name in rows]
    assert found.column(1).null_count == 29
    assert [column.num_chunks for column in found.columns] == [1, 1]


def test_rows_that_are_no_lines_are_left_to_others(tmp_path: Path) -> None:
    many = "1,买家\n" * 50
    for odd in ('7,"甲\n乙"\n', "7,甲\r8,乙\n", "\n"):
        assert read(write(tmp_path / "a.csv", many + odd + many), LAYOUT, "gb18030") is None


@pytest.mark.parametrize("at", range(95, 106))
def test_a_lone_return_is_seen_where_a_piece_ends(tmp_path: Path, at: int) -> None:
    for sign, alone in (("\rx", True), ("\r\n", False)):
        with Body(write(tmp_path / "a.csv", "x" * at + sign + "y" * 100), 0, quotes=False) as body:
            while body.read(100):
                pass
            assert (body.lone, body.lines) == (alone, 1 if alone else 2)


def test_an_unexpected_quote_ends_a_body(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "x" * 150 + '"')
    for quotes, pieces in ((False, [100]), (True, [100, 51])):
        with Body(path, 0, quotes) as body:
            assert [len(piece) for piece in iter(lambda: body.read(100), b"")] == pieces
            assert body.quoted


def test_what_cannot_be_cut_or_decoded_is_an_error(tmp_path: Path) -> None:
    good = b"1,a\n" * 100
    for odd, error in ((b"1,2,3\n", pa.ArrowInvalid), (b"1,\xff\n", UnicodeDecodeError)):
        (tmp_path / "a.csv").write_bytes(good + odd + good)
        with pytest.raises(error):
            read(tmp_path / "a.csv", LAYOUT, "gb18030")


def test_a_column_makes_room_and_keeps_what_is_empty() -> None:
    parts = [["a", None, "长"], [], ["", "b" * 1000], [None]]
    column = TextColumn(1, 1)
    for part in parts:
        column.append(pa.array(["cut off", *part], pa.string()).slice(1))
    found = column.whole()
    found.validate(full=True)
    assert found.to_pylist() == [each for part in parts for each in part]
    assert found.null_count == 2


def test_more_bytes_than_a_text_array_holds_are_refused() -> None:
    column = TextColumn(4, 4)
    column.append(pa.array(["ab"]))
    column._ends[1] = np.iinfo(np.int32).max - 1
    with pytest.raises(pa.ArrowInvalid):
        column.append(pa.array(["ab"]))
