"""The plan of mean retentions: as good as dense search finds, and never above its own bound."""

import itertools

import numpy as np
import pytest

from helpers.response_curves import hill
from reachbook.budget.flight.carryover import carry
from reachbook.budget.flight.polish import expected
from reachbook.budget.flight.rules import FlightRules, WeekRule, week_rules
from reachbook.budget.flight.search import allowed, at_mean, concave_at_mean
from reachbook.budget.optimize.curves import curves

GRID = np.linspace(0, 100, 101)
RULES = FlightRules()


@pytest.mark.parametrize(("slope", "concave"), [(1.0, True), (4.0, False)])
def test_no_split_in_steps_of_five_is_better_than_the_plan_or_above_the_bound(slope: float, concave: bool) -> None:
    made = curves(np.stack([hill(GRID, 20.0, slope, 100.0), hill(GRID, 45.0, slope, 180.0)])[None], GRID)
    lasting = carry(made, [0.4, 0.2], np.ones(2), np.array([[30.0], [0.0]]), 3)
    assert concave_at_mean(made, lasting) is concave
    found = at_mean(made, lasting, week_rules(RULES, made, ["a", "b"], 110.0), 1000)
    assert found is not None
    spend, bound = found
    best = max(
        expected(made, lasting, np.reshape([*each, 110 - sum(each)], (2, 2)))
        for each in itertools.product(np.arange(0, 101, 5.0), repeat=3)
        if 0 <= 110 - sum(each) <= 100
    )
    assert expected(made, lasting, spend) >= best * (1 - 1e-3)
    assert bound >= best * (1 - 1e-9)


def test_rules_that_leave_no_plan_are_seen() -> None:
    at_least = WeekRule("", ((np.array([0]), np.ones(1), 10.0, 20.0),))
    at_most = WeekRule("", ((np.array([0]), np.ones(1), 0.0, 5.0),))
    assert allowed([at_least], (2, 2))
    assert not allowed([at_least, at_most], (2, 2))
