"""Planning of a panel test: answers and cost by number of treated units and by length."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects.counterfactual.gates import PERIODS
from reachbook.effects.experiment import lift_prior
from reachbook.effects.planning.experiment import POWER, plan_check
from reachbook.effects.planning.matched_markets import TRUST, Matched, choose, enough, past, reach, unplanned
from reachbook.errors import DataError, ParamsError
from reachbook.translation import listing, sentences, tr, trn
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.effects.counterfactual.panel_data import PanelData
    from reachbook.effects.planning.matched_markets import Past
    from reachbook.effects.spec import EffectSpec

_LENGTHS, _SIZES = 4, 4
_WEEK = 7
_CANDIDATES = 12
"""Sets of units that are evaluated for each size."""
_BELIEVED = 400


@dataclass(frozen=True)
class PanelPlan:
    """What a test would answer, by number of treated units and by length.

    Attributes
    ----------
    frame : DataFrame
        One row an affordable choice, the fewest units x periods first: treated (tuple of units), size, periods, cost
        (money, NaN if unknown), spread (standard deviation of the effect, a ratio), assurance (probability, over the
        prior of the lift, that it ends sure that the lift is above the ROPE, or sure that it is not), power (the same
        if the lift is the target, else NaN), detectable (smallest lift detected 8 times in 10, a ratio).
    target : float or None
        Target lift, a ratio.
    chosen : int or None
        Row of the smallest test that answers; None if the test should not be run.
    matched : Matched
        Sets of units evaluated for the size of that row, or of the row most likely to answer.
    units : int
        Units of the panel.
    left_out : str
        Sentence on longer tests that could not be evaluated, or "".
    """

    frame: pd.DataFrame = field(repr=False)
    target: float | None
    chosen: int | None
    matched: Matched
    units: int
    left_out: str

    @property
    def run(self) -> bool:
        """Whether an affordable test answers."""
        return self.chosen is not None

    @property
    def row(self) -> pd.Series:
        """The chosen test, or the one most likely to answer."""
        chance = self.frame["assurance"] if self.target is None else self.frame["power"]
        return self.frame.iloc[int(chance.argmax()) if self.chosen is None else self.chosen]

    def check(self) -> Gate:
        """Gate on whether to run the test."""
        row, target = self.row, self.target
        size = trn(
            "{treated} treated for {n} period",
            "{treated} treated for {n} periods",
            int(row["periods"]),
            treated=listing(row["treated"]),
        )
        sure = float(row["assurance" if target is None else "power"])
        found = plan_check(self.run, size, sure, target, float(row["detectable"]))
        return Gate(found.id, found.passed, sentences(found.detail, self.left_out))


def plan_panel(frame: pd.DataFrame, spec: EffectSpec, seed: int = 1) -> PanelPlan:
    """Assurance, power and smallest detectable lift of the panel tests that `spec` allows, before any campaign.

    `days_most` bounds the length; `budget` and `cost_per_unit` (of a unit and day) bound units x days. Units of each
    size are chosen on the earlier periods and evaluated on the later ones, see `matched_markets`.

    Raises
    ------
    ParamsError
        If the budget pays for no test.
    DataError
        If the table is too short or has too few units.
    """
    step = _step(frame["date"])
    count = frame["date"].nunique()
    most = max(1, round(spec.days_most / step))
    lengths = _possible(frame, spec)
    known = past(frame, spec, lengths[-1])
    units = len(known.panel.units)
    sizes = _sizes(spec, units, lengths[0], step)
    found = {size: choose(known, size, lengths[-1], spec.level, _CANDIDATES, seed) for size in sizes}
    table = _table(known, found, lengths, spec, step)
    chance = table["assurance"] if spec.target is None else table["power"]
    good = np.flatnonzero(chance >= POWER)
    chosen = int(good[0]) if len(good) else None
    at = chosen if chosen is not None else int(chance.argmax())
    short = lengths[-1] < most
    left_out = tr(
        "Tests above {longest} periods cannot be judged from {count} periods.", longest=lengths[-1], count=count
    )
    return PanelPlan(table, spec.target, chosen, found[int(table["size"].iloc[at])], units, left_out if short else "")


def checked(frame: pd.DataFrame, spec: EffectSpec) -> PanelData:
    """Panel that a plan would rest on, checked without any estimation.

    Raises
    ------
    DataError, ParamsError
        What `plan_panel` would raise before it estimates anything.
    """
    frame = before_any(frame)
    lengths = _possible(frame, spec)
    seen = unplanned(frame, spec, lengths[-1])
    enough(len(seen.units), _sizes(spec, len(seen.units), lengths[0], _step(frame["date"]))[-1])
    return seen


def before_any(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows before any unit was treated."""
    treated = frame["treated"].fillna(False).astype(bool) if "treated" in frame else pd.Series(False, index=frame.index)
    return frame[frame["date"] < frame.loc[treated, "date"].min()] if treated.any() else frame


def _possible(frame: pd.DataFrame, spec: EffectSpec) -> list[int]:
    """Lengths of a test, in periods, that the panel leaves room for.

    Raises
    ------
    DataError
        If there are none.
    """
    step, count = _step(frame["date"]), frame["date"].nunique()
    lengths = _lengths(min(max(1, round(spec.days_most / step)), count - PERIODS), _WEEK if step < 2 else 1)
    if not lengths:
        raise DataError(
            tr(
                "Table panel has {count} periods before any campaign; {least} to learn from and one to test in are "
                "needed at least. Add earlier periods.",
                count=count,
                least=PERIODS,
            )
        )
    return lengths


def _step(dates: pd.Series) -> float:
    """Days from one period to the next."""
    days = np.diff(np.sort(pd.to_datetime(dates).unique()))
    return max(1.0, float(np.median(days / np.timedelta64(1, "D")))) if len(days) else 1.0


def _lengths(most: int, whole: int) -> list[int]:
    """Up to four lengths, the longest last; the others are multiples of `whole` periods."""
    if most < 1:
        return []
    parts = most * np.arange(1, _LENGTHS) / _LENGTHS
    return sorted({min(most, whole * int(np.ceil(each / whole))) for each in parts} | {most})


def _sizes(spec: EffectSpec, units: int, shortest: int, step: float) -> list[int]:
    """Up to four numbers of treated units, at most a third of all, so that enough controls remain."""
    most = max(1, units // 3)
    if spec.budget and spec.cost_per_unit:
        one = shortest * step * spec.cost_per_unit
        most = min(most, int(spec.budget / one))
        if most < 1:
            raise ParamsError(
                tr(
                    "plan: budget {budget:g} does not pay for one unit over {periods} periods at cost_per_unit "
                    "{cost:g}. Raise the budget or lower days_most.",
                    budget=spec.budget, periods=shortest, cost=spec.cost_per_unit,
                )
            )  # fmt: skip
    return sorted({int(each) for each in np.geomspace(1, most, _SIZES).round()})


def _table(known: Past, found: dict[int, Matched], lengths: list[int], spec: EffectSpec, step: float) -> pd.DataFrame:
    """One row an affordable size and length, see `PanelPlan.frame`."""
    rows = []
    for size, sets in found.items():
        for periods, spread in zip(lengths, _spreads(known, sets, lengths), strict=True):
            cost = size * periods * step * (float("nan") if spec.cost_per_unit is None else spec.cost_per_unit)
            if not (spec.budget and cost > spec.budget):
                rows.append((sets.best, size, periods, cost, spread))
    table = pd.DataFrame(rows, columns=["treated", "size", "periods", "cost", "spread"])
    table["assurance"], table["power"] = _chances(table["spread"].to_numpy(float), spec)
    table["detectable"] = np.expm1(np.log1p(spec.rope) + reach(spec.level) * table["spread"])
    effort = table["size"] * table["periods"]
    return table.assign(effort=effort).sort_values(["effort", "size"], ignore_index=True).drop(columns="effort")


def _spreads(known: Past, sets: Matched, lengths: list[int]) -> list[float]:
    """Standard deviation of the effect at each length: by the model, times the excess error of placebos.

    Placebos of all lengths are pooled, since one length has too few to differ from its neighbours.
    """
    group = np.array([known.panel.units.index(name) for name in sets.best])
    judged = [known.expected_error(group, periods) for periods in lengths]
    missed = float(np.mean([(each.error / each.deviation) ** 2 for each in judged]))
    count = max(each.windows for each in judged)
    factor = max(1.0, float(np.sqrt((TRUST + count * missed) / (TRUST + count))))
    return [factor * each.deviation for each in judged]


def _chances(spread: np.ndarray, spec: EffectSpec) -> tuple[np.ndarray, np.ndarray]:
    """Assurance and power of each row, float arrays (rows,)."""
    prior = lift_prior.fitted(spec.past_tests, spec.prior_lift)
    believed, rope = prior.quantiles(_BELIEVED), float(np.log1p(spec.rope))
    sure = float(norm.ppf((1 + spec.level) / 2))
    above = norm.cdf((believed - rope) / spread[:, None] - sure).mean(axis=1)
    below = norm.cdf((rope - believed) / spread[:, None] - sure).mean(axis=1)
    aim = np.nan if spec.target is None else float(np.log1p(spec.target))
    return above + below, norm.cdf((aim - rope) / spread - sure)
