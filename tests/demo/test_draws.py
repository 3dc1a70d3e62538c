"""Random streams and draws: what they promise of names, shares and days."""

import numpy as np
import pytest

from reachbook.demo import draws


def test_a_stream_depends_on_the_seed_and_its_name_alone() -> None:
    first = draws.stream(1, "orders").random(3)
    assert (draws.stream(1, "orders").random(3) == first).all()
    assert (draws.stream(1, "users").random(3) != first).all()
    assert (draws.stream(2, "orders").random(3) != first).all()


def test_categories_come_by_the_probabilities_of_their_row() -> None:
    """20,000 draws: shares within 4 standard errors, 0.014."""
    rng, probabilities = np.random.default_rng(1), np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0]])
    drawn = draws.rows(rng, probabilities, np.repeat([0, 1], 20_000))
    assert np.bincount(drawn[:20_000]) / 20_000 == pytest.approx(probabilities[0], abs=0.014)
    assert (drawn[20_000:] == 0).all()


def test_counts_give_exactly_the_total_and_days_stay_within_their_pair() -> None:
    rng = np.random.default_rng(2)
    drawn = draws.counts(rng, np.array([1.0, 0.0, 3.0]), 1001)
    assert len(drawn) == 1001
    assert set(drawn.tolist()) == {0, 2}
    first, last = rng.integers(0, 5, 500), rng.integers(5, 10, 500)
    days = draws.days_between(rng, np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1.0]), first, last)
    assert ((first <= days) & (days <= last)).all()
    assert (days % 2 == 1).all()


def test_an_autoregression_is_stationary_with_its_own_memory() -> None:
    """200 series of 500 days: standard deviation and first autocorrelation within 2 %."""
    made = draws.autoregression(np.random.default_rng(3), 0.6, 2.0, (200, 500))
    assert made.std() == pytest.approx(2.0, rel=0.02)
    assert made[:, :1].std() == pytest.approx(2.0, rel=0.15)
    assert np.corrcoef(made[:, 1:].ravel(), made[:, :-1].ravel())[0, 1] == pytest.approx(0.6, rel=0.02)
