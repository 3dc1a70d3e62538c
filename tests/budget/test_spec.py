"""Parameters of the budget: mistakes are one line each, and scenarios change what they name."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from reachbook.budget.advice import from_spec
from reachbook.budget.optimize.rules import Limits
from reachbook.budget.spec import BudgetSpec
from reachbook.errors import ParamsError
from reachbook.params import read_yaml, validated


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
        (
            {"scenarios": {"x": {"limits": {"a": {"low": 3, "high": 1}}}}},
            r"scenarios.x.limits.a\n.*low is 3.0, above high",
        ),
        ({"scenarios": {"x": {"weekly_budget": 1, "horizon_budget": 2}}}, r"scenarios.x\n.*keep one"),
    ],
)
def test_one_sentence(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        BudgetSpec(**given)


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("field", ["packages", "fixed", "changes", "minimum", "peaks"])
def test_amounts_are_refused_before_the_fit(field: str, amount: float) -> None:
    with pytest.raises(ValidationError, match=rf"(?m)^{field}.x$"):
        BudgetSpec(**{field: {"x": amount}})  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match=rf"(?m)^scenarios.a.{field}.x$"):
        BudgetSpec(scenarios={"a": {field: {"x": amount}}})


def test_a_package_costs_something() -> None:
    with pytest.raises(ValidationError, match="is 0; write the price of a package, above 0"):
        BudgetSpec(packages={"x": 0})


@pytest.mark.parametrize("amount", [float("nan"), float("inf")])
@pytest.mark.parametrize("end", ["low", "high"])
def test_limits_are_amounts(end: str, amount: float) -> None:
    with pytest.raises(ValidationError, match=rf"limits.x.{end}"):
        BudgetSpec(limits={"x": {end: amount}})  # type: ignore[dict-item]


def test_wrong_amounts_are_told_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "budget.yaml"
    file.write_text("margin: 0.5\npackages:\n  x: 0\nscenarios:\n  a:\n    fixed:\n      x: -5\n", "utf-8")
    with pytest.raises(ParamsError) as caught:
        validated(read_yaml(file, "budget.yaml"), BudgetSpec)
    assert str(caught.value) == "budget.yaml:3: packages.x is 0; write the price of a package, above 0"
    file.write_text("scenarios:\n  a:\n    fixed:\n      x: -5\n    gap: 2\n", "utf-8")
    with pytest.raises(ParamsError) as caught:
        validated(read_yaml(file, "budget.yaml"), BudgetSpec)
    assert str(caught.value).splitlines() == [
        "budget.yaml:4: scenarios.a.fixed.x is -5; write 0 or more",
        "budget.yaml:5: scenarios.a.gap is 2. It should be less than 1.",
    ]


def test_a_scenario_keeps_what_it_does_not_name() -> None:
    spec = BudgetSpec(
        limits={"a": Limits(high=5.0), "b": Limits(low=1.0)},
        horizon_budget=130.0,
        scenarios={"less_a": {"limits": {"a": {"high": 2.0}}}, "more": {"weekly_budget": 20.0}},
    )
    assert spec.scenario("less_a").limits == {"a": Limits(high=2.0), "b": Limits(low=1.0)}
    assert from_spec.total(spec.scenario("less_a"), 7.0) == 10.0
    assert from_spec.total(spec.scenario("more"), 7.0) == 20.0
    assert not spec.scenario("more").scenarios


def test_money_is_a_week_unless_it_says_otherwise() -> None:
    assert from_spec.total(BudgetSpec(), 7.0) == 7.0
    assert from_spec.total(BudgetSpec(weekly_budget=5.0), 7.0) == 5.0
    assert from_spec.total(BudgetSpec(horizon_budget=26.0), 7.0) == 2.0
    assert from_spec.total(BudgetSpec(mode="free", value_per_unit=1.0, margin=0.5), 7.0) is None
    assert from_spec.amount(5.0, 13, "CNY") == "¥5.00 a week (¥65.00 over 13 weeks)"


def test_targets_count_in_the_outcomes_unit() -> None:
    money = from_spec.rules(BudgetSpec(target_roas=3.0, value_per_unit=1.5, margin=0.5, mode="free"))
    assert money.roas == 2.0
    assert money.hurdle == pytest.approx(1 / 0.75), "the next unit of money must come back as contribution"
    assert from_spec.rules(BudgetSpec(target_cac=40.0, value_per_unit=100.0)).cac == 40.0
