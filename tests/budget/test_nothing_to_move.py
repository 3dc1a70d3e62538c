"""Where nothing can be moved no gain of nothing is told, and slips of the pen are named with their week."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from helpers.planned_budget import compose
from reachbook.budget.model.gates import _coverage
from reachbook.budget.model.holdout import Holdout, together
from reachbook.budget.model.mix import Mix
from reachbook.budget.model.outliers import outcome_spikes, spikes
from reachbook.budget.spec import BudgetSpec, FieldTest

WEEK = pd.date_range("2024-01-01", periods=120, freq="7D")
TEST = FieldTest(channel="douyin", extra_spend=5.0)


@pytest.fixture(scope="module")
def alone() -> Mix:
    return known_mix.ordered(known_mix.mix(), [0], ("douyin",))


@pytest.mark.parametrize("money", [{}, {"value_per_unit": 1.0, "margin": 0.5}])
def test_a_single_channel_is_asked_how_much_in_total(alone: Mix, money: dict[str, float]) -> None:
    told = compose(alone, BudgetSpec(horizon_weeks=1, tests=[TEST], **money), 1)  # type: ignore[arg-type]
    assert told.decision.startswith("Nothing can be moved: douyin is the only channel.")
    assert told.grounds[0].startswith("One more ¥1 a week would bring ")
    assert told.lead is not None
    found = {each.id for each in told.findings}
    assert "gain" not in found
    assert "next_unit" in found
    check = next(each for each in told.gates if each.id == "choice")
    assert (check.passed, check.level) == (False, "warn")
    assert check.detail.endswith("What can be told is how much to spend in total.")


def test_all_spend_in_one_channel_lately_leaves_no_choice_under_a_change_of_now() -> None:
    mix = known_mix.mix()
    lately = replace(mix, current=np.array([60.0, 0.0, 0.0]), observed=mix.observed + 60)
    told = compose(lately, BudgetSpec(change=0.3, horizon_weeks=1, tests=[TEST]), 1)
    assert told.decision.startswith(
        "Nothing can be moved: the rules leave one channel alone another amount than today's."
    )
    check = next(each for each in told.gates if each.id == "choice")
    assert check.detail.endswith("douyin had all money of the last 13 weeks.")
    assert "gain" not in {each.id for each in told.findings}


def test_a_channel_that_stopped_long_ago_is_told_from_before() -> None:
    mix = known_mix.mix()
    spend = mix.spend.copy()
    spend[0, -30:] = 0.0
    told = compose(
        replace(mix, spend=spend, current=np.array([0.0, 60.0, 40.0])), BudgetSpec(horizon_weeks=1, tests=[TEST]), 1
    )
    check = next(each for each in told.gates if each.id == "stopped")
    assert check.detail.startswith("The plan spends again where spend ended long ago: douyin (none for 30 weeks)")
    assert "Begin small with douyin, which had no money lately." in told.decision


def history(value: np.ndarray, spend: np.ndarray, region: str = "") -> Any:
    """As much of a history as the gates of slips read."""
    return SimpleNamespace(weeks=WEEK[: len(value)], value=value, spend=spend, channels=("a", "b"), region=region)


def quiet(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Outcome with season and noise of 8 %, spend log-normal (.5), one channel in bursts with idle weeks."""
    value = 1000 * (1 + 0.2 * np.sin(np.arange(120) / 8)) * np.exp(rng.normal(0, 0.08, 120))
    spend = 50 * np.exp(rng.normal(0, 0.5, (2, 120)))
    spend[1] *= rng.random(120) < 0.5
    return value, spend


@pytest.mark.parametrize("channel", [0, 1])
@pytest.mark.parametrize("weeks", [[40], [40, 41], [10, 60, 110]])
def test_weeks_of_media_typed_twenty_times_too_high_are_named(channel: int, weeks: list[int]) -> None:
    value, spend = quiet(np.random.default_rng(1))
    spend[channel, weeks] = 20 * 50.0
    for pasts in (
        (history(value, spend),),
        (history(value, quiet(np.random.default_rng(2))[1], "n"), history(value, spend, "s")),
    ):
        check = spikes(pasts)[0]
        assert (check.passed, check.level) == (False, "block")
        for k in weeks:
            assert f"{'ab'[channel]}{' in s' if len(pasts) > 1 else ''} 1,000 on {WEEK[k]:%Y-%m-%d}" in check.detail


@pytest.mark.parametrize("times", [20.0, 1 / 20])
@pytest.mark.parametrize("week", [0, 40, 119])
def test_a_week_of_outcome_typed_twenty_times_off_is_named(times: float, week: int) -> None:
    value, spend = quiet(np.random.default_rng(1))
    value[week] *= times
    check = outcome_spikes((history(value, spend),))[0]
    assert (check.passed, check.level) == (False, "block")
    assert f"on {WEEK[week]:%Y-%m-%d}, where" in check.detail


def test_quiet_histories_have_no_slips() -> None:
    """At most 1 in 100 histories with nothing wrong is said to hold a slip: of 400, 6 or fewer with a chance of .89."""
    rng, false = np.random.default_rng(3), 0
    for _ in range(400):
        pasts = (history(*quiet(rng)),)
        false += bool(spikes(pasts) or outcome_spikes(pasts))
    assert false <= 6


def test_a_forecast_outside_its_intervals_has_no_tick() -> None:
    known = np.ones(13)
    for inside, passed in ((0.54, False), (0.62, True), (0.92, True)):
        check = _coverage(Holdout(known, known, known, known, 0.01, 0.02, inside), 0.9, 7)[0]
        assert check.passed == passed
        assert (
            f"{inside * 100:.1f}% of the last 13 weeks, unseen, lie inside the 90.0% interval of the forecast (at least"
            in check.detail
        )


def test_what_moves_all_regions_does_not_cancel() -> None:
    """Twenty regions: the deviation of their sum is that of independent ones, or of one twenty times as large."""
    sigma = np.ones((1, 20))
    assert together(sigma, np.zeros((1, 1)))[0] == pytest.approx(np.sqrt(20))
    assert together(sigma, np.ones((1, 1)))[0] == pytest.approx(20)
    rng = np.random.default_rng(1)
    noise = np.sqrt(0.7) * rng.standard_normal((20_000, 20)) + np.sqrt(0.3) * rng.standard_normal((20_000, 1))
    assert noise.sum(axis=1).std() == pytest.approx(together(sigma, np.full((1, 1), 0.3))[0], rel=0.03)
