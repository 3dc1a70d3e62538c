"""Rows that should not count are proposed where the file says so, and asked about where it does not."""

import pytest

from helpers.raw_table import raw_table
from reachbook.draft.entries import plain, text
from reachbook.draft.suspects import doubles, total_rows, undone
from reachbook.tables.contract import CONTRACTS

ORDERS = CONTRACTS["orders"]
IDS = {"order_id": "id", "comment_id": "id", "amount": "amount", "unit_id": "id"}


def test_a_totals_row_is_named_with_its_number() -> None:
    spent = [f"{100 + 1.37 * each:.2f}" for each in range(9)]
    raw = raw_table({"id": [*"123456789", "合计"], "amount": [*spent, f"{sum(map(float, spent)):.2f}"]})
    (entry,) = total_rows(raw, ORDERS, IDS)
    assert (entry.key, entry.value) == ("totals", "leave_out")
    assert entry.why.startswith("guessed: row 11 (id says 合计")
    assert list(total_rows(raw.only(raw.numbers[:-1] - 2), ORDERS, IDS)) == []


def test_states_and_refunds_are_suggested_and_never_decided() -> None:
    raw = raw_table({"状态": ["交易成功", "已退款", "交易关闭"], "退款金额": ["0", "¥1,200.50", None]})
    found = list(undone(raw, ORDERS, {"状态": {"other_than": ["交易关闭"]}}))
    assert [(each.key, each.value) for each in found] == [
        ("where", {"状态": {"other_than": ["交易关闭", "已退款"]}}),
        ("subtract", {"amount": "退款金额"}),
    ]
    assert plain(found) == {}
    assert [each.key for each in undone(raw, ORDERS, {"状态": ["交易成功"]})] == ["subtract"], "what counts is stated"
    assert list(undone(raw, CONTRACTS["comments"], {})) == []


@pytest.mark.parametrize(
    ("table", "columns", "line"),
    [
        ("comments", {"id": ["1", "1"], "更新时间": ["1", "2"]}, "keep: newest by 更新时间"),
        ("comments", {"id": ["1", "1"]}, "keep: last"),
        ("orders", {"id": ["1", "1"], "amount": ["5", None]}, "lines: first  # guessed"),
        ("orders", {"id": ["1", "1"], "amount": ["5", "5"]}, "# lines: first"),
        ("experiment", {"id": ["1", "1"]}, "# lines: sum"),
        ("orders", {"id": ["1", "2"], "amount": ["5", "5"]}, ""),
        ("comments", {"id": [None, None]}, ""),
        ("interactions", {"id": ["1", "1"]}, ""),
    ],
)
def test_several_rows_with_one_id_are_versions_lines_or_a_question(
    table: str, columns: dict[str, list[str | None]], line: str
) -> None:
    found = text(list(doubles(raw_table(columns), table, IDS)))
    assert found.startswith(line)
    assert bool(found) is bool(line)
