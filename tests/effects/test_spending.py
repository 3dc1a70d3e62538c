"""What money says and does not say: what was not entered carries nothing, and signs turn with the spend's direction."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import experiment_tables
from helpers.campaign import compose
from reachbook.effects import preflight
from reachbook.effects.design_table import read
from reachbook.effects.sections.story import CampaignStory
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError, ParamsError

DAYS, AFTER = 100, 28
VALUED: dict[str, object] = {"value_per_unit": 100.0, "margin_low": 0.3, "margin_high": 0.4}
IN_MONEY = re.compile(r"pays|pay for|paid|profit|break-even|iROAS|contribution|return|bring|¥", re.IGNORECASE)


def cities(lift: float, usual: float, now: float, seed: int = 1) -> pd.DataFrame:
    """Nine cities that share a market; two spend `now` a day in the last 28 days and `usual` before, as others do."""
    rng = np.random.default_rng([seed, 77])
    market = 0.05 * rng.standard_normal(DAYS)
    noise = 0.01 * rng.standard_normal((9, DAYS))
    treated = (np.arange(9)[:, None] >= 7) & (np.arange(DAYS) >= DAYS - AFTER)
    mean = (100 + 40 * np.arange(9)[:, None]) * np.exp(market + noise) * np.where(treated, 1 + lift, 1)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"city {k}" for k in range(9)], DAYS),
            "date": np.tile(pd.date_range("2026-03-01", periods=DAYS), 9),
            "orders": mean.ravel(),
            "treated": treated.ravel(),
            "spend": np.where(treated, now, usual).ravel().astype(float),
        }
    )


def series(lift: float, usual: float, now: float) -> pd.DataFrame:
    """The last city beside the sum of those without a campaign."""
    table = cities(lift, usual, now)
    others = table[~table["unit"].isin(["city 7", "city 8"])].groupby("date")["orders"].sum().to_numpy()
    return table[table["unit"] == "city 8"].drop(columns="unit").assign(others=others)


def people(lift: float = 0.3, cost: tuple[float, float] | None = None) -> pd.DataFrame:
    """An experiment in which one in ten buys; cost : what a unit costs in the control, and in arm a."""
    rng = np.random.default_rng(4)
    arms = {name: (rng.random(8000) < rate) * 1.0 for name, rate in (("control", 0.1), ("a", 0.1 * (1 + lift)))}
    frame = experiment_tables.table(arms).rename(columns={"outcome": "orders"})
    return frame if cost is None else frame.assign(cost=np.where(frame["arm"] == "a", cost[1], cost[0]))


def story(frame: pd.DataFrame, **more: object) -> CampaignStory:
    design = "panel" if "unit" in frame else "series" if "date" in frame else "experiment"
    spec = {"design": design, "outcome": "orders", "replays": 12, "calendar": "none"}
    return compose(frame, EffectSpec.model_validate(spec | more), 1)


def said(found: CampaignStory) -> list[str]:
    """Everything that the page says, sentence by sentence."""
    parts = list(found.sections.values())
    sheets = [each for part in parts for each in part.tables]
    texts = [found.described, found.decision, *found.grounds, *(each.label for each in found.findings)]
    texts += [each.detail for each in found.gates] + [part.note for part in parts]
    texts += [each.alt for part in parts for each in part.figures]
    texts += [f"{each.id} {each.caption} {each.frame.to_string()}" for each in sheets]
    return [sentence for text in texts for sentence in re.split(r"(?<=[.;:]) ", text)]


def values(found: CampaignStory) -> dict[str, float | None]:
    return {each.id: each.value for each in found.findings}


TABLES = {"experiment": people(), "panel": cities(0.2, 0, 50), "series": series(0.2, 0, 50)}


@pytest.fixture(scope="module")
def bare() -> dict[str, CampaignStory]:
    """Each design with nothing of money entered."""
    return {name: story(frame.drop(columns="spend", errors="ignore")) for name, frame in TABLES.items()}


@pytest.mark.parametrize("design", TABLES)
def test_nothing_is_said_of_money_that_nobody_entered(bare: dict[str, CampaignStory], design: str) -> None:
    found = bare[design]
    lines = said(found)
    assert not [line for line in lines if IN_MONEY.search(line)]
    asked = [line for line in lines if "enter " in line and "value_per_unit" in line]
    assert asked == ["To decide by money, enter value_per_unit, margin_low, margin_high and spend."]
    assert re.match(r"It works: .*raised orders by \d+\.\d% \[.*\]\.", found.decision)
    assert set(values(found)) == {"lift"}
    assert not found["money"].tables
    assert "spend" not in {each.id for each in found.gates}
    row = found.lift_tests.iloc[0]
    assert np.isnan(row["spend"])
    assert row["level"] == 0.95


@pytest.mark.parametrize("design", TABLES)
def test_the_level_of_an_interval_stands_beside_it(design: str) -> None:
    found = story(TABLES[design], **VALUED, level=0.9, spend=100.0)
    assert "Square brackets hold 90% intervals." in found.grounds
    assert "90% intervals" in found["money"].note
    assert found.lift_tests["level"].iloc[0] == 0.9


def test_a_name_that_is_money_needs_spend_and_margin_alone() -> None:
    frame = people(lift=0.05).rename(columns={"orders": "GMV"})
    bare = story(frame, outcome="GMV")
    assert bare.decision.endswith("To decide by money, enter margin_low, margin_high and spend.")
    found = story(frame, outcome="GMV", spend=100.0, margin_low=0.3, margin_high=0.3)
    assert found.decision.startswith("Stop a.")
    assert "(it is money by its name; if not, set value_per_unit)" in found["money"].note


def test_with_spend_alone_the_cost_of_a_unit_is_told() -> None:
    found = story(cities(0.2, 0, 50))
    assert values(found)["return"] == pytest.approx(found.lift_tests["lift"].iloc[0] / 2800, rel=1e-6)
    assert any(re.match(r"It cost ¥2,800, or ¥.* for one unit of orders added\.", each) for each in found.grounds)
    assert not [line for line in said(found) if re.search(r"pays|break-even|iROAS|contribution", line)]


def test_with_value_and_spend_the_return_has_nothing_to_be_held_against() -> None:
    found = story(cities(0.2, 0, 50), value_per_unit=10.0)
    iroas = next(each for each in found.findings if each.id == "iroas")
    assert iroas.reference is None
    assert found.decision.endswith("To decide by money, enter margin_low and margin_high.")


@pytest.mark.parametrize("periods", [None, 6])
def test_a_horizon_is_told_only_where_it_was_stated(periods: int | None) -> None:
    found = story(cities(0.2, 0, 50), **VALUED, periods=periods, test_cost=0.0)
    assert found.decision.startswith("Go on with the campaign.")
    assert ("Projected for the next 168 days: ¥" in found.decision) == (periods is not None)
    assert ("choices" in {each.id for each in found["money"].tables}) == (periods is not None)


OFF = {"panel": cities(-0.06, 100, 0), "series": series(-0.06, 100, 0)}


@pytest.mark.parametrize(("design", "saved"), [("panel", 5600.0), ("series", 2800.0)])
def test_ads_switched_off_save_money_and_lose_orders(design: str, saved: float) -> None:
    found = story(OFF[design], **VALUED)
    told, row = values(found), found.lift_tests.iloc[0]
    here = OFF[design].query("treated")
    lost = float(here["orders"].sum()) * (1 / 0.94 - 1)
    assert found.described.startswith("Switching off, 2026-05-12 to 2026-06-08")
    assert told["saved"] == saved
    assert told["lost"] == pytest.approx(lost, rel=0.35)
    assert told["iroas"] == pytest.approx(100 * (told["lost"] or 0) / saved)
    assert told["contribution"] == pytest.approx(saved - 35 * (told["lost"] or 0), rel=0.1)
    assert found.decision.startswith("Switch the ads on again. Contribution in the 28-day test: −¥")
    assert found.grounds[0].startswith("Switching off lowered orders by ")
    assert found.grounds[1].startswith(f"It saved ¥{saved:,.0f} and lost")
    assert found.grounds[1].endswith("for each ¥1.00 saved.")
    assert (row["spend"], row["lift"]) == (saved, pytest.approx(told["lost"]))
    assert 0 < row["lift_low"] < row["lift"] < row["lift_high"]
    assert 0 < row["relative_low"] < row["relative"] < row["relative_high"]
    assert row["relative"] == pytest.approx(1 / (1 + (told["lift"] or 0)) - 1, rel=1e-3)


def test_ads_that_bring_less_than_they_cost_stay_off() -> None:
    found = story(OFF["panel"], **(VALUED | {"value_per_unit": 10.0}), periods=4, test_cost=0.0)
    assert found.decision.startswith("Leave the ads off.")
    assert "Projected for the next 112 days: ¥" in found.decision
    assert any(": leaving the ads off ¥" in each for each in found.grounds)
    choices = next(each for each in found["money"].tables if each.id == "choices").frame
    assert set(choices["choice"]) == {"leaving the ads off", "switching the ads on again", "waiting longer"}


def test_without_a_value_what_is_lost_for_the_money_saved_is_told_in_orders() -> None:
    found = story(OFF["panel"])
    told = values(found)
    assert told["return"] == pytest.approx((told["lost"] or 0) / 5600)
    assert re.search(r"lost [\d,]+ \[.*\] orders, one for each ¥[\d.]+ saved\.", " ".join(found.grounds))
    assert not [line for line in said(found) if re.search(r"pays|break-even|iROAS|contribution|works|harm", line)]


def test_what_is_spent_on_top_of_the_usual_counts_not_the_whole() -> None:
    found = story(cities(0.1, 100, 250), **VALUED)
    check = next(each for each in found.gates if each.id == "spend")
    assert check.detail == "Spending more cost ¥8,400: ¥14,000 was spent, where ¥5,600 is usual."
    assert found.lift_tests["spend"].iloc[0] == pytest.approx(8400)
    assert found.decision.startswith("Keep spending more. ")
    assert found.grounds[0].startswith("Spending more raised orders by ")


def test_a_spend_in_the_parameters_may_be_money_saved() -> None:
    found = story(cities(-0.06, 100, 0).drop(columns="spend"), **VALUED, spend=-5600.0)
    assert values(found)["saved"] == 5600
    assert found.decision.startswith("Go back to the usual spend. ")
    assert found.grounds[0].startswith("Spending less lowered orders by ")
    assert found.lift_tests["spend"].iloc[0] == 5600


@pytest.mark.parametrize(("cost", "net"), [((0.0, 0.5), 4000), ((0.2, 0.5), 2400), ((0.2, 0.0), -1600)])
def test_an_experiment_counts_what_the_control_costs_as_usual(cost: tuple[float, float], net: float) -> None:
    found = story(people(0.3 if net > 0 else -0.3, cost), **VALUED)
    assert found.roll_out is not None
    assert found.roll_out.paid == pytest.approx(net)
    assert found.lift_tests["spend"].iloc[0] == pytest.approx(abs(net))
    assert found.lift_tests["lift"].iloc[0] > 0
    assert ("saved" in values(found)) == (net < 0)


@pytest.mark.parametrize(
    ("spend", "problem"),
    [
        (lambda table: table["spend"].where(table["treated"]), "missing before the campaign"),
        (lambda table: table["spend"].where(table["date"] < "2026-06-08"), "missing in some of the periods"),
        (lambda table: 0.0 * table["spend"], "spend is 0 throughout"),
        (lambda table: table["spend"].where(table["date"] > "2026-04-10", 10.0), "is not steady"),
    ],
)
def test_a_spend_that_cannot_be_told_decides_nothing(spend: object, problem: str) -> None:
    table = cities(-0.06, 100, 0)
    frame = table.assign(spend=spend(table))  # type: ignore[operator]
    found, entered = story(frame, **VALUED), story(frame, **VALUED, spend=-5600.0)
    check = next(each for each in found.gates if each.id == "spend")
    assert problem in check.detail
    assert not check.passed
    assert set(values(found)) == {"lift"}
    assert found.decision.endswith("To decide by money, enter spend.")
    assert values(entered)["saved"] == 5600


def test_a_ratio_is_named_as_one_and_worth_what_its_numerator_is() -> None:
    """Orders stay as they are while visits rise by a third: the ratio falls, and hardly any order is lost."""
    rng = np.random.default_rng(6)
    frame = people(0.0).assign(visits=1 + rng.poisson(np.where(np.arange(16_000) >= 8000, 1.0, 0.5)))
    found = story(frame, denominator="visits", spend=100.0, **VALUED)
    assert found.described.startswith("The campaign; outcome: orders/visits.")
    assert found.grounds[0].startswith("a lowered orders/visits by ")
    assert found.grounds[1].startswith("In all it changed orders by ")
    sums = frame.groupby("arm")["orders"].sum()
    row, assigned = found.lift_tests.iloc[0], sums["a"] - sums["control"]
    assert row["metric"] == "orders"
    assert row["lift"] == pytest.approx(assigned, abs=15)
    assert row["lift_low"] < 0 < row["lift_high"]
    assert values(found)["contribution"] == pytest.approx(35 * row["lift"] - 100, rel=0.05)
    assert not re.search(r"orders by −?\d+\.\d%", " ".join(found.grounds)), (
        "no relative change of orders is made of the ratio"
    )


def test_the_better_arm_is_the_one_that_brings_more_after_its_cost() -> None:
    rng = np.random.default_rng(8)
    rates = {"control": 0.1, "a": 0.13, "b": 0.145}
    frame = experiment_tables.table({name: (rng.random(20_000) < rate) * 1.0 for name, rate in rates.items()})
    frame = frame.rename(columns={"outcome": "orders"}).assign(
        cost=frame["arm"].map({"control": 0, "a": 0.1, "b": 3.0})
    )
    plain, valued = story(frame.drop(columns="cost")), story(frame, **VALUED)
    assert plain.roll_out is not None
    assert valued.roll_out is not None
    assert (plain.roll_out.name, valued.roll_out.name) == ("b", "a")
    assert valued.decision.startswith("Go on with a.")


def test_a_plan_tells_a_cost_only_where_one_was_stated() -> None:
    plan = {"plan": True, "baseline": 0.05, "units_per_day": 5000.0, "target": 0.1}
    bare = compose(pd.DataFrame(), EffectSpec.model_validate(plan), 1)
    priced = compose(pd.DataFrame(), EffectSpec.model_validate(plan | {"cost_per_unit": 2.0}), 1)
    assert "cost" not in values(bare)
    assert "cost" not in bare["plan"].tables[0].frame
    assert (values(priced)["cost"] or 0) > 0
    assert "Assumed: a mean outcome of 5.0% (a rate of conversion) a unit without the campaign" in bare.grounds[0]
    frame = cities(0.0, 0, 0).drop(columns=["treated", "spend"])
    panel = story(frame, plan=True, days_most=14)
    assert "Assumed: days like those from 2026-03-01 to 2026-06-08, with " in " ".join(panel.grounds)
    assert "cost" not in values(panel)


REFUSED: dict[str, tuple[str, dict[str, object], type[Exception]]] = {
    "no table": ("panel", {"design": "series"}, ParamsError),
    "columns that could each be it": ("experiment", {"outcome": ""}, ParamsError),
    "a column that is not there": ("experiment", {"outcome": "sales"}, ParamsError),
    "a control that no unit has": ("experiment", {"control": "x"}, DataError),
    "an outcome that is not there": ("panel", {"outcome": "sales"}, DataError),
    "a campaign from the first day on": ("panel", {"start": "2026-03-01"}, DataError),
    "covariates that are not there": ("series", {"covariates": ["weather"]}, ParamsError),
    "a series that is planned": ("series", {"plan": True}, ParamsError),
    "an experiment planned without a baseline": ("experiment", {"plan": True, "units_per_day": 100.0}, ParamsError),
    "an experiment planned without a limit": ("experiment", {"plan": True, "baseline": 0.1}, ParamsError),
    "a panel planned on a small budget": ("panel", {"plan": True, "budget": 1.0, "cost_per_unit": 5.0}, ParamsError),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_notebook_refuses_is_refused_before_with_the_same_sentence(name: str, tmp_path: Path) -> None:
    design, more, kind = REFUSED[name]
    frame = TABLES[design].assign(more=1.5) if design == "experiment" else TABLES[design]
    frame.to_parquet(tmp_path / "table.parquet")
    tables = {design: tmp_path / "table.parquet"}
    spec = EffectSpec.model_validate({"design": design, "outcome": "orders", "replays": 0} | more)
    with pytest.raises(kind) as before:
        preflight.refuse(spec, tables, date(2026, 3, 1), date(2026, 6, 8))
    with pytest.raises(kind) as after:
        compose(read(tables, spec), spec, 1)
    assert str(before.value) == str(after.value)


@pytest.mark.parametrize("design", TABLES)
def test_what_runs_is_not_refused(design: str, tmp_path: Path) -> None:
    TABLES[design].to_parquet(tmp_path / "table.parquet")
    spec = EffectSpec.model_validate({"design": design, "outcome": "orders"})
    preflight.refuse(spec, {design: tmp_path / "table.parquet"}, date(2026, 3, 1), date(2026, 6, 8))


def test_one_end_of_a_margin_is_no_margin() -> None:
    with pytest.raises(ValueError, match="margin_low is set, but margin_high is not"):
        EffectSpec(margin_low=0.3)


COSTLY = {"experiment": 1500.0, "panel": 40_000.0, "series": 20_000.0}
"""Spend of each table that a lift of 4 to 7% repays at `VALUED`."""


def doubted(frame: pd.DataFrame, design: str, tmp_path: Path, **more: object) -> tuple[str, ...]:
    frame.to_parquet(tmp_path / "table.parquet")
    spec = EffectSpec.model_validate({"design": design, "outcome": "orders"} | more)
    return preflight.doubts(spec, {design: tmp_path / "table.parquet"}, date(2026, 3, 1), date(2026, 6, 8))


@pytest.mark.parametrize("design", TABLES)
def test_a_target_that_asks_for_a_loss_is_doubted_before_the_run_as_on_the_page(design: str, tmp_path: Path) -> None:
    """What the page says of a target, `make validate` says before; where money is not known or was saved, nothing."""
    frame, money = TABLES[design].drop(columns="spend", errors="ignore"), VALUED | {"spend": COSTLY[design]}
    (low,) = doubted(frame, design, tmp_path, **money, target=0.01)
    assert re.match(r"target is 1\.0%: reaching it would still lose money, as break-even is at \D*[3-9]\.\d%", low)
    for target, passed in ((0.01, False), (0.2, True)):
        gates = {each.id: each for each in story(frame, **money, target=target).gates}
        assert gates["target"].passed == passed
        assert bool(doubted(frame, design, tmp_path, **money, target=target)) != passed
    assert not doubted(frame, design, tmp_path, **VALUED, target=0.01), "no spend is stated"
    assert not doubted(frame, design, tmp_path, spend=8000.0, target=0.01), "no margin is stated"
    assert not doubted(frame, design, tmp_path, **VALUED, spend=-8000.0, target=0.01), "money was saved"


def test_each_arm_s_own_cost_says_where_it_breaks_even(tmp_path: Path) -> None:
    """At 2 a unit above the control's cost, 10% who buy repay 100 * .35 * .1 = 3.5 a unit: break-even is near 57%."""
    frame = people(0.3, cost=(1.0, 3.0))
    (low,) = doubted(frame, "experiment", tmp_path, **VALUED, target=0.3)
    assert "break-even is at about 5" in low
    cheap = frame.assign(cost=np.where(frame["arm"] == "a", 1.1, 1.0))
    assert not doubted(cheap, "experiment", tmp_path, **VALUED, target=0.3)
    ratio = frame.assign(visits=1.0)
    assert not doubted(ratio, "experiment", tmp_path, **VALUED, target=0.3, denominator="visits")
