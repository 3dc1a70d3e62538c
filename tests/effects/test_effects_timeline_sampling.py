"""PyMC and the exact posterior are the same model: closed forms agree to the digit, draws agree within their error."""

import numpy as np
import pandas as pd
import pytest

from reachbook.effects.counterfactual import RHO, Block, assembled, fit
from reachbook.effects.observed import observe_series
from reachbook.effects.spec import EffectSpec
from reachbook.effects.timeline_model import line
from reachbook.effects.timeline_sampling import _gram, _products, agreement, sampled

RNG = np.random.default_rng(21)
TIME = np.delete(np.arange(60), [20, 21, 33])
BEFORE = np.arange(45)


def blocks() -> list[Block]:
    ones, controls = np.ones((len(TIME), 1)), RNG.normal(0, 1, (len(TIME), 2))
    return [Block("level", ones), Block("controls", controls, (1.5,))]


def test_products_give_the_whitened_matrix_for_every_autocorrelation() -> None:
    """Against the inverse of the correlation matrix itself, gaps included."""
    both = RNG.normal(0, 1, (len(TIME), 3))
    parts, gaps = _products(both, np.diff(TIME))
    for rho in (0.0, 0.3, 0.9):
        correlation = np.where(np.eye(len(TIME)) > 0, 1.0, rho ** np.abs(np.subtract.outer(TIME, TIME)))
        assert _gram(parts, gaps, rho) == pytest.approx(both.T @ np.linalg.solve(correlation, both))


def test_a_draw_is_a_point_of_the_grid() -> None:
    """One autocorrelation and one scale: the same posterior, and the textbook's formula for the prediction."""
    target = np.cumsum(RNG.normal(0, 1, len(TIME)))
    regressors = blocks()
    exact = fit(target, TIME, regressors, BEFORE, at=(4, 0))
    matrix = np.concatenate([block.columns for block in regressors], axis=1)
    gram = _gram(*_products(np.column_stack([matrix[BEFORE], target[BEFORE]]), np.diff(TIME[BEFORE])), RHO[4])
    drawn = assembled(target, TIME, regressors, BEFORE, RHO[[4]], np.array([[0.0, 1.5**-2, 1.5**-2]]), gram[None])
    rows, shares = np.arange(46, len(TIME)), np.full(len(TIME) - 46, 1 / (len(TIME) - 46))
    assert drawn.average(rows, shares) == pytest.approx(exact.average(rows, shares))
    prior = matrix @ np.diag([1e8, 1.5**2, 1.5**2]) @ matrix.T
    joint = prior + RHO[4] ** np.abs(np.subtract.outer(TIME, TIME))
    cross = joint[np.ix_(rows, BEFORE)] @ np.linalg.inv(joint[np.ix_(BEFORE, BEFORE)])
    assert exact.average(rows, shares)[0] == pytest.approx(shares @ cross @ target[BEFORE], rel=1e-4, abs=1e-4)


def test_nuts_agrees_with_the_exact_posterior() -> None:
    """Middle within 0.3 standard deviations, width within a third: 4,000 draws err by far less."""
    rng = np.random.default_rng(5)
    weeks = 60
    market, noise = rng.normal(0, 0.1, weeks), rng.normal(0, 0.03, weeks)
    frame = pd.DataFrame(
        {
            "unit": "brand",
            "date": pd.date_range("2024-01-08", periods=weeks, freq="7D"),
            "outcome": 5000 * np.exp(0.8 * market + noise),
            "treated": np.arange(weeks) >= 50,
            "market": np.exp(market),
        }
    )
    spec = EffectSpec(design="series", calendar="none")
    seen = observe_series(frame, spec)
    model, before, during = line(seen, spec.calendar), seen.before[0], seen.during[0]
    exact = model.fit(before)
    drawn, convergence = sampled(model.outcome, model.time, model.blocks(before), before, during, 1)
    gate = agreement(drawn, exact, during, convergence)
    assert gate.passed, gate.detail
    assert drawn.coefficients("controls") == pytest.approx(exact.coefficients("controls"), rel=0.1)
