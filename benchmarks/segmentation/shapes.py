"""Shapes without segments, and shapes with planted ones: seeded simulations whose truth is known."""

from collections.abc import Callable

import numpy as np

Rng = np.random.Generator
Noise = Callable[[Rng, int, int], np.ndarray]


def gaussian(rng: Rng, n: int, p: int) -> np.ndarray:
    """Independent standard normals."""
    return rng.standard_normal((n, p))


def correlated(rng: Rng, n: int, p: int) -> np.ndarray:
    """One strongly slanted normal cloud."""
    return rng.standard_normal((n, p)) @ rng.standard_normal((p, p))


def factor(rng: Rng, n: int, p: int) -> np.ndarray:
    """Two common factors and little of its own."""
    return rng.standard_normal((n, 2)) @ rng.standard_normal((2, p)) + 0.3 * rng.standard_normal((n, p))


def one_factor_skewed(rng: Rng, n: int, p: int) -> np.ndarray:
    """Log-normal counts driven by one level of activity."""
    level = rng.standard_normal((n, 1))
    return rng.poisson(np.exp(1.5 + level + 0.5 * rng.standard_normal((n, p)))).astype(float)


def uniform(rng: Rng, n: int, p: int) -> np.ndarray:
    """A box."""
    return rng.random((n, p))


def lognormal(rng: Rng, n: int, p: int) -> np.ndarray:
    """Independent log-normals."""
    return np.exp(rng.standard_normal((n, p)) * rng.uniform(0.5, 1.5, p))


def pareto(rng: Rng, n: int, p: int) -> np.ndarray:
    """Independent Pareto tails, index 1.2 to 3."""
    return 1 + rng.pareto(rng.uniform(1.2, 3, p), (n, p))


def gamma(rng: Rng, n: int, p: int) -> np.ndarray:
    """Independent gammas, shape 0.3 to 3."""
    return rng.gamma(rng.uniform(0.3, 3, p), 1.0, (n, p))


def counts(rng: Rng, n: int, p: int) -> np.ndarray:
    """Negative binomial and Poisson counts."""
    return rng.poisson(rng.gamma(2.0, rng.uniform(0.2, 4, p), (n, p))).astype(float)


def poisson(rng: Rng, n: int, p: int) -> np.ndarray:
    """Small Poisson counts: a lattice."""
    return rng.poisson(rng.uniform(0.5, 3, p), (n, p)).astype(float)


def zero_inflated(rng: Rng, n: int, p: int) -> np.ndarray:
    """Log-normal amounts, of which 20 to 70 % are zero."""
    return np.where(rng.random((n, p)) < rng.uniform(0.2, 0.7, p), 0.0, np.exp(2 + rng.standard_normal((n, p))))


def zero_inflated_correlated(rng: Rng, n: int, p: int) -> np.ndarray:
    """Zero-inflated counts, active people are active in everything."""
    level = rng.standard_normal((n, 1))
    zero = 0.8 * level + 0.6 * rng.standard_normal((n, p)) < rng.uniform(-0.8, 0.5, p)
    return np.where(zero, 0, rng.poisson(np.exp(1.5 + 0.6 * level + 0.4 * rng.standard_normal((n, p))))).astype(float)


def mixed(rng: Rng, n: int, p: int) -> np.ndarray:
    """Each column another shape and another unit."""
    kinds = (gaussian, uniform, lognormal, gamma, counts, zero_inflated, pareto)
    columns = [kinds[j % len(kinds)](rng, n, 1) for j in range(p)]
    return np.hstack(columns) * 10 ** rng.uniform(-3, 3, p)


def banana(rng: Rng, n: int, p: int) -> np.ndarray:
    """Half a circle with some width; other columns are noise."""
    turn = rng.uniform(0, np.pi, n)
    arc = np.column_stack([np.cos(turn), np.sin(turn)]) * 4 + rng.standard_normal((n, 2)) * rng.uniform(0.3, 0.8)
    return np.hstack([arc, rng.standard_normal((n, p - 2))])


def parabola(rng: Rng, n: int, p: int) -> np.ndarray:
    """A bent normal cloud."""
    x = rng.standard_normal(n)
    bent = np.column_stack([x, x**2 + 0.4 * rng.standard_normal(n)])
    return np.hstack([bent, rng.standard_normal((n, p - 2))])


def ring(rng: Rng, n: int, p: int) -> np.ndarray:
    """A whole circle."""
    turn = rng.uniform(0, 2 * np.pi, n)
    arc = np.column_stack([np.cos(turn), np.sin(turn)]) * 4 + rng.standard_normal((n, 2)) * 0.6
    return np.hstack([arc, rng.standard_normal((n, p - 2))])


def s_curve(rng: Rng, n: int, p: int) -> np.ndarray:
    """One and a half waves, in three dimensions where there are three."""
    t = rng.uniform(-1.5 * np.pi, 1.5 * np.pi, n)
    arc = np.column_stack([np.sin(t), np.sign(t) * (np.cos(t) - 1)]) * 2 + rng.standard_normal((n, 2)) * 0.3
    return np.hstack([arc, rng.standard_normal((n, p - 2))])


def gradient(rng: Rng, n: int, p: int) -> np.ndarray:
    """Everything moves along one even line."""
    t = rng.random((n, 1))
    return t * rng.uniform(2, 6, p) + rng.standard_normal((n, p)) * 0.4


def heteroscedastic(rng: Rng, n: int, p: int) -> np.ndarray:
    """Spread that grows with the first column."""
    x = rng.standard_normal((n, 1))
    return np.hstack([x, np.exp(0.8 * x) * rng.standard_normal((n, p - 1))])


def heavy(rng: Rng, n: int, p: int) -> np.ndarray:
    """Multivariate t with 3 degrees of freedom."""
    return rng.standard_normal((n, p)) / np.sqrt(rng.chisquare(3, (n, 1)) / 3)


def duplicated(rng: Rng, n: int, p: int) -> np.ndarray:
    """Every column twice, in other units."""
    half = gaussian(rng, n, (p + 1) // 2)
    return np.hstack([half, half * 7 + 3])[:, :p]


def dominated(rng: Rng, n: int, p: int) -> np.ndarray:
    """One column a thousand times the others."""
    return gaussian(rng, n, p) * np.r_[1000.0, np.ones(p - 1)]


def outliers(rng: Rng, n: int, p: int) -> np.ndarray:
    """A normal cloud of which 1 % is ten times as wide."""
    return gaussian(rng, n, p) * np.where(rng.random((n, 1)) < 0.01, 10, 1)


def shares(rng: Rng, n: int, p: int) -> np.ndarray:
    """Shares of a whole (Dirichlet)."""
    return rng.dirichlet(rng.uniform(0.5, 4, p + 1), n)[:, :p]


def flags(rng: Rng, n: int, p: int) -> np.ndarray:
    """Half of the columns yes or no, the rest normal."""
    x = gaussian(rng, n, p)
    x[:, ::2] = x[:, ::2] > rng.uniform(-0.8, 0.8)
    return x


NOISE: dict[str, Noise] = {
    f.__name__: f
    for f in (
        gaussian,
        correlated,
        factor,
        one_factor_skewed,
        uniform,
        lognormal,
        pareto,
        gamma,
        counts,
        poisson,
        zero_inflated,
        zero_inflated_correlated,
        mixed,
        banana,
        parabola,
        ring,
        s_curve,
        gradient,
        heteroscedastic,
        heavy,
        duplicated,
        dominated,
        outliers,
        shares,
        flags,
    )
}


def planted_centres(rng: Rng, k: int, p: int, distance: float) -> np.ndarray:
    """k centres of which the nearest pair is exactly `distance` apart, shape (k, p)."""
    centre = rng.standard_normal((k, p))
    gap = np.linalg.norm(centre[:, None] - centre[None], axis=2) + np.eye(k) * 1e9
    return centre * distance / gap.min()


def shares_of(rng: Rng, k: int, smallest: float) -> np.ndarray:
    """Unequal shares that sum to 1, none below `smallest`."""
    return smallest + (1 - k * smallest) * rng.dirichlet(np.full(k, 3.0))


def planted(
    rng: Rng,
    n: int,
    k: int,
    p: int,
    distance: float = 5.0,
    *,
    noise: int = 0,
    slant: bool = False,
    skew: bool = False,
    spreads: bool = False,
    wild: float = 0.0,
    smallest: float = 0.07,
    zeros: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Normal groups with the nearest centres `distance` within standard deviations apart: (features, truth)."""
    truth = rng.choice(k, n, p=shares_of(rng, k, smallest))
    width = rng.uniform(0.5, 1.0, k) if spreads else np.ones(k)
    x = planted_centres(rng, k, p, distance)[truth] + rng.standard_normal((n, p)) * width[truth, None]
    if slant:
        turn, _ = np.linalg.qr(rng.standard_normal((p, p)))
        x = x @ (turn * rng.uniform(0.3, 2.0, p)) @ turn.T
    if skew:
        x = np.exp(0.35 * x)
    if zeros:
        x[:, 0] = np.where(rng.random(n) < 0.3, 0.0, np.exp(x[:, 0] * 0.3))
    x = np.hstack([x, rng.standard_normal((n, noise)) * rng.uniform(0.5, 2, noise)])
    bad = rng.random(n) < wild
    x[bad] += rng.standard_normal((int(bad.sum()), x.shape[1])) * 8 * x.std(axis=0)
    return x, truth


PLANTED: dict[str, dict[str, object]] = {
    "k2": {"k": 2, "p": 4},
    "k3": {"k": 3, "p": 5},
    "k5": {"k": 5, "p": 6},
    "k8": {"k": 8, "p": 8},
    "k8 in 3": {"k": 8, "p": 3},
    "4.5 sd": {"k": 4, "p": 5, "distance": 4.5},
    "4 sd": {"k": 3, "p": 5, "distance": 4.0},
    "noise features": {"k": 4, "p": 5, "noise": 8},
    "k2 noise": {"k": 2, "p": 3, "noise": 10},
    "slanted": {"k": 4, "p": 5, "slant": True},
    "skewed": {"k": 4, "p": 5, "skew": True},
    "spreads": {"k": 4, "p": 5, "spreads": True},
    "outliers 1 %": {"k": 4, "p": 5, "wild": 0.01},
    "zeros": {"k": 4, "p": 5, "zeros": True},
    "everything": {"k": 5, "p": 6, "distance": 6.0, "noise": 5, "slant": True, "spreads": True, "wild": 0.01},
}
