"""Effect of an A/B/n test from one joint posterior of the arms' means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.effects.effect import Effect
from reachbook.effects.experiment import gates as trial_gates
from reachbook.effects.experiment import lift_prior, subgroups
from reachbook.effects.experiment.amount_scale import scale_check
from reachbook.effects.experiment.analysis_units import AnalysisUnits, means_of, members_of
from reachbook.effects.experiment.arms import arms_of, complier_of, numerator_of
from reachbook.effects.experiment.balance import balance
from reachbook.effects.experiment.detail import ExperimentDetail, Influence
from reachbook.effects.experiment.heavy_tail import of as tail_of
from reachbook.effects.experiment.heavy_tail import surprise
from reachbook.effects.experiment.hidden_clusters import shared, shared_check
from reachbook.effects.experiment.posterior import joined
from reachbook.effects.experiment.robust_estimands import robust_estimands
from reachbook.effects.experiment.segment_mix import mix_check
from reachbook.effects.experiment.sequential import sequence, simulate
from reachbook.effects.experiment.units import Units, kind_of, read
from reachbook.stats.intervals import equal_tailed
from reachbook.verdict import Gate

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.experiment.heavy_tail import Tail
    from reachbook.effects.experiment.lift_prior import LiftPrior
    from reachbook.effects.experiment.means import Means
    from reachbook.effects.spec import EffectSpec

DROPPED = (1, 5)
_ROUGH = 1000
"""Draws for the influence of the largest values; the effect itself uses more."""


def checked(frame: pd.DataFrame, spec: EffectSpec) -> Units:
    """Units of the experiment, read and checked without any estimation.

    Raises
    ------
    DataError, ParamsError
        What `estimate` would raise before it estimates anything.
    """
    units = read(frame, spec)
    balance(frame, units, spec)
    return units


def estimate(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Effect:
    """Average effect per unit over all treated arms, by intention to treat.

    Parameters
    ----------
    frame : DataFrame
        Table `experiment`, one row a unit.
    spec : EffectSpec
        Parameters.
    seed : int
        Seed.

    Returns
    -------
    Effect
        Posterior and gates; `detail` is an `ExperimentDetail`.

    Raises
    ------
    DataError, ParamsError
        If the table or the parameters cannot be used; the message is one line.
    """
    units = checked(frame, spec)
    members = members_of(units)
    prior = lift_prior.fitted(spec.past_tests, spec.prior_lift)
    data = means_of(members, seed)
    means = joined(data, prior, np.random.default_rng([seed, 91]))
    weights = units.weights[1:]
    average = _over_arms(means.mean, weights)
    influence = _influence(members, units, prior, seed, spec.level)
    raw = _log_lift(data, weights)
    detail = _detail(frame, units, members, means, prior, spec, seed, influence, raw)
    gates = [*balance(frame, units, spec), *_gates(units, members, means, detail, average, spec)]
    return Effect("experiment", units.name, average, means.mean[0], round(float(weights.sum())), tuple(gates), detail)


def _over_arms(mean: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Effect averaged over treated units, float array (draws,)."""
    return np.asarray(weights @ (mean[1:] - mean[0]) / weights.sum())


def _influence(
    members: AnalysisUnits, units: Units, prior: LiftPrior, seed: int, level: float
) -> tuple[Influence, ...]:
    """Effect without the most influential member, and without the five largest."""
    if members.kind == "conversion":
        return ()
    fewest, found = min(len(each) for each in members.over), []
    for count in DROPPED:
        if count < fewest - 2:
            arm, place = members.most_influential()
            left = members.without_one(arm, place) if count == 1 else members.without(count)
            means = joined(means_of(left, seed, _ROUGH), prior, np.random.default_rng([seed, 91]))
            each = Influence(count, *equal_tailed(_over_arms(means.mean, units.weights[1:]), level))
            found.append(_named(each, members, units, arm, place, means) if count == 1 else each)
    return tuple(found)


def _named(each: Influence, members: AnalysisUnits, units: Units, arm: int, place: int, rest: Means) -> Influence:
    """Influence with the member's arm, row and value, and how surprising it is given the tail of the others."""
    value = float(members.over[arm][place])
    found = float("nan") if rest.tail is None else surprise(rest.tail, arm, value)
    return replace(each, arm=units.arms[arm], row=int(members.row[arm][place]), value=value, surprise=found)


def _log_lift(data: Means, weights: np.ndarray) -> tuple[float, float] | None:
    """Estimate and standard error of the treated arms' log lift before the prior; None if a mean may be 0 or less."""
    if not (data.mean > 0).all():
        return None
    logs = np.log(weights @ data.mean[1:] / weights.sum() / data.mean[0])
    return float(np.median(logs)), float(logs.std())


def _detail(
    frame: pd.DataFrame,
    units: Units,
    members: AnalysisUnits,
    means: Means,
    prior: LiftPrior,
    spec: EffectSpec,
    seed: int,
    influence: tuple[Influence, ...],
    raw: tuple[float, float] | None,
) -> ExperimentDetail:
    counts = [len(each) for each in members.over]
    numerator = _numerator(units, prior, seed)
    arms = arms_of(units, means, spec.rope, seed, None if numerator is None else numerator.mean)
    order = [0, *sorted(range(1, len(arms)), key=lambda i: arms[i].name)]
    check = None
    if means.tail is not None:
        check = trial_gates.predictive(means.tail, members.over, np.random.default_rng([seed, 92]))
    return ExperimentDetail(
        kind=units.kind,
        control=units.arms[0],
        control_from=units.control_from,
        arms=tuple(arms[i] for i in order),
        complier=complier_of(arms),
        sample_ratio=trial_gates.sample_ratio(counts, _shares(units, spec)),
        segments=subgroups.by_segment(units, means.mean, prior, seed),
        influence=influence,
        predictive=check,
        tail=means.tail if means.tail is not None else _unit_tail(units, seed),
        prior=prior,
        cluster=units.cluster_name,
        members=tuple(counts[i] for i in order),
        error=raw[1] if raw else float("nan"),
        always_valid=_always_valid(raw, prior, spec.level),
        peeking=simulate(spec.looks, raw[1], prior, seed) if raw and raw[1] > 0 and spec.looks > 1 else None,
        numerator=units.numerator_name,
        denominator=units.denominator_name,
        numerator_total=numerator_of(arms[1:]),
        numerator_baseline=None if numerator is None else numerator.mean[0] * float(units.sizes[1:].sum()),
        numerator_reach=len(units.outcome) / float(units.sizes[1:].sum()),
        left_out=units.left_out,
        robust_estimands=robust_estimands(units, spec.level, seed),
        shared=shared(frame, units, spec),
    )


def _unit_tail(units: Units, seed: int) -> Tail | None:
    """Tail of single units' amounts where the model of means has none: ratios, clusters, negative amounts."""
    if units.under is None and units.cluster is None and units.outcome.min() >= 0:
        return None
    amounts = [units.outcome[units.arm == i] for i in range(len(units.arms))]
    return tail_of(amounts, _ROUGH, np.random.default_rng([seed, 97]))


def _numerator(units: Units, prior: LiftPrior, seed: int) -> Means | None:
    """Draws of each arm's mean numerator per unit; None if the outcome is no ratio."""
    if units.under is None:
        return None
    members = members_of(replace(units, under=None, kind=kind_of(units.outcome)))
    return joined(means_of(members, seed), prior, np.random.default_rng([seed, 94]))


def _always_valid(raw: tuple[float, float] | None, prior: LiftPrior, level: float) -> tuple[float, float] | None:
    """Interval of the relative lift that is valid at all looks simultaneously, planned or not."""
    if raw is None:
        return None
    low, high = sequence(*raw, prior.scale, level)
    return float(np.expm1(low)), float(np.expm1(high))


def _shares(units: Units, spec: EffectSpec) -> list[float]:
    return [spec.ratios.get(name, 1.0) for name in units.arms]


def _gates(
    units: Units,
    members: AnalysisUnits,
    means: Means,
    detail: ExperimentDetail,
    average: np.ndarray,
    spec: EffectSpec,
) -> list[Gate]:
    counts = [len(each) for each in members.over]
    shares = _shares(units, spec)
    successes = [int((units.outcome[units.arm == i] != 0).sum()) for i in range(len(units.arms))]
    what = "cluster" if units.cluster is not None else "unit"
    above = float((average > 0).mean())
    return [
        trial_gates.ratio_check(detail.sample_ratio, units.arms, counts, shares, what),
        trial_gates.sample_check(units, means, counts, successes),
        *mix_check(units),
        *scale_check(units, spec.confirmed),
        *trial_gates.arms_check(units),
        *trial_gates.tail_check(detail.tail, detail.predictive, bool(detail.robust_estimands)),
        *trial_gates.denominator_check(units),
        *shared_check(detail.shared, what),
        trial_gates.control_check(units),
        *trial_gates.baseline_check(means),
        *trial_gates.influence_check(equal_tailed(average, spec.level), detail.influence, what, min(counts)),
        *trial_gates.exposure_check(detail.arms),
        *trial_gates.looks_check(detail.peeking, max(above, 1 - above)),
    ]
