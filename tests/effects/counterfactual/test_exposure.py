"""Untreated units that had the campaign too, told from their own spend."""

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from reachbook.effects.counterfactual.exposure import exposure
from reachbook.effects.spec import EffectSpec
from reachbook.verdict import Gate

DAYS, AFTER, CITIES, TREATED = 70, 21, 14, 3
BEFORE, DURING = (np.arange(DAYS - AFTER),) * TREATED, (np.arange(DAYS - AFTER, DAYS),) * TREATED


def spending(seed: int, touched: int, dose: float = 0.8, usual: float = 0.0, lift: float = 1.0) -> np.ndarray:
    """Spend (cities, days): 100 a day more (times `lift`) in treated cities, `dose` of it in `touched` others.

    Beside it every city spends `usual`, which goes up and down by the day and rises by a third for all.
    """
    rng = np.random.default_rng([seed, 61])
    trend = np.where(np.arange(DAYS) < DAYS - AFTER, 1.0, 4 / 3)
    paid = usual * trend * rng.lognormal(0, 0.4, (CITIES, DAYS))
    paid[:TREATED, -AFTER:] += 100 * lift
    paid[TREATED : TREATED + touched, -AFTER:] += 100 * lift * dose
    return paid


def told(paid: np.ndarray) -> tuple[int, float]:
    """How many untreated cities count as exposed, and the dose of all."""
    found = exposure(paid, np.ones(CITIES), BEFORE, DURING)
    assert found is not None
    return len(found.units), found.dose


@pytest.mark.parametrize("touched", [2, 8])
def test_the_dose_is_what_untreated_units_spent_on_top(touched: int) -> None:
    found, dose = told(spending(1, touched))
    assert found == touched
    assert dose == pytest.approx(0.8 * touched / (CITIES - TREATED))


def test_usual_spend_that_moves_for_all_or_by_the_day_is_no_exposure() -> None:
    alarms = [told(spending(seed, 0, usual=150.0))[0] > 0 for seed in range(100)]
    assert sum(alarms) <= 2


def test_a_rise_from_some_spend_is_exposure_like_one_from_none() -> None:
    found, dose = told(spending(2, 5, usual=20.0))
    assert found == 5
    assert dose == pytest.approx(0.8 * 5 / 11, rel=0.1)


def test_cities_cut_with_the_treated_ones_are_exposed() -> None:
    found, _ = told(spending(3, 4, usual=0.0, lift=-1.0) + 120.0)
    assert found == 4


def test_spend_counts_for_the_size_of_a_city() -> None:
    paid, size = spending(4, 3), np.ones(CITIES)
    size[TREATED : TREATED + 3] = 20.0
    found = exposure(paid, size, BEFORE, DURING)
    assert found is not None
    assert found.units == ()


def test_nothing_is_said_of_spend_that_nobody_entered() -> None:
    paid = spending(5, 0)
    paid[TREATED:] = np.nan
    assert exposure(paid, np.ones(CITIES), BEFORE, DURING) is None


def panel(touched: int) -> pd.DataFrame:
    """The cities' outcome, which a day's spend of 100 raises by 10%."""
    rng, paid = np.random.default_rng(62), spending(6, touched)
    logs = np.log(800) + 0.03 * rng.standard_normal((CITIES, DAYS)) + 0.05 * rng.standard_normal(DAYS)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"city {k}" for k in range(CITIES)], DAYS),
            "date": np.tile(pd.date_range("2026-03-02", periods=DAYS), CITIES),
            "outcome": np.exp(logs + 0.1 * paid / 100).ravel(),
            "treated": ((np.arange(CITIES) < TREATED)[:, None] & (np.arange(DAYS) >= DAYS - AFTER)).ravel(),
            "spend": paid.ravel(),
        }
    )


def check(frame: pd.DataFrame, **more: object) -> Gate:
    spec = EffectSpec.model_validate({"design": "panel", "replays": 12, **more})
    return next(gate for gate in effects.estimate(frame, spec).gates if gate.id == "control_spend")


def test_controls_with_the_same_ads_block_and_are_named_until_they_are_left_out() -> None:
    frame = panel(6)
    found = check(frame)
    assert (found.passed, found.level) == (False, "block")
    assert "city 3" in found.detail
    assert "44%" in found.detail
    assert check(frame, leave_out=[f"city {k}" for k in range(3, 9)]).passed


def test_clean_controls_pass_and_a_little_warns() -> None:
    assert check(panel(0)).passed
    found = check(panel(1))
    assert (found.passed, found.level) == (False, "warn")
