"""Rows that should not count are named: refunded, closed and unpaid orders, totals, ids that match nothing."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.workbook_writer import write_xlsx
from reachbook.tables.markers import is_left
from reachbook.tables.store import Checked
from reachbook.tables.suspicions.totals import totals

Make = Callable[..., str]
Check = Callable[..., Checked]
ORDERS = {"order_id": "订单编号", "user_id": "买家会员名", "at": "订单创建时间", "amount": "买家实际支付金额"}
HEADER = "订单编号,买家会员名,订单创建时间,买家实际支付金额"


def shop(path: Path, rows: list[str], header: str = HEADER, encoding: str = "gb18030") -> str:
    path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
    return path.name


def lines(count: int, *more: str) -> list[str]:
    """Orders of different amounts, a status each in turn."""
    return [
        ",".join(
            [f"{3912345678901234567 + 9973 * i}", f"tb{i % 40}", f"2026/7/{1 + i % 28} 0:05", f"{50 + 3.7 * i:.2f}"]
            + ([more[i % len(more)]] if more else [])
        )
        for i in range(count)
    ]


def test_refunded_and_closed_orders_are_named_with_their_counts(tmp_path: Path, check: Check) -> None:
    states = ("交易成功", "交易成功", "交易成功", "已退款", "交易关闭")
    found = check("orders", path=shop(tmp_path / "o.csv", lines(300, *states), HEADER + ",订单状态"), columns=ORDERS)
    assert found.warnings == (
        "o.csv: 订单状态 says 交易关闭 in 60, 已退款 in 60 of 300 rows. They count like all others. Leave them out "
        "if they should not: `where: {订单状态: {other_than: [交易关闭, 已退款]}}`.",
    )
    assert found.counts == {"orders: 订单状态": {"交易成功": 180, "交易关闭": 60, "已退款": 60}}
    assert found.facts["warnings"] == list(found.warnings)


def test_warnings_are_kept_with_the_table_and_the_same_each_time(tmp_path: Path, check: Check) -> None:
    path = shop(tmp_path / "o.csv", lines(20, "交易成功", "已退款"), HEADER + ",订单状态")
    first = check("orders", path=path, columns=ORDERS)
    stamp = first.path.stat().st_mtime_ns
    again = check("orders", path=path, columns=ORDERS)
    assert again == first
    assert again.path.stat().st_mtime_ns == stamp


def test_a_table_without_such_rows_says_nothing(tmp_path: Path, check: Check) -> None:
    path = shop(tmp_path / "o.csv", lines(30, "交易成功", "卖家已发货，等待买家确认"), HEADER + ",订单状态")
    found = check("orders", path=path, columns=ORDERS)
    assert found.warnings == ()
    assert "warnings" not in found.facts


LEFT = """
退款/已退款/交易关闭/退款成功/部分退款/全额退款/已取消/用户主动取消/买家未付款/等待买家付款/待付款/未付款/未支付
超时未付款自动关闭/已关闭/已作废/支付失败/退款中/申请退款/已退货/待付尾款/仅退款/拒收/關閉/交易關閉
refunded/partially_refunded/Cancelled/CANCELED/voided/pending/closed/PENDING_PAYMENT/on_hold
未发货，退款成功/已发货，退款成功/已收货，退款成功/退款或取消/售后完成，已退款/退货退款成功/仅退款成功/买家已取消/无售后，已取消
TRADE_CLOSED/TRADE_CLOSED_BY_TAOBAO/WAIT_BUYER_PAY/CANCEL/REFUND_SUCCESS/NOTPAY/waiting for payment
Cancelled by customer/Not paid/Awaiting payment/Refund requested/Refunded (full)
"""
STAYS = """
取消订阅专题/交易成功/订单未关闭/未退款/没有申请退款/无退款/退款关闭/取消退款/货到付款/已发货/关闭页面广告/取消关注
退款险/待发货/买家已付款，等待卖家发货/测试/未取消/无/否/关注/已付款/付款中/全部/部分/已完成/退款率/合计
无售后或售后取消/无售后/暂无售后/未申请售后/没有售后/未发起售后/售后取消/售后已取消/售后关闭/售后已关闭/售后撤销/售后申请已撤销/取消售后
用户取消售后/商家拒绝售后/售后被拒绝/無售後/售後關閉/无维权/维权关闭/维权已取消/买家撤销维权/无退货退款/未退货退款/退货退款关闭/退款退货已取消
无退换货/换货取消/仅退款关闭/退款申请被驳回/卖家拒绝退款/买家撤回退款申请/未发生退款/无售后，未退款/无退款或售后/不存在售后/售后单已关闭
售后处理中/待商家处理/售后完成/换货成功/补寄/维修/无纠纷/投诉已撤销
paid/authorized/active/fulfilled/removed/TRADE_FINISHED/WAIT_SELLER_SEND_GOODS/TRADE_BUYER_SIGNED/pay/trade in
not refunded/No refund/Refund declined/Refund request cancelled/Return rejected
Total War/Cancel anytime/closed loop/refund policy/order
"""


@pytest.mark.parametrize("value", re.split("[/\n]", LEFT.strip()))
def test_a_cell_that_says_its_row_is_undone(value: str) -> None:
    assert is_left(value)


@pytest.mark.parametrize("value", re.split("[/\n]", STAYS.strip()))
def test_a_cell_that_says_something_else(value: str) -> None:
    assert not is_left(value)


def test_a_database_a_workbook_and_parquet_are_looked_at_alike(tmp_path: Path, check: Check) -> None:
    import sqlite3

    rows = [(f"o{i}", f"u{i}", "2026-07-01 09:05", 5.0 + i, ("paid", "voided")[i % 2]) for i in range(10)]
    names = ["order_id", "user_id", "at", "amount", "state"]
    write_xlsx(tmp_path / "o.xlsx", {"A": [names, *map(list, rows)]})
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    pq.write_table(
        pa.table({**columns, "state": pa.array(columns["state"]).dictionary_encode()}), tmp_path / "o.parquet"
    )
    with sqlite3.connect(tmp_path / "o.db") as connection:
        connection.execute(f"create table o ({', '.join(names)})")
        connection.executemany("insert into o values (?, ?, ?, ?, ?)", rows)
    connection.close()
    for source in ({"path": "o.xlsx"}, {"path": "o.parquet"}, {"url": "sqlite:///o.db", "query": "select * from o"}):
        found = check("orders", **source)
        assert [line.partition(": ")[2][:43] for line in found.warnings] == [
            "state says voided in 5 of 10 rows. They cou"
        ]
        assert found.counts["orders: state"] == {"paid": 5, "voided": 5}


def test_files_behind_a_query_are_looked_at_where_it_does_not_name_the_column(tmp_path: Path, check: Check) -> None:
    rows = [f"o{i},u1,2026-07-01 09:05,{i + 1},{('paid', 'refunded')[i % 2]}" for i in range(8)]
    (tmp_path / "o.csv").write_text("\n".join(["order_id,user_id,at,amount,state", *rows, ""]))
    sql = tmp_path / "o.sql"
    sql.write_text('select order_id, user_id, "at", amount from o order by 1')
    assert check("orders", files={"o": "o.csv"}, sql="o.sql").warnings[0].startswith("o.csv: state says refunded in 4")
    sql.write_text("select order_id, user_id, \"at\", amount from o where state = 'paid' order by 1")
    assert check("orders", files={"o": "o.csv"}, sql="o.sql").warnings == ()


def test_free_text_and_mapped_values_are_no_states(tmp_path: Path, check: Check) -> None:
    (tmp_path / "c.csv").write_text(
        "comment_id,platform,at,text\n" + "".join(f"c{i},weibo,2026-07-01 09:05,退款\n" for i in range(4)), "utf-8"
    )
    assert check("comments", path="c.csv").warnings == ()
    (tmp_path / "u.csv").write_text("user_id,consent\nu1,已取消\nu2,已取消\nu3,有\n", "utf-8")
    assert check("users", path="u.csv", values={"consent": {"已取消": "false"}}).warnings == ()


def test_a_column_of_refunds_that_is_not_read_is_named(tmp_path: Path, check: Check) -> None:
    header = HEADER + ",退款金额,Cancelled at,是否退款"
    rows = [f"{line},{('', '0.00', '12.00')[i % 3]},,{('否', '是')[i == 4]}" for i, line in enumerate(lines(9))]
    found = check("orders", path=shop(tmp_path / "o.csv", rows, header), columns=ORDERS)
    assert [line.split(" and is not")[0] for line in found.warnings] == [
        "o.csv: 退款金额 is filled in 3 of 9 rows",
        "o.csv: 是否退款 is filled in 1 of 9 rows",
    ]
    assert found.warnings[0].endswith("Take it off (`subtract: {amount: 退款金额}`), or leave rows out by where:.")
    rule = 'where: {是否退款: {other_than: ["是"]}}'
    assert found.warnings[1].endswith(f"Leave them out if they should not: `{rule}`.")


@pytest.mark.parametrize(
    ("name", "cells", "condition"),
    [
        ("is_cancelled", ("1", "0", "0"), {"other_than": ["1"]}),
        ("cancelled", ("TRUE", "FALSE", ""), {"other_than": ["TRUE"]}),
        ("Cancelled at", ("2026-07-03 10:00", "", ""), "empty"),
        ("是否退款", ("是", "", "否"), {"other_than": ["是"]}),
    ],
)
def test_what_marks_a_lost_order_is_no_money_to_take_off(
    name: str, cells: tuple[str, ...], condition: object, tmp_path: Path, check: Check
) -> None:
    """Was: subtract is_cancelled from the amount; the rule that is named leaves exactly these rows out."""
    rows = [f"o{i},u1,2026-07-0{i + 1} 09:05,{i + 5},{cell}" for i, cell in enumerate(cells)]
    (tmp_path / "o.csv").write_text("\n".join([f"order_id,user_id,at,amount,{name}", *rows, ""]), "utf-8")
    (warning,) = check("orders", path="o.csv").warnings
    assert "subtract" not in warning
    said = (
        "empty"
        if condition == "empty"
        else json.dumps(condition, ensure_ascii=False).replace('"other_than"', "other_than")
    )
    assert f"`where: {{{name}: {said}}}`" in warning
    assert check("orders", path="o.csv", where={name: condition}).rows == 2


@pytest.mark.parametrize(
    "word",
    [
        "合计",
        "总计",
        "小计：",
        "汇总",
        "Total",
        "Grand total",
        "Total: Account",
        "合计(28条)",
        "7月小计",
        "2026-07 合计",
        "本页合计",
        "Q3 Total",
    ],
)
def test_a_totals_row_with_a_date_is_named(word: str, tmp_path: Path, check: Check) -> None:
    rows = [*lines(30), f'"{word}",,2026/7/31 0:00,"3109.50"'.replace(",,", ",tb0,")]
    found = check("orders", path=shop(tmp_path / "o.csv", rows), columns=ORDERS)
    assert found.rows == 31
    assert found.warnings[0].startswith("o.csv:32: looks like a totals row (订单编号 says ")
    assert "买家实际支付金额 is the sum of all other rows" in found.warnings[0]


def test_a_totals_row_without_a_date_is_named_instead_of_its_cells(tmp_path: Path, refuse: Callable[..., str]) -> None:
    rows = [*lines(30), '合计,,,"3,109.50"']
    message = refuse("orders", path=shop(tmp_path / "o.csv", rows), columns=ORDERS)
    assert message == (
        "o.csv:32: is a totals row by its looks (订单编号 says 合计 and 买家实际支付金额 is the sum of all other rows)"
        ", no row of data. Leave it out: `totals: leave_out`."
    )


def test_a_totals_row_is_told_before_cells_that_are_many(tmp_path: Path, refuse: Callable[..., str]) -> None:
    """The order of ¥ amounts and tabs, of which only twenty are told."""
    rows = [line.replace(",tb", "\t,tb").replace(":05,", ":05,¥") for line in lines(350)]
    rows.append('合计,,,"¥3,188,100.77"')
    told = refuse("orders", path=shop(tmp_path / "o.csv", rows), columns=ORDERS).splitlines()
    assert told[0].startswith("o.csv:352: is a totals row by its looks (订单编号 says 合计)")
    assert "begins or ends with a tab or line break" in told[1]
    assert "is a sum with its currency" in told[2]


def test_the_first_row_of_an_ad_report_that_is_the_sum(tmp_path: Path, refuse: Callable[..., str]) -> None:
    rng = np.random.default_rng(3)
    body = [[f"2025-01-{1 + i % 28:02d}", f"计划{i}", round(float(rng.lognormal(8, 1)), 2)] for i in range(60)]
    total = ["全部", "共4个计划", round(sum(float(str(row[2])) for row in body), 2)]
    write_xlsx(tmp_path / "m.xlsx", {"A": [["日期", "计划名称", "消耗(元)"], total, *body]})
    columns = {"week": "日期", "channel": "计划名称", "spend": "消耗(元)"}
    message = refuse("media", path="m.xlsx", columns=columns)
    assert message.startswith("m.xlsx:2: is a totals row by its looks (日期 says 全部 and ")
    assert "\n" not in message


def test_a_sum_without_a_word_is_named(tmp_path: Path, check: Check) -> None:
    rng = np.random.default_rng(5)
    spends = [round(float(each), 2) for each in rng.lognormal(7, 1, 40)]
    rows = [f"2026-01-{1 + i % 28:02d},c{i},{spend}" for i, spend in enumerate(spends)]
    rows.insert(7, f"2026-01-29,x,{sum(spends):.2f}")
    (tmp_path / "m.csv").write_text("\n".join(["week,channel,spend", *rows, ""]))
    assert check("media", path="m.csv").warnings == (
        "m.csv:9: looks like a totals row (spend is the sum of all other rows). If it is one, leave it out, or all "
        "that it sums counts twice: `totals: leave_out`.",
    )


def test_many_totals_are_told_in_one_line(tmp_path: Path, check: Check) -> None:
    rows = [f"2026-01-{1 + i // 3:02d},{('a', 'b', '小计')[i % 3]},{(5, 7, 12)[i % 3]}" for i in range(30)]
    (tmp_path / "m.csv").write_text("\n".join(["week,channel,spend", *rows, ""]), "utf-8")
    (said,) = check("media", path="m.csv").warnings
    assert said.startswith(
        "m.csv: 10 rows look like totals (rows 4, 7, 10, 13, 16, ...; in the first channel says 小计"
    )


def test_names_that_hold_a_word_for_a_sum_are_no_totals() -> None:
    names = [
        "Total War",
        "总计划",
        "全部口味礼盒",
        "Total（道达尔）润滑油",
        "小计算器",
        "汇总报表广告",
        "全部人群",
        "Total skincare",
        "第1小计算器",
        "2026总计划",
    ]
    frame = pa.table({"name": names * 3, "spend": [float(i) ** 1.3 for i in range(3 * len(names))]})
    assert totals(frame) == {}
    assert totals(pa.table({"placement": ["全部"] * 24, "spend": [float(i) ** 1.3 for i in range(24)]})) == {}
    assert list(totals(pa.table({"placement": [*names, "全部"]}))) == [len(names)]


def test_words_that_are_also_labels_are_totals_only_once_and_at_the_edge() -> None:
    def found(*words: str) -> list[int]:
        return list(totals(pa.table({"gender": list(words), "spend": [float(i) ** 1.3 for i in range(len(words))]})))

    assert found("f", "m", "f", "m", "all") == [4]
    assert found("average", "m", "f", "m", "f") == [0]
    assert found("f", "m", "all", "f", "m", "f") == []
    assert found("f", "m", "all", "f", "m", "all") == []


def test_a_state_among_many_values_is_found(tmp_path: Path, check: Check) -> None:
    rows = [f"{line},{('已退款' if i % 50 == 0 else f'请在{i}日前发货')}" for i, line in enumerate(lines(200))]
    found = check("orders", path=shop(tmp_path / "o.csv", rows, HEADER + ",备注"), columns=ORDERS)
    assert [line.split(" rows.")[0] for line in found.warnings] == ["o.csv: 备注 says 已退款 in 4 of 200"]
    assert found.counts == {}


def test_chance_sums_are_rare() -> None:
    """Tables without totals: counts, money, round budgets, flags; at most 1 in 100 may be taken to hold one."""
    rng, wrong = np.random.default_rng(11), 0
    for _ in range(400):
        rows = int(rng.integers(4, 60))
        frame = pa.table(
            {
                "items": rng.integers(0, 5, rows),
                "money": np.round(rng.lognormal(4, 1.5, rows), 2),
                "budget": rng.integers(1, 20, rows) * 5000.0,
                "flag": rng.integers(0, 2, rows),
                "heavy": np.round(rng.pareto(0.8, rows) * 100, 2),
            }
        )
        wrong += bool(totals(frame))
    assert wrong <= 4


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (['"=""24138548499136587{i:02d}"""'], 'are written like a formula (="...")'),
        (["'24138548499136587{i:02d}"], "begin with an apostrophe"),
        (["2413854849913{i:02d}0000"], "a spreadsheet has rounded them"),
    ],
)
def test_ids_that_match_nothing_are_named(ids: list[str], said: str, tmp_path: Path, check: Check) -> None:
    rows = [f"{ids[0].format(i=i)},u{i},2026-07-01 09:05,{i + 1}" for i in range(14)]
    (tmp_path / "o.csv").write_text("\n".join(["order_id,user_id,at,amount", *rows, ""]), "utf-8")
    (warning,) = check("orders", path="o.csv").warnings
    assert warning.startswith("o.csv:2: order_id: ")
    assert said in warning


def test_good_long_ids_are_not_named(tmp_path: Path, check: Check) -> None:
    rows = [f"24138548499136587{i:02d},u{i},2026-07-01 09:05,{i + 1}" for i in range(14)]
    (tmp_path / "o.csv").write_text("\n".join(["order_id,user_id,at,amount", *rows, ""]), "utf-8")
    assert check("orders", path="o.csv").warnings == ()


def test_a_crushed_id_is_refused(orders: Make, refuse: Callable[..., str]) -> None:
    assert "an id that a spreadsheet turned into" in refuse("orders", path=orders("4.75E+15,u1,2026-07-01,1"))


def test_counts_hold_no_personal_data_no_ids_and_no_numbers(tmp_path: Path, check: Check) -> None:
    header = "order_id,user_id,at,amount,platform,items,收货人姓名,Email,note"
    rows = [f"o{i},u{i % 2},2026-07-01,{i + 1},天猫,{i % 3},王小明,a@b.com,13812345678" for i in range(9)]
    (tmp_path / "o.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    assert check("orders", path="o.csv").counts == {"orders: platform": {"天猫": 9}}
    assert "王小明" not in json.dumps(check("orders", path="o.csv").facts, ensure_ascii=False)


def test_amounts_stay_as_they_are(tmp_path: Path, load: Callable[..., pa.Table]) -> None:
    table = load("orders", path=shop(tmp_path / "o.csv", lines(2, "已退款"), HEADER + ",订单状态"), columns=ORDERS)
    assert table.column("amount").to_pylist() == [Decimal("50.00"), Decimal("53.70")], "a warning changes nothing"
