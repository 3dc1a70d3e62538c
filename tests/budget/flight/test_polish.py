"""Small steps lead up, slopes are right, and weeks become even where that costs nothing."""

import numpy as np
import pytest

from helpers.response_curves import s_curves
from reachbook.budget.flight.carryover import CarryOver, carry
from reachbook.budget.flight.polish import calmed, climbed, expected, marginal, nearest
from reachbook.budget.flight.rules import FlightRules, WeekRule, week_rules
from reachbook.budget.optimize.curves import Curves, curves

WEEKS = ["w1", "w2", "w3"]
RULES = FlightRules()


def concave(retention: float) -> tuple[Curves, CarryOver, list[WeekRule]]:
    """Two concave channels, three weeks, 120 of money."""
    response, grid = s_curves(4, 2, 5, 401, slope=1.0)
    made = curves(response, grid)
    return made, carry(made, [retention, retention / 2], np.ones(3), None, 3), week_rules(RULES, made, WEEKS, 120.0)


def test_the_slope_is_that_of_the_outcome() -> None:
    """Against differences over a step of the grid, in the middle of its pieces."""
    made, lasting, _ = concave(0.5)
    spend = np.array([[20.1, 31.3, 42.7], [11.1, 22.9, 33.3]])
    slope = marginal(made, lasting, spend).sum(axis=1)
    for cell in np.ndindex(2, 3):
        more = spend.copy()
        more[cell] += 1e-4
        rise = (expected(made, lasting, more) - expected(made, lasting, spend)) / 1e-4
        assert slope[cell] == pytest.approx(rise, rel=1e-3)


def test_a_plan_under_the_rules_is_its_own_nearest_and_another_is_moved() -> None:
    made, _, kept = concave(0.0)
    assert nearest(made, np.full((2, 3), 20.0), kept, 100) == pytest.approx(np.full((2, 3), 20.0))
    moved = nearest(made, np.full((2, 3), 30.0), kept, 100)
    assert moved is not None
    assert moved.sum() == pytest.approx(120)
    assert (
        nearest(made, np.full((2, 3), 20.0), [*kept, WeekRule("", ((np.array([0]), np.ones(1), 500, 500),))], 100)
        is None
    )


def test_climbing_from_a_corner_reaches_the_even_plan_that_is_best() -> None:
    """Concave and without carry-over: every week is the same."""
    made, lasting, kept = concave(0.0)
    corner = np.array([[100.0, 0.0, 0.0], [20.0, 0.0, 0.0]])
    best = climbed(made, lasting, kept, 100, corner)
    even = np.repeat(best.mean(axis=1, keepdims=True), 3, axis=1)
    assert expected(made, lasting, best) >= expected(made, lasting, even) * (1 - 1e-4)
    assert expected(made, lasting, best) > expected(made, lasting, corner)
    calm = calmed(made, lasting, kept, RULES, best)
    assert np.ptp(calm, axis=1) == pytest.approx(0, abs=1e-6)
    assert expected(made, lasting, calm) >= expected(made, lasting, best) * (1 - RULES.gap)
