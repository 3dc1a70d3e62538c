"""Placebo replays: what is measured, and by how much intervals are widened for it."""

import numpy as np
import pandas as pd
import pytest

from reachbook.effects.counterfactual.placebo import Replay, Replays, weigh


def told(standard: np.ndarray, least: float = 1.0) -> Replays:
    day = pd.Timestamp("2024-01-01")
    return weigh([Replay("a", day, 7, 0.02 * float(z), 0.02) for z in standard], 0.95, least=least)


def test_intervals_that_hold_are_left_alone() -> None:
    result = told(np.random.default_rng(1).normal(0, 0.9, 40))
    assert result.factor == 1
    assert result.before == result.after
    assert result.check().passed


def test_honest_intervals_keep_their_coverage() -> None:
    """Errors as large as the model says: what is widened by chance alone adds little to 95 %.

    200 seeds; the mean has a standard error of 0.2 points.
    """
    inside = []
    for seed in range(200):
        rng = np.random.default_rng([seed, 5])
        inside.append((np.abs(rng.normal(0, 1.0, 400)) <= 1.96 * told(rng.normal(0, 1.0, 30)).factor).mean())
    assert 0.945 < np.mean(inside) < 0.975


def test_intervals_wider_than_the_errors_are_narrowed_so_far_and_no_further() -> None:
    standard = np.random.default_rng(6).normal(0, 0.8, 40)
    size = np.sqrt((10 + (standard**2).sum()) / 50)
    assert told(standard, 0.5).factor == pytest.approx(size)
    assert told(standard, 0.9).factor == 0.9
    assert "narrowed by 10%" in told(standard, 0.9).describe()
    assert told(np.full(9, 0.5), 0.9).factor == 1


def test_narrowing_keeps_the_coverage() -> None:
    """Errors as large as the model says: what is narrowed by chance alone costs less than a point of 95 %.

    200 seeds; the mean has a standard error of 0.2 points.
    """
    inside = []
    for seed in range(200):
        rng = np.random.default_rng([seed, 7])
        inside.append((np.abs(rng.normal(0, 1.0, 400)) <= 1.96 * told(rng.normal(0, 1.0, 30), 0.9).factor).mean())
    assert 0.94 < np.mean(inside) < 0.97


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
