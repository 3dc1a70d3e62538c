"""Recency, frequency and money in fifths, to steer by where there are no segments."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.segmentation.behaviour import Features

FIFTHS = 5
TOP = 4
"""Least fifth of recency and of frequency of the cells to begin with."""


@dataclass(frozen=True)
class TopCells:
    """People who came lately and often: the upper fifths of recency and of frequency together.

    Attributes
    ----------
    people, revenue : float
        Their shares of all people and of all revenue, ratios.
    """

    people: float
    revenue: float


def top_cells(grid: pd.DataFrame) -> TopCells | None:
    """Sum the upper cells of a grid, see `rfm_grid`; None where a number of them is missing or there is no revenue."""
    upper = grid[(grid["recency"] >= TOP) & (grid["frequency"] >= TOP)]
    sums = upper[["people_share", "revenue_share"]].sum(skipna=False)
    if upper.empty or not np.isfinite(sums.to_numpy(dtype=float)).all():
        return None
    return TopCells(float(sums["people_share"]), float(sums["revenue_share"]))


def fifths(values: pd.Series) -> pd.Series:
    """Fifth of each value, 1 (lowest) to 5; equal values share a fifth."""
    return (values.rank(pct=True, method="average") * FIFTHS).apply(np.ceil).clip(1, FIFTHS).astype(int)


def rfm(features: Features) -> pd.DataFrame:
    """Score each person's recency, frequency and money in fifths, 5 the best; 0 for people who never ordered.

    Notes
    -----
    Without orders, recency is that of the last event, frequency is the number of events, and money is 0.
    """
    f = features.frame
    if features.revenue is None:
        return pd.DataFrame({"recency": 6 - fifths(f["recency"]), "frequency": fifths(f["activity"]), "money": 0})
    buyers = f[f["has_ordered"] == 1]
    out = pd.DataFrame(
        {
            "recency": 6 - fifths(buyers["order_recency"]),
            "frequency": fifths(buyers["order_frequency"]),
            "money": fifths(buyers["money"]),
        }
    )
    return out.reindex(f.index, fill_value=0)


def rfm_grid(features: Features) -> pd.DataFrame:
    """Summarise each cell of recency and frequency: people, people_share, revenue, revenue_share and per_person."""
    score = rfm(features)
    money = features.revenue if features.revenue is not None else pd.Series(np.nan, index=score.index)
    table = score.assign(revenue=money).groupby(["recency", "frequency"])
    out = table.agg(people=("revenue", "size"), revenue=("revenue", lambda v: v.sum(min_count=1))).reset_index()
    total = out["revenue"].sum(min_count=1)
    return out.assign(people_share=out["people"] / len(score), revenue_share=out["revenue"] / total,
                      per_person=out["revenue"] / out["people"])  # fmt: skip
