"""Plans of a panel: what each size and length would answer, and the advice not to run."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from reachbook.effects import EffectSpec
from reachbook.effects.planning.panel import PanelPlan, plan_panel
from reachbook.errors import DataError, ParamsError


def cities(days: int = 84, units: int = 9, every: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(21)
    shared = np.cumsum(rng.normal(0, 0.02, days))
    logs = shared + 0.04 * rng.standard_normal((units, days))
    return pd.DataFrame(
        {
            "unit": np.repeat([f"city {k}" for k in range(units)], days),
            "date": np.tile(pd.date_range("2024-01-01", periods=days, freq=f"{every}D"), units),
            "outcome": (1000 * np.exp(logs)).ravel(),
        }
    )


def planned(frame: pd.DataFrame | None = None, **more: object) -> PanelPlan:
    spec = EffectSpec.model_validate({"design": "panel", "plan": True, "days_most": 28, **more})
    return plan_panel(cities() if frame is None else frame, spec)


@pytest.fixture(scope="module")
def rich() -> PanelPlan:
    return planned(target=0.08, cost_per_unit=10.0)


def test_sizes_and_lengths_are_laid_out(rich: PanelPlan) -> None:
    table = rich.frame
    assert set(table["periods"]) == {7, 14, 21, 28}
    assert set(table["size"]) == {1, 2, 3}
    assert (table["cost"] == table["size"] * table["periods"] * 10).all()
    assert (table["size"] * table["periods"]).is_monotonic_increasing
    assert all(len(units) == size for units, size in zip(table["treated"], table["size"], strict=True))


def test_power_and_detectable_are_the_textbook_s(rich: PanelPlan) -> None:
    table = rich.frame
    expected = norm.cdf(np.log1p(0.08) / table["spread"] - norm.ppf(0.975))
    np.testing.assert_allclose(table["power"], expected)
    np.testing.assert_allclose(table["detectable"], np.expm1((norm.ppf(0.975) + norm.ppf(0.8)) * table["spread"]))
    assert ((table["power"] >= 0.8) == (table["detectable"] <= 0.08 + 1e-9)).mean() > 0.9


def test_longer_and_larger_tests_find_less(rich: PanelPlan) -> None:
    found = rich.frame.set_index(["size", "periods"])["detectable"]
    assert found[(1, 28)] < found[(1, 7)]
    assert found[(3, 28)] < found[(1, 28)]


def test_the_smallest_test_that_answers_is_chosen(rich: PanelPlan) -> None:
    assert rich.chosen is not None
    assert rich.frame["power"].iloc[rich.chosen] >= 0.8
    assert (rich.frame["power"].iloc[: rich.chosen] < 0.8).all()
    assert rich.check().detail.startswith("The smallest test that answers: ")
    assert rich.matched.best == rich.row["treated"]


def test_the_budget_leaves_out_what_it_does_not_pay() -> None:
    found = planned(target=0.08, budget=200.0, cost_per_unit=10.0)
    assert (found.frame["cost"] <= 200).all()
    with pytest.raises(ParamsError, match=r"budget 60 does not pay for one unit over 7 periods at cost_per_unit 10"):
        planned(budget=60.0, cost_per_unit=10.0)


def test_do_not_run_where_nothing_affordable_answers() -> None:
    found = planned(target=0.005)
    check = found.check()
    assert not found.run
    assert not check.passed
    assert check.level == "block"
    assert check.detail.startswith("Do not run; the best affordable test: ")


def test_without_a_target_the_beliefs_say_what_is_answered() -> None:
    wide, narrow = planned(prior_lift=0.4), planned(prior_lift=0.02)
    assert np.isnan(wide.frame["power"]).all()
    assert (wide.frame["assurance"] > narrow.frame["assurance"]).all()
    assert wide.run
    assert not narrow.run


def test_weeks_are_counted_as_weeks() -> None:
    found = planned(cities(days=40, every=7), target=0.2, cost_per_unit=10.0)
    assert found.frame["periods"].max() == 4
    assert found.frame["cost"].max() == 3 * 28 * 10


def test_lengths_that_cannot_be_judged_are_said() -> None:
    found = planned(cities(days=30), target=0.2)
    assert found.frame["periods"].max() == 16
    assert "Tests above 16 periods cannot be judged from 30 periods." in found.check().detail
    with pytest.raises(DataError, match=r"Table panel has 14 periods before any campaign"):
        planned(cities(days=14))
    with pytest.raises(DataError, match="leaves fewer than two controls"):
        planned(cities(units=2))
