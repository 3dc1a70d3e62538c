"""Matched markets: which units to treat, so that a campaign of a given length can be told from none."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects.markets_checks import PERIODS
from reachbook.effects.markets_model import Relative, relative
from reachbook.effects.markets_replays import one
from reachbook.effects.observed import Observed, observe
from reachbook.effects.spec import EffectSpec
from reachbook.errors import DataError

Floats = np.ndarray
Ints = np.ndarray

POWER = 0.8
_WINDOWS = 4
"""Placebo windows that a candidate is judged by, at most."""


@dataclass(frozen=True)
class Matched:
    """Candidate sets of treated units, the best first, judged by placebo campaigns at the end of what was observed.

    frame : treated (tuple of units), windows, error (root mean square of the placebo errors, a ratio), deviation (what
        the model expects), minimum (the smallest relative lift found with probability `power`), share (of all outcome)
    periods : length of the campaign; level, power : of the test
    """

    frame: pd.DataFrame = field(repr=False)
    periods: int
    level: float
    power: float

    @property
    def best(self) -> tuple[str, ...]:
        """The units to treat."""
        return tuple(self.frame["treated"].iloc[0])

    @property
    def minimum(self) -> float:
        """Smallest relative lift that the best set would find."""
        return float(self.frame["minimum"].iloc[0])

    def decide(self, lift: float) -> str:
        """Run it or not, for the relative lift that is believed (a ratio)."""
        names = ", ".join(self.best)
        found = f"treating {names} for {self.periods} periods finds lifts from {self.minimum:.1%} on"
        found += f" ({self.power:.0%} of times)"
        if self.minimum <= lift:
            return f"Run it: {found}, below the {lift:.1%} that is expected."
        remedy = "Run longer, treat more units, or do not test."
        return f"Do not run: even {found}, above the {lift:.1%} that is expected. {remedy}"


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
    seen = _untreated(frame, spec)
    count = len(seen.units)
    if count < treated + 2:
        raise DataError(f"Table panel has {count} units; treating {treated} leaves fewer than two controls. Add units.")
    if len(seen.time) < periods + PERIODS:
        raise DataError(
            f"Table panel has {len(seen.time)} periods; a campaign of {periods} leaves fewer than {PERIODS} to learn "
            "from. Add earlier periods, or plan a shorter campaign."
        )
    scaled = relative(seen)
    groups = _candidates(seen, scaled, treated, periods, candidates, np.random.default_rng([seed, 44]))
    rows = [_judged(seen, scaled, group, periods, spec.level) for group in groups]
    names = ["treated", "windows", "error", "deviation", "minimum", "share"]
    result = pd.DataFrame(rows, columns=names).sort_values("minimum", ignore_index=True)
    return Matched(result, periods, spec.level, POWER)


def _untreated(frame: pd.DataFrame, spec: EffectSpec) -> Observed:
    """The panel with nobody treated: one unit is marked on the last day, so that it can be read as any other."""
    units = frame["unit"].astype(str)
    marked = frame.assign(treated=(units == units.min()) & (frame["date"] == frame["date"].max()))
    return observe(marked, spec.model_copy(update={"start": "", "end": "", "cooldown_days": 0}))


def _candidates(
    seen: Observed, scaled: Relative, size: int, periods: int, most: int, rng: np.random.Generator
) -> list[Ints]:
    alone = [_judged(seen, scaled, np.array([unit]), periods, 0.95)[4] for unit in range(len(seen.units))]
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


def _judged(
    seen: Observed, scaled: Relative, group: Ints, periods: int, level: float
) -> tuple[tuple[str, ...], int, float, float, float, float]:
    """Placebo campaigns at the end, each from all that came before; the larger of what was missed and expected.

    The minimum detectable lift is (z of the level + z of the power) standard deviations of the effect.
    """
    rows, everybody = np.arange(len(seen.time)), np.arange(len(seen.units))
    told = Observed(**{**seen.__dict__, "treated": 0})
    windows = []
    for end in range(len(rows), PERIODS + periods - 1, -periods):
        windows.append(one(told, scaled, group, rows[: end - periods], rows[end - periods : end]))
        if len(windows) == _WINDOWS:
            break
    error = float(np.sqrt(np.mean([window.error**2 for window in windows])))
    deviation = float(windows[0].deviation)
    reach = float(norm.ppf((1 + level) / 2) + norm.ppf(POWER))
    # Few windows say little: their mean square counts for as many as there are, the model's own for four.
    typical = np.sqrt((4 * deviation**2 + len(windows) * error**2) / (4 + len(windows)))
    share = float(scaled.level[group].sum() / scaled.level[everybody].sum())
    names = tuple(sorted(seen.units[unit] for unit in group))
    return names, len(windows), error, deviation, float(reach * max(typical, deviation)), share
