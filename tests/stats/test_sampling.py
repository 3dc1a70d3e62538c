"""Sampling against a known posterior."""

import numpy as np
import pytest

from reachbook.stats.sampling import compile_model, convergence, draw


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
