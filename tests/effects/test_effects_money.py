"""Money and decisions against closed forms."""

import numpy as np
import pytest
import trial_tables
from scipy.stats import norm

from reachbook.effects import EffectSpec, experiment
from reachbook.effects.effect import Effect
from reachbook.effects.money import judge
from reachbook.effects.trial_arms import of_arm
from reachbook.errors import ParamsError
from reachbook.told import Check

DRAWS = norm.ppf((np.arange(20_000) + 0.5) / 20_000)


def effect(mean: float, sd: float, passed: bool = True, cells: int = 1000) -> Effect:
    gates = (Check("sample", passed, "We cannot tell: too few."),)
    return Effect("panel", "orders", mean + sd * DRAWS, np.full(len(DRAWS), 10.0), cells, gates)


def test_money_comes_from_the_effects_own_draws() -> None:
    found = judge(effect(2, 1), EffectSpec(spend=4000, value_per_unit=5, margin_low=0.4, margin_high=0.4))
    np.testing.assert_allclose(found.contribution, (2 + DRAWS) * 1000 * 5 * 0.4 - 4000)
    assert found.iroas is not None
    assert float(np.median(found.iroas)) == pytest.approx(2.5, rel=1e-3)
    assert found.break_even == pytest.approx(0.5, abs=1e-3)
    assert found.cac is not None
    assert np.isinf(found.cac).mean() == pytest.approx(norm.cdf(-2), abs=1e-3)
    assert float(np.median(found.cac)) == pytest.approx(2, rel=1e-2)


def test_uncertain_margin_and_spend_widen_the_contribution() -> None:
    sure = judge(effect(2, 0.1), EffectSpec(spend=1000))
    unsure = judge(effect(2, 0.1), EffectSpec(spend=1000, spend_error=0.3, margin_low=0.5, margin_high=1.0))
    assert unsure.contribution.std() > 2 * sure.contribution.std()
    assert unsure.spend.mean() == pytest.approx(1000, rel=0.02)
    assert unsure.spend.std() == pytest.approx(300, rel=0.05)


def test_the_table_s_spend_is_used_where_the_parameters_have_none() -> None:
    assert judge(effect(2, 1), EffectSpec(), spend=500).spend[0] == 500
    free = judge(effect(2, 1), EffectSpec())
    assert free.iroas is None
    assert free.cac is None
    assert "spend is 0" in free.gates[0].detail
    with pytest.raises(ParamsError, match="spend is -1"):
        judge(effect(2, 1), EffectSpec(), spend=-1)


def test_target_and_lift_agree() -> None:
    found = judge(effect(2, 1), EffectSpec(target=0.2))
    assert found.attained == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("mean", "sd", "decision"),
    [(3, 0.1, "go on"), (-1, 0.1, "stop"), (1.1, 2.0, "run longer"), (0.9, 2.0, "run longer")],
)
def test_the_decision_has_the_highest_expected_money(mean: float, sd: float, decision: str) -> None:
    found = judge(effect(mean, sd), EffectSpec(spend=1000, test_cost=50))
    assert found.decision == decision
    assert found.expected[decision] == max(found.expected.values())


def test_information_has_the_value_of_the_normal_loss() -> None:
    # Half of the variance is resolved: E max(0, m + s Z) with s = sd / sqrt 2 (Raiffa & Schlaifer 1961).
    found = judge(effect(1, 2), EffectSpec(spend=1000, periods=2))
    s = 2000 / np.sqrt(2)
    assert found.information == pytest.approx(s * norm.pdf(0), rel=0.01)


def test_going_on_reaches_the_control_group_too() -> None:
    tried = experiment(trial_tables.conversions(1, n=20_000, rates=(0.05, 0.06, 0.05)))
    found = judge(of_arm(tried, "a"), EffectSpec(value_per_unit=100, periods=2))
    one = float(found.contribution.mean())
    assert found.expected["go on"] == pytest.approx(2 * 3 * one)
    assert found.decision == "go on"


def test_a_failed_gate_decides_nothing() -> None:
    found = judge(effect(3, 0.1, passed=False), EffectSpec(spend=1))
    assert found.decision == "do not act"
    assert "We cannot tell" in found.reason


def test_the_currency_of_the_outcome_does_not_matter() -> None:
    plain = judge(effect(2, 1), EffectSpec(spend=1500, value_per_unit=1))
    scaled = judge(effect(2000, 1000), EffectSpec(spend=1500, value_per_unit=0.001))
    np.testing.assert_allclose(plain.contribution, scaled.contribution, rtol=1e-9)
