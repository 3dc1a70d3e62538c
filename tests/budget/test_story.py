"""From a fitted mix to what the report says: one plan, one decision, and nothing stated where a check blocks."""

import ctypes
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from helpers.planned_budget import compose
from helpers.repeated import repeated, told
from reachbook.budget.advice.steady_plan import advise, plannable, prior_dominated
from reachbook.budget.model.mix import Mix
from reachbook.budget.optimize.rules import Rebate, Tier
from reachbook.budget.optimize.silent import silent
from reachbook.budget.sections import alternatives
from reachbook.budget.sections.backtest import backtest_section
from reachbook.budget.sections.case import Case, Planned, planned
from reachbook.budget.sections.decision import decision
from reachbook.budget.sections.lift_tests import GatheredTests, comment_index, read_table
from reachbook.budget.sections.story import BudgetStory
from reachbook.budget.sections.truth import true_parameters
from reachbook.budget.spec import BudgetSpec, FieldTest
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number, rough
from reachbook.report import Report
from reachbook.result import Result, TableEntry
from reachbook.study.spec import StudySpec
from reachbook.study.study import Study
from reachbook.verdict import Gate

SECTIONS = (
    "fit", "tests_read", "contribution", "channels", "curves", "plan", "weeks", "budgets", "caution", "move",
    "what_if", "scenarios", "next_test", "truth",
)  # fmt: skip
PLANNED = ("plan", "weeks", "budgets", "caution", "move", "scenarios", "next_test")
SPEC = BudgetSpec(
    value_per_unit=1.0, margin=0.5, change=0.5, horizon_weeks=4,
    scenarios={"more": {"weekly_budget": 110.0}, "no_weibo": {"fixed": {"weibo": 0.0}, "changes": {"weibo": 1.0}},
               "too_much": {"weekly_budget": 900.0}},
)  # fmt: skip
TEST = FieldTest(channel="wechat", extra_spend=5.0)
QUICK = BudgetSpec(value_per_unit=1.0, margin=0.5, change=0.5, horizon_weeks=2, tests=[TEST])


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


@pytest.fixture(scope="module")
def story(mix: Mix) -> BudgetStory:
    return compose(mix, SPEC, 1, "CNY", {"douyin": "抖音"}, None, known_mix.truth(mix))


@pytest.fixture(scope="module")
def quick(mix: Mix) -> BudgetStory:
    return compose(mix, QUICK, 1)


def found(mix: Mix, spec: BudgetSpec) -> tuple[Planned, str]:
    """The plan with its gates, and the decision; no section is made."""
    case = Case(mix, spec, 1, "CNY", {}, true_parameters(mix, None), GatheredTests(None), prior_dominated(mix))
    made = planned(case)
    return made, decision(case, made, None)


def blocked(story: BudgetStory | Planned) -> list[str]:
    return [check.id for check in story.gates if check.level == "block" and not check.passed]


def test_money_goes_from_the_full_channel_to_the_one_that_is_not(story: BudgetStory) -> None:
    assert story.advice is not None
    spend = dict(zip(story.advice.plan.channels, story.advice.plan.spend, strict=True))
    assert spend["weibo"] == pytest.approx(15), "as far as the rule lets it fall"
    assert spend["douyin"] > 40
    assert story.decision.startswith("Keep today's total, ¥")
    assert " from weibo and wechat to 抖音: expect +¥" in story.decision
    assert story.grounds[1].startswith("Less a week on weibo (−¥15.00) and wechat (−¥")
    assert "; more on 抖音 (+¥" in story.grounds[1]
    assert not blocked(story)


def test_no_two_numbers_contradict_each_other(story: BudgetStory) -> None:
    advice, timing = story.advice, story.timing
    assert advice is not None
    assert timing is not None
    found = {each.id: each for each in story.findings}
    assert found["gain"].value == pytest.approx(np.median(advice.net))
    gains, draws = int((advice.net > 0).sum()), len(advice.net)
    assert found["sure"].value == pytest.approx((gains + 1) / (draws + 2))
    assert found["gap"].value == advice.plan.gap <= SPEC.gap
    table = story["plan"].tables[0].frame.set_index("channel")
    assert table.loc["all", "plan"] == pytest.approx(advice.plan.spend.sum())
    assert advice.plan.spend.sum() == pytest.approx(100), "all of today's money is spent"
    weeks = story["weeks"].tables[0].frame
    assert weeks["total"].sum() == pytest.approx(4 * 100, abs=0.02)
    np.testing.assert_allclose(weeks[["抖音", "wechat", "weibo"]].sum(), 4 * advice.plan.spend, atol=0.02)
    rows = story["scenarios"].tables[0].frame.set_index("name")
    assert rows.loc["the plan", "middle"] == pytest.approx(found["gain"].value)


def test_every_section_says_something_and_ids_are_used_once(story: BudgetStory) -> None:
    parts = [story[name] for name in SECTIONS]
    assert set(story.sections) == set(SECTIONS)
    assert all(part.note for part in parts)
    pictures = [each for part in parts for each in part.figures]
    sheets = [each for part in parts for each in part.tables]
    assert all(each.alt.strip().endswith(".") for each in pictures)
    for ids in ([each.id for each in pictures], [each.id for each in sheets], [c.id for c in story.gates]):
        assert len(set(ids)) == len(ids)
    assert all(set(each.shown or []) <= set(each.frame) for each in sheets)


def test_a_report_takes_all_of_it_with_files_for_the_media_buyer(story: BudgetStory, tmp_path: Path) -> None:
    spec = StudySpec.model_validate_json(
        '{"title": "t", "period": {"start": "2026-01-01", "end": "2026-03-31"}, "notebooks": ["b"], "simulate": {}}'
    )
    report = Report(Study("made", spec, {}, {}, tmp_path, tmp_path / "out"), "budget_optimization")
    for section in story.sections.values():
        for picture in section.figures:
            report.figure(*picture)
        for sheet in section.tables:
            report.table(*sheet)
    assert "抖音" in (tmp_path / "out" / "tables" / "plan_weeks.csv").read_text("utf-8-sig")
    assert (tmp_path / "out" / "tables" / "plan.xlsx").is_file()


def test_what_is_not_possible_is_said_beside_what_is(story: BudgetStory) -> None:
    note = story["scenarios"].note
    assert "too_much is not possible: budget rules: no plan keeps" in note
    assert "2 what-ifs" in note


def test_the_plan_is_held_against_the_planted_curves(story: BudgetStory) -> None:
    gain = story["truth"].tables[0].frame.set_index("what")["gain"]
    brought, best = (gain.filter(like=words).iloc[0] for words in ("brought under", "best plan"))
    assert 0 < brought <= best * (1 + 1e-6)
    returns = story["truth"].tables[1].frame
    assert returns["inside"].mean() > 0.8


@pytest.mark.parametrize(
    ("gate", "cure"),
    [
        ("convergence", "merge channels that move together."),
        ("holdout", "price, promotion, holidays, stock."),
        ("collinearity", "or test one of them alone."),
    ],
)
def test_a_failed_gate_of_the_model_leaves_no_plan_and_no_return(gate: str, cure: str) -> None:
    failed = Gate(gate, False, f"The gate {gate} failed. A test would cure it.")
    spoilt = known_mix.mix(gates=(*[each for each in known_mix.GATES if each.id != gate], failed))
    story = compose(spoilt, SPEC, 1, response=known_mix.truth(spoilt))
    assert story.decision.startswith("Leave the budget as it is: this model cannot tell which channel works. ")
    assert story.decision.endswith(cure)
    assert failed in story.gates, "what was found stands among the checks"
    assert story.lead is None
    assert story.advice is None
    assert story.timing is None
    assert all(each.value is None for each in story.findings)
    for name in (*PLANNED, "contribution", "channels", "curves"):
        assert not story[name].figures
        assert not story[name].tables
        assert story[name].note.startswith("Not told")
    assert story["fit"].note.startswith("A check that blocks has failed")
    for name in ("tests_read", "truth"):
        assert story[name].note.startswith("Nothing to act on.")
    assert repeated(told(story)) == []
    assert "the plan" not in story["truth"].note


def test_rules_that_contradict_each_other_are_one_line_and_no_plan(mix: Mix) -> None:
    short = {"short": {"channels": ["douyin"], "high": 0.3}}
    story = compose(mix, BudgetSpec(horizon_weeks=2, fixed={"douyin": 44.0}, groups=short), 1)
    assert blocked(story) == ["rules"]
    check = next(each for each in story.gates if each.id == "rules")
    assert "\n" not in check.detail
    assert "douyin fixed at 44" in check.detail
    assert "short at most 30.0% of the money" in check.detail
    assert story.decision.endswith("there is no plan to carry out. Relax one of the rules that the check names.")
    assert check.detail in story["plan"].note
    assert story.findings[0].value is None
    assert story.lead is None
    assert not any(story[name].tables for name in PLANNED)
    assert story["channels"].tables, "returns need no plan"


def test_a_proof_that_is_too_weak_leaves_no_plan(mix: Mix, monkeypatch: pytest.MonkeyPatch) -> None:
    made = advise(plannable(mix, QUICK, 1), QUICK, oracles=2)
    weak = replace(made, gain=replace(made.gain, plan=replace(made.plan, gap=0.05)))
    monkeypatch.setattr("reachbook.budget.sections.case.advise", lambda *_, **__: weak)
    plan, told = found(mix, QUICK)
    assert blocked(plan) == ["certificate"]
    assert not plan.passed
    assert told.startswith("Leave the budget as it is: there is no plan to carry out. Drop some all-or-nothing rules")
    assert "may be better by up to 5.0000%: the proof goes no further" in plan.blocker


def test_weeks_that_cannot_hold_the_money_are_one_line_and_no_plan(mix: Mix) -> None:
    closed = {"douyin": ["2026-03-02", "2026-03-09"]}
    story, told = found(mix, BudgetSpec(horizon_weeks=2, fixed={"douyin": 40.0}, blackout=closed))
    assert blocked(story) == ["weeks"]
    assert told.endswith("Relax one of the rules by week that the check names.")
    assert story.blocker.startswith("budget rules by week: no plan keeps all of these")
    assert "douyin without spend in its blackout weeks" in story.blocker


def test_blackout_weeks_shift_money_where_they_must(mix: Mix) -> None:
    spec = BudgetSpec(horizon_weeks=2, change=0.5, blackout={"douyin": ["2026-03-05"]}, peaks={"2026-03-12": 1.3})
    timing = found(mix, spec)[0].timing
    assert timing is not None
    assert timing.flight.spend[0, 0] == pytest.approx(0, abs=1e-6)
    assert "what their weeks allow" in timing.notes[0]


def test_days_outside_the_horizon_are_refused(mix: Mix) -> None:
    told = r"blackout\.weibo names 2025-01-01; write days as YYYY-MM-DD, from 2026-03-02 to 2026-03-15"
    with pytest.raises(ParamsError, match=told):
        found(mix, BudgetSpec(horizon_weeks=2, blackout={"weibo": ["2025-01-01"]}))


def test_a_budget_for_the_horizon_is_not_one_for_a_week(mix: Mix) -> None:
    plan, weekly = found(mix, QUICK.model_copy(update={"weekly_budget": 90.0}))
    assert weekly == found(mix, QUICK.model_copy(update={"horizon_budget": 180.0}))[1]
    assert weekly.startswith("Spend ¥90.00 a week, ¥10.00 less than now, mostly off weibo")
    told = next(each for each in plan.gates if each.id == "period").detail
    assert "¥90.00 a week (¥180.00 over 2 weeks)" in told
    wrong = found(mix, QUICK.model_copy(update={"weekly_budget": 1300.0}))[0]
    period = next(each for each in wrong.gates if each.id == "period")
    assert not period.passed
    assert "if it was meant for all weeks, write horizon_budget" in period.detail
    assert blocked(wrong) == ["rules"]
    small = found(mix, QUICK.model_copy(update={"horizon_budget": 40.0}))[0]
    period = next(each for each in small.gates if each.id == "period")
    assert "if it was meant for one week, write weekly_budget" in period.detail


def test_a_limit_is_money_and_one_that_looks_like_a_multiple_is_questioned(mix: Mix) -> None:
    spec = BudgetSpec.model_validate({"horizon_weeks": 2, "limits": {"weibo": {"high": 1.3}}})
    large = known_mix.scaled(mix, 1000.0, 1000.0)
    check = next(each for each in found(large, spec)[0].gates if each.id == "limits")
    assert check.level == "warn"
    assert check.detail.startswith("Limits are money a week, and some are next to none: weibo ¥1.30.")
    assert "limits" not in {each.id for each in found(mix, QUICK)[0].gates}


def test_belief_is_not_sold_as_data() -> None:
    story = compose(known_mix.mix(dominance=(0.95, 0.5, 0.3)), QUICK, 1)
    check = next(each for each in story.gates if each.id == "belief")
    assert not check.passed
    assert check.level == "warn"
    assert "of douyin, whose return was assumed beforehand: the data say next to nothing of it" in check.detail
    assert story.decision.endswith("Test douyin first: the data are silent there.")
    table = story["plan"].tables[0].frame.set_index("channel")
    assert table.loc["douyin", "rests_on"] == "belief"


def test_money_stays_where_next_to_nothing_moves_or_no_gain_is_likely(mix: Mix) -> None:
    assert "the best plan moves next to nothing" in found(mix, QUICK.model_copy(update={"change": 0.0001}))[1]
    made = advise(plannable(mix, QUICK, 1), QUICK, oracles=2)
    case = Case(mix, QUICK, 1, "CNY", {}, true_parameters(mix, None), GatheredTests(None))
    lost = replace(made, gain=replace(made.gain, gain=-made.gain.gain))
    told = decision(case, Planned((), lost), None)
    assert told.startswith("Leave the money where it is")
    assert "a gain with a probability of less than 1% only (80% is asked)." in told


def test_money_stays_where_the_weeks_to_book_are_not_likely_to_gain(mix: Mix) -> None:
    made, told = found(mix, QUICK)
    assert told.startswith("Keep today's total, ¥")
    assert made.timing is not None
    case = Case(mix, QUICK, 1, "CNY", {}, true_parameters(mix, None), GatheredTests(None))
    weak = replace(made, timing=replace(made.timing, net=np.where(np.arange(100) < 70, 5.0, -5.0)))
    told = decision(case, weak, None)
    assert told.startswith("Leave the money where it is")
    assert "booked by week, the best plan brings +¥5 [−¥5, ¥5] over 2 weeks" in told
    assert "a gain with a probability of 70% only (80% is asked)" in told


def test_a_cap_is_spent_only_as_long_as_it_pays(mix: Mix) -> None:
    capped = BudgetSpec(value_per_unit=1.0, margin=0.5, mode="at_most", weekly_budget=140.0, horizon_weeks=1)
    fixed = advise(plannable(mix, capped, 1), capped.model_copy(update={"mode": "fixed"}), oracles=2)
    made = advise(plannable(mix, capped, 1), capped, oracles=2)
    assert fixed.plan.paid.sum() == pytest.approx(140)
    assert made.plan.paid.sum() < 135
    assert made.net.mean() > fixed.net.mean()
    assert made.next_unit is None, "what is left over has no price"
    low = capped.model_copy(update={"weekly_budget": 45.0})
    assert advise(plannable(mix, low, 1), low, oracles=2).plan.paid.sum() == pytest.approx(45)


def test_without_a_budget_what_is_paid_now_after_rebates_is_spent(mix: Mix) -> None:
    rebate = Rebate(tiers=[Tier(above=5.0, rebate=0.2)])
    spec = QUICK.model_copy(update={"rebates": {"wechat": rebate}})
    made = advise(plannable(mix, spec, 1), spec, oracles=2)
    assert made.paid_now < mix.current.sum()
    assert made.plan.paid.sum() == pytest.approx(made.paid_now)
    assert (
        number(made.paid_now, "money") in next(each for each in found(mix, spec)[0].gates if each.id == "period").detail
    )


def test_the_headline_says_what_another_budget_would_leave(mix: Mix) -> None:
    spec = BudgetSpec(value_per_unit=1.0, margin=0.2, horizon_weeks=1, tests=[TEST])
    told = compose(mix, spec, 1)
    rows = told["budgets"].tables[0].frame
    best = rows.iloc[int(rows["middle"].argmax())]
    assert best["money"] < mix.current.sum()
    instead = number(rough(best["money"]), "money")
    assert f"Or, if cuts are allowed: {instead} a week gains +" in told.decision
    assert any(f"Of the budgets looked at, {number(best['money'], 'money')} a week" in each for each in told.grounds)
    assert rows["next_unit"].notna().tolist() == [True] * (len(rows) - 1) + [False]


def test_plans_that_are_as_good_give_up_a_tenth_of_the_gain_at_most(story: BudgetStory) -> None:
    advice = story.advice
    assert advice is not None
    near = alternatives.near(advice)
    assert near is not None
    lost = near.within * advice.plan.value * advice.worth
    assert lost == pytest.approx(min(0.1 * advice.naive.mean(), 0.01 * advice.plan.value * advice.worth), rel=1e-3)


def test_beyond_what_was_seen_only_when_asked_and_then_less_surely(mix: Mix) -> None:
    tight = BudgetSpec(horizon_weeks=2, weekly_budget=150.0)
    asked = tight.model_copy(update={"beyond": 1.0})
    inside, (outside, _) = advise(plannable(mix, tight, 1), tight, oracles=2), found(mix, asked)
    assert outside.advice is not None
    assert (inside.plan.spend <= mix.observed * (1 + 1e-6)).all()
    assert outside.advice.plan.beyond
    assert not next(each for each in outside.gates if each.id == "beyond").passed
    kept, wider = inside.curves, outside.advice.curves
    assert wider.grid[:, -1] == pytest.approx(2 * mix.observed)
    near, far = (wider.outcome(times * mix.observed) - wider.outcome(mix.observed) for times in (1.1, 2.0))
    assert (far > near).all()
    assert (np.log(far).std(axis=0) > 1.2 * np.log(near).std(axis=0)).all(), "the farther, the less sure"
    for part in (0.3, 0.6, 0.9):
        seen = part * mix.observed
        np.testing.assert_allclose(kept.outcome(seen), wider.outcome(seen), rtol=5e-3)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mode": "free"}, "Spend ¥"),
        ({"mode": "target", "target_outcome": 200.0}, "Spend ¥"),
        ({"mode": "at_most", "target_cac": 0.5}, ""),
        ({"objective": "quantile", "tail": 0.05, "change": 0.3}, "Keep today's total, ¥"),
        ({"objective": "cvar", "minimum": {"weibo": 25.0}, "packages": {"wechat": 5.0}}, "Keep today's total, ¥"),
    ],
)
def test_every_mode_and_objective_tells_a_story(mix: Mix, given: dict[str, Any], told: str) -> None:
    story = compose(
        mix,
        BudgetSpec.model_validate({"value_per_unit": 1.0, "margin": 0.5, "horizon_weeks": 1, "tests": [TEST], **given}),
        1,
    )
    assert not blocked(story), story.decision
    assert story.decision.startswith(told)
    assert all(story[name].note for name in SECTIONS)


def test_units_of_money_and_outcome_change_no_plan(mix: Mix, quick: BudgetStory) -> None:
    told = quick.advice
    assert told is not None
    money = advise(plannable(known_mix.scaled(mix, 1000.0, 1000.0), QUICK, 1), QUICK)
    spec = QUICK.model_copy(update={"value_per_unit": 1000.0})
    units = advise(plannable(known_mix.scaled(mix, 1.0, 0.001), spec, 1), spec)
    for other, times in ((money, 1000.0), (units, 1.0)):
        np.testing.assert_allclose(other.plan.spend, times * told.plan.spend, rtol=1e-4)
        np.testing.assert_allclose(other.net, times * told.net, rtol=1e-3, atol=1e-4 * times)
        assert told.next_unit is not None
        assert other.next_unit is not None
        np.testing.assert_allclose(other.next_unit, told.next_unit, rtol=1e-2)


def test_order_and_names_of_channels_change_no_plan(mix: Mix, quick: BudgetStory) -> None:
    order = [2, 0, 1]
    other = advise(plannable(known_mix.ordered(mix, order, ("a", "b", "c")), QUICK, 1), QUICK)
    assert quick.advice is not None
    assert other.plan.channels == ("c", "a", "b")
    np.testing.assert_allclose(other.plan.spend, quick.advice.plan.spend[order], rtol=1e-5)
    np.testing.assert_allclose(other.net, quick.advice.net, rtol=1e-6, atol=1e-9)


def test_the_same_twice(mix: Mix, quick: BudgetStory) -> None:
    other = compose(mix, QUICK, 1)
    assert quick.decision == other.decision
    assert quick.findings == other.findings
    for name in SECTIONS:
        for mine, theirs in zip(quick[name].tables, other[name].tables, strict=True):
            pd.testing.assert_frame_equal(mine.frame, theirs.frame)


def published(folder: Path, study: str, id: str, frame: pd.DataFrame) -> Result:
    (folder / study / "tables").mkdir(parents=True)
    frame.to_parquet(folder / study / "tables" / f"{id}.parquet")
    return Result(study, "other", folder / study, tables=(TableEntry(id, len(frame), tuple(frame), ""),))


def test_published_talk_is_that_of_the_brand(tmp_path: Path) -> None:
    talk = pd.DataFrame({"week": ["2025-01-06"] * 2, "brand": ["us", "them"], "negative": [0.1, 0.2]})
    said = published(tmp_path, "talk", "sentiment_index", talk)
    mine = comment_index(said, "us")
    assert mine is not None
    assert mine["brand"].tolist() == ["us"]
    assert comment_index(None, "us") is None
    with pytest.raises(ParamsError, match="brand is ''; sentiment_index knows them, us"):
        comment_index(said, "")


def test_columns_that_the_study_does_not_have_are_no_columns() -> None:
    table = pd.DataFrame({"week": ["2025-01-06"], "value": [1.0], "region": [None]})
    assert list(read_table(table)) == ["week", "value"]


def test_looking_back_needs_to_be_asked_for_and_needs_history(mix: Mix) -> None:
    table = pd.DataFrame()
    asked = backtest_section(table, table, mix, BudgetSpec(backtest=0), 1)
    assert asked.note.startswith("Not looked back: `backtest`")
    failed = replace(mix, gates=(Gate("holdout", False, "Off."),))
    assert backtest_section(table, table, failed, BudgetSpec(), 1).note.startswith("Not looked back: the model failed")
    short = backtest_section(table, table, replace(mix, weeks=mix.weeks[:44]), BudgetSpec(), 1)
    assert short.note.startswith("History is too short to look back: outcome: 44 weeks")


def test_what_compiled_code_writes_does_not_reach_the_report(capfd: pytest.CaptureFixture[str]) -> None:
    write = ctypes.CDLL(None).puts
    with silent():
        write(b"inside")
    write(b"outside")
    ctypes.CDLL(None).fflush(None)
    assert capfd.readouterr().out == "outside\n"


def test_rules_and_notes_call_channels_by_their_names(story: BudgetStory, mix: Mix) -> None:
    rules = story["plan"].tables[1].frame["rule"].tolist()
    assert any(rule.startswith("weibo not below") for rule in rules)
    named = compose(mix, QUICK, 1, names={"weibo": "微博"})["plan"].tables[1].frame["rule"].tolist()
    assert any(rule.startswith("微博 not below") for rule in named)
