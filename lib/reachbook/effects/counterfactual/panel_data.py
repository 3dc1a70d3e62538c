"""Observed panel as a matrix: outcome of treated and untreated units over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.arrays import Flags, Floats, Ints
from reachbook.effects.counterfactual.covariates import covariates
from reachbook.effects.counterfactual.exposure import Exposure, exposure
from reachbook.effects.counterfactual.long_table import tidy
from reachbook.effects.counterfactual.missing_cells import absent, days, fill, listed, select_cells
from reachbook.effects.counterfactual.outlay import Outlay, outlay_of, spend_wide
from reachbook.effects.counterfactual.pre_period import enough, moves, predictable
from reachbook.effects.counterfactual.time_index import periods
from reachbook.effects.counterfactual.treatment_window import window
from reachbook.errors import DataError
from reachbook.translation import tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


@dataclass(frozen=True)
class PanelData:
    """A checked panel: treated units first, then controls.

    Attributes
    ----------
    name : str
        Column of the outcome.
    units : tuple of str
        Names of all units.
    treated : int
        Number of treated units.
    dates : DatetimeIndex (periods,)
        First day of each period.
    time : int array (periods,)
        Number of periods since the first.
    daily : bool
        Whether a period is a day.
    outcome : float array (units, periods)
        Outcome; where a row is missing, NaN for a treated unit and the value implied by the other controls for a
        control.
    missing : bool array (units, periods)
        Whether there is no row; such cells are never fitted and never count as observed.
    before, during : tuple of int array
        Indices of each treated unit's observed periods before and in the campaign, cool-down included.
    covariates : dict of str to float array (treated units, periods)
        Further columns.
    spend : Outlay or None
        Spend of the treated cells; None if unknown.
    left_out : tuple of str
        What was set aside or is missing, one clause each.
    share_left_out : float
        Largest share of untreated units, of periods or of the campaign that was set aside.
    exposure : Exposure or None
        What untreated units had of the campaign's spend; None if unknown, and in a series.
    """

    name: str
    units: tuple[str, ...]
    treated: int
    dates: pd.DatetimeIndex
    time: Ints
    daily: bool
    outcome: Floats
    missing: Flags
    before: tuple[Ints, ...]
    during: tuple[Ints, ...]
    covariates: dict[str, Floats]
    spend: Outlay | None
    left_out: tuple[str, ...]
    share_left_out: float = 0.0
    exposure: Exposure | None = None

    @property
    def controls(self) -> Ints:
        """Indices of the units that were never treated, int array (controls,)."""
        return np.arange(self.treated, len(self.units))

    @property
    def cells(self) -> int:
        """Number of treated unit-periods."""
        return sum(len(rows) for rows in self.during)

    @property
    def shared(self) -> Ints:
        """Indices of periods before any campaign in which half of the treated units were observed, int array (n,)."""
        first = min(int(rows[0]) for rows in self.during)
        return np.flatnonzero(self.missing[: self.treated, :first].mean(axis=0) <= 0.5)

    def rows(self, unit: int, among: Ints) -> Ints:
        """Periods of `among` (n,) in which the unit was observed, int array (m,)."""
        return np.asarray(among[~self.missing[unit, among]])


def observe(frame: pd.DataFrame, spec: EffectSpec) -> PanelData:
    """Checked panel from table `frame`.

    Raises
    ------
    DataError, ParamsError
        If the table or the parameters cannot be used; the message is one line.
    """
    table = tidy(frame, spec)
    starts, ends = window(table, spec)
    wide = _wide(table, spec)
    every = [str(unit) for unit in wide]
    treated = [unit for unit in every if unit in starts]
    if not treated:
        raise DataError(
            tr("Table panel: no row has `treated` true, so nothing can be compared. Mark the treated cells.")
        )
    controls = [unit for unit in every if unit not in starts]
    if not controls:
        raise DataError(
            tr(
                "Table panel: all {n} units are treated at some time, so no unit shows what would have been. "
                "Add units without the campaign, or use design: series with control series.",
                n=len(treated),
            )
        )
    wide = wide[wide.index <= max(ends.values())]
    base = pd.DatetimeIndex(wide.index[wide[treated].notna().any(axis=1)])
    told = absent(pd.DatetimeIndex(wide.index), base)
    moving, still = _moving(wide.loc[base], controls)
    kept = select_cells(wide, moving, base)
    there = wide[treated].notna().to_numpy()
    first = wide.index.searchsorted([starts[unit] for unit in treated])
    after = wide.index.searchsorted([ends[unit] for unit in treated], side="right")
    asked = sum(int(there[a:b, k].sum()) for k, (a, b) in enumerate(zip(first, after, strict=True)))
    wide, told = wide.loc[kept.dates], [*told, *still, *kept.notes]
    time, daily = periods(kept.dates)
    before, during = [], []
    for unit in treated:
        seen = wide[unit].notna().to_numpy()
        before.append(np.flatnonzero(seen & (wide.index < starts[unit])))
        inside = np.flatnonzero(seen & (wide.index >= starts[unit]) & (wide.index <= ends[unit]))
        during.append(predictable(unit, kept.dates, time, daily, before[-1], inside, told))
        enough(unit, len(before[-1]), len(during[-1]), starts[unit])
        moves(unit, wide[unit].to_numpy(float)[before[-1]])
    lost = max(kept.share_left_out, 1 - len(kept.units) / len(controls), 1 - sum(map(len, during)) / asked)
    told += _treated_holes(wide, treated, starts)
    further = covariates(table, spec, treated, kept.dates, before, told)
    outcome = np.vstack([wide[treated].to_numpy(float).T, fill(wide[kept.units].to_numpy(float).T)])
    units = [*treated, *kept.units]
    spend = spend_wide(table, units, kept.dates)
    return PanelData(
        spec.outcome or "outcome", tuple(units), len(treated), kept.dates, time, daily, outcome,
        wide[units].isna().to_numpy().T, tuple(before), tuple(during), further,
        outlay_of(spend, before, during), tuple(told), lost, _exposure(spend, outcome, before, during),
    )  # fmt: skip


def observe_untreated(frame: pd.DataFrame, spec: EffectSpec) -> PanelData:
    """Panel in which no unit counts as treated: the largest unit stands first, without campaign periods.

    Raises
    ------
    DataError, ParamsError
        If the table or the parameters cannot be used; the message is one line.
    """
    wide = _wide(tidy(frame, spec), spec)
    units, still = _moving(wide, [str(unit) for unit in wide])
    kept = select_cells(wide, units, pd.DatetimeIndex(wide.index))
    time, daily = periods(kept.dates)
    part = wide.loc[kept.dates, kept.units]
    missing = part.isna().to_numpy().T
    return PanelData(
        spec.outcome or "outcome", tuple(kept.units), 1, kept.dates, time, daily, fill(part.to_numpy(float).T), missing,
        (np.flatnonzero(~missing[0]),), (np.arange(0),), {}, None, (*still, *kept.notes), kept.share_left_out,
    )  # fmt: skip


def _exposure(spend: Floats | None, outcome: Floats, before: list[Ints], during: list[Ints]) -> Exposure | None:
    """Exposure for the units' mean outcome before any campaign; all count alike if one is not above 0."""
    if spend is None:
        return None
    size = np.nanmean(outcome[:, : min(int(rows[0]) for rows in during)], axis=1)
    size = size if (size > 0).all() else np.ones(len(size))
    return exposure(spend, size, tuple(before), tuple(during))


def _wide(table: pd.DataFrame, spec: EffectSpec) -> pd.DataFrame:
    """Outcome by date (rows) and unit (columns), the unit with the largest mean first, so that names do not matter."""
    wide = table.pivot(index="date", columns="unit", values=spec.outcome or "outcome")
    return wide[wide.mean().sort_values(ascending=False, kind="stable").index]


def _moving(wide: pd.DataFrame, controls: list[str]) -> tuple[list[str], list[str]]:
    """Untreated units whose outcome varies, and a clause on those that are constant and therefore uninformative."""
    still = [unit for unit in controls if wide[unit].max() == wide[unit].min()]
    if len(still) == len(controls):
        raise DataError(
            tr(
                "Table panel: none of {n} untreated units ever moves ({names}), so none shows what would have been. "
                "Give units whose outcome was recorded.",
                n=len(controls),
                names=listed(still),
            )
        )
    told = [tr("{names} never moved, left out", names=listed(still))] if still else []
    return [unit for unit in controls if unit not in set(still)], told


def _treated_holes(wide: pd.DataFrame, treated: list[str], starts: dict[str, pd.Timestamp]) -> list[str]:
    """Clauses on missing rows of treated units."""
    holes = wide[treated].isna()
    lacking = {unit: pd.DatetimeIndex(wide.index[holes[unit]]) for unit in holes.columns[holes.any()]}
    said = [
        tr(
            "{unit} (treated) has no row in {count} of {periods} periods, {inside} of them in the campaign: {days}",
            unit=unit, count=len(gone), periods=len(wide), inside=int((gone >= starts[unit]).sum()), days=days(gone),
        )
        for unit, gone in lacking.items()
    ]  # fmt: skip
    if len(said) <= 3:
        return said
    cells, inside = sum(map(len, lacking.values())), sum(int((g >= starts[u]).sum()) for u, g in lacking.items())
    return [
        tr(
            "{count} of {of} treated units lack {cells:,} of {all:,} cells, {inside:,} of them in the campaign "
            "({names})",
            count=len(said), of=len(treated), cells=cells, all=wide[treated].size, inside=inside,
            names=listed(list(lacking)),
        )
    ]  # fmt: skip
