"""The search for the best plan by channel and week: spends, stocks and outcomes as one program."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.budget.adstock import Carry
from reachbook.budget.curves import Curves, Floats
from reachbook.budget.flightrules import WeekRule
from reachbook.budget.lines import concave_runs
from reachbook.budget.program import Program, scale

_BINS = 5
"""Groups of draws by retention, whose mean retention stands for theirs in the search (not in the plan's value)."""
_ROUNDS = 30
_AIM = 1e-6
_THIN = 2e-4
"""Largest error of a thinned curve, relative to its largest outcome."""
_SPREAD = 1e-9


@dataclass(frozen=True)
class Stocked:
    """Spend (channels, weeks), the bound of the program, and whether that is a bound for all draws as they are."""

    spend: Floats
    bound: float
    exact: bool


@dataclass(frozen=True)
class _Bin:
    """Draws of a channel with like retention: how many (a ratio), their mean retention, stock before, and response."""

    channel: int
    share: float
    retention: float
    start: float
    response: Floats


@dataclass(frozen=True)
class _Cell:
    """The outcome of one bin in one week as a curve of its stock: at `points`, times the bin's share."""

    points: Floats
    values: Floats


def stocked(curves: Curves, lasting: Carry, rules: Sequence[WeekRule], nodes: int) -> Stocked | None:
    """The best plan, or None where the rules leave none."""
    one = bool((np.ptp(lasting.retention, axis=0) <= _SPREAD).all())
    bins = [made for c in range(len(curves.channels)) for made in _bins(curves, lasting, c, 1 if one else _BINS)]
    curved = all(len(concave_runs(curves.grid[b.channel], b.response, 0, len(b.response) - 1)) == 1 for b in bins)
    rising = all(b.response[-1] >= b.response[-2] for b in bins)
    if curved and rising:
        found = _by_tangents(curves, lasting, rules, bins, nodes)
    else:
        bins = [made for c in range(len(curves.channels)) for made in _bins(curves, lasting, c, 1)]
        found = _by_pieces(curves, lasting, rules, bins, nodes)
    return None if found is None else Stocked(found[0], found[1], one)


def allowed(rules: Sequence[WeekRule], shape: tuple[int, int]) -> bool:
    """Whether any plan keeps these rules."""
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
            used, most = program.column(0, 1, True), 1_000.0
            program.row([cell, used], [1.0, -money * least], 0, np.inf)
            program.row([cell, used], [1.0, -most], -np.inf, 0)


def _bins(curves: Curves, lasting: Carry, c: int, count: int) -> list[_Bin]:
    made = []
    for group in np.array_split(np.argsort(lasting.retention[:, c], kind="stable"), min(count, curves.draws)):
        share = len(group) / curves.draws
        kept, start = float(lasting.retention[group, c].mean()), float(lasting.start[group, c].mean())
        made.append(_Bin(c, share, kept, start, curves.response[group, c].mean(axis=0)))
    return made


def _cells(curves: Curves, lasting: Carry, of: _Bin) -> list[_Cell]:
    """One curve a week; the last week's counts the tail that its stock leaves."""
    grid, last = curves.grid[of.channel], lasting.weeks - 1
    cells = [_Cell(grid, lasting.weight[t] * of.share * of.response) for t in range(last)]
    kept = of.retention ** np.arange(len(lasting.weight) - last)
    points = np.unique(np.concatenate([grid / k for k in kept if k > 0]))
    points = points[points <= grid[-1] * (1 + 1e-12)]
    weights = np.array(lasting.weight[last:])
    values = np.sum([w * np.interp(points * k, grid, of.response) for w, k in zip(weights, kept, strict=True)], axis=0)
    return [*cells, _Cell(points, of.share * values)]


def _stocks(program: Program, lasting: Carry, bins: Sequence[_Bin], money: float) -> npt.NDArray[np.intp]:
    """Columns of the stocks, (bins, weeks), tied to the spends, which are the first columns."""
    length = lasting.weeks
    stocks = np.array([program.columns(length, 0, np.inf, False) for _ in bins])
    for b, of in enumerate(bins):
        for t in range(length):
            spent = of.channel * length + t
            if t == 0:
                start = money * of.retention * of.start
                program.row([stocks[b, t], spent], [1.0, of.retention - 1], start, start)
            else:
                program.row([stocks[b, t], stocks[b, t - 1], spent], [1.0, -of.retention, of.retention - 1], 0, 0)
    return stocks


def _by_tangents(
    curves: Curves, lasting: Carry, rules: Sequence[WeekRule], bins: Sequence[_Bin], nodes: int
) -> tuple[Floats, float] | None:
    """Concave curves: outcomes below the tangents where the last round stood, until they stand still (Kelley 1960)."""
    money, shape = _money(rules), (len(curves.channels), lasting.weeks)
    cells = [cell for of in bins for cell in _cells(curves, lasting, of)]
    worth = scale(np.concatenate([cell.values for cell in cells]))
    tangents = [np.unique(np.linspace(0, len(cell.points) - 2, 9).astype(int)) for cell in cells]
    best: tuple[Floats, float] | None = None
    reached, bound = -np.inf, np.inf
    for _ in range(_ROUNDS):
        program = Program(0)
        spends = program.columns(shape[0] * shape[1], 0, np.inf, False)
        stocks = _stocks(program, lasting, bins, money).ravel()
        outcomes = program.columns(len(cells), -np.inf, np.inf, False, -1.0)
        for i, cell in enumerate(cells):
            _below(program, cell, tangents[i], int(stocks[i]), int(outcomes[i]), money, worth)
        _keep(program, rules, money)
        found = program.solve(nodes, True)
        if found is None:
            return best
        at = found[0][stocks] / money
        value = sum(float(np.interp(s, cell.points, cell.values)) for s, cell in zip(at, cells, strict=True))
        bound = min(bound, -found[1] / worth)
        if value > reached:
            reached, best = value, (np.maximum(found[0][spends] / money, 0).reshape(shape), bound)
        if bound - reached <= _AIM * abs(reached):
            break
        tangents = [_more(tangent, cell, s) for tangent, cell, s in zip(tangents, cells, at, strict=True)]
    return None if best is None else (best[0], bound)


def _below(
    program: Program, cell: _Cell, segments: npt.NDArray[np.intp], stock: int, outcome: int, money: float, worth: float
) -> None:
    slopes = np.diff(cell.values)[segments] / np.diff(cell.points)[segments]
    for j, slope in zip(segments, slopes, strict=True):
        level = worth * (cell.values[j] - slope * cell.points[j])
        program.row([outcome, stock], [1.0, -worth * slope / money], -np.inf, level)
    program.row([outcome], [1.0], -np.inf, worth * cell.values.max())


def _more(segments: npt.NDArray[np.intp], cell: _Cell, stock: float) -> npt.NDArray[np.intp]:
    """The segment that the stock lies in, and its neighbours, added."""
    j = int(np.searchsorted(cell.points, stock)) - 1
    return np.unique(np.r_[segments, np.clip([j - 1, j, j + 1], 0, len(cell.points) - 2)])


def _by_pieces(
    curves: Curves, lasting: Carry, rules: Sequence[WeekRule], bins: Sequence[_Bin], nodes: int
) -> tuple[Floats, float] | None:
    """S-shapes: each stock mixes two neighbours of a few points; the error of the thinned curves adds to the bound."""
    money, shape = _money(rules), (len(curves.channels), lasting.weeks)
    cells = [cell for of in bins for cell in _cells(curves, lasting, of)]
    worth = scale(np.concatenate([cell.values for cell in cells]))
    program = Program(0)
    spends = program.columns(shape[0] * shape[1], 0, np.inf, False)
    stocks = _stocks(program, lasting, bins, money).ravel()
    error = 0.0
    for cell, stock in zip(cells, stocks, strict=True):
        thin, missed = _thinned(cell)
        error += missed
        _mixed(program, thin, int(stock), money, worth)
    _keep(program, rules, money)
    found = program.solve(nodes, True)
    if found is None:
        return None
    return np.maximum(found[0][spends] / money, 0).reshape(shape), -found[1] / worth + error


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
    everything: list[npt.NDArray[np.intp]] = []
    spent: list[Floats] = []
    chosen = program.columns(len(runs), 0, 1, True) if len(runs) > 1 else None
    for r, (first, last) in enumerate(runs):
        columns = program.columns(last - first + 1, 0, np.inf, False)
        program.cost[columns] = -worth * cell.values[first : last + 1]
        if chosen is not None:
            program.row(np.r_[columns, chosen[r]], np.r_[np.ones(len(columns)), -1.0], 0, 0)
        everything.append(columns)
        spent.append(money * cell.points[first : last + 1])
    over = program.column(0, np.inf, False)
    shares = np.concatenate(everything)
    program.row(shares, np.ones(len(shares)), 1, 1)
    program.row(np.r_[shares, over, stock], np.r_[np.concatenate(spent), 1.0, -1.0], 0, 0)
