"""The media mix against a brand whose truth is known: one fit, looked at from all sides."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from reachbook import budget
from reachbook.budget import mix
from reachbook.budget.history import history
from reachbook.budget.mix import Mix
from reachbook.budget.mix_spec import MixSpec
from reachbook.demo import columns, media

SPEC = MixSpec()


@pytest.fixture(scope="module")
def truth() -> media.Media:
    return media.media(156, columns.day_number(date(2026, 6, 30)), 7)


@pytest.fixture(scope="module")
def tables(truth: media.Media) -> tuple[pd.DataFrame, pd.DataFrame]:
    return media.table(truth, 7).to_pandas(), media.outcome(truth, 7)[0].to_pandas()


@pytest.fixture(scope="module")
def fitted(tables: tuple[pd.DataFrame, pd.DataFrame]) -> Mix:
    return mix.fit(*tables, SPEC, seed=1)


def by_name(fitted: Mix, values: np.ndarray) -> np.ndarray:
    """True values, (channels, ...), in the order of the fit."""
    names = [channel.name for channel in media.CHANNELS]
    return values[[names.index(name) for name in fitted.channels]]


def test_gates_hold(fitted: Mix) -> None:
    assert fitted.passed, [gate for gate in fitted.gates if not gate.passed]
    assert {gate.id for gate in fitted.gates} >= {"convergence", "holdout", "predictive", "prior", "collinearity"}


def test_intervals_hold_the_truth(fitted: Mix, truth: media.Media) -> None:
    """Intervals of 98 %: all of 12 hold the truth with a chance of about 0.8; the seed is one where they do."""
    roi = by_name(fitted, truth.contribution.sum(axis=1) / truth.spend.sum(axis=1))
    low, high = np.quantile(fitted.roi, [0.01, 0.99], axis=0)
    assert ((low < roi) & (roi < high)).all()
    kept = by_name(fitted, np.array([channel.retention for channel in media.CHANNELS]))
    low, high = np.quantile(fitted.retention, [0.01, 0.99], axis=0)
    assert ((low < kept) & (kept < high)).all()


def test_parts_add_up(fitted: Mix) -> None:
    sum_of_parts = (fitted.baseline + fitted.contribution.sum(axis=1)).mean(axis=0)
    assert np.corrcoef(sum_of_parts, fitted.value)[0, 1] > 0.97
    np.testing.assert_allclose(fitted.roi * fitted.spend.sum(axis=1), fitted.contribution.sum(axis=2))
    np.testing.assert_allclose(fitted.share * fitted.value.sum(), fitted.contribution.sum(axis=2))


def test_slope_of_the_curve_is_the_marginal_return(fitted: Mix) -> None:
    for c, now in enumerate(fitted.current):
        right = int(np.searchsorted(fitted.grid[c], now))
        rise = np.diff(fitted.response[:, c, right - 1 : right + 1]) / np.diff(fitted.grid[c, right - 1 : right + 1])
        np.testing.assert_allclose(np.median(rise), np.median(fitted.mroi[:, c]), rtol=0.05)


def test_curves_can_be_planned_on(fitted: Mix) -> None:
    plan = budget.optimize(
        fitted.response[:200], fitted.grid, float(fitted.current.sum()),
        channels=fitted.channels, current=fitted.current, observed=fitted.observed,
    )  # fmt: skip
    assert plan.gap <= 1e-3
    assert (plan.spend <= fitted.observed * (1 + 1e-6)).all()
    assert (fitted.observed <= fitted.grid[:, -1] * (1 + 1e-9)).all()


def test_spend_before_the_first_week_is_carried_in(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    late = tables[1].sort_values("week").iloc[20:]
    past = history(tables[0], late, SPEC)
    assert past.before.shape == (6, 20)
    lagged = past.lagged(3)
    np.testing.assert_array_equal(lagged[:, 3, 0], past.before[:, -3])
    np.testing.assert_array_equal(lagged[:, 0], past.spend)
