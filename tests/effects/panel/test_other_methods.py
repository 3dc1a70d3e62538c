"""The other methods give what their textbooks say, on panels where that is exact."""

import numpy as np
import pandas as pd
import pytest

from helpers.panel_tables import quick, table
from reachbook.effects.counterfactual.panel_data import observe
from reachbook.effects.panel.model import relative
from reachbook.effects.panel.other_methods import compare

DAYS, START = 70, 56


def compared(outcome: np.ndarray) -> pd.DataFrame:
    """Methods by name for a panel whose first unit is treated from START on."""
    on = np.zeros(outcome.shape, dtype=bool)
    on[0, START:] = True
    seen = observe(table(outcome, on), quick())
    return compare(seen, relative(seen), (0.0, -1.0, 1.0, 0.0)).set_index("method")


def controls(count: int = 6) -> np.ndarray:
    """Untreated units of different movement, (count, DAYS)."""
    rng = np.random.default_rng(2)
    return np.exp(rng.normal(4.0, 0.3, (count, 1)) + 0.05 * rng.standard_normal((count, DAYS)).cumsum(axis=1) / 3)


def test_a_mean_of_controls_is_found_by_the_synthetic_control() -> None:
    """The treated unit is a mean of two controls, plus 7 in the campaign: weights and effect are exact."""
    others = controls()
    unit = 0.5 * (others[0] + others[1])
    unit[START:] += 7.0
    found = compared(np.vstack([unit, others])).loc["synthetic control"]
    assert found["effect"] == pytest.approx(7.0, abs=1e-3)
    assert found["error"] == pytest.approx(0.0, abs=1e-5)


def test_parallel_units_are_found_by_difference_in_differences() -> None:
    """All units are multiples of one movement: on logarithms the distance is fixed and a lift of a tenth is exact."""
    movement = controls(1)[0]
    size = np.array([1.0, 0.7, 1.3, 0.9, 1.1])[:, None]
    outcome = size * movement
    outcome[0, START:] *= 1.1
    found = compared(outcome).loc["difference-in-differences"]
    assert found["effect"] == pytest.approx((outcome[0, START:] / 11).mean(), rel=1e-3)


def test_each_method_has_a_sentence_and_an_interval_around_its_effect() -> None:
    frame = compared(np.vstack([controls(1), controls()]))
    assert frame.index[0] == "model"
    assert frame["note"].str.endswith(".").all()
    known = frame.dropna(subset=["low", "high"])
    assert ((known["low"] <= known["effect"]) & (known["effect"] <= known["high"])).all()
