"""Shares over time: weekly and daily series with intervals, from the pooled model of the cells."""

from collections.abc import Sequence

import pandas as pd

from reachbook.errors import DataError
from reachbook.sentiment.prevalence.pooling import Pooled

FREQUENCIES = ("week", "day")


def week_of(at: pd.Series) -> pd.Series:
    """The Monday of each time's week, as a date."""
    day = pd.to_datetime(at).dt.normalize()
    return (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).dt.date


def series(pooled: Pooled, at: pd.Series, by: pd.DataFrame | None = None, frequency: str = "week") -> pd.DataFrame:
    """Shares in each week (its Monday) or day, alone or by each combination of values of `by`.

    at : local times, `by` : columns such as platform; both with one row a text, the texts of the model.
    Columns: week or day, those of `by`, texts, and low/middle/high of each polarity. What had no text has no row.
    """
    if frequency not in FREQUENCIES:
        raise DataError(f"frequency: {frequency!r} is none of {', '.join(FREQUENCIES)}.")
    time = week_of(at) if frequency == "week" else pd.to_datetime(at).dt.date
    groups = pd.DataFrame({frequency: time.to_numpy()})
    if by is not None:
        groups = groups.join(by.reset_index(drop=True))
    return pooled.shares(groups)


def change(pooled: Pooled, groups: Sequence[pd.Series], polarity: int = 0) -> tuple[float, float, float]:
    """Low, middle and high of how much larger the share of a polarity is in the second set of texts than in the first.

    groups : two series of flags, one row a text. The same draws serve both, so what they have in common cancels.
    """
    first, second = (group.to_numpy(dtype=bool).nonzero()[0] for group in groups)
    drawn = pooled.drawn([first, second])[:, :, polarity]
    step = pd.Series(drawn[:, 1] - drawn[:, 0])
    tail = (1 - pooled.level) / 2
    return float(step.quantile(tail)), float(step.mean()), float(step.quantile(1 - tail))
