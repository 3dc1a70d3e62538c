"""Incremental spend of a campaign beyond the usual spend of its units; negative where ads were switched off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Floats, Ints

COLUMNS = ("spend", "cost")
"""Columns that may hold spend; the first one present is used."""


@dataclass(frozen=True)
class Outlay:
    """Money spent in the treated cells.

    Attributes
    ----------
    extra : float
        Spend beyond the usual, negative where it fell.
    usual : float or None
        Spend expected in these cells without the campaign; None if earlier spend is unknown, so that all spend is
        extra.
    moved : float
        Mean relative change of the untreated units' spend, a ratio, by which the usual was scaled.
    """

    extra: float
    usual: float | None
    moved: float = 0.0


def outlay(spend: Floats, before: tuple[Ints, ...], during: tuple[Ints, ...]) -> Outlay | None:
    """Spend of the treated cells against their units' earlier mean, scaled by the change of the untreated units' spend.

    Parameters
    ----------
    spend : float array (units, periods)
        Spend in money, treated units first, NaN where unknown.
    before, during : tuple of int array
        Indices of each treated unit's periods before and in the campaign.

    Returns
    -------
    Outlay or None
        None if the spend of a treated cell is unknown.
    """
    paid = [spend[unit, rows] for unit, rows in enumerate(during)]
    if any(not len(each) or np.isnan(each).any() for each in paid):
        return None
    total = float(sum(each.sum() for each in paid))
    past = [spend[unit, rows] for unit, rows in enumerate(before)]
    if any(np.isnan(each).all() for each in past):
        return Outlay(total, None)
    moved = [_moved(spend[len(before) :], *rows) for rows in zip(before, during, strict=True)]
    usual = [float(np.nanmean(each)) * (1 + m) * len(rows) for each, m, rows in zip(past, moved, during, strict=True)]
    return Outlay(total - sum(usual), sum(usual), float(np.mean(moved)))


def _moved(others: Floats, before: Ints, during: Ints) -> float:
    """Relative change of the untreated units' spend; 0 if it is partly unknown or was zero before."""
    rows = np.concatenate([before, during])
    others = others[~np.isnan(others[:, rows]).any(axis=1)]
    if not len(others) or not others[:, before].sum() > 0:
        return 0.0
    return float(others[:, during].mean() / others[:, before].mean() - 1)


def spend_of(table: pd.DataFrame) -> pd.Series | None:
    """Spend of each row, in money, NaN where unknown; None without such a column."""
    name = next((name for name in COLUMNS if name in table), None)
    return None if name is None else pd.to_numeric(table[name].astype(object).map(_float), errors="coerce")


def _float(value: object) -> float:
    return float("nan") if value is None else float(value)  # type: ignore[arg-type]


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
