"""Words of the budget's pages that stand in tables or come from other modules, marked for the catalogues."""

from reachbook.translation import mark

FESTIVALS = (
    mark("Spring Festival run-up"), mark("Spring Festival"), mark("Qingming"), mark("Labour Day"), mark("Dragon Boat"),
    mark("618 run-up"), mark("618"), mark("Mid-Autumn"), mark("National Day"), mark("11.11 run-up"), mark("11.11"),
)  # fmt: skip
CONDITIONS = (mark("price"), mark("promotion"), mark("holiday"))
"""Columns of the outcome that the assumptions name."""
TABLES = (
    mark("known"), mark("tests"), mark("contribution"), mark("channels"), mark("regions"), mark("plan"),
    mark("binding"),
    mark("plan weeks"), mark("plan rules"), mark("frontier"), mark("caution"), mark("caution spends"), mark("move"),
    mark("scenarios"), mark("scenario spends"), mark("next tests"), mark("backtest"), mark("simulated"),
    mark("truth plan"), mark("truth returns"),
)  # fmt: skip
COLUMNS = (
    mark("name"), mark("channel"), mark("week"), mark("region"), mark("share by prior"), mark("variance inflation"),
    mark("without media"), mark("spend"), mark("current"), mark("share"), mark("share low"), mark("share high"),
    mark("ROI"), mark("mROI"), mark("for each so far"), mark("for one more"), mark("pays for itself"),
    mark("spend for one"), mark("spend for a customer (CAC)"), mark("saturation"), mark("rests on"), mark("roi low"),
    mark("roi"), mark("roi high"), mark("now"), mark("change"), mark("brings with interval"), mark("rule"),
    mark("costs"), mark("total"), mark("money"), mark("low"), mark("middle"), mark("high"), mark("next unit"),
    mark("mean"), mark("worst cases"), mark("step"), mark("gain with interval"), mark("P(gain)"),
    mark("extra spend"), mark("weeks"), mark("budget"), mark("cost"), mark("value"), mark("net"), mark("study"),
    mark("design"), mark("lift"), mark("return"), mark("return se"), mark("model"), mark("origin"), mark("inside"),
    mark("error"), mark("naive"), mark("passed"), mark("promised"), mark("hindsight"), mark("probability"),
    mark("rules"), mark("plans"), mark("kept"), mark("worse"), mark("stated"), mark("oracle"), mark("what"),
    mark("gain"), mark("planted"),
)  # fmt: skip
VALUES = (
    mark("data"), mark("belief"), mark("at most 30% a channel"), mark("observed range"), mark("experiment"),
    mark("panel"), mark("series"),
)  # fmt: skip
"""Words in columns that the pages translate."""
