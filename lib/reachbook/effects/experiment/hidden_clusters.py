"""Detection of unstated clusters: columns each of whose values occurs in one arm only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import binom

from reachbook.effects.experiment.units import Units
from reachbook.presentation.numbers import number
from reachbook.translation import joined, sentences, tr
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec

_PURE = 0.95
"""Share of rows in single-arm values from which a column counts as assigned with the arm; tolerates a few errors."""
_CHANCE = 1e-4
"""Probability, under individual assignment, below which single-arm values are not chance."""
WIDER = 1.1
"""Factor up to which an interval may be too narrow: at 1.1 a 95 % interval covers 92.5 %."""


@dataclass(frozen=True)
class HiddenCluster:
    """A column that groups the units within arms.

    Attributes
    ----------
    column : str
        Name.
    values : int
        Number of distinct values.
    size : float
        Mean number of units that share a value, weighted by units.
    correlation : float
        Intraclass correlation of the outcome.
    mixed : int
        Values that occur in several arms.
    """

    column: str
    values: int
    size: float
    correlation: float
    mixed: int = 0

    @property
    def effect(self) -> float:
        """Design effect 1 + (m - 1) * correlation, with m for unequal sizes (Kish 1987)."""
        return 1 + (self.size - 1) * max(self.correlation, 0.0)

    @property
    def wider(self) -> float:
        """Factor by which the interval would widen."""
        return float(np.sqrt(self.effect))


def shared(frame: pd.DataFrame, units: Units, spec: EffectSpec) -> tuple[HiddenCluster, ...]:
    """Columns whose values repeat and occur in one arm only, the largest design effect first.

    Units that share a store, a day or a household are alike. Where these were assigned as one and units are counted
    instead, the interval is too narrow by the root of the design effect. With named clusters, only columns whose values
    hold several clusters are considered.
    """
    order = frame.iloc[units.row - 1]
    taken = {"unit_id", "arm", "exposed_at", "cost", spec.outcome, spec.denominator, units.numerator_name}
    taken |= {units.name, units.cluster_name, *spec.leave_out}
    found = [_one(order[name], units, str(name)) for name in frame.columns if name not in taken]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (-each.effect, each.column)))


def _one(column: pd.Series, units: Units, name: str) -> HiddenCluster | None:
    code, names = pd.factorize(column)
    missing = code < 0
    code = np.where(missing, len(names), code)
    member, first = _members(units)
    if missing.mean() > 1 - _PURE or not 1 < len(names) < len(code) or not _constant(code, member):
        return None
    residual, arm, group = _residual(units, member), units.arm[first], np.unique(code[first], return_inverse=True)[1]
    arms = len(units.arms)
    counts = np.bincount(group * arms + arm, minlength=(int(group.max()) + 1) * arms).reshape(-1, arms)
    sizes, pure = counts.sum(axis=1), (counts > 0).sum(axis=1) == 1
    several, repeated = [(pure & (counts[:, i] > 0)).sum() >= 2 for i in range(arms)], sizes > 1
    if not all(several) or not repeated.any() or sizes[pure & repeated].sum() < _PURE * sizes[repeated].sum():
        return None
    if _by_chance(counts[repeated], pure[repeated]) > _CHANCE:
        return None
    correlation = _correlation(residual, group, arm)
    return HiddenCluster(name, len(sizes), float((sizes**2).sum() / sizes.sum()), correlation, int((~pure).sum()))


def _by_chance(counts: np.ndarray, pure: np.ndarray) -> float:
    """Probability of at least so many values in one arm only, were units assigned one by one; counts (values, arms).

    The values are independent with unequal probabilities; above its mean their count exceeds a bound no more often than
    a binomial one with the mean probability does (Hoeffding 1956).
    """
    share = counts.sum(axis=0) / counts.sum()
    alone = (share[None, :] ** counts.sum(axis=1)[:, None]).sum(axis=1)
    return float(binom.sf(pure.sum() - 1, len(pure), alone.mean()))


def _members(units: Units) -> tuple[np.ndarray, np.ndarray]:
    """Code of the cluster that each unit was assigned with, (units,), and the first unit of each cluster."""
    if units.cluster is None:
        return np.arange(len(units.arm)), np.arange(len(units.arm))
    first, code = np.unique(units.cluster, return_index=True, return_inverse=True)[1:]
    return code, first


def _constant(code: np.ndarray, member: np.ndarray) -> bool:
    """Whether the column is constant within each member."""
    members = int(member.max()) + 1
    return members == len(member) or len(np.unique(member * (int(code.max()) + 1) + code)) == members


def _residual(units: Units, member: np.ndarray) -> np.ndarray:
    """Each member's total minus its prediction by the arm's mean or ratio, float array (members,)."""
    under = np.ones(len(units.outcome)) if units.under is None else units.under
    ratio = np.bincount(units.arm, units.outcome) / np.bincount(units.arm, under)
    return np.asarray(np.bincount(member, units.outcome - ratio[units.arm] * under))


def _correlation(residual: np.ndarray, group: np.ndarray, arm: np.ndarray) -> float:
    """Intraclass correlation by analysis of variance with unequal sizes, pooled over arms (Donner & Koval 1980)."""
    sizes, centre = np.bincount(group), np.bincount(group, residual) / np.maximum(np.bincount(group), 1)
    whole, members = _arm_of(group, arm), np.bincount(arm)
    mean = np.bincount(arm, residual) / members
    free, rest = max(len(sizes) - len(members), 1), max(len(residual) - len(sizes), 1)
    typical = (len(residual) - (sizes**2 / members[whole]).sum()) / free
    mean_between = float((sizes * (centre - mean[whole]) ** 2).sum()) / free
    mean_within = float(((residual - centre[group]) ** 2).sum()) / rest
    total = mean_between + (typical - 1) * mean_within
    return (mean_between - mean_within) / total if total > 0 else 0.0


def _arm_of(group: np.ndarray, arm: np.ndarray) -> np.ndarray:
    found = np.zeros(group.max() + 1, np.int64)
    found[group] = arm
    return found


def shared_check(found: tuple[HiddenCluster, ...], what: str) -> list[Gate]:
    """Gate on hidden clusters: blocks if the interval would be wider by more than a tenth, else warns."""
    if not found:
        return []
    first = found[0]
    alone = tr("Each value of {column} occurs in one arm only.", column=first.column)
    if first.mixed:
        alone = tr(
            "Each value of {column} occurs in one arm only, but for {mixed:,}.", column=first.column, mixed=first.mixed
        )
    others = joined(each.column for each in found[1:])
    detail = sentences(
        alone,
        tr("The same holds for {columns}.", columns=others) if others else "",
        _alike(first, what),
        tr(
            "If {column} was assigned as one, write `cluster: {column}`; if not, write `leave_out: [{column}]`.",
            column=first.column,
        ),
    )
    return [Gate("shared", False, detail, "block" if first.wider > WIDER else "warn")]


def _alike(first: HiddenCluster, what: str) -> str:
    """Sentences on how large the hidden clusters are and how alike their members."""
    told = {
        "values": f"{first.values:,}", "size": f"{first.size:.1f}", "wider": f"{first.wider:.2f}",
        "correlation": number(max(first.correlation, 0.0)), "limit": f"{WIDER:.2f}",
    }  # fmt: skip
    if what == "cluster":
        return tr(
            "Its {values} values hold {size} clusters each, which are alike (correlation {correlation}): the interval "
            "should be {wider} times as wide (above {limit} blocks).",
            **told,
        )
    return tr(
        "Its {values} values hold {size} units each, which are alike (correlation {correlation}): the interval should "
        "be {wider} times as wide (above {limit} blocks).",
        **told,
    )
