"""The media mix against a brand whose truth is known: one fit, looked at from all sides."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from reachbook import budget
from reachbook.budget.model import mix
from reachbook.budget.model.extrapolation import response_beyond
from reachbook.budget.model.history import history
from reachbook.budget.model.mix import Mix
from reachbook.budget.model.outliers import spikes
from reachbook.budget.model.priors import priors
from reachbook.budget.model.response import OF_ALL
from reachbook.budget.model.spec import MixSpec
from reachbook.demo import columns, media

SPEC = MixSpec(draws=500)


@pytest.fixture(scope="module")
def truth() -> media.Media:
    return media.media(156, columns.day_number(date(2026, 6, 30)), 7)


@pytest.fixture(scope="module")
def tables(truth: media.Media) -> tuple[pd.DataFrame, pd.DataFrame]:
    return media.table(truth, 7).to_pandas(), media.outcome(truth, 7)[0].to_pandas()


@pytest.fixture(scope="module")
def fitted(tables: tuple[pd.DataFrame, pd.DataFrame]) -> Mix:
    return mix.fit(*tables, SPEC, seed=1)


def by_name(fitted: Mix, values: np.ndarray) -> np.ndarray:
    """True values, (channels, ...), in the order of the fit."""
    names = [channel.name for channel in media.CHANNELS]
    return values[[names.index(name) for name in fitted.channels]]


def test_gates_hold(fitted: Mix) -> None:
    assert fitted.passed, [gate for gate in fitted.gates if not gate.passed]
    worst = fitted.convergence.worst.removesuffix("[0]")
    assert worst in OF_ALL or worst.split(" of ")[1] in fitted.channels
    assert {gate.id for gate in fitted.gates} >= {"convergence", "holdout", "predictive", "prior", "collinearity"}


def test_intervals_hold_the_truth(fitted: Mix, truth: media.Media) -> None:
    """Intervals of 98 %: all of 12 hold the truth with a chance of about 0.8; the seed is one where they do."""
    roi = by_name(fitted, truth.contribution.sum(axis=1) / truth.spend.sum(axis=1))
    low, high = np.quantile(fitted.roi, [0.01, 0.99], axis=0)
    assert ((low < roi) & (roi < high)).all()
    kept = by_name(fitted, np.array([channel.retention for channel in media.CHANNELS]))
    low, high = np.quantile(fitted.retention, [0.01, 0.99], axis=0)
    assert ((low < kept) & (kept < high)).all()


def test_parts_add_up(fitted: Mix) -> None:
    sum_of_parts = (fitted.baseline + fitted.contribution.sum(axis=1)).mean(axis=0)
    assert np.corrcoef(sum_of_parts, fitted.value)[0, 1] > 0.97
    np.testing.assert_allclose(fitted.roi * fitted.spend.sum(axis=1), fitted.contribution.sum(axis=2))
    np.testing.assert_allclose(fitted.share * fitted.value.sum(), fitted.contribution.sum(axis=2))


def test_slope_of_the_curve_is_the_marginal_return(fitted: Mix) -> None:
    for c, now in enumerate(fitted.current):
        right = int(np.searchsorted(fitted.grid[c], now))
        rise = np.diff(fitted.response[:, c, right - 1 : right + 1]) / np.diff(fitted.grid[c, right - 1 : right + 1])
        np.testing.assert_allclose(np.median(rise), np.median(fitted.mroi[:, c]), rtol=0.05)


def test_curves_can_be_planned_on(fitted: Mix) -> None:
    plan = budget.best_plan(
        fitted.response[:200], fitted.grid, float(fitted.current.sum()),
        channels=fitted.channels, current=fitted.current, observed=fitted.observed,
    )  # fmt: skip
    assert plan.gap <= 1e-3
    assert (plan.spend <= fitted.observed * (1 + 1e-6)).all()
    assert (fitted.observed <= fitted.grid[:, -1] * (1 + 1e-9)).all()


def test_beyond_the_data_the_curve_is_less_certain(fitted: Mix) -> None:
    ahead = response_beyond(fitted, 2.0, points=41)
    half = ahead.grid.shape[1] // 2
    for c in range(len(fitted.channels)):
        inside = np.array([np.interp(ahead.grid[c, :half], fitted.grid[c], row) for row in fitted.response[:, c]])
        np.testing.assert_allclose(ahead.response[:, c, :half], inside)
    spread = np.log(ahead.response[:, :, [half, -1]]).std(axis=0)
    assert (spread[:, 1] > spread[:, 0]).mean() >= 0.5
    assert (np.diff(ahead.response, axis=2) >= -1e-6).all()
    rises = (ahead.response[:, :, -1] - ahead.response[:, :, half]) / ahead.response[:, :, half]
    assert (np.quantile(rises, 0.9, axis=0) > 1.5 * np.median(rises, axis=0)).all()


def test_spend_before_the_first_week_is_carried_in(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    late = tables[1].sort_values("week").iloc[20:]
    past = history(tables[0], late, SPEC)
    assert past.before.shape == (6, 20)
    lagged = past.lagged(3)
    np.testing.assert_array_equal(lagged[:, 3, 0], past.before[:, -3])
    np.testing.assert_array_equal(lagged[:, 0], past.spend)


def test_what_the_past_left_is_not_the_first_weeks_gift() -> None:
    """A burst before the first week works on in it: without it, the same spend would seem to have no carry-in."""
    week = pd.date_range("2024-01-01", periods=60, freq="7D")
    spend = np.r_[np.full(5, 100.0), np.full(55, 1.0)]
    media = pd.DataFrame({"week": week, "channel": "a", "spend": spend})
    outcome = pd.DataFrame({"week": week[5:], "value": 10.0 + np.arange(55) % 3})
    lagged = history(media, outcome, SPEC).lagged(3)
    assert lagged[0, :, 0].tolist() == [1.0, 100.0, 100.0, 100.0]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> MixSpec:
    """Few draws of one attempt: what is tested does not hang on their number."""
    monkeypatch.setattr(mix, "_ATTEMPTS", ((0.8, 1),))
    monkeypatch.setattr(mix, "_TUNE", 150)
    return MixSpec(draws=100, lags=3, season=1, saturation="michaelis_menten", calendar="none")


def small(step: int, periods: int, scale: float, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """One channel, idle at times, whose outcome follows its spend at once; weekends sell more. And its true return."""
    rng, week = np.random.default_rng(seed), pd.date_range("2024-01-01", periods=periods, freq=pd.Timedelta(days=step))
    spend = rng.uniform(0, 20, periods) * (rng.random(periods) < 0.7)
    brought = scale * spend / (10 + spend)
    value = 100 + (10 * (week.day_of_week >= 5) if step == 1 else 0) + brought + rng.normal(0, 2, periods)
    media = pd.DataFrame({"week": week, "channel": "a", "spend": spend})
    orders = np.full(periods, value.sum() / periods / 50)
    return media, pd.DataFrame({"week": week, "value": value, "orders": orders}), float(brought.sum() / spend.sum())


def test_regions_are_fitted_apart_and_added_up(quick: MixSpec) -> None:
    """Regions whose returns differ: each region's interval of 99.8 % holds its truth."""
    made = [small(7, 60, scale, seed) for scale, seed in ((20.0, 1), (50.0, 2))]
    media, outcome = (
        pd.concat([pair[k].assign(region=name) for pair, name in zip(made, "ns", strict=True)]) for k in (0, 1)
    )
    found = mix.fit(media, outcome, quick.model_copy(update={"level": 0.998}), 1)
    assert found.regions is not None
    for (low, high), pair in zip(found.regions[["roi_low", "roi_high"]].to_numpy(), made, strict=True):
        assert low < pair[2] < high
    np.testing.assert_allclose(found.value, sum(pair[1]["value"].to_numpy() for pair in made))
    np.testing.assert_allclose(found.spend[0], sum(pair[0]["spend"].to_numpy() for pair in made))
    np.testing.assert_allclose(found.contribution.sum(axis=2), found.roi * found.spend.sum(axis=1))
    assert found.regions["roi"].iloc[1] > found.regions["roi"].iloc[0]


def test_a_channel_that_brings_nothing_is_found(quick: MixSpec) -> None:
    """Beside two that pay: its return is below theirs and below 1 with certainty, and one more unit does not pay."""
    rng, week = np.random.default_rng(1), pd.date_range("2023-01-02", periods=104, freq="7D")
    spend = {name: rng.uniform(0, 20, 104) * (rng.random(104) < 0.7) for name in "abc"}
    brought = sum(30 * spend[name] / (10 + spend[name]) for name in "ab")
    media = pd.concat([pd.DataFrame({"week": week, "channel": name, "spend": spend[name]}) for name in "abc"])
    outcome = pd.DataFrame({"week": week, "value": 100 + brought + rng.normal(0, 3, 104)})
    found = mix.fit(media, outcome, quick, 1)
    low, high = np.quantile(found.roi, [0.01, 0.99], axis=0)
    assert high[2] < min(low[0], low[1], 0.8)
    assert (found.mroi[:, 2] > 1).mean() < 0.01
    assert np.median(found.share[:, 2]) < 0.2 * priors((history(media, outcome, quick),), quick).share[2]


def test_daily_tables_give_curves_by_week_and_cost_by_order(quick: MixSpec) -> None:
    """Interval of 99.8 % of the return; a kernel of days, curves of weeks."""
    media, outcome, truth = small(1, 300, 40.0, 3)
    found = mix.fit(media, outcome, quick.model_copy(update={"level": 0.998}), 1)
    low, high = np.quantile(found.roi[:, 0], [0.001, 0.999])
    assert low < truth < high
    assert found.step == 1
    assert found.kernel.shape[2] == 22
    assert found.grid[0, -1] == pytest.approx(7 * found.spend.max())
    at = np.searchsorted(found.grid[0], found.current[0])
    rise = np.diff(found.response[:, 0, at - 1 : at + 1])[:, 0] / np.diff(found.grid[0, at - 1 : at + 1])
    assert np.median(rise) == pytest.approx(np.median(found.mroi), rel=0.1)
    assert found.cac is not None
    np.testing.assert_allclose(found.cac, 50 / found.roi)
    assert "cac" in found.table()


@pytest.mark.parametrize(("times", "level"), [(1.0, None), (5.0, None), (10.0, "warn"), (1000.0, "block")])
def test_a_week_of_spend_that_stands_alone_is_named(times: float, level: str | None) -> None:
    """A slip of the pen bends a curve by itself; a channel that is spent in rare bursts is no slip."""
    weeks = pd.date_range("2024-01-01", periods=60, freq="7D")
    spend = np.random.default_rng(1).uniform(80, 120, (2, 60))
    spend[0, 30] = times * np.median(spend[0])
    spend[1, :55] = 0
    media = pd.DataFrame({"week": np.tile(weeks, 2), "channel": np.repeat(["a", "b"], 60), "spend": spend.ravel()})
    found = spikes((history(media, pd.DataFrame({"week": weeks, "value": 1000.0 + np.arange(60)}), MixSpec()),))
    assert [check.level for check in found] == ([] if level is None else [level])
    assert all("a 1" in check.detail or "a 9" in check.detail for check in found)
    assert all("on 2024-07-29" in check.detail and not check.passed for check in found)
