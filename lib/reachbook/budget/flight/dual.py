"""Lagrangian bound and plans for S-shaped curves by week: money has a price instead of a total."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from reachbook.arrays import Floats, Indices
from reachbook.budget.flight.rules import WeekRule

_ROUGH, _FINE = 2_000, 20_000
"""Steps of the stock in the search for the price, and in the bound at that price."""
_APART = 0.01
"""Relative distance by which prices are moved below and above the optimal one to obtain plans on either side of it."""


@dataclass(frozen=True)
class Lane:
    """Problem of one channel.

    Attributes
    ----------
    cells : tuple of (points, values)
        Outcome by stock, for each week.
    retention : float
        Share that carries over from week to week.
    start : float
        Stock in the week before the plan, in money a week.
    low, high : float array (weeks,)
        Least and most spend of each week, in money.
    least : float array (weeks,)
        Least spend of a week if it is used at all; 0 for none.
    """

    cells: tuple[tuple[Floats, Floats], ...]
    retention: float
    start: float
    low: Floats
    high: Floats
    least: Floats

    def outcome(self, steps: int) -> tuple[Floats, Floats]:
        """Stocks, float array (steps + 1,), and the outcome of each week at them, (weeks, steps + 1)."""
        stock = np.linspace(0, max(float(self.high.max()), self.start, 1e-9), steps + 1)
        return stock, np.stack([np.interp(stock, points, values) for points, values in self.cells])


def lanes(
    cells: Sequence[Sequence[tuple[Floats, Floats]]], retention: Floats, start: Floats, most: Floats,
    kept: Sequence[WeekRule],
) -> tuple[Lane, ...]:  # fmt: skip
    """Problem of each channel, with the rules that concern single weeks.

    Parameters
    ----------
    cells : sequence of sequences of (points, values)
        Outcome by stock, float arrays (points,), for each channel and week.
    retention, start : float array (channels,)
        Share that carries over, and stock before the plan, in money a week.
    most : float array (channels,)
        Upper bound of every week's spend, in money.
    kept : sequence of WeekRule
        Constraints.

    Returns
    -------
    tuple of Lane
        One a channel.
    """
    weeks = len(cells[0])
    low, high, least = np.zeros(len(cells) * weeks), np.repeat(most, weeks), np.zeros(len(cells) * weeks)
    for rule in kept:
        for at, values, lower, upper in rule.rows:
            if (values > 0).all():
                high[at] = np.minimum(high[at], upper / values)
            if len(at) == 1 and values[0] > 0:
                low[at] = np.maximum(low[at], lower / values)
        for cell, amount in rule.smallest:
            least[cell] = max(least[cell], amount)
    lows, highs, leasts = (each.reshape(len(cells), weeks) for each in (low, high, least))
    return tuple(
        Lane(tuple(row), float(retention[c]), float(start[c]), lows[c], highs[c], leasts[c])
        for c, row in enumerate(cells)
    )  # fmt: skip


def priced(lanes: Sequence[Lane], total: float) -> tuple[float, tuple[Floats, Floats]]:
    """Lagrangian upper bound on all plans that spend at most `total`, and two plans near the optimal price.

    Returns
    -------
    bound : float
        Upper bound on the expected outcome.
    plans : tuple of two float array (channels, weeks)
        Plans at a price just above and just below the optimal one, in money.

    Notes
    -----
    With a price on money channels no longer compete, and the optimum of one channel follows by dynamic programming over
    its stock. The sum of these optima plus price times total bounds every plan, whatever the price. Stocks are rounded
    so that the bound can only rise, and leaving out rules that tie weeks or channels together also only raises it.

    References
    ----------
    Everett (1963), "Generalized Lagrange multiplier method for solving problems of optimum allocation of resources".
    Bellman (1957), dynamic programming.
    """
    steepest = max(
        float((np.diff(values) / np.diff(points)).max()) for lane in lanes for points, values in lane.cells
    )  # fmt: skip
    rough = [lane.outcome(_ROUGH) for lane in lanes]

    def height(price: float) -> float:
        return price * total + sum(_best(lane, *made, price)[0] for lane, made in zip(lanes, rough, strict=True))

    price = 0.0  # nobody pays for money where no outcome rises with it
    if steepest > 0:
        ends = (0, steepest * len(lanes[0].cells))
        price = float(minimize_scalar(height, bounds=ends, method="bounded", options={"xatol": 1e-4 * steepest}).x)
    bound = price * total + sum(_best(lane, *lane.outcome(_FINE), price)[0] for lane in lanes)
    plans = [
        np.stack([_path(lane, *made, by * price) for lane, made in zip(lanes, rough, strict=True)])
        for by in (1 + _APART, 1 - _APART)
    ]
    return bound, (plans[0], plans[1])


def _best(lane: Lane, stock: Floats, outcome: Floats, price: float) -> tuple[float, list[Floats]]:
    """Largest value of outcome minus price times spend, and the value-to-go after each week by stock.

    The stock before a week counts as the upper end of its step; the stock after it counts as the upper end for the
    outcome and as the lower end for the cost. Both are at least as favourable as the truth.
    """
    step, kept = float(stock[1]), lane.retention
    after, onward = np.zeros(len(stock)), []
    for week in range(len(outcome) - 1, -1, -1):
        onward.append(after)
        gained = outcome[week] + after - price * np.maximum(stock - step, 0) / (1 - kept)
        before = stock if week else np.array([lane.start])
        below = np.maximum(before - step, 0) if week else before
        after = np.full(len(before), -np.inf)
        for low, high in _choices(lane, week):
            first = np.floor((kept * below + (1 - kept) * low) / step).astype(np.intp)
            last = np.ceil((kept * before + (1 - kept) * high) / step).astype(np.intp)
            after = np.maximum(after, _largest(gained, first, last))
        after = after + price * kept * before / (1 - kept)
    return float(after[0]), onward[::-1]


def _choices(lane: Lane, week: int) -> list[tuple[float, float]]:
    """Feasible intervals of a week's spend."""
    low, high, least = float(lane.low[week]), float(lane.high[week]), float(lane.least[week])
    if least <= low:
        return [(low, high)]
    return ([(0.0, 0.0)] if low == 0 else []) + ([(least, high)] if least <= high else [])


def _largest(values: Floats, first: Indices, last: Indices) -> Floats:
    """Maximum of values[first : last + 1] for each pair, from maxima over powers of two."""
    end = len(values) - 1
    first, last = np.clip(first, 0, end), np.clip(last, 0, end)
    tables = [values]
    while 2 ** len(tables) <= int((last - first).max()) + 1:
        half, rows = 2 ** (len(tables) - 1), tables[-1]
        tables.append(np.r_[np.maximum(rows[:-half], rows[half:]), rows[len(rows) - half :]])
    level = np.log2(last - first + 1).astype(np.intp)
    made = np.stack(tables)
    return np.asarray(np.maximum(made[level, first], made[level, last - 2**level + 1]))


def _path(lane: Lane, stock: Floats, outcome: Floats, price: float) -> Floats:
    """Spend by week, float array (weeks,), by forward recursion through the values of `_best`."""
    _, onward = _best(lane, stock, outcome, price)
    state, kept, spent = lane.start, lane.retention, []
    for week, after in enumerate(onward):
        options = []
        for low, high in _choices(lane, week):
            reached = np.clip(stock, kept * state + (1 - kept) * low, kept * state + (1 - kept) * high)
            gained = np.interp(reached, stock, outcome[week] + after) - price * reached / (1 - kept)
            at = int(np.argmax(gained))
            options.append((float(gained[at]), float(reached[at])))
        after_week = max(options)[1]
        spent.append(max((after_week - kept * state) / (1 - kept), 0.0))
        state = after_week
    return np.array(spent)
