"""What the past says of each day."""

import numpy as np
import pytest

from reachbook.quality.expected import expected, late_expected, median

WEEK = np.array([10.0, 11, 12, 13, 14, 30, 25])


def test_a_weekday_is_compared_with_itself_and_a_day_never_with_itself() -> None:
    counts = np.tile(WEEK, 12)
    counts[20] = 500
    assert expected(counts, 7) == pytest.approx(np.tile(WEEK, 12))


def test_days_that_are_missing_are_nobodys_past() -> None:
    counts = np.tile(WEEK, 12)
    counts[14:28] = np.nan
    assert expected(counts, 7) == pytest.approx(np.tile(WEEK, 12))


def test_too_few_other_weeks_are_no_past() -> None:
    counts = np.full(28, np.nan)
    counts[:21] = np.tile(WEEK, 3)
    assert np.isnan(expected(counts, 7)[:21]).all()


def test_a_short_table_has_no_weekdays() -> None:
    assert expected(np.arange(20.0), 7)[10] == 10


def test_the_last_days_do_not_count_for_their_own_past() -> None:
    counts = np.tile(WEEK, 8)
    counts[-7:] = 0
    assert late_expected(counts, 7, 7) == pytest.approx(WEEK)
    assert late_expected(counts, 7, 3) == pytest.approx(WEEK[-3:])


def test_a_median_of_what_is_known() -> None:
    values = np.array([[1.0, np.nan, 3.0, 8.0], [np.nan] * 4])
    assert median(values, -1)[0] == 3
    assert np.isnan(median(values, -1)[1])
