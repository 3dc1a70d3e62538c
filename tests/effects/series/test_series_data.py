"""One series as it was observed."""

import numpy as np
import pandas as pd
import pytest

from reachbook.effects.series.series_data import observe_series
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError

SPEC = EffectSpec(design="series")


def frame(days: int = 84) -> pd.DataFrame:
    """Twelve weeks of an outcome with a weekly rhythm, one control series, the last two weeks with the campaign."""
    day = np.arange(days)
    rhythm = np.tile([0.0, 1.0, 2.0, 3.0, 2.0, 1.0, 0.0], days // 7)
    made = pd.DataFrame({"date": pd.date_range("2026-01-05", periods=days), "outcome": 50 + rhythm + day % 5})
    return made.assign(treated=day >= days - 14, control=20 + 2 * rhythm)


def test_what_is_whole_comes_out_as_it_went_in() -> None:
    seen = observe_series(frame(), SPEC)
    assert seen.outcome[0].tolist() == frame()["outcome"].tolist()
    assert (len(seen.before[0]), len(seen.during[0]), seen.share_left_out) == (70, 14, 0.0)
    assert seen.covariates["control"][0].tolist() == frame()["control"].tolist()


def test_a_few_holes_of_a_control_series_cost_their_periods() -> None:
    made = frame()
    made.loc[[10, 30], "control"] = np.nan
    seen = observe_series(made, SPEC)
    assert len(seen.dates) == 82
    assert seen.share_left_out == pytest.approx(2 / 84)
    assert any("2 of 84 periods lack a control series" in line for line in seen.left_out)


def test_many_single_holes_are_bridged_with_the_weekday_s_own_distance() -> None:
    """The control is all rhythm, so that its neighbours and the weekday give the missing value exactly."""
    made = frame()
    made.loc[range(3, 70, 6), "control"] = np.nan
    seen = observe_series(made, SPEC)
    assert len(seen.dates) == 84
    assert seen.covariates["control"][0] == pytest.approx(frame()["control"].to_numpy())


def test_several_units_and_no_start_are_refused() -> None:
    two = pd.concat([frame().assign(unit="a"), frame().assign(unit="b")])
    with pytest.raises(DataError, match="has 2 units"):
        observe_series(two, SPEC)
    with pytest.raises(DataError, match="Say when the campaign began"):
        observe_series(frame().assign(treated=False), SPEC)
