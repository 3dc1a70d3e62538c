"""Money and decisions against closed forms."""

import numpy as np
import pytest
from scipy.stats import norm

from helpers import experiment_tables
from reachbook.effects import EffectSpec, estimate
from reachbook.effects.effect import Effect
from reachbook.effects.experiment.arms import of_arm
from reachbook.effects.value.contribution import assess, is_money
from reachbook.errors import ParamsError
from reachbook.verdict import Gate

DRAWS = norm.ppf((np.arange(20_000) + 0.5) / 20_000)


def stated(**more: object) -> EffectSpec:
    """Parameters with all of money entered: a unit is worth 1, and all of it stays, unless said otherwise."""
    whole = {"value_per_unit": 1.0, "margin_low": 1.0, "margin_high": 1.0, "periods": 4, "test_cost": 0.0}
    return EffectSpec.model_validate(whole | more)


def effect(mean: float, sd: float, passed: bool = True, cells: int = 1000) -> Effect:
    gates = (Gate("sample", passed, "We cannot tell: too few."),)
    return Effect("panel", "orders", mean + sd * DRAWS, np.full(len(DRAWS), 10.0), cells, gates)


def test_money_comes_from_the_effects_own_draws() -> None:
    found = assess(effect(2, 1), stated(spend=4000, value_per_unit=5, margin_low=0.4, margin_high=0.4))
    np.testing.assert_allclose(found.contribution, (2 + DRAWS) * 1000 * 5 * 0.4 - 4000)
    assert found.iroas is not None
    assert float(np.median(found.iroas)) == pytest.approx(2.5, rel=1e-3)
    assert found.break_even == pytest.approx(0.5, abs=1e-3)
    assert found.cac is not None
    assert np.isinf(found.cac).mean() == pytest.approx(norm.cdf(-2), abs=1e-3)
    assert float(np.median(found.cac)) == pytest.approx(2, rel=1e-2)


def test_uncertain_margin_and_spend_widen_the_contribution() -> None:
    sure = assess(effect(2, 0.1), stated(spend=1000))
    unsure = assess(effect(2, 0.1), stated(spend=1000, spend_error=0.3, margin_low=0.5, margin_high=1.0))
    assert sure.contribution is not None
    assert unsure.contribution is not None
    assert unsure.spend is not None
    assert unsure.contribution.std() > 2 * sure.contribution.std()
    assert unsure.spend.mean() == pytest.approx(1000, rel=0.02)
    assert unsure.spend.std() == pytest.approx(300, rel=0.05)


def test_the_table_s_spend_is_used_where_the_parameters_have_none() -> None:
    found = assess(effect(2, 1), stated(), spend=500)
    assert found.spend is not None
    assert found.spend[0] == 500
    assert assess(effect(2, 1), stated(spend=200), spend=500).paid == 200
    with pytest.raises(ParamsError, match="spend is nan"):
        assess(effect(2, 1), stated(), spend=float("nan"))


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (["spend"], set()),
        (["margin_low", "margin_high"], {"iroas", "cac"}),
        (["value_per_unit"], {"cac"}),
        (["value_per_unit", "margin_low", "margin_high", "spend"], set()),
        (["periods"], {"iroas", "cac", "contribution", "break_even"}),
        (["test_cost"], {"iroas", "cac", "contribution", "break_even"}),
    ],
)
def test_what_was_not_entered_carries_nothing(gone: list[str], told: set[str]) -> None:
    found = assess(effect(2, 0.1), stated(**{"spend": 100.0} | dict.fromkeys(gone)))
    names = ("iroas", "cac", "contribution", "break_even", "expected", "information")
    assert {name for name in names if getattr(found, name) is not None} == told
    assert found.decision == ("go on" if "contribution" in told else "effect only")


def test_an_amount_of_zero_that_was_entered_counts() -> None:
    found = assess(effect(2, 0.1), stated(spend=0))
    assert found.break_even == 1
    assert found.iroas is None
    assert found.decision == "go on"


@pytest.mark.parametrize(("sure", "decision"), [(2, "go on"), (1, "not settled"), (-1, "not settled"), (-2, "stop")])
def test_without_a_horizon_money_decides_nine_times_in_ten(sure: float, decision: str) -> None:
    found = assess(effect(2 + sure, 1), stated(spend=2000, periods=None))
    assert found.break_even == pytest.approx(norm.cdf(sure), abs=1e-3)
    assert found.decision == decision


def test_of_money_saved_every_sign_is_turned() -> None:
    """Ads switched off: 4,000 saved, 1,000 units lost that are worth 3 each; returns are those of the ads."""
    found = assess(effect(-1, 0.1), stated(spend=-4000, value_per_unit=3))
    assert found.iroas is not None
    assert found.cac is not None
    assert float(np.median(found.iroas)) == pytest.approx(0.75, rel=1e-3)
    assert float(np.median(found.cac)) == pytest.approx(4, rel=1e-3)
    np.testing.assert_allclose(found.contribution, (-1 + 0.1 * DRAWS) * 3000 + 4000)
    assert found.decision == "go on"
    assert assess(effect(-1, 0.1), stated(spend=-2000, value_per_unit=3)).decision == "stop"


@pytest.mark.parametrize(
    ("name", "money"),
    [("GMV", True), ("revenue", True), ("total_revenue", True), ("成交金额", True), ("实际收入", True),
     ("orders", False), ("outcome", False), ("revenue_per_visit", False), ("收入人群", False), ("sales", False)],
)  # fmt: skip
def test_only_a_name_that_is_money_is_read_as_money(name: str, money: bool) -> None:
    assert is_money(name) is money


def test_target_and_lift_agree() -> None:
    found = assess(effect(2, 1), stated(target=0.2))
    assert found.attained == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("mean", "sd", "decision"),
    [(3, 0.1, "go on"), (-1, 0.1, "stop"), (1.1, 2.0, "run longer"), (0.9, 2.0, "run longer")],
)
def test_the_decision_has_the_highest_expected_money(mean: float, sd: float, decision: str) -> None:
    found = assess(effect(mean, sd), stated(spend=1000, test_cost=50))
    assert found.decision == decision
    assert found.expected is not None
    assert found.expected[decision] == max(found.expected.values())


def normal(mean: float, sd: float, seed: int) -> Effect:
    """An effect whose draws are as random as an estimator's."""
    drawn = mean + sd * np.random.default_rng(seed).standard_normal(2000)
    return Effect("panel", "orders", drawn, np.full(len(drawn), 10.0), 1000, (Gate("sample", True, "Enough."),))


def test_what_waiting_is_worth_has_its_monte_carlo_error() -> None:
    """Over 400 sets of draws the gain scatters as each of them says, here with a mean above and below zero."""
    for mean in (1.3, 0.7):
        found = [assess(normal(mean, 1.0, seed), stated(spend=1000)).waiting for seed in range(400)]
        gains, errors = np.array([(each.gain, each.error) for each in found if each is not None]).T
        assert gains.std() == pytest.approx(errors.mean(), rel=0.15)


def test_next_to_nothing_is_not_waited_for() -> None:
    """A contribution of 280, give or take 200: 92% to pay, and waiting would bring a thousandth of what is at stake."""
    sure = assess(effect(1.28, 0.2), stated(spend=1000))
    assert sure.decision == "go on"
    assert sure.waiting is not None
    assert 0 < sure.waiting.gain < 0.005 * sure.waiting.stake
    assert assess(effect(0.72, 0.2), stated(spend=1000)).decision == "stop"
    assert sure.waiting.stake == pytest.approx(4 * 280, rel=0.1)


@pytest.mark.parametrize("periods", [2, 4, 12])
def test_not_waiting_for_little_costs_little(periods: int) -> None:
    """Effects from a prior, told with the error of the prior: what each choice brings in the mean is a closed form.

    The rule leaves on average at most half a hundredth of what is at stake, and keeps most of what waiting is worth.
    """
    rng = np.random.default_rng(7)
    means, sd = rng.normal(0, np.sqrt(0.5), 300), np.sqrt(0.5)
    later = sd * np.sqrt(0.5)
    informed = means * norm.cdf(means / later) + later * norm.pdf(means / later)
    longer = means + (periods - 1) * informed
    now = periods * np.maximum(means, 0)
    decided = [
        assess(normal(1 + mean, sd, seed), stated(spend=1000, periods=periods)).decision
        for seed, mean in enumerate(means)
    ]
    brings = {"stop": 0 * means, "go on": periods * means, "run longer": longer}
    money = np.array([brings[choice][at] for at, choice in enumerate(decided)])
    lost = (np.maximum(now, longer) - money).mean()
    assert lost < 0.005 * periods * np.sqrt(2 / np.pi)
    assert money.mean() - now.mean() > 0.85 * (np.maximum(now, longer) - now).mean()
    assert np.mean([each == "run longer" for each in decided]) < np.mean(longer > now)


def test_information_has_the_value_of_the_normal_loss() -> None:
    # Half of the variance is resolved: E max(0, m + s Z) with s = sd / sqrt 2 (Raiffa & Schlaifer 1961).
    found = assess(effect(1, 2), stated(spend=1000, periods=2))
    s = 2000 / np.sqrt(2)
    assert found.information == pytest.approx(s * norm.pdf(0), rel=0.01)


def test_going_on_reaches_the_control_group_too() -> None:
    tried = estimate(experiment_tables.conversions(1, n=20_000, rates=(0.05, 0.06, 0.05)))
    found = assess(of_arm(tried, "a"), stated(value_per_unit=100, periods=2, spend=0))
    assert found.contribution is not None
    assert found.expected is not None
    one = float(found.contribution.mean())
    assert found.expected["go on"] == pytest.approx(2 * 3 * one)
    assert found.decision == "go on"


def test_a_failed_gate_decides_nothing() -> None:
    found = assess(effect(3, 0.1, passed=False), stated(spend=1))
    assert found.decision == "do not act"


def test_the_currency_of_the_outcome_does_not_matter() -> None:
    plain = assess(effect(2, 1), stated(spend=1500, value_per_unit=1))
    scaled = assess(effect(2000, 1000), stated(spend=1500, value_per_unit=0.001))
    assert plain.contribution is not None
    assert scaled.contribution is not None
    np.testing.assert_allclose(plain.contribution, scaled.contribution, rtol=1e-9)
