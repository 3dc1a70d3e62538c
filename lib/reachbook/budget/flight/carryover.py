"""Geometric adstock of planned weeks: what the past carries in, and what a plan carries on beyond its last week."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import Curves
from reachbook.errors import DataError

_KINK = 1e-7
"""Parts of a step of the grid within which a stock counts as on the grid's point."""


@dataclass(frozen=True)
class CarryOver:
    """How spend lasts: stock[t] = (1 - retention) * spend[t] + retention * stock[t - 1].

    retention : (draws, channels), in 0..1. start : stock in the week before the plan, (draws, channels), in money a
    week. weight : times that media works better, (weeks + tail,), one a week; the tail are the weeks after the plan, in
    which what the plan carries on still works. after : money a week that is spent then, (channels,).
    weeks : number of weeks in the plan.
    """

    retention: Floats
    start: Floats
    weight: Floats
    weeks: int
    after: Floats

    @property
    def alike(self) -> bool:
        """Whether all draws have the same retention."""
        return bool((np.ptp(self.retention, axis=0) <= 1e-9).all())

    def at_mean(self) -> "CarryOver":
        """A single draw, with each channel's mean retention and stock before."""
        kept, start = self.retention.mean(axis=0)[None], self.start.mean(axis=0)[None]
        return replace(self, retention=kept, start=start)

    def stock(self, spend: Floats) -> Floats:
        """Adstock of spend (channels, weeks) in every draw, (draws, channels, weeks + tail)."""
        state, made = self.start, []
        for t in range(len(self.weight)):
            added = spend[:, t] if t < self.weeks else self.after
            state = (1 - self.retention) * added + self.retention * state
            made.append(state)
        return np.stack(made, axis=2)

    def value(self, curves: Curves, spend: Floats) -> Floats:
        """Outcome of each channel and week in every draw, (draws, channels, weeks + tail).

        In the tail it is what comes on top of what spending `after` from nothing on would bring then.
        """
        made = _read(curves, self.stock(spend)) * self.weight
        tail = np.arange(1, len(self.weight) - self.weeks + 1)
        if self.after.any() and len(tail):
            alone = self.after[:, None] * (1 - self.retention[:, :, None] ** tail)
            made[:, :, self.weeks :] -= _read(curves, alone) * self.weight[self.weeks :]
        return np.asarray(made)

    def slopes(self, curves: Curves, spend: Floats, side: int) -> Floats:
        """Outcome per unit of stock just above (`side` 1) or below (-1), (draws, channels, weeks + tail)."""
        stock = self.stock(spend)
        made = np.empty(stock.shape)
        draws = np.arange(curves.draws)[:, None]
        for c, grid in enumerate(curves.grid):
            rise = np.diff(curves.response[:, c], axis=1) / np.diff(grid)
            table = np.concatenate([rise[:, :1], rise, np.zeros((curves.draws, 1))], axis=1)
            near = side * _KINK * float(np.diff(grid).min())
            made[:, c] = table[draws, np.searchsorted(grid, stock[:, c] + near, side="right")]
        return np.asarray(made * self.weight)


def carry(
    curves: Curves,
    retention: npt.ArrayLike,
    weights: Floats,
    past: npt.ArrayLike | None,
    tail: int,
    after: npt.ArrayLike | None = None,
) -> CarryOver:
    """How spend lasts, from the weeks before the plan, past (channels, weeks), the last one last, to `tail` weeks on.

    retention : (channels,) or (draws, channels). The stock before the first past week is taken as that week's spend.
    after : money a week in the tail, (channels,); nothing by default.
    """
    shape = (curves.draws, len(curves.channels))
    kept = np.asarray(retention, float)
    if kept.shape not in (shape, shape[1:]) or not ((kept >= 0) & (kept < 1)).all():
        raise DataError(f"retention has shape {kept.shape}; give {shape[1:]} or {shape}, each 0 or more and below 1.")
    kept = np.broadcast_to(kept, shape)
    start = np.zeros(shape)
    if past is not None:
        spent = np.asarray(past, float)
        if spent.ndim != 2 or len(spent) != shape[1] or not (np.isfinite(spent) & (spent >= 0)).all():
            raise DataError(
                f"past has shape {spent.shape}; give ({shape[1]}, weeks) spends of 0 or more, none missing."
            )
        start = np.broadcast_to(spent[:, 0], shape)
        for week in spent.T:
            start = (1 - kept) * week + kept * start
    onward = np.zeros(shape[1]) if after is None else np.asarray(after, float)
    if onward.shape != shape[1:] or not (np.isfinite(onward) & (onward >= 0)).all():
        raise DataError(f"after has shape {onward.shape}; give {shape[1:]} spends of 0 or more a week, none missing.")
    return CarryOver(kept, np.array(start), np.r_[weights, np.ones(tail)], len(weights), onward)


def _read(curves: Curves, stock: Floats) -> Floats:
    """Outcome at stocks (draws, channels, weeks), of the same shape; beyond the grid that of its end."""
    left, part = _segments(curves, stock)
    low = np.take_along_axis(curves.response, left, axis=2)
    high = np.take_along_axis(curves.response, left + 1, axis=2)
    return np.asarray((1 - part) * low + part * high)


def _segments(curves: Curves, stock: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """The segment of the grid that each stock lies in, and the part of it; beyond the grid its end."""
    left, part = np.empty(stock.shape, dtype=np.intp), np.empty(stock.shape)
    for c, grid in enumerate(curves.grid):
        found = np.clip(np.searchsorted(grid, stock[:, c], side="right") - 1, 0, len(grid) - 2)
        left[:, c], part[:, c] = found, np.clip((stock[:, c] - grid[found]) / np.diff(grid)[found], 0, 1)
    return left, part
