"""Days of the Chinese year: against the days that the State Council and the almanac gave."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from holidays.countries.china import China

from reachbook.stats.calendar import YEARS, announced, festivals, moving, weekend_note, works

ALMANAC = {
    "Spring Festival": """
2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01
2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03
2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08
""",
    "Qingming": """
2015-04-05 2016-04-04 2017-04-04 2018-04-05 2019-04-05 2020-04-04 2021-04-04 2022-04-05
2023-04-05 2024-04-04 2025-04-04 2026-04-05 2027-04-05 2028-04-04 2029-04-04 2030-04-05
""",
    "Dragon Boat": """
2015-06-20 2016-06-09 2017-05-30 2018-06-18 2019-06-07 2020-06-25 2021-06-14 2022-06-03
2023-06-22 2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05
""",
    "Mid-Autumn": """
2015-09-27 2016-09-15 2017-10-04 2018-09-24 2019-09-13 2020-10-01 2021-09-21 2022-09-10
2023-09-29 2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12
""",
}


@pytest.mark.parametrize("holiday", ALMANAC)
def test_holidays_fall_where_the_almanac_has_them(holiday: str) -> None:
    days = [dt.date.fromisoformat(day) for day in ALMANAC[holiday].split()]
    assert [moving(holiday, day.year) for day in days] == days


@pytest.mark.parametrize("holiday", ALMANAC)
def test_every_year_has_every_holiday_once_and_no_other_year_has(holiday: str) -> None:
    found = [moving(holiday, year) for year in range(YEARS[0], YEARS[1] + 1)]
    gaps = np.diff([day.toordinal() for day in found if day])
    assert len(gaps) == len(found) - 1
    assert set(gaps) <= ({365, 366} if holiday == "Qingming" else {354, 355, 383, 384, 385})
    assert moving(holiday, YEARS[0] - 1) is moving(holiday, YEARS[1] + 1) is None
    assert China.end_year == YEARS[1]


def test_spans_lie_around_their_day_in_far_years_too() -> None:
    on = festivals(pd.date_range("2050-01-01", "2050-12-31"))
    days = pd.date_range("2050-01-01", "2050-12-31")[on["Spring Festival"] > 0]
    assert list(days) == list(pd.date_range("2050-01-22", "2050-01-29"))


def test_worked_weekends_and_days_off_are_those_announced() -> None:
    """State Council, notice on holidays of 2026: 14 and 28 February are worked, 15 to 23 February are off."""
    days = pd.date_range("2026-02-13", "2026-02-28")
    assert [day.day for day in days[works(days)]] == [13, 14, 24, 25, 26, 27, 28]


def test_a_year_not_yet_announced_is_not_guessed() -> None:
    later = pd.DatetimeIndex([f"{announced() + 1}-01-01"])
    with pytest.raises(ValueError, match=rf"{announced() + 1}: days off are known to {announced()} only\. Update"):
        works(later)
    assert weekend_note(later).startswith(f"Worked weekends are known to {announced()} only")


def test_what_a_weekday_pattern_gets_wrong_is_named() -> None:
    told = "Weekends that were worked count as weekends: 2026-02-14, 2026-02-28."
    assert weekend_note(pd.date_range("2026-02-01", "2026-03-01")) == told
    assert weekend_note(pd.date_range("2026-03-01", "2026-04-01")) == weekend_note(pd.DatetimeIndex([])) == ""
