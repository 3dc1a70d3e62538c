"""Rows are left out only by a stated rule, and counted."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from helpers.raw_table import raw_table
from reachbook.errors import DataError
from reachbook.tables.condition import OtherThan
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.options.rows import column, select
from reachbook.tables.source import Source
from reachbook.tables.store import Checked

Check = Callable[..., Checked]
Load = Callable[..., pa.Table]
Refuse = Callable[..., str]
HEADER = "order_id,user_id,at,amount"


def file(folder: Path, *rows: str, header: str = HEADER, name: str = "o.csv") -> str:
    (folder / name).write_text("\n".join([header, *rows, ""]), "utf-8")
    return name


CRAWLS = (
    "c1,weibo,2026-07-01 09:05,first,100",
    "c2,weibo,2026-07-01 09:06,only,100",
    "c1,weibo,2026-07-01 09:05,second,300",
    "c1,weibo,2026-07-01 09:05,between,200",
)
COMMENTS = "comment_id,platform,at,text,crawled"


@pytest.mark.parametrize(
    ("rule", "stays", "word"),
    [
        ("newest by crawled", "second", "an older"),
        ("oldest by crawled", "first", "a later"),
        ("last", "between", "an older"),
        ("first", "first", "a later"),
    ],
)
def test_one_version_of_each_row_is_kept(
    rule: str, stays: str, word: str, tmp_path: Path, check: Check, load: Load
) -> None:
    path = file(tmp_path, *CRAWLS, header=COMMENTS)
    assert sorted(load("comments", path=path, keep=rule).column("text").to_pylist()) == sorted(["only", stays])
    assert check("comments", path=path, keep=rule).left_out == (
        f"2 of 4 rows were left out: {word} version of the same comment (keep:)",
    )


def test_versions_are_ordered_by_times_and_an_empty_time_is_the_oldest(tmp_path: Path, load: Load) -> None:
    rows = (
        "c1,weibo,2026-07-01,a,2026-07-02 10:00",
        "c1,weibo,2026-07-01,b,2026-07-10 09:00",
        "c1,weibo,2026-07-01,c,",
    )
    path = file(tmp_path, *rows, header=COMMENTS)
    assert load("comments", path=path, keep="newest by crawled").column("text").to_pylist() == ["b"]


@pytest.mark.parametrize(
    ("form", "older", "newer"),
    [
        ("%d%m%Y", "09072026", "02082026"),
        ("%d/%m/%Y %H:%M", "09/07/2026 10:00", "02/08/2026 09:00"),
        ("epoch_s", "1782867600", "1782867600.5"),
        (None, "2026年7月9日", "2026年7月10日"),
    ],
)
def test_versions_are_ordered_by_the_stated_format(
    form: str | None, older: str, newer: str, tmp_path: Path, load: Load, refuse: Refuse
) -> None:
    path = file(tmp_path, f"c1,weibo,2026-07-01,new,{newer}", f"c1,weibo,2026-07-01,old,{older}", header=COMMENTS)
    stated = {"formats": {"crawled": form}} if form else {}
    assert load("comments", path=path, keep="newest by crawled", **stated).column("text").to_pylist() == ["new"]
    assert load("comments", path=path, keep="oldest by crawled", **stated).column("text").to_pylist() == ["old"]
    if form:
        path = file(tmp_path, f"c1,weibo,2026-07-01,new,{newer}", "c1,weibo,2026-07-01,old,soon", header=COMMENTS)
        assert f"o.csv:3: crawled is soon, no time in the format {form}, so keep:" in refuse(
            "comments", path=path, keep="newest by crawled", **stated
        )


def test_a_column_of_the_contract_orders_versions_by_its_format(tmp_path: Path, load: Load) -> None:
    path = file(tmp_path, "c1,weibo,02082026,new", "c1,weibo,09072026,old", header="comment_id,platform,when,text")
    told = {"columns": {"at": "when"}, "formats": {"at": "%d%m%Y"}}
    for by in ("at", "when"):
        assert load("comments", path=path, keep=f"newest by {by}", **told).column("text").to_pylist() == ["new"]


def test_a_format_of_a_column_that_nothing_reads_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    path = file(tmp_path, *CRAWLS, header=COMMENTS)
    assert "formats: crawled is not a column of comments" in refuse(
        "comments", path=path, keep="last", formats={"crawled": "epoch_s"}
    )


def test_versions_that_cannot_be_ordered_are_refused(tmp_path: Path, refuse: Refuse) -> None:
    path = file(tmp_path, *CRAWLS, "c3,weibo,2026-07-01,x,soon", header=COMMENTS)
    message = refuse("comments", path=path, keep="newest by crawled")
    assert message.startswith("o.csv:6: crawled is soon, neither a whole number")
    assert message.endswith('or state its format as in formats: {crawled: "%d/%m/%Y"}.')


def test_without_a_rule_a_second_crawl_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    assert "stands in row 2 already" in refuse("comments", path=file(tmp_path, *CRAWLS, header=COMMENTS))


STATES = HEADER + ",订单状态,pay"
SOLD = (
    "o1,u1,2026-07-01 09:05,10,交易成功,x",
    "o2,u1,2026-07-01 09:05,20,交易关闭,",
    "o3,u2,2026-07-01 09:05,30,等待买家付款,",
    "o4,u2,2026-07-01 09:05,40,交易成功,x",
)


@pytest.mark.parametrize(
    "where",
    [
        {"订单状态": ("交易成功",)},
        {"订单状态": OtherThan(other_than=("交易关闭", "等待买家付款"))},
        {"pay": "filled"},
    ],
)
def test_rows_that_count_are_chosen_by_a_column(
    where: dict[str, object], tmp_path: Path, check: Check, load: Load
) -> None:
    path = file(tmp_path, *SOLD, header=STATES)
    assert load("orders", path=path, where=where).column("order_id").to_pylist() == ["o1", "o4"]
    found = check("orders", path=path, where=where)
    assert found.left_out[0].startswith("2 of 4 rows were left out: ")
    assert not any("订单状态 says" in line for line in found.warnings)


def test_what_is_left_out_is_counted_by_value(tmp_path: Path, check: Check) -> None:
    found = check("orders", path=file(tmp_path, *SOLD, header=STATES), where={"订单状态": ("交易成功",)})
    assert found.left_out == ("2 of 4 rows were left out: 订单状态 is 交易关闭 in 1, 等待买家付款 in 1 (where:)",)
    assert found.facts["left_out"] == list(found.left_out)


def test_what_is_left_out_by_an_id_is_not_named(tmp_path: Path, check: Check) -> None:
    path = file(tmp_path, *SOLD, header=STATES)
    found = check("orders", path=path, where={"user_id": OtherThan(other_than=("u1",))})
    assert found.left_out == ("2 of 4 rows were left out: by its user_id (where:)",)


def test_a_state_that_no_condition_names_is_still_warned_of(tmp_path: Path, check: Check) -> None:
    path = file(tmp_path, *SOLD, "o5,u1,2026-07-02 09:05,9,已退款,x", header=STATES)
    found = check("orders", path=path, where={"订单状态": OtherThan(other_than=("交易关闭", "等待买家付款"))})
    assert found.warnings[0].startswith("o.csv: 订单状态 says 已退款 in 1 of 3 rows")
    assert "`where: {订单状态: {other_than: [交易关闭, 等待买家付款, 已退款]}}`" in found.warnings[0], "the rule grows"
    stated = {"订单状态": ("交易成功", "已退款")}
    assert check("orders", path=path, where=stated).warnings == (), "a value that is listed is decided on"


def test_a_condition_on_nothing_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    path = file(tmp_path, *SOLD, header=STATES)
    assert "no row has 交易完成 as 订单状态; it holds 交易成功, 交易关闭" in refuse(
        "orders", path=path, where={"订单状态": ("交易完成",)}
    )
    assert "where: names 状态, which the file does not have" in refuse("orders", path=path, where={"状态": "filled"})
    assert "the rules on rows leave nothing" in refuse(
        "orders",
        path=path,
        where={"pay": OtherThan(other_than=("x",)), "订单状态": OtherThan(other_than=("交易关闭", "等待买家付款"))},
    )


ITEMS = HEADER + ",item"
SEVERAL = ("o1,u1,2026-07-01 09:05,10,cup", "o1,,,,lid", "o2,u2,2026-07-01 09:05,7,cup")


def test_lines_of_one_order_are_one_row(tmp_path: Path, check: Check, load: Load) -> None:
    path = file(tmp_path, *SEVERAL, header=ITEMS)
    assert load("orders", path=path, lines="first").column("order_id").to_pylist() == ["o1", "o2"]
    assert check("orders", path=path, lines="first").left_out == (
        "1 of 3 rows was left out: further lines of the same order; where they say something else, only the first "
        "counts: item in 1 (lines:)",
    )
    path = file(tmp_path, *(line.replace("lid", "cup") for line in SEVERAL), header=ITEMS)
    assert check("orders", path=path, lines="first").left_out == (
        "1 of 3 rows was left out: further lines of the same order (lines:)",
    )


def test_lines_write_one_number_in_two_ways(tmp_path: Path, load: Load, refuse: Refuse) -> None:
    rows = ("o1,u1,2026-07-01 09:05,50,7,007", "o1,u1,2026-07-01 09:05,50.0,7.0,7")
    path = file(tmp_path, *rows, header=HEADER + ",weight,code")
    assert load("orders", path=path, lines="first").column("amount").to_pylist() == [Decimal(50)]
    dressed = file(tmp_path, *(row.replace("50.0", "¥50.00") for row in rows), header=HEADER + ",weight,code")
    assert load("orders", path=dressed, lines="first", numbers={"amount": "currency"}).num_rows == 1
    assert "amount is 51, and 50" in refuse(
        "orders", path=file(tmp_path, rows[0], rows[1].replace("50.0", "51"), header=HEADER + ",a,b"), lines="first"
    )


def test_a_code_is_no_number_where_lines_are_compared(tmp_path: Path, check: Check) -> None:
    rows = ("o1,u1,2026-07-01 09:05,50,7,007", "o1,u1,2026-07-01 09:05,50,7.0,7")
    path = file(tmp_path, *rows, header=HEADER + ",weight,code")
    assert "only the first counts: code in 1 (lines:)" in check("orders", path=path, lines="first").left_out[0]


def test_lines_that_differ_in_a_column_of_ones_own_are_refused_where_it_is_read(tmp_path: Path, refuse: Refuse) -> None:
    path = file(tmp_path, "1,a,5", "1,a,7", header="unit_id,arm,visits")
    assert refuse("experiment", path=path, lines="first").startswith("o.csv:3: visits is 7, and 5 in row 2")
    path = file(
        tmp_path,
        *(f"o1,u1,2026-07-01 09:05,50,{state},{back}" for state, back in (("paid", 1), ("void", 2))),
        header=HEADER + ",state,back",
    )
    where = {"state": OtherThan(other_than=("void",))}
    assert "state is void, and paid in row 2" in refuse("orders", path=path, lines="first", where=where)
    assert "back is 2, and 1 in row 2" in refuse("orders", path=path, lines="first", subtract={"amount": "back"})


def test_lines_that_say_something_else_are_not_lost(tmp_path: Path, refuse: Refuse) -> None:
    path = file(tmp_path, "o1,u1,2026-07-01 09:05,10,cup", "o1,u1,2026-07-01 09:05,4,lid", header=ITEMS)
    assert refuse("orders", path=path, lines="first").startswith(
        "o.csv:3: amount is 4, and 10 in row 2 of the same order: `lines: first` would lose it"
    )


def test_lines_of_one_channel_and_week_add_up(tmp_path: Path, check: Check, load: Load) -> None:
    rows = ("2026-07-06,a,1.10,5", "2026-07-06,b,2,", "2026-07-06,a,0.20,", "2026-07-13,a,3,1")
    path = file(tmp_path, *rows, header="week,channel,spend,impressions")
    table = load("media", path=path, lines="sum")
    assert table.column("spend").to_pylist() == [Decimal("1.30"), Decimal("2"), Decimal("3")]
    assert table.column("impressions").to_pylist() == [5, None, 1]
    assert check("media", path=path, lines="sum").left_out == (
        "1 of 4 rows was left out: further lines of the same channel and week, added to its first (lines:)",
    )


def test_a_broken_line_is_refused_before_it_is_added_up(tmp_path: Path, refuse: Refuse) -> None:
    path = file(tmp_path, "2026-07-06,a,1.10", "2026-07-06,a,x", header="week,channel,spend")
    assert "m.csv" not in refuse("media", path=path, lines="sum")
    assert refuse("media", path=path, lines="sum").startswith("o.csv:3: spend: x is not a number")


REFUNDED = HEADER + ",kind"


def test_refunds_in_rows_of_their_own_are_taken_off(tmp_path: Path, check: Check, load: Load) -> None:
    rows = (
        "o1,u1,2026-07-01 09:05,10,sale",
        "o1,u1,2026-07-02 09:05,-4,refund",
        "o1,u1,2026-07-03 09:05,-1,refund",
        "o2,u1,2026-07-01 09:05,7,sale",
        "o9,u1,2026-07-01 09:05,-3,refund",
    )
    path, rule = file(tmp_path, *rows, header=REFUNDED), {"kind": ("refund",)}
    assert load("orders", path=path, refund_rows=rule).column("amount").to_pylist() == [Decimal(5), Decimal(7)]
    found = check("orders", path=path, refund_rows=rule)
    assert found.left_out == ("3 of 5 rows were left out: refunds, taken off the orders with their ids (refund_rows:)",)
    assert found.warnings[-1].startswith("o.csv:6: 1 of 3 refunds are of orders that are not in this table")


def test_more_refunded_than_sold_is_refused(tmp_path: Path, refuse: Refuse) -> None:
    rows = ("o1,u1,2026-07-01 09:05,10,sale", "o1,u1,2026-07-02 09:05,-11,refund")
    message = refuse("orders", path=file(tmp_path, *rows, header=REFUNDED), refund_rows={"kind": ("refund",)})
    assert message.startswith("o.csv:2: amount (amount): 10 is less than its refunds, 11")


def test_a_column_of_refunds_is_taken_off(tmp_path: Path, load: Load, refuse: Refuse) -> None:
    rows = ("o1,u1,2026-07-01 09:05,10.50,", "o2,u1,2026-07-01 09:05,7,7.00", "o3,u1,2026-07-01 09:05,5,¥1.25")
    path = file(tmp_path, *rows, header=HEADER + ",back")
    told = {"subtract": {"amount": "back"}, "numbers": {"amount": "currency"}}
    amounts = load("orders", path=path, **told).column("amount").to_pylist()
    assert amounts == [Decimal("10.5"), Decimal(0), Decimal("3.75")]
    assert 'back (subtract): "¥1.25" is not a number' in refuse("orders", path=path, subtract={"amount": "back"})
    path = file(tmp_path, "o1,u1,2026-07-01 09:05,10,11", header=HEADER + ",back")
    assert "10 less back (11) is below zero" in refuse("orders", path=path, subtract={"amount": "back"})


def test_totals_are_left_out_and_named(tmp_path: Path, check: Check) -> None:
    rows = [f"2026-07-{6 + i:02d},a,{1.37 * i + 100:.2f}" for i in range(20)]
    total = f"合计,,{sum(float(row.rpartition(',')[2]) for row in rows):.2f}"
    found = check("media", path=file(tmp_path, *rows, total, header="week,channel,spend"), totals="leave_out")
    assert found.rows == 20
    assert found.left_out[0].startswith("1 of 21 rows was left out: totals, the first in row 22 (week says 合计")
    assert found.warnings == ()


def test_a_text_of_only_spaces_is_not_filled(tmp_path: Path, load: Load) -> None:
    rows = ("c1,weibo,2026-07-01,好喝,1", "c2,weibo,2026-07-01,  \u3000,1", "c3,weibo,2026-07-01,,1")
    path = file(tmp_path, *rows, header=COMMENTS)
    assert load("comments", path=path, where={"text": "filled"}).column("comment_id").to_pylist() == ["c1"]


def test_an_option_names_a_column_in_the_file_s_words_or_in_ours() -> None:
    raw = raw_table({"状态 ": ["a"], "订单号": ["1"]}, "o.csv")
    found = {"order_id": "订单号"}
    assert column(raw, "状态", found, "where") == "状态 "
    assert column(raw, ("no", "order_id"), found, "where") == "订单号"
    with pytest.raises(DataError, match=r"^o\.csv: where: names no or none, which the file does not have"):
        column(raw, ("no", "none"), found, "where")


def test_rules_on_rows_follow_one_another() -> None:
    raw = raw_table({"order_id": list("112345"), "kind": ["buy", "back", "buy", "buy", "test", None]}, "o.csv")
    rules = Source(path="o.csv", refund_rows={"kind": ("back",)}, where={"kind": OtherThan(other_than=("test",))})
    chosen = select(raw, CONTRACTS["orders"], rules, {"order_id": "order_id"}, "UTC")
    assert chosen.raw.numbers.tolist() == [2, 4, 5, 7]
    assert chosen.refunds is not None
    assert chosen.refunds.numbers.tolist() == [3]
    assert [(each.rule, each.rows, each.of) for each in chosen.raw.left_out] == [("refund_rows", 1, 6), ("where", 1, 5)]


def test_a_rule_that_leaves_nothing_is_refused() -> None:
    raw = raw_table({"order_id": ["1"], "kind": ["test"]}, "o.csv")
    rules = Source(path="o.csv", where={"kind": OtherThan(other_than=("test",))})
    with pytest.raises(DataError, match=r"leave nothing\. The last one: 1 of 1 rows was left out: kind is test"):
        select(raw, CONTRACTS["orders"], rules, {"order_id": "order_id"}, "UTC")
