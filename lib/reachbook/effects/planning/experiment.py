"""Planning of an experiment: assurance, power and smallest detectable lift by size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from reachbook.effects.experiment import lift_prior
from reachbook.effects.experiment.sequential import NAIVE, Peeking, simulate
from reachbook.errors import ParamsError
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.effects.experiment.lift_prior import LiftPrior
    from reachbook.effects.spec import EffectSpec

POWER = 0.8
_SIZES = 40
_SMALLEST = 50
_BELIEVED = 400
LARGEST = 10.0
"""Lift, a ratio, above which the smallest one that a test finds is told as a bound."""


@dataclass(frozen=True)
class ExperimentPlan:
    """What a test of two equal arms would answer, for sizes up to the largest affordable one.

    Attributes
    ----------
    units : int64 array (sizes,)
        Units in each arm.
    days : float array (sizes,)
        Length in days; NaN if the flow of units is unknown.
    cost : float array (sizes,)
        Cost of the treated units, in money; NaN if not stated.
    assurance : float array (sizes,)
        Probability, over the prior of the lift, that the test ends sure that the lift is above the ROPE, or sure that
        it is not.
    power : float array (sizes,)
        Probability that it ends sure if the lift is the target; NaN without a target.
    detectable : float array (sizes,)
        Smallest lift, a ratio, that it detects with probability .8.
    target : float or None
        Target lift, a ratio.
    chosen : int or None
        Index of the smallest size that answers; None if the test should not be run.
    peeking : Peeking or None
        Planned looks at the chosen size.
    gates : tuple of Gate
        Gate of the plan.

    References
    ----------
    O'Hagan, Stevens & Campbell (2005), "Assurance in clinical trial design".
    """

    units: np.ndarray = field(repr=False)
    days: np.ndarray = field(repr=False)
    cost: np.ndarray = field(repr=False)
    assurance: np.ndarray = field(repr=False)
    power: np.ndarray = field(repr=False)
    detectable: np.ndarray = field(repr=False)
    target: float | None
    chosen: int | None
    peeking: Peeking | None
    gates: tuple[Gate, ...]

    @property
    def run(self) -> bool:
        """Whether an affordable test answers."""
        return self.chosen is not None


def checked(spec: EffectSpec) -> tuple[np.ndarray, float]:
    """Units in each arm of every size, int64 array (sizes,), and the relative variance of the outcome.

    Raises
    ------
    ParamsError
        If the baseline is missing or is no rate without a standard deviation, or nothing limits the size.
    """
    return _sizes(spec), _relative_variance(spec)


def plan(spec: EffectSpec, seed: int = 1) -> ExperimentPlan:
    """Assurance, power and smallest detectable lift of the experiments that `spec` allows.

    Raises
    ------
    ParamsError
        As for `checked`.
    """
    prior = lift_prior.fitted(spec.past_tests, spec.prior_lift)
    units, variance = checked(spec)
    errors = np.sqrt(2 * variance / units)
    rope = float(np.log1p(spec.rope))
    bounds = np.array([_bounds(prior, rope, float(error)) for error in errors])
    believed = prior.quantiles(_BELIEVED)
    above = norm.cdf((believed - bounds[:, :1]) / errors[:, None])
    below = norm.cdf((bounds[:, 1:] - believed) / errors[:, None])
    aim = np.nan if spec.target is None else float(np.log1p(spec.target))
    power = norm.cdf((aim - bounds[:, 0]) / errors)
    detectable = np.expm1(bounds[:, 0] + norm.ppf(POWER) * errors)
    assurance = (above + below).mean(axis=1)
    good = np.flatnonzero((assurance if spec.target is None else power) >= POWER)
    chosen = int(good[0]) if len(good) else None
    looked = chosen is not None and spec.looks > 1
    days = 2 * units / spec.units_per_day if spec.units_per_day else np.full(len(units), np.nan)
    return ExperimentPlan(
        units=units,
        days=days,
        cost=units * (float("nan") if spec.cost_per_unit is None else spec.cost_per_unit),
        assurance=assurance,
        power=power,
        detectable=detectable,
        target=spec.target,
        chosen=chosen,
        peeking=simulate(spec.looks, float(errors[chosen or 0]), prior, seed) if looked else None,
        gates=(_check(spec, units, days, assurance, power, detectable, chosen),),
    )


def _sizes(spec: EffectSpec) -> np.ndarray:
    """Units in each arm, int64 array (sizes,), from 50 (or a two-hundredth) to the most that money and time allow."""
    limits = []
    if spec.budget and spec.cost_per_unit:
        limits.append(spec.budget / spec.cost_per_unit)
    if spec.units_per_day:
        limits.append(spec.units_per_day * spec.days_most / 2)
    if not limits:
        raise ParamsError(
            "plan: nothing limits the test. Write budget and cost_per_unit, or units_per_day, or all three."
        )
    most = int(min(limits))
    if most < 2:
        raise ParamsError(f"plan: budget and days_most allow {most} units in each arm. Raise one of them.")
    least = min(max(_SMALLEST, most // 200), most)
    return np.unique(np.geomspace(least, most, _SIZES).round().astype(np.int64))


def _relative_variance(spec: EffectSpec) -> float:
    """Variance of a unit's outcome over its squared mean."""
    if not spec.baseline:
        raise ParamsError("plan: baseline is 0. Write the mean outcome of a unit without the campaign (a rate, 0.03).")
    if spec.baseline_sd:
        return (spec.baseline_sd / spec.baseline) ** 2
    if spec.baseline >= 1:
        raise ParamsError(
            f"plan: baseline is {spec.baseline:g}, no rate below 1, and baseline_sd is 0. Write the outcome's "
            "standard deviation in baseline_sd."
        )
    return (1 - spec.baseline) / spec.baseline


def _bounds(prior: LiftPrior, rope: float, error: float) -> tuple[float, float]:
    """Estimated log lifts from which the lift is surely above the ROPE, and up to which it surely is not."""
    estimate = rope + np.linspace(-12, 12, 1201) * error
    above = prior.above(rope, estimate, error)
    return float(np.interp(NAIVE, above, estimate)), float(np.interp(1 - NAIVE, above, estimate))


def _check(
    spec: EffectSpec,
    units: np.ndarray,
    days: np.ndarray,
    assurance: np.ndarray,
    power: np.ndarray,
    detectable: np.ndarray,
    chosen: int | None,
) -> Gate:
    at = len(units) - 1 if chosen is None else chosen
    length = f", {days[at]:,.0f} days" if np.isfinite(days[at]) else ""
    size = f"{units[at]:,} units in each arm{length}"
    chance = (
        f"answers with probability {assurance[at]:.0%}"
        if spec.target is None
        else f"would be sure of a lift of {spec.target:.1%} with probability {power[at]:.0%}"
    )
    least = f"{detectable[at]:.1%}" if detectable[at] < LARGEST else f"more than {LARGEST:.0%}"
    told = f"{size}, {chance}; the smallest lift that it finds 8 times in 10 is {least}."
    if chosen is not None:
        return Gate("plan", True, f"The smallest test that answers: {told}")
    return Gate(
        "plan", False, f"Do not run: the largest affordable test, {told} Find more money, time or a larger change."
    )
