"""Series: planted effects are found, gaps stay gaps, and nothing that should not matter does."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from helpers.demo_brand import CAMPAIGNS
from reachbook.demo.store import simulate
from reachbook.effects.effect import Effect
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError, ParamsError
from reachbook.stats.calendar import festivals

LIFT = 0.1


def ar(rng: np.random.Generator, rho: float, sd: float, days: int) -> np.ndarray:
    shocks = rng.normal(0, sd, days)
    for t in range(1, days):
        shocks[t] = rho * shocks[t - 1] + np.sqrt(1 - rho**2) * shocks[t]
    return shocks


def brand(seed: int, days: int = 150, after: int = 21, rho: float = 0.5) -> pd.DataFrame:
    """One series with a control that it follows and one that it does not."""
    rng = np.random.default_rng([seed, 11])
    time = np.arange(days)
    market, weather = ar(rng, 0.85, 0.08, days), ar(rng, 0.7, 0.2, days)
    without = 50_000 * np.exp(0.15 * (time % 7 >= 5) + 0.7 * market + ar(rng, rho, 0.03, days))
    on = time >= days - after
    return pd.DataFrame(
        {
            "unit": "brand",
            "date": pd.date_range("2024-01-08", periods=days),
            "outcome": without * np.where(on, 1 + LIFT, 1),
            "treated": on,
            "category": 1e6 * np.exp(market),
            "weather": 20 + 10 * weather,
            "without": without,
        }
    )


def table(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="without")


def quick(**more: object) -> EffectSpec:
    return EffectSpec.model_validate({"design": "series", "replays": 0, "calendar": "none", **more})


def failed(effect: Effect) -> set[str]:
    return {gate.id for gate in effect.gates if not gate.passed}


@pytest.fixture(scope="module")
def known() -> tuple[pd.DataFrame, Effect]:
    frame = brand(3)
    return frame, effects.estimate(table(frame), quick(replays=20))


def test_the_simulated_brands_campaign_is_inside() -> None:
    tables = simulate(CAMPAIGNS, date(2025, 1, 1), date(2025, 12, 31), 1)
    effect = effects.estimate(tables["series"].to_pandas(), EffectSpec(design="series", replays=12))
    truth = tables["truth_campaigns"].to_pandas().query("design == 'series'").iloc[0]
    low, high = effect.interval()
    assert low < truth["effect"] < high
    assert effect.cells == truth["units"]
    weights = effect.detail.weights.set_index("control")["weight"]
    assert weights["search_index"] == pytest.approx(0.5, abs=0.15)
    assert abs(weights["temperature"]) < 0.1


def test_intervals_cover_at_their_level() -> None:
    """40 series; an honest 95 % interval misses more than 6 of them in 0.3 % of all seeds."""
    inside = 0
    for seed in range(40):
        frame = brand(seed, days=100, rho=(0.0, 0.5, 0.8, 0.9)[seed % 4])
        low, high = effects.estimate(table(frame), quick()).interval()
        inside += low <= float((frame["outcome"] - frame["without"])[frame["treated"]].mean()) <= high
    assert inside >= 34


@pytest.mark.parametrize("change", ["thousand", "shuffled", "renamed"])
def test_what_should_not_matter_does_not(known: tuple[pd.DataFrame, Effect], change: str) -> None:
    frame, effect = known
    other, scale = table(frame), 1.0
    if change == "thousand":
        other, scale = other.assign(outcome=other["outcome"] * 1000), 1000.0
    if change == "shuffled":
        other = other.sample(frac=1, random_state=5)
    if change == "renamed":
        other = other.assign(unit="someone else")
    found = effects.estimate(other, quick(replays=20))
    assert found.interval() == pytest.approx([scale * end for end in effect.interval()], rel=1e-5)
    assert [gate.passed for gate in found.gates] == [gate.passed for gate in effect.gates]


def test_the_interval_widens_with_the_memory_of_the_noise() -> None:
    """21 days of noise with memory .9 have three times the error of independent ones; an interval has to know."""
    wide, narrow = (
        np.mean([effects.estimate(table(brand(seed, rho=rho)), quick()).relative.std() for seed in range(3)])
        for rho in (0.9, 0.0)
    )
    assert wide > 1.8 * narrow


def test_missing_days_are_missing_not_zero(known: tuple[pd.DataFrame, Effect]) -> None:
    frame, effect = known
    found = effects.estimate(table(frame).drop(index=[30, 31, 32, 60, 140]), quick())
    assert found.cells == effect.cells - 1
    assert len(found.detail.bands) == 145
    assert found.middle == pytest.approx(effect.middle, abs=np.diff(effect.interval())[0] / 2)


def test_the_campaign_may_be_given_by_its_days() -> None:
    frame = table(brand(4))
    start, end = "2024-05-16", "2024-05-25"
    given = effects.estimate(frame.drop(columns="treated"), quick(start=start, end=end, cooldown_days=3))
    assert given.cells == 13
    assert str(given.detail.bands["date"].max().date()) == "2024-05-28"


def test_a_control_that_starts_late_is_set_aside_and_said() -> None:
    frame = table(brand(5))
    frame.loc[:60, "weather"] = np.nan
    effect = effects.estimate(frame, quick())
    gate = next(gate for gate in effect.gates if gate.id == "complete")
    assert "weather lacks 61 of 150 periods (first value 2024-03-09)" in gate.detail
    assert list(effect.detail.weights["control"]) == ["category"]


def test_without_control_series_nobody_should_act() -> None:
    effect = effects.estimate(table(brand(6))[["unit", "date", "outcome", "treated"]], quick(replays=20))
    assert "controls" in failed(effect)
    assert not effect.passed


def test_a_control_that_jumps_blocks() -> None:
    frame = table(brand(7))
    frame.loc[frame["treated"], "category"] *= 1.5
    effect = effects.estimate(frame, quick(replays=20))
    assert "contamination" in failed(effect)
    assert not effect.passed


def test_three_periods_before_block() -> None:
    effect = effects.estimate(table(brand(8, days=24)), quick(replays=20))
    assert {"pre_periods", "replays"} <= failed(effect)
    assert np.isfinite(effect.average).all()


def test_a_holiday_never_seen_before_is_said() -> None:
    effect = effects.estimate(table(brand(9)), quick(calendar="china"))
    gate = next(gate for gate in effect.gates if gate.id == "calendar")
    assert "618" in gate.detail
    assert not gate.passed
    assert gate.level == "warn"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"treated": True}, "treated from its first day on"),
        ({"treated": False}, "start is not set"),
        ({"outcome": np.nan}, "outcome is not a number"),
        ({"date": "2024-01-08"}, "more than one row on 2024-01-08"),
    ],
)
def test_what_cannot_answer_is_said_in_one_line(change: dict[str, object], says: str) -> None:
    with pytest.raises(DataError, match=says):
        effects.estimate(table(brand(1)).assign(**change), quick())


def test_two_units_are_no_series() -> None:
    frame = table(brand(1))
    with pytest.raises(DataError, match="use design: panel"):
        effects.estimate(pd.concat([frame, frame.assign(unit="other")]), quick())


def test_a_start_that_is_no_day() -> None:
    with pytest.raises(ParamsError, match="start is 'soon'"):
        effects.estimate(table(brand(1)), quick(start="soon"))


def test_holidays_follow_the_moon_and_the_shops() -> None:
    days = pd.date_range("2025-01-01", "2025-12-31")
    found = {name: days[here > 0] for name, here in festivals(days).items()}
    assert pd.Timestamp("2025-01-29") in found["Spring Festival"]
    assert pd.Timestamp("2025-05-31") in found["Dragon Boat"]
    assert pd.Timestamp("2025-10-06") in found["Mid-Autumn"]
    assert list(found["National Day"]) == list(pd.date_range("2025-10-01", "2025-10-07"))
    assert found["11.11"].max() == pd.Timestamp("2025-11-11")
    assert festivals(pd.date_range("2025-08-01", "2025-08-20")) == {}
