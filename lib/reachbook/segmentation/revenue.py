"""Each segment's share of revenue, with its interval."""

import numpy as np
import pandas as pd

from reachbook.stats.intervals import equal_tails

DRAWS = 1_000
LEVEL = 0.95
"""Level of the intervals."""


def revenue_shares(
    revenue: pd.Series, labels: pd.Series, seed: int, level: float = LEVEL, draws: int = DRAWS
) -> pd.DataFrame:
    """Estimate each segment's share of revenue.

    Parameters
    ----------
    revenue : float64 array (people,)
        Money of each person, in the study's currency.
    labels : int array (people,)
        Segment of each person.
    level : float
        Level of the interval.
    draws : int
        Bootstrap samples.

    Returns
    -------
    pandas.DataFrame
        One row for each segment: segment, people, people_share, revenue, revenue_share, low, high, per_person. low and
        high are a percentile bootstrap over people that takes the segments as given.

    Notes
    -----
    Where a few people bring most of the money the interval covers less than its level; the tests state by how much.
    """
    groups = sorted(labels.unique())
    code = np.searchsorted(groups, labels.to_numpy())
    money = revenue.reindex(labels.index).fillna(0.0).to_numpy()
    total = np.bincount(code, money, len(groups))
    low, _, high = equal_tails(_draws(code, money, len(groups), seed, draws), level)
    people = np.bincount(code, minlength=len(groups))
    share = total / total.sum() if total.sum() > 0 else np.full(len(groups), np.nan)
    return pd.DataFrame({"segment": groups, "people": people, "people_share": people / len(code), "revenue": total,
                         "revenue_share": share, "low": low, "high": high, "per_person": total / people})  # fmt: skip


def _draws(code: np.ndarray, money: np.ndarray, groups: int, seed: int, draws: int) -> np.ndarray:
    """Revenue shares in bootstrap samples of people, float64 array (draws, groups)."""
    rng, out = np.random.default_rng([seed, 6]), np.empty((draws, groups))
    for b in range(draws):
        who = rng.integers(0, len(code), len(code))
        drawn = np.bincount(code[who], money[who], groups)
        out[b] = drawn / drawn.sum() if drawn.sum() > 0 else np.nan
    return out
