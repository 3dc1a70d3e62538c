"""What a fitted mix says, as tables: one row a channel, one row a channel and region."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.budget.model.history import History

if TYPE_CHECKING:
    from reachbook.budget.model.mix import Mix

type Floats = npt.NDArray[np.float64]


def by_channel(mix: "Mix") -> pd.DataFrame:
    """Spend, share, roi and mroi with their intervals, cac where customers are counted, the chance that more pays."""
    made = {"channel": mix.channels, "spend": mix.spend.sum(axis=1), "current": mix.current}
    names = ("share", "roi", "mroi", "retention", "saturated", *(("cac",) if mix.cac is not None else ()))
    for name in names:
        made |= _interval(name, getattr(mix, name), mix.level)
    pays = (mix.mroi > 1).mean(axis=0)
    return pd.DataFrame(made | {"mroi_above_1": pays, "dominance": mix.dominance, "inflation": mix.inflation})


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
        frames.append(pd.DataFrame(made | _interval("share", share, level) | _interval("roi", roi, level)))
    return pd.concat(frames, ignore_index=True)


def inflation(stock: Floats) -> Floats:
    """Variance inflation factors of the channels' mean adstock (draws, channels, weeks), (channels,)."""
    if stock.shape[1] == 1:
        return np.ones(1)
    return np.array(list(_inflations(stock.mean(axis=0))))


def _inflations(mean: Floats) -> Iterator[float]:
    for c in range(len(mean)):
        rest = np.column_stack([np.ones(mean.shape[1]), np.delete(mean, c, axis=0).T])
        left = mean[c] - rest @ np.linalg.lstsq(rest, mean[c], rcond=None)[0]
        yield float(mean[c].var() / max(left.var(), 1e-9 * mean[c].var()))


def _interval(name: str, values: Floats, level: float) -> dict[str, Floats]:
    low, middle, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    return {f"{name}_low": low, name: middle, f"{name}_high": high}
