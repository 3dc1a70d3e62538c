"""Units of analysis: units with their outcome, or totals of clusters and ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.effects.experiment import means as arm_means
from reachbook.effects.experiment.means import Means
from reachbook.effects.experiment.units import Units


@dataclass(frozen=True)
class AnalysisUnits:
    """Units of analysis by arm: units, or clusters (or ratios) with totals and denominators.

    Attributes
    ----------
    kind : str
        "conversion", "count", "revenue", "signed" or "ratio".
    over : tuple of float array (members,)
        Sorted outcomes or totals of each arm.
    under : tuple of float array (members,) or None
        Denominators of each arm.
    row : tuple of int64 array (members,)
        Row of each member in the table; of a cluster its first row.
    """

    kind: str
    over: tuple[np.ndarray, ...]
    under: tuple[np.ndarray, ...] | None = None
    row: tuple[np.ndarray, ...] = ()

    def without(self, count: int) -> AnalysisUnits:
        """All but the `count` largest values over all arms; `row` is dropped."""
        largest = np.sort(np.concatenate([each[-count:] for each in self.over]))[-count]
        above = [int((each > largest).sum()) for each in self.over]
        left = count - sum(above)
        kept, weights = [], []
        for i, each in enumerate(self.over):
            same = min(left, int((each == largest).sum()))
            left -= same
            last = len(each) - above[i] - same
            kept.append(each[:last])
            if self.under is not None:
                weights.append(self.under[i][:last])
        return AnalysisUnits(self.kind, tuple(kept), tuple(weights) if self.under is not None else None)

    def most_influential(self) -> tuple[int, int]:
        """Arm and position of the member that moves its arm's mean or ratio most."""
        found = [np.abs(self.residual(arm)) / self.weight(arm).sum() for arm in range(len(self.over))]
        arm = max(range(len(found)), key=lambda i: float(found[i].max()))
        return arm, int(found[arm].argmax())

    def residual(self, arm: int) -> np.ndarray:
        """Value minus its prediction by the arm's mean or ratio, float array (members,)."""
        over, weight = self.over[arm], self.weight(arm)
        return np.asarray(over - over.sum() / weight.sum() * weight)

    def weight(self, arm: int) -> np.ndarray:
        """Denominators, or ones, float array (members,)."""
        return np.ones(len(self.over[arm])) if self.under is None else self.under[arm]

    def without_one(self, arm: int, place: int) -> AnalysisUnits:
        """All but one member."""

        def cut(arrays: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
            return tuple(np.delete(each, place) if i == arm else each for i, each in enumerate(arrays))

        return AnalysisUnits(self.kind, cut(self.over), None if self.under is None else cut(self.under), cut(self.row))


def members_of(units: Units) -> AnalysisUnits:
    """Units of analysis: units, or totals of clusters, since what was assigned together is one observation."""
    arms = range(len(units.arms))
    if units.cluster is None:
        over, row = (tuple(each[units.arm == i] for i in arms) for each in (units.outcome, units.row))
        if units.under is None:
            signed = bool((units.outcome < 0).any())
            return AnalysisUnits("signed" if signed else units.kind, over, None, row)
        return _pairs(over, tuple(units.under[units.arm == i] for i in arms), row)
    weight = np.ones(len(units.outcome)) if units.under is None else units.under
    tops, bottoms, rows = [], [], []
    for i in arms:
        here = units.arm == i
        names, code = np.unique(units.cluster[here], return_inverse=True)
        tops.append(np.bincount(code, units.outcome[here]))
        bottoms.append(np.bincount(code, weight[here]))
        first = np.full(len(names), np.iinfo(np.int64).max)
        np.minimum.at(first, code, units.row[here])
        rows.append(first)
    return _pairs(tops, bottoms, rows)


def _pairs(over: Sequence[np.ndarray], under: Sequence[np.ndarray], row: Sequence[np.ndarray]) -> AnalysisUnits:
    orders = [np.lexsort((bottom, top)) for top, bottom in zip(over, under, strict=True)]
    over, under, row = (tuple(a[order] for a, order in zip(each, orders, strict=True)) for each in (over, under, row))
    return AnalysisUnits("ratio", over, under, row)


def means_of(members: AnalysisUnits, seed: int, draws: int = arm_means.DRAWS) -> Means:
    """Draws of each arm's mean by the kind of members, before the prior on the lift is applied."""
    rngs = arm_means.streams(seed, len(members.over))
    if members.under is not None:
        return arm_means.ratios(members.over, members.under, rngs, draws)
    if members.kind == "conversion":
        return arm_means.conversions(members.over, rngs, draws)
    if members.kind == "signed":
        return arm_means.signed(members.over, rngs, draws)
    return arm_means.amounts(members.over, rngs, np.random.default_rng([seed, 90]), draws)
