"""Which units to treat: the steady ones, and no test where none can answer."""

import numpy as np
import pandas as pd
import pytest

from reachbook.effects.matching import matched
from reachbook.errors import DataError


def cities(days: int = 90, units: int = 8) -> pd.DataFrame:
    """City 0 follows the others closely, city 7 does as it likes."""
    rng = np.random.default_rng(12)
    shared = np.cumsum(rng.normal(0, 0.02, days))
    noise = np.linspace(0.01, 0.15, units)[:, None] * rng.standard_normal((units, days))
    return pd.DataFrame(
        {
            "unit": np.repeat([f"city {k}" for k in range(units)], days),
            "date": np.tile(pd.date_range("2024-01-01", periods=days), units),
            "outcome": (1000 * np.exp(shared + noise)).ravel(),
        }
    )


def test_the_unit_that_is_foretold_best_comes_first() -> None:
    found = matched(cities(), periods=14)
    assert found.best[0] in {"city 0", "city 1", "city 2"}
    assert found.frame["treated"].iloc[-1] in {("city 6",), ("city 7",)}
    assert found.frame["minimum"].is_monotonic_increasing


def test_it_says_run_or_do_not_run() -> None:
    found = matched(cities(), periods=14, treated=2)
    assert found.decide(2 * found.minimum).startswith("Run it")
    assert found.decide(found.minimum / 2).startswith("Do not run")


def test_a_lift_of_the_minimum_size_is_found_about_as_often_as_promised() -> None:
    """The minimum is 2.8 standard errors of a placebo campaign, so no placebo campaign comes near it (40 windows)."""
    found = matched(cities(), periods=7)
    assert (found.frame["error"] < found.frame["minimum"]).all()


def test_too_little_to_plan_with() -> None:
    with pytest.raises(DataError, match="leaves fewer than 14"):
        matched(cities(days=20), periods=14)
    with pytest.raises(DataError, match="fewer than two controls"):
        matched(cities(), treated=7)
