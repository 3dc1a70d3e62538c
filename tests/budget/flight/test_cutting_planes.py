"""Planes that touch the outcome bound every plan, and close the gap."""

import numpy as np
import pytest

from helpers.response_curves import s_curves
from reachbook.budget.flight.carryover import CarryOver, carry
from reachbook.budget.flight.cutting_planes import by_planes
from reachbook.budget.flight.polish import expected
from reachbook.budget.flight.rules import FlightRules, week_rules
from reachbook.budget.optimize.curves import Curves, curves

WEEKS = ["w1", "w2", "w3"]
RULES = FlightRules(gap=1e-3)


@pytest.fixture
def made() -> tuple[Curves, CarryOver]:
    """Two concave channels in ten draws, each draw with a retention of its own."""
    response, grid = s_curves(4, 2, 10, 51, slope=1.0)
    shown = curves(response, grid)
    kept = np.random.default_rng(1).uniform(0.2, 0.8, (10, 2))
    return shown, carry(shown, kept, np.ones(3), np.array([[20.0], [30.0]]), 4)


def test_no_plan_that_keeps_the_rules_exceeds_the_bound_and_the_best_comes_near(
    made: tuple[Curves, CarryOver],
) -> None:
    shown, lasting = made
    kept = week_rules(RULES, shown, WEEKS, 150.0)
    spend, bound = by_planes(shown, lasting, kept, RULES, np.full((2, 3), 25.0))
    best = expected(shown, lasting, spend)
    assert bound - best <= 1e-3 * best
    rng = np.random.default_rng(2)
    plans = 150 * rng.dirichlet(np.ones(6), 300).reshape(-1, 2, 3)
    assert max(expected(shown, lasting, plan) for plan in plans) <= bound * (1 + 1e-9)
    assert spend.sum() == pytest.approx(150)
