"""Columns that serve as controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.outlay import COLUMNS
from reachbook.errors import DataError, ParamsError
from reachbook.translation import joined, sentences, tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


_OWN = ("unit", "date", "outcome", "treated", *COLUMNS)


def covariates(
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
