"""The decision in words: what it claims, what it is held against, and what it takes back where a check failed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import reachbook.effects
from helpers.known_effect import BAD, STANDARD, experiment, panel, rolled_out
from reachbook.effects.effect import Effect
from reachbook.effects.sections.cures import CURES
from reachbook.effects.sections.decision import decided, enter, gates, grounds, instructions, tone
from reachbook.effects.spec import EffectSpec
from reachbook.effects.value.incremental_spend import IncrementalSpend
from reachbook.result import Instruction
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.effects.value.contribution import Decision

VALUED: dict[str, object] = {"value_per_unit": 10.0, "margin_low": 0.5, "margin_high": 0.5}
"""A lift of 10 % adds a thousand orders, of which five thousand stay."""


def said(effect: Effect, net: float | None = None, usual: float = 0.0, **more: object) -> str:
    spec = EffectSpec.model_validate(more)
    found = decided(effect, rolled_out(effect, spec, net, usual), spec, "CNY", 28)
    assert len(found.split()) <= 40, found
    return found


def based(effect: Effect, net: float | None = None, usual: float = 0.0, **more: object) -> tuple[str, ...]:
    spec = EffectSpec.model_validate(more)
    return grounds(effect, rolled_out(effect, spec, net, usual), spec, "CNY", 28)


@pytest.mark.parametrize(
    ("lift", "error", "rope", "verdict"),
    [
        (0.10, 0.02, 0.0, "It works: a raised orders by 10.0% [6.1%, 13.9%]."),
        (-0.10, 0.02, 0.0, "It does harm: a lowered orders by 10.0% [6.1%, 13.9%]."),
        (0.01, 0.02, 0.0, "No effect can be told from chance: a changed orders by 1.0% [−2.9%, 4.9%]"),
        (0.01, 0.005, 0.05, "It makes no difference that matters (5.0% or more): a raised orders by 1.0%"),
        (0.05, 0.02, 0.05, "Whether it matters (5.0% or more) cannot be told: a raised orders by 5.0%"),
        (-0.05, 0.02, 0.05, "Whether it matters (5.0% or more) cannot be told: a lowered orders by 5.0%"),
        (0.10, 0.02, 0.05, "It works: a raised orders by 10.0%"),
        (-0.10, 0.02, 0.05, "It does harm: a lowered orders by 10.0%"),
    ],
)
def test_without_money_the_interval_decides(lift: float, error: float, rope: float, verdict: str) -> None:
    found = said(experiment({"a": (lift, error)}), rope=rope)
    assert found.startswith(verdict)
    assert found.endswith("To decide by money, enter value_per_unit, margin_low, margin_high and spend.")


def test_a_failed_check_leaves_its_reason_and_no_number() -> None:
    effect = experiment({"a": (0.1, 0.02)}, BAD)
    found = said(effect, 100.0, **VALUED)
    assert found == "Do not act: this test cannot tell what the campaign changed. Run longer, or with more units."
    assert based(effect, 100.0, **VALUED) == ()
    assert tone(effect, rolled_out(effect, EffectSpec(), 100.0), EffectSpec()) is None


@pytest.mark.parametrize(
    ("net", "start", "means"),
    [
        (1000.0, "Go on with a. ", "go"),
        (50_000.0, "Stop a. ", "stop"),
        (
            5000.0,
            "It is not settled whether a brings more than it costs (90% sure is asked); going on is the better bet.",
            "wait",
        ),
    ],
)
def test_by_money_an_arm_goes_on_stops_or_is_not_settled(net: float, start: str, means: str) -> None:
    effect, spec = experiment({"a": (0.1, 0.02)}), EffectSpec.model_validate(VALUED)
    rollout = rolled_out(effect, spec, net)
    assert decided(effect, rollout, spec, "CNY").startswith(start)
    assert tone(effect, rollout, spec) == means


@pytest.mark.parametrize(
    ("usual", "net", "lift", "choice", "means"),
    [
        (9000.0, -9000.0, 0.0, "Leave the ads off.", "stop"),
        (9000.0, -9000.0, -0.5, "Switch the ads on again.", "go"),
        (20_000.0, -9000.0, 0.0, "Keep spending less.", "stop"),
        (20_000.0, -9000.0, -0.5, "Go back to the usual spend.", "go"),
        (9000.0, 1000.0, 0.5, "Keep spending more.", "go"),
        (9000.0, 9000.0, 0.0, "Go back to the usual spend.", "stop"),
    ],
)
def test_what_was_done_with_the_spend_turns_the_words_and_the_tone(
    usual: float, net: float, lift: float, choice: str, means: str
) -> None:
    """Where spending less is what goes on, money leaves the channel: the tone is that of a stop."""
    effect, spec = panel(lift, 0.02), EffectSpec.model_validate(VALUED)
    rollout = rolled_out(effect, spec, net, usual)
    assert decided(effect, rollout, spec, "CNY").startswith(choice)
    assert tone(effect, rollout, spec) == means


def test_what_is_lost_and_saved_is_told_in_positive_amounts() -> None:
    lost = based(panel(-0.1, 0.02), -9000.0, 9000.0, **VALUED)
    assert lost[0] == "Switching off lowered orders by 10.0% [6.1%, 13.9%]."
    assert lost[1].startswith("It saved ¥9,000 and lost 1,000 [610, 1,390] orders, worth ¥1.11")
    unsure = based(panel(0.01, 0.02), -9000.0, 9000.0, **VALUED)
    assert "It saved ¥9,000 and changed orders by 100 [−290, 490] in all." in unsure


def test_with_the_spend_alone_a_price_is_told_and_no_choice() -> None:
    effect = experiment({"a": (0.1, 0.02)})
    assert said(effect, 5000.0).startswith("It works: ")
    assert "it pays" not in said(effect, 5000.0)
    assert "It cost ¥5,000, or ¥5.00 for one unit of orders added." in based(effect, 5000.0)
    assert "It cost ¥5,000." in based(experiment({"a": (0.01, 0.02)}), 5000.0), "chance alone may have added them"
    worth = based(effect, 5000.0, value_per_unit=10.0)
    assert "It cost ¥5,000; each ¥1.00 of it brought ¥2.00 [¥1.22, ¥2.78] of outcome." in worth


def test_a_probability_that_is_a_finding_is_not_said_again() -> None:
    """A lift of 10 % +- 2 %: the target of 12 % lies one error above, and 4,000 are repaid at 8 %, one error below."""
    effect = experiment({"a": (0.1, 0.02)})
    found = said(effect, 4000.0, target=0.12, **VALUED)
    assert "Contribution in the 28-day test: ¥1,000 [−¥1,000, ¥3,000]." in found
    assert "It is not settled whether a brings more than it costs" in found
    told = " ".join((found, *based(effect, 4000.0, target=0.12, **VALUED)))
    assert "84%" not in told
    assert "16%" not in told
    spec = EffectSpec.model_validate({"target": 0.12, **VALUED})
    one = rolled_out(effect, spec, 4000.0)
    several = replace(one, whole=replace(one.money))
    assert "The target of 12.0% is reached with probability 16%." in grounds(effect, several, spec, "CNY")


@pytest.mark.parametrize(
    ("net", "sentence"),
    [
        (50_000.0, "It raises orders, but by too little to pay."),
        (6500.0, "It raises orders, but probably by too little to pay."),
        (6750.0, "It raises orders, but almost certainly by too little to pay."),
        (3500.0, "Contribution in the 28-day test: ¥1,500 [−¥500, ¥3,500]."),
        (100.0, "Contribution in the 28-day test: ¥4,900 [¥2,900, ¥6,900]."),
    ],
)
def test_a_choice_by_money_says_how_sure_it_is(net: float, sentence: str) -> None:
    """What is added leaves 5,000, give or take 1,000: at 3,500 and at 6,500 one in fifteen is on the other side."""
    found = said(experiment({"a": (0.1, 0.02)}), net, **VALUED)
    assert found.startswith("Stop a." if net > 5000 else "Go on with a.")
    assert sentence in found
    assert ("probabl" in found) == (net == 6500)


@pytest.mark.parametrize(
    ("net", "lift", "sentence"),
    [
        (6000.0, 0.1, "It raises orders, but probably by too little to pay."),
        (5100.0, 0.1, "It raises orders, but probably by too little to pay."),
        (50.0, 0.01, "The chance that it raises orders at all is 69%."),
    ],
)
def test_with_a_horizon_a_choice_may_be_a_bet(net: float, lift: float, sentence: str) -> None:
    """Testing on would cost too much, so that the better of the two is taken however close they are."""
    found = said(experiment({"a": (lift, 0.02)}), net, periods=1, test_cost=1e6, **VALUED)
    assert sentence in found


def test_a_choice_that_is_not_even_likely_to_pay_rests_on_what_is_at_stake() -> None:
    """A log-normal effect, whose mean is seven times its median: it pays in one of four draws, and much in these."""
    effect = replace(panel(0.0, 0.0), average=np.exp(2 * STANDARD) / 10)
    more: dict[str, object] = {"periods": 1, "test_cost": 1e6, **VALUED}
    found = said(effect, 2000.0, **more)
    assert found.startswith("Go on with the campaign.")
    assert "It is less likely to pay than not, but what it may gain weighs more." in found
    told = " ".join(based(effect, 2000.0, **more))
    assert "The choice rests on how much is at stake either way." in told


def test_a_horizon_tells_what_each_choice_would_bring() -> None:
    """Going on with an arm as large as the control reaches twice the treated: 4 x 2 x (5,000 - 1,000)."""
    effect = experiment({"a": (0.1, 0.02)})
    found = said(effect, 1000.0, periods=4, test_cost=0.0, **VALUED)
    assert found == (
        "Go on with a. Contribution in the 28-day test: ¥4,000 [¥2,000, ¥6,000]. "
        "Projected for the next 112 days: ¥32,000 [¥16,000, ¥48,000]."
    ), "what was measured comes before what is projected from it"
    told = " ".join(based(effect, 1000.0, periods=4, test_cost=0.0, **VALUED))
    assert "Expected for the next 112 days: going on ¥32,000, running longer ¥" in told
    assert "and stopping ¥0.00. This supposes that the effect stays as it was in the test." in told
    assert "for the next 28 days: ¥8,000 [¥4" in said(effect, 1000.0, periods=1, test_cost=0.0, **VALUED)
    spec = EffectSpec.model_validate({"periods": 1, "test_cost": 0.0, **VALUED})
    undated = decided(effect, rolled_out(effect, spec, 1000.0), spec, "CNY")
    assert "Contribution in the test: ¥4,000" in undated
    assert "Projected for 1 further period as long as the test: ¥8,000" in undated


def test_running_longer_says_how_long_and_by_which_rule_it_ends() -> None:
    """Paid is what was added on average, so that deciding now leaves nothing and knowing more something."""
    effect = experiment({"a": (0.1, 0.02)})
    found = said(effect, 4900.0, periods=4, test_cost=0.0, **VALUED)
    assert found == (
        "Run a for 28 more days, then decide for good: go on if its contribution over all 56 days is above zero, else "
        "stop. So far: ¥100 [−¥1,900, ¥2,100]."
    )
    told = " ".join(based(effect, 4900.0, periods=4, test_cost=0.0, **VALUED))
    assert "Going on reaches everybody, 2.0 times as many as this arm of the test." in told
    assert "What decides is the expected money, not how probable it is to pay" in told
    spec = EffectSpec.model_validate({"periods": 4, "test_cost": 0.0, **VALUED})
    undated = decided(effect, rolled_out(effect, spec, 4900.0), spec, "CNY")
    assert undated.startswith("Run a as long again, then decide for good: go on if its contribution over both parts")
    assert tone(effect, rolled_out(effect, spec, 4900.0), spec) == "longer"
    assert "For good: what decides then is the estimate over the whole test, even if its interval" in told


@pytest.mark.parametrize(
    ("net", "margins", "way_out"),
    [
        (6500.0, (0.3, 0.7), ", or raise the margin to 65%."),
        (6500.0, (0.4, 0.6), "; 60% margin is not enough."),
        (6500.0, (0.5, 0.5), "."),
        (50_000.0, (0.4, 0.6), "; no margin is enough."),
    ],
)
def test_a_stop_names_the_margin_it_was_judged_by_and_another_only_within_the_stated_range(
    net: float, margins: tuple[float, float], way_out: str
) -> None:
    """Added are 10,000 of value, of which half stays: 6,500 would be repaid at a cost of 5,000 or a margin of 65 %."""
    more: dict[str, object] = {"value_per_unit": 10.0, "margin_low": margins[0], "margin_high": margins[1]}
    # Testing on would cost too much, so that the better of going on and stopping is taken however close they are.
    found = said(experiment({"a": (0.1, 0.02)}), net, periods=1, test_cost=1e6, **more)
    assert found.endswith(f"To break even at 50% margin, cut its cost from ¥{net:,.0f} to ¥5,000{way_out}")


def test_a_stop_without_an_effect_names_no_price() -> None:
    """No price is low enough."""
    assert "To break even" not in said(experiment({"a": (-0.1, 0.02)}), 50_000.0, **VALUED)


@pytest.mark.parametrize(
    ("net", "alone", "sure", "verdict"),
    [
        (100.0, "stop", 0.95, "Stop b now: ¥4,900 [¥2,900, ¥6,900], no gain expected."),
        (100.0, "go on", 0.95, "Stop b: worse."),
        (100.0, "run longer", 0.6, "Second choice: b."),
        (50_000.0, "stop", 0.6, "Stop b too."),
        (None, "effect only", 0.6, "b: no clear effect."),
    ],
)
def test_every_arm_has_its_verdict_in_the_decision(
    net: float | None, alone: Decision, sure: float, verdict: str
) -> None:
    effect, spec = experiment({"a": (0.1, 0.02), "b": (0.0, 0.02)}), EffectSpec.model_validate(VALUED)
    money = rolled_out(experiment({"a": (0.1, 0.02)}), spec, net)
    rollout = replace(money, behind=(("b", sure),), alone={"b": replace(money.money, decision=alone)})
    found = decided(effect, rollout, spec, "CNY", 28)
    assert verdict in found
    assert len(found.split()) <= 40, found


def test_arms_that_are_asked_for_different_things_each_have_an_instruction() -> None:
    effect, spec = experiment({"a": (0.1, 0.02), "b": (0.0, 0.02)}), EffectSpec.model_validate(VALUED)
    one = rolled_out(experiment({"a": (0.1, 0.02)}), spec, 100.0)
    alone = {"b": replace(one.money, decision="stop")}
    both = replace(one, behind=(("b", 0.6),), alone=alone)
    assert instructions(effect, both, spec) == (Instruction("a", "go"), Instruction("b", "stop"))
    for decision, means in (("run longer", "longer"), ("not settled", "wait")):
        open = replace(both, money=replace(one.money, decision=decision))
        assert instructions(effect, open, spec)[0] == Instruction("a", means)
    assert instructions(effect, replace(both, money=replace(one.money, decision="stop")), spec) == (), "all stop"
    second = replace(both, alone={"b": replace(one.money, decision="go on")})
    assert instructions(effect, second, spec) == (), "a second choice is asked for nothing"
    assert instructions(experiment({"a": (0.1, 0.02)}, BAD), both, spec) == (), "nothing to act on"


def test_several_arms_to_stop_leave_their_amounts_to_the_findings() -> None:
    effect, spec = experiment({"a": (0.1, 0.02)}), EffectSpec.model_validate(VALUED)
    one = rolled_out(effect, spec, 100.0)
    lost = replace(one.money, decision="stop")
    rollout = replace(one, behind=(("b", 0.6), ("c", 0.6)), alone={"b": lost, "c": lost})
    assert "Stop b and c now: no gain expected." in decided(effect, rollout, spec, "CNY", 28)


def test_many_other_arms_are_counted() -> None:
    effect, spec = experiment({"a": (0.1, 0.02)}), EffectSpec.model_validate(VALUED)
    money = rolled_out(effect, spec, 100.0)
    rollout = replace(money, behind=tuple((name, 0.95) for name in "bcd"))
    assert "Stop 3 other arms: worse." in decided(effect, rollout, spec, "CNY", 28)


@pytest.mark.parametrize(
    ("net", "sure", "sentence"),
    [
        (100.0, 0.95, "Stop b: a does better with probability 95%."),
        (100.0, 0.6, "If only one can run, take a over b: it does better with probability 60%."),
        (50_000.0, 0.6, "Stop b too: less is expected of that than of a."),
        (None, 0.6, "a does better than b with probability 60%."),
    ],
)
def test_the_other_arms_have_an_instruction(net: float | None, sure: float, sentence: str) -> None:
    effect, spec = experiment({"a": (0.1, 0.02)}), EffectSpec.model_validate(VALUED)
    rollout = replace(rolled_out(effect, spec, net), behind=(("b", sure),))
    assert grounds(effect, rollout, spec, "CNY")[0] == sentence


def test_what_to_enter_is_named_once_and_in_the_order_of_the_file() -> None:
    effect = experiment({"a": (0.1, 0.02)})
    rest = EffectSpec(value_per_unit=10.0)
    assert enter(rolled_out(effect, rest, 100.0), rest) == "To decide by money, enter margin_low and margin_high."
    whole = EffectSpec.model_validate(VALUED)
    assert enter(rolled_out(effect, whole, 1000.0), whole) == ""
    told = enter(rolled_out(effect, whole, 5000.0), whole)
    assert told == "To weigh what running longer would be worth, enter periods and test_cost."


def test_a_baseline_that_may_be_below_zero_has_its_lift_in_units() -> None:
    effect = replace(panel(0.1, 0.02), baseline=STANDARD)
    found = said(effect)
    assert found.startswith("It works: the campaign raised orders by 1.00 a unit [0.61 a unit, 1.39 a unit]")


def test_a_ratio_claims_neither_that_it_works_nor_that_it_harms() -> None:
    """More orders a visit may be fewer visits: what was added is told in the numerator."""
    more = {"kind": "ratio", "numerator": "orders", "denominator": "visits", "numerator_reach": 2.0}
    total = np.asarray(100 + 200 * STANDARD)
    effect = experiment({"a": (0.1, 0.02)}, outcome="orders/visits", numerator_total=total, **more)
    found = said(effect)
    assert found.startswith("a raised orders/visits by 10.0% [6.1%, 13.9%].")
    assert "In all it changed orders by 100 [−290, 490], which chance alone can bring." in found
    harm = experiment({"a": (-0.1, 0.02)}, outcome="orders/visits", numerator_total=total, **more)
    assert said(harm).startswith("a lowered orders/visits by 10.0%")
    assert tone(harm, rolled_out(harm, EffectSpec()), EffectSpec()) is None


def test_harm_without_money_asks_to_stop_and_benefit_for_nothing() -> None:
    for lift, means in ((-0.1, "stop"), (0.1, None), (0.0, None)):
        effect = experiment({"a": (lift, 0.02)})
        assert tone(effect, rolled_out(effect, EffectSpec()), EffectSpec()) == means


@pytest.mark.parametrize(
    ("spent", "passed", "detail"),
    [
        (IncrementalSpend(500.0, 500.0, 0.0), True, "The campaign cost ¥500.00."),
        (IncrementalSpend(50.0, 150.0, 100.0), True, "Spending more cost ¥50.00: ¥150.00 was spent, where ¥100.00 is"),
        (IncrementalSpend(-100.0, 0.0, 100.0), True, "Switching off saved ¥100.00: ¥0.00 was spent, where ¥100.00 is"),
        (IncrementalSpend(0.0, 0.0, 0.0), True, "The campaign cost nothing on top of what is usual."),
        (IncrementalSpend(None, 1.0, 2.0, "The spend is not steady."), False, "The spend is not steady."),
    ],
)
def test_the_spend_is_said_with_what_is_usual(spent: IncrementalSpend, passed: bool, detail: str) -> None:
    effect = panel(0.1, 0.02)
    (found,) = gates(replace(rolled_out(effect, EffectSpec()), spending=spent, spent=spent), EffectSpec(), "CNY")
    assert (found.passed, found.level) == (passed, "warn")
    assert found.detail.startswith(detail)


def test_without_a_spend_there_is_no_gate_on_it() -> None:
    assert gates(rolled_out(panel(0.1, 0.02), EffectSpec()), EffectSpec(), "CNY") == ()


@pytest.mark.parametrize(("target", "passed"), [(0.05, False), (0.08, True), (0.2, True)])
def test_a_target_at_which_money_is_lost_is_warned_of(target: float, passed: bool) -> None:
    """A lift of 8 % repays 4,000."""
    effect, spec = experiment({"a": (0.1, 0.02)}), EffectSpec.model_validate(VALUED | {"target": target})
    found = gates(rolled_out(effect, spec, 4000.0), spec, "CNY")[-1]
    assert (found.id, found.passed, found.level) == ("target", passed, "warn")
    assert ("would still lose money: break-even is at 8.0%" in found.detail) != passed
    assert len(gates(rolled_out(effect, spec), spec, "CNY")) == 0, "nothing was paid, as far as is known"


def test_the_currency_is_the_study_s() -> None:
    spec = EffectSpec.model_validate(VALUED)
    effect = panel(-0.1, 0.02)
    found = decided(effect, rolled_out(effect, spec, -9000.0, 9000.0), spec, "EUR")
    told = " ".join((found, *grounds(effect, rolled_out(effect, spec, -9000.0, 9000.0), spec, "EUR")))
    assert "It saved €9,000" in told
    assert "¥" not in told


@pytest.mark.parametrize("id", [*CURES, "rows_1_orders"])
def test_each_check_that_blocks_has_a_cure_in_few_words(id: str) -> None:
    effect = panel(-0.1, 0.02, (Gate(id, False, "Something is wrong here."),))
    found = said(effect, -9000.0, 20_000.0, **VALUED)
    assert found.startswith("Do not act: this test cannot tell what spending less changed. ")
    assert ("Mend what the failed check names." in found) == (id not in CURES)


def test_every_gate_that_may_block_has_its_cure() -> None:
    """Found in the code: all gates but those that only ever warn, and that of a plan, which is its own decision."""
    code = "".join(path.read_text(encoding="utf-8") for path in Path(reachbook.effects.__file__).parent.rglob("*.py"))
    ids = set(re.findall(r'Gate\(\s*"([a-z_]+)"', code)) | {"one_period", "one_unit"}
    warn = {"arms", "baseline", "calendar", "control", "exposure", "hull", "looks", "ratio", "spend", "target", "plan"}
    assert ids - warn == set(CURES)


@pytest.mark.parametrize("lift", [-0.5, -0.1, 0.0, 0.01, 0.1, 0.5])
@pytest.mark.parametrize(("usual", "net"), [(0.0, 4000.0), (9000.0, -9000.0), (20_000.0, -9000.0), (9000.0, 3000.0)])
@pytest.mark.parametrize("more", [{}, {"periods": 4, "test_cost": 10.0}, {"periods": 12, "test_cost": 1e6}])
@pytest.mark.parametrize("valued", [VALUED, {"rope": 0.05}])
def test_a_decision_is_never_longer_than_forty_words(
    lift: float, usual: float, net: float, more: dict[str, object], valued: dict[str, object]
) -> None:
    """`said` counts them."""
    assert said(panel(lift, 0.03), net, usual, target=0.2, **valued, **more)


@pytest.mark.parametrize("rope", [0.0, 0.05, 0.5])
def test_of_a_ratio_neither(rope: float) -> None:
    more = {"kind": "ratio", "numerator": "orders", "denominator": "visits", "numerator_reach": 2.0}
    for lift in (-0.1, 0.0, 0.05, 0.1):
        told = experiment({"a": (lift, 0.02)}, outcome="orders/visits", numerator_total=100 + 200 * STANDARD, **more)
        assert said(told, rope=rope)
        assert any(each.startswith("To decide by money, enter") for each in based(told, rope=rope))
