"""How much of the money each segment brings, and how sure that is."""

import numpy as np
import pandas as pd

from reachbook.stats.intervals import equal_tails

DRAWS = 1_000


def revenue_shares(
    revenue: pd.Series, labels: pd.Series, seed: int, level: float = 0.95, draws: int = DRAWS
) -> pd.DataFrame:
    """One row a segment: people, people_share, revenue, revenue_share, low, high, per_person.

    low, high : percentile bootstrap over people (segments taken as given), at `level`. Where a few people bring most
        of the money it covers less than it says; the tests state by how much.
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
    """Revenue shares in bootstrap samples of people, shape (draws, groups)."""
    rng, out = np.random.default_rng([seed, 6]), np.empty((draws, groups))
    for b in range(draws):
        who = rng.integers(0, len(code), len(code))
        drawn = np.bincount(code[who], money[who], groups)
        out[b] = drawn / drawn.sum() if drawn.sum() > 0 else np.nan
    return out
