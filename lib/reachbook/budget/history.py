"""What was spent and what was sold, week by week, checked: nothing is filled in, nothing is left out unsaid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.budget.mix_spec import MixSpec
from reachbook.errors import DataError, ParamsError

type Floats = npt.NDArray[np.float64]

LEAST = 40
"""Weeks below which media, season and trend cannot be told apart by anyone."""
_WEEK = pd.Timedelta(days=7)


@dataclass(frozen=True)
class History:
    """Whole weeks in order.

    weeks : first day of each, (weeks,). value : the outcome, (weeks,). channels : their names.
    spend : money, (channels, weeks). before : spend of the weeks before the first, as far as known, the last one last,
        (channels, weeks before). others : further columns of the outcome table, (weeks, columns).
    notes : what a reader must know.
    """

    weeks: pd.DatetimeIndex
    value: Floats
    channels: tuple[str, ...]
    spend: Floats
    before: Floats
    others: pd.DataFrame
    notes: tuple[str, ...]

    def lagged(self, lags: int) -> Floats:
        """Spend so many weeks earlier, (channels, lags + 1, weeks).

        What was spent before the first known week is taken as the mean of its first eight weeks.
        """
        known = np.concatenate([self.before, self.spend], axis=1)
        start = np.repeat(known[:, :8].mean(axis=1, keepdims=True), lags, axis=1)
        padded, size = np.concatenate([start, known], axis=1), len(self.weeks)
        last = padded.shape[1]
        return np.stack([padded[:, last - size - lag : last - lag] for lag in range(lags + 1)], axis=1)


def history(media: pd.DataFrame, outcome: pd.DataFrame, spec: MixSpec) -> History:
    """Checked and ordered tables `media` (week, channel, spend) and `outcome` (week, value, anything else).

    Weeks of `media` before the first of `outcome` are what it carries in.

    Raises DataError for a missing week or value, a negative spend, a channel without spend, too few weeks.
    """
    rows = outcome.assign(week=_weeks(outcome, "outcome")).sort_values("week")
    weeks = pd.DatetimeIndex(rows["week"])
    _regular(weeks)
    others, notes = _others(rows, spec)
    spend = _wide(media, weeks, spec)
    here = spend.loc[weeks]
    for name in here.columns[(here == 0).all()]:
        raise DataError(f"media: {name} spent nothing in any of {len(weeks)} weeks; add it to leave_out.")
    early = spend.loc[spend.index < weeks[0]]
    value = _numbers(rows["value"], "outcome", "value", weeks)
    if value.mean() <= 0:
        raise DataError(f"outcome: mean of value is {value.mean():g}; a media mix needs an outcome above 0.")
    if np.ptp(value) == 0:
        raise DataError(f"outcome: value is {value[0]:g} in every week; there is nothing to explain.")
    names = tuple(str(name) for name in spend.columns)
    return History(weeks, value, names, here.to_numpy().T, early.to_numpy().T, others, notes)


def _weeks(frame: pd.DataFrame, table: str) -> pd.Series:
    missing = {"outcome": ["week", "value"], "media": ["week", "channel", "spend"]}[table]
    for name in missing:
        if name not in frame:
            raise DataError(f"{table}: no column {name}; map it in study.yaml under columns.")
    weeks = pd.to_datetime(frame["week"], errors="coerce")
    if weeks.isna().any():
        row = int(np.flatnonzero(weeks.isna())[0])
        raise DataError(f"{table}, row {row + 1}: week is {frame['week'].iloc[row]!r}; write its first day.")
    return weeks


def _regular(weeks: pd.DatetimeIndex) -> None:
    """One row a week, none left out."""
    steps = np.asarray(weeks[1:] - weeks[:-1])
    for k in np.flatnonzero(steps != _WEEK).tolist():
        a, b = (f"{weeks[i]:%Y-%m-%d}" for i in (k, k + 1))
        told = "twice" if a == b else f"with none, or not a whole week, between it and {b}"
        raise DataError(f"outcome: week {a} is there {told}; give one row for each week, its true value.")
    if len(weeks) < LEAST:
        raise DataError(f"outcome: {len(weeks)} weeks are too few to tell media from season and trend; "
                        f"bring at least {LEAST}, better 104 or more.")  # fmt: skip


def _others(rows: pd.DataFrame, spec: MixSpec) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Further columns that vary, as numbers."""
    kept, notes = {}, []
    for name in (each for each in rows.columns if each not in {"week", "value"}):
        if name in spec.leave_out:
            notes.append(f"outcome column {name} was left out, as leave_out says")
            continue
        values = _numbers(rows[name], "outcome", str(name), pd.DatetimeIndex(rows["week"]))
        if np.ptp(values) == 0:
            notes.append(f"outcome column {name} is {values[0]:g} in every week and explains nothing: left out")
        elif name == "price" and (values <= 0).any():
            raise DataError(f"outcome: price is {values.min():g} in some week; a price is above 0.")
        else:
            kept[str(name)] = values
    return pd.DataFrame(kept, index=rows.index), tuple(notes)


def _numbers(column: pd.Series, table: str, name: str, weeks: pd.DatetimeIndex) -> Floats:
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    for k in np.flatnonzero(~np.isfinite(values)).tolist():
        raise DataError(f"{table}: {name} is {column.iloc[k]!r} in the week of {weeks[k]:%Y-%m-%d}; "
                        "missing is not zero: find the number, or leave the column out.")  # fmt: skip
    return values


def _wide(media: pd.DataFrame, weeks: pd.DatetimeIndex, spec: MixSpec) -> pd.DataFrame:
    """Spend by week and channel, channels in the order of their names."""
    rows = media.assign(week=_weeks(media, "media"))
    unknown = set(spec.channel_shares) - set(rows["channel"])
    if unknown:
        raise ParamsError(f"channel_shares names {sorted(unknown)}, not in media: {sorted(set(rows['channel']))}.")
    rows = rows.loc[~rows["channel"].isin(spec.leave_out)]
    if rows.empty:
        raise DataError("media: no channel is left; give at least one.")
    for week, channel in rows.loc[rows.duplicated(["week", "channel"]), ["week", "channel"]].to_numpy()[:1]:
        raise DataError(f"media: {channel} has two rows in the week of {week:%Y-%m-%d}; add them up.")
    spent = _numbers(rows["spend"], "media", "spend", pd.DatetimeIndex(rows["week"]))
    for k in np.flatnonzero(spent < 0)[:1]:
        row = rows.iloc[k]
        raise DataError(f"media: spend of {row['channel']} is {spent[k]:g} in the week of {row['week']:%Y-%m-%d}; "
                        "give an amount of 0 or more.")  # fmt: skip
    wide = rows.assign(spend=spent).pivot(index="week", columns="channel", values="spend").sort_index()
    here = pd.DatetimeIndex(wide.index)
    every = pd.date_range(min(weeks[0], here[0]), max(weeks[-1], here[-1]), freq=_WEEK)
    wide = wide.reindex(every.union(weeks).union(here))
    for i, j in np.argwhere(wide.isna().to_numpy())[:1]:
        raise DataError(f"media: no row for {wide.columns[j]} in the week of {wide.index[i]:%Y-%m-%d}; missing is "
                        "not zero: write 0 if nothing was spent, with the first day that outcome has.")  # fmt: skip
    if wide.index[-1] > weeks[-1]:
        raise DataError(f"outcome: no row for the week of {wide.index[-1]:%Y-%m-%d}, where media has spend; add the "
                        "outcome or take the week out.")  # fmt: skip
    return wide
