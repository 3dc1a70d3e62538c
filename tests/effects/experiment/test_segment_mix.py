"""The arms hold the same segments, by chance alone."""

import numpy as np
import pytest

from helpers.experiment_tables import table
from reachbook.effects.experiment.segment_mix import counts, mix_check, same_mix
from reachbook.effects.experiment.units import Units, read
from reachbook.effects.spec import EffectSpec


def units(control: tuple[int, ...], treated: tuple[int, ...], **more: np.ndarray) -> Units:
    """Units by segment of both arms."""
    names = np.array([f"s{number}" for number in range(len(control))])
    segment = np.concatenate([np.repeat(names, each) for each in (control, treated)])
    arms = {"holdout": np.arange(sum(control)) % 2 * 1.0, "treated": np.arange(sum(treated)) % 2 * 1.0}
    return read(table(arms, segment=segment, **more), EffectSpec())


def test_the_same_shares_pass_and_one_share_more_held_out_in_a_segment_blocks() -> None:
    (alike,) = mix_check(units((200, 100), (800, 400)))
    assert alike.passed
    assert "made of the same segments; they differ most in s0: holdout 66.7%, treated 66.7%" in alike.detail
    (other,) = mix_check(units((200, 200), (800, 400)))
    assert not other.passed
    assert other.level == "block"
    assert "hold out one share of all" in other.detail


def test_a_difference_that_comes_once_in_two_hundred_tests_warns() -> None:
    cells = np.array([[500, 500], [570, 430]])
    assert 0.001 < same_mix(cells) < 0.01
    (gate,) = mix_check(units((500, 500), (570, 430)))
    assert (gate.passed, gate.level) == (False, "warn")


def test_it_refuses_as_seldom_as_it_says() -> None:
    """2,000 random assignments of eight segments, three of them rare; .01 +- three standard errors."""
    rng = np.random.default_rng(3)
    shares = np.array([0.4, 0.3, 0.2, 0.09, 0.005, 0.003, 0.001, 0.001])
    drawn = [np.stack([rng.multinomial(200, shares), rng.multinomial(1800, shares)]) for _ in range(2000)]
    rate = np.mean([same_mix(cells) < 0.01 for cells in drawn])
    assert rate < 0.01 + 3 * np.sqrt(0.01 * 0.99 / 2000)


def test_counts_are_by_arm_and_segment() -> None:
    assert counts(units((3, 4), (6, 5))).tolist() in ([[3, 4], [6, 5]], [[6, 5], [3, 4]])


@pytest.mark.parametrize("more", [{}, {"cluster": np.arange(3000) // 3}])
def test_one_segment_or_whole_clusters_have_no_such_check(more: dict[str, np.ndarray]) -> None:
    segments = ((1500,), (1500,)) if not more else ((750, 750), (750, 750))
    assert mix_check(units(*segments, **more)) == []
