"""Figures on the plan and its alternatives: what is drawn is what the alternative text says."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from helpers.drawn import legend, loss_and_gain, titles
from helpers.known_effect import STANDARD
from helpers.known_plan import spec, steady, unpriced
from reachbook.budget.advice.alternatives import Ranges
from reachbook.budget.advice.gain import corrected
from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.advice.steady_plan import SteadyPlan
from reachbook.budget.advice.weekly_plan import WeeklyPlan
from reachbook.budget.flight.schedule import Flight
from reachbook.budget.sections.plan_figures import caution, frontier, gain, gains, plan, weeks

MONEY, ORDERS = GainUnit.of(spec()), GainUnit.of(unpriced())
NAMES = {"weibo": "微博"}


@pytest.fixture(scope="module")
def advice() -> SteadyPlan:
    """weibo falls from 30 to 15, douyin rises from 40."""
    return steady(known_mix.mix(), spec())


def test_each_channel_goes_from_now_to_its_plan(advice: SteadyPlan) -> None:
    drawn = plan(advice, None, "CNY", NAMES)
    assert drawn.alt.startswith("Spend a week of each channel, now and in the plan. douyin from ¥40.00 to ¥")
    assert drawn.alt.endswith("; 微博 from ¥30.00 to ¥15.00.")
    assert legend(drawn.figure) == ["now", "plan, more", "plan, less"]
    lines = {str(each.get_label()): each for each in drawn.figure.axes[0].lines}
    assert list(lines["now"].get_xdata()) == [40, 30, 30]
    assert list(lines["plan, less"].get_xdata()) == pytest.approx([advice.plan.spend[1], 15])


def test_plans_as_good_as_the_best_are_drawn_behind_it(advice: SteadyPlan) -> None:
    near = Ranges(advice.plan, 0.01, advice.plan.spend - 2, advice.plan.spend + 3)
    drawn = plan(advice, near, "CNY", NAMES)
    assert "plans within 1.0% of the best" in legend(drawn.figure)
    (bands,) = drawn.figure.axes[0].collections
    ends = np.array([segment[:, 0] for segment in bands.get_segments()])  # type: ignore[attr-defined]
    np.testing.assert_allclose(ends, np.stack([near.low, near.high], axis=1))


@pytest.mark.parametrize("mean", [-2.0, 4.0, 60.0])
def test_the_orange_area_is_the_probability_of_a_loss(advice: SteadyPlan, mean: float) -> None:
    """Gains in outcome, of which half stays; up to four in a thousand draws lie outside what is drawn."""
    outcome = 2 * (mean + 3 * STANDARD)
    made = replace(advice, gain=replace(advice.gain, gain=outcome, extra=np.zeros(len(outcome))))
    net = corrected(0.5 * outcome)
    np.testing.assert_allclose(made.net, net)
    drawn = gain(made, 0.9)
    loss, won = loss_and_gain(drawn.figure)
    assert (loss, won) == pytest.approx(((net < 0).mean(), (net > 0).mean()), abs=0.0041)
    middle = f"{'−' if np.median(net) < 0 else ''}¥{abs(np.median(net)):.2f}"
    assert f"Half of it lies above {middle} a week (90.0% interval " in drawn.alt
    assert legend(drawn.figure) == ["expected", "as its own draws promise"]


def timed(past: int = 26) -> WeeklyPlan:
    """Three weeks of two channels after `past` ones."""
    flight = Flight(("douyin", "weibo"), ("2026-03-02", "2026-03-09", "2026-03-16"), np.arange(6.0).reshape(2, 3),
                    0, 0, 0, 0, 0, np.zeros((1, 2)), (), ())  # fmt: skip
    return WeeklyPlan(flight, np.arange(2.0 * past).reshape(2, past), np.zeros(1), 0.0, ())


def test_planned_weeks_follow_the_last_thirteen_that_were() -> None:
    drawn = weeks(timed(), "CNY", NAMES)
    assert titles(drawn.figure) == ["douyin", "微博"]
    assert legend(drawn.figure) == ["spent", "plan"]
    assert drawn.alt.endswith("the last 13 weeks as they were, and the 3 that are planned.")
    heights = [bar.get_height() for bar in drawn.figure.axes[0].patches]
    assert heights == [*range(13, 26), 0, 1, 2]
    starts = [bar.get_x() + bar.get_width() / 2 for bar in drawn.figure.axes[0].patches]
    assert np.diff(starts).tolist() == pytest.approx([7] * 15), "without a gap between what was and what is planned"


def test_a_short_past_is_drawn_whole() -> None:
    assert "the last 4 weeks as they were" in weeks(timed(4), "CNY", NAMES).alt


BUDGETS = pd.DataFrame({"money": [80.0, 100.0, 120.0], "low": [-9, -1, 0], "middle": [-5, 2, 1], "high": [0, 4, 6]})


def test_the_budget_that_leaves_most_is_named_where_gains_are_after_spend() -> None:
    drawn = frontier(BUDGETS, 100.0, 110.0, MONEY)
    assert "The most is expected at ¥100.00 a week, of those that were looked at." in drawn.alt
    assert legend(drawn.figure) == ["spent now", "plan"]
    assert drawn.figure.axes[0].get_ylabel() == "contribution after spend, a\nweek over today's"
    bare = frontier(BUDGETS, 100.0, 100.0, ORDERS)
    assert bare.alt.endswith("What they cost is not taken off.")
    assert legend(bare.figure) == ["spent now"], "a plan of today's money is no second line"
    assert bare.figure.axes[0].get_ylabel() == "orders before any cost, a week\nover today's"


def test_caution_is_told_from_the_plan_without_any_to_the_most_cautious() -> None:
    drawn = caution(np.array([200.0, 198.0, 190.0]), np.array([150.0, 155.0, 157.5]), MONEY)
    assert drawn.alt.endswith("gives up ¥10.00 a week on average and gains ¥7.50 in the worst cases.")
    (line,) = drawn.figure.axes[0].lines
    assert list(line.get_xdata()) == [0, 5, 7.5]
    assert list(line.get_ydata()) == [0, -2, -10]


@pytest.mark.parametrize(
    ("scale", "said"), [(MONEY, "more money ¥2.00 [−¥1.00, ¥4.00]"), (ORDERS, "more money 2 orders [")]
)
def test_what_ifs_are_told_in_their_unit(scale: GainUnit, said: str) -> None:
    rows = pd.DataFrame({"name": ["more money", "no weibo"], "low": [-1, -3], "middle": [2, 0], "high": [4, 1]})
    drawn = gains(rows.assign(sure=0.5), scale)
    assert said in drawn.alt
    assert drawn.alt.startswith(f"{scale.subject} that each what-if gains a week over today's spend.")
    axis = drawn.figure.axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["more money", "no weibo"]
    assert list(axis.lines[0].get_ydata()) == [1, 0], "the first stands at the top"
