"""Money that nobody stated is not told: gains are the outcome's own, and what needs money is refused."""

import re
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from helpers import known_mix
from helpers.planned_budget import compose
from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.model.gates import _units
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.story import BudgetStory
from reachbook.budget.spec import BudgetSpec, FieldTest

RULES: dict[str, Any] = {
    "change": 0.5, "horizon_weeks": 2, "tests": [FieldTest(channel="wechat", extra_spend=5.0)],
    "scenarios": {"more": {"weekly_budget": 110.0}},
}  # fmt: skip
PAY = re.compile(r"profit|contribution|break-even|after spend|pays? for itself|ROI\b", re.IGNORECASE)
"""Words of money earned; the one line on what to enter may say that it is not told."""


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


@pytest.fixture(scope="module")
def plain(mix: Mix) -> BudgetStory:
    return compose(mix, BudgetSpec(**RULES, outcome_unit="orders"), 1)


def said(story: BudgetStory) -> list[str]:
    """Every sentence and label of the page."""
    parts = story.sections.values()
    words = [story.decision, *story.grounds, story.described, *(each.label for each in story.findings)]
    words += [each.detail for each in story.gates] + [part.note for part in parts]
    words += [picture.alt for part in parts for picture in part.figures]
    words += [sheet.caption for part in parts for sheet in part.tables]
    words += [str(each) for part in parts for sheet in part.tables for each in (sheet.shown or sheet.frame.columns)]
    return words


def test_without_money_no_sentence_speaks_of_pay_off(plain: BudgetStory) -> None:
    remedy = GainUnit(None, None, "orders", "CNY").remedy
    for words in said(plain):
        left = words.replace(remedy, "")
        found = PAY.search(left)
        assert found is None, words
    assert remedy in plain.described
    assert remedy not in plain.grounds, "once is enough"
    assert "`value_per_unit`" in remedy
    assert "`margin`" in remedy


def test_without_money_the_gain_is_the_outcomes_own(plain: BudgetStory) -> None:
    assert re.search(r": expect \+[\d.]+ \[[^]]+\] orders a week\.", plain.decision)
    gain = next(each for each in plain.findings if each.id == "gain")
    assert (gain.unit, gain.reference) == ("", 0.0)
    roi = next(each for each in plain.findings if each.id == "roi")
    assert roi.reference is None
    assert roi.label == "Orders for each ¥1 spent"
    assert next(each for each in plain.findings if each.id == "mroi_more").label.startswith("Orders for ¥1 more, ")
    for name in ("plan", "budgets", "scenarios"):
        for sheet in plain[name].tables:
            units = sheet.units or {}
            assert not {"low", "middle", "high", "brings", "next_unit", "costs"} & {k for k, v in units.items() if v}
    assert "pays for itself" not in plain["channels"].tables[0].frame
    assert "cost" not in plain["next_test"].tables[0].frame
    assert "over the 52 weeks" in plain["next_test"].note


def test_the_plan_is_the_same_with_and_without_money(mix: Mix, plain: BudgetStory) -> None:
    """At the same money nothing that a unit is worth changes which plan is best."""
    priced = compose(mix, BudgetSpec(**RULES, value_per_unit=1.0, margin=0.5), 1)
    assert priced.advice is not None
    assert plain.advice is not None
    np.testing.assert_allclose(priced.advice.plan.spend, plain.advice.plan.spend, rtol=1e-6)
    np.testing.assert_allclose(priced.advice.net, 0.5 * plain.advice.net, rtol=1e-6, atol=1e-9)
    assert "] a week after spend." in priced.decision
    assert next(each for each in priced.findings if each.id == "roi").reference == 2.0


def test_a_value_without_a_margin_is_outcome_in_money(mix: Mix) -> None:
    told = compose(mix, BudgetSpec(change=0.5, horizon_weeks=1, value_per_unit=1.0), 1)
    assert re.search(r": expect \+¥[\d.]+ \[[^]]+\] of outcome a week\.", told.decision)
    assert "`margin`" in told.described
    assert "`value_per_unit`" not in told.described
    roi = next(each for each in told.findings if each.id == "roi")
    assert roi.label == "Outcome in money for each ¥1 spent"
    assert roi.reference is None


def test_another_sum_without_money_is_not_called_a_gain(mix: Mix) -> None:
    """More money brings more outcome; whether that is worth it nobody can tell without its value."""
    told = compose(mix, BudgetSpec(change=0.5, horizon_weeks=1, weekly_budget=110.0), 1)
    assert told.decision.startswith("Spend ¥110.00 a week, ¥10.00 more than now")
    assert told.decision.endswith("Whether that pays is open: enter `value_per_unit` and `margin`.")
    assert told.grounds[1].startswith("Whether money pays for itself is not told")
    assert told.grounds[1] not in told.described, "once is enough"
    assert "sure" not in {each.id for each in told.findings}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mode": "free"}, "mode is free, which needs the money of the outcome; write `value_per_unit`.*and `margin`"),
        ({"mode": "at_most", "weekly_budget": 9.0, "value_per_unit": 1.0}, r"mode is at_most, .*; write `margin` \("),
        ({"target_roas": 2.0}, r"target_roas is 2, .*; write `value_per_unit` \("),
        ({"scenarios": {"x": {"mode": "free"}}}, r"scenarios.x\n.*mode is free"),
        ({"scenarios": {"x": {"margin": 0.4}}}, r"x states margin, which the plan does not"),
        ({"scenarios": {"x": {"value_per_unit": 2.0}}}, r"x changes value_per_unit"),
    ],
)
def test_what_needs_money_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        BudgetSpec(**given)


def test_an_explicit_one_counts_as_stated() -> None:
    assert BudgetSpec(mode="free", value_per_unit=1.0, margin=1.0).mode == "free"
    assert GainUnit.of(BudgetSpec(value_per_unit=1.0, margin=1.0)).pays
    assert not GainUnit.of(BudgetSpec(margin=0.5)).pays


def test_an_order_that_costs_two_hundred_is_plausible_where_its_value_is_stated_or_unknown(mix: Mix) -> None:
    """Orders for each yuan are few by nature; as yuan they would look like a return that no medium has."""
    past, roi = history(mix), np.tile([0.005, 0.006, 0.004], (10, 1))
    assert _units(past, roi, None).passed
    assert "in money" not in _units(past, roi, None).detail
    assert _units(past, roi, 300.0).passed
    assert not _units(past, roi, 1.0).passed
    assert not _units(past, np.tile([0.005, 0.006, 0.000001], (10, 1)), None).passed


def history(mix: Mix) -> Any:
    """As much of a history as the gate reads."""
    from types import SimpleNamespace

    return SimpleNamespace(spend=mix.spend, channels=mix.channels)


def test_a_level_stands_on_the_page(plain: BudgetStory) -> None:
    assert "intervals that hold with a probability of 90%" in plain.described


def test_what_the_plan_takes_for_granted_is_said(plain: BudgetStory) -> None:
    assert "Planned: the 2 weeks from 2026-03-02 to 2026-03-15." in plain.grounds
    assert any("whatever the season" in each for each in plain.grounds)
    assert "No week has a peak." in plain.grounds
    assert next(each for each in plain.findings if each.id == "sure").reference == 0.8


def test_a_test_says_the_money_that_it_takes(mix: Mix) -> None:
    note = compose(mix, BudgetSpec(**RULES, value_per_unit=1.0, margin=0.5), 1)["next_test"].note
    assert "it takes ¥40.00 in all" in note
    assert "its cost ¥0.00" not in note
