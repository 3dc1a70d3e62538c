"""Draws of the compiled density: the same for the same seed, and distributed as the density says."""

import numpy as np
import pandas as pd
import pytest

from reachbook.budget.model.density.density import Density
from reachbook.budget.model.mix import posed
from reachbook.budget.model.sampling import CHAINS, sample
from reachbook.budget.model.spec import MixSpec


@pytest.fixture(scope="module")
def density() -> Density:
    """One channel over 40 weeks."""
    rng, week = np.random.default_rng(1), pd.date_range("2024-01-01", periods=40, freq="7D")
    spend = rng.uniform(1, 9, 40)
    media = pd.DataFrame({"week": week, "channel": "a", "spend": spend})
    outcome = pd.DataFrame({"week": week, "value": 100 + 5 * spend + rng.normal(0, 3, 40)})
    return posed(media, outcome, MixSpec(lags=4, calendar="none"), None, None).density(40)


def drawn(density: Density, seed: int, draws: int) -> np.ndarray:
    z, diverged = sample(density, np.zeros(density.layout.size), seed=seed, draws=draws, tune=300, accept=0.9)
    assert diverged <= len(z) // 1000
    return z


def test_a_seed_settles_every_draw(density: Density) -> None:
    first, again, other = (drawn(density, seed, 20) for seed in (3, 3, 4))
    assert first.shape == (CHAINS * 20, density.layout.size)
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_draws_follow_the_density(density: Density) -> None:
    """Integration by parts: the slopes of a log density average 0, and times what they belong to -1 (Stein 1972).

    Errors are those of the means of 40 batches, which allow for draws that follow each other; of 32 means one lies
    more than 4.5 of them away in one of 500 seeds.
    """
    z = drawn(density, 3, 400)
    slope = np.array([density(each)[1] for each in z])
    found = np.concatenate([slope, 1 + (z - z.mean(axis=0)) * slope], axis=1)
    batches = found.reshape(40, -1, found.shape[1]).mean(axis=1)
    error = batches.std(axis=0, ddof=1) / np.sqrt(len(batches))
    assert (np.abs(found.mean(axis=0)) < 4.5 * error).all()
    assert (error < 0.25 * found.std(axis=0)).all(), "the means are known well enough to be held against anything"


def test_chains_start_apart_and_meet(density: Density) -> None:
    """The chains' means differ by no more than their draws' spread."""
    chains = drawn(density, 5, 100).reshape(CHAINS, 100, -1)
    means = chains.mean(axis=1)
    assert (means.std(axis=0) > 0).all()
    assert (means.std(axis=0) < chains.std(axis=(0, 1))).all()
