"""Writes the three exports of docs/example.md: invented, the same bytes every time."""

import csv
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

START, DAYS = datetime(2026, 7, 1), 92
SHANGHAI = timezone(timedelta(hours=8))
ORDERS = (
    "订单编号 买家会员名 总金额 买家实际支付金额 订单状态 联系手机 订单创建时间 订单付款时间 宝贝总数量 店铺名称"
).split()
COMMENTS = (
    "comment_id create_time note_id content creator_hash nickname sub_comment_count pictures parent_comment_id "
    "last_modify_ts like_count"
).split()
SPEND = "时间-天 单元名称 单元ID 消耗 展示数 点击数 转化数".split()
SUBJECTS = "冷萃 燕麦那款 大瓶装 随行杯 新包装 豆子 客服 物流 这次活动 办公室囤的 夏日限定 第二次买的".split()
GOOD = "很好喝 味道清爽 送朋友正好 会回购 比想象中香 很快就到了 态度很好 杯子很漂亮 性价比高 推荐给同事了".split()
BAD = "太甜了 喝完有点心慌 包装破了 三天没回 涨价了不值 味道淡了 漏了一半 不会再买 等了一周 跟宣传差很多".split()
PLAIN = "多少钱一箱 求链接 有低因的吗 和牛奶一比一吗 保质期多久 可以加热吗".split()
ENDS = "！ 。 ～ 😭 👍 ，真的 ，谢谢 ，第一次买".split()


def orders(draw: random.Random) -> Iterator[Sequence[str]]:
    """One row an order: ids as formulas, some unpaid, closed or refunded."""
    loyal = [f"tb{1000 + i}" for i in range(160)]
    for i in range(460):
        at = START + timedelta(days=draw.randrange(DAYS), seconds=draw.randrange(8 * 3600, 23 * 3600))
        status = draw.choices(
            ["交易成功", "卖家已发货，等待买家确认", "交易关闭", "等待买家付款", "已退款"], [80, 8, 5, 3, 4]
        )[0]
        amount = f"{draw.choice([39.56, 58, 79.9, 118, 236]) * draw.choice([1, 1, 1, 2]):.2f}"
        paid = amount if status not in ("交易关闭", "等待买家付款") else "0.00"
        buyer = draw.choices(loyal, [1 / (1 + j) ** 0.5 for j in range(len(loyal))])[0]
        when = at.strftime("%Y-%m-%d %H:%M:%S")
        number = f'="{2413854849913658705 + i * 9973}"'
        yield [
            number,
            buyer,
            amount,
            paid,
            status,
            "'1**********",
            when,
            when if paid != "0.00" else "",
            "1",
            "清泉旗舰店",
        ]


def comments(draw: random.Random) -> Iterator[Sequence[str]]:
    """One row a comment, times in milliseconds; the second crawl repeats some of the first."""
    rows = []
    for i in range(420):
        at = START + timedelta(days=draw.randrange(DAYS), seconds=draw.randrange(86_400))
        words = draw.choices([GOOD, BAD, PLAIN], [55, 25, 20])[0]
        said = draw.choice(words) if words is PLAIN else f"{draw.choice(SUBJECTS)}{draw.choice(words)}"
        text = "" if i % 60 == 59 else f"{said}{draw.choice(ENDS)}"
        time = str(int(at.replace(tzinfo=SHANGHAI).timestamp()) * 1000)
        likes = draw.choice(["0", "1", "3", "12", "10+", "1.2万"])
        rows.append([f"{i:024x}", time, f"n{i % 24}", text, f"h{i}", "某**", "0", "", "", "1790900000000", likes])
    yield from rows
    yield from ([*row[:9], "1790986400000", row[10]] for row in rows[::30])


def spend(draw: random.Random) -> Iterator[Sequence[str]]:
    """One row a unit and day, and the sum of all at the end."""
    rows = [
        (START + timedelta(days=day), name, unit, round(draw.uniform(300, 900) * size, 2))
        for day in range(DAYS)
        for name, unit, size in (
            ("夏日冷萃-短视频", "7390000000000000121", 1.0),
            ("直播间引流", "7390000000000000134", 1.6),
        )
    ]
    for at, name, unit, cost in rows:
        shown = int(cost * 38)
        yield [f"{at:%Y-%m-%d}", name, f"{unit}\t", f"{cost}", f"{shown}", f"{shown // 80}", f"{shown // 2400}"]
    yield ["汇总", "-", "-", f"{sum(row[3] for row in rows):.2f}", "-", "-", "-"]


def write(folder: Path) -> None:
    """Write the three files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(20260701)
    for name, header, rows, encoding in (
        ("ExportOrderList202610.csv", ORDERS, orders(draw), "gb18030"),
        ("xhs_search_comments_2026-10-02.csv", COMMENTS, comments(draw), "utf-8-sig"),
        ("巨量引擎_单元_分天.csv", SPEND, spend(draw), "utf-8-sig"),
    ):
        with (folder / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_MINIMAL).writerows([header, *rows])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
