"""Every kind of broken cell is refused at its place, with its value and a remedy; good ones come out typed."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.clock import NOW, ZONE
from helpers.raw_table import raw_table
from reachbook.tables.check import check as checked
from reachbook.tables.checking.conversion import own, rules_of
from reachbook.tables.contract import CONTRACTS, arrow_type, empty
from reachbook.tables.source import Source

Make = Callable[..., str]


def test_good_orders_come_out_typed(orders: Make, load: Callable[..., pa.Table]) -> None:
    table = load("orders", path=orders())
    assert table.schema.names == ["order_id", "user_id", "at", "amount", "platform", "items", "discount"]
    assert [f.type for f in table.schema] == [arrow_type(c.kind) for c in CONTRACTS["orders"].columns]
    assert table.to_pylist()[0] == {
        "order_id": "o1",
        "user_id": "u1",
        "at": dt.datetime(2026, 7, 1, 9, 5),
        "amount": Decimal("12.500000"),
        "platform": None,
        "items": None,
        "discount": None,
    }


# (row 3 of the file, what the message must say)
BROKEN = {
    "empty id": (",u2,2026-07-02 10:00:00,3.00", ["order_id: is empty", "Fill it in"]),
    "empty amount": ("o2,u2,2026-07-02 10:00:00,", ["amount: is empty", "Fill it in"]),
    "negative": ("o2,u2,2026-07-02 10:00:00,-3.50", ["amount: -3.50 is negative", "Net refunds into the order"]),
    "not a number": (
        "o2,u2,2026-07-02 10:00:00,¥3.00",
        ['amount: "¥3.00" is not a number', "`numbers: {amount: currency}`"],
    ),
    "decimal comma": ('o2,u2,2026-07-02 10:00:00,"1.234,50"', ['amount: "1.234,50" is not a number', '`decimal: ","`']),
    "bad groups": ('o2,u2,2026-07-02 10:00:00,"12,34"', ['amount: "12,34" is not a number', '`decimal: ","`']),
    "nan": ("o2,u2,2026-07-02 10:00:00,NaN", ["amount: NaN is not a number", "leave the cell empty"]),
    "inf": ("o2,u2,2026-07-02 10:00:00,inf", ["amount: inf is not a number", "leave the cell empty"]),
    "only spaces": ("o2,u2,2026-07-02 10:00:00,  ", ['amount: "  " is not a number', "leave the cell empty"]),
    "too large": ("o2,u2,2026-07-02 10:00:00,1234567890123", ["amount: 1234567890123 is too large", "scale"]),
    "future": (
        "o2,u2,2026-10-01 12:00:01,3.00",
        ["at: 2026-10-01 12:00:01 lies after now (2026-10-01 12:00", "Mend the"],
    ),
    "no such day": ("o2,u2,2026-02-30 10:00:00,3.00", ["at: 2026-02-30 10:00:00 is not a time", "as in 2026-07-01"]),
    "hour 24": ("o2,u2,2026-02-20 24:10:00,3.00", ["at: 2026-02-20 24:10:00 is not a time", "formats:"]),
    "not a time": ("o2,u2,yesterday,3.00", ["at: yesterday is not a time", "formats:"]),
    "excel serial": ("o2,u2,46204.37,3.00", ["at: 46204.37 is not a time", "as in 2026-07-01"]),
    "ambiguous": (
        "o2,u2,03/04/2026 10:00,3.00",
        ["at: 03/04/2026 10:00 could be day-month or month-day", 'formats: {at: "%d/%m/%Y %H:%M"}'],
    ),
    "one with offset": (
        "o2,u2,2026-07-02T10:00:00+08:00,3.00",
        ["at: 2026-07-02T10:00:00+08:00 has a UTC offset, other", "Export all times in one way"],
    ),
    "far away": ("o2,u2,0001-01-01 00:00:00,3.00", ["at: 0001-01-01 00:00:00", "Mend it"]),
    "twice": ("o1,u2,2026-07-02 10:00:00,3.00", ["order_id: o1 stands in row 2 already", "Remove one"]),
    "control character": (
        "o\x002,u2,2026-07-02 10:00:00,3.00",
        ['order_id: "o\\u00002" holds a control char', "Remove it"],
    ),
    "space": ("o2, u2,2026-07-02 10:00:00,3.00", ['user_id: " u2" begins or ends with a space', "`trim: true`"]),
    "wide space": (
        "o2,u2\u3000,2026-07-02 10:00:00,3.00",
        ["user_id:", "begins or ends with a space", "`trim: true`"],
    ),
    "crushed id": (
        "1.23457E+17,u2,2026-07-02 10:00:00,3.00",
        ["order_id: 1.23457E+17 is an id that a spreadsheet", "import the column there as text"],
    ),
    "too few cells": ("o2,u2,2026-07-02 10:00:00", ["has 3 cells, the header has 4", "Add the missing cells"]),
    "too many cells": ("o2,u2,2026-07-02 10:00:00,3,00", ["has 5 cells, the header has 4", "Put quotes around"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_row_is_named(case: str, orders: Make, refuse: Make) -> None:
    row, said = BROKEN[case]
    message = refuse("orders", path=orders("o1,u1,2026-07-01 09:05:00,12.50", row, "o3,u1,2026-07-03 11:30:00,99.90"))
    assert message.startswith("orders.csv:3: ")
    assert "\n" not in message
    for words in said:
        assert words in message


EVENTS = "user_id,platform,kind,at,value"
OTHERS = {
    "kind": (
        "interactions",
        EVENTS,
        "u1,wechat,liked,2026-07-01 09:05,",
        ["kind: liked is not one of view, like, comment", "values: {kind: {liked: view}}"],
    ),
    "value": (
        "interactions",
        EVENTS,
        "u1,wechat,like,2026-07-01 09:05,many",
        ["value: many is not a number", "1234.50"],
    ),
    "flag": ("users", "user_id,consent", "u1,maybe", ["consent: maybe is not a flag", "yes or no, 是 or 否"]),
    "date with time": (
        "users",
        "user_id,joined_on",
        "u1,2026-07-01 09:05",
        ["joined_on: 2026-07-01 09:05 has a time of day", "Export the day alone"],
    ),
    "not a date": ("users", "user_id,joined_on", "u1,soon", ["joined_on: soon is not a date", "as in 2026-07-01,"]),
    "future date": (
        "users",
        "user_id,joined_on",
        "u1,2026-10-02",
        ["joined_on: 2026-10-02 lies after now", "Mend the date"],
    ),
    "negative spend": (
        "media",
        "week,channel,spend",
        "2026-07-06,wechat,-1",
        ["spend: -1 is negative", "zero or above"],
    ),
    "negative items": (
        "orders",
        "order_id,user_id,at,amount,items",
        "o,u,2026-07-01,1,-2",
        ["items: -2 is negative", "zero"],
    ),
    "negative discount": (
        "orders",
        "order_id,user_id,at,amount,discount",
        "o,u,2026-07-01,1,-2",
        ["discount: -2 is negative", "zero or above"],
    ),
    "blank comment": (
        "comments",
        "comment_id,platform,at,text",
        "c1,weibo,2026-07-01,\u3000 ",
        ["text: holds only spaces", "Leave the row out"],
    ),
    "format": (
        "contents",
        "content_id,platform,format",
        "p1,weibo,video",
        ["format: video is not one of short_video", "values: {format: {video: short_video}}"],
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_broken_cell_of_another_table_is_named(case: str, tmp_path: Path, refuse: Make) -> None:
    table, header, row, said = OTHERS[case]
    (tmp_path / "t.csv").write_text(f"{header}\n{row}\n", "utf-8")
    message = refuse(table, path="t.csv")
    assert message.startswith("t.csv:2: ")
    for words in said:
        assert words in message


def test_only_the_first_twenty_are_listed_in_order_of_rows(orders: Make, refuse: Make) -> None:
    rows = [f"o{i},u1,2026-07-01 09:00,{'x' if i % 2 else '-1'}" for i in range(251)]
    lines = refuse("orders", path=orders(*rows)).splitlines()
    assert [line.split(":")[1] for line in lines[:20]] == [str(i) for i in range(2, 22)]
    assert lines[20] == "... and 231 more"
    assert len(lines) == 21


def test_several_faults_in_one_row_are_told_from_left_to_right(orders: Make, refuse: Make) -> None:
    lines = refuse("orders", path=orders(",u1,never,-2")).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["order_id", "at", "amount"]


def test_a_pair_of_columns_is_a_key(tmp_path: Path, refuse: Make) -> None:
    (tmp_path / "media.csv").write_text("week,channel,spend\n2026-07-06,a,1\n2026-07-06,b,1\n2026-07-06,a,2\n")
    message = refuse("media", path="media.csv")
    assert message.startswith("media.csv:4: channel, week: a, 2026-07-06 stands in row 2 already")
    assert "Remove one, or sum them into one." in message


def test_a_region_is_part_of_the_key(tmp_path: Path, load: Callable[..., pa.Table], refuse: Make) -> None:
    head = "week,channel,spend,region\n"
    (tmp_path / "media.csv").write_text(head + "2026-07-06,a,1,north\n2026-07-06,a,1,south\n")
    assert load("media", path="media.csv").num_rows == 2
    (tmp_path / "media.csv").write_text(head + "2026-07-06,a,1,north\n2026-07-06,a,1,south\n2026-07-06,a,2,north\n")
    message = refuse("media", path="media.csv")
    assert message.startswith("media.csv:4: channel, week, region: a, 2026-07-06, north stands in row 2 already")


def test_the_same_key_written_in_two_ways_is_still_the_same(tmp_path: Path, refuse: Make) -> None:
    (tmp_path / "o.csv").write_text("week,value\n2026-07-06,1\n2026/7/6,2\n")
    assert refuse("outcome", path="o.csv").startswith("o.csv:3: week: 2026/7/6 stands in row 2 already")


def test_a_missing_column_is_named_with_what_there_is(orders: Make, refuse: Make) -> None:
    message = refuse("orders", path=orders(header="order_id,user_id,at,ammount"))
    assert message == (
        "orders.csv: amount is missing. The columns are: order_id, user_id, at, ammount. "
        "Map it: columns: {amount: ammount}."
    )


def test_a_column_missing_beyond_guessing(orders: Make, refuse: Make) -> None:
    message = refuse("orders", path=orders(header="订单号,user_id,at,实付"))
    assert message.startswith(
        "orders.csv: order_id is missing. The columns are: 订单号, user_id, at, 实付. "
        "Map it: columns: {order_id: <its name in the file>}."
    )
    assert "orders.csv: amount is missing." in message


def test_mapped_columns_are_named_as_the_file_has_them(
    orders: Make, refuse: Make, load: Callable[..., pa.Table]
) -> None:
    columns = {"order_id": "订单号", "amount": "实付金额（元）"}
    good = load("orders", path=orders(header="订单号,user_id,at,实付金额（元）"), columns=columns)
    assert good.column("amount").to_pylist() == [Decimal("12.5"), Decimal("3"), Decimal("99.9")]
    message = refuse(
        "orders", path=orders("o1,u1,2026-07-01,-1", header="订单号,user_id,at,实付金额（元）"), columns=columns
    )
    assert message.startswith('orders.csv:2: "实付金额（元）" (amount): -1 is negative.')


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"columns": {"amout": "amount"}}, "columns: amout is not a column of orders. Did you mean amount?"),
        (
            {"columns": {"amount": "实付"}},
            "columns: names amount: 实付, which the file does not have. The columns are: order_id",
        ),
        ({"scale": {"amout": 0.01}}, "scale: amout is not a column of orders. Did you mean amount?"),
        ({"scale": {"at": 0.01}}, "scale: at is time, but scale is for money and number columns. Remove the line."),
        ({"formats": {"att": "%d.%m.%Y"}}, "formats: att is not a column of orders."),
        ({"formats": {"amount": "%d.%m.%Y"}}, "formats: amount is money, but formats is for time and date columns."),
        ({"values": {"kind": {"a": "b"}}}, "values: kind is not a column of orders."),
        ({"columns": {"platform": "at", "at": "user_id"}}, "user_id is missing"),
    ],
)
def test_an_option_for_a_column_that_is_none_is_refused(
    option: dict[str, dict[str, str]], said: str, orders: Make, refuse: Make
) -> None:
    message = refuse("orders", path=orders(), **option)
    assert message.startswith("orders.csv")
    assert said in message


def test_a_mapping_onto_a_name_the_file_uses_is_refused(orders: Make, refuse: Make) -> None:
    path = orders("o1,u1,2026-07-01,1,9", header="order_id,user_id,at,amount,paid")
    message = refuse("orders", path=path, columns={"amount": "paid"})
    assert message == (
        "orders.csv: amount is mapped to paid, but the file has a column amount as well. "
        "Rename it in the file, or drop the mapping."
    )


def test_open_tables_take_columns_under_names_of_their_own(
    tmp_path: Path, load: Callable[..., pa.Table], refuse: Make
) -> None:
    (tmp_path / "e.csv").write_text("unit_id,arm,消费,备注,编号\nu1,a,12.5,x,007\nu2,b,,y,008\n", "utf-8")
    table = load("experiment", path="e.csv", columns={"consumption": "消费"}, scale={"consumption": 0.01})
    assert table.column("consumption").to_pylist() == [0.125, None]
    assert table.column("编号").to_pylist() == ["007", "008"], "leading zeros say that it is no number"
    assert table.schema.names[6:] == ["consumption", "备注", "编号"]
    assert "Did you mean arm?" in refuse("experiment", path="e.csv", columns={"armm": "备注"})


def test_money_is_exact_and_scale_too(orders: Make, load: Callable[..., pa.Table]) -> None:
    rows = [
        f"o{i},u1,2026-07-01,{v}"
        for i, v in enumerate(["0.1", '"1,234,567.89"', "1e3", " 5 ", "+7", ".5", "0.00000051"])
    ]
    table = load("orders", path=orders(*rows))
    assert table.column("amount").to_pylist() == [
        Decimal(v) for v in ("0.1", "1234567.89", "1000", "5", "7", "0.5", "0.000001")
    ]
    cents = load("orders", path=orders("o1,u1,2026-07-01,1999"), scale={"amount": 0.01})
    assert cents.column("amount").to_pylist() == [Decimal("19.99")]


def test_money_stored_as_float_loses_its_noise(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    frame = pa.table(
        {"order_id": [1, 2], "user_id": [1, 1], "at": [dt.datetime(2026, 7, 1)] * 2, "amount": [0.1 + 0.2, 3.0]}
    )
    pq.write_table(frame, tmp_path / "o.parquet")
    assert load("orders", path="o.parquet").column("amount").to_pylist() == [Decimal("0.3"), Decimal(3)]


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([1.0, float("nan")], "o.parquet:2: amount: nan is not a finite number"),
        ([float("inf"), 1.0], "o.parquet:1: amount: inf is not a finite number"),
        ([None, 1.0], "o.parquet:1: amount: is empty"),
        ([True, False], "o.parquet:1: amount: True is stored as bool, not as a money"),
    ],
)
def test_native_numbers_that_are_none(amounts: list[object], said: str, tmp_path: Path, refuse: Make) -> None:
    frame = pa.table({"order_id": [1, 2], "user_id": [1, 1], "at": [dt.datetime(2026, 7, 1)] * 2, "amount": amounts})
    pq.write_table(frame, tmp_path / "o.parquet")
    assert said in refuse("orders", path="o.parquet")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([1.5, 2.0], "o.parquet:1: order_id: 1.5 is a number with decimals, not an id"),
        ([2.0**53, 2.0], "o.parquet:1: order_id: 9007199254740992.0 was stored as a number of more than 15 digits"),
        ([1e19, 2.0], "o.parquet:1: order_id: 1e+19 is an id that a spreadsheet turned into a rounded number"),
        ([[1], [2]], "o.parquet: order_id is stored as list<element: int64>, which is no id"),
    ],
)
def test_native_ids_that_are_none(ids: list[object], said: str, tmp_path: Path, refuse: Make) -> None:
    frame = pa.table({"order_id": ids, "user_id": [1, 1], "at": [dt.datetime(2026, 7, 1)] * 2, "amount": [1, 1]})
    pq.write_table(frame, tmp_path / "o.parquet")
    message = refuse("orders", path="o.parquet")
    assert said in message
    assert "xport" in message


def test_flags_in_every_spelling(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    words = "true False 1 0 YES no 是 否 真 假 有 无 Y n √ × T f 1.0 0.0 ✓ ✗ ✔️ ❌".split()
    rows = "".join(f"u{i},{w}\n" for i, w in enumerate([*words, ""]))
    (tmp_path / "u.csv").write_text("user_id,consent\n" + rows, "utf-8")
    assert load("users", path="u.csv").column("consent").to_pylist() == [True, False] * (len(words) // 2) + [None]


@pytest.mark.parametrize("pair", ["是 否", "真 假", "有 无", "Y N", "yes no", "True False", "√ ×", "1 0"])
def test_flags_are_read_in_treated_and_in_columns_of_ones_own(
    pair: str, tmp_path: Path, load: Callable[..., pa.Table]
) -> None:
    yes, no = pair.split()
    (tmp_path / "p.csv").write_text(
        f"unit,date,outcome,treated,rain\na,2026-07-01,1,{yes},{no}\nb,2026-07-01,2,{no},{yes}\n", "utf-8"
    )
    table = load("panel", path="p.csv")
    assert table.column("treated").to_pylist() == [True, False]
    assert table.column("rain").to_pylist() == [0.0, 1.0]
    (tmp_path / "e.csv").write_text(f"unit_id,arm,是否下单\nu1,a,{yes}\nu2,b,{no}\nu3,b,\n", "utf-8")
    assert load("experiment", path="e.csv").column("是否下单").to_pylist() == [1.0, 0.0, None]


@pytest.mark.parametrize("pair", ["是 否", "真 假", "有 无", "Y N", "yes no", "True False", "√ ×", "1 0"])
def test_a_week_has_a_promotion_or_a_holiday_or_not_in_any_words(
    pair: str, tmp_path: Path, load: Callable[..., pa.Table]
) -> None:
    """Both are numbers, for a holiday may be part of a week and a promotion have a depth."""
    yes, no = pair.split()
    rows = f"2026-07-06,1,{yes},{no}\n2026-07-13,2,{no},0.5\n2026-07-20,3,,{yes}\n"
    (tmp_path / "o.csv").write_text(f"week,value,promotion,holiday\n{rows}", "utf-8")
    table = load("outcome", path="o.csv")
    assert table.column("promotion").to_pylist() == [1.0, 0.0, None]
    assert table.column("holiday").to_pylist() == [0.0, 0.5, 1.0]
    (tmp_path / "l.csv").write_text(
        f"channel,start,end,spend,lift,passed\na,2026-07-06,2026-07-20,1,2,{yes}\nb,2026-07-06,2026-07-20,1,2,{no}\n",
        "utf-8",
    )
    assert load("lift_tests", path="l.csv").column("passed").to_pylist() == [True, False]


def test_what_is_no_pair_of_flags_stays_text(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    (tmp_path / "e.csv").write_text("unit_id,arm,a,b\nu1,a,是,yes\nu2,b,no,maybe\n", "utf-8")
    table = load("experiment", path="e.csv")
    assert table.column("a").to_pylist() == ["是", "no"]
    assert table.column("b").to_pylist() == ["yes", "maybe"]
    (tmp_path / "u.csv").write_text("user_id,会员\nu1,是\nu2,否\n", "utf-8")
    assert load("users", path="u.csv").column("会员").to_pylist() == ["是", "否"], "a tag is shown as it is written"


def test_values_are_mapped_and_what_is_not_mapped_is_refused(
    tmp_path: Path, load: Callable[..., pa.Table], refuse: Make
) -> None:
    (tmp_path / "i.csv").write_text(
        "user_id,platform,kind,at\nu1,微信,点赞,2026-07-01\nu2,微信,转发,2026-07-01\n", "utf-8"
    )
    both = {"kind": {"点赞": "like", "转发": "share"}, "platform": {"微信": "wechat"}}
    table = load("interactions", path="i.csv", values=both)
    assert table.column("kind").to_pylist() == ["like", "share"]
    assert table.column("platform").to_pylist() == ["wechat", "wechat"]
    assert "i.csv:3: kind: 转发 is not one of" in refuse(
        "interactions", path="i.csv", values={"kind": {"点赞": "like"}}
    )


def test_optional_missing_cells_stay_missing(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    (tmp_path / "o.csv").write_text('order_id,user_id,at,amount,items,platform\no1,u1,2026-07-01,1,,""\n')
    row = load("orders", path="o.csv").to_pylist()[0]
    assert row["items"] is None
    assert row["platform"] is None


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_empty_table_has_every_column_typed(name: str) -> None:
    assert empty(name).num_rows == 0
    assert empty(name).schema.names == list(CONTRACTS[name].names)


def test_the_outcome_has_the_contract_s_columns_then_the_user_s_own() -> None:
    raw = raw_table({"score": ["1", "2.5"], "id": ["u1", "u2"], "consent": ["是", "否"]}, "u.csv")
    found = checked(raw, CONTRACTS["users"], Source(path="u.csv", columns={"user_id": "id"}), ZONE, NOW)
    assert found.table.column_names == [*CONTRACTS["users"].names, "score"]
    assert found.columns == {"user_id": "id", "consent": "consent", "score": "score"}
    assert found.table.column("consent").to_pylist() == [True, False]
    assert found.table.column("score").to_pylist() == [1.0, 2.5]


@pytest.mark.parametrize(
    ("cells", "flags", "read"),
    [
        (["1", "2.5", None], False, [1.0, 2.5, None]),
        (["007", "8"], False, ["007", "8"]),
        (["1234567890123456"], False, ["1234567890123456"]),
        (["1", "x"], False, ["1", "x"]),
        (["是", "否"], True, [1.0, 0.0]),
        (["是", "否"], False, ["是", "否"]),
        ([None, None], False, [None, None]),
    ],
)
def test_a_column_of_the_user_s_own_is_numbers_only_where_nothing_is_lost(
    cells: list[str | None], flags: bool, read: list[object]
) -> None:
    assert own(pa.array(cells, pa.string()), None, ZONE, flags).to_pylist() == read


def test_a_scale_and_one_or_several_rules_of_numbers_are_followed() -> None:
    assert own(pa.array(["150", "1"]), 0.01, ZONE).to_pylist() == pytest.approx([1.5, 0.01])
    source = Source(path="o.csv", numbers={"amount": "currency", "items": ("rounded", "at_least")})
    assert [rules_of(source, name) for name in ("amount", "items", "discount")] == [
        ("currency",),
        ("rounded", "at_least"),
        (),
    ]


def test_an_id_in_two_files_is_told_with_both_and_the_option(
    orders: Make, refuse: Callable[..., str], load: Callable[..., pa.Table]
) -> None:
    orders(name="tb1.csv")
    orders(name="tb1 (1).csv")
    message = refuse("orders", paths="tb1*.csv")
    assert message.startswith("tb1.csv:2: order_id: o1 stands in tb1 (1).csv:2 already; one row is one order.")
    assert "If the files overlap, state which row stays: `keep: last`" in message
    assert load("orders", paths="tb1*.csv", keep="last").num_rows == 3
