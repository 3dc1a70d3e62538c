"""Parameters of the budget: mistakes are one line each, and scenarios change what they name."""

from typing import Any

import pytest
from pydantic import ValidationError

from reachbook.budget import terms
from reachbook.budget.rules import Limits
from reachbook.budget.spec import BudgetSpec


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"weekly_budget": 5.0, "horizon_budget": 65.0}, "keep one: money a week, or money for all 13 weeks together"),
        ({"mode": "target"}, "a target needs mode target"),
        ({"target_outcome": 5.0}, "a target needs mode target"),
        ({"target_roas": 2.0, "target_cac": 0.5}, "the same thing twice"),
        ({"objective": "quantile", "target_roas": 2.0}, "quantile goes with no target"),
        ({"scenarios": {"x": {"season": 2}}}, "x changes season, which is no rule of the money"),
        ({"scenarios": {"x": {"horizon_weeks": 2}}}, "x changes horizon_weeks"),
        ({"scenarios": {"x": {"limits": {"a": {"low": 3, "high": 1}}}}}, "x.limits.a: low is 3.0, above high 1.0"),
    ],
)
def test_one_sentence(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        BudgetSpec(**given)


def test_a_scenario_keeps_what_it_does_not_name() -> None:
    spec = BudgetSpec(
        limits={"a": Limits(high=5.0), "b": Limits(low=1.0)},
        horizon_budget=130.0,
        scenarios={"less_a": {"limits": {"a": {"high": 2.0}}}, "more": {"weekly_budget": 20.0}},
    )
    assert spec.scenario("less_a").limits == {"a": Limits(high=2.0), "b": Limits(low=1.0)}
    assert terms.total(spec.scenario("less_a"), 7.0) == 10.0
    assert terms.total(spec.scenario("more"), 7.0) == 20.0
    assert not spec.scenario("more").scenarios


def test_money_is_a_week_unless_it_says_otherwise() -> None:
    assert terms.total(BudgetSpec(), 7.0) == 7.0
    assert terms.total(BudgetSpec(weekly_budget=5.0), 7.0) == 5.0
    assert terms.total(BudgetSpec(horizon_budget=26.0), 7.0) == 2.0
    assert terms.total(BudgetSpec(mode="free"), 7.0) is None
    assert terms.amount(5.0, 13, "CNY") == "¥5.00 a week (¥65.00 over 13 weeks)"


def test_targets_count_in_the_outcomes_unit() -> None:
    money = terms.rules(BudgetSpec(target_roas=3.0, value_per_unit=1.5, margin=0.5, mode="free"))
    assert money.roas == 2.0
    assert money.hurdle == pytest.approx(1 / 0.75), "the next unit of money must come back as contribution"
    assert terms.rules(BudgetSpec(target_cac=40.0, value_per_unit=100.0)).cac == 40.0
