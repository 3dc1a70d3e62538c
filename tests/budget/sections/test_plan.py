"""Sections on the plan: amounts that add up, a gain judged by draws that did not choose it, and what rules cost."""

from dataclasses import replace

import numpy as np
import pytest

from helpers import known_mix
from helpers.known_plan import spec, steady, unpriced
from reachbook.budget.advice.steady_plan import SteadyPlan
from reachbook.budget.advice.weekly_plan import WeeklyPlan, timing
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections import alternatives
from reachbook.budget.sections.plan import plan, weeks
from reachbook.budget.spec import BudgetSpec
from reachbook.presentation.section import Section

NAMES = {"weibo": "微博"}


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


@pytest.fixture(scope="module")
def advice(mix: Mix) -> SteadyPlan:
    """weibo falls as far as the rule lets it, from 30 to 15."""
    return steady(mix, spec())


@pytest.fixture(scope="module")
def timed(mix: Mix, advice: SteadyPlan) -> WeeklyPlan:
    return timing(mix, advice, spec())


def told(mix: Mix, advice: SteadyPlan, asked: BudgetSpec, believed: tuple[str, ...] = ()) -> Section:
    return plan(mix, advice, None, asked, "CNY", NAMES, believed)


def test_the_note_tells_money_proof_and_gain(mix: Mix, advice: SteadyPlan) -> None:
    note = told(mix, advice, spec()).note
    assert note.startswith(
        "The plan spends ¥100.00 a week (¥400.00 over 4 weeks); now it is ¥100.00 a week. It is the best plan under "
        "these rules to within 0.0001% (expected outcome)."
    )
    promised, kept = (f"¥{float(np.median(each)):.2f}" for each in (advice.naive, advice.net))
    assert f"The draws that chose the plan promise {promised} a week;" in note
    assert f"say {kept}: that is the gain on top of the page." in note
    assert advice.gain.regret is not None
    assert f"would gain about ¥{0.5 * advice.gain.regret.mean():.2f} a week more." in note


def test_what_a_plan_does_not_know_is_not_told(mix: Mix, advice: SteadyPlan) -> None:
    """A target has nobody to know better."""
    bare = replace(advice, gain=replace(advice.gain, shadow=None, regret=None))
    assert "Whoever knew" not in told(mix, bare, spec()).note


def test_notes_of_the_plan_are_sentences_with_channels_by_their_names(mix: Mix, advice: SteadyPlan) -> None:
    noted = replace(advice.plan, notes=("weibo gets nothing", "5 of 100 stay unspent"))
    note = told(mix, replace(advice, gain=replace(advice.gain, plan=noted)), spec()).note
    assert note.endswith("微博 gets nothing. 5 of 100 stay unspent.")


def test_amounts_add_up_to_the_row_of_all(mix: Mix, advice: SteadyPlan) -> None:
    frame = told(mix, advice, spec(), ("wechat",)).tables[0].frame.set_index("channel")
    assert list(frame.index) == ["douyin", "wechat", "weibo", "all"]
    parts = frame.loc[list(mix.channels)]
    for column in ("now", "plan", "change", "paid"):
        assert frame.loc["all", column] == pytest.approx(parts[column].sum())
    np.testing.assert_allclose(parts["change"].astype(float), advice.plan.spend - mix.current)
    assert frame.loc["weibo", "plan"] == pytest.approx(15)
    assert frame["rests_on"].tolist() == ["data", "belief", "data", ""]


def test_what_a_change_brings_is_in_money_before_spend(mix: Mix, advice: SteadyPlan) -> None:
    """Half of each unit stays: the same draws of the curve at the plan and at today's spend."""
    frame = told(mix, advice, spec()).tables[0].frame.set_index("channel")
    change = 0.5 * (advice.plan.contribution - advice.curves.outcome(mix.current))
    np.testing.assert_allclose(frame["brings"][:3], np.median(change, axis=0))
    assert frame.loc["all", "brings"] == pytest.approx(np.median(change.sum(axis=1)))
    assert frame.loc["all", "low"] == pytest.approx(np.quantile(change.sum(axis=1), 0.05))
    assert frame.loc["all", "brings"] == pytest.approx(np.median(advice.naive)), "money as much as now costs nothing"


def test_ranges_of_plans_as_good_are_in_the_files_alone(mix: Mix, advice: SteadyPlan) -> None:
    near = alternatives.near(advice)
    assert near is not None
    sheet = plan(mix, advice, near, spec(), "CNY", NAMES, ()).tables[0]
    np.testing.assert_allclose(sheet.frame["from"][:3], near.low)
    assert (sheet.frame["from"][:3] <= sheet.frame["plan"][:3] + 1e-6).all()
    assert (sheet.frame["to"][:3] >= sheet.frame["plan"][:3] - 1e-6).all()
    assert sheet.shown is not None
    assert not {"from", "to"} & set(sheet.shown)


def test_a_binding_rule_has_its_price_and_the_total_none(mix: Mix, advice: SteadyPlan) -> None:
    """What the plan would be worth if weibo, and only weibo, could fall to nothing, is what the rule costs."""
    sheet = told(mix, advice, spec()).tables[1]
    assert sheet.frame["rule"].tolist() == ["微博 not below 30 by more than 50.0%"]
    free = steady(mix, spec(changes={"weibo": 1.0}))
    assert sheet.frame["costs"].item() == pytest.approx(0.5 * (free.plan.value - advice.plan.value), rel=1e-4)
    assert "contribution a week that each of them costs" in sheet.caption
    loose = replace(advice, gain=replace(advice.gain, plan=replace(advice.plan, binding=("total of 100",))))
    assert len(told(mix, loose, spec()).tables) == 1


def test_a_plan_without_money_of_the_outcome_is_told_in_its_unit(mix: Mix) -> None:
    asked = unpriced()
    found = told(mix, steady(mix, asked), asked)
    assert " orders a week; draws that did not choose it" in found.note
    assert "¥" not in found.note.split("The draws")[1]
    assert found.tables[0].units is not None
    assert found.tables[0].units["brings"] == ""


def test_weeks_tell_their_money_and_their_gain(mix: Mix, advice: SteadyPlan, timed: WeeklyPlan) -> None:
    found = weeks(mix, advice, timed, spec(), "CNY", NAMES)
    assert found.note.startswith("¥400.00 over 4 weeks from 2026-03-02; their timing is proven within ")
    assert f"all weeks together gain ¥{np.median(timed.net):.0f} [" in found.note
    assert " after spend, above zero with probability " in found.note
    assert "while the plan's spend goes on for 13 weeks after them." in found.note
    sheet = found.tables[0]
    assert list(sheet.frame) == ["week", "douyin", "wechat", "微博", "total"]
    assert sheet.frame["total"].sum() == pytest.approx(400, abs=0.02)
    assert sheet.download


@pytest.mark.parametrize(
    ("beyond", "sentence"),
    [
        (12.0, "Beside the same money spread evenly over all weeks, the timing is worth ¥12.00."),
        (-12.0, "The same money spread evenly over all weeks, rules by week or not, would bring ¥12.00 more."),
    ],
)
def test_what_timing_is_worth_has_its_sign_in_words(
    mix: Mix, advice: SteadyPlan, timed: WeeklyPlan, beyond: float, sentence: str
) -> None:
    found = weeks(mix, advice, replace(timed, beyond_even=beyond), spec(), "CNY", NAMES)
    assert sentence in found.note


def test_rules_by_week_that_the_plan_touches_are_listed(mix: Mix, advice: SteadyPlan, timed: WeeklyPlan) -> None:
    """What a channel gets over all weeks is the steady plan's and no rule of a week."""
    kept = weeks(mix, advice, timed, spec(), "CNY", NAMES)
    assert [each.id for each in kept.tables] == ["plan_weeks"]
    rules = ("weibo over all weeks at most 60", "weibo at most 20 in a week")
    bound = replace(timed, flight=replace(timed.flight, binding=rules), notes=("weibo gets nothing",))
    found = weeks(mix, advice, bound, spec(), "CNY", NAMES)
    assert found.tables[1].frame["rule"].tolist() == ["微博 at most 20 in a week"]
    assert found.note.endswith("微博 gets nothing.")
