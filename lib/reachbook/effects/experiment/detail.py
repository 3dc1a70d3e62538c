"""What only an experiment knows: its arms, segments, the largest values' influence, and how the model was checked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from reachbook.effects.experiment.heavy_tail import Tail
from reachbook.effects.experiment.hidden_clusters import HiddenCluster
from reachbook.effects.experiment.lift_prior import LiftPrior
from reachbook.effects.experiment.robust_estimands import RobustEstimand
from reachbook.effects.experiment.sequential import Peeking
from reachbook.effects.experiment.subgroups import SegmentEffect
from reachbook.effects.experiment.units import LeftOut


@dataclass(frozen=True)
class Arm:
    """One arm, everything from the same joint posterior.

    units, exposed : counts; exposed is None where no exposure is recorded
    weight : units, or the sum of the denominator of a ratio: what the mean is an average over
    observed : mean outcome per unit as seen, in outcome units
    mean : draws of the true mean, (draws,); conversion, basket : its two parts, or None where it is not split
    effect : draws of mean - control's mean, (draws,), zeros for the control; relative : effect over the control's mean
    complier : draws of the effect on a unit that was exposed because of the assignment, (draws,), or None
    best : probability that this arm's mean is the highest of all
    expected_loss : mean outcome per unit given up, on average, if this arm is chosen and another is better
    above_rope : probability that the relative lift exceeds the ROPE; None for the control
    spend : what its units cost, None where the table does not say
    over, under : of a ratio, the sums of numerator and denominator as seen, else None
    numerator : of a ratio, draws of the mean numerator per unit (orders a person), (draws,), else None
    numerator_total : of a ratio, draws of the numerator that the arm's units added in all, (draws,), else None
    """

    name: str
    control: bool
    units: int
    exposed: int | None
    weight: float
    observed: float
    mean: np.ndarray = field(repr=False)
    conversion: np.ndarray | None = field(repr=False)
    basket: np.ndarray | None = field(repr=False)
    effect: np.ndarray = field(repr=False)
    relative: np.ndarray = field(repr=False)
    complier: np.ndarray | None = field(repr=False)
    best: float
    expected_loss: float
    above_rope: float | None
    spend: float | None = None
    over: float | None = None
    under: float | None = None
    numerator: np.ndarray | None = field(repr=False, default=None)
    numerator_total: np.ndarray | None = field(repr=False, default=None)

    @property
    def incremental(self) -> np.ndarray:
        """Draws of the outcome that the arm's units added in all, (draws,)."""
        return np.asarray(self.effect * self.weight)


@dataclass(frozen=True)
class Influence:
    """The average effect without the `dropped` largest values (clusters, where these were assigned).

    A single one is that which moves its arm most, high or low: arm, row (its place in the table, 1 the first below the
    header, of a cluster its first row), value (of a ratio or a cluster, the numerator), and surprise, the probability
    that the largest of the others' tail would be as large; nan where no tail is modelled.
    """

    dropped: int
    low: float
    middle: float
    high: float
    arm: str = ""
    row: int = 0
    value: float = math.nan
    surprise: float = math.nan


@dataclass(frozen=True)
class Predictive:
    """What the model would show again, beside what was seen, for the tail of the amounts.

    largest : (seen, low, high) of the largest amount; middle : the same of the tail's geometric mean
    p : the smaller of the two statistics' two-sided posterior predictive probabilities, times 2
    """

    largest: tuple[float, float, float]
    middle: tuple[float, float, float]
    p: float


@dataclass(frozen=True)
class ExperimentDetail:
    """What an experiment's `Effect.detail` holds.

    kind : conversion, count, revenue or ratio; control : the arm without the campaign, told by params, name or order
    arms : the control first, then by name; complier : as in `Arm`, over all treated arms
    sample_ratio : p of the sample-ratio check; segments : by arm and segment, partially pooled; () without segments
    prior : beliefs about the lift; cluster : column of the clusters, or empty
    influence : without the one value that moves most, and without the largest 5; () for conversions
    instead : what can be told of amounts whatever their tail: see `trial_instead`; shared : see `trial_shared`
    error : standard error of the log lift before beliefs, nan where a mean may be zero
    always_valid : (low, high) of the relative lift that holds at all looks together, planned or not
    peeking : what the planned looks do, None for a single look
    members : units of analysis by arm, in the order of `arms`: clusters where these were assigned, else units
    left_out : arms of the table that are no part of the test

    Of a ratio (orders/visits) only, else empty, None and nan. Its effect moves with the denominator too, and times the
    denominator it is no sum of anything: whatever the campaign is worth is counted in the numerator.
    numerator, denominator : their columns
    numerator_total : draws of the numerator added over all treated units (after `of_arm`: over that arm's), (draws,),
        from a posterior of the numerator per unit under the same beliefs about lifts; to be valued in place of
        `Effect.total`
    numerator_reach : units of all arms over the treated ones, what a roll-out multiplies `numerator_total` by; in place
        of `everyone` over `Effect.cells`
    numerator_baseline : draws of the numerator that the same units would have had without the campaign, (draws,)
    """

    kind: str
    control: str
    told: str
    arms: tuple[Arm, ...]
    complier: np.ndarray | None = field(repr=False)
    sample_ratio: float
    segments: tuple[SegmentEffect, ...]
    influence: tuple[Influence, ...]
    predictive: Predictive | None
    tail: Tail | None = field(repr=False)
    prior: LiftPrior
    cluster: str
    members: tuple[int, ...]
    error: float
    always_valid: tuple[float, float] | None
    peeking: Peeking | None
    left_out: tuple[LeftOut, ...] = ()
    instead: tuple[RobustEstimand, ...] = ()
    shared: tuple[HiddenCluster, ...] = ()
    numerator: str = ""
    denominator: str = ""
    numerator_total: np.ndarray | None = field(repr=False, default=None)
    numerator_reach: float = math.nan
    numerator_baseline: np.ndarray | None = field(repr=False, default=None)

    @property
    def best(self) -> Arm:
        """The arm with the highest probability of being best."""
        return max(self.arms, key=lambda arm: arm.best)

    @property
    def spend(self) -> float | None:
        """What the treated arms cost together, None where the table does not say."""
        known = [arm.spend for arm in self.arms[1:] if arm.spend is not None]
        return math.fsum(known) if known else None

    @property
    def everyone(self) -> float:
        """Units of all arms together (a ratio's denominators): whom a roll-out would reach."""
        return sum(arm.weight for arm in self.arms)
