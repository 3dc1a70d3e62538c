"""The search of a plan: what it returns is reached, what it bounds is never exceeded, and the two meet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.response_curves import best_by_enumeration, hill, s_curves
from reachbook.budget.optimize.constraints import constraints
from reachbook.budget.optimize.curves import Curves, curves
from reachbook.budget.optimize.formulation import Objective
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rules
from reachbook.budget.optimize.search import Best, search

GRID = np.linspace(0, 100, 21)


def found(on: Curves, total: float | None, rules: Rules | None = None, goal: Objective | None = None) -> Best:
    asked = rules or Rules()
    best = search(on, constraints(asked, on, total), asked, goal or Objective(np.zeros(len(on.channels))))
    assert best is not None
    return best


@settings(deadline=None, derandomize=True, max_examples=8)
@given(seed=st.integers(0, 10_000), total=st.integers(20, 180).map(float))
def test_s_shapes_are_solved_to_the_best_of_all_plans(seed: int, total: float) -> None:
    on = curves(*s_curves(seed, channels=3, draws=10, points=21))
    best = found(on, total)
    known = best_by_enumeration(on.response.mean(axis=0), GRID, total)
    assert best.figure == pytest.approx(known, rel=1e-6)
    assert best.bound >= known * (1 - 1e-9)
    assert best.bound == pytest.approx(best.goal, rel=1e-5)
    assert best.spend.sum() == pytest.approx(total)


@pytest.mark.parametrize("objective", ["expected", "cvar", "quantile"])
def test_the_figure_is_that_of_the_true_curves_at_what_is_spent(objective: str) -> None:
    """No program's promise is handed on: an S-shape mixed from two points promises more than there is."""
    on = curves(*s_curves(9, channels=2, draws=8, points=21, spread=0.4))
    rules = Rules.model_validate({"objective": objective, "tail": 0.25})
    best = found(on, 70, rules)
    assert best.figure == pytest.approx(Measure.of(rules).value(on.outcome(best.spend).sum(axis=1)), rel=1e-12)
    assert best.goal <= best.bound


def test_caution_is_solved_to_the_best_of_all_plans_of_two_channels() -> None:
    on = curves(*s_curves(5, channels=2, draws=20, points=21, slope=3.0, spread=0.5))
    rules = Rules(objective="cvar", tail=0.2)
    measure, best = Measure.of(rules), found(on, 60, rules)
    scanned = max(measure.value(on.outcome([x, 60 - x]).sum(axis=1)) for x in np.linspace(0, 60, 2001))
    assert best.figure >= scanned * (1 - 1e-6)
    assert best.bound >= scanned * (1 - 1e-9)


def test_a_goal_is_its_figure_less_what_it_charges() -> None:
    """10 sqrt(x), charged 1 for each unit: the next one brings its price at 25, where the goal is 50 - 25."""
    grid = np.linspace(0, 100, 2001)
    on = curves((10 * np.sqrt(grid))[None, None], grid, current=[25.0])
    best = found(on, None, Rules(mode="free"), Objective(np.zeros(1), paid=1.0, moved=0.1))
    assert best.spend[0] == pytest.approx(25, abs=0.1)
    assert best.goal == pytest.approx(25, abs=1e-3)
    assert best.goal == pytest.approx(best.figure - best.paid.sum() - 0.1 * abs(best.spend[0] - 25), rel=1e-12)


def test_a_required_outcome_is_reached_by_the_true_curve() -> None:
    on = curves(*s_curves(2, channels=2, draws=10, points=21))
    rules = Rules(mode="target", target=60.0)
    best = found(on, None, rules, Objective(np.zeros(2), risk=0.0, paid=1.0))
    assert best.figure >= 60 * (1 - 1e-6)
    brings = np.interp(np.linspace(0, 100, 801), GRID, on.response[:, 0].mean(axis=0))[:, None] + np.interp(
        np.linspace(0, 100, 801), GRID, on.response[:, 1].mean(axis=0)
    )
    cheapest = np.add.outer(np.linspace(0, 100, 801), np.linspace(0, 100, 801))[brings >= 60].min()
    assert best.paid.sum() <= cheapest * (1 + 1e-6)
    assert -best.bound <= best.paid.sum() * (1 + 1e-9), "the bound is on money, from below"


@pytest.mark.parametrize("tail", [0.1, 0.4])
def test_a_quantile_of_many_draws_is_bounded_by_a_plan_for_each_draw_alone(tail: float) -> None:
    """Beyond 60 draws the plan is a good one, not the best: here within a tenth of it, as its bound says too."""
    rng = np.random.default_rng(3)
    half, scale = rng.uniform(10, 80, (70, 2, 1)), rng.uniform(50, 150, (70, 2, 1))
    on = curves(hill(GRID, half, 1.0, scale), GRID)
    rules = Rules(objective="quantile", tail=tail)
    measure, best = Measure.of(rules), found(on, 60, rules)
    scanned = max(measure.value(on.outcome([x, 60 - x]).sum(axis=1)) for x in np.linspace(0, 60, 601))
    assert best.bound >= scanned * (1 - 1e-9)
    assert 0.9 * scanned <= best.figure <= scanned * (1 + 1e-4)
    assert best.bound <= 1.15 * best.figure


def test_rules_that_no_plan_keeps_find_none() -> None:
    on = curves(*s_curves(1, channels=2, draws=5, points=21))
    rules = Rules()
    assert search(on, constraints(rules, on, 500), rules, Objective(np.zeros(2))) is None
