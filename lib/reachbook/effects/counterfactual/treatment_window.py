"""First and last day of each treated unit's campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.arrays import Flags
from reachbook.errors import DataError, ParamsError
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


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
