"""Estimands that are valid under any tail: share above zero, median and winsorised mean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reachbook.effects.experiment import means as arm_means
from reachbook.effects.experiment.units import Units
from reachbook.stats.intervals import equal_tailed

_CAPPED, _FEWEST = 0.01, 5
_LEAST = 10
"""Fewest amounts in every arm for which a median is reported."""


@dataclass(frozen=True)
class RobustEstimand:
    """One estimand of one arm against the control.

    Attributes
    ----------
    what : str
        "share", "median" or "capped".
    arm : str
        Name.
    control, observed : float
        Estimates in the control and in the arm.
    low, middle, high : float
        Interval and median of their difference.
    cap, beyond : float
        Cap in units of the outcome and share of amounts above it, for a capped mean; else NaN.
    """

    what: str
    arm: str
    control: float
    observed: float
    low: float
    middle: float
    high: float
    cap: float = math.nan
    beyond: float = math.nan


def robust_estimands(units: Units, level: float, seed: int) -> tuple[RobustEstimand, ...]:
    """Share above zero, median of amounts and winsorised mean per unit of every treated arm; empty for conversions.

    For a ratio they are of its numerator per unit. Clusters enter by their variation, as in the effect.

    Notes
    -----
    A mean depends on the largest amounts, and if their variance is infinite no interval of it is reliable. The
    intervals of these estimands hold under any tail: the median depends on how many amounts lie above it, not on how
    far. They answer other questions than the mean does, and are reported under their own names.
    """
    amounts = units.outcome[units.outcome > 0]
    if units.outcome.min() < 0 or len(np.unique(amounts)) < _LEAST:
        return ()
    cap, beyond = _cap(amounts)
    found = [*_compared("share", units, (units.outcome > 0) * 1.0, None, level, seed)]
    found += _medians(units, level, seed)
    capped = _compared("capped", units, np.minimum(units.outcome, cap), None, level, seed)
    found += [_with_cap(each, cap, beyond) for each in capped]
    return tuple(found)


def _cap(amounts: np.ndarray) -> tuple[float, float]:
    """Amount exceeded by one in a hundred, and by at least five, and the share of amounts above it."""
    count = max(_FEWEST, math.ceil(_CAPPED * len(amounts)))
    cap = float(np.sort(amounts)[-count - 1])
    return cap, float((amounts > cap).mean())


def _with_cap(each: RobustEstimand, cap: float, beyond: float) -> RobustEstimand:
    return RobustEstimand(
        each.what, each.arm, each.control, each.observed, each.low, each.middle, each.high, cap, beyond
    )


def _compared(
    what: str, units: Units, values: np.ndarray, weight: np.ndarray | None, level: float, seed: int
) -> list[RobustEstimand]:
    """Mean of `values` (over the sum of `weight`) of every treated arm minus the control's."""
    seen, error, count = zip(*(_mean(units, values, weight, i) for i in range(len(units.arms))), strict=True)
    rngs = [np.random.default_rng([seed, 95, i]) for i in range(len(units.arms))]
    draws = [
        m + e * rng.standard_t(max(n - 1, 1), arm_means.DRAWS)
        for m, e, n, rng in zip(seen, error, count, rngs, strict=True)
    ]
    return [
        _estimand(what, units.arms[i], seen[0], seen[i], draws[i] - draws[0], level) for i in range(1, len(units.arms))
    ]


def _estimand(what: str, arm: str, control: float, seen: float, difference: np.ndarray, level: float) -> RobustEstimand:
    low, middle, high = equal_tailed(difference, level)
    return RobustEstimand(what, arm, float(control), float(seen), float(low), float(middle), float(high))


def _mean(units: Units, values: np.ndarray, weight: np.ndarray | None, arm: int) -> tuple[float, float, int]:
    """Mean, standard error and number of members of one arm, by linearisation over units or clusters."""
    here = units.arm == arm
    value, under = values[here], np.ones(int(here.sum())) if weight is None else weight[here]
    mean = float(value.sum() / under.sum())
    residual = value - mean * under
    if units.cluster is not None:
        residual = np.bincount(np.unique(units.cluster[here], return_inverse=True)[1], residual)
    count = max(len(residual), 2)
    return mean, float(np.sqrt((residual**2).sum() * count / (count - 1)) / under.sum()), count


def _medians(units: Units, level: float, seed: int) -> list[RobustEstimand]:
    """Differences of the medians of positive amounts.

    The share of amounts below the true median has a beta distribution around one half (order statistics; Lehmann
    1975); clusters widen it as they widen that ratio's standard error.
    """
    arms = [np.sort(units.outcome[(units.arm == i) & (units.outcome > 0)]) for i in range(len(units.arms))]
    if min(len(each) for each in arms) < _LEAST:
        return []
    draws = []
    for i, amounts in enumerate(arms):
        has = (units.outcome > 0) * 1.0
        error = _mean(units, has * (units.outcome <= np.median(amounts)), has, i)[1]
        effective = min(max(0.25 / error**2, 2.0), float(len(amounts))) if error > 0 else float(len(amounts))
        share = np.random.default_rng([seed, 96, i]).beta((effective + 1) / 2, (effective + 1) / 2, arm_means.DRAWS)
        draws.append(np.quantile(amounts, share))
    middle = [float(np.median(each)) for each in arms]
    return [
        _estimand("median", units.arms[i], middle[0], middle[i], draws[i] - draws[0], level)
        for i in range(1, len(arms))
    ]
