"""When the campaigns of the simulated brand run, and the festivals of a Chinese shopping year."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reachbook.arrays import Floats
from reachbook.demo.columns import day_number
from reachbook.demo.spec import DemoSpec
from reachbook.errors import ParamsError
from reachbook.stats.calendar import moving
from reachbook.translation import tr

CAMPAIGNS = ("creative_test", "city_push", "note_seeding")
"""A/B/n test of creatives on WeChat, city campaign on Douyin, seeded notes on Xiaohongshu."""


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
            "period: "
            + tr(
                "the simulated brand needs 56 to 1,100 days, but {start} to {end} has {days:,}. Change start or end.",
                start=start,
                end=end,
                days=length,
            )
        )
    return {
        "creative_test": Campaign("wechat", first + length // 3, first + length // 3 + 27),
        "city_push": Campaign("douyin", last - spec.campaign_days + 1, last),
        "note_seeding": Campaign("xiaohongshu", last - 48, last - 14),
    }


def festivals(first: int, count: int) -> Floats:
    """Strength of the festivals on each of `count` days from `first`, shape (count, 3).

    Columns: shopping (618 and 11.11 with their run-up), National Day week, Spring Festival (shops and couriers rest),
    which years outside `stats.calendar.YEARS` are simulated without.
    """
    day = (first + np.arange(count)).astype("datetime64[D]")
    result = np.zeros((count, 3))
    for year in range(int(str(day[0])[:4]), int(str(day[-1])[:4]) + 1):
        for peak in (f"{year}-06-18", f"{year}-11-11"):
            before = (np.datetime64(peak) - day).astype(int)
            result[:, 0] += np.where((before >= 0) & (before <= 10), 0.4 + 0.6 * (before <= 1), 0.0)
        national = (day - np.datetime64(f"{year}-10-01")).astype(int)
        result[:, 1] += (national >= 0) & (national < 7)
        if new_year := moving("Spring Festival", year):
            spring = (day - np.datetime64(new_year)).astype(int)
            result[:, 2] += (spring >= -2) & (spring < 7)
    return result
