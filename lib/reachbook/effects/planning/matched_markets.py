"""Matched markets: which units to treat, so that a campaign of a given length can be told from none.

Who looks best among many is partly lucky. So units are chosen on the earlier periods, and what they promise is judged
on the later ones, which had no say in the choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.arrays import Ints
from reachbook.effects.counterfactual.gates import PERIODS
from reachbook.effects.counterfactual.panel_data import PanelData, observe_untreated
from reachbook.effects.panel.model import Relative, relative
from reachbook.effects.panel.placebo import one
from reachbook.effects.planning.experiment import POWER
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError

_WINDOWS = 4
"""Placebo windows that a set of units is judged by, at most."""
_UNKNOWN = 10.0
"""Deviation of units of which nothing is known, on the scale of logarithms: no lift would be found."""
TRUST = 4.0
"""Placebo windows that the model's own deviation counts for."""


class PlaceboError(NamedTuple):
    """A set of units in placebo campaigns of one length; ratios to the outcome.

    windows : placebo campaigns; error : root mean square of what they missed, NaN without any; deviation : what the
        model expects; spread : standard deviation of the effect that is reckoned with, the larger of the two
    """

    windows: int
    error: float
    deviation: float
    spread: float


@dataclass(frozen=True)
class Past:
    """A panel without any campaign, on the scale of the model.

    cut : index of the first period that only judges: units are chosen on those before
    """

    seen: PanelData
    scaled: Relative
    cut: int

    def names(self, group: Ints) -> tuple[str, ...]:
        """Units of a set, in order of name."""
        return tuple(sorted(self.seen.units[unit] for unit in group))

    def chosen_by(self, group: Ints, periods: int) -> PlaceboError:
        """How well `group` is foretold before the cut."""
        return self._judged(group, self._ends(self.cut, PERIODS, periods), self.cut, periods)

    def promised(self, group: Ints, periods: int) -> PlaceboError:
        """How well `group` is foretold from the cut on, which nothing was chosen by."""
        ends = self._ends(len(self.seen.time), self.cut, periods)
        return self._judged(group, ends, len(self.seen.time) - periods, periods)

    def _ends(self, last: int, first: int, periods: int) -> list[int]:
        """Ends of placebo campaigns that lie within the periods [first, last), the latest first."""
        return list(range(last, first + periods - 1, -periods))[:_WINDOWS]

    def _judged(self, group: Ints, ends: Sequence[int], start: int, periods: int) -> PlaceboError:
        """start : where a campaign would begin whose own outcome is not read, for want of a placebo campaign."""
        rows = np.arange(len(self.seen.time))
        begins = [end - periods for end in ends] or [min(start, len(rows) - periods)]
        tried = [one(self.seen, self.scaled, group, rows[:at], rows[at : at + periods]) for at in begins]
        told = [each for each in tried if each is not None]
        if not told:  # no unit of the group was observed in any window, so that nothing is promised
            return PlaceboError(0, float("nan"), _UNKNOWN, _UNKNOWN)
        count, deviation = len(ends), float(told[0].deviation)
        error = float(np.sqrt(np.mean([each.error**2 for each in told]))) if count else float("nan")
        # Few windows say little: their mean square counts for as many as there are, the model's own for four.
        missed = count * error**2 if count else 0.0
        typical = float(np.sqrt((TRUST * deviation**2 + missed) / (TRUST + count)))
        return PlaceboError(count, error, deviation, max(typical, deviation))


@dataclass(frozen=True)
class Matched:
    """Candidate sets of treated units, the best first, and what the best promises.

    frame : treated (tuple of units), windows, error, deviation (see `PlaceboError`), minimum (the smallest relative
        lift that is found with probability `power`), share (of all outcome), all from the periods that chose
    promised : the best set in the periods that did not choose
    periods : length of the campaign; level, power : of the test
    """

    frame: pd.DataFrame = field(repr=False)
    promised: PlaceboError
    periods: int
    level: float
    power: float

    @property
    def best(self) -> tuple[str, ...]:
        """The units to treat."""
        return tuple(self.frame["treated"].iloc[0])

    @property
    def minimum(self) -> float:
        """Smallest relative lift that the best set would find, from the periods that did not choose it."""
        return float(np.expm1(reach(self.level) * self.promised.spread))

    def decide(self, lift: float) -> str:
        """Run it or not, for the relative lift that is believed (a ratio)."""
        names = ", ".join(self.best)
        found = f"treating {names} for {self.periods} periods finds lifts from {self.minimum:.1%} on"
        found += f" ({self.power:.0%} of times)"
        if self.minimum <= lift:
            return f"Run it: {found}, below the {lift:.1%} that is expected."
        remedy = "Run longer, treat more units, or do not test."
        return f"Do not run: even {found}, above the {lift:.1%} that is expected. {remedy}"


def reach(level: float) -> float:
    """Standard deviations of the effect that the smallest lift found with probability `POWER` is away from zero."""
    return float(norm.ppf((1 + level) / 2) + norm.ppf(POWER))


def matched(
    frame: pd.DataFrame, spec: EffectSpec | None = None, *, treated: int = 1, periods: int = 28, candidates: int = 40,
    seed: int = 1,
) -> Matched:  # fmt: skip
    """Rank sets of `treated` units by how well the others foretell them over `periods` periods, campaigns apart.

    frame : contract `panel`, before any campaign (`treated` is not read); candidates : sets that are tried, all of them
        where there are no more, else units by how well each is foretold alone, then at random

    Raises DataError if fewer than 14 periods would be left to learn from, or fewer than two units as controls.
    """
    spec = spec or EffectSpec(design="panel", plan=True)
    return choose(past(frame, spec, periods), treated, periods, spec.level, candidates, seed)


def past(frame: pd.DataFrame, spec: EffectSpec, periods: int) -> Past:
    """The panel before any campaign; its last half, at least `periods` periods, is kept for judging.

    Raises DataError if fewer than 14 periods would be left to learn from.
    """
    seen = unplanned(frame, spec, periods)
    count = len(seen.time)
    return Past(replace(seen, treated=0), relative(seen), count - max(periods, (count - PERIODS) // 2))


def unplanned(frame: pd.DataFrame, spec: EffectSpec, periods: int) -> PanelData:
    """What was observed before any campaign. Raises DataError if fewer than 14 periods would be left to learn from."""
    seen = observe_untreated(frame, spec)
    count = len(seen.time)
    if count < periods + PERIODS:
        raise DataError(
            f"Table panel has {count} periods; a campaign of {periods} leaves fewer than {PERIODS} to learn "
            "from. Add earlier periods, or plan a shorter campaign."
        )
    return seen


def enough(units: int, treated: int) -> None:
    """Raises DataError if fewer than two units are left as controls."""
    if units < treated + 2:
        raise DataError(f"Table panel has {units} units; treating {treated} leaves fewer than two controls. Add units.")


def choose(known: Past, treated: int, periods: int, level: float, candidates: int, seed: int) -> Matched:
    """Rank sets of `treated` units, see `matched`. Raises DataError if fewer than two units are left as controls."""
    enough(len(known.seen.units), treated)
    groups = _candidates(known, treated, periods, candidates, np.random.default_rng([seed, 44]))
    size = known.scaled.level
    rows = []
    for group in groups:
        found = known.chosen_by(group, periods)
        share = float(size[group].sum() / size.sum())
        rows.append((known.names(group), *found[:3], np.expm1(reach(level) * found.spread), share))
    names = ["treated", "windows", "error", "deviation", "minimum", "share"]
    frame = pd.DataFrame(rows, columns=names)
    order = frame["minimum"].argsort(kind="stable")
    best = groups[int(order.iloc[0])]
    return Matched(frame.iloc[order].reset_index(drop=True), known.promised(best, periods), periods, level, POWER)


def _candidates(known: Past, size: int, periods: int, most: int, rng: np.random.Generator) -> list[Ints]:
    alone = [known.chosen_by(np.array([unit]), periods).spread for unit in range(len(known.seen.units))]
    order = np.argsort(alone)
    if size == 1:
        return [np.array([unit]) for unit in order[:most]]
    pool = order[: max(size + 4, len(order) // 2)]
    groups = [np.array(group) for group in combinations(pool[: size + 4], size)][:most]
    seen_groups = {tuple(sorted(group)) for group in groups}
    for _ in range(10 * most):
        if len(groups) >= most:
            break
        group = rng.choice(pool, size, replace=False)
        if tuple(sorted(group)) not in seen_groups:
            seen_groups.add(tuple(sorted(group)))
            groups.append(group)
    return groups
