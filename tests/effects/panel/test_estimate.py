"""Panels: planted effects are found, and nothing that should not matter does."""

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

LIFT = 0.08


def ar(rng: np.random.Generator, rho: float, sd: float, days: int) -> np.ndarray:
    shocks = rng.normal(0, sd, days)
    for t in range(1, days):
        shocks[t] = rho * shocks[t - 1] + np.sqrt(1 - rho**2) * shocks[t]
    return shocks


def cities(
    seed: int, units: int = 10, days: int = 60, after: int = 14, rho: float = 0.5, treated: int = 1, size: float = 5.0
) -> pd.DataFrame:
    """Cities that share shocks; the treated ones gain `LIFT` and are `size` times the largest control."""
    rng = np.random.default_rng([seed, 7])
    time = np.arange(days)
    level = rng.uniform(1000, 3000, units)
    level[:treated] = size * level.max()
    logs = np.log(level)[:, None] + 0.1 * (time % 7 >= 5) + rng.normal(1, 0.1, (units, 1)) * ar(rng, 0.8, 0.06, days)
    logs = logs + np.stack([ar(rng, rho, 0.04, days) for _ in range(units)])
    on = (np.arange(units) < treated)[:, None] & (time >= days - after)
    without = np.exp(logs)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"city {k}" for k in range(units)], days),
            "date": np.tile(pd.date_range("2024-03-04", periods=days), units),
            "outcome": (without * np.where(on, 1 + LIFT, 1)).ravel(),
            "treated": on.ravel(),
            "without": without.ravel(),
        }
    )


def table(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="without")


def true_effect(frame: pd.DataFrame) -> float:
    return float((frame["outcome"] - frame["without"])[frame["treated"]].mean())


def quick(**more: object) -> EffectSpec:
    return EffectSpec.model_validate({"design": "panel", "replays": 0, **more})


def failed(effect: Effect) -> set[str]:
    return {gate.id for gate in effect.gates if not gate.passed}


@pytest.fixture(scope="module")
def known() -> tuple[pd.DataFrame, Effect]:
    frame = cities(3)
    return frame, effects.estimate(table(frame), EffectSpec(design="panel"))


def test_the_simulated_brands_campaign_is_inside() -> None:
    tables = simulate(CAMPAIGNS, date(2025, 1, 1), date(2025, 12, 31), 1)
    effect = effects.estimate(tables["panel"].to_pandas(), EffectSpec(design="panel"))
    truth = tables["truth_campaigns"].to_pandas().query("design == 'panel'").set_index("unit")
    low, high = effect.interval()
    assert low < truth.loc["all", "effect"] < high
    assert effect.cells == truth.loc["all", "units"]
    assert effect.detail.spend == pytest.approx(truth.loc["all", "spend"])
    for row in effect.detail.units.itertuples():
        assert row.low < truth.loc[row.unit, "effect"] < row.high
    assert effect.passed
    assert "hull" in failed(effect)


def test_intervals_cover_at_their_level() -> None:
    """40 panels; an honest 95 % interval misses more than 6 of them in 0.3 % of all seeds."""
    inside = 0
    for seed in range(40):
        frame = cities(seed, days=45)
        low, high = effects.estimate(table(frame), quick()).interval()
        inside += low <= true_effect(frame) <= high
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
        other = other.assign(unit=other["unit"].map(lambda name: f"{7 * int(name[-1]) % 10} {name}"))
    found = effects.estimate(other, EffectSpec(design="panel"))
    assert found.interval() == pytest.approx([scale * end for end in effect.interval()], rel=1e-5)
    assert found.relative_interval() == pytest.approx(effect.relative_interval(), rel=1e-5)
    assert [gate.passed for gate in found.gates] == [gate.passed for gate in effect.gates]


def test_an_additive_panel_around_zero_is_told_on_the_raw_scale() -> None:
    frame = table(cities(4, size=1.0))
    frame["outcome"] = frame["outcome"] - 1500
    low, high = effects.estimate(frame, quick()).interval()
    assert effects.estimate(frame, quick()).detail.scale == "raw"
    assert low < high


def test_the_interval_carries_the_noise_of_the_path_and_its_memory() -> None:
    """The sum of autocorrelated noise is not known better than its own standard deviation: not the expectation's."""
    for rho in (0.0, 0.8):
        lag = np.abs(np.subtract.outer(np.arange(14), np.arange(14)))
        least = 0.04 * np.sqrt((rho**lag).mean())
        found = [effects.estimate(table(cities(seed, rho=rho, days=90)), quick()) for seed in range(3)]
        assert np.mean([effect.relative.std() for effect in found]) > 0.8 * least


def test_treated_units_that_share_shocks_do_not_count_twice() -> None:
    """A shock that the treated units share, and no control, stays in their mean however many there are."""
    frame = table(cities(2, units=14, days=90, treated=4, size=1.2))
    shared = pd.Series(ar(np.random.default_rng(8), 0.5, 0.06, 90), index=frame["date"].unique())
    names = [f"city {k}" for k in range(4)]
    mine = frame["unit"].isin(names)
    frame.loc[mine, "outcome"] *= np.exp(frame.loc[mine, "date"].map(shared))
    whole = effects.estimate(frame, quick()).relative.std()
    alone = effects.estimate(frame[~frame["unit"].isin(names[1:])], quick()).relative.std()
    assert whole > 0.7 * alone


def test_starts_may_be_staggered() -> None:
    frame = cities(5, units=14, days=75, after=28, treated=3, size=1.1)
    late = frame["unit"].eq("city 2") & (frame["date"] < "2024-05-01")
    frame.loc[late, "outcome"] = frame.loc[late, "without"]
    frame.loc[late, "treated"] = False
    effect = effects.estimate(table(frame), quick())
    low, high = effect.interval()
    assert low < true_effect(frame) < high
    assert effect.cells == frame["treated"].sum()
    assert sorted(effect.detail.units["cells"]) == sorted(frame.groupby("unit")["treated"].sum().loc[lambda n: n > 0])


def test_missing_days_are_missing_not_zero(known: tuple[pd.DataFrame, Effect]) -> None:
    frame, effect = known
    gone = frame["unit"].eq("city 0") & frame["date"].isin(pd.to_datetime(["2024-03-20", "2024-03-21", "2024-04-25"]))
    found = effects.estimate(table(frame[~gone]), quick())
    assert found.cells == effect.cells - 1
    bands = found.detail.bands
    assert len(bands) == 57
    assert (bands["observed"] > 0).all()
    assert found.middle == pytest.approx(effect.middle, abs=np.diff(effect.interval())[0] / 2)


def test_controls_that_start_late_are_set_aside_and_said() -> None:
    frame = table(cities(6))
    late = frame["unit"].eq("city 4") & (frame["date"] < "2024-04-10")
    effect = effects.estimate(frame[~late], quick())
    gate = next(gate for gate in effect.gates if gate.id == "complete")
    assert not gate.passed
    assert "city 4 lacks 37 of 60 periods (first row 2024-04-10)" in gate.detail
    assert "city 4" not in set(effect.detail.weights["control"])


def test_a_control_that_jumps_is_named_and_can_be_left_out() -> None:
    frame = table(cities(7, units=6))
    jump = frame["unit"].eq("city 3") & (frame["date"] >= "2024-04-19")
    frame.loc[jump, "outcome"] *= 1.6
    effect = effects.estimate(frame, quick())
    gate = next(gate for gate in effect.gates if gate.id == "contamination")
    assert not gate.passed
    assert "city 3" in gate.detail
    assert "contamination" not in failed(effects.estimate(frame, quick(leave_out=["city 3"])))


@pytest.mark.parametrize("days", [3, 4])
def test_a_handful_of_periods_before_blocks(days: int) -> None:
    frame = table(cities(8, days=days + 14))
    effect = effects.estimate(frame, EffectSpec(design="panel"))
    assert not effect.passed
    assert {"pre_periods", "replays"} <= failed(effect)
    assert np.isfinite(effect.average).all()


def test_few_replays_block() -> None:
    effect = effects.estimate(table(cities(9, units=4, days=34)), EffectSpec(design="panel"))
    assert "replays" in failed(effect)
    assert not effect.passed


def test_methods_stand_side_by_side(known: tuple[pd.DataFrame, Effect]) -> None:
    comparison = known[1].detail.comparison.set_index("method")
    assert list(comparison.index) == ["model", "difference-in-differences", "synthetic control", "autoregression"]
    assert "no weights that sum to one reach" in comparison.loc["synthetic control", "note"]
    assert "fixed, where the model sees the treated drift by" in comparison.loc["difference-in-differences", "note"]
    assert "It sees no control: whatever moved them too" in comparison.loc["autoregression", "note"]
    low, high = known[1].interval()
    for name, row in comparison.drop("model").iterrows():
        said = "Agrees with the model." if low <= row["effect"] <= high else "Lies outside the model's interval."
        assert row["note"].startswith(said), name
    assert comparison.loc["model", "effect"] == pytest.approx(known[1].middle)


def test_bands_sum_to_the_effect(known: tuple[pd.DataFrame, Effect]) -> None:
    effect = known[1]
    bands, last = effect.detail.bands, effect.detail.cumulative.iloc[-1]
    assert bands["campaign"].sum() == effect.cells
    assert last["middle"] == pytest.approx(np.median(effect.total))
    assert (bands["low"] <= bands["high"]).all()


def _bad(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    city = frame["unit"].eq("city 0")
    if what == "from day one":
        return frame.assign(treated=city)
    if what == "no control":
        return frame[city]
    if what == "nobody":
        return frame.assign(treated=False)
    if what == "not a number":
        return frame.assign(outcome=frame["outcome"].where(frame.index != 5))
    if what == "twice":
        return pd.concat([frame, frame.iloc[[3]]])
    if what == "no column":
        return frame.drop(columns="treated")
    return frame.assign(date="soon")


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("from day one", "city 0 is treated from its first day on"),
        ("no control", "no unit shows what would have been"),
        ("nobody", "no row has `treated` true"),
        ("not a number", "outcome is not a number for unit city 0 on 2024-03-09"),
        ("twice", "city 0 has more than one row on 2024-03-07"),
        ("no column", "column treated is missing"),
        ("no date", "cannot be read as dates"),
    ],
)
def test_what_cannot_answer_is_said_in_one_line(what: str, says: str) -> None:
    with pytest.raises(DataError, match=says) as told:
        effects.estimate(_bad(table(cities(1)), what), quick())
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"start": "someday"}, "start is 'someday', which is not a day"),
        ({"start": "2024-05-01", "end": "2024-04-01"}, "before start"),
        ({"covariates": ["weather"]}, "covariates names 'weather'"),
        ({"leave_out": ["city 99"]}, "leave_out names 'city 99'"),
    ],
)
def test_parameters_that_cannot_be_used(params: dict[str, object], says: str) -> None:
    with pytest.raises(ParamsError, match=says):
        effects.estimate(table(cities(1)), quick(**params))


def test_spend_of_zero_is_said() -> None:
    effect = effects.estimate(table(cities(1)).assign(spend=0.0), quick())
    assert effect.detail.spend == 0
    assert "spend" in failed(effect)
