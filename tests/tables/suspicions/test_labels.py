"""Labels are counted without personal data, and those that mark lost orders are named."""

from dataclasses import replace

import pyarrow as pa
import pytest

from helpers.raw_table import raw_table
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.suspicions.labels import FEW, labels, left, marked, unread

STATES = ["交易成功", "交易关闭", "交易成功", None]
RAW = raw_table({"状态": STATES, "note": list("abcd"), "number": ["1", "2", "2", "1"]}, "o.csv")


def test_values_are_counted_most_frequent_first_and_numbers_are_no_labels() -> None:
    counted = labels(RAW.frame, frozenset({"note"}))
    assert {name: list(values.items()) for name, values in counted.each.items()} == {
        "状态": [("交易成功", 2), ("交易关闭", 1)]
    }
    assert counted.rows == 4
    long = pa.table({"text": ["x" * 41, "y" * 40]})
    assert labels(long).each == {}, "free text by its length"


def test_ids_people_and_columns_of_many_values_are_not_shown() -> None:
    many = [f"v{each}" for each in range(FEW + 1)]
    rows = len(many) * 2
    frame = pa.table(
        {
            "shop": ["a", "b"] * (rows // 2),
            "order": ["a"] * rows,
            "收货人": ["甲"] * rows,
            "call": ["tel 13812345678"] * rows,
            "many": many * 2,
        }
    )
    assert labels(frame).few(frozenset({"order"})) == {"shop": {"a": rows // 2, "b": rows // 2}}


def test_lost_orders_are_named_once_nobody_has_decided() -> None:
    (line,) = left(labels(RAW.frame), "o.csv", frozenset())
    assert line.startswith("o.csv: 状态 says 交易关闭 in 1 of 4 rows.")
    assert "`where: {状态: {other_than: [交易关闭]}}`" in line
    assert list(left(labels(RAW.frame), "o.csv", frozenset({("状态", "交易关闭")}))) == []


def test_a_query_s_files_are_searched_where_it_does_not_look() -> None:
    result = replace(raw_table({"n": ["1"]}), beside={"o.csv": RAW.frame}, query="select count(*) as n from o")
    assert [line[:14] for line in unread(result)] == ["o.csv: 状态 says"[:14]]
    assert list(unread(replace(result, query="select n from o where 状态 = '交易成功'"))) == []


def test_a_column_of_refunds_that_is_not_read_is_named() -> None:
    frame = pa.table({"退款金额": ["0.00", "5.00", None, "没有申请退款"]})
    (line,) = marked(frame, CONTRACTS["orders"], "o.csv", frozenset())
    assert line.startswith("o.csv: 退款金额 is filled in 1 of 4 rows and is not read.")
    assert list(marked(frame, CONTRACTS["orders"], "o.csv", frozenset({"退款金额"}))) == []
    assert list(marked(frame, CONTRACTS["users"], "u.csv", frozenset())) == []


@pytest.mark.parametrize(
    "value",
    (
        "无退款申请/无退款/未退款/没有退款/暂无退款/尚未退款/退款关闭/退款已关闭/退款申请已撤销/退款失败/取消退款/无需退款/无退货/未取消/"
        "无售后或售后取消/无售后/售后关闭/售后已取消/未申请售后/无维权/维权关闭/退货退款关闭/买家撤回退款申请/商家拒绝退款/"
        "refund declined/"
        "not refunded/No refund/not yet refunded"
    ).split("/"),
)
def test_what_says_that_nothing_was_refunded_marks_no_order(value: str) -> None:
    frame = pa.table({"退款金额": [value, None, "0"]})
    assert list(marked(frame, CONTRACTS["orders"], "o.csv", frozenset())) == []


@pytest.mark.parametrize(
    "value", ["退款成功", "退款中", "已退款", "部分退款", "全额退款", "refunded", "¥5", "12.50", "2026-07-01"]
)
def test_what_says_that_something_was_refunded_marks_its_order(value: str) -> None:
    frame = pa.table({"退款金额": [value, "无退款申请"]})
    (line,) = marked(frame, CONTRACTS["orders"], "o.csv", frozenset())
    assert "退款金额 is filled in 1 of 2 rows" in line
