"""Tails and dispersion of counts against closed forms and known noise."""

import numpy as np
import pytest
from scipy import stats

from reachbook.quality import noise


@pytest.mark.parametrize(("mean", "dispersion"), [(3.0, 0.2), (40.0, 0.05), (4_000.0, 0.5)])
def test_tails_are_those_of_the_negative_binomial(mean: float, dispersion: float) -> None:
    counts = np.arange(0, int(3 * mean), max(1, int(mean) // 20)).astype(float)
    peer = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
    assert noise.at_most(counts, np.array(mean), np.array(dispersion)) == pytest.approx(peer.cdf(counts))
    assert noise.at_least(counts, np.array(mean), np.array(dispersion)) == pytest.approx(peer.sf(counts - 1))


def test_without_dispersion_they_are_poisson() -> None:
    counts = np.arange(30.0)
    assert noise.at_most(counts, np.array(9.0), np.array(0.0)) == pytest.approx(stats.poisson(9).cdf(counts), abs=1e-4)


@pytest.mark.parametrize("dispersion", [0.0, 0.02, 0.1])
def test_dispersion_is_found_whatever_a_few_days_hold(dispersion: float) -> None:
    rng, mean = np.random.default_rng(3), 200.0
    about = rng.gamma(1 / dispersion, dispersion, 4_000) if dispersion else np.ones(4_000)
    counts = rng.poisson(mean * about).astype(float)
    counts[:40] = 50 * mean
    found = noise.dispersion(counts, np.full(4_000, mean))[0]
    # The baseline is known here, and not a median of eight: the allowance for it is taken off in vain.
    assert (1 + found * mean) * 1.2 == pytest.approx(1 + dispersion * mean, rel=0.25)


def test_common_empty_days_excuse_gaps_and_a_burst_does_not() -> None:
    steady = np.full(92, 100.0)
    often_empty = np.where(np.arange(92) % 3, 100.0, 0.0)
    burst = steady.copy()
    burst[10] = 5_000
    assert noise.moments(often_empty, 7)[1] > 0.3
    assert noise.moments(burst, 7)[1] < 0.1
