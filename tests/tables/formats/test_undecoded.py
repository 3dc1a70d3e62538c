"""A large file gives the same table, cut into cells before or after it is decoded."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reachbook.errors import DataError
from reachbook.tables.formats import delimited, streamed, undecoded
from reachbook.tables.formats.delimited import read_text
from reachbook.tables.formats.raw import Raw
from reachbook.tables.source import Source

CELLS = st.sampled_from(["", "7", "买家", "¥1.5", "㐂", "𠀀", '"a,b"', '"x\ny"', "é", "a|b", "长" * 30, " "])
BROKEN = st.sampled_from([b"\x80", b"\xff", b"\x81", b"\xb0,", b"\x81\x30", b'"', b"\r", b"1,2,3,4", b"\n"])


def outcome(path: Path, source: Source, least: int, piece: int = 1 << 22) -> object:
    """What is read, or said, where files from so many bytes on count as large and are read in pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_LARGE", least)
        patch.setattr(streamed, "_PIECE", piece)
        try:
            raw: Raw = read_text(path, "a.csv", source)
        except DataError as error:
            return str(error)
    return raw.frame.to_pylist(), raw.frame.schema, raw.facts, raw.numbers.tolist(), raw.left_out


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    st.none() | st.tuples(st.integers(0, 3000), BROKEN),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([{}, {"encoding": "gbk"}, {"encoding": "gb18030"}, {"header": 2}, {"footer": 1}, {"block": "A:B"}]),
    st.sampled_from([700, 4096, 1 << 22]),
    st.sampled_from(["gb18030", "utf-8", "utf-8-sig"]),
)
def test_it_makes_no_difference_when_cells_are_decoded(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    broken: tuple[int, bytes] | None,
    delimiter: str,
    options: dict[str, object],
    piece: int,
    encoding: str,
) -> None:
    lines = [delimiter.join(row) for row in [("编号", "会员名", "金额"), *(rows * 150)]]
    data = "\n".join([*lines, ""]).encode(encoding)
    if broken:
        data = data[: broken[0]] + broken[1] + data[broken[0] :]
    path = tmp_path_factory.mktemp("a") / "a.csv"
    path.write_bytes(data)
    source = Source(path="a.csv", delimiter=delimiter, **options)
    assert outcome(path, source, 0, piece) == outcome(path, source, 1 << 40)


@pytest.mark.parametrize(
    ("encoding", "known"),
    [("gb18030", "gb18030"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8 with byte-order mark")],
)
def test_even_files_are_cut_before_they_are_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, known: str
) -> None:
    monkeypatch.setattr(delimited, "_LARGE", 0)
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(["编号,会员名", *(f"{n},买家{n}" for n in range(200)), ""]).encode(encoding))
    raw = delimited._undecoded(path.read_bytes(), path, "a.csv", Source(path="a.csv"))
    assert raw is not None
    assert raw.frame.column("会员名").to_pylist()[-1] == "买家199"
    assert raw.facts["encoding"] == known
    assert raw.numbers.tolist() == list(range(2, 202))


@pytest.mark.parametrize(
    ("lines", "fourth"),
    [
        ('7,"买\n家"\n8,甲\r9,乙\n', "乙"),
        ("7,丙\n\n8,甲\r9,乙\n", "乙"),
    ],
)
def test_a_carriage_return_alone_hides_no_other_break(tmp_path: Path, lines: str, fourth: str) -> None:
    path = tmp_path / "a.csv"
    rest = "".join(f"{n},买家{n}\n" for n in range(200))
    path.write_bytes(f"编号,会员名\n{lines}{rest}".encode("gb18030"))
    large, small = (outcome(path, Source(path="a.csv"), least) for least in (0, 1 << 40))
    assert large == small
    assert isinstance(small, tuple)
    assert small[0][2] == {"编号": "9", "会员名": fourth}
    assert small[0][-1] == {"编号": "199", "会员名": "买家199"}
    assert small[3][:3] == ([2, 4, 5] if "\n\n" in lines else [2, 3, 4])


RUNS = st.sampled_from(["买家{}", "¥{}", "￥{}.5", "{}万", "{}%", "é{}", "元{}¥", "α{}", "{}𠀀", "家{}买家", "买"])


@given(st.lists(st.tuples(RUNS, st.integers(0, 99)) | st.none(), min_size=1, max_size=8), st.booleans())
def test_cells_of_one_run_of_signs_are_decoded_like_any_others(rows: list[tuple[str, int] | None], alike: bool) -> None:
    form = next((row[0] for row in rows if row), "{}")
    texts = [row and (form if alike else row[0]).format(row[1]) for row in rows]
    cells = pa.array([None if each is None else each.encode("gb18030") for each in texts], pa.binary())
    read = undecoded._of_one_run(cells, "gb18030")
    assert read is None or read.to_pylist() == texts
    assert undecoded.decoded(cells, "gb18030").to_pylist() == texts


def test_one_run_of_signs_needs_no_decoder() -> None:
    for form in ("买家{}", "¥{}", "{}万"):
        texts = [None, *(form.format(n) for n in range(9))]
        cells = pa.array([each and each.encode("gb18030") for each in texts], pa.binary())
        read = undecoded._of_one_run(cells, "gb18030")
        assert read is not None
        assert read.to_pylist() == texts
        assert undecoded._of_one_run(pa.concat_arrays([cells, pa.array(["卖家".encode("gb18030")])]), "gb18030") is None
