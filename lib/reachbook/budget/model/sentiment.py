"""Weekly net sentiment of comments as a baseline column."""

import numpy as np
import pandas as pd

from reachbook.errors import DataError
from reachbook.translation import day, joined, tr

COLUMN = "net_sentiment"
_NEEDED = ("week", "negative", "positive")


def with_sentiment(outcome: pd.DataFrame, sentiment: pd.DataFrame | None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Outcome table with a column `net_sentiment` (positive minus negative share), and notes for the reader.

    Parameters
    ----------
    outcome : DataFrame
        Outcome table; a daily table takes the value of its week.
    sentiment : DataFrame or None
        Columns week, negative, positive and optionally comments; one row a week and platform. Platforms are averaged,
        weighted by comments.

    Returns
    -------
    outcome : DataFrame
        Unchanged if any week has no sentiment: a missing week is not a neutral one.
    notes : tuple of str
        What a reader must know.

    Raises
    ------
    DataError
        If `sentiment` lacks a column.
    """
    if sentiment is None:
        return outcome, ()
    for name in _NEEDED:
        if name not in sentiment:
            raise DataError(
                tr("sentiment_index: no column {name}; give {columns}.", name=name, columns=joined(_NEEDED))
            )
    weekly = _weekly(sentiment)
    weeks = pd.to_datetime(outcome["week"], errors="coerce")
    if len(weeks) > 1 and np.median(np.diff(np.sort(weeks.unique()))) == np.timedelta64(1, "D"):
        weeks = weeks - pd.to_timedelta(weeks.dt.dayofweek, unit="D")
    values = weeks.map(weekly)
    missing = weeks[values.isna()].drop_duplicates()
    if len(missing):
        return outcome, (
            tr(
                "sentiment was left out: it is missing in {n} of {weeks} weeks, the first {first}; a "
                "missing week is not a neutral one",
                n=len(missing),
                weeks=weeks.nunique(),
                first=day(missing.min()),
            ),
        )
    return outcome.assign(**{COLUMN: values.to_numpy(dtype=float)}), (
        tr(
            "net sentiment of the comments is part of the baseline; where media itself moves it, "
            "what it brings by that way is missing from the channels: put {column} into leave_out to "
            "count it for them",
            column=COLUMN,
        ),
    )


def _weekly(sentiment: pd.DataFrame) -> pd.Series:
    """Net sentiment by week, averaged over platforms with the number of comments as weights."""
    net = pd.to_numeric(sentiment["positive"], errors="coerce") - pd.to_numeric(sentiment["negative"], errors="coerce")
    weight = pd.to_numeric(sentiment["comments"], errors="coerce") if "comments" in sentiment else net * 0 + 1
    rows = pd.DataFrame({"week": pd.to_datetime(sentiment["week"], errors="coerce"), "net": net * weight, "of": weight})
    sums = rows.dropna().query("of > 0").groupby("week").sum()
    return sums["net"] / sums["of"]
