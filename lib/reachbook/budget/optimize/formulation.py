"""A plan as a mixed-integer program: shares of points as columns, rules as rows, solved by HiGHS.

Each channel takes one of its pieces and mixes the points of that piece (Vielma 2015, "Mixed integer linear programming
formulation techniques", the disaggregated convex combination, whose relaxation is the concave envelope). The figure
that sums up the draws is a variable below one plane for each set of weights seen so far (Kelley 1960).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats, Indices
from reachbook.budget.optimize.constraints import Bound, Buy, Clause, Package, Reach, Row
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.milp import Program, scale
from reachbook.budget.optimize.pieces import Domain, Line, line
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rebate


@dataclass(frozen=True)
class Goal:
    """What to maximise: risk * figure - paid * money paid + spend @ spends - moved * money moved away from now."""

    spend: Floats
    risk: float = 1.0
    paid: float = 0.0
    moved: float = 0.0


@dataclass(frozen=True)
class Found:
    """What a program returned: shares of the columns, the figure it believes in, and its bound on the goal."""

    shares: Floats
    figure: float
    bound: float


@dataclass(frozen=True)
class Model:
    """Columns of a program: for each, its channel, its piece (of that channel), its point, spend, price, way moved."""

    curves: Curves
    clauses: tuple[Clause, ...]
    measure: Measure
    lines: tuple[Line, ...]
    channel: Indices
    piece: Indices
    point: Indices
    spend: Floats
    paid: Floats
    moved: Floats
    nodes: int

    def planned(self, shares: Floats) -> Floats:
        """Spend of each channel, (channels,)."""
        return np.bincount(self.channel, shares * self.spend, len(self.lines))

    def mixed(self, shares: Floats) -> Floats:
        """Outcome of the mixed points in every draw, (draws,)."""
        parts = [
            row.outcome @ np.bincount(self.point[self.channel == c], shares[self.channel == c], len(row.spend))
            for c, row in enumerate(self.lines)
        ]
        return np.asarray(np.sum(parts, axis=0))

    def weighed(self, weights: Floats) -> Floats:
        """Outcome of each column under `weights` of the draws, (columns,)."""
        means = [weights @ row.outcome for row in self.lines]
        return np.array([means[c][j] for c, j in zip(self.channel, self.point, strict=True)])

    def solve(
        self, goal: Goal, cuts: Sequence[Floats], whole: bool = True, fixed: Floats | None = None
    ) -> Found | None:
        """The best shares, or None if there are none.

        cuts : weights of the draws of each plane. whole : pieces and packages are whole; else their relaxation.
        fixed : shares of an earlier solution; only its pieces and its packages are then left to choose from.
        """
        return _solve(self, goal, cuts, whole, fixed)


def model(
    curves: Curves, clauses: Sequence[Clause], measure: Measure, rebates: dict[str, Rebate], nodes: int
) -> Model | None:
    """The columns for these rules, or None where a channel's bounds leave nothing."""
    reach = _reach(curves, clauses)
    lines: list[Line] = []
    for c, name in enumerate(curves.channels):
        domain = _domain(c, clauses, reach, () if curves.current is None else (float(curves.current[c]),))
        if domain is None:
            return None
        lines.append(line(curves.grid[c], curves.response[:, c], domain, rebates.get(name)))
    return columns(curves, tuple(clauses), measure, tuple(lines), nodes)


def columns(
    curves: Curves, clauses: tuple[Clause, ...], measure: Measure, lines: tuple[Line, ...], nodes: int
) -> Model:
    """A model from its lines."""
    rows = [
        (c, k, j, row.spend[j], piece.offset + piece.rate * row.spend[j])
        for c, row in enumerate(lines)
        for k, piece in enumerate(row.pieces)
        for j in range(piece.first, piece.last + 1)
    ]
    channel, piece, point = (np.array([r[i] for r in rows], dtype=np.intp) for i in range(3))
    spend, paid = (np.array([r[i] for r in rows], dtype=float) for i in (3, 4))
    moved = np.zeros(len(rows)) if curves.current is None else np.abs(spend - curves.current[channel])
    return Model(curves, clauses, measure, lines, channel, piece, point, spend, paid, moved, nodes)


def _reach(curves: Curves, clauses: Sequence[Clause]) -> float:
    """Money enough for any rule, where a channel has no end of its own."""
    amounts = [float(curves.grid.max())]
    for clause in clauses:
        if isinstance(clause, Bound):
            amounts += [clause.low, clause.high]
        if isinstance(clause, Row):
            amounts += [clause.low, clause.high]
        if isinstance(clause, Buy):
            amounts.append(clause.least)
    return 2 * max(amount for amount in amounts if np.isfinite(amount))


def _domain(c: int, clauses: Sequence[Clause], reach: float, marks: tuple[float, ...]) -> Domain | None:
    """Where the rules let the spend of channel `c` lie."""
    low, high, least = 0.0, reach, 0.0
    for clause in clauses:
        if isinstance(clause, Bound) and clause.channel == c:
            low, high = max(low, clause.low), min(high, clause.high)
        if isinstance(clause, Buy) and clause.channel == c:
            least = max(least, clause.least)
    if low > high * (1 + 1e-12):
        return None
    if max(low, least) > high * (1 + 1e-12):
        return Domain(0.0, 0.0, True, ()) if low == 0 else None
    return Domain(min(max(low, least), high), high, low == 0, marks)


def _solve(model: Model, goal: Goal, cuts: Sequence[Floats], whole: bool, fixed: Floats | None) -> Found | None:
    count = len(model.spend)
    money, worth = scale(model.spend), scale(np.concatenate([row.outcome.mean(axis=0) for row in model.lines]))
    size = goal.risk / worth + (goal.paid + goal.moved + float(np.abs(goal.spend).max())) / money or 1.0
    program = Program(count)
    program.cost -= (goal.spend[model.channel] * model.spend - goal.paid * model.paid - goal.moved * model.moved) / size
    figure = program.column(-np.inf, np.inf, False, -goal.risk / worth / size)
    everywhere = np.arange(count)
    for weights in cuts:
        program.row(np.r_[everywhere, figure], np.r_[worth * model.weighed(weights), -1.0], 0, np.inf)
    _choices(model, program, fixed)
    _rules(model, program, figure, money, worth, fixed)
    if model.measure.kind == "quantile" and goal.risk:
        _quantile(model, program, figure, worth)
    found = program.solve(model.nodes, whole and (fixed is None or model.measure.kind == "quantile"))
    if found is None:
        return None
    shares = np.clip(found[0][:count], 0, 1)
    return Found(shares, float(found[0][figure] / worth), -found[1] * size)


def _choices(model: Model, program: Program, fixed: Floats | None) -> None:
    """One piece a channel, and shares that sum to one in it."""
    for c, row in enumerate(model.lines):
        mine = np.flatnonzero(model.channel == c)
        program.row(mine, np.ones(len(mine)), 1, 1)
        if len(row.pieces) == 1:
            continue
        held = [mine[model.piece[mine] == k] for k in range(len(row.pieces))]
        if fixed is not None:
            taken = int(np.argmax([fixed[of].sum() for of in held]))
            for k, of in enumerate(held):
                program.upper[of] = float(k == taken)
            continue
        for of in held:
            if len(of) == 1:
                program.whole[of] = True
                continue
            program.row(np.r_[of, program.column(0, 1, True)], np.r_[np.ones(len(of)), -1.0], 0, 0)


def _rules(model: Model, program: Program, figure: int, money: float, worth: float, fixed: Floats | None) -> None:
    """A row for each rule that bounds do not say already."""
    paid, at = model.paid, np.arange(len(model.spend))
    for clause in model.clauses:
        if isinstance(clause, Package):
            paid, at = _packages(model, program, clause, money, fixed, paid, at)
    channel = np.r_[model.channel, [clause.channel for clause in model.clauses if isinstance(clause, Package)]].astype(
        int
    )
    for clause in model.clauses:
        if isinstance(clause, Row):
            program.row(at, money * clause.coefficients[channel] * paid, money * clause.low, money * clause.high)
        elif isinstance(clause, Reach):
            program.row(np.r_[at, figure], np.r_[-clause.roas * worth * paid, 1.0], worth * clause.target, np.inf)


def _packages(
    model: Model, program: Program, clause: Package, money: float, fixed: Floats | None, paid: Floats, at: Indices
) -> tuple[Floats, Indices]:
    """A whole number of packages; without a rebate they stand for the money paid too, which shows misfits at once."""
    mine = np.flatnonzero(model.channel == clause.channel)
    most = float(np.floor(model.spend[mine].max() / clause.size * (1 + 1e-12)))
    bought = 0.0 if fixed is None else round(float(fixed[mine] @ model.spend[mine]) / clause.size)
    number = program.column(bought, most if fixed is None else bought, True)
    program.row(np.r_[mine, number], np.r_[money * model.spend[mine], -money * clause.size], 0, 0)
    listed = bool((model.paid[mine] == model.spend[mine]).all())
    paid = np.r_[paid, clause.size if listed else 0.0]
    if listed:
        paid[mine] = 0.0
    return paid, np.r_[at, number]


def _quantile(model: Model, program: Program, figure: int, worth: float) -> None:
    """All draws but `spared` reach the figure."""
    count, draws = len(model.spend), model.curves.draws
    least = np.sum([row.outcome.min(axis=1) for row in model.lines], axis=0) * worth
    most = (
        np.sort(np.sum([row.outcome.max(axis=1) for row in model.lines], axis=0))[model.measure.spared(draws)] * worth
    )
    points = [row.outcome for row in model.lines]
    missed = np.array([program.column(0, 1, True) for _ in range(draws)])
    program.upper[figure] = most
    for d in range(draws):
        reached = np.array([points[c][d, j] for c, j in zip(model.channel, model.point, strict=True)]) * worth
        slack = max(float(most - least[d]), 0.0)
        program.row(np.r_[np.arange(count), figure, missed[d]], np.r_[reached, -1.0, slack], 0, np.inf)
    program.row(missed, np.ones(draws), 0, model.measure.spared(draws))
