"""The effect of a campaign: one posterior, from which everything on the page is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from reachbook.stats.intervals import equal_tailed

if TYPE_CHECKING:
    from reachbook.arrays import Floats
    from reachbook.result import Gate


@dataclass(frozen=True)
class Effect:
    """What a campaign added to one outcome.

    design : "experiment", "panel" or "series"; outcome : the column
    average : posterior draws of the average effect per treated unit and period, in outcome units, shape (draws,)
    baseline : draws of the same average had there been no campaign, paired with `average`, shape (draws,)
    cells : treated units (experiment) or treated unit-periods (panel, series) that the average is over
    gates : what must hold before anyone acts
    detail : what only this design knows (arms, segments, weights, replays ...), a frozen dataclass of its module
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
        """Draws of the effect over what would have been without it, a ratio (0.05 = +5 %), shape (draws,)."""
        return np.asarray(self.average / self.baseline)

    @property
    def total(self) -> Floats:
        """Draws of the whole effect over all treated units and periods, in outcome units, shape (draws,)."""
        return np.asarray(self.average * self.cells)

    @property
    def passed(self) -> bool:
        """Every blocking gate holds."""
        return all(gate.passed for gate in self.gates if gate.level == "block")

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """(low, high) of the average effect per treated unit and period, in outcome units, with equal tails."""
        low, _, high = equal_tailed(self.average, level)
        return low, high

    def relative_interval(self, level: float = 0.95) -> tuple[float, float]:
        """(low, high) of the relative effect, a ratio."""
        low, _, high = equal_tailed(self.relative, level)
        return low, high

    def probability_above(self, x: float) -> float:
        """Posterior probability that the average effect, in outcome units, exceeds `x`."""
        return float((self.average > x).mean())
