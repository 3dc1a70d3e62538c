"""Words that readers see: names of tables and checks, units, and headings."""

from reachbook.translation import joined, mark, tr

TABLES = {
    "users": mark("users"), "interactions": mark("interactions"), "contents": mark("contents"),
    "orders": mark("orders"), "comments": mark("comments"), "experiment": mark("experiment"),
    "panel": mark("panel"), "series": mark("series"), "media": mark("media"), "outcome": mark("outcome"),
}  # fmt: skip
CHECKS = {
    "rows": mark("no rows"),
    "gaps": mark("gaps"),
    "sudden": mark("sudden days"),
    "shift": mark("level shifts"),
    "late": mark("late last days"),
    "duplicates": mark("duplicates"),
    "day_only": mark("times without an hour"),
    "platforms": mark("people known on one platform only"),
    "bots": mark("likely bots"),
}
"""Names of the checks, as they stand behind a table that does not pass them."""
FIGURES = (
    mark("people"), mark("events"), mark("orders"), mark("revenue"), mark("buyers"), mark("comments"), mark("authors"),
)  # fmt: skip
"""Main figures of the tables."""
PLATFORMS = (
    mark("wechat"), mark("weibo"), mark("douyin"), mark("kuaishou"), mark("xiaohongshu"), mark("bilibili"),
)  # fmt: skip
"""Parts that are known by name; others stand as in the data."""
MEASURES = (mark("outcome"), mark("spend"), mark("value"))
FESTIVALS = (
    mark("Spring Festival run-up"), mark("Spring Festival"), mark("Qingming"), mark("Labour Day"),
    mark("Dragon Boat"), mark("618 run-up"), mark("618"), mark("Mid-Autumn"), mark("National Day"),
    mark("11.11 run-up"), mark("11.11"),
)  # fmt: skip
HEADINGS = (
    mark("table"), mark("use"), mark("covers"), mark("rows"), mark("missing"), mark("mind"), mark("part"),
    mark("first"), mark("last"), mark("length"), mark("alarm"), mark("seen"), mark("past"), mark("times"),
    mark("festival"), mark("compared"), mark("repeats"), mark("share"), mark("most on"), mark("that day"),
    mark("equal in"), mark("commonest time"), mark("at whole minutes"), mark("hours known"), mark("platform"),
    mark("alone"), mark("figure"), mark("all"), mark("without"), mark("rule"), mark("suspects"), mark("account"),
    mark("column"), mark("empty"), mark("line"), mark("check"), mark("passed"), mark("blocks"), mark("words"),
    mark("glance"), mark("warnings"), mark("left out"), mark("checks"), mark("alarms"), mark("rules"), mark("weight"),
    mark("platforms"),
)  # fmt: skip
WORDS = (
    mark("yes"), mark("with care"), mark("no"), mark("sudden"), mark("shift"), mark("late"), mark("busy day"),
    mark("no sleep"), mark("burst"), mark("shared text"), mark("repeated text"), mark("day_only"), mark("bots"),
)  # fmt: skip
"""Values of columns that hold words of ours."""
SHOWN = 4
"""Gaps or alarms of a table that a sentence names."""


def table(name: str) -> str:
    """A table as readers call it."""
    word = TABLES.get(name, name)
    return tr(word)


def check(name: str) -> str:
    """A check as readers call it."""
    word = CHECKS[name]
    return tr(word)


def part(name: str) -> str:
    """A part of a table, as a platform, as readers call it."""
    return tr(name)


def several(items: list[str]) -> str:
    """The items with commas; of more than `SHOWN`, the first ones and how many others."""
    if len(items) <= SHOWN:
        return joined(items)
    return joined([*items[: SHOWN - 1], tr("{n} others", n=len(items) - SHOWN + 1)])
