"""What other tools get wrong, one test each; where a trap concerns one design alone, its own tests have it too."""

import re

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from helpers import experiment_tables
from helpers.campaign import compose
from reachbook.effects.effect import Effect
from reachbook.effects.sections.story import CampaignStory
from reachbook.effects.spec import EffectSpec

DAYS, AFTER, NOISE = 120, 21, 0.03


def ar(rng: np.random.Generator, rho: float, sd: float, days: int) -> np.ndarray:
    shocks = rng.normal(0, sd, days)
    for t in range(1, days):
        shocks[t] = rho * shocks[t - 1] + np.sqrt(1 - rho**2) * shocks[t]
    return shocks


def brand(seed: int, rho: float = 0.5, before: int = DAYS - AFTER) -> pd.DataFrame:
    """One series without any effect, beside a control that it follows."""
    rng = np.random.default_rng([seed, 31])
    days = before + AFTER
    market = ar(rng, 0.8, 0.08, days)
    return pd.DataFrame(
        {
            "date": pd.date_range("2024-01-08", periods=days),
            "outcome": 50_000 * np.exp(0.7 * market + ar(rng, rho, NOISE, days)),
            "treated": np.arange(days) >= before,
            "category": 1e6 * np.exp(market),
        }
    )


def cities(seed: int, rho: float = 0.5, before: int = DAYS - AFTER) -> pd.DataFrame:
    """Eight cities that share a market, the first of them in a campaign without any effect."""
    rng = np.random.default_rng([seed, 32])
    days = before + AFTER
    market = ar(rng, 0.8, 0.08, days)
    logs = np.log(1000 + 300 * np.arange(8))[:, None] + market + np.stack([ar(rng, rho, NOISE, days) for _ in range(8)])
    return pd.DataFrame(
        {
            "unit": np.repeat([f"city {k}" for k in range(8)], days),
            "date": np.tile(pd.date_range("2024-01-08", periods=days), 8),
            "outcome": np.exp(logs).ravel(),
            "treated": (np.arange(8)[:, None] == 0).repeat(days, 1).ravel() & np.tile(np.arange(days) >= before, 8),
        }
    )


def told(design: str, frame: pd.DataFrame, **more: object) -> Effect:
    spec = EffectSpec.model_validate({"design": design, "replays": 0, "calendar": "none", **more})
    return effects.estimate(frame, spec)


FRAMES = {"panel": cities, "series": brand}


@pytest.mark.parametrize("design", FRAMES)
def test_the_prior_does_not_know_the_currency(design: str) -> None:
    """Trap: a prior on the raw scale, under which the effect changes when euros become cents."""
    frame = FRAMES[design](1)
    small, large = (told(design, frame.assign(outcome=frame["outcome"] * size)) for size in (1e-4, 1e5))
    np.testing.assert_allclose(small.relative, large.relative, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("design", FRAMES)
def test_the_interval_is_that_of_the_effect_not_of_its_expectation(design: str) -> None:
    """Trap: the band of the expected path, which leaves out the noise of the days that the effect is read from.

    The mean of 21 days of noise alone has this standard deviation; no honest interval is narrower.
    """
    lag = np.abs(np.subtract.outer(np.arange(AFTER), np.arange(AFTER)))
    least = NOISE * np.sqrt((0.5**lag).mean())
    found = np.mean([told(design, FRAMES[design](seed)).relative.std() for seed in range(3)])
    assert found > 0.9 * least


@pytest.mark.parametrize("design", FRAMES)
def test_days_that_are_correlated_do_not_count_as_independent(design: str) -> None:
    """Trap: independent residuals; 21 days with memory .8 say as much about their mean as 3 or 4 independent ones."""
    lag = np.abs(np.subtract.outer(np.arange(AFTER), np.arange(AFTER)))
    longer = np.sqrt((0.8**lag).mean() * AFTER)
    apart, close = (
        np.mean([told(design, FRAMES[design](seed, rho)).relative.std() for seed in range(3)]) for rho in (0.0, 0.8)
    )
    assert close > 0.6 * longer * apart


@pytest.mark.parametrize("design", FRAMES)
def test_missing_dates_are_not_filled_with_zero(design: str) -> None:
    """Trap: a gap read as a day without sales, which moves the effect by that day's whole outcome."""
    frame = FRAMES[design](2)
    unit = frame["unit"].eq("city 0") if "unit" in frame else pd.Series(True, index=frame.index)
    gone = unit & frame["date"].isin(pd.to_datetime(["2024-02-10", "2024-02-11", "2024-05-01"]))
    whole, part = told(design, frame), told(design, frame[~gone])
    assert part.cells == whole.cells - 1
    assert (part.detail.bands["observed"] > 0).all()
    assert abs(part.relative.mean() - whole.relative.mean()) < whole.relative.std() / 2


def test_revenue_of_few_buyers_is_not_capped_to_nothing() -> None:
    """Trap: capping at the 99th percentile, which is zero where fewer than one in a hundred buys."""
    rng = np.random.default_rng(33)
    arms = {
        name: (rng.random(40_000) < rate) * rng.lognormal(4, 0.5, 40_000)
        for name, rate in (("control", 0.004), ("a", 0.008))
    }
    frame = experiment_tables.table(arms)
    assert frame["outcome"].quantile(0.99) == 0
    effect = effects.estimate(frame, EffectSpec(kind="revenue"))
    low, high = effect.interval()
    assert 0 < low < 0.004 * np.exp(4 + 0.125) < high
    assert effect.detail.arms[1].observed == pytest.approx(arms["a"].mean())


def story(frame: pd.DataFrame, **more: object) -> CampaignStory:
    return compose(frame, EffectSpec.model_validate({"outcome": "outcome", **more}), 1)


def said(found: CampaignStory) -> str:
    """Everything that the page says of the effect, without the checks on how it was told."""
    notes = [part.note for part in found.sections.values()]
    drawn = [each.alt for part in found.sections.values() for each in part.figures]
    return " ".join([found.decision, *found.grounds, *(each.label for each in found.findings), *notes, *drawn])


def test_no_second_answer_stands_beside_the_interval() -> None:
    """Trap: a credible interval beside a p-value of another method, which say the opposite of each other."""
    for bought in (520, 560, 620):
        frame = experiment_tables.table(
            {"control": np.r_[np.ones(500), np.zeros(9500)], "a": np.r_[np.ones(bought), np.zeros(10_000 - bought)]}
        )
        found = story(frame)
        assert not re.search(r"\bp ?[=<]|p-value|significan", said(found))
        assert found.effect is not None
        low, high = found.effect.interval()
        above = found.effect.probability_above(0)
        assert (low > 0) == (above > 0.975)
        assert (high < 0) == (above < 0.025)


@pytest.mark.parametrize("design", FRAMES)
@pytest.mark.parametrize("before", [3, 4])
def test_a_handful_of_periods_before_never_lets_anybody_act(design: str, before: int) -> None:
    """Trap: placebo tests of synthetic controls on 4 periods, which reject at a rate of .40 where .05 is stated."""
    effect = told(design, FRAMES[design](4, before=before), replays=40)
    assert not effect.passed
    assert "pre_periods" in {gate.id for gate in effect.gates if not gate.passed}


def test_the_chance_of_being_best_is_no_proof() -> None:
    """Trap: "97 % chance to win" read as p = .03, where one in ten null tests shows 95 % for one arm or the other."""
    frame = experiment_tables.table(
        {"control": np.r_[np.ones(500), np.zeros(9500)], "a": np.r_[np.ones(558), np.zeros(9442)]}
    )
    found = story(frame, value_per_unit=10.0, margin_low=1.0, margin_high=1.0, spend=0.0)
    assert found.effect is not None
    assert 0.95 < found.effect.detail.best.best < 0.975
    assert "The chance that it raises the outcome at all is 96%." in found.decision


def test_null_tests_are_called_sure_as_rarely_as_stated() -> None:
    """One look at a level of .95: of 100 null tests 5 are expected at most, more than 11 in .4 % of seeds."""
    rng = np.random.default_rng(34)
    bought = rng.binomial(2000, 0.05, (100, 2))
    sure = 0
    for a, b in bought:
        arms = {"control": np.r_[np.ones(a), np.zeros(2000 - a)], "a": np.r_[np.ones(b), np.zeros(2000 - b)]}
        low, high = effects.estimate(experiment_tables.table(arms)).interval()
        sure += low > 0 or high < 0
    assert sure <= 11


def test_a_cost_of_zero_is_said_in_every_design() -> None:
    free = experiment_tables.conversions(3, rates=(0.05, 0.08)).assign(cost=0.0)
    stories = [
        story(free),
        compose(cities(5).assign(spend=0.0), EffectSpec(design="panel", replays=0), 1),
        compose(brand(5).assign(spend=0.0), EffectSpec(design="series", replays=0, calendar="none"), 1),
    ]
    for found in stories:
        check = next(each for each in found.gates if each.id == "spend")
        assert not check.passed
        assert "spend is 0" in check.detail
        assert "iroas" not in {each.id for each in found.findings}
