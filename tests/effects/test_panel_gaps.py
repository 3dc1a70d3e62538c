"""Panels with holes: missing cells are missing cells, what never varies is left out, and nothing ends in algebra."""

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from helpers.panel_tables import gate, quick, table
from reachbook.effects.counterfactual.missing_cells import fill, weekdays
from reachbook.effects.panel import estimate as panel_estimate
from reachbook.errors import DataError, ParamsError

LIFT = 0.05


def panel(
    seed: int, units: int = 6, days: int = 50, after: int = 10, treated: int = 1, noise: float = 0.02
) -> pd.DataFrame:
    """Shops that share a market and a weekend; the treated gain 5% in the last days."""
    rng = np.random.default_rng([seed, 51])
    time = np.arange(days)
    logs = np.log(rng.uniform(60, 400, units))[:, None] + 0.1 * (time % 7 >= 5) + rng.normal(0, 0.05, days)
    on = (np.arange(units) < treated)[:, None] & (time >= days - after)
    outcome = np.exp(logs + rng.normal(0, noise, (units, days))) * np.where(on, 1 + LIFT, 1)
    return table(outcome, on)


def test_a_control_that_lacks_a_day_stays() -> None:
    """32 controls of which each lacks one of 38 days: none leaves, and the effect is that of the whole table."""
    frame = panel(1, units=34, days=38, after=8, treated=2)
    at = pd.to_datetime("2026-01-05") + pd.to_timedelta(frame["unit"].str[1:].astype(int) + 2, "D")
    gone = (frame["date"] == at) & ~frame["unit"].isin(["c0", "c1"])
    assert gone.sum() == 32
    whole, effect = effects.estimate(frame, quick()), effects.estimate(frame[~gone], quick())
    assert len(effect.detail.weights) == 32
    assert effect.relative_interval() == pytest.approx(whole.relative_interval(), abs=0.004)
    check = gate(effect, "complete")
    assert (check.passed, check.level) == (False, "warn")
    assert "32 of 32 untreated units" in check.detail
    assert "32 of 1,216 cells" in check.detail


def test_it_blocks_where_most_leave() -> None:
    frame = panel(2, units=5)
    late = frame["unit"].isin(["c2", "c3", "c4"]) & (frame["date"] < "2026-02-01")
    check = gate(effects.estimate(frame[~late], quick()), "complete")
    assert (check.passed, check.level) == (False, "block")
    for name in ("c2", "c3", "c4"):
        assert f"{name} lacks 27 of 50 periods (first row 2026-02-01)" in check.detail
    left = gate(effects.estimate(frame[~late], quick(leave_out=["c2", "c3", "c4"])), "complete")
    assert left.passed


def test_many_that_leave_are_counted() -> None:
    frame = panel(3, units=20)
    late = frame["unit"].isin([f"c{k}" for k in range(10, 18)]) & (frame["date"] < "2026-02-01")
    check = gate(effects.estimate(frame[~late], quick()), "complete")
    assert "8 of 19 untreated units lack more than 33% of 50 periods and were set aside" in check.detail
    assert "and 3 more" in check.detail
    assert check.level == "warn"


def test_what_is_read_into_a_hole_adds_nothing() -> None:
    """Levels times movements, some cells away: exactly these come back, whatever the scale."""
    rng = np.random.default_rng(4)
    level, movement = rng.uniform(1, 9, (5, 1)), rng.uniform(0.5, 2, (1, 12))
    gone = np.zeros((5, 12), dtype=bool)
    gone[[0, 1, 2, 3], [3, 3, 7, 11]] = True
    for values in (level * movement, level + movement - 5):
        np.testing.assert_allclose(
            fill(np.where(gone, np.nan, values)), values, rtol=0.15 if values.min() < 0 else 1e-6
        )


def test_weekdays_that_never_occur_have_no_column() -> None:
    time = np.array([0, 1, 2, 7, 8, 9, 14])
    assert weekdays(time, np.arange(6)).shape == (7, 2)
    assert np.linalg.matrix_rank(np.column_stack([np.ones(7), weekdays(time, np.arange(7))])) == 3
    np.testing.assert_array_equal(weekdays(np.arange(21), np.arange(21)), np.arange(21)[:, None] % 7 == np.arange(6))


def _sundays(frame: pd.DataFrame, who: str) -> pd.DataFrame:
    sunday, weekend = frame["date"].dt.day_of_week == 6, frame["date"].dt.day_of_week >= 5
    gone = {
        "nobody": sunday,
        "one control": sunday & (frame["unit"] == "c3"),
        "no control at weekends": weekend & (frame["unit"] != "c0"),
        "treated": sunday & (frame["unit"] == "c0"),
        "before alone": sunday & (frame["date"] < "2026-02-14"),
        "but three days": frame["date"].dt.day_of_week >= 3,
    }
    return frame[~gone[who]]


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("nobody", "the table lacks every Sunday"),
        ("one control", "c3 has no row on every Sunday"),
        ("no control at weekends", "14 of 50 periods lack most untreated units and were not used"),
        ("treated", "no treated unit has a row on every Sunday"),
        ("before alone", "c0 has no such weekday before the campaign, not used: 2026-02-15, 2026-02-22"),
        ("but three days", "the table lacks every Thursday, Friday, Saturday and Sunday"),
    ],
)
def test_a_weekday_may_be_missing(who: str, says: str) -> None:
    effect = effects.estimate(_sundays(panel(5), who), quick())
    low, high = effect.relative_interval()
    assert low < LIFT < high
    assert high - low < 0.15
    check = gate(effect, "complete")
    assert says in check.detail
    assert (check.passed, check.level) == (False, "warn")


def test_days_with_many_gaps_stay_days() -> None:
    frame = panel(6)
    seen = panel_estimate.checked(frame[np.random.default_rng(1).random(len(frame)) > 0.4], quick())
    assert seen.daily
    assert (np.diff(seen.time) > 0).all()


def test_missing_cells_are_neither_fitted_nor_counted() -> None:
    frame = panel(7)
    gone = (frame["unit"] == "c4") & (frame["date"] == "2026-02-20")
    seen = panel_estimate.checked(frame[~gone], quick())
    unit, at = seen.units.index("c4"), int(np.flatnonzero(seen.dates == "2026-02-20")[0])
    assert seen.missing.sum() == 1
    assert at not in seen.rows(unit, np.arange(50))
    assert np.isfinite(seen.outcome[unit, at])


def _still(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    treated = frame["unit"] == "c0"
    changed = {
        "controls zero": frame["outcome"].where(treated, 0.0),
        "controls the same": frame["outcome"].where(treated, 7.0),
        "everything the same": frame["outcome"] * 0 + 3,
        "treated zero": frame["outcome"].where(~treated, 0.0),
        "treated zero before": frame["outcome"].where(~treated | frame["treated"], 0.0),
    }
    return frame.assign(outcome=changed[what])


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("controls zero", "none of 5 untreated units ever moves"),
        ("controls the same", "none of 5 untreated units ever moves"),
        ("everything the same", "none of 5 untreated units ever moves"),
        ("treated zero", r"c0 never moves before the campaign \(it is always 0\)"),
        ("treated zero before", r"c0 never moves before the campaign \(it is always 0\)"),
    ],
)
def test_what_never_moves_is_said_in_a_line(what: str, says: str) -> None:
    with pytest.raises(DataError, match=says) as told:
        panel_estimate.checked(_still(panel(8), what), quick())
    assert "\n" not in str(told.value)


def test_columns_and_controls_that_never_vary_are_left_out_and_said() -> None:
    frame = panel(9).assign(constant=4, flag=lambda each: each["treated"].astype(int))
    frame.loc[frame["unit"] == "c5", "outcome"] = 0.0
    seen = panel_estimate.checked(frame, quick())
    assert seen.covariates == {}
    assert "c5" not in seen.units
    told = "; ".join(seen.left_out)
    for says in (
        "c5 never moved, left out",
        "column constant never moves",
        "column flag never moves before the campaign",
    ):
        assert says in told


def _odd(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One of many ways in which a table may be degenerate."""
    other = frame["unit"] == "c1"
    twin = frame.groupby("date")["outcome"].transform("first")
    ways = [
        frame.assign(outcome=np.round(frame["outcome"] / 100)),
        frame.assign(outcome=frame["outcome"].where(~other, 2 * twin)),
        frame.assign(outcome=-frame["outcome"]),
        frame.assign(a=twin, b=2 * twin, c=1.0),
        frame[rng.random(len(frame)) > rng.choice([0.1, 0.3, 0.6])],
        frame.assign(outcome=frame["outcome"].where(rng.random(len(frame)) > 0.5, 0.0)),
        frame.assign(outcome=100.0 + frame["date"].dt.day_of_week + frame["unit"].str[1:].astype(float)),
        frame.assign(date=pd.Timestamp("2024-01-01") + 7 * (frame["date"] - frame["date"].min())),
    ]
    return ways[int(rng.integers(len(ways)))]


@pytest.mark.parametrize("seed", range(12))
def test_no_table_ends_in_algebra(seed: int) -> None:
    """Either a number that is one, or a sentence."""
    rng = np.random.default_rng([seed, 52])
    days = int(rng.integers(6, 45))
    frame = panel(seed, units=int(rng.integers(2, 6)), days=days, after=int(rng.integers(1, max(2, days // 3))))
    try:
        effect = effects.estimate(_odd(frame, rng), quick())
    except (DataError, ParamsError):
        return
    assert np.isfinite(effect.average).all()


def test_copies_that_leave_no_solution_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def singular(*_: object) -> None:
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(panel_estimate, "relative", singular)
    with pytest.raises(DataError, match="copies of each other"):
        effects.estimate(panel(1), quick())


def test_a_column_that_the_campaign_moved_hides_nothing() -> None:
    """Orders beside revenue: held fixed, they take the whole effect away. Nobody said that they stood apart."""
    rng = np.random.default_rng(10)
    frame = panel(10, days=60).assign(orders=lambda each: each["outcome"] / 80 * rng.normal(1, 0.005, len(each)))
    check = gate(effects.estimate(frame, quick()), "covariates")
    assert (check.passed, check.level) == (False, "block")
    assert "orders" in check.detail
    named = gate(effects.estimate(frame, quick(covariates=["orders"])), "covariates")
    assert (named.passed, named.level) == (False, "warn")
    apart = effects.estimate(frame, quick(leave_out=["orders"]))
    assert gate(apart, "covariates").passed
    low, high = apart.relative_interval()
    assert low < LIFT < high


def test_too_few_replays_asked_for_is_not_too_few_periods() -> None:
    assert "replays is 0" in gate(effects.estimate(panel(11), quick()), "replays").detail
