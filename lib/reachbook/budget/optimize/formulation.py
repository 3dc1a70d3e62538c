"""A plan as a mixed-integer program, solved by HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats, Indices
from reachbook.budget.optimize.constraints import (
    Bound,
    Constraint,
    LinearConstraint,
    MinimumBuy,
    OutcomeAtLeast,
    Package,
)
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.milp import Program, scale
from reachbook.budget.optimize.pieces import CurvePieces, SpendDomain, line
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rebate


@dataclass(frozen=True)
class Objective:
    """What is maximised: risk * figure - paid * money paid + spend @ spends - moved * money moved from current spend.

    Attributes
    ----------
    spend : float array (channels,)
        Weight of each channel's spend.
    risk, paid, moved : float
        Weights of the figure of merit, of money paid and of money moved.
    """

    spend: Floats
    risk: float = 1.0
    paid: float = 0.0
    moved: float = 0.0


@dataclass(frozen=True)
class Solution:
    """Result of a program.

    Attributes
    ----------
    shares : float array (columns,)
        Convex weights of the columns.
    figure : float
        Figure of merit by the program, possibly above the true one.
    bound : float
        Upper bound on the objective.
    """

    shares: Floats
    figure: float
    bound: float


@dataclass(frozen=True)
class Formulation:
    """Columns of a program: one for each point of each piece of each channel.

    Attributes
    ----------
    curves : Curves
        Response curves.
    constraints : tuple of Constraint
        Constraints.
    measure : Measure
        Figure of merit.
    lines : tuple of CurvePieces
        Curve of each channel in pieces.
    channel, piece, point : index array (columns,)
        Channel, piece of that channel and point of each column.
    spend, paid, moved : float array (columns,)
        Spend, money paid and money moved from current spend.
    nodes : int
        Node limit of the solver.

    Notes
    -----
    Each channel chooses one of its pieces and a convex combination of that piece's points: the disaggregated convex
    combination of Vielma (2015), whose relaxation is the concave envelope. The figure of merit over draws is a variable
    bounded by one cutting plane for each set of weights seen so far (Kelley 1960).

    References
    ----------
    Vielma (2015), "Mixed integer linear programming formulation techniques". Kelley (1960), the cutting-plane method.
    """

    curves: Curves
    constraints: tuple[Constraint, ...]
    measure: Measure
    lines: tuple[CurvePieces, ...]
    channel: Indices
    piece: Indices
    point: Indices
    spend: Floats
    paid: Floats
    moved: Floats
    nodes: int

    def planned(self, shares: Floats) -> Floats:
        """Spend of each channel, float array (channels,), in money, for convex weights `shares` (columns,)."""
        return np.bincount(self.channel, shares * self.spend, len(self.lines)).astype(float, copy=False)

    def mixed(self, shares: Floats) -> Floats:
        """Outcome by draw, float array (draws,), of the convex combination with weights `shares` (columns,)."""
        parts = [
            row.outcome @ np.bincount(self.point[self.channel == c], shares[self.channel == c], len(row.spend))
            for c, row in enumerate(self.lines)
        ]
        return np.asarray(np.sum(parts, axis=0))

    def weighed(self, weights: Floats) -> Floats:
        """Outcome of each column under `weights` (draws,), float array (columns,)."""
        means = [weights @ row.outcome for row in self.lines]
        return np.array([means[c][j] for c, j in zip(self.channel, self.point, strict=True)])

    def solve(
        self, goal: Objective, cuts: Sequence[Floats], whole: bool = True, fixed: Floats | None = None
    ) -> Solution | None:
        """Best convex weights.

        Parameters
        ----------
        goal : Objective
            What is maximised.
        cuts : sequence of float array (draws,)
            Weights of the draws in each cutting plane.
        whole : bool
            Whether pieces and packages are integer; otherwise the relaxation is solved.
        fixed : float array (columns,), optional
            Weights of an earlier solution, whose pieces and packages are then fixed.

        Returns
        -------
        Solution or None
            None if the program is infeasible.
        """
        return _solve(self, goal, cuts, whole, fixed)


def formulation(
    curves: Curves, constraints: Sequence[Constraint], measure: Measure, rebates: dict[str, Rebate], nodes: int
) -> Formulation | None:
    """Columns for these rules, or None where the bounds of a channel are empty."""
    reach = _reach(curves, constraints)
    lines: list[CurvePieces] = []
    for c, name in enumerate(curves.channels):
        domain = _domain(c, constraints, reach, () if curves.current is None else (float(curves.current[c]),))
        if domain is None:
            return None
        lines.append(line(curves.grid[c], curves.response[:, c], domain, rebates.get(name)))
    return columns(curves, tuple(constraints), measure, tuple(lines), nodes)


def columns(
    curves: Curves, constraints: tuple[Constraint, ...], measure: Measure, lines: tuple[CurvePieces, ...], nodes: int
) -> Formulation:
    """Formulation from curves in pieces."""
    rows = [
        (c, k, j, row.spend[j], piece.offset + piece.rate * row.spend[j])
        for c, row in enumerate(lines)
        for k, piece in enumerate(row.pieces)
        for j in range(piece.first, piece.last + 1)
    ]
    channel, piece, point = (np.array([r[i] for r in rows], dtype=np.intp) for i in range(3))
    spend, paid = (np.array([r[i] for r in rows], dtype=float) for i in (3, 4))
    moved = np.zeros(len(rows)) if curves.current is None else np.abs(spend - curves.current[channel])
    return Formulation(curves, constraints, measure, lines, channel, piece, point, spend, paid, moved, nodes)


def _reach(curves: Curves, constraints: Sequence[Constraint]) -> float:
    """An amount above every finite amount in the rules, for channels without an upper bound."""
    amounts = [float(curves.grid.max())]
    for constraint in constraints:
        if isinstance(constraint, Bound):
            amounts += [constraint.low, constraint.high]
        if isinstance(constraint, LinearConstraint):
            amounts += [constraint.low, constraint.high]
        if isinstance(constraint, MinimumBuy):
            amounts.append(constraint.least)
    return 2 * max(amount for amount in amounts if np.isfinite(amount))


def _domain(c: int, constraints: Sequence[Constraint], reach: float, marks: tuple[float, ...]) -> SpendDomain | None:
    """Feasible spend of channel `c`, or None if it is empty."""
    low, high, least = 0.0, reach, 0.0
    for constraint in constraints:
        if isinstance(constraint, Bound) and constraint.channel == c:
            low, high = max(low, constraint.low), min(high, constraint.high)
        if isinstance(constraint, MinimumBuy) and constraint.channel == c:
            least = max(least, constraint.least)
    if low > high * (1 + 1e-12):
        return None
    if max(low, least) > high * (1 + 1e-12):
        return SpendDomain(0.0, 0.0, True, ()) if low == 0 else None
    return SpendDomain(min(max(low, least), high), high, low == 0, marks)


def _solve(
    built: Formulation, goal: Objective, cuts: Sequence[Floats], whole: bool, fixed: Floats | None
) -> Solution | None:
    count = len(built.spend)
    money, worth = (
        scale(built.spend),
        scale(np.concatenate([row.outcome.mean(axis=0) for row in built.lines])),
    )
    size = goal.risk / worth + (goal.paid + goal.moved + float(np.abs(goal.spend).max())) / money or 1.0
    program = Program(count)
    program.cost -= (goal.spend[built.channel] * built.spend - goal.paid * built.paid - goal.moved * built.moved) / size
    figure = program.column(-np.inf, np.inf, False, -goal.risk / worth / size)
    everywhere = np.arange(count)
    for weights in cuts:
        program.row(np.r_[everywhere, figure], np.r_[worth * built.weighed(weights), -1.0], 0, np.inf)
    _choices(built, program, fixed)
    _rules(built, program, figure, money, worth, fixed)
    if built.measure.kind == "quantile" and goal.risk:
        _quantile(built, program, figure, worth)
    found = program.solve(built.nodes, whole and (fixed is None or built.measure.kind == "quantile"))
    if found is None:
        return None
    shares = np.clip(found[0][:count], 0, 1)
    return Solution(shares, float(found[0][figure] / worth), -found[1] * size)


def _choices(built: Formulation, program: Program, fixed: Floats | None) -> None:
    """One piece for each channel, and weights that sum to one within it."""
    for c, row in enumerate(built.lines):
        mine = np.flatnonzero(built.channel == c)
        program.row(mine, np.ones(len(mine)), 1, 1)
        if len(row.pieces) == 1:
            continue
        held = [mine[built.piece[mine] == k] for k in range(len(row.pieces))]
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


def _rules(built: Formulation, program: Program, figure: int, money: float, worth: float, fixed: Floats | None) -> None:
    """Rows for the rules that are not already bounds."""
    paid, at = built.paid, np.arange(len(built.spend))
    for constraint in built.constraints:
        if isinstance(constraint, Package):
            paid, at = _packages(built, program, constraint, money, fixed, paid, at)
    channel = np.r_[
        built.channel, [constraint.channel for constraint in built.constraints if isinstance(constraint, Package)]
    ].astype(int)
    for constraint in built.constraints:
        if isinstance(constraint, LinearConstraint):
            program.row(
                at, money * constraint.coefficients[channel] * paid, money * constraint.low, money * constraint.high
            )
        elif isinstance(constraint, OutcomeAtLeast):
            program.row(
                np.r_[at, figure], np.r_[-constraint.roas * worth * paid, 1.0], worth * constraint.target, np.inf
            )


def _packages(
    built: Formulation,
    program: Program,
    constraint: Package,
    money: float,
    fixed: Floats | None,
    paid: Floats,
    at: Indices,
) -> tuple[Floats, Indices]:
    """Integer number of packages; without a rebate it also replaces the money paid, which shows infeasibility early."""
    mine = np.flatnonzero(built.channel == constraint.channel)
    most = float(np.floor(built.spend[mine].max() / constraint.size * (1 + 1e-12)))
    bought = 0.0 if fixed is None else round(float(fixed[mine] @ built.spend[mine]) / constraint.size)
    number = program.column(bought, most if fixed is None else bought, True)
    program.row(np.r_[mine, number], np.r_[money * built.spend[mine], -money * constraint.size], 0, 0)
    listed = bool((built.paid[mine] == built.spend[mine]).all())
    paid = np.r_[paid, constraint.size if listed else 0.0]
    if listed:
        paid[mine] = 0.0
    return paid, np.r_[at, number]


def _quantile(built: Formulation, program: Program, figure: int, worth: float) -> None:
    """Rows that require all draws except `spared` to reach the figure of merit."""
    count, draws = len(built.spend), built.curves.draws
    least = np.sum([row.outcome.min(axis=1) for row in built.lines], axis=0) * worth
    most = (
        np.sort(np.sum([row.outcome.max(axis=1) for row in built.lines], axis=0))[built.measure.spared(draws)] * worth
    )
    points = [row.outcome for row in built.lines]
    missed = np.array([program.column(0, 1, True) for _ in range(draws)])
    program.upper[figure] = most
    for d in range(draws):
        reached = np.array([points[c][d, j] for c, j in zip(built.channel, built.point, strict=True)]) * worth
        slack = max(float(most - least[d]), 0.0)
        program.row(np.r_[np.arange(count), figure, missed[d]], np.r_[reached, -1.0, slack], 0, np.inf)
    program.row(missed, np.ones(draws), 0, built.measure.spared(draws))
