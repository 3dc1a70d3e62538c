"""Detail of an experiment's effect: arms, segments, influence and model checks."""

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
    """Results of one arm from the joint posterior.

    Attributes
    ----------
    name : str
        Name.
    control : bool
        Whether it is the control.
    units : int
        Number of units.
    exposed : int or None
        Exposed units; None if exposure is not recorded.
    weight : float
        What the mean averages over: units, or the sum of a ratio's denominator.
    observed : float
        Observed mean outcome per unit.
    mean : float array (draws,)
        True mean, in units of the outcome.
    conversion, basket : float array (draws,) or None
        Share above zero and mean of those; None if the outcome is not decomposed.
    effect : float array (draws,)
        Mean minus the control's mean; zeros for the control.
    relative : float array (draws,)
        Effect over the control's mean, a ratio.
    complier : float array (draws,) or None
        Effect on a unit that was exposed because of the assignment.
    best : float
        Probability that this arm has the highest mean.
    expected_loss : float
        Expected shortfall of the mean outcome per unit against the best arm.
    above_rope : float or None
        Probability that the relative lift exceeds the ROPE; None for the control.
    spend : float or None
        Cost of its units, in money; None if unknown.
    over, under : float or None
        Observed sums of numerator and denominator of a ratio.
    numerator : float array (draws,) or None
        Mean numerator of a ratio per unit.
    numerator_total : float array (draws,) or None
        Numerator of a ratio that the arm's units added in total.
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
        """Outcome that the arm's units added in total, float array (draws,)."""
        return np.asarray(self.effect * self.weight)


@dataclass(frozen=True)
class Influence:
    """Average effect without the `dropped` largest values, or clusters.

    A single dropped value is the one that moves its arm most, in either direction.

    Attributes
    ----------
    dropped : int
        Number of values left out.
    middle, low, high : float
        Median and interval of the effect without them, in units of the outcome.
    arm : str
        Arm of a single value.
    row : int
        Its row in the table, 1 for the first below the header; of a cluster its first row.
    value : float
        The value; of a ratio or a cluster the numerator.
    surprise : float
        Probability that the largest of the others' tail would be as large; NaN if no tail is modelled.
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
    """Posterior predictive check of the tail of the amounts.

    Attributes
    ----------
    largest, middle : tuple of (float, float, float)
        Observed value and range of replications of the largest amount, and of the tail's geometric mean.
    p : float
        Twice the smaller of the two statistics' two-sided posterior predictive probabilities.
    """

    largest: tuple[float, float, float]
    middle: tuple[float, float, float]
    p: float


@dataclass(frozen=True)
class ExperimentDetail:
    """Detail of the effect of an experiment.

    Attributes
    ----------
    kind : str
        "conversion", "count", "revenue" or "ratio".
    control : str
        Arm without the campaign.
    control_from : str
        How the control was identified: "params", "name" or "order".
    arms : tuple of Arm
        The control first, then by name.
    complier : float array (draws,) or None
        As in `Arm`, over all treated arms.
    sample_ratio : float
        p-value of the sample-ratio check.
    segments : tuple of SegmentEffect
        Partially pooled effects by arm and segment; () without segments.
    influence : tuple of Influence
        Without the most influential value, and without the five largest; () for conversions.
    predictive : Predictive or None
        Posterior predictive check of the tail.
    tail : Tail or None
        Tail of the amounts.
    prior : LiftPrior
        Prior of the lift.
    cluster : str
        Column of the clusters, or "".
    members : tuple of int
        Units of analysis by arm, in the order of `arms`: clusters if these were assigned, else units.
    error : float
        Standard error of the log lift before the prior; NaN if a mean may be zero or negative.
    always_valid : tuple of (float, float) or None
        Interval of the relative lift that is valid at all looks simultaneously.
    peeking : Peeking or None
        Behaviour of the planned looks; None for a single look.
    left_out : tuple of LeftOut
        Arms of the table that are not part of the test.
    robust_estimands : tuple of RobustEstimand
        Estimands that are valid under any tail, see `robust_estimands`.
    shared : tuple of HiddenCluster
        Possible clusters that were not stated, see `hidden_clusters`.
    numerator, denominator : str
        Columns of a ratio, else "".
    numerator_total : float array (draws,) or None
        Numerator added over all treated units (after `of_arm`: over that arm's), from a posterior of the numerator per
        unit under the same prior of lifts. It is valued in place of `Effect.total`: a ratio also moves with its
        denominator, and times the denominator it is not a sum of anything.
    numerator_reach : float
        Units of all arms over the treated ones, by which a roll-out multiplies `numerator_total`, in place of
        `everyone` over `Effect.cells`; NaN if the outcome is no ratio.
    numerator_baseline : float array (draws,) or None
        Numerator of the same units without the campaign.
    """

    kind: str
    control: str
    control_from: str
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
    robust_estimands: tuple[RobustEstimand, ...] = ()
    shared: tuple[HiddenCluster, ...] = ()
    numerator: str = ""
    denominator: str = ""
    numerator_total: np.ndarray | None = field(repr=False, default=None)
    numerator_reach: float = math.nan
    numerator_baseline: np.ndarray | None = field(repr=False, default=None)

    @property
    def best(self) -> Arm:
        """Arm with the highest probability of being best."""
        return max(self.arms, key=lambda arm: arm.best)

    @property
    def everyone(self) -> float:
        """Units of all arms (for a ratio, denominators) that a roll-out would reach."""
        return sum(arm.weight for arm in self.arms)
