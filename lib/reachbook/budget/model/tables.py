"""What a fitted mix says, as tables: intervals as columns, one row a channel and region."""

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.stats.intervals import equal_tails


def by_region(pasts: tuple[History, ...], brought: Floats, level: float) -> pd.DataFrame | None:
    """Spend, share of the region's outcome and roi; None without regions. brought : (draws, regions, channels).

    A channel without spend in a region has no roi there: it is missing.
    """
    if len(pasts) == 1:
        return None
    frames = []
    for r, past in enumerate(pasts):
        spent = past.spend.sum(axis=1)
        roi = brought[:, r] / np.where(spent > 0, spent, np.nan)
        made = {"region": past.region, "channel": past.channels, "spend": spent}
        share = brought[:, r] / past.value.sum()
        frames.append(pd.DataFrame(made | interval("share", share, level) | interval("roi", roi, level)))
    return pd.concat(frames, ignore_index=True)


def interval(name: str, values: Floats, level: float) -> dict[str, Floats]:
    """Columns `name`_low, `name` and `name`_high: equal-tailed interval and median of draws (draws, rows)."""
    low, middle, high = equal_tails(values, level)
    return {f"{name}_low": low, name: middle, f"{name}_high": high}
