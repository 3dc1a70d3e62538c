"""Observed panel as a matrix, with checks of everything that makes a panel or series table unusable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.arrays import Flags, Floats, Ints
from reachbook.effects.counterfactual.missing_cells import WEEKDAYS, days, fill, listed, select_cells
from reachbook.effects.counterfactual.outlay import COLUMNS, Outlay, outlay, spend_of
from reachbook.effects.counterfactual.week_starts import refuse_mixed
from reachbook.errors import DataError, ParamsError
from reachbook.translation import day, joined, listing, sentences, tr, trn

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


_OWN = ("unit", "date", "outcome", "treated", *COLUMNS)
LEAST = 3
"""Fewest periods before the campaign from which anything can be fitted."""


@contextmanager
def solvable(table: str) -> Iterator[None]:
    """Context that turns failures of linear algebra into a DataError.

    Raises
    ------
    DataError
        If a matrix inside is singular, which points to copies among columns or units.
    """
    try:
        yield
    except np.linalg.LinAlgError:
        raise DataError(
            tr(
                "Table {table}: what would have been cannot be computed, because columns or units are copies of each "
                "other. Name the copies in leave_out.",
                table=table,
            )
        ) from None


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
    covariates = _covariates(table, spec, treated, kept.dates, before, told)
    outcome = np.vstack([wide[treated].to_numpy(float).T, fill(wide[kept.units].to_numpy(float).T)])
    units = [*treated, *kept.units]
    return PanelData(
        spec.outcome or "outcome", tuple(units), len(treated), kept.dates, time, daily, outcome,
        wide[units].isna().to_numpy().T, tuple(before), tuple(during), covariates,
        outlay_of(spend_wide(table, units, kept.dates), before, during), tuple(told), lost,
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


def _wide(table: pd.DataFrame, spec: EffectSpec) -> pd.DataFrame:
    """Outcome by date (rows) and unit (columns), the unit with the largest mean first, so that names do not matter."""
    wide = table.pivot(index="date", columns="unit", values=spec.outcome or "outcome")
    return wide[wide.mean().sort_values(ascending=False, kind="stable").index]


def absent(every: pd.DatetimeIndex, base: pd.DatetimeIndex) -> list[str]:
    """Clauses on periods without rows of treated units, and on weekdays that the table lacks."""
    gone = pd.DatetimeIndex(every.difference(base))
    told = [tr("no treated unit has a row on {days}, not used", days=days(gone))] if len(gone) else []
    never = [name for number, name in enumerate(WEEKDAYS) if number not in set(every.day_of_week)]
    if never and len(every) >= 14 and np.median(np.diff(every.to_numpy()) / np.timedelta64(1, "D")) < 2:
        told.append(tr("the table lacks every {weekdays}", weekdays=listing(tr(name) for name in never)))
    return told


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


def moves(unit: str, past: Floats, remedy: str = "") -> None:
    """Check that a treated unit varies before the campaign.

    Raises
    ------
    DataError
        If its outcome `past` (periods,) is constant.
    """
    if np.ptp(past) == 0:
        raise DataError(
            sentences(
                tr(
                    "Unit {unit} never moves before the campaign (it is always {value:g}), so nothing tells its noise.",
                    unit=unit,
                    value=past[0],
                ),
                remedy or tr("Name it in leave_out, or correct its rows."),
            )
        )


def predictable(
    unit: str, dates: pd.DatetimeIndex, time: Ints, daily: bool, before: Ints, during: Ints, told: list[str]
) -> Ints:
    """Campaign periods without weekdays that were never observed before it.

    Parameters
    ----------
    unit : str
        Name of the unit.
    dates : DatetimeIndex (periods,)
        First day of each period.
    time : int array (periods,)
        Periods since the first.
    daily : bool
        Whether a period is a day; otherwise, or with fewer than 21 periods before, `during` is returned.
    before, during : int array (n,), (h,)
        Indices of the periods before and in the campaign.
    told : list of str
        Output: a clause on the excluded periods is appended.

    Returns
    -------
    int array (m,)
        Indices of the remaining campaign periods.

    Raises
    ------
    DataError
        If no period remains.
    """
    if not daily or len(before) < 21:
        return during
    unknown = ~np.isin(time[during] % 7, time[before] % 7)
    if len(during) and unknown.all():
        raise DataError(
            tr(
                "Unit {unit}: the campaign lies on weekdays that it never had before ({days}), so nothing foretells "
                "them. Add such days before the campaign.",
                unit=unit,
                days=days(dates[during]),
            )
        )
    if unknown.any():
        told.append(
            tr(
                "{unit} has no such weekday before the campaign, not used: {days}",
                unit=unit,
                days=days(dates[during[unknown]]),
            )
        )
    return np.asarray(during[~unknown])


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


def tidy(frame: pd.DataFrame, spec: EffectSpec) -> pd.DataFrame:
    """Rows sorted by unit and date, with parsed dates and numeric outcome.

    Raises
    ------
    DataError
        If a column is missing, a date or an outcome cannot be read, or a unit has two rows on a date.
    ParamsError
        If `leave_out` or `confirmed` names something that is not in the table.
    """
    outcome = spec.outcome or "outcome"
    unknown = [name for name in spec.leave_out if name not in frame and not _is_unit(frame, name)]
    if unknown:
        raise ParamsError(
            tr(
                "leave_out names {name!r}, which is neither a unit nor a column of table {design}.",
                name=unknown[0],
                design=spec.design,
            )
        )
    for column in ("unit", "date", outcome):
        if column not in frame:
            raise DataError(
                tr(
                    "Table {design}: column {column!r} is missing. Columns are {columns}.",
                    design=spec.design,
                    column=column,
                    columns=joined(map(str, frame)),
                )
            )
    table = frame[~frame["unit"].astype(str).isin(spec.leave_out)].drop(columns=spec.leave_out, errors="ignore").copy()
    table["date"] = _dates(table["date"], spec.design)
    table["unit"] = table["unit"].astype(str)
    known = {*table["unit"].unique(), *pd.DatetimeIndex(table["date"].unique()).strftime("%Y-%m-%d")}
    strange = [name for name in spec.confirmed if name not in known]
    if strange:
        raise ParamsError(
            tr(
                "confirmed names {name!r}, which is neither a unit nor a day of table {design}. Write a day as "
                "2026-05-01.",
                name=strange[0],
                design=spec.design,
            )
        )
    values = pd.to_numeric(table[outcome], errors="coerce").astype(float)
    bad = ~np.isfinite(values.to_numpy())
    if bad.any():
        row = table[bad].iloc[0]
        raise DataError(
            tr(
                "Table {design}: {outcome} is not a number for unit {unit} on {day} ({count} such rows). Leave out "
                "rows of days that were not recorded; never write zero for them.",
                design=spec.design, outcome=outcome, unit=row["unit"], day=day(row["date"]), count=bad.sum(),
            )
        )  # fmt: skip
    table[outcome] = values
    twice = table.duplicated(["unit", "date"])
    if twice.any():
        row = table[twice].iloc[0]
        raise DataError(
            tr(
                "Table {design}: unit {unit} has more than one row on {day} ({count} such rows). Add them up, or name "
                "the units apart.",
                design=spec.design, unit=row["unit"], day=day(row["date"]), count=twice.sum(),
            )
        )  # fmt: skip
    refuse_mixed(table, spec.design)
    return table.sort_values(["unit", "date"], ignore_index=True)


def _is_unit(frame: pd.DataFrame, name: str) -> bool:
    return "unit" in frame and bool((frame["unit"].astype(str) == name).any())


def _dates(column: pd.Series, design: str) -> pd.Series:
    """Parsed dates; integers from 1000 to 3000 are years."""
    text = column
    if pd.api.types.is_integer_dtype(column) and column.between(1000, 3000).all():
        text = column.astype(str) + "-01-01"
    try:
        return pd.Series(pd.to_datetime(text).dt.normalize(), index=column.index)
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(
            tr(
                "Table {design}: column date cannot be read as dates ({error}). Write 2026-05-01.",
                design=design,
                error=error,
            )
        ) from None


def window(table: pd.DataFrame, spec: EffectSpec) -> tuple[dict[str, pd.Timestamp], dict[str, pd.Timestamp]]:
    """First day of each treated unit's campaign, and its last day including the cool-down.

    Raises
    ------
    ParamsError
        If `start` or `end` is not a day, or they are out of order.
    DataError
        If column `treated` is missing or incomplete where it is needed.
    """
    start, end = _day(spec.start, "start"), _day(spec.end, "end")
    if start is not None and end is not None and end < start:
        raise ParamsError(tr("end is {end}, before start {start}. Swap them.", end=spec.end, start=spec.start))
    flags = _flags(table, spec.design, start is not None)
    rows = table[flags]
    own = rows.groupby("unit")["date"]
    starts = _days_of(own.min()) if start is None else dict.fromkeys(rows["unit"].unique(), start)
    ends = dict.fromkeys(starts, end or table["date"].max()) if start is not None or end else _days_of(own.max())
    return starts, {unit: last + pd.Timedelta(days=spec.cooldown_days) for unit, last in ends.items()}


def _days_of(each: pd.Series) -> dict[str, pd.Timestamp]:
    return {str(unit): day for unit, day in each.items()}


def _flags(table: pd.DataFrame, design: str, started: bool) -> Flags:
    if "treated" not in table:
        if design == "series" and started:
            return np.ones(len(table), dtype=bool)
        told = tr("Table {design}: column treated is missing, so the campaign cannot be told.", design=design)
        remedy = (
            tr("Add it, or set start.")
            if design == "series"
            else tr("Add it, true for the treated units while the campaign runs.")
        )
        raise DataError(sentences(told, remedy))
    if table["treated"].isna().any():
        raise DataError(
            tr(
                "Table {design}: treated is missing in {count} rows. Say true or false.",
                design=design,
                count=table["treated"].isna().sum(),
            )
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
        raise ParamsError(
            tr("{name} is {text!r}, which is not a day. Write it as 2026-05-01.", name=name, text=text)
        ) from None


def periods(dates: pd.DatetimeIndex) -> tuple[Ints, bool]:
    """Periods since the first date, int array (periods,), and whether a period is a day.

    Daily data with many gaps stay daily: a longer period is used only if no two dates fall into the same one.
    """
    days = (dates - dates[0]).days.to_numpy()
    step = float(np.median(np.diff(days))) if len(days) > 1 else 1.0
    if step < 2:
        return days, True
    length = 365.25 if step > 350 else 365.25 / 12 if 27 < step < 32 else step
    whole = np.rint(days / length).astype(int)
    return (whole, False) if (np.diff(whole) > 0).all() else (days, True)


def enough(unit: str, before: int, during: int, start: pd.Timestamp) -> None:
    """Check that a treated unit has enough periods before and in the campaign.

    Raises
    ------
    DataError
        If it has fewer than `LEAST` before the campaign, or none in it.
    """
    if before == 0:
        raise DataError(
            tr(
                "Unit {unit} is treated from its first day on ({day}), so nothing shows what it did before. Add the "
                "periods before the campaign, or leave the unit out.",
                unit=unit,
                day=day(start),
            )
        )
    if before < LEAST:
        raise DataError(
            trn(
                "Unit {unit} has {n} period before the campaign. Add earlier ones: 14 or more.",
                "Unit {unit} has {n} periods before the campaign. Add earlier ones: 14 or more.",
                before,
                unit=unit,
            )
        )
    if during == 0:
        raise DataError(
            tr(
                "Unit {unit} has no period in the campaign from {day}. Check start, end and dates.",
                unit=unit,
                day=day(start),
            )
        )


def _covariates(
    table: pd.DataFrame, spec: EffectSpec, treated: list[str], dates: pd.DatetimeIndex, before: list[Ints],
    told: list[str],
) -> dict[str, Floats]:  # fmt: skip
    """Further columns of the treated units, (treated, periods); those with gaps or without variation are left out."""
    result = {}
    for name in covariate_names(table, spec):
        values = table.assign(**{name: pd.to_numeric(table[name], errors="coerce").astype(float)})
        wide = values.pivot(index="date", columns="unit", values=name).reindex(dates)[treated].to_numpy(float).T
        moving = any(np.ptp(each[rows]) > 0 for each, rows in zip(wide, before, strict=True))
        if np.isfinite(wide).all() and moving:
            result[name] = wide
            continue
        still = bool(np.isfinite(wide).all())
        if spec.covariates:
            raise DataError(_unusable(name, still))
        told.append(
            tr("column {name} never moves before the campaign, not used as a control", name=name)
            if still
            else tr("column {name} is no number in some treated cells, not used as a control", name=name)
        )
    return result


def _unusable(name: str, still: bool) -> str:
    """Error on a named covariate that does not move, or has gaps."""
    told = (
        tr("Table panel: covariate {name} never moves before the campaign.", name=name)
        if still
        else tr("Table panel: covariate {name} is no number in some treated cells.", name=name)
    )
    return sentences(told, tr("Take it out of covariates, or complete it."))


def covariate_names(table: pd.DataFrame, spec: EffectSpec) -> list[str]:
    """Columns that serve as controls: those named, or all numeric ones that have no other role.

    Raises
    ------
    ParamsError
        If a named column does not exist.
    """
    unknown = [name for name in spec.covariates if name not in table]
    if unknown:
        raise ParamsError(
            tr(
                "covariates names {name!r}, which the table has not. Columns are {columns}.",
                name=unknown[0],
                columns=joined(map(str, table)),
            )
        )
    if spec.covariates:
        return list(spec.covariates)
    numeric = table.select_dtypes("number").columns
    return [name for name in numeric if name not in (*_OWN, spec.outcome)]


def spend_wide(table: pd.DataFrame, units: list[str], dates: pd.DatetimeIndex) -> Floats | None:
    """Spend in money, float array (units, periods), NaN where unknown; None without such a column."""
    values = spend_of(table)
    if values is None:
        return None
    wide = table.assign(spend=values).pivot(index="date", columns="unit", values="spend")
    return wide.reindex(index=dates, columns=units).to_numpy(float).T


def outlay_of(spend: Floats | None, before: list[Ints], during: list[Ints]) -> Outlay | None:
    """Incremental spend of the treated cells, see `outlay.outlay`; None if `spend` (units, periods) is None."""
    return None if spend is None else outlay(spend, tuple(before), tuple(during))
