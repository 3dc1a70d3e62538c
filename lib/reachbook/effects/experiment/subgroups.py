"""Effects by segment with partial pooling, consistent with the arm's overall effect."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.units import Units

_FEW = 50


@dataclass(frozen=True)
class SegmentEffect:
    """Effect of one arm in one segment.

    Attributes
    ----------
    arm, segment : str
        Names.
    units : int
        Units of the segment in this arm.
    average : float array (draws,)
        Effect per unit, in units of the outcome.
    relative : float array (draws,)
        Relative effect, a ratio.
    positive : float
        Probability of a positive effect.
    """

    arm: str
    segment: str
    units: int
    average: np.ndarray = field(repr=False)
    relative: np.ndarray = field(repr=False)
    positive: float


@dataclass(frozen=True)
class _Cells:
    """`log_mean` of each segment in one arm, its `variance`, and its `units`, each (segments,)."""

    log_mean: np.ndarray
    variance: np.ndarray
    units: np.ndarray


def by_segment(units: Units, mean: np.ndarray, prior: LiftPrior, seed: int) -> tuple[SegmentEffect, ...]:
    """Effects of every treated arm in every segment.

    Parameters
    ----------
    units : Units
        Units with segments.
    mean : float array (arms, draws)
        Joint draws of the arms' means.
    prior : LiftPrior
        Prior of the lift.
    seed : int
        Seed.

    Returns
    -------
    tuple of SegmentEffect
        Empty with fewer than two segments, or where a mean may be zero or negative.

    Notes
    -----
    A normal hierarchical model of the log lift, solved exactly on a grid of the between-segment spread, shrinks small
    segments towards the others, so that many comparisons yield few false findings. Draws are then adjusted so that the
    segments' effects average to the arm's own effect, draw by draw.

    References
    ----------
    Gelman et al. (2013), "Bayesian data analysis", chapter 5.
    """
    if len(units.segments) < 2 or not (mean > 0).all() or (units.outcome < 0).any() or not units.outcome.any():
        return ()
    cells = [_cells(units, i) for i in range(len(units.arms))]
    found = []
    for i, name in enumerate(units.arms[1:], 1):
        rng = np.random.default_rng([seed, 77, i])
        average, relative = _pooled(cells[0], cells[i], mean[i] - mean[0], prior, rng)
        for g, segment in enumerate(units.segments):
            positive = float((average[g] > 0).mean())
            count = int(cells[i].units[g])
            found.append(SegmentEffect(name, segment, count, average[g], relative[g], positive))
    return tuple(sorted(found, key=lambda each: (each.arm, each.segment)))


def _cells(units: Units, arm: int) -> _Cells:
    assert units.segment is not None
    here = units.arm == arm
    segment, outcome, count = units.segment[here], units.outcome[here], len(units.segments)
    under = np.ones(len(outcome)) if units.under is None else units.under[here]
    totals, sizes = np.bincount(segment, outcome, count), np.bincount(segment, under, count)
    events, numbers = np.bincount(segment, outcome > 0, count), np.bincount(segment, minlength=count)
    ratio = _overall(units)
    # Half an event of the whole test joins each cell, so that a cell without events has a mean too.
    everything = units.outcome[units.outcome > 0]
    half = 0.5 * float(everything.mean())
    centre = (totals + half) / (sizes + half / ratio)
    residual = outcome - centre[segment] * under
    if units.cluster is None:
        squares = np.bincount(segment, residual**2, count)
    else:
        code = np.unique(np.stack([units.cluster[here], segment]), axis=1, return_inverse=True)
        sums = np.bincount(code[1].ravel(), residual)
        squares = np.bincount(code[0][1], sums**2, count)
    direct = squares / np.maximum(centre * sizes, 1e-300) ** 2
    usual = squares.sum() / totals.sum() ** 2 * events.sum() if totals.sum() else 1.0
    pooled = usual / (events + 0.5)
    return _Cells(np.log(centre), np.where(events >= _FEW, direct, np.maximum(direct, pooled)) + 1e-12, numbers)


def _overall(units: Units) -> float:
    under = len(units.outcome) if units.under is None else units.under.sum()
    return float(units.outcome.sum() / under)


def _pooled(
    control: _Cells, treated: _Cells, effect: np.ndarray, prior: LiftPrior, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Absolute and relative effects, float arrays (segments, draws), whose weighted average is `effect` (draws,)."""
    lift, variance = treated.log_mean - control.log_mean, treated.variance + control.variance
    log_lift = _hierarchy(lift, variance, prior, len(effect), rng)
    # Given the lift, both arms tell the segment's mean without the campaign.
    precision = 1 / control.variance + 1 / treated.variance
    middle = (control.log_mean / control.variance)[:, None] + (treated.log_mean[:, None] - log_lift) / (
        treated.variance[:, None]
    )
    noise = rng.standard_normal(log_lift.shape)
    baseline = np.exp(middle / precision[:, None] + noise / np.sqrt(precision)[:, None])
    average = baseline * np.expm1(log_lift)
    weight = (control.units + treated.units) / (control.units + treated.units).sum()
    whole = weight @ average
    centred = whole - whole.mean()
    gain = (average - average.mean(axis=1, keepdims=True)) @ centred / max(float(centred @ centred), 1e-300)
    average = average + gain[:, None] * (effect - whole)
    return average, average / baseline


def _hierarchy(
    lift: np.ndarray, variance: np.ndarray, prior: LiftPrior, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Log lift of each segment, float array (segments, draws): lift ~ normal(common, spread).

    The spread is uniform on a grid from 0 (Gelman 2006, "Prior distributions for variance parameters"): a prior that
    prefers small spreads draws the one segment that differs too far towards the others.
    """
    spread = np.linspace(0, 2 * prior.scale, 81)
    total = variance + spread[:, None] ** 2
    wide = (1.5 * prior.scale) ** 2
    precision = (1 / total).sum(axis=1) + 1 / wide
    middle = ((lift / total).sum(axis=1) + prior.location / wide) / precision
    # Marginal posterior of the spread: p(data | spread) by p(data | common) p(common) / p(common | data) at the middle.
    logs = -0.5 * (np.log(total) + (lift - middle[:, None]) ** 2 / total).sum(axis=1)
    logs += -0.5 * (middle - prior.location) ** 2 / wide - 0.5 * np.log(precision)
    share = np.exp(logs - logs.max())
    index = np.searchsorted((share / share.sum()).cumsum(), rng.random(draws)).clip(0, len(spread) - 1)
    common = middle[index] + rng.standard_normal(draws) / np.sqrt(precision[index])
    between = np.maximum(spread[index] ** 2, 1e-12)
    own = 1 / (1 / variance[:, None] + 1 / between)
    mean = own * (lift[:, None] / variance[:, None] + common / between)
    return np.asarray(mean + np.sqrt(own) * rng.standard_normal((len(lift), draws)))
