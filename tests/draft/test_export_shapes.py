"""Exports in the shapes that teams hold become right tables through `make new`, without a line changed by hand."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from helpers.clock import ZONE
from helpers.tiny_project import Project
from helpers.workbook_writer import write_xlsx
from reachbook.draft.new import new
from reachbook.study import files
from reachbook.study.data import Data

Drafted = Callable[[str, str], tuple[pd.DataFrame, str]]


@pytest.fixture
def drafted(project: Project, monkeypatch: pytest.MonkeyPatch) -> Drafted:
    """Drafts a study from one file under data/, and gives the table that it reads and what validate says of it."""
    monkeypatch.chdir(project.root)

    def read(file: str, table: str) -> tuple[pd.DataFrame, str]:
        new(project.root, "acme", [f"data/{file}"])
        found = Data(files.load(project.root, "acme"))[table]
        return pd.read_parquet(found.path), " ".join(found.left_out)

    return read


def save(lines: list[str], file: str, encoding: str) -> None:
    Path("data", file).write_bytes("\r\n".join([*lines, ""]).encode(encoding))


def milliseconds(local: str) -> int:
    return int(pd.Timestamp(local, tz=ZONE).timestamp() * 1000)


def test_a_crawl_that_was_appended_to_gives_each_comment_once(drafted: Drafted) -> None:
    texts = ['"味道淡, 会""回购"""', '"好喝\n不齁甜😭"', "一般", "漏了", "求链接"]
    likes = ["1.2万", "10+", "0", "7", "328"]

    def crawled(i: int, version: str) -> str:
        at = milliseconds(f"2026-07-0{i + 1} 08:00")
        return f"c{i:023d},{at},n{i},{texts[i]},u{i},林**,{version},{likes[i]}"

    header = "comment_id,create_time,note_id,content,creator_hash,nickname,last_modify_ts,like_count"
    again = [crawled(i, "1784944800000") for i in (3, 1)]
    save([header, *(crawled(i, "1784000000000") for i in range(5)), *again], "xhs_comments.csv", "utf-8-sig")
    table, left_out = drafted("xhs_comments.csv", "comments")
    assert table["comment_id"].is_unique
    assert sorted(table["at"]) == [datetime(2026, 7, day, 8) for day in range(1, 6)]
    assert set(table["platform"]) == {"xiaohongshu"}
    assert '味道淡, 会"回购"' in set(table["text"])
    assert left_out.startswith("2 of 7 rows were left out: an older version of the same comment")


def test_a_banner_above_a_list_of_notes_is_no_header(drafted: Drafted) -> None:
    header = "笔记标题 首次发布时间 体裁 曝光 观看量 封面点击率 点赞 评论 收藏 涨粉 分享 人均观看时长 弹幕".split()
    kinds = ("图文", "视频")
    notes = [
        [f"第{i}杯", f"2026年07月0{i}日20时{i:02d}分00秒", kinds[i % 2], *(str(100 * i + j) for j in range(10))]
        for i in range(1, 7)
    ]
    write_xlsx(Path("data/notes.xlsx"), {"笔记": [["最多导出排序后前1000条笔记"] * 13, header, *notes]})
    table, _ = drafted("notes.xlsx", "contents")
    assert list(table["published_at"]) == [datetime(2026, 7, i, 20, i) for i in range(1, 7)]
    assert set(table["format"]) == {"image_text", "short_video"}


def test_a_report_in_utf_16_with_lines_above_and_a_total_below(drafted: Drafted) -> None:
    header = ["Day", "Campaign", "Campaign type", "Currency code", "Impr.", "CTR", "Cost", "Search impr. share"]
    days = [
        [f"2026-07-0{day}", kind, kind, "USD", f'"{1000 * day + more:,}"', "--", f"{day * 100 + more}.25", "< 10%"]
        for day in range(1, 8)
        for kind, more in (("Search", 13), ("Performance Max", 29))
    ]
    total = ["Total: Account", "--", "--", "USD", '"56,294"', "--", '"5,897.50"', "--"]
    lines = ["Campaign report", '"July 1, 2026 - July 7, 2026"', *("\t".join(row) for row in (header, *days, total))]
    save(lines, "campaigns.csv", "utf-16")
    table, left_out = drafted("campaigns.csv", "media")
    assert len(table) == 14
    assert (table["impressions"].sum(), table["spend"].sum()) == (56_294, Decimal("5897.50"))
    assert left_out.startswith("1 of 15 rows was left out: totals, the first in row 18")


def test_orders_with_formulas_for_ids_count_where_they_were_paid(drafted: Drafted) -> None:
    header = "订单编号,买家会员名,买家实际支付金额,订单状态,收货地址 ,联系手机,订单创建时间,订单付款时间 ,宝贝总数量"
    states = ("交易成功", "卖家已发货，等待买家确认", "交易关闭", "买家已付款，等待卖家发货", "等待买家付款")
    paid = ("39.56", "170.70", "0.00", "58.00", "0.00")
    orders = [
        f'="241385484991365870{i}",买家{i},{amount},{state},广东省 ***,\'1**********,2026-07-01 0{i}:00:05,'
        f"{'' if amount == '0.00' else f'2026-07-01 0{i}:01:31'},1"
        for i, (amount, state) in enumerate(zip(paid, states, strict=True))
    ]
    save([header, *orders], "ExportOrderList.csv", "gb18030")
    table, left_out = drafted("ExportOrderList.csv", "orders")
    assert list(table["order_id"]) == [f"241385484991365870{i}" for i in (0, 1, 3)]
    assert list(table["amount"]) == [Decimal(paid[i]) for i in (0, 1, 3)]
    assert left_out == "5 行中剔除 2 行：订单状态 是 交易关闭 1 行、等待买家付款 1 行（where:）"


def test_orders_with_a_line_an_item_and_refunds_in_a_column(drafted: Drafted) -> None:
    header = (
        "Name,Email,Financial Status,Paid at,Currency,Total,Discount Amount,Created at,"
        "Lineitem quantity,Lineitem name,Refunded Amount,Id"
    )
    orders = [
        ("paid", "104.10", "0.00", "+0800"),
        ("refunded", "108.76", "108.76", "-0400"),
        ("partially_refunded", "91.12", "28.71", "-0400"),
        ("voided", "20.00", "0.00", "+0800"),
        ("pending", "30.00", "0.00", "+0800"),
    ]
    lines = [header]
    for i, (status, total, refund, zone) in enumerate(orders):
        at = f"2026-07-0{i + 1} 11:14:02 {zone}"
        paid = at if status not in ("voided", "pending") else ""
        lines += [
            f'#100{i},c{i}@example.com,{status},{paid},USD,{total},0.00,{at},1,"Cold brew, 6 pods",{refund},59{i}',
            f'#100{i},,,,,,,,1,"Mug ""summer""",,',
        ]
    save(lines, "orders_export.csv", "utf-8")
    table, left_out = drafted("orders_export.csv", "orders")
    assert list(table["amount"]) == [Decimal("104.10"), Decimal(0), Decimal("62.41")]
    assert list(table["at"]) == [datetime(2026, 7, 1, 11, 14, 2), *(datetime(2026, 7, d, 23, 14, 2) for d in (2, 3))]
    assert "5 of 10 rows were left out: further lines of the same order" in left_out
    assert '2 of 5 rows were left out: "Financial Status" is' in left_out
