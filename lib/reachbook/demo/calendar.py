"""When the campaigns of the simulated brand run, and the festivals of a Chinese shopping year."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reachbook.arrays import Floats
from reachbook.demo.columns import day_number
from reachbook.demo.spec import DemoSpec
from reachbook.errors import ParamsError

CAMPAIGNS = ("creative_test", "city_push", "note_seeding")
"""A/B/n test of creatives on WeChat, city campaign on Douyin, seeded notes on Xiaohongshu."""

_LUNAR_NEW_YEAR = """
2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16
2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06
2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08
"""
SPRING_FESTIVALS = {int(day[:4]): date.fromisoformat(day) for day in _LUNAR_NEW_YEAR.split()}
"""First day of the lunar year; other years are simulated without a Spring Festival."""


@dataclass(frozen=True)
class Campaign:
    """One campaign: its channel, and its first and last day (since 1970-01-01, inclusive)."""

    channel: str
    start: int
    end: int


def campaigns(spec: DemoSpec, start: date, end: date) -> dict[str, Campaign]:
    """The three campaigns inside the period.

    Raises ParamsError if the period is too short to hold them or longer than three years.
    """
    first, last = day_number(start), day_number(end)
    length = last - first + 1
    if not 56 <= length <= 1_100:
        raise ParamsError(
            f"The simulated brand needs a period of 56 to 1,100 days, but {start} to {end} has {length}. "
            "Change start or end."
        )
    return {
        "creative_test": Campaign("wechat", first + length // 3, first + length // 3 + 27),
        "city_push": Campaign("douyin", last - spec.campaign_days + 1, last),
        "note_seeding": Campaign("xiaohongshu", last - 48, last - 14),
    }


def festivals(first: int, count: int) -> Floats:
    """Strength of the festivals on each of `count` days from `first`, shape (count, 3).

    Columns: shopping (618 and 11.11 with their run-up), National Day week, Spring Festival (shops and couriers rest).
    """
    day = (first + np.arange(count)).astype("datetime64[D]")
    result = np.zeros((count, 3))
    for year in range(int(str(day[0])[:4]), int(str(day[-1])[:4]) + 1):
        for peak in (f"{year}-06-18", f"{year}-11-11"):
            before = (np.datetime64(peak) - day).astype(int)
            result[:, 0] += np.where((before >= 0) & (before <= 10), 0.4 + 0.6 * (before <= 1), 0.0)
        national = (day - np.datetime64(f"{year}-10-01")).astype(int)
        result[:, 1] += (national >= 0) & (national < 7)
        if year in SPRING_FESTIVALS:
            spring = (day - np.datetime64(SPRING_FESTIVALS[year])).astype(int)
            result[:, 2] += (spring >= -2) & (spring < 7)
    return result
