"""Peeking: the rule keeps what it promises, and always-valid intervals hold at all looks together."""

import numpy as np
import pytest

from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.sequential import NAIVE, sequence, simulate

PRIOR = LiftPrior(0.4)
FLAT = LiftPrior(20.0)


def test_a_single_look_with_a_flat_prior_is_the_usual_test() -> None:
    found = simulate(1, 0.05, FLAT)
    assert found.naive == pytest.approx(0.05, abs=0.005)
    assert found.boundary[0] == pytest.approx(1.96, abs=0.06)


def test_peeking_makes_false_winners_and_the_default_rule_does_not() -> None:
    # Ten looks at z = 1.96: 19.3 % (Armitage, McPherson & Rowe 1969). 20,000 walks: standard error .3 %.
    found = simulate(10, 0.05, FLAT)
    assert found.naive == pytest.approx(0.193, abs=0.012)
    assert found.false_winner <= 0.05
    assert found.threshold > NAIVE


@pytest.mark.parametrize("error", [0.02, 0.1, 0.4])
def test_28_looks_keep_five_per_cent(error: float) -> None:
    found = simulate(28, error, PRIOR)
    assert found.false_winner <= 0.05
    assert found.stops_prior < found.stops_null <= 1
    assert 0 < found.power < 1
    assert found.wrong_sign < 0.01
    assert f"{found.false_winner:.1%}" in found.describe()


def test_a_sequence_holds_at_every_look() -> None:
    # 2,000 walks of 200 looks: coverage at all of them at least .95; 3 standard errors are 1.5 points.
    rng = np.random.default_rng(1)
    steps = rng.standard_normal((2000, 200)).cumsum(axis=1)
    looks = np.arange(1, 201)
    half = np.array([sequence(0.0, float(1 / np.sqrt(n)), 0.2)[1] for n in looks])
    assert (np.abs(steps / looks) <= half).all(axis=1).mean() > 0.935
    assert half[-1] < 2.5 * 1.96 / np.sqrt(200)
