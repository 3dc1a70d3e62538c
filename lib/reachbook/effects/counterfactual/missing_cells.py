"""Missing cells of a panel: which units and periods stay, what is reported, and how gaps of controls are filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Floats, Ints
from reachbook.errors import DataError
from reachbook.translation import day, joined, listing, mark, tr

HOLES = 1 / 3
"""Share of missing periods above which a unit or a control series is set aside."""
WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
_NAMED = 5
_ROUNDS = 30
_WEEK = 7


@dataclass(frozen=True)
class SelectedCells:
    """What remains of a panel.

    Attributes
    ----------
    units : list of str
        Untreated units.
    dates : DatetimeIndex
        Periods.
    notes : tuple of str
        What was set aside or is missing, one clause each.
    share_left_out : float
        The larger of the shares of units and of periods that were set aside.
    """

    units: list[str]
    dates: pd.DatetimeIndex
    notes: tuple[str, ...]
    share_left_out: float


def select_cells(wide: pd.DataFrame, controls: Sequence[str], base: pd.DatetimeIndex) -> SelectedCells:
    """Untreated units that miss at most a third of the periods, and the periods in which half of them were observed.

    Parameters
    ----------
    wide : DataFrame (periods, units)
        Outcome, NaN where there is no row.
    controls : sequence of str
        Untreated units. If all of them miss more, those that miss least stay.
    base : DatetimeIndex
        Candidate periods.

    Returns
    -------
    SelectedCells
        What remains.

    Raises
    ------
    DataError
        If in no period half of the units were observed.
    """
    holes = wide.loc[base, list(controls)].isna().sum()
    most = max(HOLES * len(base), int(holes.min()))
    kept, gone = [c for c in controls if holes[c] <= most], [c for c in controls if holes[c] > most]
    there = wide.loc[base, kept].notna()
    full = there.mean(axis=1).to_numpy() >= 0.5
    dates = base[full]
    if not len(dates):
        raise DataError(
            tr(
                "Table panel: in no period was half of the untreated units observed. Complete their rows, or name "
                "those that lack most in leave_out."
            )
        )
    told = [*_gone(wide, gone, len(controls), holes, base), *_periods(base[~full], len(base)), *_holes(there[full])]
    lost = max(len(gone) / len(controls), float(np.mean(~full)) if len(base) else 0.0)
    return SelectedCells(kept, pd.DatetimeIndex(dates), tuple(told), lost)


def _gone(wide: pd.DataFrame, gone: list[str], of: int, holes: pd.Series, base: pd.DatetimeIndex) -> list[str]:
    if len(gone) <= _NAMED:
        return [_set_aside(name, pd.DatetimeIndex(wide.index[wide[name].notna()]), holes[name], base) for name in gone]
    return [
        tr(
            "{count} of {of} untreated units lack more than {share} of {periods} periods and were set aside: {names}",
            count=len(gone), of=of, share=f"{HOLES:.0%}", periods=len(base), names=listed(gone),
        )
    ]  # fmt: skip


def _set_aside(name: str, rows: pd.DatetimeIndex, holes: int, base: pd.DatetimeIndex) -> str:
    """Clause on a unit that is set aside; `rows` are the days on which it was observed."""
    told = {"name": name, "holes": holes, "periods": len(base)}
    if not len(rows):
        return tr("{name} lacks {holes} of {periods} periods (no row), set aside", **told)
    return tr("{name} lacks {holes} of {periods} periods (first row {first}), set aside", first=day(rows[0]), **told)


def _periods(gone: pd.DatetimeIndex, of: int) -> list[str]:
    if not len(gone):
        return []
    told = {"count": len(gone), "of": of, "days": days(gone)}
    return [tr("{count} of {of} periods lack most untreated units and were not used: {days}", **told)]


def _holes(there: pd.DataFrame) -> list[str]:
    """Clauses on missing cells among what remains."""
    lacking = (~there).sum()
    lacking = lacking[lacking > 0]
    if len(lacking) <= 2 or lacking.sum() <= _NAMED:
        rows = {str(name): pd.DatetimeIndex(there.index[~there[name]]) for name in lacking.index}
        return [tr("{name} has no row on {days}, it stays", name=name, days=days(gone)) for name, gone in rows.items()]
    low, high = int(lacking.min()), int(lacking.max())
    each = str(low) if low == high else tr("{low} to {high}", low=low, high=high)
    partly = pd.DatetimeIndex(there.index[~there.all(axis=1)])
    return [
        tr(
            "{count} of {of} untreated units ({names}) lack {each} of {periods} periods ({lost:,} of {cells:,} cells, "
            "{days}); they stay, those cells count as missing",
            count=len(lacking), of=there.shape[1], names=listed(list(lacking.index)), each=each, periods=len(there),
            lost=int(lacking.sum()), cells=there.size, days=days(partly),
        )
    ]  # fmt: skip


def days(dates: pd.DatetimeIndex) -> str:
    """Dates as text: a weekly pattern, or the first five and the number of others."""
    names = dates.day_name().unique()
    if len(dates) > 2 and len(names) == 1 and (np.diff(dates.to_numpy()) == np.timedelta64(_WEEK, "D")).all():
        weekday = WEEKDAYS[int(dates.day_of_week[0])]
        return tr(
            "every {weekday} from {first} to {last}", weekday=tr(weekday), first=day(dates[0]), last=day(dates[-1])
        )
    return listed([day(each) for each in dates])


def listed(names: Sequence[str]) -> str:
    """The first five names, and the number of others."""
    said = joined(map(str, names[:_NAMED]))
    return tr("{names} and {n} more", names=said, n=len(names) - _NAMED) if len(names) > _NAMED else said


def fill(values: Floats) -> Floats:
    """Missing cells filled from the unit's level and the common movement, so that they carry no information.

    Level and movement are multiplicative if all values are positive, else additive in units of each unit's standard
    deviation.

    Parameters
    ----------
    values : float array (units, periods)
        Outcome, NaN where missing; at least one unit is observed in every period.

    Returns
    -------
    float array (units, periods)
        Completed outcome.
    """
    there = np.isfinite(values)
    if there.all():
        return values
    positive = bool((values[there] > 0).all())
    middle = np.zeros(len(values)) if positive else np.nanmean(values, axis=1)
    size = np.ones(len(values)) if positive else np.nanstd(values, axis=1)
    size = np.where(size > 0, size, 1.0)
    scaled = np.log(np.where(there, values, 1.0)) if positive else (values - middle[:, None]) / size[:, None]
    scaled = np.where(there, scaled, np.nan)
    level = np.nanmean(scaled, axis=1, keepdims=True)
    movement = np.nanmean(scaled - level, axis=0, keepdims=True)
    for _ in range(_ROUNDS):
        level = np.nanmean(scaled - movement, axis=1, keepdims=True)
        movement = np.nanmean(scaled - level, axis=0, keepdims=True)
    expected = level + movement
    back = np.exp(expected) if positive else middle[:, None] + size[:, None] * expected
    return np.where(there, values, back)


def weekdays(time: Ints, before: Ints) -> Floats:
    """Indicators of all but one of the weekdays in the periods `before`, float array (periods, weekdays - 1).

    Parameters
    ----------
    time : int array (periods,)
        Days since the first.
    before : int array (n,)
        Indices of the periods that determine the weekdays.
    """
    known = np.unique(time[before] % _WEEK)
    return np.asarray(time[:, None] % _WEEK == known[:-1], dtype=float)


def absent(every: pd.DatetimeIndex, base: pd.DatetimeIndex) -> list[str]:
    """Clauses on periods without rows of treated units, and on weekdays that the table lacks."""
    gone = pd.DatetimeIndex(every.difference(base))
    told = [tr("no treated unit has a row on {days}, not used", days=days(gone))] if len(gone) else []
    never = [name for number, name in enumerate(WEEKDAYS) if number not in set(every.day_of_week)]
    if never and len(every) >= 14 and np.median(np.diff(every.to_numpy()) / np.timedelta64(1, "D")) < 2:
        told.append(tr("the table lacks every {weekdays}", weekdays=listing(tr(name) for name in never)))
    return told
