"""Series: slips, holes and weekdays as in a panel; a control is said to have moved as rarely as is stated."""

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from reachbook.effects.counterfactual.gates import contamination
from reachbook.effects.effect import Effect
from reachbook.effects.series import estimate as series_estimate
from reachbook.effects.series import gates as series_gates
from reachbook.effects.series.model import line
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError
from reachbook.verdict import Gate

LIFT, SLIP = 0.1, "2026-03-18"


def brand(seed: int, days: int = 90, after: int = 14, lift: float = LIFT) -> pd.DataFrame:
    """One series with a weekend, that follows one control series."""
    rng = np.random.default_rng([seed, 71])
    time, market = np.arange(days), np.zeros(days)
    for t in range(1, days):
        market[t] = 0.85 * market[t - 1] + rng.normal(0, 0.04)
    logs = np.log(50_000) + 0.15 * (time % 7 >= 5) + 0.7 * market + rng.normal(0, 0.03, days)
    on = time >= days - after
    outcome, category = np.exp(logs) * np.where(on, 1 + lift, 1), 100 * np.exp(market)
    dates = pd.date_range("2026-01-05", periods=days)
    return pd.DataFrame({"date": dates, "outcome": outcome, "treated": on, "category": category})


def quick(**more: object) -> EffectSpec:
    return EffectSpec.model_validate({"design": "series", "replays": 0, "calendar": "none", **more})


def gate(effect: Effect, id: str) -> Gate:
    return next(gate for gate in effect.gates if gate.id == id)


@pytest.mark.parametrize("column", ["outcome", "category"])
def test_one_day_mistyped_blocks_and_is_named(column: str) -> None:
    """20 times too high; a true 10% is what is left without it."""
    day = brand(1)["treated"].idxmax() + 5
    frame = brand(1)
    name = f"{frame.loc[day, 'date']:%Y-%m-%d}"
    frame.loc[day, column] *= 20
    effect = effects.estimate(frame, quick())
    check = gate(effect, "one_period")
    assert (check.passed, check.level) == (False, "block")
    assert check.detail.startswith(f"{name} alone carries the answer")
    assert effect.detail.influence.iloc[0]["without"] == pytest.approx(LIFT, abs=0.04)
    assert gate(effects.estimate(frame, quick(confirmed=[name])), "one_period").passed


def test_a_campaign_in_another_currency_blocks_though_all_its_days_agree() -> None:
    check = gate(effects.estimate(brand(1, lift=6.0), quick()), "other_unit")
    assert (check.passed, check.level) == (False, "block")
    assert "times what was expected: that looks like another currency" in check.detail
    assert not [each for each in effects.estimate(brand(1), quick()).gates if each.id == "other_unit"]


def test_one_day_before_is_named() -> None:
    frame = brand(2)
    frame.loc[40, "outcome"] *= 20
    check = gate(effects.estimate(frame, quick()), "past_period")
    assert not check.passed
    assert check.detail.startswith("2026-02-14, before the campaign")


def test_a_clean_series_passes() -> None:
    effect = effects.estimate(brand(3), quick())
    assert gate(effect, "one_period").passed
    assert gate(effect, "past_period").passed
    assert "a period counts by its size" in effect.detail.estimand


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ("sundays", "the table lacks every Sunday"),
        ("sundays before", "series has no such weekday before the campaign"),
        ("but three days", "the table lacks every Thursday, Friday, Saturday and Sunday"),
    ],
)
def test_a_weekday_may_be_missing(gone: str, says: str) -> None:
    frame = brand(4, days=120)
    day = frame["date"].dt.day_of_week
    away = {"sundays": day == 6, "sundays before": (day == 6) & ~frame["treated"], "but three days": day >= 3}[gone]
    effect = effects.estimate(frame[~away], quick())
    low, high = effect.relative_interval()
    assert low < LIFT < high
    assert says in gate(effect, "complete").detail


def test_single_holes_in_many_control_series_are_bridged_and_counted() -> None:
    """30 control series of which each lacks another day: not thirty days, and no series, leave."""
    rng = np.random.default_rng(5)
    frame = brand(5, days=60)
    for k in range(30):
        frame[f"x{k}"] = (frame["category"] * rng.normal(1, 0.02, 60)).where(np.arange(60) != 10 + k)
    seen = series_estimate.checked(frame, quick())
    assert len(seen.covariates) == 31
    assert len(seen.time) == 60
    assert "30 of 1,860 cells of 30 control series" in "; ".join(seen.left_out)
    np.testing.assert_allclose(seen.covariates["x3"][0, 13], frame["category"][13], rtol=0.25)


def test_few_holes_cost_their_days_which_are_named() -> None:
    frame = brand(6)
    frame.loc[[20, 30], "category"] = np.nan
    seen = series_estimate.checked(frame, quick())
    assert len(seen.time) == 88
    assert "2 of 90 periods lack a control series and were not used: 2026-01-25, 2026-02-04" in seen.left_out


def test_what_never_moves_is_left_out_or_refused() -> None:
    frame = brand(7).assign(constant=3.0, flag=lambda each: each["treated"].astype(int))
    seen = series_estimate.checked(frame, quick())
    assert list(seen.covariates) == ["category"]
    assert sum("never moves before the campaign" in told for told in seen.left_out) == 2
    with pytest.raises(DataError, match="never moves before the campaign"):
        series_estimate.checked(frame.assign(outcome=5.0), quick())


@pytest.mark.parametrize("seed", range(6))
def test_no_series_ends_in_algebra(seed: int) -> None:
    """Copies, constants, zeros, holes and few days: either a number that is one, or a sentence."""
    rng = np.random.default_rng([seed, 72])
    frame = brand(seed, days=int(rng.integers(5, 50)), after=int(rng.integers(1, 4)))
    ways = [
        frame.assign(a=frame["outcome"], b=2 * frame["outcome"]),
        frame.assign(outcome=-frame["outcome"], a=1.0),
        frame[rng.random(len(frame)) > 0.4],
        frame.assign(outcome=np.round(frame["outcome"] / 3e4)),
        frame.assign(category=frame["category"].where(rng.random(len(frame)) > 0.3)),
        frame.assign(outcome=frame["outcome"].where(rng.random(len(frame)) > 0.5, 0.0)),
    ]
    try:
        effect = effects.estimate(ways[seed], quick())
    except DataError:
        return
    assert np.isfinite(effect.average).all()


def test_a_single_control_that_jumps_is_sure() -> None:
    """By half: no series that wanders as this one did before goes there by itself."""
    frame = brand(8, days=120)
    frame.loc[frame["treated"], "category"] *= 1.5
    seen = series_estimate.checked(frame, quick())
    table = series_gates.suspects(seen, line(seen, "none"))
    assert table["sure"].all()


def test_a_single_control_that_wanders_is_not() -> None:
    """16 clean series: at the stated rate of one in a hundred, two or more are sure for 1% of all seeds."""
    sure = 0
    for seed in range(16):
        seen = series_estimate.checked(brand(seed, days=75, lift=0.0), quick())
        sure += int(series_gates.suspects(seen, line(seen, "none"))["sure"].sum())
    assert sure <= 1


def test_only_a_sure_one_blocks() -> None:
    seen = series_estimate.checked(brand(9), quick())
    row = {"control": ["category"], "error": [0.2], "standardised": [3.0], "suspect": [True]}
    levels = [contamination(seen, pd.DataFrame({**row, "sure": [sure]}), 2.0, 1.0).level for sure in (True, False)]
    assert levels == ["block", "warn"]


def leaning(seed: int, moved: float = 0.0) -> pd.DataFrame:
    """A quiet series that follows the first and the second of three controls; the campaign lifts the first by `moved`.

    Its weekends are twice its weekdays: the mean of its logarithms is not the logarithm of its mean.
    """
    rng = np.random.default_rng([seed, 73])
    time, hidden = np.arange(100), np.zeros((100, 3))
    for t in range(1, 100):
        hidden[t] = 0.7 * hidden[t - 1] + rng.normal(0, 0.04, 3)
    logs = np.log(50_000) + 0.7 * (time % 7 >= 5) + hidden @ [0.6, 0.4, 0.0] + rng.normal(0, 0.004, 100)
    on = time >= 79
    controls = {f"x{k}": 100 * np.exp(hidden[:, k]) * np.where(on & (k == 0), 1 + moved, 1) for k in range(3)}
    outcome = np.exp(logs) * np.where(on, 1 + LIFT, 1)
    return pd.DataFrame(
        {"date": pd.date_range("2026-01-05", periods=100), "outcome": outcome, "treated": on, **controls}
    )


def test_leaving_out_a_control_that_says_nothing_hardly_moves_the_effect() -> None:
    effect = effects.estimate(leaning(1), quick())
    rows = effect.detail.left_out_one.set_index("control")
    assert abs(rows.loc["x2", "effect"] - effect.middle) < 0.3 * rows.loc["x2", "half_width"]


def test_controls_that_count_do_not_block_by_counting() -> None:
    """12 clean series: at the stated rate of one in twenty, three or more block for 2% of all seeds."""
    assert sum(not gate(effects.estimate(leaning(seed), quick()), "one_control").passed for seed in range(12)) <= 2


def test_a_control_that_the_campaign_moved_blocks_and_is_named() -> None:
    check = gate(effects.estimate(leaning(2, moved=0.4), quick()), "one_control")
    assert (check.passed, check.level) == (False, "block")
    assert "the largest of 3 such changes (x0; 100% is allowed). It hangs on that one" in check.detail


def test_the_comparison_without_controls_stands_on_the_same_mean() -> None:
    """Where no control helps, the model without any says nearly the same."""
    frame = leaning(3).drop(columns=["x0", "x1"])
    effect = effects.estimate(frame, quick())
    rows = effect.detail.comparison.set_index("method")["effect"]
    low, high = effect.interval()
    assert abs(rows["autoregression"] - rows["model"]) < 0.15 * (high - low) / 2


def test_the_margin_counts_the_controls_that_say_something() -> None:
    """One that says all is held against 95 %, two against 97.5 % each; one that says nothing changes neither."""
    margins = [series_gates.contradiction_margin(np.array(each), 0.001) for each in ([1.0], [1.0, 1.0])]
    np.testing.assert_allclose(margins, [1.0, 2.2414 / 1.95996], rtol=1e-4)
    assert series_gates.contradiction_margin(np.array([1.0, 1.0, 0.00100001]), 0.001) == pytest.approx(margins[1])
