"""Rows of a panel or series in long format: one for each unit and date, checked and sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.counterfactual.week_starts import refuse_mixed
from reachbook.errors import DataError, ParamsError
from reachbook.translation import day, joined, tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


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
