"""The search for the best plan by channel and week: spends, stocks and outcomes as one program."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reachbook.budget.adstock import Carry
from reachbook.budget.curves import Curves, Floats
from reachbook.budget.flightrules import WeekRule
from reachbook.budget.lines import concave_runs
from reachbook.budget.program import Indices, Program, scale

_ROUNDS = 30
_AIM = 1e-6
_THIN = 5e-4
"""Largest error of a thinned curve, relative to its largest outcome."""
_NEAR = np.linspace(-3, 3, 49)
"""Where around a stock its curve is looked at closely, in steps of the grid."""


class _Flat(NamedTuple):
    """How spend lasts where all draws are taken alike: retention, stock before, (channels,), and weeks."""

    retention: Floats
    start: Floats
    weeks: int
    length: int


@dataclass(frozen=True)
class _Cell:
    """The outcome of one channel in one week as a curve of its stock."""

    points: Floats
    values: Floats

    @property
    def concave(self) -> bool:
        """Whether it is, and rises to the end."""
        return len(concave_runs(self.points, self.values, 0, len(self.points) - 1)) == 1 and bool(
            self.values[-1] >= self.values[-2]
        )

    def at(self, stock: float) -> float:
        """Outcome; flat beyond the last point."""
        return float(np.interp(stock, self.points, self.values))


def at_mean(curves: Curves, lasting: Carry, rules: Sequence[WeekRule], nodes: int) -> tuple[Floats, float] | None:
    """Best plan (channels, weeks) with every draw's retention at its channel's mean, and the bound of that problem.

    None where the rules leave no plan.
    """
    flat = _Flat(lasting.retention.mean(axis=0), lasting.start.mean(axis=0), lasting.weeks, lasting.weeks)
    cells = [cell for c in range(len(curves.channels)) for cell in _cells(curves, lasting, c, float(flat.retention[c]))]
    if all(cell.concave for cell in cells):
        found = _by_tangents(cells, flat, rules, nodes, np.zeros((len(curves.channels), lasting.weeks)))
        return None if found is None else found[:2]
    return _by_pieces(cells, flat, rules, nodes)


def nearby(
    curves: Curves, lasting: Carry, rules: Sequence[WeekRule], nodes: int, spend: Floats, mix: Floats
) -> tuple[Floats, Floats] | None:
    """The best plan if each draw's stocks kept their distance from the mean stock that they have under `spend`.

    Outcome and slope at `spend` are those of all draws with their own retention, so that a plan on which this step
    stands still is the best one where all curves are concave.

    mix : weight of the slope above against that below a stock, where they differ, (channels, weeks + tail), 0..1.
    Returns the plan and the weights that prove it to be the best.
    """
    stock = lasting.stock(spend)
    flat = _Flat(lasting.retention.mean(axis=0), lasting.start.mean(axis=0), lasting.weeks, stock.shape[2])
    mean = Carry(flat.retention[None], flat.start[None], lasting.weight, lasting.weeks)
    middle = mean.stock(spend)[0]
    cells = [
        _shifted(curves, c, stock[:, c, t] - middle[c, t], float(middle[c, t]), float(lasting.weight[t]))
        for c in range(len(curves.channels))
        for t in range(flat.length)
    ]
    above, below = lasting.slopes(curves, spend, 1), lasting.slopes(curves, spend, -1)
    slopes = mix * above + (1 - mix) * below
    tilt = lasting.carried(slopes).mean(axis=0) - mean.carried(slopes.mean(axis=0)[None])[0]
    found = _by_tangents(cells, flat, rules, nodes, tilt)
    if found is None:
        return None
    steep, flatter = below.mean(axis=0), above.mean(axis=0)
    kinked = steep - flatter > 1e-9 * np.abs(steep).max()
    proven = np.divide(steep - found[2].reshape(mix.shape), steep - flatter, out=np.full(mix.shape, 0.5), where=kinked)
    return found[0], np.clip(proven, 0, 1)


def allowed(rules: Sequence[WeekRule], shape: tuple[int, int]) -> bool:
    """Whether any plan (channels, weeks) keeps these rules."""
    return _linear(np.zeros(shape), rules) is not None


def steepest(slope: Floats, rules: Sequence[WeekRule]) -> float:
    """The most that `slope` (channels, weeks) times a plan under the rules can be."""
    found = _linear(slope, rules)
    return np.inf if found is None else found


def _linear(slope: Floats, rules: Sequence[WeekRule]) -> float | None:
    money, worth = _money(rules), scale(slope)
    program = Program(0)
    program.columns(slope.size, 0, np.inf, False)
    program.cost[:] = -slope.ravel() * worth
    program.row([0], [0.0], -np.inf, np.inf)
    _keep(program, rules, money)
    found = program.solve(1_000, True)
    return None if found is None else -found[1] / worth / money


def _money(rules: Sequence[WeekRule]) -> float:
    """What brings amounts of money to the solver's size."""
    ends = [abs(end) for rule in rules for _, _, low, high in rule.rows for end in (low, high) if np.isfinite(end)]
    return scale(np.array(ends or [0.0]))


def _keep(program: Program, rules: Sequence[WeekRule], money: float) -> None:
    """Rows of the rules; the first columns are the spends."""
    for rule in rules:
        for cells, values, low, high in rule.rows:
            program.row(cells, values, money * low, money * high)
        for cell, least in rule.smallest:
            used = program.column(0, 1, True)
            program.row([cell, used], [1.0, -money * least], 0, np.inf)
            program.row([cell, used], [1.0, -max(1_000.0, money * least)], -np.inf, 0)


def _cells(curves: Curves, lasting: Carry, c: int, retention: float) -> list[_Cell]:
    """One expected curve a week; the last week's counts the tail that its stock leaves."""
    grid, last = curves.grid[c], lasting.weeks - 1
    mean = curves.response[:, c].mean(axis=0)
    kept = retention ** np.arange(len(lasting.weight) - last)
    points = np.unique(np.concatenate([grid / k for k in kept if k > 0]))
    points = points[points <= grid[-1] * (1 + 1e-12)]
    left = [w * np.interp(points * k, grid, mean) for w, k in zip(lasting.weight[last:], kept, strict=True)]
    return [*(_Cell(grid, weight * mean) for weight in lasting.weight[:last]), _Cell(points, np.sum(left, axis=0))]


def _shifted(curves: Curves, c: int, shift: Floats, middle: float, weight: float) -> _Cell:
    """Mean outcome of one week where each draw's stock is `shift` (draws,) off the mean stock.

    Left of a draw's zero its curve goes on as straight as it starts, which keeps the mean concave.
    """
    grid, response = curves.grid[c], curves.response[:, c]
    near = middle + _NEAR * (grid[-1] - grid[0]) / (len(grid) - 1)
    points = np.unique(np.r_[grid[:: max(len(grid) // 25, 1)], grid[-1], near[(near > 0) & (near < grid[-1])]])
    inside = [np.interp(points + by, grid, row) for by, row in zip(shift, response, strict=True)]
    first = (response[:, 1] - response[:, 0]) / (grid[1] - grid[0])
    below = np.minimum(points + shift[:, None] - grid[0], 0) * first[:, None]
    return _Cell(points, weight * (np.array(inside) + below).mean(axis=0))


def _stocks(program: Program, flat: _Flat, money: float) -> Indices:
    """Columns of the stocks, (channels, length), tied to the spends, which are the first columns."""
    stocks = np.array([program.columns(flat.length, 0, np.inf, False) for _ in flat.retention])
    for c, kept in enumerate(flat.retention):
        for t in range(flat.length):
            before = money * kept * flat.start[c] if t == 0 else 0.0
            at, values = [stocks[c, t]], [1.0]
            if t > 0:
                at, values = [*at, stocks[c, t - 1]], [*values, -kept]
            if t < flat.weeks:
                at, values = [*at, c * flat.weeks + t], [*values, kept - 1]
            program.row(at, values, before, before)
    return stocks


def _by_tangents(
    cells: Sequence[_Cell], flat: _Flat, rules: Sequence[WeekRule], nodes: int, tilt: Floats
) -> tuple[Floats, float, Floats] | None:
    """Concave curves: outcomes below tangents where the last rounds stood, until they stand still (Kelley 1960).

    tilt : outcome of one more unit of spend beyond what the curves say, (channels, weeks).
    Returns the plan, its bound, and the slope of each curve that proves it, (cells,).
    """
    money, worth = _money(rules), scale(np.concatenate([cell.values for cell in cells]))
    tangents = [np.unique(np.linspace(0, len(cell.points) - 2, 9).astype(int)) for cell in cells]
    best: Floats | None = None
    reached, bound = -np.inf, np.inf
    for _ in range(_ROUNDS):
        program = Program(0)
        program.columns(tilt.size, 0, np.inf, False)
        program.cost[:] = -tilt.ravel() * worth / money
        stocks = _stocks(program, flat, money).ravel()
        outcomes = program.columns(len(cells), -np.inf, np.inf, False, -1.0)
        rows = [
            _below(program, cell, tangents[i], int(stocks[i]), int(outcomes[i]), money, worth)
            for i, cell in enumerate(cells)
        ]
        _keep(program, rules, money)
        found = program.solve(nodes, True)
        if found is None:
            break
        at, spend = found[0][stocks] / money, np.maximum(found[0][: tilt.size] / money, 0).reshape(tilt.shape)
        value = sum(cell.at(s) for s, cell in zip(at, cells, strict=True)) + float((tilt * spend).sum())
        bound = min(bound, -found[1] / worth)
        if value > reached:
            reached, best = value, spend
        if bound - reached <= _AIM * abs(reached):
            break
        tangents = [_more(tangent, cell, s) for tangent, cell, s in zip(tangents, cells, at, strict=True)]
    return None if best is None else (best, bound, _proof(program, rows, len(cells)))


def _proof(program: Program, rows: Sequence[tuple[int, Floats]], count: int) -> Floats:
    """Slope of each curve as the solution weighs its tangents."""
    prices = program.prices()
    if prices is None:
        return np.full(count, np.nan)
    return np.array([float(prices[first : first + len(slopes)] @ slopes) for first, slopes in rows])


def _below(
    program: Program, cell: _Cell, segments: Indices, stock: int, outcome: int, money: float, worth: float
) -> tuple[int, Floats]:
    """Outcome below tangents; the first of their rows, and their slopes."""
    first, slopes = len(program.low), np.diff(cell.values)[segments] / np.diff(cell.points)[segments]
    for j, slope in zip(segments, slopes, strict=True):
        level = worth * (cell.values[j] - slope * cell.points[j])
        program.row([outcome, stock], [1.0, -worth * slope / money], -np.inf, level)
    program.row([outcome], [1.0], -np.inf, worth * cell.values.max())
    return first, slopes


def _more(segments: Indices, cell: _Cell, stock: float) -> Indices:
    """The segment that the stock lies in, and its neighbours, added."""
    j = int(np.searchsorted(cell.points, stock)) - 1
    return np.unique(np.r_[segments, np.clip([j - 1, j, j + 1], 0, len(cell.points) - 2)])


def _by_pieces(
    cells: Sequence[_Cell], flat: _Flat, rules: Sequence[WeekRule], nodes: int
) -> tuple[Floats, float] | None:
    """S-shapes: each stock mixes two neighbours of a few points; the error of the thinned curves adds to the bound."""
    money, shape = _money(rules), (len(flat.retention), flat.weeks)
    worth = scale(np.concatenate([cell.values for cell in cells]))
    program = Program(0)
    program.columns(shape[0] * shape[1], 0, np.inf, False)
    stocks = _stocks(program, flat, money).ravel()
    error = 0.0
    for cell, stock in zip(cells, stocks, strict=True):
        thin, missed = _thinned(cell)
        error += missed
        _mixed(program, thin, int(stock), money, worth)
    _keep(program, rules, money)
    found = program.solve(nodes, True)
    if found is None:
        return None
    return np.maximum(found[0][: shape[0] * shape[1]] / money, 0).reshape(shape), -found[1] / worth + error


def _thinned(cell: _Cell) -> tuple[_Cell, float]:
    """The curve through its most telling points, and the most that it lies below the whole curve."""
    chosen, size = [0, len(cell.points) - 1], float(np.abs(cell.values).max())
    while True:
        missed = cell.values - np.interp(cell.points, cell.points[chosen], cell.values[chosen])
        worst = int(np.abs(missed).argmax())
        if abs(missed[worst]) <= _THIN * size:
            return _Cell(cell.points[chosen], cell.values[chosen]), float(max(missed.max(), 0.0))
        chosen = sorted([*chosen, worst])


def _mixed(program: Program, cell: _Cell, stock: int, money: float, worth: float) -> None:
    """The stock as a mix of points of one concave run; beyond the last point nothing is added."""
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
    program.row(np.r_[shares, program.column(0, np.inf, False), stock], np.r_[spent, 1.0, -1.0], 0, 0)
