"""Effects by segment lean on each other and average to the one effect."""

import numpy as np
import pytest

from helpers.experiment_tables import table
from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.subgroups import by_segment
from reachbook.effects.experiment.units import Units, read
from reachbook.effects.spec import EffectSpec

PRIOR = LiftPrior(0.1)


def units(segments: int) -> Units:
    """3000 units an arm in segments of different size; the truth is the same in all of them."""
    rng = np.random.default_rng(4)
    segment = np.array(["s0", "s1", "s2"])[np.minimum(rng.integers(0, 6, 6000), segments - 1)]
    arms = {name: (rng.random(3000) < rate) * 1.0 for name, rate in (("control", 0.10), ("a", 0.12))}
    return read(table(arms, segment=segment), EffectSpec())


def draws(made: Units) -> np.ndarray:
    """Draws of both arms' means, (arms, draws)."""
    rng = np.random.default_rng(5)
    return np.stack([rng.beta(1 + made.outcome[made.arm == i].sum(), 3000, 500) for i in (0, 1)])


def test_they_average_to_the_arm_s_effect_draw_by_draw() -> None:
    made = units(3)
    mean = draws(made)
    found = {each.segment: each.average for each in by_segment(made, mean, PRIOR, 1)}
    sizes = np.bincount(made.segment)
    average = sum(n / sizes.sum() * found[name] for n, name in zip(sizes, made.segments, strict=True))
    assert average == pytest.approx(mean[1] - mean[0], abs=1e-12)


def test_a_single_segment_or_a_mean_of_zero_has_none() -> None:
    assert by_segment(units(1), draws(units(1)), PRIOR, 1) == ()
    nothing = draws(units(3)) * [[0.0], [1.0]]
    assert by_segment(units(3), nothing, PRIOR, 1) == ()


def test_segments_that_are_alike_are_drawn_together() -> None:
    """Each alone would stray by its own noise; pooled lifts stray by less."""
    made = units(3)
    lifts = [float(np.median(each.relative)) for each in by_segment(made, draws(made), PRIOR, 1)]
    alone = [
        made.outcome[(made.segment == g) & (made.arm == 1)].mean()
        / made.outcome[(made.segment == g) & (made.arm == 0)].mean()
        - 1
        for g in range(3)
    ]
    assert np.ptp(lifts) < np.ptp(alone)
