"""What can be told of amounts whatever their tail: who has one at all, the middle one, and a mean of capped amounts.

A mean hangs on the largest amounts, and where their variance is infinite no interval of it can be trusted. The share
above zero, the median (which counts how many lie above, not how far) and a winsorised mean have intervals that hold
under any tail. They answer other questions than the mean does, and are named as what they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reachbook.effects.experiment import means as arm_means
from reachbook.effects.experiment.units import Units
from reachbook.stats.intervals import equal_tailed

_CAPPED, _FEWEST = 0.01, 5
_LEAST = 10
"""Fewest amounts in every arm for a median to be told."""


@dataclass(frozen=True)
class RobustEstimand:
    """One estimand of one arm beside the control.

    what : share, median or capped; arm : its name; control, seen : the estimate in both arms
    low, middle, high : of the difference, at the level asked; cap, beyond : of a capped mean, the cap in outcome
    units and the share of amounts above it, else nan
    """

    what: str
    arm: str
    control: float
    seen: float
    low: float
    middle: float
    high: float
    cap: float = math.nan
    beyond: float = math.nan


def instead(units: Units, level: float, seed: int) -> tuple[RobustEstimand, ...]:
    """Share above zero, median of amounts and winsorised mean per unit, for every treated arm; () for conversions.

    Of a ratio, its numerator per unit is told. Clusters are told by how much they differ, as in the effect.
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
    """The amount that one in a hundred exceeds, at least five of them, and the share that does."""
    count = max(_FEWEST, math.ceil(_CAPPED * len(amounts)))
    cap = float(np.sort(amounts)[-count - 1])
    return cap, float((amounts > cap).mean())


def _with_cap(each: RobustEstimand, cap: float, beyond: float) -> RobustEstimand:
    return RobustEstimand(each.what, each.arm, each.control, each.seen, each.low, each.middle, each.high, cap, beyond)


def _compared(
    what: str, units: Units, values: np.ndarray, weight: np.ndarray | None, level: float, seed: int
) -> list[RobustEstimand]:
    """Mean of `values` (over the sum of `weight`) of every treated arm, less the control's."""
    seen, error, count = zip(*(_mean(units, values, weight, i) for i in range(len(units.arms))), strict=True)
    rngs = [np.random.default_rng([seed, 95, i]) for i in range(len(units.arms))]
    draws = [
        m + e * rng.standard_t(max(n - 1, 1), arm_means.DRAWS)
        for m, e, n, rng in zip(seen, error, count, rngs, strict=True)
    ]
    return [_told(what, units.arms[i], seen[0], seen[i], draws[i] - draws[0], level) for i in range(1, len(units.arms))]


def _told(what: str, arm: str, control: float, seen: float, difference: np.ndarray, level: float) -> RobustEstimand:
    low, middle, high = equal_tailed(difference, level)
    return RobustEstimand(what, arm, float(control), float(seen), float(low), float(middle), float(high))


def _mean(units: Units, values: np.ndarray, weight: np.ndarray | None, arm: int) -> tuple[float, float, int]:
    """(mean, its standard error, members) of one arm, by linearisation over units or clusters."""
    here = units.arm == arm
    value, under = values[here], np.ones(int(here.sum())) if weight is None else weight[here]
    mean = float(value.sum() / under.sum())
    residual = value - mean * under
    if units.cluster is not None:
        residual = np.bincount(np.unique(units.cluster[here], return_inverse=True)[1], residual)
    count = max(len(residual), 2)
    return mean, float(np.sqrt((residual**2).sum() * count / (count - 1)) / under.sum()), count


def _medians(units: Units, level: float, seed: int) -> list[RobustEstimand]:
    """Medians of the amounts above zero: where the share below lies about a half, as far as so many amounts tell.

    The share below the true median is beta about a half (its order statistics; Lehmann 1975); clusters make it wider
    as they make that share's standard error.
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
        _told("median", units.arms[i], middle[0], middle[i], draws[i] - draws[0], level) for i in range(1, len(arms))
    ]
