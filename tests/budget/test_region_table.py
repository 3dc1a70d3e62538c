"""What a mix of several regions says, as a table."""

import numpy as np
import pandas as pd
import pytest

from reachbook.budget.model.history import History
from reachbook.budget.model.mix import by_region, interval

WEEKS = pd.date_range("2026-01-05", periods=4, freq="7D")


def past(region: str, spend: float) -> History:
    """Four weeks of outcome 100 and this spend in one channel, none in another."""
    spends = np.array([np.full(4, spend), np.zeros(4)])
    return History(WEEKS, np.full(4, 100.0), ("a", "b"), spends, spends[:, :0], pd.DataFrame(), (), region=region)


def test_share_and_return_are_ratios_to_the_region_s_own() -> None:
    """200 of 400 outcome from 40 of spend; where nothing was spent there is no return."""
    brought = np.zeros((5, 2, 2))
    brought[:, 0, 0], brought[:, 1, 0] = 200.0, 20.0
    found = by_region((past("north", 10.0), past("south", 20.0)), brought, 0.9)
    assert found is not None
    first = found.set_index(["region", "channel"])
    assert first.loc[("north", "a"), ["spend", "share", "roi"]].tolist() == [40.0, 0.5, 5.0]
    assert first.loc[("south", "a"), ["spend", "share", "roi"]].tolist() == [80.0, 0.05, 0.25]
    assert first["roi"].isna().tolist() == [False, True, False, True]


def test_one_region_has_no_table() -> None:
    assert by_region((past("", 10.0),), np.zeros((5, 1, 2)), 0.9) is None


def test_an_interval_is_equal_tailed() -> None:
    found = interval("share", np.linspace(0, 1, 1001)[:, None], 0.9)
    assert [found[name][0] for name in ("share_low", "share", "share_high")] == pytest.approx([0.05, 0.5, 0.95])
