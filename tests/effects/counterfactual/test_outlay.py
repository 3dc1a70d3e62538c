"""What a campaign cost beyond the usual, also where it is ads that were switched off."""

import numpy as np
import pandas as pd
import pytest

from reachbook.effects.counterfactual.outlay import Outlay, outlay
from reachbook.effects.panel import estimate as panel_estimate
from reachbook.effects.planning import panel as planning
from reachbook.effects.planning.plan_test import plan_test
from reachbook.effects.series import estimate as series_estimate
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError, ParamsError

BEFORE, DURING = (np.arange(4),), (np.arange(4, 6),)
PANEL, SERIES = EffectSpec(design="panel"), EffectSpec(design="series")


def panel(spend: str = "off") -> pd.DataFrame:
    """9 cities, 60 days; the first two treated in the last 20, where they spend nothing instead of 100 a day."""
    days = pd.date_range("2026-03-02", periods=60)
    frame = pd.DataFrame(
        [(f"c{k}", day, 100.0 + k + day.day % 5) for k in range(9) for day in days], columns=["unit", "date", "outcome"]
    )
    frame["treated"] = frame["unit"].isin(["c0", "c1"]) & (frame["date"] >= days[40])
    ordinary = 100.0 if spend != "only in it" else np.nan
    return frame.assign(spend=np.where(frame["treated"], {"off": 0.0, "up": 250.0}.get(spend, 70.0), ordinary))


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([5, 5, 5, 5, 5, 5], Outlay(-20.0, 20.0, 0.0)),
        ([5, 5, 5, 5, 10, 10], Outlay(-40.0, 40.0, 1.0)),
        ([0, 0, 0, 0, 0, 0], Outlay(-20.0, 20.0, 0.0)),
        ([5, 5, np.nan, 5, 10, 10], Outlay(-20.0, 20.0, 0.0)),
    ],
)
def test_the_usual_is_what_was_spent_before_moved_as_the_untreated_moved(others: list[float], expected: Outlay) -> None:
    spend = np.array([[10.0, 10, 10, 10, 0, 0], others])
    assert outlay(spend, BEFORE, DURING) == expected


def test_what_is_not_said_is_not_zero() -> None:
    past, now = [np.nan] * 4, [30.0, 30.0]
    assert outlay(np.array([[*past, *now]]), BEFORE, DURING) == Outlay(60.0, None)
    assert outlay(np.array([[10.0] * 4 + [30.0, np.nan]]), BEFORE, DURING) is None


@pytest.mark.parametrize(
    ("spend", "extra", "usual"), [("off", -4000, 4000), ("up", 6000, 4000), ("only in it", 2800, None)]
)
def test_spend_is_read_before_the_campaign_and_for_controls(spend: str, extra: float, usual: float | None) -> None:
    """Two cities over 20 days: 40 cells at 100 a day are usual."""
    assert panel_estimate.checked(panel(spend), PANEL).spend == Outlay(extra, usual)


def test_a_series_knows_its_own_past_alone() -> None:
    one = panel().query("unit == 'c0'").drop(columns="unit")
    assert series_estimate.checked(one, SERIES).spend == Outlay(-2000.0, 2000.0)


def test_cost_is_spend_and_no_control() -> None:
    seen = panel_estimate.checked(panel().rename(columns={"spend": "cost"}), PANEL)
    assert seen.spend == Outlay(-4000.0, 4000.0)
    assert seen.covariates == {}


def test_what_a_run_refuses_is_refused_by_the_check_alone() -> None:
    with pytest.raises(DataError, match="no row has `treated` true"):
        panel_estimate.checked(panel().assign(treated=False), PANEL)
    with pytest.raises(DataError, match="leaves fewer than two controls"):
        planning.checked(panel().query("unit in ('c0', 'c1')"), EffectSpec(design="panel", plan=True))
    with pytest.raises(ParamsError, match="plan is true and design is 'series'"):
        plan_test(panel(), EffectSpec(design="series", plan=True), 0)
