"""Whole packages, as near as can be to a plan that took them for divisible."""

import numpy as np
import pytest

from reachbook.budget.flight.packages import packed
from reachbook.budget.flight.rules import WeekRule

SPEND = np.array([[12.0, 12.0, 12.0], [5.0, 5.0, 5.0]])


def total(low: float, high: float) -> WeekRule:
    return WeekRule("total", ((np.arange(6), np.ones(6), low, high),))


def test_packages_come_as_evenly_as_the_money_did_and_the_rest_stays() -> None:
    """36 in packages of 10: what is spent up to each week is 12, 24, 36, nearest in whole packages 10, 20, 40."""
    found = packed(SPEND, [total(0, 100)], {0: 10.0}, 1000)
    assert found is not None
    assert found[0].cumsum().tolist() == [10.0, 20.0, 40.0]
    assert found[1] == pytest.approx(SPEND[1])


def test_a_total_is_kept_by_the_channel_that_is_divisible() -> None:
    found = packed(SPEND, [total(51, 51)], {0: 10.0}, 1000)
    assert found is not None
    assert found.sum() == pytest.approx(51)
    assert (found[0] % 10).tolist() == [0, 0, 0]


def test_packages_alone_cannot_make_up_an_odd_total() -> None:
    assert packed(SPEND, [total(51, 51)], {0: 10.0, 1: 10.0}, 1000) is None
