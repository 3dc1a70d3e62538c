"""Optimal plan by channel and week at mean retention: spends, stocks and outcomes in one program."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reachbook.arrays import Floats, Indices
from reachbook.budget.flight.carryover import CarryOver
from reachbook.budget.flight.dual import Lane, lanes
from reachbook.budget.flight.rules import WeekRule
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.milp import Program, scale
from reachbook.budget.optimize.pieces import concave_runs

_ROUNDS = 30
_AIM = 1e-6
_EQUAL = 1e-9
"""Relative distance, to the largest, below which stocks are merged: a slope between them would be rounding error."""
_THIN = 5e-4
"""Largest error of a thinned curve, relative to its largest outcome."""


class _Flat(NamedTuple):
    """Carry-over with one `retention` and one `start` stock a channel, each (channels,), and the number of weeks."""

    retention: Floats
    start: Floats
    weeks: int


@dataclass(frozen=True)
class _Cell:
    """Outcome of one channel in one week: `values` (points,) at the stocks `points` (points,)."""

    points: Floats
    values: Floats

    @property
    def concave(self) -> bool:
        """Whether the curve is concave and does not fall at its end."""
        return len(concave_runs(self.points, self.values, 0, len(self.points) - 1)) == 1 and bool(
            self.values[-1] >= self.values[-2]
        )

    def at(self, stock: float) -> float:
        """Outcome at `stock`; constant beyond the last point."""
        return float(np.interp(stock, self.points, self.values))


def at_mean(curves: Curves, lasting: CarryOver, rules: Sequence[WeekRule], nodes: int) -> tuple[Floats, float] | None:
    """Optimal plan if every draw had its channel's mean retention.

    Parameters
    ----------
    curves : Curves
        Response curves.
    lasting : CarryOver
        Carry-over; it is averaged over draws.
    rules : sequence of WeekRule
        Constraints.
    nodes : int
        Node limit.

    Returns
    -------
    tuple of (float array (channels, weeks), float) or None
        Plan in money, and upper bound on its expected outcome; None if there is no plan.
    """
    flat, cells = _mean(curves, lasting)
    if all(cell.concave for cell in cells):
        return _by_tangents(cells, flat, rules, nodes, (len(curves.channels), lasting.weeks))
    return _by_pieces(cells, flat, rules, nodes)


def concave_at_mean(curves: Curves, lasting: CarryOver) -> bool:
    """Whether expected curves are concave at mean retention."""
    return all(cell.concave for cell in _mean(curves, lasting)[1])


def channels_at_mean(curves: Curves, lasting: CarryOver, rules: Sequence[WeekRule]) -> tuple[Lane, ...]:
    """Separate problem of each channel at mean retention, with the rules that concern single weeks."""
    flat, cells = _mean(curves, lasting)
    weeks = lasting.weeks
    rows = [
        [(cell.points, cell.values) for cell in cells[c * weeks : (c + 1) * weeks]] for c in range(len(curves.channels))
    ]
    return lanes(rows, flat.retention, flat.start, curves.grid[:, -1], rules)


def _mean(curves: Curves, lasting: CarryOver) -> tuple[_Flat, list[_Cell]]:
    flat = _Flat(lasting.retention.mean(axis=0), lasting.start.mean(axis=0), lasting.weeks)
    made = [cell for c in range(len(curves.channels)) for cell in _cells(curves, lasting, c, float(flat.retention[c]))]
    return flat, made


def allowed(rules: Sequence[WeekRule], shape: tuple[int, int]) -> bool:
    """Whether some plan of this shape (channels, weeks) satisfies the rules."""
    program = Program(0)
    program.columns(shape[0] * shape[1], 0, np.inf, False)
    program.row([0], [0.0], -np.inf, np.inf)
    add_rules(program, rules, unit(rules))
    return program.solve(1_000, True) is not None


def unit(rules: Sequence[WeekRule]) -> float:
    """Factor that scales the money in the rules to a size that suits the solver."""
    ends = [abs(end) for rule in rules for _, _, low, high in rule.rows for end in (low, high) if np.isfinite(end)]
    return scale(np.array(ends or [0.0]))


def add_rules(program: Program, rules: Sequence[WeekRule], money: float) -> None:
    """Add the rows of the rules to a program whose first columns are the spends, scaled by `money`."""
    for rule in rules:
        for cells, values, low, high in rule.rows:
            program.row(cells, values, money * low, money * high)
        for cell, least in rule.smallest:
            used = program.column(0, 1, True)
            program.row([cell, used], [1.0, -money * least], 0, np.inf)
            program.row([cell, used], [1.0, -max(1_000.0, money * least)], -np.inf, 0)


def _cells(curves: Curves, lasting: CarryOver, c: int, retention: float) -> list[_Cell]:
    """Expected curve of each week of one channel; the last week's includes the tail, on top of continued spend."""
    grid, last = curves.grid[c], lasting.weeks - 1
    mean = curves.response[:, c].mean(axis=0)
    kept = retention ** np.arange(len(lasting.weight) - last)
    onward = lasting.after[c] * (1 - kept)
    bends = [(grid - own) / k for k, own in zip(kept, onward, strict=True) if k > _EQUAL]
    points = np.unique(np.concatenate([[0.0], *bends]))
    points = points[(points >= 0) & (points <= grid[-1] * (1 + 1e-12))]
    points = points[np.diff(points, prepend=-np.inf) > _EQUAL * grid[-1]]
    left = [
        w * (np.interp(points * k + own, grid, mean) - (np.interp(own, grid, mean) if own else 0.0))
        for w, k, own in zip(lasting.weight[last:], kept, onward, strict=True)
    ]
    return [*(_Cell(grid, weight * mean) for weight in lasting.weight[:last]), _Cell(points, np.sum(left, axis=0))]


def _stocks(program: Program, flat: _Flat, money: float) -> Indices:
    """Columns of the stocks, (channels, weeks), tied to the spends in the first columns."""
    stocks = np.array([program.columns(flat.weeks, 0, np.inf, False) for _ in flat.retention])
    for c, kept in enumerate(flat.retention):
        for t in range(flat.weeks):
            before = money * kept * flat.start[c] if t == 0 else 0.0
            at, values = [stocks[c, t], c * flat.weeks + t], [1.0, kept - 1]
            if t > 0:
                at, values = [*at, stocks[c, t - 1]], [*values, -kept]
            program.row(at, values, before, before)
    return stocks


def _by_tangents(
    cells: Sequence[_Cell], flat: _Flat, rules: Sequence[WeekRule], nodes: int, shape: tuple[int, int]
) -> tuple[Floats, float] | None:
    """Plan and bound for concave curves by cutting planes: tangents are added at each solution until the gap closes.

    References
    ----------
    Kelley (1960), the cutting-plane method.
    """
    money, worth = unit(rules), scale(np.concatenate([cell.values for cell in cells]))
    tangents = [np.unique(np.linspace(0, len(cell.points) - 2, 9).astype(int)) for cell in cells]
    best: Floats | None = None
    reached, bound = -np.inf, np.inf
    for _ in range(_ROUNDS):
        program = Program(0)
        program.columns(shape[0] * shape[1], 0, np.inf, False)
        stocks = _stocks(program, flat, money).ravel()
        outcomes = program.columns(len(cells), -np.inf, np.inf, False, -1.0)
        for i, cell in enumerate(cells):
            _below(program, cell, tangents[i], int(stocks[i]), int(outcomes[i]), money, worth)
        add_rules(program, rules, money)
        found = program.solve(nodes, True)
        if found is None:
            break
        at, spend = found[0][stocks] / money, np.maximum(found[0][: shape[0] * shape[1]] / money, 0).reshape(shape)
        value = sum(cell.at(s) for s, cell in zip(at, cells, strict=True))
        bound = min(bound, -found[1] / worth)
        if value > reached:
            reached, best = value, spend
        if bound - reached <= _AIM * abs(reached):
            break
        tangents = [_more(tangent, cell, s) for tangent, cell, s in zip(tangents, cells, at, strict=True)]
    return None if best is None else (best, bound)


def _below(
    program: Program, cell: _Cell, segments: Indices, stock: int, outcome: int, money: float, worth: float
) -> None:
    """Rows that bound the outcome by tangents of the given segments."""
    slopes = np.diff(cell.values)[segments] / np.diff(cell.points)[segments]
    for j, slope in zip(segments, slopes, strict=True):
        level = worth * (cell.values[j] - slope * cell.points[j])
        program.row([outcome, stock], [1.0, -worth * slope / money], -np.inf, level)
    program.row([outcome], [1.0], -np.inf, worth * cell.values.max())


def _more(segments: Indices, cell: _Cell, stock: float) -> Indices:
    """Segments with that of `stock` and its neighbours added."""
    j = int(np.searchsorted(cell.points, stock)) - 1
    return np.unique(np.r_[segments, np.clip([j - 1, j, j + 1], 0, len(cell.points) - 2)])


def _by_pieces(
    cells: Sequence[_Cell], flat: _Flat, rules: Sequence[WeekRule], nodes: int
) -> tuple[Floats, float] | None:
    """Plan and bound for S-shapes: convex combinations on thinned curves, whose error is added to the bound."""
    money, shape = unit(rules), (len(flat.retention), flat.weeks)
    worth = scale(np.concatenate([cell.values for cell in cells]))
    program = Program(0)
    program.columns(shape[0] * shape[1], 0, np.inf, False)
    stocks = _stocks(program, flat, money).ravel()
    error = 0.0
    for i, (cell, stock) in enumerate(zip(cells, stocks, strict=True)):
        thin, missed = _thinned(cell)
        error += missed
        c, t = divmod(i, flat.weeks)
        beyond = float(flat.retention[c] ** (t + 1) * max(flat.start[c] - thin.points[-1], 0.0))
        _mixed(program, thin, int(stock), beyond, money, worth)
    add_rules(program, rules, money)
    found = program.solve(nodes, True)
    if found is None:
        return None
    return np.maximum(found[0][: shape[0] * shape[1]] / money, 0).reshape(shape), -found[1] / worth + error


def _thinned(cell: _Cell) -> tuple[_Cell, float]:
    """Curve through a subset of its points, and the most that it lies below the full curve."""
    chosen, size = [0, len(cell.points) - 1], float(np.abs(cell.values).max())
    while True:
        missed = cell.values - np.interp(cell.points, cell.points[chosen], cell.values[chosen])
        worst = int(np.abs(missed).argmax())
        if abs(missed[worst]) <= _THIN * size:
            return _Cell(cell.points[chosen], cell.values[chosen]), float(max(missed.max(), 0.0))
        chosen = sorted([*chosen, worst])


def _mixed(program: Program, cell: _Cell, stock: int, beyond: float, money: float, worth: float) -> None:
    """The stock as a convex combination of points of one concave run; beyond the last point the outcome is constant.

    Only carry-over from the past may take the stock beyond, by at most `beyond`. Without this limit a curve that falls
    would count as one that stays constant.
    """
    most = money * (beyond + _EQUAL * cell.points[-1])
    runs = concave_runs(cell.points, cell.values, 0, len(cell.points) - 1)
    chosen = program.columns(len(runs), 0, 1, True) if len(runs) > 1 else None
    shares, spent = np.empty(0, dtype=np.intp), np.empty(0)
    for r, (first, last) in enumerate(runs):
        mine = program.columns(last - first + 1, 0, np.inf, False)
        program.cost[mine] = -worth * cell.values[first : last + 1]
        if chosen is not None:
            program.row(np.r_[mine, chosen[r]], np.r_[np.ones(len(mine)), -1.0], 0, 0)
        shares, spent = np.r_[shares, mine], np.r_[spent, money * cell.points[first : last + 1]]
    program.row(shares, np.ones(len(shares)), 1, 1)
    program.row(np.r_[shares, program.column(0, most, False), stock], np.r_[spent, 1.0, -1.0], 0, 0)
