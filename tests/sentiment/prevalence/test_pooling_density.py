"""The compiled density of the pooled shares is the one that the model states."""

import numpy as np
import pytest
from scipy.special import log_softmax
from scipy.stats import gamma, norm

from reachbook.sentiment.prevalence.pooling_density import at, middle, named, packed, size

LEVELS = np.array([3, 1, 5])
TEXTS = 40


def given(often: tuple[float, float]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    codes = np.column_stack([rng.integers(0, many, TEXTS) for many in LEVELS])
    return {
        "evidence": rng.standard_normal((TEXTS, 2)),
        "context": rng.standard_normal((TEXTS, 2)),
        "codes": codes + np.concatenate([[0], np.cumsum(LEVELS)[:-1]]),
        "labels": rng.integers(0, 3, TEXTS),
        "often": np.array(often),
    }


def stated(z: np.ndarray, data: dict[str, np.ndarray]) -> float:
    """Log posterior as the model is written, with SciPy's densities; the spreads by their logarithms."""
    by = named(z, LEVELS)
    odds = by["start"] + by["slope"] * data["evidence"] + by["context"] * data["context"]
    odds = odds + data["often"] * by["effect"][data["codes"]].sum(axis=1)
    logs = log_softmax(np.column_stack([odds, np.zeros(TEXTS)]), axis=1)
    prior = norm.logpdf(by["start"], 0, 1.5).sum() + norm.logpdf(by["slope"], 0.8, 0.5).sum()
    prior += norm.logpdf(by["context"], 0.5, 0.5).sum() + norm.logpdf(z[6 + 2 * len(LEVELS) :]).sum()
    prior += (gamma.logpdf(by["spread"], 2, scale=1 / 4) + np.log(by["spread"])).sum()
    return float(prior + logs[np.arange(TEXTS), data["labels"]].sum())


@pytest.mark.parametrize("often", [(1.0, 1.0), (0.0, 1.0), (0.0, 0.0)])
def test_the_density_is_the_models_and_the_gradient_its_slope(often: tuple[float, float]) -> None:
    data, rng, step = given(often), np.random.default_rng(1), 1e-6
    flat, gradient, scratch = packed(**data, levels=LEVELS), np.empty(size(LEVELS)), np.empty(size(LEVELS))
    apart = []
    for scale in (0.1, 1.0, 2.0):
        z = middle(LEVELS) + scale * rng.standard_normal(size(LEVELS))
        apart.append(at(z, flat, gradient) - stated(z, data))
        steps = step * np.eye(len(z))
        slope = [(at(z + e, flat, scratch) - at(z - e, flat, scratch)) / (2 * step) for e in steps]
        np.testing.assert_allclose(gradient, slope, rtol=1e-5, atol=1e-5)
    assert apart == pytest.approx([apart[0]] * 3, abs=1e-9)


def test_effects_of_a_key_lie_around_zero() -> None:
    z = np.random.default_rng(2).standard_normal((4, size(LEVELS)))
    for part in np.split(named(z, LEVELS)["effect"], np.cumsum(LEVELS)[:-1], axis=1):
        np.testing.assert_allclose(part.mean(axis=1), 0, atol=1e-12)


def test_odds_beyond_what_exp_holds_have_a_finite_density() -> None:
    z, gradient = middle(LEVELS), np.empty(size(LEVELS))
    z[:2] = 2000.0, -2000.0
    assert np.isfinite(at(z, packed(**given((1.0, 1.0)), levels=LEVELS), gradient))
    assert np.isfinite(gradient).all()
