"""A file's encoding is found, and the one byte that does not fit is told with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.errors import DataError
from reachbook.tables.formats import encoding as encodings
from reachbook.tables.formats.encoding import recode

HEAD = "订单编号,买家,备注\n"
ROW = "1,王小明,收货地址不详\n"


@pytest.mark.parametrize(
    ("encoding", "stated", "had"),
    [
        ("utf-8", None, "utf-8"),
        ("utf-8-sig", None, "utf-8 with byte-order mark"),
        ("gb18030", None, "gb18030"),
        ("big5", "Big5", "big5"),
        ("utf-8-sig", "UTF8", "utf8"),
    ],
)
def test_bytes_become_utf_8(encoding: str, stated: str | None, had: str) -> None:
    assert recode("編號,中文\n".encode(encoding), "a.csv", stated) == ("編號,中文\n".encode(), had)


def test_a_byte_that_the_stated_encoding_does_not_have_is_named_at_its_row() -> None:
    with pytest.raises(DataError, match=r"^a\.csv:2: byte 0xff \(no. 1 of its line\) is not UTF-8\."):
        recode(b"a\n\xff\n", "a.csv", "utf-8")


def refused(data: bytes) -> str:
    with pytest.raises(DataError) as error:
        recode(data, "a.csv", None)
    return str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("rows", [2, 5000])
def test_one_bad_byte_is_told_with_its_line(encoding: str, rows: int) -> None:
    said = refused((HEAD + ROW * rows).encode(encoding) + b"2,\xff\n" + ROW.encode(encoding))
    assert said == (
        f"a.csv:{rows + 2}: byte 0xff (no. 3 of its line) is not {encoding.upper()}, which fits all before it. Mend "
        "the characters there, or export the file again; if it is in another encoding, "
        "state it, as in `encoding: big5`."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_that_ends_within_a_character_is_told_as_cut_off(encoding: str) -> None:
    said = refused((HEAD + ROW + "2,王小明").encode(encoding)[:-1])
    assert said == (
        f"a.csv:3: ends within a character of {encoding.upper()}, as if the file were cut off. Export or copy it again."
    )


def test_utf_8_with_a_bad_byte_is_not_read_as_other_characters_of_gb18030() -> None:
    data = "编号\n王小明的\n".encode() + b"\xe6\x98\n"
    assert data.decode("gb18030", "strict")  # each of its runs has an even number of bytes
    assert refused(data).startswith("a.csv:3: byte 0xe6 (no. 1 of its line) is not UTF-8, which fits all before it.")


def test_a_long_column_that_is_utf_8_by_chance_stays_gb18030() -> None:
    data = ("gender\n" + "女\n" * 100 + "男\n").encode("gb18030")
    assert recode(data, "a.csv", None)[1] == "gb18030"


@given(st.text("中文a,\n", max_size=30), st.integers(1, 9), st.sampled_from(["utf-8", "gb18030", "big5"]))
def test_the_place_does_not_depend_on_how_a_file_is_cut_into_blocks(text: str, step: int, encoding: str) -> None:
    data = text.encode(encoding) + b"\xff,"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_STEP", step)
        with pytest.raises(DataError) as error:
            recode(data, "a.csv", encoding)
    line, nth = text.count("\n") + 1, len(text.rpartition("\n")[2].encode(encoding)) + 1
    assert str(error.value).startswith(f"a.csv:{line}: byte 0xff (no. {nth} of its line) is not {encoding.upper()}.")
