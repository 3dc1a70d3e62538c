"""Matched markets: which units to treat so that an effect can be detected."""

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
from reachbook.translation import joined, tr

_WINDOWS = 4
"""Most placebo windows that a set of units is evaluated on."""
_UNKNOWN = 10.0
"""Standard deviation, in logarithms, of units of which nothing is known: no lift would be detected."""
TRUST = 4.0
"""Number of placebo windows to which the model's own deviation is equivalent."""


class PlaceboError(NamedTuple):
    """Errors of a set of units in placebo campaigns of one length, as ratios of the outcome.

    Attributes
    ----------
    windows : int
        Number of placebo campaigns.
    error : float
        Root mean square of the errors; NaN without any.
    deviation : float
        Standard deviation by the model.
    spread : float
        Standard deviation of the effect for planning: the model's combined with the errors, and at least the model's.
    """

    windows: int
    error: float
    deviation: float
    spread: float


@dataclass(frozen=True)
class Past:
    """A panel without any campaign, on the scale of the model.

    Attributes
    ----------
    panel : PanelData
        The panel.
    scaled : Relative
        The panel on the scale of the model.
    cut : int
        Index of the first period that only evaluates; units are chosen on the earlier ones.
    """

    panel: PanelData
    scaled: Relative
    cut: int

    def names(self, group: Ints) -> tuple[str, ...]:
        """Names of the units `group` (k,), sorted."""
        return tuple(sorted(self.panel.units[unit] for unit in group))

    def chosen_by(self, group: Ints, periods: int) -> PlaceboError:
        """Placebo errors of `group` before the cut."""
        return self._placebo_error(group, self._ends(self.cut, PERIODS, periods), self.cut, periods)

    def expected_error(self, group: Ints, periods: int) -> PlaceboError:
        """Placebo errors of `group` from the cut on, which played no part in the choice."""
        ends = self._ends(len(self.panel.time), self.cut, periods)
        return self._placebo_error(group, ends, len(self.panel.time) - periods, periods)

    def _ends(self, last: int, first: int, periods: int) -> list[int]:
        """Ends of placebo campaigns within the periods [first, last), the latest first."""
        return list(range(last, first + periods - 1, -periods))[:_WINDOWS]

    def _placebo_error(self, group: Ints, ends: Sequence[int], start: int, periods: int) -> PlaceboError:
        """Placebo errors with these ends; without any, the model's deviation for a campaign at `start`."""
        rows = np.arange(len(self.panel.time))
        begins = [end - periods for end in ends] or [min(start, len(rows) - periods)]
        tried = [one(self.panel, self.scaled, group, rows[:at], rows[at : at + periods]) for at in begins]
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
    """Candidate sets of treated units, the best first.

    Attributes
    ----------
    frame : DataFrame
        treated (tuple of units), windows, error, deviation (see `PlaceboError`), minimum (smallest relative lift
        detected with probability `power`), share (of the total outcome), all from the periods that chose.
    expected_error : PlaceboError
        Errors of the best set in the periods that did not choose it.
    periods : int
        Length of the campaign.
    level, power : float
        Level and power of the test.
    """

    frame: pd.DataFrame = field(repr=False)
    expected_error: PlaceboError
    periods: int
    level: float
    power: float

    @property
    def best(self) -> tuple[str, ...]:
        """Units to treat."""
        return tuple(self.frame["treated"].iloc[0])

    @property
    def minimum(self) -> float:
        """Smallest relative lift that the best set would detect, by the periods that did not choose it."""
        return float(np.expm1(reach(self.level) * self.expected_error.spread))

    def decide(self, lift: float) -> str:
        """Recommendation for an expected relative `lift` (a ratio), as text."""
        told = {
            "names": joined(self.best), "periods": self.periods, "minimum": f"{self.minimum:.1%}",
            "power": f"{self.power:.0%}", "lift": f"{lift:.1%}",
        }  # fmt: skip
        if self.minimum <= lift:
            return tr(
                "Run it: treating {names} for {periods} periods finds lifts from {minimum} on ({power} of times), "
                "below the {lift} that is expected.",
                **told,
            )
        return tr(
            "Do not run: even treating {names} for {periods} periods finds lifts from {minimum} on ({power} of times), "
            "above the {lift} that is expected. Run longer, treat more units, or do not test.",
            **told,
        )


def reach(level: float) -> float:
    """Distance from zero, in standard deviations, of the smallest lift detected with probability `POWER`."""
    return float(norm.ppf((1 + level) / 2) + norm.ppf(POWER))


def matched(
    frame: pd.DataFrame, spec: EffectSpec | None = None, *, treated: int = 1, periods: int = 28, candidates: int = 40,
    seed: int = 1,
) -> Matched:  # fmt: skip
    """Rank sets of units by how well the others predict them without a campaign.

    Parameters
    ----------
    frame : DataFrame
        Table `panel` before any campaign; `treated` is not read.
    spec : EffectSpec, optional
        Parameters.
    treated : int
        Number of units to treat.
    periods : int
        Length of the campaign.
    candidates : int
        Most sets that are evaluated: all if there are no more, else from the units best predicted alone, then at
        random.
    seed : int
        Seed.

    Returns
    -------
    Matched
        Ranked sets.

    Raises
    ------
    DataError
        If fewer than 14 periods would remain to learn from, or fewer than two units as controls.

    Notes
    -----
    The best of many candidates is partly lucky. Units are therefore chosen on the earlier periods and evaluated on the
    later ones.
    """
    spec = spec or EffectSpec(design="panel", plan=True)
    return choose(past(frame, spec, periods), treated, periods, spec.level, candidates, seed)


def past(frame: pd.DataFrame, spec: EffectSpec, periods: int) -> Past:
    """Panel before any campaign; about its second half, and at least `periods` periods, is reserved for evaluation.

    Raises
    ------
    DataError
        If fewer than 14 periods would remain to learn from.
    """
    seen = unplanned(frame, spec, periods)
    count = len(seen.time)
    return Past(replace(seen, treated=0), relative(seen), count - max(periods, (count - PERIODS) // 2))


def unplanned(frame: pd.DataFrame, spec: EffectSpec, periods: int) -> PanelData:
    """Observed panel before any campaign.

    Raises
    ------
    DataError
        If fewer than 14 periods would remain to learn from.
    """
    seen = observe_untreated(frame, spec)
    count = len(seen.time)
    if count < periods + PERIODS:
        raise DataError(
            tr(
                "Table panel has {count} periods; a campaign of {periods} leaves fewer than {least} to learn from. Add "
                "earlier periods, or plan a shorter campaign.",
                count=count,
                periods=periods,
                least=PERIODS,
            )
        )
    return seen


def enough(units: int, treated: int) -> None:
    """Check that two units remain as controls.

    Raises
    ------
    DataError
        If fewer remain.
    """
    if units < treated + 2:
        raise DataError(
            tr(
                "Table panel has {units} units; treating {treated} leaves fewer than two controls. Add units.",
                units=units,
                treated=treated,
            )
        )


def choose(known: Past, treated: int, periods: int, level: float, candidates: int, seed: int) -> Matched:
    """Rank sets of `treated` units, as `matched` does.

    Raises
    ------
    DataError
        If fewer than two units remain as controls.
    """
    enough(len(known.panel.units), treated)
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
    return Matched(frame.iloc[order].reset_index(drop=True), known.expected_error(best, periods), periods, level, POWER)


def _candidates(known: Past, size: int, periods: int, most: int, rng: np.random.Generator) -> list[Ints]:
    alone = [known.chosen_by(np.array([unit]), periods).spread for unit in range(len(known.panel.units))]
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
