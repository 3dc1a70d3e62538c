"""The section on the next lift test: the one whose result is worth its cost, or the sentence that there is none."""

from typing import Any

import pandas as pd

from helpers import known_mix
from helpers.known_plan import spec, steady, unpriced
from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.advice.value_of_information import ValueOfInformation
from reachbook.budget.sections.next_lift_test import candidates_section, next_test
from reachbook.budget.spec import FieldTest
from reachbook.presentation.section import Section

NAMES = {"wechat": "微信"}
MONEY, ORDERS = GainUnit.of(spec()), GainUnit.of(unpriced())


def row(channel: str, value: float, cost: float, **more: object) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "channel": channel, "extra_spend": 5000.0, "weeks": 8, "share": 0.5, "cost": cost, "expected_lift": 40.0,
        "expected_se": 18.0, "value": value, "most": 2 * value, "chance": 1.0, "net": value - cost,
        "budget": 40_000.0, "days_most": 56, "words": f"{channel} with 5,000 a week more",
    }  # fmt: skip
    return plain | more


def section(*rows: dict[str, Any], scale: GainUnit = MONEY) -> Section:
    ranked = pd.DataFrame(rows).sort_values("net", ascending=False, kind="stable", ignore_index=True)
    return candidates_section(ValueOfInformation(ranked, 52, 90_000.0), scale, "CNY", NAMES)


def test_the_best_test_is_told_with_what_it_takes_and_what_comes_back() -> None:
    found = section(row("weibo", 10_000.0, 9000.0), row("wechat", 20_000.0, 3000.0))
    assert found.note == (
        "Test next: 微信 with ¥5,000 a week more in 50.0% of the market for 8 weeks. Its result is worth "
        "¥20,000; it takes ¥40,000 in all, which comes back but for ¥3,000. All tests together are worth no more than "
        "the curves themselves: knowing these would bring at least ¥90,000 over the 52 weeks for which a result is "
        "taken to be used (`test_horizon`)."
    )
    (sheet,) = found.tables
    assert list(sheet.frame["name"]) == ["微信", "weibo"]
    assert sheet.units is not None
    assert sheet.units["net"] == "money"
    assert sheet.units["share"] == "ratio"


def test_a_test_may_bring_back_all_that_it_takes() -> None:
    assert "it takes ¥40,000 in all, which is expected to come back." in section(row("weibo", 10.0, -5.0)).note


def test_no_test_is_recommended_that_costs_more_than_it_tells() -> None:
    found = section(row("weibo", 1000.0, 9000.0), row("wechat", 2000.0, 3000.0))
    assert found.note.startswith("No test is worth its cost. Nearest comes 微信 with ¥5,000 a week more")
    assert "All tests together" in found.note
    assert found.tables


def test_a_value_that_chance_alone_gives_recommends_nothing() -> None:
    assert section(row("weibo", 10.0, 1.0, chance=11.0)).note.startswith("No test is worth its cost.")


def test_the_first_test_that_is_worth_it_need_not_be_the_first_row() -> None:
    found = section(row("weibo", 30.0, 1.0, chance=31.0), row("wechat", 20.0, 1.0))
    assert found.note.startswith("Test next: 微信")


def test_without_money_of_the_outcome_no_cost_is_told() -> None:
    found = section(row("weibo", 30.0, 9000.0), row("wechat", 20.0, 3000.0), scale=ORDERS)
    assert found.note.startswith(
        "Most would be learned from weibo with ¥5,000 a week more in 50.0% of the market for 8 weeks, ¥40,000 in all. "
        "Its result would bring 30 orders over the 52 weeks"
    )
    assert "Whether that is worth the money is not told." in found.note
    (sheet,) = found.tables
    assert not {"cost", "net", "words"} & set(sheet.frame)
    assert sheet.frame["value"].tolist() == [30.0, 20.0], "ranked by what is learned"
    assert sheet.units is not None
    assert sheet.units["value"] == ""


def test_without_money_a_result_that_tells_nothing_is_said_to_tell_nothing() -> None:
    found = section(row("weibo", 0.5, 9000.0), scale=ORDERS)
    assert found.note.startswith("No test would change the plan by much; nearest comes weibo with")


def test_a_target_gives_a_test_nothing_to_raise() -> None:
    mix, asked = known_mix.mix(), spec(mode="target", target_outcome=150.0)
    found = next_test(mix, steady(mix, asked), asked, "CNY", {})
    assert found == Section(
        "With a target the outcome is given, so that a test has no outcome to raise; take another mode."
    )


def test_a_real_candidate_takes_its_spend_and_its_setup() -> None:
    mix = known_mix.mix()
    asked = spec(tests=[FieldTest(channel="wechat", extra_spend=5.0, weeks=4, setup=1000.0)], test_horizon=26)
    found = next_test(mix, steady(mix, asked), asked, "CNY", {})
    (sheet,) = found.tables
    assert sheet.frame["budget"].item() == 4 * 5 + 1000
    assert found.note.startswith("No test is worth its cost.")
    assert "for 4 weeks" in found.note
    assert "over the 26 weeks" in found.note
