"""Posterior draws of the mean outcome of each arm, by kind of outcome, before beliefs about the lift are added.

Every arm has its own stream of random numbers, so that an arm's draws do not depend on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.effects.experiment import heavy_tail

DRAWS = 4000


@dataclass(frozen=True)
class Means:
    """Draws of each arm's mean outcome per unit, (arms, draws).

    conversion : share of units above zero, (arms, draws), or None where the outcome is not split so
    basket : mean of the units above zero, (arms, draws), or None
    tail : the heavy tail that was fitted, or None
    """

    mean: np.ndarray
    conversion: np.ndarray | None = None
    basket: np.ndarray | None = None
    tail: heavy_tail.Tail | None = None


def streams(seed: int, count: int) -> list[np.random.Generator]:
    """A generator for each arm, in the order of the arms' content."""
    return [np.random.default_rng([seed, i]) for i in range(count)]


def conversions(outcome: Sequence[np.ndarray], rngs: Sequence[np.random.Generator], draws: int = DRAWS) -> Means:
    """Share of successes: beta-binomial with Jeffreys' prior (Brown, Cai & DasGupta 2001)."""
    share = np.stack([_share(int(each.sum()), len(each), rng, draws) for each, rng in zip(outcome, rngs, strict=True)])
    return Means(share, share)


def amounts(
    outcome: Sequence[np.ndarray], rngs: Sequence[np.random.Generator], common: np.random.Generator, draws: int = DRAWS
) -> Means:
    """Counts and revenue, none below zero: share above zero times the mean of those, with a heavy tail if there is one.

    outcome : sorted values by arm, each (units,). Amounts are measured in their pooled mean while they are fitted, so
    that the currency does not matter.
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
    """Outcomes that may be negative (returns, profit): the mean follows Student's t."""
    found = []
    for each, rng in zip(outcome, rngs, strict=True):
        error = each.std(ddof=1) / np.sqrt(len(each)) if len(each) > 1 else 0.0
        found.append(each.mean() + error * rng.standard_t(max(len(each) - 1, 1), draws))
    return Means(np.stack(found))


def ratios(
    over: Sequence[np.ndarray], under: Sequence[np.ndarray], rngs: Sequence[np.random.Generator], draws: int = DRAWS
) -> Means:
    """Total of `over` per total of `under`, from units or clusters, each array (members,).

    Numerator and denominator vary together: the residual over - ratio * under carries the uncertainty of both. Each
    residual is divided by 1 - its share of the denominator, which corrects for few members as the jackknife does
    (CR3, MacKinnon & White 1985), and the ratio follows Student's t on the log scale, on which it stays positive; on
    its own scale where there are totals below zero.
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
    """Mean of positive values: gamma with the sample's dispersion (quasi-Poisson), the pooled one below 20 values."""
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
    """Mean of positive values: body below `start` (Student's t), tail above, and the share of each; (draws,)."""
    body, draws = values[values <= start], len(excess)
    usual, count = float((pooled > start).mean()), int((values > start).sum())
    share = rng.beta(count + usual, len(body) + 1 - usual, draws)
    if len(body) < 3:
        every = pooled[pooled <= start]
        middle = every.mean() + every.std(ddof=1) / np.sqrt(max(len(body), 1)) * rng.standard_normal(draws)
    else:
        middle = body.mean() + body.std(ddof=1) / np.sqrt(len(body)) * rng.standard_t(len(body) - 1, draws)
    return np.asarray((1 - share) * np.maximum(middle, 0) + share * (start + excess))
