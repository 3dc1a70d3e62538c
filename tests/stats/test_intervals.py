"""Intervals against closed forms."""

import numpy as np
import pytest
from scipy.stats import beta

from reachbook.stats.intervals import Interval, bounded_mean, difference, expected_half_width


@pytest.mark.parametrize(("hits", "n"), [(0, 30), (1, 50), (3, 200), (40, 100), (30, 30)])
def test_events_have_the_exact_interval_of_clopper_and_pearson(hits: int, n: int) -> None:
    found = bounded_mean(np.repeat([1.0, 0.0], [hits, n - hits]), 0, 1)
    low = beta.ppf(0.025, hits, n - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, n - hits) if hits < n else 1.0
    assert found.low == pytest.approx(low, abs=0.008)
    assert found.high == pytest.approx(high, abs=0.008)


def test_the_interval_of_many_values_needs_no_matrix() -> None:
    found = bounded_mean(np.random.default_rng(1).random(20_000), 0, 1)
    assert found.half_width == pytest.approx(1.96 * np.sqrt(1 / 12 / 20_000), rel=0.05)


def test_a_value_beyond_the_bounds_or_none_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        bounded_mean(np.array([1.2]), 0, 1)
    with pytest.raises(ValueError, match="at least one"):
        bounded_mean(np.array([]), 0, 1)


def test_difference_of_symmetric_intervals_is_the_usual_one() -> None:
    found = difference(Interval(0.3, 0.4, 0.5), Interval(0.1, 0.2, 0.3))
    assert (found.low, found.high) == pytest.approx((0.2 - np.sqrt(0.02), 0.2 + np.sqrt(0.02)))


def test_the_expected_half_width_is_what_comes() -> None:
    rng = np.random.default_rng(2)
    for n in (40, 200):
        real = np.mean([bounded_mean((rng.random(n) < 0.2).astype(float), 0, 1).half_width for _ in range(60)])
        assert expected_half_width(0.4, 1.0, n) == pytest.approx(real, rel=0.1)
