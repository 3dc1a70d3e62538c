"""What the bytes of a column tell agrees with what its cells say, and changes nothing that anyone sees."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpers.raw_table import raw_table
from reachbook.errors import DataError
from reachbook.tables import rules, screening
from reachbook.tables.check import check
from reachbook.tables.checking import conversion
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.screening import Signs, cast, may_begin, repeated
from reachbook.tables.source import Source
from reachbook.tables.suspicions import odd_ids, totals

TEXTS = st.lists(st.none() | st.text("a1.¥￥买\u3000\u00a0 ", max_size=4), max_size=8)


@settings(deadline=None)
@given(TEXTS, st.sampled_from("a1.¥￥买\u3000b"))
def test_bytes_rule_out_only_what_no_cell_holds(texts: list[str | None], sign: str) -> None:
    column = pa.array(texts, pa.string())
    whole = "".join(each or "" for each in texts)
    signs = Signs.of(column)
    assert signs.may_hold([sign]) >= (sign in whole)
    assert signs.any_of(b"a1") == any(each in whole for each in "a1")
    assert signs.count(sign) == whole.count(sign)
    assert signs.only(b"1.", "¥") == (not set(whole) - set("1.¥"))
    assert signs.only(b"1.", "￥") == (not set(whole) - set("1.￥"))
    assert signs.only(b"a1. ") == (not set(whole) - set("a1. "))


@settings(deadline=None)
@given(TEXTS, st.sampled_from("a1.¥￥买\u3000b"))
def test_a_cell_that_begins_with_a_sign_is_never_missed(texts: list[str | None], sign: str) -> None:
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        for cut in (0, 1):
            column = pa.array(texts, kind)[cut:]
            begins = {each.encode()[0] for each in texts[cut:] if each}
            there = may_begin(column, sign.encode()[:1])
            assert there or sign.encode()[0] not in begins
            assert not there or sign.encode()[0] in {*begins, *b"".join((each or "").encode() for each in texts)}


@settings(deadline=None)
@given(TEXTS, st.integers(0, 8), st.integers(0, 8))
def test_a_part_of_a_column_is_looked_at_alone(texts: list[str | None], start: int, length: int) -> None:
    whole = pa.array(texts, pa.string()).slice(start, length)
    for column in (whole, whole.cast(pa.large_string()), pa.chunked_array([whole, whole]), whole.dictionary_encode()):
        held = "".join(each or "" for each in texts[start : start + length])
        assert Signs.of(column).any_of(b"a") >= ("a" in held)
        assert Signs.of(whole).any_of(b"a") == ("a" in held)


def test_a_long_column_of_few_texts_is_coded_and_no_other() -> None:
    few = pa.array(["a", None, "b"] * 20_000)
    codes = repeated(few)
    assert codes is not None
    assert codes.dictionary.to_pylist() == ["a", "b"]
    assert codes.dictionary_decode().equals(few)
    assert repeated(few.slice(0, 100)) is None
    assert repeated(pa.array(map(str, range(60_000)))) is None


def test_a_column_is_cast_only_as_a_whole() -> None:
    assert cast(pa.array(["1", None]), pa.int64()).to_pylist() == [1, None]
    assert cast(pa.array(["1"] * 5000 + ["x"]), pa.int64()) is None


IDS = st.integers(0, 60).map(lambda n: str(3_912_345_678_900_000_000 + n)) | st.integers(0, 60).map("买家{}".format)
ODD_IDS = st.sampled_from(
    [None, " o1", "o1\t", '="o1"', "'o1", "‘o1", "1.2E+18", "1e5", "3912345678900000000", "合计", "TOTAL", "\u3000o"]
) | st.sampled_from(["o\u00a0", "\ufeffo", "o\x7f", "", "４", "sum"])
COUNTED = st.integers(1_782_864_000_000, 1_789_000_000_000).map(str)
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 9, 1)).map(lambda t: t.isoformat(" ", "seconds"))
ODD_TIMES = st.sampled_from(
    [None, "x", "17828640000001", "0000000000001782864000000", "1782864000000.5", "-1", " 1782864000000", "合计"]
) | st.sampled_from(
    ["2026-01-01", "2026/7/1 9:05", "01/07/2026", "2026-02-30 10:00:00", "2031-01-01 00:00:00", "9" * 19]
)
MONEY = st.decimals(0, 9999, places=2).map("{}".format)
YUAN = MONEY.map("¥{}".format)
ODD_MONEY = st.sampled_from(
    [None, "", "¥", "5¥", "¥¥5", "$3", "￥4", "-3", "¥-3", "1.1234567", ".5", "5.", "¥.5", "1,234", "1e3", "1.2.3"]
) | st.sampled_from(["99999999999999", "3万", "USD 3", "３", "5元", "¥ 5", "12%", "--", "合计", "0", "HK$5", "9" * 400])
COUNTS = st.integers(0, 9).map(str)
ODD_COUNTS = st.sampled_from([None, "1.2万", "x", "-1", ".5", "5.", "1e400", "3w", "10+", "inf", "nan", " 7", "总计"])
STATES = st.sampled_from(["交易成功", "卖家已发货", "等待发货"])
ODD_STATES = st.sampled_from([None, "已退款", "合计", "Total: 3", " 交易成功", "总体", "全部", "是", "1"])


@st.composite
def faulty(draw: st.DrawFn, *, odd: float) -> dict[str, list[str | None]]:
    """Columns of an export, with a share of cells that are not as they should be."""
    rows = draw(st.integers(6, 40))
    spoiled = draw(st.sets(st.integers(0, 4), max_size=2)) if odd else set()

    def column(n: int, usual: st.SearchStrategy[str], other: st.SearchStrategy[str | None]) -> list[str | None]:
        values: list[str | None] = draw(st.lists(usual, min_size=rows, max_size=rows, unique=n == 0))
        for row in draw(st.sets(st.integers(0, rows - 1), max_size=3)) if n in spoiled else ():
            values[row] = draw(other)
        return values

    return {
        "id": column(0, IDS, ODD_IDS),
        "at": column(1, draw(st.sampled_from([COUNTED, TIMES])), ODD_TIMES),
        "paid": column(2, draw(st.sampled_from([MONEY, YUAN])), ODD_MONEY),
        "items": column(3, COUNTS, ODD_COUNTS),
        "state": column(4, STATES, ODD_STATES),
    }


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "formats": st.just({"at": "epoch_ms"}),
        "numbers": st.sampled_from(
            [
                {"amount": "currency", "items": "rounded"},
                {"amount": ("currency", "percent"), "items": ("rounded", "at_least")},
                {"amount": ("currency", "below_as_limit", "duration")},
            ]
        ),
        "scale": st.just({"amount": 0.01}),
        "decimal": st.just(","),
        "trim": st.just(True),
        "totals": st.just("leave_out"),
    },
)


@contextmanager
def searched() -> Iterator[None]:
    """Every cell is searched for everything, as if bytes told nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Signs, "of", classmethod(lambda cls, column: cls((), 0, 255)))
        patch.setattr(Signs, "any_of", lambda self, signs: True)
        patch.setattr(Signs, "may_hold", lambda self, characters: True)
        patch.setattr(Signs, "only", lambda self, plain, character="": False)
        patch.setattr(screening, "_LARGE", 1 << 40)
        patch.setattr(totals, "may_begin", lambda column, signs: True)
        patch.setattr(rules, "_holds", lambda values, column, now: False)
        patch.setattr(conversion, "is_words", lambda text: False)
        patch.setattr(odd_ids, "_is_exact", lambda cell: False)
        yield


@contextmanager
def screened() -> Iterator[None]:
    """Short columns are coded as long ones are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "_LARGE", 0)
        yield


def outcome(name: str, columns: Mapping[str, Sequence[object]], source: Source) -> Any:
    """All that is seen of a table: what is refused, or the rows, their types, and what is said of them."""
    try:
        found = check(
            raw_table(columns), CONTRACTS[name], source, "Asia/Shanghai", datetime(2026, 10, 1, 12), currency="CNY"
        )
    except DataError as error:
        return str(error)
    rows = found.table.to_pylist()
    return (found.table.schema, rows, found.columns, found.warnings, found.counts, found.facts, found.left_out)


def agree(name: str, columns: Mapping[str, Sequence[object]], source: Source) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(totals, "_SPARE", 4)  # so that totals are sought as in long tables
        with screened():
            quick = outcome(name, columns, source)
        with searched():
            exact = outcome(name, columns, source)
    assert quick == exact


ORDERS = {"order_id": "id", "user_id": "buyer", "amount": "paid"}


def long_amount(cell: str) -> dict[str, list[str | None]]:
    """Sound rows but for one amount with more digits than a decimal holds."""
    rows = 6
    times: list[str | None] = [f"2026-07-0{row + 1} 09:05:00" for row in range(rows)]
    ids: list[str | None] = [str(3_912_345_678_900_000_000 + row) for row in range(rows)]
    paid: list[str | None] = ["12.50"] * (rows - 1) + [cell]
    return {"id": ids, "at": times, "paid": paid, "items": ["1"] * rows, "state": ["交易成功"] * rows}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(faulty(odd=1), OPTIONS)
@example(long_amount("9" * 400), {})
@example(long_amount("-" + "9" * 400), {})
@example(long_amount("0." + "1" * 45), {})
@example(long_amount("¥" + "9" * 400), {"numbers": {"amount": "currency"}})
def test_faulty_orders_are_told_as_if_every_cell_were_searched(
    columns: dict[str, list[str | None]], options: dict[str, Any]
) -> None:
    agree("orders", {**columns, "buyer": columns["id"]}, Source(path="t.csv", columns=ORDERS, **options))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(faulty(odd=0), st.booleans())
def test_sound_orders_are_the_same_as_if_every_cell_were_searched(
    columns: dict[str, list[str | None]], stated: bool
) -> None:
    form = {"at": "epoch_ms"} if columns["at"][0] and columns["at"][0].isdigit() else {}
    signed = {"amount": "currency"} if stated or "¥" in str(columns["paid"][0]) else {}
    source = Source(path="t.csv", columns=ORDERS, formats=form, numbers=signed)
    with screened():
        assert not isinstance(outcome("orders", {**columns, "buyer": columns["id"]}, source), str)
    agree("orders", {**columns, "buyer": columns["id"]}, source)


@pytest.mark.parametrize("cell", ["9" * 39, "9" * 400, "-" + "9" * 400])
def test_an_amount_of_more_digits_than_a_decimal_holds_is_too_large(cell: str) -> None:
    columns = long_amount(cell)
    said = outcome("orders", {**columns, "buyer": columns["id"]}, Source(path="t.csv", columns=ORDERS))
    assert said.startswith("t.csv:7: paid (amount): ")
    assert "is too large for money (12 digits before the point)" in said


OWN = st.lists(
    st.sampled_from(
        [None, "是", "否", "yes", "No", "1", "0", "3.5", "007", "1" * 17, "北京", " ", "1e3", "✔\ufe0f", "-"]
    ),
    min_size=8,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(OWN, st.sampled_from([None, "rounded"]))
@example(["是", "否"] * 4, None)
@example(["1", "2.5"] * 4, None)
def test_columns_of_the_users_own_are_read_as_if_every_cell_were_searched(
    own: list[str | None], rule: str | None
) -> None:
    days = [f"2026-07-0{day}" for day in range(1, 9)]
    columns = {"unit": ["北京"] * 8, "date": days, "outcome": list("12345678"), "treated": ["是"] * 8, "note": own}
    numbers = {"note": rule} if rule else {}
    agree("panel", columns, Source(path="t.csv", numbers=numbers))


@pytest.mark.parametrize("ids", [["a", "b"], ["a", "b", "a"], ["a", None, "a"], ["01", "10", "12"], ["1", "01", "1"]])
def test_hashes_say_that_keys_differ_only_where_they_do(ids: list[str | None]) -> None:
    frame = pa.table({"k": pa.array(ids), "d": pa.array([1] * len(ids))})
    assert rules._unique_surely(frame, ("k", "d")) == (len(set(ids)) == len(ids))
    assert rules._unique_surely(frame, ("k",)) == (len(set(ids)) == len(ids))
