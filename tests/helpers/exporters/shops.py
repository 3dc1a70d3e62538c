"""Exports of shops."""

from decimal import Decimal

from helpers.exporters.cells import written
from helpers.exports import Export, Line


def _taobao(lines: list[Line]) -> list[Line]:
    open_, closed = (
        lines[0] | {"订单编号": f'="10000000000000000{i}"', "订单状态": status, "买家实际支付金额": "0.00"}
        for i, status in enumerate(("等待买家付款", "交易关闭"))
    )
    return [open_, *(line | {"订单状态": "交易成功"} for line in lines), closed]


def _shopify(lines: list[Line]) -> list[Line]:
    """Every order with a second line for its second item, one voided order, one refund in part."""
    further = ["Financial Status", "Total", "Created at", "Discount Amount", "Refunded Amount", "Paid at"]
    paid = [line | {"Financial Status": "paid", "Refunded Amount": "0.00"} for line in lines]
    refund = Decimal("1.50")
    paid[0] |= {
        "Financial Status": "partially_refunded",
        "Total": str(Decimal(paid[0]["Total"]) + refund),
        "Refunded Amount": str(refund),
    }
    voided = paid[-1] | {"Name": "#voided", "Financial Status": "voided"}
    return [
        each
        for line in (*paid, voided)
        for each in (line, line | dict.fromkeys(further, "") | {"Email": "", "Lineitem name": 'Mug "summer"'})
    ]


def _by_product(lines: list[Line]) -> list[Line]:
    return [
        line | {"商品ID": number, "支付金额": f"{part:,}"}
        for line in lines
        for number, part in zip(("61", "62"), _two(Decimal(line["支付金额"])), strict=True)
    ]


def _two(amount: Decimal) -> tuple[Decimal, Decimal]:
    first = (amount / 3).quantize(Decimal("0.01"))
    return first, amount - first


EXPORTS: dict[str, Export] = {
    "taobao_orders": Export(
        tuple(
            "订单编号|买家会员名|买家支付宝账号|总金额|买家实际支付金额|订单状态|收货地址 |联系手机|订单创建时间|"
            "订单付款时间 |宝贝标题 |宝贝总数量|店铺名称".split("|")
        ),
        {
            "订单编号": lambda row: f'="{row["order_id"]}"',
            "买家会员名": "user_id",
            "订单创建时间": written("at", "%Y-%m-%d %H:%M:%S"),
            "买家实际支付金额": "amount",
            "宝贝总数量": lambda row: "1",
            "联系手机": lambda row: "'1**********",
            "宝贝标题 ": lambda row: '冷萃咖啡液 "6枚装"',
        },
        _taobao,
        encoding="gb18030",
        quoted=True,
    ),
    "sycm_daily": Export(
        ("统计日期", "浏览量", "访客数", "支付金额", "支付买家数", "支付转化率"),
        {"统计日期": written("week", "%Y-%m-%d"), "支付金额": lambda row: f"{row['value']:,}"},
        suffix=".xlsx",
        above=(("店铺概况",), ("统计周期 2026-07",), (), ("说明", "数据仅供参考")),
    ),
    "sycm_products": Export(
        ("统计日期", "商品ID", "商品名称", "商品访客数", "支付金额", "支付买家数"),
        {"统计日期": written("week", "%Y-%m-%d"), "支付金额": "value"},
        _by_product,
        suffix=".xlsx",
        above=(("商品概况",), ("统计周期 2026-07",), (), ("说明", "数据仅供参考"), ()),
    ),
    "shopify_orders": Export(
        tuple(
            "Name|Email|Financial Status|Paid at|Currency|Subtotal|Total|Discount Amount|Created at|Lineitem quantity|"
            "Lineitem name|Lineitem price|Refunded Amount|Id".split("|")
        ),
        {
            "Name": lambda row: f"#{row['order_id']}",
            "Email": "user_id",
            "Created at": written("at", "%Y-%m-%d %H:%M:%S +0800"),
            "Total": "amount",
        },
        _shopify,
        fit=lambda row: row | {"order_id": f"#{row['order_id']}"},
    ),
}
