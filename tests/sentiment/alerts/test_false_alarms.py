"""Limits that make alarms ring as often as stated."""

import numpy as np
import pytest

from reachbook.sentiment.alerts.false_alarms import FalseAlarms, QuietRuns


def test_limits_leave_the_stated_share_of_alarms_of_each_kind() -> None:
    """0.8 of one alarm a year is aimed at, half of it for each kind: 200 years of evenly spread chances leave 80."""
    lows = np.linspace(0.00001, 0.01999, 1000)
    limits = QuietRuns({("volume", 1): lows, ("share", 1): lows}, 200.0).limits(1.0)
    assert [(lows <= limit).sum() for limit in limits.values()] == [80, 80]


def test_few_alarms_are_extrapolated_in_proportion_and_none_at_all_leave_any() -> None:
    lows = np.linspace(0.0001, 0.005, 50)
    limits = QuietRuns({("volume", 1): lows, ("share", 1): np.array([])}, 10.0).limits(1.0)
    assert limits["volume", 1] == pytest.approx(lows[-1] * 4 / 50)
    assert limits["share", 1] == 0.02


def test_what_was_measured_contradicts_what_is_stated_only_above_it() -> None:
    assert FalseAlarms(1.0, 1.4, 0.9, 2.1, 14, 10.0).consistent
    assert FalseAlarms(1.0, 0.1, 0.05, 0.2, 1, 10.0).consistent
    assert not FalseAlarms(1.0, 2.0, 1.2, 3.0, 20, 10.0).consistent
