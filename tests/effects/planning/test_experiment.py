"""Plans against power formulas, and the advice not to run."""

import numpy as np
import pytest
from scipy.stats import norm

from reachbook.effects import EffectSpec
from reachbook.effects.planning.experiment import plan
from reachbook.errors import ParamsError


def test_power_is_the_textbook_s_where_the_prior_is_flat() -> None:
    # Beliefs as wide as the schema allows hardly matter beside a standard error of .05.
    spec = EffectSpec(baseline=0.1, budget=8000, cost_per_unit=1, target=0.15, prior_lift=2.0)
    found = plan(spec)
    error = np.sqrt(2 * 0.9 / 0.1 / found.units[-1])
    expected = norm.cdf(np.log1p(0.15) / error - norm.ppf(0.975))
    assert found.power[-1] == pytest.approx(expected, abs=0.03)
    assert found.detectable[-1] == pytest.approx(np.expm1((1.96 + 0.8416) * error), rel=0.05)
    assert (np.diff(found.assurance) > 0).all()


def test_the_smallest_test_that_answers_is_chosen() -> None:
    found = plan(EffectSpec(baseline=0.05, units_per_day=4000, days_most=28, cost_per_unit=2, target=0.15, looks=28))
    assert found.run
    assert found.chosen is not None
    assert found.power[found.chosen] >= 0.8 > found.power[found.chosen - 1]
    assert found.days[-1] == pytest.approx(28, rel=0.01)
    assert found.cost[0] == 2 * found.units[0]
    assert found.peeking is not None
    assert found.peeking.false_winner <= 0.05
    assert found.gates[0].passed


def test_no_affordable_size_answers() -> None:
    found = plan(EffectSpec(baseline=0.01, budget=2000, cost_per_unit=1, target=0.05))
    assert not found.run
    assert found.gates[0].level == "block"
    assert found.gates[0].detail.startswith("Do not run; the best affordable test: 2,000 units in each arm")


def test_without_a_target_the_prior_says_what_is_answered() -> None:
    found = plan(EffectSpec(baseline=100, baseline_sd=150, units_per_day=2000, rope=0.02))
    assert found.target is None
    assert np.isnan(found.power).all()
    assert found.run


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"baseline": 0.1}, "nothing limits the test"),
        ({"budget": 100.0, "cost_per_unit": 1.0}, "baseline is 0"),
        ({"baseline": 3.0, "budget": 100.0, "cost_per_unit": 1.0}, "baseline_sd is 0"),
        ({"baseline": 0.1, "budget": 1.0, "cost_per_unit": 1.0}, "allow 1 units in each arm"),
    ],
)
def test_what_a_plan_needs(fields: dict[str, float], message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        plan(EffectSpec.model_validate(fields))
