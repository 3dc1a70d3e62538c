"""Results by arm from the joint posterior: probability of being best, effect, effect on the exposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reachbook.effects.effect import Effect
from reachbook.effects.experiment.detail import Arm
from reachbook.effects.experiment.means import Means
from reachbook.effects.experiment.units import Units

_EXPOSED = 0.1
"""Smallest difference in exposure rates for which effects on the exposed are reported."""


def arms_of(units: Units, means: Means, rope: float, seed: int, numerator: np.ndarray | None = None) -> list[Arm]:
    """Results of the arms, in the order of `units.arms`.

    Parameters
    ----------
    units : Units
        Units of the experiment.
    means : Means
        Joint posterior of the arms' means.
    rope : float
        Relative lift below which an effect does not matter, a ratio.
    seed : int
        Seed.
    numerator : float array (arms, draws), optional
        Draws of the mean numerator of a ratio per unit.

    Returns
    -------
    list of Arm
        Results.
    """
    best = np.bincount(means.mean.argmax(axis=0), minlength=len(units.arms)) / means.mean.shape[1]
    loss = (means.mean.max(axis=0) - means.mean).mean(axis=1)
    exposed = None if units.exposed is None else np.bincount(units.arm, units.exposed, len(units.arms)).astype(int)
    found = []
    for i, name in enumerate(units.arms):
        effect = means.mean[i] - means.mean[0]
        relative = effect / means.mean[0]
        found.append(
            Arm(
                name=name,
                control=i == 0,
                units=int(units.sizes[i]),
                exposed=None if exposed is None else int(exposed[i]),
                weight=float(units.weights[i]),
                observed=float(units.outcome[units.arm == i].sum() / units.weights[i]),
                mean=means.mean[i],
                conversion=None if means.conversion is None else means.conversion[i],
                basket=None if means.basket is None else means.basket[i],
                effect=effect,
                relative=relative,
                complier=None if exposed is None or i == 0 else _scaled(effect, exposed, units.sizes, i, seed),
                best=float(best[i]),
                expected_loss=float(loss[i]),
                above_rope=None if i == 0 else float((relative > rope).mean()),
                spend=None if units.spend is None else units.spend[i],
                over=None if units.under is None else float(units.outcome[units.arm == i].sum()),
                under=None if units.under is None else float(units.weights[i]),
                numerator=None if numerator is None else numerator[i],
                numerator_total=None if numerator is None else (numerator[i] - numerator[0]) * units.sizes[i],
            )
        )
    return found


def _scaled(effect: np.ndarray, exposed: np.ndarray, sizes: np.ndarray, arm: int, seed: int) -> np.ndarray | None:
    """Complier average effect by draw, (draws,): the effect over the difference in exposure rates (Bloom 1984)."""
    if exposed[arm] / sizes[arm] - exposed[0] / sizes[0] < _EXPOSED:
        return None
    rng = np.random.default_rng([seed, 93, arm])
    share = rng.beta(exposed[arm] + 0.5, sizes[arm] - exposed[arm] + 0.5, len(effect))
    if exposed[0]:
        share = share - rng.beta(exposed[0] + 0.5, sizes[0] - exposed[0] + 0.5, len(effect))
    return np.asarray(effect / np.maximum(share, _EXPOSED / 10))


def complier_of(arms: Sequence[Arm]) -> np.ndarray | None:
    """Complier effects of the treated arms weighted by exposed units, (draws,); None unless every arm has one."""
    found = [arm.complier for arm in arms[1:] if arm.complier is not None]
    if len(found) < len(arms) - 1:
        return None
    weight = np.array([arm.exposed or 0 for arm in arms[1:]], float)
    return np.asarray(weight @ np.stack(found) / weight.sum())


def numerator_of(arms: Sequence[Arm]) -> np.ndarray | None:
    """Numerator of a ratio that these arms added in total, float array (draws,); None if the outcome is no ratio."""
    found = [arm.numerator_total for arm in arms if arm.numerator_total is not None]
    return np.sum(found, axis=0) if found else None


def of_arm(effect: Effect, name: str) -> Effect:
    """Effect of one treated arm from the same draws; the gates remain those of the experiment.

    Raises
    ------
    ValueError
        If `name` is not a treated arm.
    """
    found = [arm for arm in effect.detail.arms[1:] if arm.name == name]
    if not found:
        known = ", ".join(arm.name for arm in effect.detail.arms[1:])
        raise ValueError(f"{name!r} is no treated arm; there are {known}")
    arm, detail = found[0], effect.detail
    if arm.numerator_total is not None:
        detail = replace(
            detail,
            numerator_total=arm.numerator_total,
            numerator_baseline=detail.arms[0].numerator * arm.units,
            numerator_reach=sum(each.units for each in detail.arms) / arm.units,
        )
    return replace(effect, average=arm.effect, cells=round(arm.weight), detail=detail)
