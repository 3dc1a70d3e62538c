"""Posterior summaries as tables."""

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.budget.model.history import History


def by_region(pasts: tuple[History, ...], brought: Floats, level: float) -> pd.DataFrame | None:
    """Spend, share of the region's outcome and roi, one row a region and channel; None for a single region.

    Parameters
    ----------
    pasts : tuple of History
        Regions.
    brought : float array (draws, regions, channels)
        Contribution, in units of the outcome.
    level : float
        Probability of the intervals.

    Returns
    -------
    DataFrame or None
        roi is missing where a channel has no spend in a region.
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
    """Equal-tailed interval and median by column, as `name`_low, `name` and `name`_high.

    Parameters
    ----------
    name : str
        Name of the quantity.
    values : float array (draws, rows)
        Posterior draws.
    level : float
        Probability of the interval.

    Returns
    -------
    dict of str to float array (rows,)
        The three columns.
    """
    low, middle, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    return {f"{name}_low": low, name: middle, f"{name}_high": high}
