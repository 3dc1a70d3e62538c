"""Recency, frequency and money in fifths, to steer by where there are no segments."""

import numpy as np
import pandas as pd

from reachbook.segmentation.behaviour import Features


def fifths(values: pd.Series) -> pd.Series:
    """Fifth of each value, 1 (lowest) to 5; equal values share a fifth."""
    return (values.rank(pct=True, method="average") * 5).apply(np.ceil).clip(1, 5).astype(int)


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
