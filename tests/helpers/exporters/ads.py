"""Reports of ads."""

from decimal import Decimal
from functools import partial
from typing import Any

from helpers.exporters.cells import written
from helpers.exports import Cell, Export, Line


def _split(spend: str, impressions: str, where: str, label: str, lines: list[Line]) -> list[Line]:
    """Each line in two parts, as of two campaigns, and a line of totals behind them."""
    parts = [part for line in lines for part in _parts(line, spend, impressions)]
    total = dict.fromkeys(lines[0], "") | {where: label}
    total[spend] = f"{sum(Decimal(line[spend]) for line in parts):,}"
    total[impressions] = f"{sum(int(line[impressions]) for line in parts):,}"
    return [*parts, total]


def _parts(line: Line, spend: str, impressions: str) -> tuple[Line, Line]:
    money, views = Decimal(line[spend]), int(line[impressions])
    first = (money / 3).quantize(Decimal("0.01"))
    return (
        line | {spend: str(first), impressions: str(views // 3)},
        line | {spend: str(money - first), impressions: str(views - views // 3)},
    )


def _ads(header: str, day: str, spend: str, impressions: str, total: tuple[str, str], **more: Any) -> Export:
    """A report of ads, whose columns stand in `header` with | between them; `total` is where it says what."""
    cells: dict[str, Cell] = {day: "week", spend: "spend", impressions: "impressions", **more.pop("cells", {})}
    return Export(tuple(header.split("|")), cells, partial(_split, spend, impressions, *total), **more)


def _grand_total(lines: list[Line]) -> list[Line]:
    total = str(sum(Decimal(line["Total revenue"]) for line in lines))
    return [*lines, {"Date": "", "Total revenue": total, "one more": "Grand total"}]


EXPORTS: dict[str, Export] = {
    "ocean_engine": _ads(
        "时间-天|单元名称|单元ID|消耗|展示数|点击数|转化数",
        "时间-天",
        "消耗",
        "展示数",
        ("时间-天", "汇总"),
        cells={"单元ID": lambda row: "1812345678901234567\t"},
    ),
    "juguang": _ads(
        "时间|投放位置|消费|展现量|点击量|点击率", "时间", "消费", "展现量", ("时间", "合计"), suffix=".xlsx"
    ),
    "tencent_ads": _ads(
        "日期|广告名称|曝光次数|点击次数|花费|目标转化量",
        "日期",
        "花费",
        "曝光次数",
        ("日期", "总计"),
        encoding="gb18030",
    ),
    "google_ads": _ads(
        "Day|Campaign state|Campaign type|Currency code|Impr.|Clicks|Cost|Search impr. share",
        "Day",
        "Cost",
        "Impr.",
        ("Day", "Total: Account"),
        cells={"Campaign type": lambda row: "Search", "Search impr. share": lambda row: "< 10%"},
        encoding="utf-16",
        delimiter="\t",
        above=(("Campaign report",), ("July 1, 2026 - July 14, 2026",)),
    ),
    "meta_ads": _ads(
        "Reporting starts|Reporting ends|Campaign name|Amount spent (CNY)|Impressions|Results|Result indicator",
        "Reporting starts",
        "Amount spent (CNY)",
        "Impressions",
        ("Reporting starts", "2026-01-01"),
        cells={"Campaign name": lambda row: 'Cold brew, "new"'},
    ),
    "tiktok_ads": _ads(
        "Campaign name|By day|Cost|Impressions|Clicks|Currency",
        "By day",
        "Cost",
        "Impressions",
        ("Campaign name", "Total of 12 results"),
        cells={"Campaign name": lambda row: "Cold brew"},
        suffix=".xlsx",
    ),
    "ga4": Export(
        ("Date", "Total revenue"),
        {"Date": written("week", "%Y%m%d"), "Total revenue": "value"},
        _grand_total,
        above=(("# ----------------------------------------",), ("# Start date: 20260701",)),
        stated={"columns": {"value": "Total revenue"}},
    ),
}
