"""Weeks that begin on other days are named with the units, not told as rows that are missing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import reachbook.effects as effects
from helpers.panel_tables import quick
from reachbook.effects import preflight
from reachbook.effects.counterfactual.week_starts import refuse_mixed
from reachbook.errors import DataError


def weekly(days: dict[str, int]) -> pd.DataFrame:
    """Thirty weeks of six cities from Monday, 5 January 2026 on; days : moves the weeks of a city."""
    rng = np.random.default_rng(1)
    names = [f"c{k}" for k in range(6)]
    dates = pd.date_range("2026-01-05", periods=30, freq="7D")
    made = [pd.DataFrame({"unit": name, "date": dates + pd.Timedelta(days=days.get(name, 0))}) for name in names]
    frame = pd.concat(made, ignore_index=True)
    frame["outcome"] = np.exp(6 + 0.03 * rng.standard_normal(len(frame)))
    return frame.assign(treated=(frame["unit"] == "c0") & (frame["date"] >= "2026-07-05"))


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        (
            {"c2": -1, "c4": -1},
            "most of them on Monday, but these on another: c2, c4 (c2 on Sunday, first on 2026-01-04)",
        ),
        ({"c0": 6}, "c0 (c0 on Sunday, first on 2026-01-11)"),
        ({"c1": 1, "c3": 2}, "c1, c3 (c1 on Tuesday, first on 2026-01-06)"),
    ],
)
def test_units_whose_weeks_begin_on_another_day_are_named(moved: dict[str, int], told: str) -> None:
    """Was: "c2 lacks 30 of 30 periods", and of the treated one "treated from its first day on"."""
    with pytest.raises(DataError) as caught:
        effects.estimate(weekly(moved), quick())
    assert told in str(caught.value).replace(" and ", ", ")
    assert str(caught.value).endswith("Write each week by the same day.")
    assert "\n" not in str(caught.value)


def test_validate_says_the_same(tmp_path: Path) -> None:
    frame = weekly({"c2": -1})
    frame.to_parquet(tmp_path / "panel.parquet")
    first, last = frame["date"].min().date(), frame["date"].max().date()
    with pytest.raises(DataError) as before:
        preflight.refuse(quick(), {"panel": tmp_path / "panel.parquet"}, first, last)
    with pytest.raises(DataError) as after:
        effects.estimate(frame, quick())
    assert str(before.value) == str(after.value)


@pytest.mark.parametrize("freq", ["D", "7D", "14D", "MS"])
def test_days_weeks_and_months_pass(freq: str) -> None:
    dates = pd.date_range("2026-01-05", periods=12, freq=freq)
    frame = pd.concat([pd.DataFrame({"unit": name, "date": dates}) for name in "abc"])
    refuse_mixed(frame, "panel")
    refuse_mixed(pd.concat([frame, pd.DataFrame({"unit": ["d"], "date": [pd.Timestamp("2026-01-07")]})]), "panel")
