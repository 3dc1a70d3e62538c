"""What was observed, as a matrix; every way in which a table of a panel or a series cannot answer, said in a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.outlay import COLUMNS, Outlay, outlay, spend_of
from reachbook.errors import DataError, ParamsError

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec

Floats = np.ndarray
Ints = np.ndarray
Flags = np.ndarray

_OWN = ("unit", "date", "outcome", "treated", *COLUMNS)
_FULL = 0.8
"""Share of the periods that must be left after those with a missing control are set aside."""
LEAST = 3
"""Periods before the campaign without which nothing can be fitted at all."""


@dataclass(frozen=True)
class Observed:
    """A panel: `units` treated first, then controls, on `dates` where every control was observed.

    outcome : (units, periods), NaN where a treated unit has no row; never filled
    time : (periods,) whole periods since the first; daily : a period is a day
    before, during : for each treated unit the index of its periods before and in the campaign (with the cool-down)
    covariates : name -> (treated units, periods); spend : what the treated cells cost, None where that is not known
    left_out : what was set aside, and why, one sentence each
    """

    name: str
    units: tuple[str, ...]
    treated: int
    dates: pd.DatetimeIndex
    time: Ints
    daily: bool
    outcome: Floats
    before: tuple[Ints, ...]
    during: tuple[Ints, ...]
    covariates: dict[str, Floats]
    spend: Outlay | None
    left_out: tuple[str, ...]

    @property
    def controls(self) -> Ints:
        """Index of the units that were never treated."""
        return np.arange(self.treated, len(self.units))

    @property
    def cells(self) -> int:
        """Treated unit-periods."""
        return sum(len(rows) for rows in self.during)


def observe(frame: pd.DataFrame, spec: EffectSpec) -> Observed:
    """The panel of `frame`, checked. Raises DataError or ParamsError, one line, for what cannot be used."""
    table = tidy(frame, spec)
    starts, ends = window(table, spec)
    wide = table.pivot(index="date", columns="unit", values=spec.outcome or "outcome")
    ranked = list(wide.mean().sort_values(ascending=False, kind="stable").index)  # by size: names change nothing
    treated = [unit for unit in ranked if unit in starts]
    if not treated:
        raise DataError("Table panel: no row has `treated` true, so nothing can be compared. Mark the treated cells.")
    controls = [unit for unit in ranked if unit not in starts]
    if not controls:
        raise DataError(
            f"Table panel: all {len(treated)} units are treated at some time, so no unit shows what would have been. "
            "Add units without the campaign, or use design: series with control series."
        )
    wide = wide[wide.index <= max(ends.values())]
    controls, rows, told = _complete(wide, controls, treated)
    wide = wide.loc[rows]
    time, daily = periods(rows)
    before, during = [], []
    for unit in treated:
        seen = wide[unit].notna().to_numpy()
        before.append(np.flatnonzero(seen & (wide.index < starts[unit])))
        during.append(np.flatnonzero(seen & (wide.index >= starts[unit]) & (wide.index <= ends[unit])))
        _enough(unit, len(before[-1]), len(during[-1]), starts[unit])
    covariates = _covariates(table, spec, treated, rows)
    return Observed(
        spec.outcome or "outcome", (*treated, *controls), len(treated), rows, time, daily,
        wide[treated + controls].to_numpy(float).T, tuple(before), tuple(during), covariates,
        _outlay(_spend(table, [*treated, *controls], rows), before, during), tuple(told),
    )  # fmt: skip


def observe_untreated(frame: pd.DataFrame, spec: EffectSpec) -> Observed:
    """A panel in which nobody counts as treated: the largest unit stands first, without any period of a campaign.

    Raises DataError or ParamsError, one line, for what cannot be used.
    """
    table = tidy(frame, spec)
    wide = table.pivot(index="date", columns="unit", values=spec.outcome or "outcome")
    ranked = list(wide.mean().sort_values(ascending=False, kind="stable").index)  # by size: names change nothing
    units, rows, told = _complete(wide, ranked, ranked)
    if not len(rows):
        raise DataError("Table panel has no period in which every unit was observed. Leave out those that lack most.")
    time, daily = periods(rows)
    every, none = np.arange(len(rows)), np.arange(0)
    return Observed(
        spec.outcome or "outcome", tuple(units), 1, rows, time, daily, wide.loc[rows, units].to_numpy(float).T,
        (every,), (none,), {}, None, tuple(told),
    )  # fmt: skip


def observe_series(frame: pd.DataFrame, spec: EffectSpec) -> Observed:
    """The one series of `frame`, with its control series as covariates, checked as `observe` does."""
    table = tidy(frame if "unit" in frame else frame.assign(unit="series"), spec)
    units = table["unit"].unique()
    if len(units) != 1:
        raise DataError(
            f"Table series has {len(units)} units, {', '.join(units[:3])} ...; use design: panel for several."
        )
    starts, ends = window(table, spec)
    unit = str(units[0])
    if not starts:
        raise DataError("Table series: no row has `treated` true, and start is not set. Say when the campaign began.")
    told: list[str] = []
    table = table[table["date"] <= ends[unit]].reset_index(drop=True)
    names = _series_controls(table, covariate_names(table, spec), told)
    full = table[names].notna().all(axis=1) if names else pd.Series(True, index=table.index)
    if not full.all():
        told.append(f"{int((~full).sum())} of {len(table)} periods lack a control and were not used")
    table = table[full].reset_index(drop=True)
    dates = pd.DatetimeIndex(table["date"])
    before, during = np.flatnonzero(dates < starts[unit]), np.flatnonzero(dates >= starts[unit])
    _enough(unit, len(before), len(during), starts[unit])
    time, daily = periods(dates)
    return Observed(
        spec.outcome or "outcome", (unit,), 1, dates, time, daily, table[[spec.outcome or "outcome"]].to_numpy(float).T,
        (before,), (during,), {name: table[[name]].to_numpy(float).T for name in names},
        _outlay(_spend(table, [unit], dates), [before], [during]), tuple(told),
    )  # fmt: skip


def _series_controls(table: pd.DataFrame, names: list[str], told: list[str]) -> list[str]:
    """Control series that were there nearly throughout and that move; what is set aside is told."""
    kept = []
    for name in names:
        values = pd.to_numeric(table[name], errors="coerce").replace([np.inf, -np.inf], np.nan)
        table[name] = values
        if values.notna().mean() < _FULL:
            first = table["date"][values.notna()].min() if values.notna().any() else None
            seen = f" (first value {first:%Y-%m-%d})" if first is not None else ""
            told.append(f"{name} lacks {values.isna().sum()} of {len(table)} periods{seen}")
        elif np.ptp(values.dropna()) == 0:
            told.append(f"{name} never moves")
        else:
            kept.append(name)
    return kept


def tidy(frame: pd.DataFrame, spec: EffectSpec) -> pd.DataFrame:
    """The rows sorted, with dates as dates and the outcome as numbers; no duplicate, no missing outcome."""
    outcome = spec.outcome or "outcome"
    unknown = [name for name in spec.leave_out if name not in frame and not _is_unit(frame, name)]
    if unknown:
        raise ParamsError(
            f"leave_out names {unknown[0]!r}, which is neither a unit nor a column of table {spec.design}."
        )
    for column in ("unit", "date", outcome):
        if column not in frame:
            raise DataError(
                f"Table {spec.design}: column {column!r} is missing. Columns are {', '.join(map(str, frame))}."
            )
    table = frame[~frame["unit"].astype(str).isin(spec.leave_out)].drop(columns=spec.leave_out, errors="ignore").copy()
    table["date"] = _dates(table["date"], spec.design)
    table["unit"] = table["unit"].astype(str)
    values = pd.to_numeric(table[outcome], errors="coerce").astype(float)
    bad = ~np.isfinite(values.to_numpy())
    if bad.any():
        row = table[bad].iloc[0]
        raise DataError(
            f"Table {spec.design}: {outcome} is not a number for unit {row['unit']} on "
            f"{row['date']:%Y-%m-%d} ({bad.sum()} such rows). Leave out rows of days that were not recorded; never "
            "write zero for them."
        )
    table[outcome] = values
    twice = table.duplicated(["unit", "date"])
    if twice.any():
        row = table[twice].iloc[0]
        raise DataError(
            f"Table {spec.design}: unit {row['unit']} has more than one row on {row['date']:%Y-%m-%d} "
            f"({twice.sum()} such rows). Add them up, or name the units apart."
        )
    return table.sort_values(["unit", "date"], ignore_index=True)


def _is_unit(frame: pd.DataFrame, name: str) -> bool:
    return "unit" in frame and bool((frame["unit"].astype(str) == name).any())


def _dates(column: pd.Series, design: str) -> pd.Series:
    """Dates; whole numbers from 1000 to 3000 are years."""
    text = column
    if pd.api.types.is_integer_dtype(column) and column.between(1000, 3000).all():
        text = column.astype(str) + "-01-01"
    try:
        return pd.Series(pd.to_datetime(text).dt.normalize(), index=column.index)
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(f"Table {design}: column date cannot be read as dates ({error}). Write 2026-05-01.") from None


def window(table: pd.DataFrame, spec: EffectSpec) -> tuple[dict[str, pd.Timestamp], dict[str, pd.Timestamp]]:
    """First day of the campaign for each treated unit, and its last, cool-down included."""
    start, end = _day(spec.start, "start"), _day(spec.end, "end")
    if start is not None and end is not None and end < start:
        raise ParamsError(f"end is {spec.end}, before start {spec.start}. Swap them.")
    flags = _flags(table, spec.design, start is not None)
    rows = table[flags]
    own = rows.groupby("unit")["date"]
    starts = _days(own.min()) if start is None else dict.fromkeys(rows["unit"].unique(), start)
    ends = dict.fromkeys(starts, end or table["date"].max()) if start is not None or end else _days(own.max())
    return starts, {unit: last + pd.Timedelta(days=spec.cooldown_days) for unit, last in ends.items()}


def _days(each: pd.Series) -> dict[str, pd.Timestamp]:
    return {str(unit): day for unit, day in each.items()}


def _flags(table: pd.DataFrame, design: str, started: bool) -> Flags:
    if "treated" not in table:
        if design == "series" and started:
            return np.ones(len(table), dtype=bool)
        remedy = "or set start" if design == "series" else "true for the treated units while the campaign runs"
        raise DataError(f"Table {design}: column treated is missing, so the campaign cannot be told. Add it, {remedy}.")
    if table["treated"].isna().any():
        raise DataError(
            f"Table {design}: treated is missing in {table['treated'].isna().sum()} rows. Say true or false."
        )
    flags = table["treated"].astype(bool).to_numpy()
    if design == "series" and started and not flags.any():
        return np.ones(len(table), dtype=bool)
    return np.asarray(flags)


def _day(text: str, name: str) -> pd.Timestamp | None:
    if not text:
        return None
    try:
        return pd.Timestamp(text).normalize()
    except ValueError:
        raise ParamsError(f"{name} is {text!r}, which is not a day. Write it as 2026-05-01.") from None


def _complete(
    wide: pd.DataFrame, controls: list[str], treated: list[str]
) -> tuple[list[str], pd.DatetimeIndex, list[str]]:
    """Controls kept, dates on which all of them were observed, and what was left out."""
    told: list[str] = []
    base = wide.index[wide[treated].notna().any(axis=1)]
    kept = list(controls)
    while len(kept) > 1 and wide.loc[base, kept].notna().all(axis=1).mean() < _FULL:
        holes = wide.loc[base, kept].isna().sum()
        worst = str(holes.idxmax())
        seen = wide[worst].dropna().index
        told.append(f"{worst} lacks {holes.max()} of {len(base)} periods (first row {seen.min():%Y-%m-%d})")
        kept.remove(worst)
    full = wide.loc[base, kept].notna().all(axis=1).to_numpy()
    if not full.all():
        told.append(f"{int((~full).sum())} of {len(base)} periods lack a control and were not used")
    return kept, pd.DatetimeIndex(base[full]), told


def periods(dates: pd.DatetimeIndex) -> tuple[Ints, bool]:
    """Whole periods since the first date, and whether a period is a day."""
    days = (dates - dates[0]).days.to_numpy()
    step = float(np.median(np.diff(days))) if len(days) > 1 else 1.0
    if step < 2:
        return days, True
    length = 365.25 if step > 350 else 365.25 / 12 if 27 < step < 32 else step
    return np.rint(days / length).astype(int), False


def _enough(unit: str, before: int, during: int, start: pd.Timestamp) -> None:
    if before == 0:
        raise DataError(
            f"Unit {unit} is treated from its first day on ({start:%Y-%m-%d}), so nothing shows what it did before. "
            "Add the periods before the campaign, or leave the unit out."
        )
    if before < LEAST:
        raise DataError(f"Unit {unit} has {before} periods before the campaign. Add earlier ones: 14 or more.")
    if during == 0:
        raise DataError(f"Unit {unit} has no period in the campaign from {start:%Y-%m-%d}. Check start, end and dates.")


def _covariates(
    table: pd.DataFrame, spec: EffectSpec, treated: list[str], dates: pd.DatetimeIndex
) -> dict[str, Floats]:
    """Further columns of the treated units, (treated, periods); one with holes or that never moves tells nothing."""
    names = covariate_names(table, spec)
    result = {}
    for name in names:
        wide = table.pivot(index="date", columns="unit", values=name).reindex(dates)[treated].to_numpy(float).T
        if np.isfinite(wide).all() and (np.ptp(wide, axis=1) > 0).any():
            result[name] = wide
        elif spec.covariates:
            raise DataError(f"Covariate {name} is missing in some periods, or never moves. Fill it or leave it out.")
    return result


def covariate_names(table: pd.DataFrame, spec: EffectSpec) -> list[str]:
    """The columns that serve as controls: those named, or all that are numeric and not the table's own."""
    unknown = [name for name in spec.covariates if name not in table]
    if unknown:
        raise ParamsError(
            f"covariates names {unknown[0]!r}, which the table has not. Columns are {', '.join(map(str, table))}."
        )
    if spec.covariates:
        return list(spec.covariates)
    numeric = table.select_dtypes("number").columns
    return [name for name in numeric if name not in (*_OWN, spec.outcome)]


def _spend(table: pd.DataFrame, units: list[str], dates: pd.DatetimeIndex) -> Floats | None:
    """What each unit spent in each period, (units, periods), NaN where it is not said; None without such a column."""
    values = spend_of(table)
    if values is None:
        return None
    wide = table.assign(spend=values).pivot(index="date", columns="unit", values="spend")
    return wide.reindex(index=dates, columns=units).to_numpy(float).T


def _outlay(spend: Floats | None, before: list[Ints], during: list[Ints]) -> Outlay | None:
    return None if spend is None else outlay(spend, tuple(before), tuple(during))
