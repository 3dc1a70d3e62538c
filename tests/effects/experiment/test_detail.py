"""What an experiment's arms add up to: what one added, which is best, and everybody whom a roll-out reaches."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.known_effect import arm, detail
from reachbook.effects.experiment.detail import ExperimentDetail

ARMS = (
    arm("control", 0.0, 0.0, units=400, best=0.1),
    arm("a", 0.1, 0.02, units=300, best=0.2),
    arm("b", 0.2, 0.02, units=500, best=0.7),
)


def test_an_arm_added_its_effect_on_each_unit_that_it_had() -> None:
    """One in ten of 10 a unit over 300 units is 300."""
    assert np.median(ARMS[1].incremental) == pytest.approx(300)
    np.testing.assert_array_equal(ARMS[0].incremental, 0.0)


def test_a_ratio_adds_over_its_denominators_not_over_its_units() -> None:
    assert np.median(replace(ARMS[1], weight=900.0).incremental) == pytest.approx(900)


def test_the_best_arm_is_the_likeliest_and_may_be_the_control() -> None:
    assert detail(ARMS).best.name == "b"
    sober = (replace(ARMS[0], best=0.8), *(replace(each, best=0.1) for each in ARMS[1:]))
    assert detail(sober).best.control


def test_a_roll_out_reaches_the_control_too() -> None:
    found: ExperimentDetail = detail(ARMS)
    assert found.everyone == 400 + 300 + 500
