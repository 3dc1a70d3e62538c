"""Planning of an experiment: assurance, power and smallest detectable lift by size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from reachbook.effects.experiment import lift_prior
from reachbook.effects.experiment.sequential import NAIVE, Peeking, simulate
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import sentences, tr
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
            tr("plan: nothing limits the test. Write budget and cost_per_unit, or units_per_day, or all three.")
        )
    most = int(min(limits))
    if most < 2:
        raise ParamsError(
            tr("plan: budget and days_most allow {most} units in each arm. Raise one of them.", most=most)
        )
    least = min(max(_SMALLEST, most // 200), most)
    return np.unique(np.geomspace(least, most, _SIZES).round().astype(np.int64))


def _relative_variance(spec: EffectSpec) -> float:
    """Variance of a unit's outcome over its squared mean."""
    if not spec.baseline:
        raise ParamsError(
            tr("plan: baseline is 0. Write the mean outcome of a unit without the campaign (a rate, 0.03).")
        )
    if spec.baseline_sd:
        return (spec.baseline_sd / spec.baseline) ** 2
    if spec.baseline >= 1:
        raise ParamsError(
            tr(
                "plan: baseline is {baseline:g}, no rate below 1, and baseline_sd is 0. Write the outcome's standard "
                "deviation in baseline_sd.",
                baseline=spec.baseline,
            )
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
    size = tr("{units} units in each arm", units=number(float(units[at]), "count"))
    if np.isfinite(days[at]):
        size = tr(
            "{units} units in each arm over {days} days",
            units=number(float(units[at]), "count"),
            days=f"{days[at]:,.0f}",
        )
    sure = float((assurance if spec.target is None else power)[at])
    return plan_check(chosen is not None, size, sure, spec.target, float(detectable[at]))


def plan_check(run: bool, size: str, sure: float, target: float | None, detectable: float) -> Gate:
    """Gate on whether a test answers; `size` says how large it is, `sure` how probably it answers."""
    which = tr("The smallest test that answers:") if run else tr("Do not run; the best affordable test:")
    told = {"size": size, "chance": f"{sure:.0%}"}
    answers = (
        tr("{size}, which answers with probability {chance} (80% is asked).", **told)
        if target is None
        else tr(
            "{size}, which is sure of a lift of {target} with probability {chance} (80% is asked).",
            target=f"{target:.1%}",
            **told,
        )
    )
    remedy = "" if run else tr("Find more money, time, units or a larger change.")
    return Gate("plan", run, sentences(which, answers, least(detectable), remedy))


def least(detectable: float) -> str:
    """Sentence on the smallest lift that a test finds."""
    if detectable >= LARGEST:
        return tr("It finds no lift below {lift} 8 times in 10.", lift=f"{LARGEST:.0%}")
    return tr("The smallest lift that it finds 8 times in 10 is {lift}.", lift=f"{detectable:.1%}")
