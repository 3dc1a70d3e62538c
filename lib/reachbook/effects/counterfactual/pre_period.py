"""What the periods before the campaign must hold, so that they can foretell those in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.missing_cells import days
from reachbook.errors import DataError
from reachbook.translation import day, sentences, tr, trn

LEAST = 3
"""Fewest periods before the campaign from which anything can be fitted."""


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
