"""What other tools get wrong without a word: each is a sentence here, or a plan that is right."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from helpers.response_curves import s_curves
from reachbook import budget
from reachbook.budget import Rules
from reachbook.budget.flight.rules import FlightRules
from reachbook.budget.model.gates import INFLATED, inflation
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.optimize.rules import Limits, Rebate, Share, Tier
from reachbook.errors import DataError, ParamsError


def test_missing_response_is_not_zero() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    response[4, 1, 7] = np.nan
    with pytest.raises(DataError, match=r"response, channel_2: nan in draw 4 at point 7\. A missing value is not zero"):
        budget.best_plan(response, grid, 60)


def test_negative_spend() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    with pytest.raises(DataError, match="spends of 0 or more that rise"):
        budget.best_plan(response, grid - 5, 60)
    with pytest.raises(ParamsError, match=r"current, channel_2: -1\.0 is no amount of money"):
        budget.best_plan(response, grid, 60, current=[1, -1, 2])
    with pytest.raises(ParamsError, match="total is -60"):
        budget.best_plan(response, grid, -60)


@pytest.mark.parametrize("shape", [(3, 4), (3, 0, 4), (2, 3, 1)])
def test_response_of_another_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="draws, channels, grid points"):
        budget.best_plan(np.zeros(shape), np.arange(shape[-1]), 1)


def test_total_in_another_unit_is_refused() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    with pytest.raises(Infeasible, match=r"observed up to 300; the total is 200 times that: .*same unit"):
        budget.best_plan(response, grid, 60_000)


def test_budget_below_the_sum_of_minimums() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    rules = Rules(limits={f"channel_{c}": Limits(low=30, high=90) for c in (1, 2, 3)})
    with pytest.raises(Infeasible) as caught:
        budget.best_plan(response, grid, 80, rules)
    assert set(caught.value.conflict) == {*(f"channel_{c} at least 30" for c in (1, 2, 3)), "total of 80"}


def test_only_what_conflicts_is_named() -> None:
    response, grid = s_curves(1, 4, 10, 21)
    rules = Rules(
        limits={"channel_1": Limits(low=50), "channel_3": Limits(high=40)},
        shares={"video": Share(channels=["channel_1", "channel_2"], high=0.3)},
        minimum={"channel_4": 20},
    )
    with pytest.raises(Infeasible) as caught:
        budget.best_plan(response, grid, 100, rules)
    assert caught.value.conflict == ("channel_1 at least 50", "video at most 30.0% of the money", "total of 100")


def test_a_target_out_of_reach_names_what_holds_it_back() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    rules = Rules(mode="target", target=1e6, limits={"channel_1": Limits(high=90)})
    with pytest.raises(Infeasible, match="outcome at least 1,000,000"):
        budget.best_plan(response, grid, None, rules)


def test_packages_that_never_add_up_to_the_total() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    sizes = {f"channel_{c}": 7.0 for c in (1, 2, 3)}
    with pytest.raises(Infeasible, match="packages of 7"):
        budget.best_plan(response, grid, 60, Rules(packages=sizes))
    plan = budget.best_plan(response, grid, 60, Rules(packages=sizes, mode="at_most"))
    assert plan.paid.sum() == pytest.approx(56)
    assert plan.notes[0].startswith("4 of 60 stay unspent") or plan.notes[0].startswith("4.00 of 60 stay unspent")


def test_channel_without_effect_gets_what_nobody_else_can_use() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    response[:, 1] = 0
    assert budget.best_plan(response, grid, 60).spend[1] == pytest.approx(0)
    assert budget.best_plan(response, grid, 290).spend.sum() == pytest.approx(290)


def test_no_effect_at_all_still_spends_the_total() -> None:
    plan = budget.best_plan(np.zeros((5, 2, 11)), np.linspace(0, 10, 11), 12)
    assert plan.spend.sum() == pytest.approx(12)
    assert (plan.value, plan.gap) == (0, 0)


def test_no_plan_beyond_what_was_observed_unless_asked() -> None:
    response, grid = s_curves(4, 2, 10, 101)
    seen = [40.0, 40.0]
    with pytest.raises(Infeasible, match="observed up to 80"):
        budget.best_plan(response, grid, 95, observed=seen)
    plan = budget.best_plan(response, grid, 95, Rules(beyond=0.5), observed=seen)
    assert (plan.spend <= 60 + 1e-9).all()
    assert plan.beyond
    assert f"{plan.beyond[0]} goes beyond its largest observed spend" in plan.notes[0]


def test_equal_split_is_not_taken_for_the_best() -> None:
    """Two S-shapes: the equal split is a saddle with equal slopes, where a local search stops and reports success."""
    grid = np.linspace(0, 100, 201)
    curve = grid**4 / (50**4 + grid**4)
    plan = budget.best_plan(np.stack([curve, curve])[None], grid, 60)
    assert sorted(plan.spend) == pytest.approx([0, 60], abs=1e-6)


def test_limits_are_money_not_multiples() -> None:
    """The same words in the plan: 30 is thirty units of money, whatever is spent now."""
    response, grid = s_curves(1, 2, 10, 101)
    plan = budget.best_plan(response, grid, 60, Rules(limits={"channel_1": Limits(low=30, high=30)}), current=[10, 50])
    assert plan.spend[0] == pytest.approx(30)
    assert "channel_1 at least 30" in plan.binding


def test_the_portfolio_counts_not_each_channel_for_itself() -> None:
    """Two risky channels that hedge each other against a sure one: each alone looks worse, together they are better.

    Whoever optimises each channel's own worst cases takes the sure one only.
    """
    grid = np.linspace(0, 100, 11)
    good, bad = 3.0 * grid, 0.0 * grid
    response = np.stack([[good, bad, 1.2 * grid], [bad, good, 1.2 * grid]])
    plan = budget.best_plan(response, grid, 100, Rules(objective="cvar", tail=0.5))
    assert plan.spend == pytest.approx([50, 50, 0], abs=1e-6)
    alone = [budget.best_plan(response[:, [c]], grid, 100, Rules(objective="cvar", tail=0.5)).value for c in range(3)]
    assert max(alone) == pytest.approx(120)
    assert plan.value == pytest.approx(150)


def test_a_total_over_weeks_is_not_a_total_a_week() -> None:
    response, grid = s_curves(4, 2, 10, 101, slope=1.0)
    weeks = ["a", "b", "c"]
    found = budget.schedule(response, grid, [0.3, 0.3], 120, weeks)
    assert found.spend.sum() == pytest.approx(120)
    with pytest.raises(Infeasible, match="total of 720 over all weeks"):
        budget.schedule(response, grid, [0.3, 0.3], 720, weeks)


def test_money_that_weeks_leave_over_is_said() -> None:
    response, grid = s_curves(4, 2, 10, 101, slope=1.0)
    rules = FlightRules(mode="at_most", blackout={"all": ["b"]})
    found = budget.schedule(response, grid, [0.3, 0.3], 500, ["a", "b", "c"], rules)
    assert found.spend.sum() == pytest.approx(400)
    assert found.notes[0].startswith("100 of 500 stay unspent")


def test_a_week_beyond_what_was_seen_only_when_asked() -> None:
    response, grid = s_curves(4, 2, 10, 101, slope=1.0)
    seen = [40.0, 40.0]
    with pytest.raises(Infeasible, match="at most 40 a week"):
        budget.schedule(response, grid, [0.3, 0.3], 270, ["a", "b", "c"], observed=seen)
    asked = FlightRules(beyond=0.5)
    found = budget.schedule(response, grid, [0.3, 0.3], 270, ["a", "b", "c"], asked, observed=seen)
    assert any("goes beyond its largest observed week" in note for note in found.notes)


@pytest.mark.parametrize("missing", [{"past": [[1.0, np.nan], [1.0, 1.0]]}, {"after": [np.nan, 1.0]}])
def test_missing_spend_before_or_after_the_weeks_is_not_zero(missing: dict[str, object]) -> None:
    response, grid = s_curves(4, 2, 10, 101, slope=1.0)
    with pytest.raises(DataError, match="none missing"):
        budget.schedule(response, grid, [0.3, 0.3], 60, ["a", "b"], **missing)  # type: ignore[arg-type]


def test_channels_in_step_are_refused() -> None:
    """Two identical channels: their variance inflation is without end, and the gate that says so blocks."""
    rng = np.random.default_rng(3)
    one, other = rng.uniform(1, 9, (2, 60))
    factors = inflation(np.stack([one, one, other])[None])
    assert (factors[:2] > INFLATED).all()
    assert factors[2] < INFLATED


def test_rules_that_name_no_channel() -> None:
    response, grid = s_curves(1, 2, 5, 11)
    with pytest.raises(ParamsError, match=r"limits names tiktok, which has no curve\. Channels: channel_1, channel_2"):
        budget.best_plan(response, grid, 60, Rules(limits={"tiktok": Limits(low=1)}))
    with pytest.raises(ParamsError, match="change needs the spend now"):
        budget.best_plan(response, grid, 60, Rules(change=0.2))
    with pytest.raises(ParamsError, match="mode fixed needs a total"):
        budget.best_plan(response, grid, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "target"},
        {"target": 5.0},
        {"roas": 2.0, "cac": 0.5},
        {"objective": "quantile", "roas": 2.0},
        {"limits": {"a": {"low": 9, "high": 5}}},
        {"shares": {"g": {"channels": ["a"], "low": 0.6, "high": 0.3}}},
        {"packages": {"a": 0.0}},
        {"minimum": {"a": -1.0}},
        {"fixed": {"a": float("nan")}},
        {"minimum": {"a": float("nan")}},
        {"changes": {"a": float("nan")}},
        {"changes": {"a": -0.1}},
        {"packages": {"a": float("inf")}},
        {"limits": {"a": {"low": float("nan")}}},
        {"limits": {"a": {"high": float("inf")}}},
        {"change": float("inf")},
        {"budget": 5},
    ],
)
def test_rules_that_mean_nothing(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum": {"a": -3}},
        {"minimum": {"a": float("nan")}},
        {"packages": {"a": 0}},
        {"packages": {"a": float("inf")}},
        {"peaks": {"w": -1}},
        {"weekly": {"a": {"high": float("nan")}}},
    ],
)
def test_rules_by_week_that_mean_nothing(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FlightRules.model_validate(wrong)


def test_nothing_observed_is_one_sentence() -> None:
    response, grid = s_curves(1, 3, 10, 21)
    with pytest.raises(Infeasible, match="No channel was observed with any spend: give observed as"):
        budget.best_plan(response, grid, 60, observed=[0, 0, 0])
    with pytest.raises(Infeasible, match="at most 0 a week"):
        budget.schedule(response, grid, [0.3] * 3, 60, ["a", "b"], observed=[0, 0, 0])


@pytest.mark.parametrize("total", ["100", float("nan"), float("inf"), -1])
def test_a_total_that_is_no_amount(total: Any) -> None:
    response, grid = s_curves(1, 2, 5, 11)
    with pytest.raises(ParamsError, match=r"budget: total is .*; give an amount of money, 0 or more"):
        budget.best_plan(response, grid, total)
    for given in (total, None):
        with pytest.raises(DataError, match=r"total is .*; give the money for all weeks together"):
            budget.schedule(response, grid, [0.3, 0.3], given, ["a", "b"])


def test_rules_of_the_other_kind() -> None:
    response, grid = s_curves(1, 2, 5, 11)
    for wrong in ({}, {"mode": "at_most"}, FlightRules()):
        with pytest.raises(ParamsError, match=r"budget rules: got (dict|FlightRules), not Rules; build them as Rules"):
            budget.best_plan(response, grid, 60, wrong)  # type: ignore[arg-type]
    with pytest.raises(ParamsError, match="got Rules, not FlightRules; build them as FlightRules"):
        budget.schedule(response, grid, [0.3, 0.3], 60, ["a", "b"], Rules())  # type: ignore[arg-type]


def test_tiers_rise() -> None:
    with pytest.raises(ValidationError, match="from the lowest"):
        Rebate(tiers=[Tier(above=50, rebate=0.1), Tier(above=20, rebate=0.2)])


def test_a_search_cut_short_says_so() -> None:
    response, grid = s_curves(7, 4, 20, 31)
    plan = budget.best_plan(response, grid, 100, Rules(objective="quantile", nodes=1))
    assert plan.gap <= 1e-3 or "a better plan may exist" in plan.notes[-1]
