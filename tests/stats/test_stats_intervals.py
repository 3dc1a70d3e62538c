"""Intervals against closed forms, agreement against published figures, sampling against a known posterior."""

import numpy as np
import pytest
from scipy.stats import beta

from reachbook.stats.agreement import agreement
from reachbook.stats.intervals import Interval, bounded_mean, difference, expected_half_width
from reachbook.stats.sampling import compile_model, convergence, draw


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


def test_agreement_of_a_published_example() -> None:
    """Krippendorff (2011), "Computing Krippendorff's alpha-reliability", A: binary data, two observers: alpha .095."""
    binary = [np.array(list(map(int, each))) for each in ("0100000000", "1110010100")]
    assert agreement(*binary, 2).alpha.middle == pytest.approx(0.095, abs=0.001)


def test_raw_agreement_has_the_exact_interval() -> None:
    """27 of 30 alike; kappa and alpha follow it, since chance agreement is known better than agreement."""
    first = np.tile([0, 1, 2], 10)
    second = first.copy()
    second[[0, 10, 20]] = (second[[0, 10, 20]] + 1) % 3
    found = agreement(first, second, 3)
    assert found.raw.low == pytest.approx(beta.ppf(0.025, 27, 4), abs=0.01)
    assert found.raw.high == pytest.approx(beta.ppf(0.975, 28, 3), abs=0.01)
    assert found.kappa.low == pytest.approx(1 - (1 - found.raw.low) / (2 / 3), abs=0.03)
    assert found.alpha.low < found.alpha.middle < found.alpha.high < 1


def test_few_items_alike_do_not_prove_agreement() -> None:
    found = agreement(np.array([0, 1, 2, 0, 1]), np.array([0, 1, 2, 0, 1]), 3)
    assert found.kappa.middle == 1.0
    assert found.kappa.low < 0.85


def test_sampling_finds_a_known_posterior_and_repeats_itself() -> None:
    import pymc as pm

    with pm.Model() as model:
        rate = pm.Beta("rate", 1, 1)
        pm.Binomial("hits", 40, rate, observed=10)
    first, again = (draw(compile_model(model, ["rate"]), ["rate"], seed=4) for _ in range(2))
    assert first.convergence.passed, first.convergence.describe()
    assert first.draws["rate"].mean() == pytest.approx(11 / 42, abs=0.01)
    assert (first.draws["rate"] == again.draws["rate"]).all()


def test_chains_that_disagree_do_not_pass() -> None:
    chains = np.random.default_rng(1).standard_normal((4, 300)) + np.array([0, 0, 0, 3])[:, None]
    assert not convergence({"x": chains}, 0).passed
    level = np.random.default_rng(1).standard_normal((4, 1000))
    assert convergence({"x": level}, 0).passed
    assert not convergence({"x": level}, 1).passed
