"""What a campaign cost beyond what its units would have spent anyway; below zero where ads were switched off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Floats, Ints

COLUMNS = ("spend", "cost")
"""Columns that may say what a unit spent in a period; the first that is there counts."""


@dataclass(frozen=True)
class Outlay:
    """Money in the treated cells.

    extra : spent beyond the usual, below zero where less was spent; usual : what would have been spent in these cells,
        None where nothing says what was spent before, so that all of it counts as extra
    moved : change of the untreated units' spend since the start (a ratio), by which the usual was moved
    """

    extra: float
    usual: float | None
    moved: float = 0.0


def outlay(spend: Floats, before: tuple[Ints, ...], during: tuple[Ints, ...]) -> Outlay | None:
    """Spend of the treated cells against their units' mean a period before, moved as the untreated units' spend moved.

    spend : (units, periods), treated units first, NaN where the table does not say; before, during : index of their
    periods. None where the spend of a treated cell is not known.
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
    """Relative change of the untreated units' spend; 0 where it is not known throughout, or was nothing before."""
    rows = np.concatenate([before, during])
    others = others[~np.isnan(others[:, rows]).any(axis=1)]
    if not len(others) or not others[:, before].sum() > 0:
        return 0.0
    return float(others[:, during].mean() / others[:, before].mean() - 1)


def spend_of(table: pd.DataFrame) -> pd.Series | None:
    """What each row spent, as numbers, NaN where it is not said; None without such a column."""
    name = next((name for name in COLUMNS if name in table), None)
    return None if name is None else pd.to_numeric(table[name].astype(object).map(_float), errors="coerce")


def _float(value: object) -> float:
    return float("nan") if value is None else float(value)  # type: ignore[arg-type]
