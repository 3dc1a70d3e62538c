"""A level that wanders in straight pieces."""

import numpy as np
import pytest

from reachbook.effects.counterfactual.random_walk import drift


@pytest.mark.parametrize(("days", "width"), [(57, 7), (100, 7), (17, 2), (4, 1)])
def test_pieces_of_a_week_or_an_eighth_of_a_short_series_add_up_to_a_straight_line(days: int, width: int) -> None:
    """Where every piece rises by one, the level has risen by the time that went by, in widths of a piece."""
    time = np.arange(days) + 5
    assert drift(time).sum(axis=1) == pytest.approx((time - 5) / width)


def test_a_long_series_has_no_more_pieces_than_allowed() -> None:
    made = drift(np.arange(1000), knots=40)
    assert made.shape == (1000, 40)
    assert made[-1] == pytest.approx(np.ones(40), abs=0.05)


def test_a_piece_rises_once_and_stays() -> None:
    made = drift(np.array([0, 3, 4, 30, 80]))
    assert (np.diff(made, axis=0) >= 0).all()
    assert made[0] == pytest.approx(0)
    assert made[1, :2] == pytest.approx([3 / 7, 0])
