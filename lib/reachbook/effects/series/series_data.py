"""Reader of one series and its control series, with the checks of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.arrays import Flags
from reachbook.effects.counterfactual.covariates import covariate_names
from reachbook.effects.counterfactual.long_table import tidy
from reachbook.effects.counterfactual.missing_cells import HOLES, absent, days, listed
from reachbook.effects.counterfactual.outlay import outlay_of, spend_wide
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.pre_period import enough, moves, predictable
from reachbook.effects.counterfactual.time_index import periods
from reachbook.effects.counterfactual.treatment_window import window
from reachbook.errors import DataError
from reachbook.translation import day, tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


_FEW = 0.1
"""Share of periods that gaps in control series may cost before single gaps are interpolated."""


def observe_series(frame: pd.DataFrame, spec: EffectSpec) -> PanelData:
    """The single series of `frame`, with its control series as covariates.

    Raises
    ------
    DataError, ParamsError
        As for `panel_data.observe`, and if the table has several units or no start of the campaign.
    """
    table = tidy(frame if "unit" in frame else frame.assign(unit="series"), spec)
    units = table["unit"].unique()
    if len(units) != 1:
        raise DataError(
            tr(
                "Table series has {n} units: {names}; use design: panel for several.",
                n=len(units),
                names=listed(list(units)),
            )
        )
    starts, ends = window(table, spec)
    unit = str(units[0])
    if not starts:
        raise DataError(
            tr("Table series: no row has `treated` true, and start is not set. Say when the campaign began.")
        )
    told: list[str] = []
    table = table[table["date"] <= ends[unit]].reset_index(drop=True)
    wanted = covariate_names(table, spec)
    names = _series_controls(table, wanted, starts[unit], told)
    full = _whole(table, names, told)
    if not full.all():
        gone = pd.DatetimeIndex(table["date"][~full])
        told.append(
            tr(
                "{count} of {of} periods lack a control series and were not used: {days}",
                count=len(gone),
                of=len(full),
                days=days(gone),
            )
        )
    lost = float(np.mean(~full)) if len(full) else 0.0
    table = table[full].reset_index(drop=True)
    dates = pd.DatetimeIndex(table["date"])
    told += absent(dates, dates)
    before, inside = np.flatnonzero(dates < starts[unit]), np.flatnonzero(dates >= starts[unit])
    time, daily = periods(dates) if len(dates) else (np.arange(0), True)
    during = predictable(unit, dates, time, daily, before, inside, told)
    enough(unit, len(before), len(during), starts[unit])
    outcome = table[[spec.outcome or "outcome"]].to_numpy(float).T
    remedy = tr("Give the outcome as it was recorded, with earlier periods in which it moves.")
    moves(unit, outcome[0, before], remedy)
    return PanelData(
        spec.outcome or "outcome", (unit,), 1, dates, time, daily, outcome, np.zeros(outcome.shape, dtype=bool),
        (before,), (during,), {name: table[[name]].to_numpy(float).T for name in names},
        outlay_of(spend_wide(table, [unit], dates), [before], [during]), tuple(told),
        max(lost, 1 - len(during) / len(inside)),
    )  # fmt: skip


def _series_controls(table: pd.DataFrame, names: list[str], start: pd.Timestamp, told: list[str]) -> list[str]:
    """Control series with few gaps that vary before the campaign; the others are reported in `told`."""
    past, kept = (table["date"] < start).to_numpy(), []
    for name in names:
        values = pd.to_numeric(table[name], errors="coerce").replace([np.inf, -np.inf], np.nan)
        table[name] = values.astype(float)
        known = values[past].dropna()
        if values.isna().mean() > HOLES:
            told.append(_set_aside(name, values, table["date"]))
        elif not len(known) or np.ptp(known) == 0:
            told.append(
                tr("{name} never moves before the campaign, so nothing tells what it does; left out", name=name)
            )
        else:
            kept.append(name)
    return kept


def _set_aside(name: str, values: pd.Series, dates: pd.Series) -> str:
    """Clause on a control series with too many gaps."""
    told = {"name": name, "holes": int(values.isna().sum()), "periods": len(values)}
    if not values.notna().any():
        return tr("{name} lacks {holes} of {periods} periods, set aside", **told)
    first = day(dates[values.notna()].min())
    return tr("{name} lacks {holes} of {periods} periods (first value {first}), set aside", first=first, **told)


def _whole(table: pd.DataFrame, names: list[str], told: list[str]) -> Flags:
    """Periods in which every control series is known, bool array (periods,).

    If gaps would cost more than a tenth of the periods, those of one or two periods are interpolated with the weekday
    pattern.
    """
    if not names:
        return np.ones(len(table), dtype=bool)
    holes = table[names].isna()
    if holes.any(axis=1).mean() > _FEW:
        for name in names:
            table[name] = _bridged(table[name], table["date"])
        filled = int(holes.to_numpy().sum() - table[names].isna().to_numpy().sum())
        lacking = [name for name in names if holes[name].any()]
        if filled:
            told.append(
                tr(
                    "{filled} of {cells:,} cells of {n} control series ({names}) are missing, single periods that "
                    "their neighbours stand in for",
                    filled=filled, cells=holes.size, n=len(lacking), names=listed(lacking),
                )
            )  # fmt: skip
    return table[names].notna().all(axis=1).to_numpy()


def _bridged(values: pd.Series, dates: pd.Series) -> pd.Series:
    """The series with gaps of at most two periods interpolated."""
    rhythm = values.groupby(dates.dt.day_of_week).transform("mean").fillna(values.mean())
    rest, hole = values - rhythm, values.isna()
    length = hole.groupby((~hole).cumsum()).transform("sum")
    return values.where(~hole | (length > 2), rest.interpolate(limit_area="inside") + rhythm)
