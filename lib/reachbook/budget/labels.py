"""Words of the budget's tables, marked for the catalogues; the pages translate them where they show them."""

from reachbook.translation import mark

FESTIVALS = (
    mark("Spring Festival run-up"), mark("Spring Festival"), mark("Qingming"), mark("Labour Day"), mark("Dragon Boat"),
    mark("618 run-up"), mark("618"), mark("Mid-Autumn"), mark("National Day"), mark("11.11 run-up"), mark("11.11"),
)  # fmt: skip
CONDITIONS = (mark("price"), mark("promotion"), mark("holiday"))
"""Columns of the outcome that the assumptions name."""
