"""Posterior draws of each arm's mean outcome by kind of outcome, before the prior of the lift is applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.effects.experiment import heavy_tail

DRAWS = 4000


@dataclass(frozen=True)
class Means:
    """Draws of each arm's mean outcome per unit.

    Attributes
    ----------
    mean : float array (arms, draws)
        Mean outcome, in units of the outcome.
    conversion : float array (arms, draws) or None
        Share of units above zero; None if the outcome is not decomposed.
    basket : float array (arms, draws) or None
        Mean of the units above zero; None if the outcome is not decomposed.
    tail : Tail or None
        Heavy tail, if one was fitted.
    """

    mean: np.ndarray
    conversion: np.ndarray | None = None
    basket: np.ndarray | None = None
    tail: heavy_tail.Tail | None = None


def streams(seed: int, count: int) -> list[np.random.Generator]:
    """Independent random generators, one for each arm, so that an arm's draws do not depend on the others."""
    return [np.random.default_rng([seed, i]) for i in range(count)]


def conversions(outcome: Sequence[np.ndarray], rngs: Sequence[np.random.Generator], draws: int = DRAWS) -> Means:
    """Conversion rates with a Jeffreys prior (Brown, Cai & DasGupta 2001); `outcome` is 0/1 by arm, each (units,)."""
    share = np.stack([_share(int(each.sum()), len(each), rng, draws) for each, rng in zip(outcome, rngs, strict=True)])
    return Means(share, share)


def amounts(
    outcome: Sequence[np.ndarray], rngs: Sequence[np.random.Generator], common: np.random.Generator, draws: int = DRAWS
) -> Means:
    """Non-negative counts and revenue: share above zero times the mean of those, with a heavy tail if there is one.

    Amounts are scaled by their pooled mean while they are fitted, so that the currency does not matter.

    Parameters
    ----------
    outcome : sequence of float array (units,)
        Sorted outcomes of each arm.
    rngs : sequence of Generator
        Generator of each arm.
    common : Generator
        Generator of what arms share.
    draws : int
        Number of draws.

    Returns
    -------
    Means
        Draws.
    """
    positive = [each[each > 0] for each in outcome]
    pooled = np.sort(np.concatenate(positive))
    unit = float(pooled.mean()) if len(pooled) else 1.0
    scaled = [each / unit for each in positive]
    conversion = np.stack(
        [_share(len(x), len(each), rng, draws) for x, each, rng in zip(scaled, outcome, rngs, strict=True)]
    )
    start = heavy_tail.threshold(scaled)
    if start is None:
        basket = np.stack([_gamma(each, pooled / unit, rng, draws) for each, rng in zip(scaled, rngs, strict=True)])
        return Means(conversion * basket * unit, conversion, basket * unit)
    tail = heavy_tail.fit(scaled, start, draws, common)
    basket = np.stack(
        [
            _split(x, start, tail.excess[i], pooled / unit, rng)
            for i, (x, rng) in enumerate(zip(scaled, rngs, strict=True))
        ]
    )
    # The amount itself, not start * unit, which rounding may put below amounts that are equal to it.
    told = heavy_tail.Tail(float(pooled[pooled / unit <= start][-1]), tail.counts, tail.shape, tail.scale * unit)
    return Means(conversion * basket * unit, conversion, basket * unit, told)


def signed(outcome: Sequence[np.ndarray], rngs: Sequence[np.random.Generator], draws: int = DRAWS) -> Means:
    """Outcomes that may be negative (returns, profit): the mean is Student t; `outcome` by arm, each (units,)."""
    found = []
    for each, rng in zip(outcome, rngs, strict=True):
        error = each.std(ddof=1) / np.sqrt(len(each)) if len(each) > 1 else 0.0
        found.append(each.mean() + error * rng.standard_t(max(len(each) - 1, 1), draws))
    return Means(np.stack(found))


def ratios(
    over: Sequence[np.ndarray], under: Sequence[np.ndarray], rngs: Sequence[np.random.Generator], draws: int = DRAWS
) -> Means:
    """Ratio of totals, from units or clusters.

    Parameters
    ----------
    over, under : sequence of float array (members,)
        Numerators and denominators of each arm.
    rngs : sequence of Generator
        Generator of each arm.
    draws : int
        Number of draws.

    Returns
    -------
    Means
        Draws of total `over` per total `under`.

    Notes
    -----
    The residual over - ratio * under carries the joint uncertainty of numerator and denominator. Each residual is
    divided by 1 - its share of the denominator, which corrects for few members as the jackknife does (CR3). The ratio
    follows a Student t on the log scale, on which it stays positive, or on its own scale if there are negative totals.

    References
    ----------
    MacKinnon & White (1985), "Some heteroskedasticity-consistent covariance matrix estimators with improved finite
    sample properties".
    """
    found, negative = [], any((top < 0).any() for top in over)
    for top, bottom, rng in zip(over, under, rngs, strict=True):
        ratio = top.sum() / bottom.sum()
        share = np.minimum(bottom / bottom.sum(), 0.5)
        residual = (top - ratio * bottom) / (1 - share)
        count = max(len(top), 2)
        error = np.sqrt((residual**2).sum() * (count - 1) / count) / bottom.sum()
        step = error * rng.standard_t(count - 1, draws)
        if negative:
            found.append(ratio + step)
        elif ratio > 0:
            found.append(ratio * np.exp(np.clip(step / ratio, -30, 30)))
        else:  # without any success the ratio lies somewhere below one success
            found.append(rng.gamma(0.5, 1 / bottom.sum(), draws))
    return Means(np.stack(found))


def _share(successes: int, units: int, rng: np.random.Generator, draws: int) -> np.ndarray:
    return rng.beta(successes + 0.5, units - successes + 0.5, draws)


def _gamma(values: np.ndarray, pooled: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """Mean of positive values: gamma with the sample's dispersion (quasi-Poisson), or the pooled below 20 values."""
    if len(pooled) == 0:
        return np.ones(draws)
    source = values if len(values) >= 20 else pooled
    dispersion = max(source.var() * len(source) / max(len(source) - 1, 1) / source.mean(), 1e-9)
    if len(values) == 0:
        return rng.gamma(1 / dispersion, dispersion, draws)
    shape = values.sum() / dispersion
    return rng.gamma(shape, dispersion / len(values), draws)


def _split(
    values: np.ndarray, start: float, excess: np.ndarray, pooled: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Mean of positive values, (draws,): body below `start` (Student t), tail above, and the share of each."""
    body, draws = values[values <= start], len(excess)
    usual, count = float((pooled > start).mean()), int((values > start).sum())
    share = rng.beta(count + usual, len(body) + 1 - usual, draws)
    if len(body) < 3:
        every = pooled[pooled <= start]
        middle = every.mean() + every.std(ddof=1) / np.sqrt(max(len(body), 1)) * rng.standard_normal(draws)
    else:
        middle = body.mean() + body.std(ddof=1) / np.sqrt(len(body)) * rng.standard_t(len(body) - 1, draws)
    return np.asarray((1 - share) * np.maximum(middle, 0) + share * (start + excess))
