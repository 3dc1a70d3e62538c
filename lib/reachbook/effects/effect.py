"""Posterior of a campaign's effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from reachbook.stats.intervals import equal_tailed
from reachbook.verdict import failed

if TYPE_CHECKING:
    from reachbook.arrays import Floats
    from reachbook.verdict import Gate


@dataclass(frozen=True)
class Effect:
    """What a campaign added to one outcome.

    Attributes
    ----------
    design : str
        "experiment", "panel" or "series".
    outcome : str
        Column of the outcome.
    average : float array (draws,)
        Average effect per treated unit and period, in units of the outcome.
    baseline : float array (draws,)
        The same average without the campaign, paired with `average`.
    cells : int
        Treated units (experiment) or treated unit-periods (panel, series) over which the average is taken.
    gates : tuple of Gate
        Checks that must hold before anyone acts.
    detail : object
        What only this design has (arms, segments, weights, replays ...): a frozen dataclass of its module.
    """

    design: str
    outcome: str
    average: Floats
    baseline: Floats
    cells: int
    gates: tuple[Gate, ...]
    detail: Any = field(repr=False, default=None)

    @property
    def middle(self) -> float:
        """Posterior median of the average effect, in outcome units."""
        return float(np.median(self.average))

    @property
    def relative(self) -> Floats:
        """Effect as a ratio of the baseline (0.05 = +5 %), float array (draws,)."""
        return np.asarray(self.average / self.baseline)

    @property
    def total(self) -> Floats:
        """Effect summed over all treated units and periods, in units of the outcome, float array (draws,)."""
        return np.asarray(self.average * self.cells)

    @property
    def passed(self) -> bool:
        """Whether every blocking gate holds."""
        return not failed(self.gates)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Equal-tailed interval (low, high) of the average effect, in units of the outcome per unit and period."""
        low, _, high = equal_tailed(self.average, level)
        return low, high

    def relative_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Equal-tailed interval (low, high) of the relative effect, a ratio."""
        low, _, high = equal_tailed(self.relative, level)
        return low, high

    def probability_above(self, x: float) -> float:
        """Posterior probability that the average effect, in units of the outcome, exceeds `x`."""
        return float((self.average > x).mean())
