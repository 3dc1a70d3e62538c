"""Holidays and shopping festivals of the Chinese year, as columns that a daily series can be regressed on."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.translation import joined, sentences, tr

if TYPE_CHECKING:
    from holidays import HolidayBase

YEARS = (2008, 2100)
"""First and last year that the lunar and solar holidays are known for: before, some were no holidays."""

_NAMES = {
    "Spring Festival": "Chinese New Year (Spring Festival)",
    "Qingming": "Tomb-Sweeping Day",
    "Dragon Boat": "Dragon Boat Festival",
    "Mid-Autumn": "Mid-Autumn Festival",
}
"""Holiday -> what the library calls it. Their days are those of the calendar of GB/T 33661-2017."""

_SPANS = {
    "Spring Festival run-up": ("Spring Festival", -10, -2),
    "Spring Festival": ("Spring Festival", -1, 6),
    "Qingming": ("Qingming", -1, 1),
    "Labour Day": ("05-01", 0, 4),
    "Dragon Boat": ("Dragon Boat", -1, 1),
    "618 run-up": ("06-18", -17, -3),
    "618": ("06-18", -2, 0),
    "Mid-Autumn": ("Mid-Autumn", -1, 1),
    "National Day": ("10-01", 0, 6),
    "11.11 run-up": ("11-11", -11, -2),
    "11.11": ("11-11", -1, 0),
}
"""Holiday -> its name (or its day in every year), and the first and last day of its span around them."""


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


def moving(holiday: str, year: int) -> date | None:
    """The day of Spring Festival (its first), Qingming, Dragon Boat or Mid-Autumn; None outside YEARS."""
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    return min(_mainland(year).get_named(_NAMES[holiday], lookup="exact", split_multiple_names=True))


def announced() -> int:
    """Last year whose days off and worked weekends are known: the State Council announces them year by year."""
    from holidays.countries.china import ChinaStaticHolidays

    return max(ChinaStaticHolidays.special_public_holidays)


def works(dates: pd.DatetimeIndex) -> np.ndarray:
    """Whether offices of mainland China work on each day, worked weekends and days off included, shape (dates,).

    Raises ValueError for years that are not announced: the library would take their weekends for all there is.
    """
    if len(dates) and dates.year.max() > announced():
        raise ValueError(
            tr(
                "{year}: days off are known to {last} only. Update the package holidays, or end there.",
                year=dates.year.max(),
                last=announced(),
            )
        )
    return np.array([_mainland(day.year).is_working_day(day) for day in dates], dtype=bool)


def weekend_note(dates: pd.DatetimeIndex) -> str:
    """What a weekday pattern gets wrong about `dates`: worked weekends, or a year not yet announced; or ""."""
    known = dates[dates.year <= announced()]
    worked = [str(day.date()) for day in known[(known.day_of_week >= 5) & works(known)]]
    told = [tr("Weekends that were worked count as weekends: {days}.", days=joined(worked))] if worked else []
    if len(known) < len(dates):
        to = announced()
        told.append(tr("Worked weekends are known to {year} only, since they are announced year by year.", year=to))
    return sentences(*told)


@cache
def _mainland(year: int) -> HolidayBase:
    from holidays.countries.china import China

    return China(years=year, language="en_US")


def _anchors(day: str, dates: pd.DatetimeIndex) -> pd.DatetimeIndex:
    years = range(dates[0].year, dates[-1].year + 1)
    if day in _NAMES:
        return pd.DatetimeIndex([moved for year in years if (moved := moving(day, year))])
    return pd.DatetimeIndex([f"{year}-{day}" for year in years])
