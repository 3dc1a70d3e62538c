"""The steady plan's money parted over weeks: rows that add up, weeks that work better, and what earlier weeks carry."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers import known_mix
from reachbook.budget.advice.gain import corrected
from reachbook.budget.advice.steady_plan import SteadyPlan, advise, plannable
from reachbook.budget.advice.weekly_plan import Ahead, WeeklyPlan, peaks, retention, timing
from reachbook.budget.flight.schedule import Flight
from reachbook.budget.model.mix import Mix
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.spec import BudgetSpec

WEEKS = 4
FIRST = "2026-03-02"
"""The first week after the 60 of the mix."""


def spec(**more: object) -> BudgetSpec:
    return BudgetSpec.model_validate({"value_per_unit": 1.0, "margin": 0.5, "horizon_weeks": WEEKS} | more)


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


@pytest.fixture(scope="module")
def steady(mix: Mix) -> SteadyPlan:
    return advise(plannable(mix, spec(change=0.5), 1), spec(change=0.5), oracles=2)


@pytest.fixture(scope="module")
def plain(mix: Mix, steady: SteadyPlan) -> WeeklyPlan:
    return timing(mix, steady, spec(change=0.5))


def test_each_channel_gets_over_all_weeks_what_the_plan_gives_it(steady: SteadyPlan, plain: WeeklyPlan) -> None:
    np.testing.assert_allclose(plain.flight.spend.sum(axis=1), WEEKS * steady.plan.spend, rtol=1e-6)
    assert plain.flight.weeks == (FIRST, "2026-03-09", "2026-03-16", "2026-03-23")
    assert plain.past.shape == (3, 26)
    assert plain.notes == ()


def test_timing_is_never_worse_than_spreading_evenly(plain: WeeklyPlan) -> None:
    assert plain.beyond_even >= -1e-9


def test_a_week_that_works_better_gets_more_and_makes_timing_worth_more(
    mix: Mix, steady: SteadyPlan, plain: WeeklyPlan
) -> None:
    found = timing(mix, steady, spec(change=0.5, peaks={"2026-03-11": 3.0}))
    assert found.flight.spend.sum(axis=0).argmax() == 1
    assert found.beyond_even > 10 * max(plain.beyond_even, 0.0)


def test_going_on_as_now_gains_nothing(mix: Mix) -> None:
    fixed = dict(zip(mix.channels, known_mix.CURRENT.tolist(), strict=True))
    limits = {name: {"low": each, "high": each} for name, each in fixed.items()}
    still = spec(limits=limits)
    found = timing(mix, advise(plannable(mix, still, 1), still, oracles=2), still)
    np.testing.assert_allclose(found.net, 0.0, atol=1e-6)
    assert found.beyond_even == pytest.approx(0.0, abs=1e-9)


def test_weeks_together_gain_what_so_many_steady_weeks_do_once_all_has_arrived(
    mix: Mix, steady: SteadyPlan, plain: WeeklyPlan
) -> None:
    """Four weeks, of which the first lack and the tail adds what carries over: between three and five steady gains."""
    ratio = np.median(plain.net) / np.median(steady.net)
    assert 0.75 * WEEKS < ratio < 1.25 * WEEKS


def test_weekly_rules_that_no_amounts_of_the_plan_keep_change_the_amounts_and_say_so(
    mix: Mix, steady: SteadyPlan
) -> None:
    """douyin may not be used in three of four weeks, so that it cannot take what the plan gives it."""
    closed = {"douyin": ["2026-03-02", "2026-03-09", "2026-03-16"]}
    found = timing(mix, steady, spec(change=0.5, blackout=closed))
    np.testing.assert_allclose(found.flight.spend[0, :3], 0.0, atol=1e-9)
    assert found.flight.spend[0].sum() < WEEKS * steady.plan.spend[0]
    assert found.notes[0].endswith("So channels get what their weeks allow instead")
    assert "douyin" in found.notes[0]


@pytest.mark.parametrize("closed", [(), ("2026-03-02", "2026-03-09", "2026-03-16")])
def test_a_gain_is_that_of_the_amounts_which_are_booked(mix: Mix, steady: SteadyPlan, closed: tuple[str, ...]) -> None:
    """Where both halves of the draws choose the same plan, judging by the other half changes nothing."""
    alike = replace(steady, gain=replace(steady.gain, halves=(steady.plan, steady.plan)))
    asked = spec(change=0.5, blackout={"douyin": list(closed)})
    found = timing(mix, alike, asked)
    ahead = Ahead(found.past, steady.plan.spend, np.ones(WEEKS), asked.tail_weeks)
    kept, now = retention(mix, steady.curves), np.repeat(steady.now[:, None], WEEKS, axis=1)
    then, booked = (ahead.outcome(steady.curves, kept, each) for each in (now, found.flight.spend))
    net = 0.5 * (booked - then) - (found.flight.spend.sum() - now.sum())
    np.testing.assert_allclose(found.net, corrected(net), atol=1e-6)


def test_weeks_that_allow_no_plan_at_all_are_refused(mix: Mix, steady: SteadyPlan) -> None:
    with pytest.raises(Infeasible):
        timing(mix, steady, spec(change=0.5, limits={"weibo": {"low": 10.0}}, minimum={"weibo": 1e6}))


def test_another_adstock_is_planned_by_its_mean_lag_and_said(mix: Mix, steady: SteadyPlan) -> None:
    found = timing(mix, steady, spec(change=0.5, adstock="weibull"))
    assert found.notes == ("weeks are planned with a geometric adstock of the same mean lag as the weibull one",)


SPENDS = arrays(float, (3, 5), elements=st.floats(0, 1e6, allow_subnormal=False))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(SPENDS)
def test_what_is_booked_week_by_week_adds_up_to_the_cent(spend: np.ndarray) -> None:
    """Rounding is carried from week to week, so that a channel's cents add up to its rounded sum."""
    channels, weeks = ("a", "b", "c"), tuple(f"2026-03-0{k}" for k in range(1, 6))
    flight = Flight(channels, weeks, spend, 0.0, 0.0, 0.0, 0.0, 0.0, np.zeros((1, 3)), (), ())
    table = WeeklyPlan(flight, np.zeros((3, 1)), np.zeros(1), 0.0, ()).table(channels)
    assert list(table["week"]) == list(weeks)
    booked = table[list(channels)].to_numpy()
    np.testing.assert_allclose(booked.sum(axis=0), spend.sum(axis=1), atol=0.0051)
    assert np.abs(booked - spend.T).max() <= 0.0101
    np.testing.assert_allclose(table["total"], booked.sum(axis=1))


def test_without_carry_over_weeks_bring_what_their_curves_say(steady: SteadyPlan) -> None:
    """Each week alone, times its factor; nothing comes from before and nothing is left after."""
    on = steady.curves
    weights, spend = np.array([1.0, 2.0]), np.array([[40.0, 10.0], [30.0, 0.0], [5.0, 20.0]])
    ahead = Ahead(np.full((3, 2), 50.0), np.zeros(3), weights, 3)
    found = ahead.outcome(on, np.zeros((on.draws, 3)), spend)
    alone = sum(times * on.outcome(week).sum(axis=1) for times, week in zip(weights, spend.T, strict=True))
    np.testing.assert_allclose(found, alone)


def test_carry_over_comes_in_from_before_and_goes_on_after(steady: SteadyPlan) -> None:
    on, none = steady.curves, np.zeros((3, 2))
    kept = np.full((on.draws, 3), 0.5)
    without = Ahead(none, np.zeros(3), np.ones(2), 3).outcome(on, kept, none)
    before = Ahead(none + 50.0, np.zeros(3), np.ones(2), 3).outcome(on, kept, none)
    assert (without == 0).all()
    assert (before > 0).all()
    short, long = (Ahead(none, np.zeros(3), np.ones(2), tail).outcome(on, kept, none + 40.0) for tail in (0, 3))
    assert (long > short).all()


def test_weeks_with_a_peak_have_its_factor_and_others_one() -> None:
    labels = (FIRST, "2026-03-09", "2026-03-16")
    assert peaks(spec(peaks={"2026-03-15": 1.5}), labels).tolist() == [1.0, 1.5, 1.0]
    assert peaks(spec(), labels).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("draws", [100, 7])
def test_retention_is_that_of_the_draws_that_the_curves_keep(mix: Mix, draws: int) -> None:
    told = replace(mix, retention=np.repeat(np.arange(100.0)[:, None], 3, axis=1))
    kept = retention(told, replace(plannable(mix, spec(), 1), response=np.zeros((draws, 3, 25))))
    assert kept.shape == (draws, 3)
    assert (kept[0, 0], kept[-1, 0]) == (0.0, 99.0)
    assert (np.diff(kept[:, 0]) > 0).all()
