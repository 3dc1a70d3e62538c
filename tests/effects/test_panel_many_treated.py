"""Panels in which many are treated: as sure as the sum allows, and no surer."""

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from reachbook.effects.counterfactual.panel_data import observe
from reachbook.effects.panel.model import relative, together
from reachbook.effects.panel.placebo import correlation
from reachbook.effects.spec import EffectSpec

LIFT, DAYS, AFTER = 0.06, 70, 20
QUICK = EffectSpec(design="panel", replays=0)


def path(rng: np.random.Generator, rho: float, sd: np.ndarray, days: int) -> np.ndarray:
    """Stationary AR(1) paths, one row for each deviation in `sd`."""
    shocks = rng.normal(0, 1, (len(sd), days))
    for t in range(1, days):
        shocks[:, t] = rho * shocks[:, t - 1] + np.sqrt(1 - rho**2) * shocks[:, t]
    return shocks * sd[:, None]


def stores(seed: int, units: int, treated: int, noise: np.ndarray, shared: float = 0.0) -> tuple[pd.DataFrame, float]:
    """Stores that share a common movement, the first ones treated; `shared` is noise common to the treated alone."""
    rng = np.random.default_rng([seed, 31])
    time, level = np.arange(DAYS), rng.lognormal(7, 0.5, units)
    logs = (
        np.log(level)[:, None]
        + 0.1 * (time % 7 >= 5)
        + rng.normal(1, 0.1, (units, 1)) * path(rng, 0.8, np.array([0.05]), DAYS)
    )
    logs = logs + path(rng, 0.5, noise, DAYS)
    mine = np.arange(units) < treated
    logs[mine] += path(rng, 0.5, np.array([shared]), DAYS)
    on = mine[:, None] & (time >= DAYS - AFTER)
    without = np.exp(logs)
    outcome = without * np.where(on, 1 + LIFT, 1)
    dates = np.tile(pd.date_range("2024-03-04", periods=DAYS), units)
    names = np.repeat([f"store {k:02d}" for k in range(units)], DAYS)
    frame = pd.DataFrame({"unit": names, "date": dates, "outcome": outcome.ravel(), "treated": on.ravel()})
    return frame, float((outcome - without)[on].mean())


def least(noise: float, count: int, rho: float = 0.5) -> float:
    """Standard deviation of a campaign's mean of `count` units' noise: what nobody can know less."""
    lag = np.abs(np.subtract.outer(np.arange(AFTER), np.arange(AFTER)))
    return float(noise * np.sqrt((rho**lag).mean() / count))


def test_intervals_of_many_cover_at_their_level_and_are_not_too_wide() -> None:
    """20 panels; an honest 95 % interval misses more than 4 of them in 0.3 % of all seeds.

    The sum over 12 of 24 units has the noise of 12 treated, 1.28 times the variance of equal ones as their sizes differ
    (e^.25), and of 12 controls; 20 days are held against 50: 1.8 times the least, and an allowance of 1.3 on that.
    """
    inside, wide = 0, []
    for seed in range(20):
        frame, truth = stores(seed, 24, 12, np.full(24, 0.08))
        effect = effects.estimate(frame, QUICK)
        low, high = effect.interval()
        inside += low <= truth <= high
        wide.append(effect.relative.std())
    assert inside >= 16
    known = np.sqrt((np.exp(0.25) + 1) * (1 + AFTER / (DAYS - AFTER))) * least(0.08, 12)
    assert least(0.08, 12) < np.mean(wide) < 1.3 * known


def test_five_treated_stores_show_an_effect_of_six_percent() -> None:
    """Noise of 5 % with memory .5 leaves the mean of five known to about 1.3 %: 6 % is found nearly always."""
    found = 0
    for seed in range(6):
        low, _ = effects.estimate(stores(seed, 20, 5, np.full(20, 0.05))[0], QUICK).interval()
        found += low > 0
    assert found >= 5


def test_controls_that_stray_much_do_not_widen_the_interval() -> None:
    """Ten controls of which six have ten times the noise are worth the four quiet ones, not the mean of all ten."""
    noise = np.full(12, 0.03)
    quiet, noisy = [], []
    for seed in range(3):
        frame = stores(seed, 12, 2, np.where(np.arange(12) < 6, noise, 0.3))[0]
        few = frame[frame["unit"] < "store 06"]
        quiet.append(effects.estimate(few, QUICK).relative.std())
        noisy.append(effects.estimate(frame, QUICK).relative.std())
    assert np.mean(noisy) < 1.25 * np.mean(quiet)


def test_what_the_treated_share_stays_in_their_sum() -> None:
    """A shock of the treated alone does not average out, however many there are."""
    apart = effects.estimate(stores(1, 24, 12, np.full(24, 0.05))[0], QUICK).relative.std()
    shared = effects.estimate(stores(1, 24, 12, np.full(24, 0.05), shared=0.08)[0], QUICK).relative.std()
    assert shared > 0.6 * least(0.08, 1)
    assert shared > 2 * apart


def test_units_sum_to_the_whole() -> None:
    frame, _ = stores(2, 16, 6, np.full(16, 0.05))
    effect = effects.estimate(frame, QUICK)
    told = effect.detail.units
    assert len(told) == 6
    assert (told["effect"] * told["cells"]).sum() == pytest.approx(float(np.median(effect.total)), rel=0.05)
    assert told["relative"].between(-0.1, 0.25).all()
    assert (told["high"] - told["low"]).min() > 0


def test_units_that_start_together_are_one_sum_though_rows_are_missing() -> None:
    frame, truth = stores(3, 16, 6, np.full(16, 0.05))
    start = frame.loc[frame["treated"], "date"].min()
    late = frame["unit"].eq("store 05") & frame["date"].between(start, start + pd.Timedelta(days=6))
    frame.loc[late, "treated"] = False
    gone = frame["unit"].eq("store 00") & frame["date"].isin([start, frame["date"].max(), start - pd.Timedelta(days=9)])
    seen = observe(frame[~gone], QUICK)
    parties = [sorted(seen.units[unit] for unit in party.units) for party in together(seen)]
    assert sorted(parties) == [[f"store {k:02d}" for k in range(5)], ["store 05"]]
    target = relative(seen).target(together(seen)[0].unit)
    assert np.isfinite(target).all()
    low, high = effects.estimate(frame[~gone], QUICK).interval()
    assert low < truth < high


def test_many_controls_act_through_their_main_directions() -> None:
    """A treated store that follows a region of a fifth of 60 controls is told by that region."""
    frame, _ = stores(4, 61, 1, np.full(61, 0.03))
    region = pd.Series(path(np.random.default_rng(9), 0.7, np.array([0.12]), DAYS)[0], frame["date"].unique())
    mine = frame["unit"].isin([f"store {k:02d}" for k in (0, *range(49, 61))])
    frame.loc[mine, "outcome"] *= np.exp(frame.loc[mine, "date"].map(region))
    effect = effects.estimate(frame, QUICK)
    weights = effect.detail.weights.set_index("control")["weight"]
    assert weights[weights.index >= "store 49"].mean() > 2 * weights[weights.index < "store 49"].mean()
    assert len(weights) == 60


def holes(frame: pd.DataFrame, seed: int, share: float) -> pd.DataFrame:
    """The same without `share` of the treated units' cells, each unit on days of its own."""
    mine = frame["unit"].isin(frame.loc[frame["treated"], "unit"]).to_numpy()
    return frame[~(mine & (np.random.default_rng([seed, 7]).random(len(frame)) < share))]


def test_what_the_treated_share_stays_though_each_lacks_other_days() -> None:
    """No day on which all twelve have a row: their common shock still does not average out."""
    whole = stores(1, 24, 12, np.full(24, 0.05), shared=0.08)[0]
    few = holes(whole, 1, 0.4)
    seen = observe(few, QUICK)
    assert seen.missing[:12].any(axis=0).mean() > 0.95
    assert len(together(seen)) == 1
    assert effects.estimate(few, QUICK).relative.std() > 0.9 * effects.estimate(whole, QUICK).relative.std()


def test_starts_on_several_days_and_rows_on_others_are_not_taken_for_independent() -> None:
    """Six stores, a start each, every other day without a row, of odd stores the odd, of even the even."""
    frame, _ = stores(5, 18, 6, np.full(18, 0.02), shared=0.08)
    number, day = frame["unit"].str[-2:].astype(int), frame.groupby("unit").cumcount()
    frame = frame[(number >= 6) | (day % 2 == number % 2)].assign(treated=(number < 6) & (day >= 45 + number))
    seen = observe(frame, QUICK)
    scaled, parties = relative(seen), together(seen)
    fits = [scaled.fit(party.unit, seen.controls, party.before) for party in parties]
    joint = correlation([(found, party.before) for found, party in zip(fits, parties, strict=True)])
    assert len(parties) > 2
    assert np.linalg.eigvalsh(joint).min() > 0
    assert joint[np.triu_indices(len(parties), 1)].min() > 0.3


def test_a_sum_that_few_have_rows_of_in_the_campaign_is_wider() -> None:
    frame, _ = stores(6, 20, 8, np.full(20, 0.05))
    start = frame.loc[frame["treated"], "date"].min()
    gone = (frame["unit"] > "store 01") & (frame["unit"] < "store 08") & (frame["date"] >= start)
    last = frame["unit"].eq("store 02") & frame["date"].eq(frame["date"].max())
    seen = observe(frame[~gone | last | (frame["date"] == start)], QUICK)
    party = together(seen)[0]
    wide = relative(seen).thin(party.unit, party.before, party.during)
    assert len(party.units) == 8
    assert wide[0] == pytest.approx(1)
    assert (wide[1:] > 1.2).all()
    assert (relative(observe(frame, QUICK)).thin(party.unit, party.before, party.during) == 1).all()


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_intervals_cover_where_each_lacks_other_days(share: float) -> None:
    """12 panels; an honest 95 % interval misses more than 3 of them in 0.2 % of all seeds."""
    inside = 0
    for seed in range(12):
        frame, _ = stores(seed, 18, 6, np.full(18, 0.05), shared=0.03)
        low, high = effects.estimate(holes(frame, seed, share), QUICK).relative_interval()
        inside += low <= LIFT <= high
    assert inside >= 9
