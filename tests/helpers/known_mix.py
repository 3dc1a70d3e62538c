"""A fitted mix made by hand, from curves that are known: what the story's tests tell, without the minutes of a fit."""

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers import response_curves
from reachbook.budget.model.holdout import Holdout
from reachbook.budget.model.mix import Mix
from reachbook.stats.sampling import Convergence
from reachbook.verdict import Gate

CHANNELS = ("douyin", "wechat", "weibo")
HALF = np.array([60.0, 50.0, 20.0])
SCALE = np.array([300.0, 160.0, 30.0])
CURRENT = np.array([40.0, 30.0, 30.0])
"""douyin is far from full, weibo, which has paused before, is full: money should go from one to the other."""
DRAWS, WEEKS, POINTS = 100, 60, 25
GATES = (
    Gate("history", True, "Weeks without a gap.", "warn"),
    Gate("convergence", True, "All chains agree."),
    Gate("holdout", True, "The forecast is better than a naive one."),
)


def mix(seed: int = 1, gates: tuple[Gate, ...] = GATES, dominance: tuple[float, ...] = (0.4, 0.5, 0.3)) -> Mix:
    """Three channels with Hill curves of slope one, in thousands of money, and how well they are known."""
    rng = np.random.default_rng(seed)
    count = len(CHANNELS)
    half = HALF * np.exp(0.15 * rng.standard_normal((DRAWS, count)))
    scale = SCALE * np.exp(0.15 * rng.standard_normal((DRAWS, count)))
    spend = CURRENT[:, None] * np.exp(0.3 * rng.standard_normal((count, WEEKS)))
    spend[2, 5:12] = 0.0
    spend *= (CURRENT / spend[:, -13:].mean(axis=1))[:, None]
    grid = np.linspace(0, spend.max(axis=1), POINTS, axis=1)
    contribution = response_curves.hill(spend, half[:, :, None], 1.0, scale[:, :, None])
    week = pd.date_range("2025-01-06", periods=WEEKS, freq="7D")
    baseline = np.full((DRAWS, WEEKS), 500.0) + rng.normal(0, 3, (DRAWS, 1))
    value = (baseline + contribution.sum(axis=1)).mean(axis=0) + rng.normal(0, 5, WEEKS)
    ahead = value[-8:]
    return Mix(
        channels=CHANNELS, weeks=week, value=value, spend=spend, contribution=contribution, baseline=baseline,
        share=contribution.sum(axis=2) / value.sum(), roi=contribution.sum(axis=2) / spend.sum(axis=1),
        mroi=scale * half / (half + CURRENT) ** 2, saturated=CURRENT / (half + CURRENT),
        retention=np.full((DRAWS, count), 0.3),
        response=response_curves.hill(grid[None], half[:, :, None], 1.0, scale[:, :, None]), grid=grid, current=CURRENT,
        observed=0.9 * grid[:, -1], predictive=0.93, dominance=np.array(dominance), inflation=np.full(count, 1.2),
        fit=0.95, holdout=Holdout(ahead, ahead - 10, ahead, ahead + 10, 0.01, 0.03, 0.9),
        convergence=Convergence(1.001, 900.0, 900.0, 0, 4000, "share"), level=0.9, notes=(), gates=gates, step=7,
        kernel=np.full((DRAWS, count, 2), 0.5), ceiling=scale, cac=None, regions=None,
    )  # fmt: skip


def truth(found: Mix) -> pd.DataFrame:
    """The simulator's table truth_response for the middle of the curves."""
    rows = [
        {"week": week, "channel": name, "spend": spend, "retention": 0.3, "half": HALF[c], "slope": 1.0,
         "scale": SCALE[c], "contribution": float(response_curves.hill(spend, HALF[c], 1.0, SCALE[c]))}
        for c, name in enumerate(found.channels)
        for week, spend in zip(found.weeks, found.spend[c], strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def scaled(found: Mix, money: float, outcome: float) -> Mix:
    """The same mix with spend in another unit of money and the outcome in another unit."""
    ratio = outcome / money
    return replace(
        found, value=found.value * outcome, spend=found.spend * money, contribution=found.contribution * outcome,
        baseline=found.baseline * outcome, roi=found.roi * ratio, mroi=found.mroi * ratio,
        response=found.response * outcome, grid=found.grid * money, current=found.current * money,
        observed=found.observed * money, ceiling=found.ceiling * outcome,
    )  # fmt: skip


def ordered(found: Mix, order: list[int], names: tuple[str, ...]) -> Mix:
    """The same mix with its channels in another order and under other names."""
    second = {
        name: getattr(found, name)[:, order]
        for name in ("contribution", "share", "roi", "mroi", "saturated", "retention", "response", "kernel", "ceiling")
    }
    first = {
        name: getattr(found, name)[order] for name in ("spend", "grid", "current", "observed", "dominance", "inflation")
    }
    return replace(found, channels=tuple(names[c] for c in order), **first, **second)
