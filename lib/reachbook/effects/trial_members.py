"""What was assigned and compared: units with their outcome, or totals of clusters and of ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.effects import means as arm_means
from reachbook.effects.means import Means
from reachbook.effects.trial_frame import Units


@dataclass(frozen=True)
class Members:
    """What was assigned, by arm: units with their outcome, or clusters (or ratios) with totals and denominators.

    over : by arm, sorted, each (members,); under : the same for the denominator, or None
    """

    kind: str
    over: tuple[np.ndarray, ...]
    under: tuple[np.ndarray, ...] | None = None

    def without(self, count: int) -> Members:
        """All but the `count` largest values of all arms together."""
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
        return Members(self.kind, tuple(kept), tuple(weights) if self.under is not None else None)


def members_of(units: Units) -> Members:
    """Units, or totals of clusters: what was assigned together is one observation."""
    arms = range(len(units.arms))
    if units.cluster is None:
        over = tuple(units.outcome[units.arm == i] for i in arms)
        if units.under is None:
            signed = bool((units.outcome < 0).any())
            return Members("signed" if signed else units.kind, over)
        return _pairs(over, tuple(units.under[units.arm == i] for i in arms))
    weight = np.ones(len(units.outcome)) if units.under is None else units.under
    tops, bottoms = [], []
    for i in arms:
        here = units.arm == i
        code = np.unique(units.cluster[here], return_inverse=True)[1]
        tops.append(np.bincount(code, units.outcome[here]))
        bottoms.append(np.bincount(code, weight[here]))
    return _pairs(tuple(tops), tuple(bottoms))


def _pairs(over: Sequence[np.ndarray], under: Sequence[np.ndarray]) -> Members:
    orders = [np.lexsort((bottom, top)) for top, bottom in zip(over, under, strict=True)]
    return Members(
        "ratio",
        tuple(each[order] for each, order in zip(over, orders, strict=True)),
        tuple(each[order] for each, order in zip(under, orders, strict=True)),
    )


def means_of(members: Members, seed: int, draws: int = arm_means.DRAWS) -> Means:
    """Each arm's mean, by the kind of the members, before beliefs about the lift."""
    rngs = arm_means.streams(seed, len(members.over))
    if members.under is not None:
        return arm_means.ratios(members.over, members.under, rngs, draws)
    if members.kind == "conversion":
        return arm_means.conversions(members.over, rngs, draws)
    if members.kind == "signed":
        return arm_means.signed(members.over, rngs, draws)
    return arm_means.amounts(members.over, rngs, np.random.default_rng([seed, 90]), draws)
