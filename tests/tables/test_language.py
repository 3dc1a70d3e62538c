"""Faulty files in a Chinese study: one Chinese line with place, value and remedy."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from reachbook.errors import DataError
from reachbook.tables.source import Source
from reachbook.tables.store import Checked
from reachbook.translation import using

Orders = Callable[..., str]
Check = Callable[..., Checked]
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
CODE = re.compile(r"`[^`]*`|<[^>]*>")

GOOD = "o1,u1,2026-07-01 09:05:00,12.50"
FAULTS: dict[str, tuple[tuple[str, ...], dict[str, Any], str, str]] = {
    "no number": (("o1,u1,2026-07-01 09:05:00,abc",), {}, "orders.csv:2: amount: abc", "请写成 1234.50"),
    "percentage": (("o1,u1,2026-07-01 09:05:00,5%",), {}, "orders.csv:2: amount: ", "`numbers: {amount: percent}`"),
    "negative": (("o1,u1,2026-07-01 09:05:00,-3",), {}, "orders.csv:2: amount: -3 为负", "请把退款并入原订单"),
    "empty": (("o1,,2026-07-01 09:05:00,3",), {}, "orders.csv:2: user_id: 为空", "请填写"),
    "no time": (("o1,u1,2026-13-01,3",), {}, "orders.csv:2: at: 2026-13-01 不是时间", "请写成"),
    "day first": (("o1,u1,05/07/2026 10:00,3",), {}, "orders.csv:2: at: 05/07/2026 10:00", "请把年写在前面"),
    "seconds": (("o1,u1,1782868800,3",), {}, "orders.csv:2: at: 1782868800", "`formats: {at: epoch_s}`"),
    "future": (("o1,u1,2036-07-01 09:05:00,3",), {}, "orders.csv:2: at: 2036-07-01 09:05:00", "请更正日期"),
    "twice": ((GOOD, GOOD), {}, "orders.csv:3: order_id: o1 已在第 2 行", "一行对应一个订单。请删去一行"),
    "space": (("o1 ,u1,2026-07-01 09:05:00,3",), {}, 'orders.csv:2: order_id: "o1 "', "`trim: true`"),
    "ragged": ((GOOD, "o2,u2,2026-07-02 10:00:00"), {}, "orders.csv:3: 有 3 个单元格，表头有 4 个", "请补上"),
    "currency": (("o1,u1,2026-07-01 09:05:00,$3",), {}, "orders.csv:2: amount: ", "`numbers: {amount: currency}`"),
    "column": ((GOOD,), {"columns": {"amount": "实付"}}, "orders.csv: columns: 写了 amount: 实付", "文件的列有"),
    "where": ((GOOD,), {"where": {"user_id": ["u9"]}}, "orders.csv: where：没有一行的 user_id 是 u9", "请更正取值"),
    "kind": ((GOOD,), {"scale": {"at": 2.0}}, "orders.csv: scale：at 是时间列", "请删去这一行"),
    "sheet": ((GOOD,), {"sheet": "一月"}, "orders.csv: sheet：", "请删去这一行"),
}


def english(text: str) -> list[str]:
    """Runs of three English words outside code."""
    return ENGLISH.findall(CODE.sub("", text))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_chinese_with_place_value_and_remedy(fault: str, orders: Orders, check: Check) -> None:
    rows, options, begins, remedy = FAULTS[fault]
    name = orders(*rows)
    with using("zh"), pytest.raises(DataError) as error:
        check("orders", path=name, **options)
    said = str(error.value)
    assert said.startswith(begins)
    assert remedy in said
    assert "\n" not in said
    assert not english(said)


def test_a_file_that_is_not_there(check: Check) -> None:
    with using("zh"), pytest.raises(DataError) as error:
        check("orders", path="data/order.csv")
    assert str(error.value).startswith("data/order.csv: 没有这个文件。")
    assert not english(str(error.value))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"path": "a.csv", "paths": "b.csv"}, "只能写"),
        ({"path": "a.csv", "timezone": "Shanghai"}, "不是时区"),
        ({"path": "a.csv", "formats": {"at": "%d/%m"}}, "缺少年份"),
        ({"path": "a.csv", "where": {"状态": [1]}}, "不是文本"),
        ({"path": "a.csv", "lines": "sum", "keep": "last"}, "冲突"),
    ],
)
def test_a_source_that_contradicts_itself(options: dict[str, Any], said: str) -> None:
    with using("zh"), pytest.raises(ValidationError) as error:
        Source(**options)
    message = error.value.errors()[0]["msg"].removeprefix("Value error, ")
    assert said in message
    assert not english(message)


def test_a_warning_is_kept_in_each_language_and_shown_in_no_other(orders: Orders, check: Check, tmp_path: Path) -> None:
    header = "order_id,user_id,at,amount,订单状态"
    name = orders(GOOD + ",交易关闭", "o2,u2,2026-07-02 10:00:00,3.00,交易成功", header=header)
    (first,) = check("orders", path=name).warnings
    with using("zh"):
        (chinese,) = check("orders", path=name).warnings
        assert check("orders", path=name).warnings == (chinese,)
    assert "They count like all others" in first
    assert chinese.startswith("orders.csv: 订单状态 列共 2 行，其中 交易关闭 1 行")
    assert not english(chinese)
    assert check("orders", path=name).warnings == (first,)


def test_what_was_left_out_is_told_in_chinese(orders: Orders, check: Check) -> None:
    header = "order_id,user_id,at,amount,订单状态"
    name = orders(GOOD + ",交易关闭", "o2,u2,2026-07-02 10:00:00,3.00,交易成功", header=header)
    with using("zh"):
        found = check("orders", path=name, where={"订单状态": ["交易成功"]})
    assert found.left_out == ("2 行中剔除 1 行：订单状态 是 交易关闭（where:）",)
