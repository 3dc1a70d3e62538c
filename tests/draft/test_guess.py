"""Tables that no preset knows are guessed, with what is open left open."""

from pathlib import Path

import pytest

from helpers.clock import NOW, ZONE
from reachbook.draft.entries import plain, text
from reachbook.draft.guess import fit, guess
from reachbook.draft.opened import opened
from reachbook.draft.proposal import Proposal
from reachbook.errors import DataError
from reachbook.tables.store import Checked, checked


def guessed(root: Path, content: str, name: str = "a.csv") -> Proposal:
    (root / name).write_text(content, "utf-8")
    return guess(next(opened(name, root)), root)


def read(root: Path, found: Proposal) -> Checked:
    return checked(found.table, found.source, root, root / "cache", ZONE, NOW, "CNY")


ORDERS = """\
订单号,会员号,下单时间,实付金额,状态
="20260701000000001",m1,2026-07-01 09:00:00,"¥1,299.00",已完成
="20260701000000002",m2,2026-07-01 10:00:00,¥58.00,已退款
="20260701000000003",m1,2026-07-02 10:00:00,--,已完成
="20260701000000004",m3,2026-07-02 11:00:00,¥12.50,已完成
合计,,,"¥1,369.50",
"""


def test_orders_in_chinese(tmp_path: Path) -> None:
    found = guessed(tmp_path, ORDERS.replace("--", "¥0.00"))
    assert found.table == "orders"
    assert plain(found.options) == {
        "trim": True,
        "totals": "leave_out",
        "columns": {"order_id": "订单号", "user_id": "会员号", "at": "下单时间", "amount": "实付金额"},
        "numbers": {"amount": "currency"},
    }
    assert "# where: {状态: {other_than: [已退款]}}" in text(found.options)
    assert read(tmp_path, found).rows == 4


def test_words_for_nothing_are_stated(tmp_path: Path) -> None:
    content = "week,channel,spend,impressions\n2026-07-06,a,10,--\n2026-07-06,b,11.7,500\n"
    found = guessed(tmp_path, content)
    assert plain(found.options) == {"missing": ["--"]}
    assert read(tmp_path, found).rows == 2


def test_two_amounts_are_left_to_a_person(tmp_path: Path) -> None:
    found = guessed(
        tmp_path, "订单号,买家,会员号,下单时间,应付金额,实付金额\n1,a,m,2026-07-01,5,4\n2,b,n,2026-07-01,7,6\n"
    )
    assert "amount" not in plain(found.options)["columns"]
    assert "  # amount: 实付金额  # or 应付金额?" in text(found.options)


@pytest.mark.parametrize(("header", "table"), [("amount,实付金额", "orders"), ("实付金额,gmv", "orders")])
def test_our_own_name_for_money_is_no_doubt(header: str, table: str) -> None:
    found = fit(table, ["order_id", "user_id", "at", *header.split(",")])
    assert bool(found.rivals) == ("amount" not in header)


def test_comments_by_milliseconds_and_the_file_s_name(tmp_path: Path) -> None:
    content = "评论ID,评论时间,评论内容\nc1,1782867600000,很好喝\nc2,1782954900000,太甜\n"
    found = guessed(tmp_path, content, "小红书评论.csv")
    assert found.table == "comments"
    assert plain(found.options)["formats"] == {"at": "epoch_ms"}
    assert plain(found.options)["constants"] == {"platform": "xiaohongshu"}
    assert "guessed: 13 digits, milliseconds since 1970" in text(found.options)
    assert read(tmp_path, found).rows == 2


def test_a_platform_that_nothing_tells_is_asked(tmp_path: Path) -> None:
    found = guessed(tmp_path, "评论ID,评论时间,评论内容\nc1,2026-07-01 09:00,很好喝\n")
    assert '# constants: {platform: "..."}' in text(found.options)


def test_campaigns_add_up_to_their_channel(tmp_path: Path) -> None:
    content = "日期,渠道,计划,消耗(万元)\n2026-07-01,抖音,a,1.5\n2026-07-01,抖音,b,2.1\n2026-07-02,抖音,a,1.1\n"
    found = guessed(tmp_path, content)
    assert plain(found.options)["lines"] == "sum"
    assert plain(found.options)["scale"] == {"spend": 10000.0}
    assert read(tmp_path, found).rows == 2


def test_versions_of_a_comment(tmp_path: Path) -> None:
    content = "comment_id,platform,at,text,更新时间\n1,weibo,2026-07-01 09:00,a,1\n1,weibo,2026-07-01 09:00,b,2\n"
    assert plain(guessed(tmp_path, content).options)["keep"] == "newest by 更新时间"


def test_lines_of_an_order_are_asked_unless_only_one_has_an_amount(tmp_path: Path) -> None:
    head = "order_id,user_id,at,amount\n1,m,2026-07-01 09:00,10\n"
    assert "# lines: first" in text(guessed(tmp_path, head + "1,m,2026-07-01 09:00,5\n").options)
    assert plain(guessed(tmp_path, head + "1,,,\n2,n,2026-07-02 09:00,7\n").options)["lines"] == "first"


@pytest.mark.parametrize(
    ("header", "rows", "table"),
    [
        ("用户ID,分组,进组时间,GMV", ["u1,对照组,2026-07-01 09:00,1", "u2,实验组,2026-07-01 09:00,2"], "experiment"),
        ("city,date,sales,treated", ["北京,2026-07-01,5,0", "上海,2026-07-01,6,1"], "panel"),
        ("city,date,sales", ["北京,2026-07-01,5", "北京,2026-07-02,6"], "series"),
        ("日期,销售额", ["2026-07-06,5", "2026-07-13,6"], "outcome"),
        ("会员号,性别,城市级别", ["m1,女,一线", "m2,男,二线"], "users"),
        ("会员号,平台,行为,时间", ["m1,抖音,点赞,2026-07-01 09:00"], "interactions"),
        ("comment_id,queue,label", ["c1,audit,正面"], "reviews"),
        ("笔记ID,发布时间,体裁,平台", ["n1,2026-07-01 09:00,图文,小红书"], "contents"),
    ],
)
def test_each_table_is_told_by_its_names(tmp_path: Path, header: str, rows: list[str], table: str) -> None:
    found = guessed(tmp_path, "\n".join([header, *rows]) + "\n")
    assert found.table == table
    assert read(tmp_path, found).rows == len(rows)


def test_a_decimal_comma_behind_semicolons(tmp_path: Path) -> None:
    found = guessed(tmp_path, "date;channel;cost\n01/07/2026;a;1.234,50\n13/07/2026;a;3,25\n")
    options = plain(found.options)
    assert (options["delimiter"], options["decimal"], options["formats"]) == (";", ",", {"week": "%d/%m/%Y"})
    assert read(tmp_path, found).rows == 2


def test_what_fits_no_table_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"looks most like comments .* comment_id"):
        guessed(tmp_path, "评论内容,评论时间,昵称\n好,2026-07-01 09:00,a\n")
    with pytest.raises(DataError, match="no table has columns such as t0, t1"):
        guessed(tmp_path, "t0,t1\n1,0\n")
