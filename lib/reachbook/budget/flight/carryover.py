"""Geometric adstock of planned weeks: carry-over from the past and beyond the last week."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import Curves
from reachbook.errors import DataError
from reachbook.translation import tr

_KINK = 1e-7
"""Distance from a grid point, in grid steps, within which a stock counts as on it."""


@dataclass(frozen=True)
class CarryOver:
    """Carry-over of spend: stock[t] = (1 - retention) * spend[t] + retention * stock[t - 1].

    Attributes
    ----------
    retention : float array (draws, channels)
        Share that carries over from week to week, 0 to 1.
    start : float array (draws, channels)
        Stock in the week before the plan, in money a week.
    weight : float array (weeks + tail,)
        Factor on the response in each week; the tail are the weeks after the plan in which its carry-over still acts.
    weeks : int
        Number of planned weeks.
    after : float array (channels,)
        Spend a week in the tail, in money.
    """

    retention: Floats
    start: Floats
    weight: Floats
    weeks: int
    after: Floats

    @property
    def same_retention(self) -> bool:
        """Whether all draws have the same retention."""
        return bool((np.ptp(self.retention, axis=0) <= 1e-9).all())

    def at_mean(self) -> "CarryOver":
        """A single draw with the mean retention and mean starting stock of each channel."""
        kept, start = self.retention.mean(axis=0)[None], self.start.mean(axis=0)[None]
        return replace(self, retention=kept, start=start)

    def stock(self, spend: Floats) -> Floats:
        """Adstock by draw, (draws, channels, weeks + tail), of `spend` (channels, weeks), in money a week."""
        state, made = self.start, []
        for t in range(len(self.weight)):
            added = spend[:, t] if t < self.weeks else self.after
            state = (1 - self.retention) * added + self.retention * state
            made.append(state)
        return np.stack(made, axis=2)

    def value(self, curves: Curves, spend: Floats) -> Floats:
        """Outcome by draw, float array (draws, channels, weeks + tail), of `spend` (channels, weeks).

        In the tail it is the outcome on top of what spending `after`, starting from an empty stock, would bring.
        """
        made = _read(curves, self.stock(spend)) * self.weight
        tail = np.arange(1, len(self.weight) - self.weeks + 1)
        if self.after.any() and len(tail):
            alone = self.after[:, None] * (1 - self.retention[:, :, None] ** tail)
            made[:, :, self.weeks :] -= _read(curves, alone) * self.weight[self.weeks :]
        return np.asarray(made)

    def slopes(self, curves: Curves, spend: Floats, side: int) -> Floats:
        """Derivative of the outcome by the stock, in outcome per unit of money a week.

        Parameters
        ----------
        curves : Curves
            Response curves.
        spend : float array (channels, weeks)
            Plan, in money.
        side : int
            1 for the derivative from the right, -1 from the left.

        Returns
        -------
        float array (draws, channels, weeks + tail)
            Derivatives.
        """
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
    """Carry-over of a plan, from the weeks before it to `tail` weeks after it.

    Parameters
    ----------
    curves : Curves
        Response curves.
    retention : float array (channels,) or (draws, channels)
        Share that carries over from week to week, 0 or more and below 1.
    weights : float array (weeks,)
        Factor on the response in each planned week.
    past : float array (channels, earlier weeks) or None
        Earlier spend in money, the most recent last. The stock before the first past week equals that week's spend.
    tail : int
        Weeks after the plan that are counted.
    after : float array (channels,), optional
        Spend a week in the tail, in money; zero by default.

    Returns
    -------
    CarryOver
        The carry-over.

    Raises
    ------
    DataError
        If a shape is wrong or a value is out of range.
    """
    shape = (curves.draws, len(curves.channels))
    kept = np.asarray(retention, float)
    if kept.shape not in (shape, shape[1:]) or not ((kept >= 0) & (kept < 1)).all():
        raise DataError(
            "retention: "
            + tr(
                "has shape {given}; give {each} or {full}, each 0 or more and below 1.",
                given=kept.shape,
                each=shape[1:],
                full=shape,
            )
        )
    kept = np.broadcast_to(kept, shape)
    start = np.zeros(shape)
    if past is not None:
        spent = np.asarray(past, float)
        if spent.ndim != 2 or len(spent) != shape[1] or not (np.isfinite(spent) & (spent >= 0)).all():
            raise DataError(
                "past: "
                + tr(
                    "has shape {given}; give ({channels}, weeks) spends of 0 or more, none missing.",
                    given=spent.shape,
                    channels=shape[1],
                )
            )
        start = np.broadcast_to(spent[:, 0], shape)
        for week in spent.T:
            start = (1 - kept) * week + kept * start
    onward = np.zeros(shape[1]) if after is None else np.asarray(after, float)
    if onward.shape != shape[1:] or not (np.isfinite(onward) & (onward >= 0)).all():
        raise DataError(
            "after: "
            + tr(
                "has shape {given}; give {asked} spends of 0 or more a week, none missing.",
                given=onward.shape,
                asked=shape[1:],
            )
        )
    return CarryOver(kept, np.array(start), np.r_[weights, np.ones(tail)], len(weights), onward)


def _read(curves: Curves, stock: Floats) -> Floats:
    """Outcome at `stock` (draws, channels, weeks), of the same shape; constant beyond the grid."""
    left, part = _segments(curves, stock)
    low = np.take_along_axis(curves.response, left, axis=2)
    high = np.take_along_axis(curves.response, left + 1, axis=2)
    return np.asarray((1 - part) * low + part * high)


def _segments(curves: Curves, stock: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Grid segment of each stock and the position in it, 0 to 1; clipped to the ends of the grid."""
    left, part = np.empty(stock.shape, dtype=np.intp), np.empty(stock.shape)
    for c, grid in enumerate(curves.grid):
        found = np.clip(np.searchsorted(grid, stock[:, c], side="right") - 1, 0, len(grid) - 2)
        left[:, c], part[:, c] = found, np.clip((stock[:, c] - grid[found]) / np.diff(grid)[found], 0, 1)
    return left, part
