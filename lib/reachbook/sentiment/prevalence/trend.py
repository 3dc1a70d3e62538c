"""Weekly and daily series of shares with intervals, from the pooled model."""

from collections.abc import Sequence

import pandas as pd

from reachbook.errors import DataError
from reachbook.sentiment.prevalence.pooling import Pooled
from reachbook.translation import listing, tr

FREQUENCIES = ("week", "day")


def week_of(at: pd.Series) -> pd.Series:
    """The Monday of each time's week, as a date."""
    day = pd.to_datetime(at).dt.normalize()
    return (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).dt.date


def series(pooled: Pooled, at: pd.Series, by: pd.DataFrame | None = None, frequency: str = "week") -> pd.DataFrame:
    """Shares in each week or day, alone or by each combination of values of `by`.

    Parameters
    ----------
    at : pandas.Series
        Local times, one for each text of the model.
    by : pandas.DataFrame or None
        Columns such as platform, one row for each text.
    frequency : str
        "week" or "day".

    Returns
    -------
    pandas.DataFrame
        week (its Monday) or day, the columns of `by`, and those of `pooling.interval_frame`. Periods without texts have
        no row.

    Raises
    ------
    DataError
        The frequency is unknown.
    """
    if frequency not in FREQUENCIES:
        raise DataError(
            "frequency: "
            + tr("{value!r} is not known. Give {known}.", value=frequency, known=listing(FREQUENCIES, "or"))
        )
    time = week_of(at) if frequency == "week" else pd.to_datetime(at).dt.date
    groups = pd.DataFrame({frequency: time.to_numpy()})
    if by is not None:
        groups = groups.join(by.reset_index(drop=True))
    return pooled.shares(groups)


def change(pooled: Pooled, groups: Sequence[pd.Series], polarity: int = 0) -> tuple[float, float, float]:
    """Difference of a polarity's share between two sets of texts, second minus first.

    Parameters
    ----------
    groups : bool array (texts,) each
        The two sets. The same draws serve both, so that common uncertainty cancels.
    polarity : int
        Index into POLARITIES.

    Returns
    -------
    tuple of (low, middle, high)
        Ratios.
    """
    first, second = (group.to_numpy(dtype=bool).nonzero()[0] for group in groups)
    drawn = pooled.drawn([first, second])[:, :, polarity]
    step = pd.Series(drawn[:, 1] - drawn[:, 0])
    tail = (1 - pooled.level) / 2
    return float(step.quantile(tail)), float(step.mean()), float(step.quantile(1 - tail))
