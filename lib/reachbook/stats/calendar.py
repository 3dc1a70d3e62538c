"""Holidays and shopping festivals of the Chinese year, as columns that a daily series can be regressed on."""

from __future__ import annotations

import numpy as np
import pandas as pd

YEARS = (2015, 2030)
"""First and last year that the moon's holidays are known for."""

_SPRING = """
2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01
2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03
"""
_QINGMING = """
2015-04-05 2016-04-04 2017-04-04 2018-04-05 2019-04-05 2020-04-04 2021-04-04 2022-04-05
2023-04-05 2024-04-04 2025-04-04 2026-04-05 2027-04-05 2028-04-04 2029-04-04 2030-04-05
"""
_DRAGON_BOAT = """
2015-06-20 2016-06-09 2017-05-30 2018-06-18 2019-06-07 2020-06-25 2021-06-14 2022-06-03
2023-06-22 2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05
"""
_MID_AUTUMN = """
2015-09-27 2016-09-15 2017-10-04 2018-09-24 2019-09-13 2020-10-01 2021-09-21 2022-09-10
2023-09-29 2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12
"""
# Days 1/1, 5/5 and 8/15 of the calendar of GB/T 33661-2017, and the solar term Qingming.

_SPANS = {
    "Spring Festival run-up": (_SPRING, -10, -2),
    "Spring Festival": (_SPRING, -1, 6),
    "Qingming": (_QINGMING, -1, 1),
    "Labour Day": ("05-01", 0, 4),
    "Dragon Boat": (_DRAGON_BOAT, -1, 1),
    "618 run-up": ("06-18", -17, -3),
    "618": ("06-18", -2, 0),
    "Mid-Autumn": (_MID_AUTUMN, -1, 1),
    "National Day": ("10-01", 0, 6),
    "11.11 run-up": ("11-11", -11, -2),
    "11.11": ("11-11", -1, 0),
}
"""Holiday -> its days (or its day in every year), and the first and last day of its span around them."""


def festivals(dates: pd.DatetimeIndex) -> dict[str, np.ndarray]:
    """Holidays that touch `dates`: name -> 1.0 on its days, else 0.0, shape (dates,)."""
    result = {}
    for name, (days, first, last) in _SPANS.items():
        anchors = _anchors(days, dates)
        here = np.zeros(len(dates))
        for anchor in anchors:
            off = (dates - anchor).days.to_numpy()
            here[(off >= first) & (off <= last)] = 1.0
        if here.any():
            result[name] = here
    return result


def _anchors(days: str, dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
    if len(days) > 5:
        return pd.DatetimeIndex(days.split())
    return pd.DatetimeIndex([f"{year}-{days}" for year in range(dates[0].year, dates[-1].year + 1)])
