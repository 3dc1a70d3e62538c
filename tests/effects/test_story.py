"""From a table to what the report says: one posterior, one decision, and nothing stated where a check blocks."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import experiment_tables
from helpers.campaign import compose
from helpers.repeated import repeated
from helpers.repeated import told as prose_of
from reachbook.demo.spec import DemoSpec
from reachbook.demo.store import simulate
from reachbook.effects.design_table import read
from reachbook.effects.sections.lift_test_table import COLUMNS
from reachbook.effects.sections.planned_test import next_test
from reachbook.effects.sections.story import CampaignStory
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError, ParamsError
from reachbook.presentation.numbers import chance
from reachbook.presentation.section import Section

SECTIONS = ("effect", "time", "evidence", "methods", "segments", "influence", "money", "looks", "plan", "truth")
GIVEN: dict[str, dict[str, object]] = {
    "experiment": {"campaign": "creative_test", "channel": "wechat", "outcome": "revenue", "spend": 6000.0, "looks": 4},
    "panel": {"campaign": "city_push", "channel": "douyin", "replays": 12},
    "series": {"campaign": "note_seeding", "channel": "xiaohongshu", "replays": 12},
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    brand = DemoSpec(
        users=100, interactions=0, orders=0, comments=100, labels=0, units=15_000, cities=14, panel_days=132,
        series_days=200, weeks=20,
    )  # fmt: skip
    made = simulate(brand, date(2026, 7, 1), date(2026, 9, 30), seed=7)
    wanted = ("experiment", "panel", "series", "truth_campaigns", "truth_counterfactual")
    frames = {name: made[name].to_pandas() for name in wanted}
    for name in ("experiment", "panel", "series"):
        money = ("revenue", "cost") if name == "experiment" else ("spend",)
        frames[name] = frames[name].astype(dict.fromkeys(money, float))
    return frames


ENTERED: dict[str, object] = {
    "value_per_unit": 1.0, "margin_low": 0.5, "margin_high": 0.6, "target": 0.05, "periods": 4, "test_cost": 0.0,
}  # fmt: skip


def told(tables: dict[str, pd.DataFrame], design: str, **more: object) -> CampaignStory:
    spec = EffectSpec.model_validate({"design": design} | ENTERED | GIVEN[design] | more)
    return compose(tables[design], spec, 1, "CNY", (tables["truth_campaigns"], tables["truth_counterfactual"]))


@pytest.fixture(scope="module")
def stories(tables: dict[str, pd.DataFrame]) -> dict[str, CampaignStory]:
    return {design: told(tables, design) for design in GIVEN}


@pytest.mark.parametrize("design", GIVEN)
def test_the_planted_effect_of_the_campaign_lies_inside(stories: dict[str, CampaignStory], design: str) -> None:
    table = stories[design]["truth"].tables[0].frame
    assert bool(table.set_index("name").loc["all", "inside"])


@pytest.mark.parametrize("design", GIVEN)
def test_the_first_screen_has_a_short_decision_and_its_figure(stories: dict[str, CampaignStory], design: str) -> None:
    story = stories[design]
    assert len(story.decision.split()) <= 40
    assert (story.lead is not None) == story.effect.passed  # type: ignore[union-attr]
    assert all(len(each.label.split()) <= 5 for each in story.findings)


@pytest.mark.parametrize("design", ["panel", "series"])
def test_which_mean_the_lift_is_stands_beside_what_was_tested(stories: dict[str, CampaignStory], design: str) -> None:
    effect = stories[design].effect
    assert effect is not None
    assert stories[design].described.endswith(effect.detail.estimand)


@pytest.mark.parametrize("design", GIVEN)
def test_no_two_numbers_contradict_each_other(stories: dict[str, CampaignStory], design: str) -> None:
    story = stories[design]
    assert story.effect is not None
    assert story.roll_out is not None
    effect, row = story.effect, story.lift_tests.iloc[0]
    found = {each.id: each for each in story.findings}
    assert found["lift"].value == pytest.approx(row["relative"]) == np.median(effect.relative)
    assert (found["lift"].low, found["lift"].high) == pytest.approx((row["relative_low"], row["relative_high"]))
    assert row["lift"] == pytest.approx(effect.middle * effect.cells)
    assert row["spend"] == pytest.approx(story.roll_out.paid)
    assert story.roll_out.money.contribution is not None
    even = float((story.roll_out.money.contribution > 0).mean())
    assert found["break_even"].value == pytest.approx(even)
    assert ("pays with probability" in story.decision) == (story.roll_out.money.decision == "go on")
    assert f"pays with probability {chance(even)}" in story.decision or story.roll_out.money.decision != "go on"
    assert row["level"] == 0.95
    model = story["methods"].figures[0].alt
    assert f"{100 * np.median(effect.relative):.1f}%" in model


@pytest.mark.parametrize("design", GIVEN)
def test_every_section_says_something_and_ids_are_used_once(stories: dict[str, CampaignStory], design: str) -> None:
    parts = [stories[design][name] for name in SECTIONS]
    assert all(part.note for part in parts)
    pictures = [each for part in parts for each in part.figures]
    sheets = [each for part in parts for each in part.tables]
    assert all(each.alt.strip().endswith(".") for each in pictures)
    for ids in ([each.id for each in pictures], [each.id for each in sheets], [c.id for c in stories[design].gates]):
        assert len(set(ids)) == len(ids)
    assert all(set(each.shown or []) <= set(each.frame) for each in sheets)


def test_the_published_table_says_when_and_where(stories: dict[str, CampaignStory]) -> None:
    for design, channel in (("experiment", "wechat"), ("panel", "douyin"), ("series", "xiaohongshu")):
        table = stories[design].lift_tests
        assert list(table) == list(COLUMNS)
        row = table.iloc[0]
        assert (row["channel"], row["design"], bool(row["passed"])) == (channel, design, stories[design].effect.passed)  # type: ignore[union-attr]
        assert date(2026, 7, 1) <= row["start"] < row["end"] <= date(2026, 9, 30)
        assert row["lift_low"] < row["lift"] < row["lift_high"]


def test_the_working_arm_goes_on_at_its_own_share_of_the_spend(
    stories: dict[str, CampaignStory], tables: dict[str, pd.DataFrame]
) -> None:
    """`spend` in the parameters is shared by units; without it the table says what each arm cost."""
    money = stories["experiment"].roll_out
    assert money is not None
    assert money.name == "creative_a"
    assert money.money.spend is not None
    assert money.whole.spend is not None
    arms = {arm.name: arm.weight for arm in money.effect.detail.arms[1:]}
    share = arms["creative_a"] / sum(arms.values())
    assert money.money.spend.mean() == pytest.approx(6000 * share)
    assert money.whole.spend.mean() == pytest.approx(6000)
    cost = tables["experiment"].groupby("arm")["cost"].sum()
    bare = told(
        {**tables, "experiment": tables["experiment"].drop(columns="segment")}, "experiment", spend=None
    ).roll_out
    assert bare is not None
    assert bare.money.spend is not None
    assert bare.paid == pytest.approx(cost.sum())
    assert bare.money.spend.mean() == pytest.approx(cost["creative_a"])


def test_the_currency_of_the_outcome_changes_no_decision(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["experiment"].drop(columns="segment")
    plain = EffectSpec.model_validate(ENTERED | {"outcome": "revenue", "spend": 6000.0})
    cents = plain.model_copy(update={"value_per_unit": 0.01})
    one, other = compose(frame, plain, 1), compose(frame.assign(revenue=frame["revenue"] * 100), cents, 1)
    assert one.decision == other.decision
    for mine, theirs in zip(one.findings, other.findings, strict=True):
        assert mine.value == pytest.approx(theirs.value, rel=1e-6)


def before(seed: int, selected: bool) -> pd.DataFrame:
    """Revenue that follows what was spent before; assigned by chance, or to those who spent most."""
    rng = np.random.default_rng(seed)
    spent = rng.lognormal(3, 1, 2000) * (rng.random(2000) < 0.7)
    treated = spent > np.median(spent) if selected else rng.random(2000) < 0.5
    now = spent * rng.lognormal(0, 0.3, 2000)
    arm = np.where(treated, "mailed", "not mailed")
    return pd.DataFrame({"unit_id": np.arange(2000).astype(str), "arm": arm, "revenue": now, "before": spent})


def test_chosen_units_are_refused_and_nothing_is_stated() -> None:
    frame = before(1, selected=True)
    story = compose(frame, EffectSpec(control="not mailed"), 1)
    check = next(each for each in story.gates if each.id == "balance")
    assert not check.passed
    assert "they were different to begin with" in check.detail
    assert story.decision.startswith("Do not act")
    assert all(each.value is None for each in story.findings)
    assert not story.lift_tests["passed"].iloc[0]
    for name in ("effect", "methods", "segments", "money"):
        assert not story[name].figures
        assert not story[name].tables
    assert story["time"].note.startswith("A check that blocks has failed")
    assert story["influence"].note.startswith("Nothing to act on.")
    assert repeated(prose_of(story)) == []


def test_balance_blocks_chance_assignment_as_rarely_as_it_says() -> None:
    # 400 tests at a limit of .01: 4 expected, 12 or more with probability below .001.
    from reachbook.effects.experiment.balance import balance
    from reachbook.effects.experiment.units import read as read_units

    spec = EffectSpec(control="not mailed")
    frames = [before(seed, selected=False) for seed in range(400)]
    checks = [balance(frame, read_units(frame, spec), spec)[0] for frame in frames]
    assert sum(not check.passed for check in checks) < 12


def test_balance_needs_every_value() -> None:
    frame = before(2, selected=False)
    frame.loc[3, "before"] = np.nan
    with pytest.raises(DataError, match=r"before is missing for 1 of 2,000 units"):
        compose(frame, EffectSpec(control="not mailed"), 1)


def test_balance_counts_clusters_as_one() -> None:
    rng = np.random.default_rng(5)
    shop = np.repeat(np.arange(20), 100)
    frame = before(3, selected=False).assign(
        cluster=shop.astype(str), arm=np.where(shop % 2, "a", "control"), before=rng.lognormal(3, 1, 20)[shop]
    )
    check = next(each for each in compose(frame, EffectSpec(), 1).gates if each.id == "balance")
    assert check.passed, "shops that differ are no proof against chance among 20 of them"


def test_a_plan_reads_no_outcome_and_says_run_or_not() -> None:
    rich = EffectSpec(plan=True, baseline=0.05, units_per_day=5000, target=0.1)
    poor = rich.model_copy(update={"units_per_day": 100.0})
    yes, no = compose(pd.DataFrame(), rich, 1), compose(pd.DataFrame(), poor, 1)
    assert re.fullmatch(
        r"Run it with [\d,]+ units in each arm over \d+ days: it is sure of a lift of 10.0% with probability \d+%\.",
        yes.decision,
    )
    assert no.decision.startswith("Do not run it: even 1,400 units in each arm over 28 days would be sure of a lift")
    assert max(len(each.decision.split()) for each in (yes, no)) <= 40
    assert not no.gates[0].passed
    assert yes["plan"].figures
    assert "a plan reads no outcome" in yes["effect"].note
    assert yes.lift_tests.empty


def test_a_panel_is_planned_by_matched_units(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["panel"]
    spec = EffectSpec(design="panel", plan=True, target=0.5, days_most=28, budget=3000, cost_per_unit=100)
    story = compose(frame, spec, 1)
    again = compose(frame.assign(outcome=frame["outcome"].where(~frame["treated"], 1.0)), spec, 1)
    assert again.decision == story.decision, "what a campaign did is not read"
    assert story.decision.startswith("Run it")
    assert len(story.decision.split()) <= 40
    assert {each.id for each in story.findings} == {"answers", "detectable", "units", "periods", "cost"}
    assert story["influence"].tables[0].frame["minimum"].is_monotonic_increasing
    with pytest.raises(ParamsError, match="budget 3000 does not pay for one unit"):
        compose(frame, spec.model_copy(update={"cost_per_unit": 1000.0}), 1)


def test_a_series_cannot_be_planned() -> None:
    with pytest.raises(ParamsError, match="Plan an experiment or a panel instead"):
        compose(pd.DataFrame(), EffectSpec(design="series", plan=True), 1)


def test_the_next_test_is_sized_from_this_one(
    stories: dict[str, CampaignStory], tables: dict[str, pd.DataFrame]
) -> None:
    effect = stories["experiment"].effect
    assert effect is not None
    found = next_test(effect, EffectSpec(outcome="revenue", target=0.2, days_most=90), tables["experiment"], 1)
    assert isinstance(found, Section)
    table = found.tables[0].frame
    assert table["detectable"].is_monotonic_decreasing
    assert table["days"].max() == pytest.approx(90, rel=0.01)


def test_where_the_mean_may_be_zero_no_relative_lift_is_stated() -> None:
    rng = np.random.default_rng(4)
    story = compose(
        experiment_tables.table({"control": rng.normal(0, 1, 300), "a": rng.normal(1, 1, 300)}), EffectSpec(), 1
    )
    assert story.effect is not None
    lift = next(each for each in story.findings if each.id == "lift")
    assert lift.value == pytest.approx(story.effect.middle)
    assert lift.unit != "ratio"
    assert "%" not in story.decision


def test_a_design_without_its_table_is_one_line(tmp_path: Path, tables: dict[str, pd.DataFrame]) -> None:
    path = tmp_path / "panel.parquet"
    tables["panel"].assign(segment=None).to_parquet(path)
    with pytest.raises(ParamsError, match=r"no table 'experiment' \(designs with a table: panel\)"):
        read({"panel": path}, EffectSpec())
    assert "segment" not in read({"panel": path}, EffectSpec(design="panel"))
    assert read({}, EffectSpec(plan=True)).empty


def test_the_page_of_a_ratio_says_what_it_is_of() -> None:
    found = compose(experiment_tables.visits(), EffectSpec(outcome="orders", denominator="visits"), 1)
    part = found.sections["effect"]
    assert "orders/visits is a ratio of sums (control 184/535; treatment 177/708)" in part.note
    assert "the treated arms had \N{MINUS SIGN}7 more" not in part.note
    assert "The treated arms had 7 orders fewer than as many units of the control" in part.note
    table = part.tables[0].frame
    assert list(table["numerator"]) == [184, 177]
    assert list(table["denominator"]) == [535, 708]
    assert "outcome: orders/visits" in found.described
    assert found.lift_tests["metric"].item() == "orders"
    assert -7.5 < found.lift_tests["lift"].item() < -4.5
