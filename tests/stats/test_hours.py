"""Seconds of the day that stand for no hour are told from times that are merely rounded."""

import pytest

from reachbook.stats.hours import mostly_no_hour, no_hour


@pytest.mark.parametrize(
    ("commonest", "following", "events", "told"),
    [
        (900, 80, 1020, True),
        (90, 80, 210, False),
        (20, 2, 1000, True),
        (9, 2, 1000, False),
        (4, 0, 4, False),
        (5, 0, 5, True),
        (30, 10, 100, False),
    ],
)
def test_a_second_that_dominates_stands_for_no_hour(commonest: int, following: int, events: int, told: bool) -> None:
    assert no_hour(commonest, following, events) is told


def test_a_stated_share_decides_where_two_seconds_are_common() -> None:
    assert no_hour(50, 50, 100, most=0.33)
    assert not no_hour(50, 50, 100)
    assert not no_hour(30, 30, 100, most=0.33)


@pytest.mark.parametrize(
    ("commonest", "events", "told"), [(3, 3, False), (9, 9, False), (10, 10, True), (3, 10, False)]
)
def test_few_events_say_nothing_of_a_table(commonest: int, events: int, told: bool) -> None:
    assert mostly_no_hour(commonest, events) is told
    assert no_hour(commonest, commonest, events, most=1 / 3) is told
