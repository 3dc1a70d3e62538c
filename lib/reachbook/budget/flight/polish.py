"""Local improvement of weekly plans by successive linear programs, and smoothing of their weeks."""

from collections.abc import Sequence

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.flight.carryover import CarryOver
from reachbook.budget.flight.rules import FlightRules, WeekRule
from reachbook.budget.flight.search import add_rules, unit
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.milp import Program, scale

_STEPS = 60
_FIRST, _LAST = 0.1, 1e-4
"""Largest change of a week at the start and at the end of the steps, as a ratio of the largest observed week."""
_RISE = 1e-6
"""Relative improvement below which the next step is shorter."""
_CALM = 0.1
"""Share of the allowed gap that smoothing may cost, all channels together."""
_NOTHING = 1e-6
_HALVINGS = 8


def polished(curves: Curves, lasting: CarryOver, kept: Sequence[WeekRule], nodes: int, spend: Floats) -> Floats | None:
    """Locally optimal plan that satisfies the rules, starting near `spend` (channels, weeks); None if there is none."""
    near = nearest(curves, spend, kept, nodes)
    return None if near is None else climbed(curves, lasting, kept, nodes, near)


def nearest(curves: Curves, spend: Floats, kept: Sequence[WeekRule], nodes: int) -> Floats | None:
    """Plan under the rules nearest to `spend` (channels, weeks) in total absolute difference; None if there is none."""
    return _nearest(spend, _most(curves, spend), kept, nodes)


def climbed(curves: Curves, lasting: CarryOver, kept: Sequence[WeekRule], nodes: int, spend: Floats) -> Floats:
    """Locally optimal plan by linear programs around the feasible plan `spend`, both float array (channels, weeks)."""
    most, value, reach = _most(curves, spend), expected(curves, lasting, spend), _FIRST
    for _ in range(_STEPS):
        slope = marginal(curves, lasting, spend).sum(axis=1)
        step = _nearest(spend, most, kept, nodes, slope, reach)
        risen = -np.inf if step is None else expected(curves, lasting, step)
        reach = min(2 * reach, 0.5) if risen > value + _RISE * abs(value) else reach / 2
        if step is not None and risen > value:
            spend, value = step, risen
        if reach < _LAST:
            break
    return spend


def calmed(curves: Curves, lasting: CarryOver, kept: Sequence[WeekRule], rules: FlightRules, spend: Floats) -> Floats:
    """Plan, float array (channels, weeks), with the weeks of `spend` as even as the rules allow at negligible cost.

    An optimum leaves many weeks undetermined, and a solver settles them in corners that look like a pattern. Where even
    weeks would cost more, as where pulses pay, a channel moves only part of the way, or not at all.
    """
    value = expected(curves, lasting, spend)
    for c in range(len(spend)):
        even = _even(spend, c, kept, rules.nodes)
        least = value - (c + 1) / len(spend) * _CALM * rules.gap * abs(value)
        if even is not None:
            spend = _between(curves, lasting, spend, even, least)
    return spend


def _between(curves: Curves, lasting: CarryOver, spend: Floats, even: Floats, least: float) -> Floats:
    """Furthest point from `spend` towards `even` at which the outcome is still at least `least`."""
    if expected(curves, lasting, even) >= least:
        return even
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        part = (low + high) / 2
        enough = expected(curves, lasting, spend + part * (even - spend)) >= least
        low, high = (part, high) if enough else (low, part)
    return spend + low * (even - spend)


def _even(spend: Floats, c: int, kept: Sequence[WeekRule], nodes: int) -> Floats | None:
    """Plan in which the weeks of channel `c` deviate least from their mean; all other channels are fixed.

    Closed weeks stay closed; with minimum amounts, so do weeks without spend.
    """
    money, size, weeks = unit(kept), spend.size, spend.shape[1]
    used = np.setdiff1d(np.arange(c * weeks, (c + 1) * weeks), _closed(kept))
    if any(cell in used for rule in kept for cell, _ in rule.smallest):
        used = used[spend.ravel()[used] > _NOTHING * spend.max()]
    if len(used) < 2:
        return None
    program = Program(0)
    program.columns(size, 0, np.inf, False)
    program.lower[:], program.upper[:] = money * spend.ravel(), money * spend.ravel()
    program.lower[used], program.upper[used] = 0.0, np.inf
    for cell in used:
        off, mean = program.column(0, np.inf, False, 1.0), np.full(len(used), -1 / len(used))
        for sign in (1.0, -1.0):
            program.row([*used, off], [*(sign * (mean + (used == cell))), -1.0], -np.inf, 0.0)
    add_rules(program, kept, money)
    found = program.solve(nodes, True)
    return None if found is None else np.maximum(found[0][:size] / money, 0).reshape(spend.shape)


def _closed(kept: Sequence[WeekRule]) -> list[int]:
    """Cells that some rule fixes at zero."""
    return [
        int(cell)
        for rule in kept
        for cells, values, _, high in rule.rows
        if high <= 0 and (values > 0).all()
        for cell in cells
    ]


def _most(curves: Curves, spend: Floats) -> Floats:
    return np.asarray(np.minimum(curves.observed, curves.grid[:, -1])[:, None] + np.zeros_like(spend))


def marginal(curves: Curves, lasting: CarryOver, spend: Floats) -> Floats:
    """Expected marginal outcome of each week by spend in each planned week, (channels, weeks + tail, weeks)."""
    steep = 0.5 * (lasting.slopes(curves, spend, 1) + lasting.slopes(curves, spend, -1))
    powers = (1 - lasting.retention)[:, :, None] * lasting.retention[:, :, None] ** np.arange(steep.shape[2])
    by_lag = np.einsum("dct,dcl->ctl", steep, powers) / len(steep)
    lag = np.arange(steep.shape[2])[:, None] - np.arange(lasting.weeks)
    return np.where(lag >= 0, np.take_along_axis(by_lag, np.maximum(lag, 0)[None], axis=2), 0.0)


def expected(curves: Curves, lasting: CarryOver, spend: Floats) -> float:
    """Expected outcome of the plan `spend` (channels, weeks), including its tail and carry-over from the past."""
    return float(lasting.value(curves, spend).sum(axis=(1, 2)).mean())


def _nearest(
    spend: Floats,
    most: Floats,
    kept: Sequence[WeekRule],
    nodes: int,
    slope: Floats | None = None,
    reach: float = np.inf,
) -> Floats | None:
    """Plan under the rules nearest to `spend`, or with `slope` the steepest ascent within `reach` times `most`."""
    money, size = unit(kept), spend.size
    program = Program(0)
    program.columns(size, 0, np.inf, False)
    program.row([0], [0.0], -np.inf, np.inf)
    if slope is None:
        off = program.columns(size, 0, np.inf, False, 1.0)
        for cell, amount in enumerate(spend.ravel()):
            program.row([cell, off[cell]], [1.0, -1.0], -np.inf, money * amount)
            program.row([cell, off[cell]], [1.0, 1.0], money * amount, np.inf)
    else:
        program.cost[:] = -slope.ravel() * scale(slope)
        program.lower = money * np.maximum(spend - reach * most, 0).ravel()
        program.upper = money * (spend + reach * most).ravel()
    add_rules(program, kept, money)
    found = program.solve(nodes, True)
    return None if found is None else np.maximum(found[0][:size] / money, 0).reshape(spend.shape)
