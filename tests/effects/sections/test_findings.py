"""Headline numbers: what they are held against, in which order, and that none is told where a check failed."""

from dataclasses import replace

import pytest

from helpers.known_effect import BAD, STANDARD, experiment, panel, rolled_out
from reachbook.effects.effect import Effect
from reachbook.effects.sections.decision import decided
from reachbook.effects.sections.findings import findings
from reachbook.effects.spec import EffectSpec
from reachbook.effects.value.rollout import RollOut

VALUED: dict[str, object] = {"value_per_unit": 10.0, "margin_low": 0.5, "margin_high": 0.5}
"""A lift of 10 % adds a thousand orders, of which five thousand stay."""


def test_findings_stand_beside_what_they_are_held_against() -> None:
    effect, spec = experiment({"a": (0.1, 0.02)}), EffectSpec.model_validate(VALUED | {"target": 0.12})
    found = {each.id: each for each in findings(effect, rolled_out(effect, spec, 4000.0), spec)}
    lift = found["lift"]
    assert (lift.value, lift.low, lift.high) == pytest.approx((0.1, 0.0608, 0.1392), abs=1e-4)
    assert (lift.unit, lift.reference) == ("ratio", 0.0)
    assert found["target"].value == pytest.approx(0.1587, abs=1e-3)
    assert found["contribution"].value == pytest.approx(1000.0)
    # Of each yuan of outcome one half stays, so that two a yuan of spend repay it.
    assert (found["iroas"].value, found["iroas"].reference) == (pytest.approx(2.5), 2.0)
    assert found["iroas"].label == "Return on spend (iROAS)"
    assert found["break_even"].value == pytest.approx(0.8413, abs=1e-3)


def test_money_saved_has_findings_of_its_own() -> None:
    effect, spec = panel(-0.1, 0.02), EffectSpec.model_validate(VALUED)
    found = {each.id: each for each in findings(effect, rolled_out(effect, spec, -9000.0, 9000.0), spec)}
    assert found["saved"].value == 9000.0
    assert found["lost"].value == pytest.approx(1000.0)
    assert found["lost"].label == "Orders lost"
    assert found["contribution"].value == pytest.approx(9000.0 - 5000.0)
    assert found["lift"].label == "Change of orders"
    assert found["contribution"].label == "Saved less lost"


def test_a_return_on_money_that_came_on_top_says_so() -> None:
    effect, spec = panel(0.5, 0.02), EffectSpec.model_validate(VALUED)
    found = {each.id: each for each in findings(effect, rolled_out(effect, spec, 1000.0, 9000.0), spec)}
    assert found["iroas"].label == "Return on extra spend (iROAS)"


def several(spec: EffectSpec) -> tuple[Effect, RollOut]:
    """Two arms, of which the second would be rolled out."""
    both = experiment({"a": (0.05, 0.02), "b": (0.15, 0.02)})
    whole, best = rolled_out(both, spec, 2000.0), rolled_out(experiment({"b": (0.15, 0.02)}), spec, 1000.0)
    return both, replace(best, whole=whole.money, spending=whole.spending)


def test_of_several_arms_the_campaign_and_the_one_to_roll_out_are_told_apart() -> None:
    spec = EffectSpec.model_validate(VALUED | {"target": 0.1})
    found = {each.id: each for each in findings(*several(spec), spec)}
    assert found["lift"].value == pytest.approx(0.1)
    assert found["lift"].label == "Lift of orders, all arms"
    assert list(found)[:4] == ["best_contribution", "break_even", "best", "other_lift_1"], (
        "what would be rolled out comes first"
    )
    assert (found["best"].value, found["best"].reference) == (pytest.approx(0.15), 0.1)
    assert found["contribution"].value == pytest.approx(2 * 5000 - 2000)
    assert found["best_contribution"].value == pytest.approx(7500 - 1000)
    assert decided(*several(spec), spec, "CNY").startswith("Go on with b.")


def test_each_other_arm_has_its_contribution_and_lift_with_intervals() -> None:
    """The other arm adds 500 orders, of which 2,500 stay, for 1,000."""
    spec = EffectSpec.model_validate(VALUED)
    effect, rollout = several(spec)
    other = rolled_out(experiment({"a": (0.05, 0.02)}), spec, 1000.0).money
    found = {each.id: each for each in findings(effect, replace(rollout, alone={"a": other}), spec)}
    assert list(found)[:3] == ["best_contribution", "break_even", "other_contribution_1"]
    money, lift = found["other_contribution_1"], found["other_lift_1"]
    assert (money.label, money.reference) == ("Contribution, a", 0.0)
    assert (money.low, money.value, money.high) == pytest.approx((-460, 1500, 3460), abs=5)
    assert (lift.low, lift.value, lift.high) == pytest.approx((0.0108, 0.05, 0.0892), abs=1e-4)
    assert found["break_even"].label == "Chance b pays off"


def test_a_failed_check_leaves_labels_and_no_number() -> None:
    effect, spec = experiment({"a": (0.1, 0.02)}, BAD), EffectSpec.model_validate(VALUED)
    told = findings(effect, rolled_out(effect, spec, 100.0), spec)
    assert {each.id for each in told} == {"lift", "contribution", "iroas", "break_even"}
    assert all(each.value is None and each.low is None and each.high is None for each in told)


def test_a_baseline_that_may_be_below_zero_has_its_lift_in_units() -> None:
    effect = replace(panel(0.1, 0.02), baseline=STANDARD)
    (lift,) = findings(effect, rolled_out(effect, EffectSpec()), EffectSpec())
    assert lift.unit == "a unit"


@pytest.mark.parametrize(("usual", "net"), [(0.0, 4000.0), (9000.0, -9000.0), (20_000.0, -9000.0), (9000.0, 3000.0)])
@pytest.mark.parametrize("more", [VALUED, {"target": 0.1}, {"value_per_unit": 10.0}, {}])
def test_a_label_is_short_and_leaves_the_level_to_the_grounds(
    usual: float, net: float, more: dict[str, object]
) -> None:
    effect, spec = panel(0.1, 0.02), EffectSpec.model_validate(more)
    for each in findings(effect, rolled_out(effect, spec, net, usual), spec, "EUR"):
        assert len(each.label.split()) <= 5
        assert "interval" not in each.label
        assert "¥" not in each.label


def test_a_price_is_told_in_the_currency_of_the_study() -> None:
    effect, spec = panel(0.1, 0.02), EffectSpec()
    found = {each.id: each.label for each in findings(effect, rolled_out(effect, spec, 4000.0), spec, "EUR")}
    assert found["return"] == "Orders per €1.00 spent"
