"""A price on money bounds every plan of S-shapes, and nearly says the best one."""

import itertools

import numpy as np
import pytest

from helpers.response_curves import hill
from reachbook.budget.flight.dual import lanes, priced
from reachbook.budget.flight.rules import WeekRule

GRID = np.linspace(0, 100, 101)
CURVES = (hill(GRID, 20.0, 4.0, 100.0), hill(GRID, 40.0, 4.0, 150.0))
NONE = np.zeros(2)


def value(plan: np.ndarray, retention: float) -> float:
    """Outcome of a plan (channels, weeks) from nothing on."""
    total = 0.0
    for curve, weeks in zip(CURVES, plan, strict=True):
        stock = 0.0
        for spend in weeks:
            stock = (1 - retention) * spend + retention * stock
            total += float(np.interp(stock, GRID, curve))
    return total


@pytest.mark.parametrize(("retention", "total"), [(0.0, 60.0), (0.0, 150.0), (0.5, 100.0)])
def test_no_plan_in_steps_of_ten_exceeds_the_bound(retention: float, total: float) -> None:
    cells = [[(GRID, curve)] * 2 for curve in CURVES]
    bound, _ = priced(lanes(cells, NONE + retention, NONE, NONE + 100, []), total)
    steps = np.arange(0, 101, 10.0)
    best = max(
        value(np.reshape(each, (2, 2)), retention) for each in itertools.product(steps, repeat=4) if sum(each) <= total
    )
    assert bound >= best
    assert bound <= 1.25 * best


def test_one_week_without_carry_over_has_the_bound_of_the_concave_envelope() -> None:
    """At the price of the tangent from zero, one channel earns that tangent: the envelope's value at any total."""
    slope = (CURVES[0][1:] / GRID[1:]).max()
    bound, _ = priced(lanes([[(GRID, CURVES[0])]], np.zeros(1), np.zeros(1), np.full(1, 100.0), []), 10.0)
    assert bound == pytest.approx(10 * slope, rel=2e-3)


def test_rules_of_a_single_week_end_its_spend_and_others_are_left_out() -> None:
    cells = [[(GRID, curve)] * 2 for curve in CURVES]
    one = WeekRule("", ((np.array([1]), np.array([2.0]), 20.0, 60.0),), ((2, 15.0),))
    both = WeekRule("", ((np.array([0, 1, 2, 3]), np.ones(4), 50.0, 80.0),))
    first, second = lanes(cells, NONE, NONE, NONE + 100, [one, both])
    assert (first.low.tolist(), first.high.tolist()) == ([0.0, 10.0], [80.0, 30.0])
    assert (second.least.tolist(), second.high.tolist()) == ([15.0, 0.0], [80.0, 80.0])
