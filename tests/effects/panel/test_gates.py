"""Gates of a panel say what they see, on panels made to pass and to fail."""

import numpy as np
import pytest

from helpers.panel_tables import quick, table
from reachbook.effects.counterfactual.panel_data import PanelData, observe
from reachbook.effects.panel.gates import held_out, hull, left_out_one, plug_in, suspects
from reachbook.effects.panel.model import Relative, relative

DAYS, START = 70, 56


def panel(size: float = 1.0, broken: float = 1.0) -> tuple[PanelData, Relative]:
    """One treated unit of this size among six; `broken` multiplies its last two weeks before the campaign."""
    rng = np.random.default_rng(3)
    movement = 0.1 * np.sin(np.arange(DAYS) / 9)
    outcome = np.exp(4.0 + movement + 0.01 * rng.standard_normal((7, DAYS)))
    outcome *= np.array([size, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3])[:, None]
    outcome[0, START - 14 : START] *= broken
    on = np.zeros(outcome.shape, dtype=bool)
    on[0, START:] = True
    seen = observe(table(outcome, on), quick())
    return seen, relative(seen)


@pytest.mark.parametrize(("broken", "passed"), [(1.0, True), (1.5, False)])
def test_periods_held_out_are_missed_where_something_else_changed(broken: float, passed: bool) -> None:
    gate, replay = held_out(*panel(broken=broken), 1.0)
    assert gate.passed is passed
    assert replay is not None
    assert replay.error == pytest.approx(broken - 1, abs=0.1)


@pytest.mark.parametrize(("size", "said"), [(1.0, "between"), (4.0, "times the largest"), (0.2, "below the smallest")])
def test_a_unit_outside_the_controls_in_size_is_named(size: float, said: str) -> None:
    gate = hull(*panel(size))
    assert gate.passed is (said == "between")
    assert said in gate.detail


def test_leaving_out_one_control_is_fitting_without_it() -> None:
    seen, scaled = panel()
    frame = left_out_one(seen, scaled, [(0, 0)])
    assert frame["control"].tolist() == [seen.units[unit] for unit in seen.controls]
    first = np.array([seen.controls[0]])
    assert frame["effect"].iloc[0] == pytest.approx(plug_in(seen, scaled, first, [(0, 0)]))


def clean(seed: int) -> np.ndarray:
    """Seven units that share a market and a weekend, each with noise of its own that is remembered for days."""
    rng = np.random.default_rng([seed, 88])
    market = 0.3 * rng.normal(0, 0.05, DAYS).cumsum()
    memory = 0.8 ** np.arange(31)
    noise = np.array([np.convolve(rng.normal(0, 0.02, DAYS + 30), memory, "valid") for _ in range(7)])
    logs = np.log(rng.uniform(500, 3000, 7))[:, None] + rng.uniform(0.6, 1.4, 7)[:, None] * market
    return np.asarray(np.exp(logs + 0.1 * (np.arange(DAYS) % 7 >= 5) + noise))


def test_a_control_is_said_to_have_moved_as_rarely_as_stated() -> None:
    """40 clean panels: at the stated one in a hundred, three or more have a suspect for 0.8% of all seeds."""
    on = np.zeros((7, DAYS), dtype=bool)
    on[0, START:] = True
    wrong = 0
    for seed in range(40):
        seen = observe(table(clean(seed), on), quick())
        scaled = relative(seen)
        mode = scaled.fit(0, seen.controls, seen.before[0]).mode
        wrong += bool(suspects(seen, scaled, mode)["suspect"].any())
    assert wrong <= 2
