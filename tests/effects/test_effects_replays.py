"""Placebo replays: what is measured, and by how much intervals are widened for it."""

import numpy as np
import pandas as pd
import pytest

from reachbook.effects.replays import Replay, Replays, weigh


def told(standard: np.ndarray) -> Replays:
    day = pd.Timestamp("2024-01-01")
    return weigh([Replay("a", day, 7, 0.02 * float(z), 0.02) for z in standard], 0.95)


def test_intervals_wider_than_what_was_missed_are_narrowed_by_part_of_it() -> None:
    result = told(np.random.default_rng(1).normal(0, 0.7, 40))
    assert 0.75 < result.factor < 0.95
    assert result.after >= 0.95
    assert result.check().passed
    assert "narrowed by" in result.describe()


def test_a_calm_past_narrows_by_a_fifth_at_most() -> None:
    assert told(np.full(400, 0.01)).factor == 0.8


def test_few_replays_never_narrow() -> None:
    """Nine that happened to be calm prove nothing; nor do forty of which six share no period."""
    day = pd.Timestamp("2024-01-01")
    assert told(np.full(9, 0.1)).factor == 1
    assert weigh([Replay("a", day, 7, 0.001, 0.02)] * 40, 0.95, apart=6).factor == 1


def test_honest_intervals_keep_their_coverage() -> None:
    """Errors as large as the model says: narrowing and widening by chance cost at most 2 points of 95 % on average.

    200 seeds; the mean has a standard error of 0.2 points.
    """
    inside = []
    for seed in range(200):
        rng = np.random.default_rng([seed, 5])
        inside.append((np.abs(rng.normal(0, 1.0, 400)) <= 1.96 * told(rng.normal(0, 1.0, 30)).factor).mean())
    assert 0.93 < np.mean(inside) < 0.97


def test_intervals_half_as_wide_as_they_should_be_are_about_doubled() -> None:
    result = told(np.random.default_rng(2).normal(0, 2.0, 40))
    assert 1.5 < result.factor < 2.6
    assert result.before < 0.85
    assert result.after >= 0.9
    assert "widened by" in result.describe()


def test_widening_brings_back_the_coverage() -> None:
    """Errors 1.6 times as large as the model says: of 400 new ones, at least 90 % are inside on average."""
    inside = []
    for seed in range(50):
        rng = np.random.default_rng([seed, 3])
        inside.append((np.abs(rng.normal(0, 1.6, 400)) <= 1.96 * told(rng.normal(0, 1.6, 30)).factor).mean())
    assert np.mean(inside) > 0.9


@pytest.mark.parametrize("count", [0, 1, 9])
def test_too_few_to_know_block(count: int) -> None:
    check = told(np.zeros(count)).check()
    assert not check.passed
    assert check.level == "block"
    assert str(count) in check.detail


def test_a_model_that_does_not_fit_blocks() -> None:
    result = told(np.random.default_rng(4).normal(0, 8.0, 30))
    assert result.factor > 3
    assert not result.check().passed


def test_windows_that_overlap_do_not_count_as_known() -> None:
    day = pd.Timestamp("2024-01-01")
    result = weigh([Replay("a", day, 7, 0.0, 1.0)] * 40, 0.95, apart=6)
    assert result.count == 40
    assert not result.check().passed
