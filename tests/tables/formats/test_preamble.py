"""Titles above the header, notes below the table, tabs behind ids: named as what they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.workbook_writer import write_xlsx
from reachbook.tables.formats.preamble import header_below

Refuse = Callable[..., str]
TABLE = ["Day,Campaign,Currency code,Cost", "2026-07-01,Brand | Search,CNY,276.74", "2026-07-02,Cold brew,CNY,1.5"]
SAID = "is no header but a title or a note; row 3 looks like the header (Day, Campaign, "


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter", "also"),
    [
        ("g.csv", "utf-8", ",", ""),
        ("g.csv", "gb18030", ",", ""),
        ("g.csv", "utf-16", "\t", r" and `delimiter: '\t'`"),
        ("g.csv", "utf-8", ";", " and `delimiter: ';'`"),
        ("g.tsv", "utf-8", "\t", ""),
    ],
)
def test_lines_above_the_header_are_named(
    name: str, encoding: str, delimiter: str, also: str, tmp_path: Path, refuse: Refuse
) -> None:
    lines = ["推广报告", '"July 1, 2026 - July 14, 2026"', *(line.replace(",", delimiter) for line in TABLE)]
    (tmp_path / name).write_bytes("\n".join([*lines, ""]).encode(encoding))
    message = refuse("media", path=name)
    assert message.startswith(f"{name}:1: {SAID}")
    assert f"State it: `header: 3`{also}; leave out totals or notes below the table by" in message


def test_lines_with_a_few_cells_and_blank_lines_above(tmp_path: Path, refuse: Refuse) -> None:
    lines = ["# ----", "店铺,清野", "", *TABLE]
    (tmp_path / "g.csv").write_text("\n".join([*lines, ""]), "utf-8")
    assert "row 4 looks like the header" in refuse("media", path="g.csv")


def test_a_banner_that_a_merge_repeats(tmp_path: Path, refuse: Refuse) -> None:
    banner = ["最多导出前1000条笔记"] * 3
    write_xlsx(tmp_path / "n.xlsx", {"A": [banner, ["笔记标题", "体裁", "曝光"], ["a", "图文", 3], ["b", "视频", 4]]})
    assert refuse("contents", path="n.xlsx").startswith(
        "n.xlsx:1: is no header but a title or a note; row 2 looks like the header (笔记标题, 体裁, 曝光)."
    )


def test_a_title_in_one_cell_of_a_sheet(tmp_path: Path, refuse: Refuse) -> None:
    rows = [
        ["数据来源"],
        ["统计日期", "2026-07"],
        [],
        [],
        ["日期", "访客数", "支付金额"],
        ["2026-07-01", 5, 1.5],
        ["2026-07-02", 6, 2],
    ]
    write_xlsx(tmp_path / "s.xlsx", {"A": rows})
    assert "s.xlsx:1: is no header" in refuse("outcome", path="s.xlsx")
    assert "row 5 looks like the header (日期, 访客数, 支付金额)" in refuse("outcome", path="s.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "b", "c"], ["x", "y", "z"], ["x", "", ""]],
        [["a", "b", ""], ["x", "y", "z"], ["x", "y", "w"]],
        [["a", "b"], ["1", "2"]],
        [["only"], ["a"], ["b"]],
        [["title"], ["1", "2", "3"], ["4", "5", "6"]],
        [],
    ],
)
def test_what_may_be_a_header_is_left_alone(rows: list[list[str]]) -> None:
    assert header_below(rows) is None


def test_totals_and_notes_below_the_table_are_named(tmp_path: Path, refuse: Refuse) -> None:
    def said(*last: str) -> str:
        (tmp_path / "m.csv").write_text("\n".join(["week,channel,spend", "2026-07-06,a,1", *last, ""]), "utf-8")
        return refuse("media", path="m.csv")

    assert said("Grand total,,1,2") == (
        'm.csv:3: is a totals row by its looks ("Grand total"), and has 4 cells, the header has 3. '
        "Leave it out: `totals: leave_out`."
    )
    assert said("共导出1条数据").startswith(
        "m.csv:3: has 1 cell, the header has 3. If it is a note below the table, leave it out: `footer: 1`"
    )
    assert "Put quotes around a text that holds the delimiter or a quote, or name the column" in said(
        "2026-07-13,b,1,5"
    )


def test_a_tab_behind_an_id_is_named_as_such(orders: Callable[..., str], refuse: Refuse) -> None:
    message = refuse("orders", path=orders("3912345678901234567\t,u1,2026-07-01,1"))
    assert message.startswith(
        'orders.csv:2: order_id: "3912345678901234567\\t" begins or ends with a tab or line break'
    )
    assert "`trim: true`" in message
    assert "broken" not in message
    assert "holds a control character" in refuse("orders", path=orders("39\x0112,u1,2026-07-01,1"))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("¥3.00", "is a sum with its currency. Say that it may be: `numbers: {amount: currency}`"),
        ("12.50元", "is a sum with its currency. Say that it may be: `numbers: {amount: currency}`"),
        ("1.2万", "is a rounded number. Say that it may be: `numbers: {amount: rounded}`"),
        ("4.2w", "is a rounded number. Say that it may be: `numbers: {amount: rounded}`"),
        ("--", 'stands for "no value". Say so: `missing: ["--"]`'),
        ("3.1%", "is a percentage. Say so: `numbers: {amount: percent}`"),
        ("10+", "is a lower limit. Say that 10+ may be 10: `numbers: {amount: at_least}`"),
        ("< 10", "is not a number: it is a limit. Say what to read: `numbers: {amount: below_as_limit}`"),
        ("1分20秒", "is a length of time. Say so: `numbers: {amount: duration}`"),
        ("abc", "is not a number. Write digits"),
    ],
)
def test_amounts_that_are_no_numbers_are_named_as_what_they_are(
    cell: str, said: str, orders: Callable[..., str], refuse: Refuse
) -> None:
    assert said in refuse("orders", path=orders(f"o1,u1,2026-07-01,{cell}"))


@pytest.mark.parametrize(("cell", "unit"), [("1782864000000", "epoch_ms"), ("1782864000", "epoch_s")])
def test_a_count_since_1970_is_named_as_such(cell: str, unit: str, orders: Callable[..., str], refuse: Refuse) -> None:
    message = refuse("orders", path=orders(f"o1,u1,{cell},1"))
    assert f"at: {cell} counts " in message
    assert f"State it: `formats: {{at: {unit}}}`." in message


def test_a_comment_that_stands_twice_is_not_to_be_summed(tmp_path: Path, refuse: Refuse) -> None:
    row = "c1,weibo,2026-07-01,a\n"
    (tmp_path / "c.csv").write_text(f"comment_id,platform,at,text\n{row}{row}")
    assert refuse("comments", path="c.csv").endswith("Remove one, or keep one by a rule (keep:).")
