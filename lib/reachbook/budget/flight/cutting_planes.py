"""The proof of a plan by week where every draw has its own retention and its own concave curves.

The outcome of one channel in one week is concave in that channel's spends up to then, so that no plan exceeds the
plane that touches it anywhere. One plane for each channel and week at each plan looked at, rather than one for the sum
(Birge & Louveaux 1988, "A multicut algorithm for two-stage stochastic linear programs"), closes it in few rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.flight.carryover import CarryOver
from reachbook.budget.flight.polish import expected, marginal
from reachbook.budget.flight.rules import FlightRules, WeekRule
from reachbook.budget.flight.search import keep, unit
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.milp import Program, scale

_ROUNDS = 20
_LEVELS = np.linspace(0.05, 1, 12)
"""Spends, alike in all weeks, as parts of the largest one seen, whose planes are known from the start."""
_SMALL = 1e-6
"""Part of a plane's steepest slope below which a slope is left out, and its most added to the plane instead."""


@dataclass(frozen=True)
class _Planes:
    """Each channel's outcome in each week is at most level + slope @ its spends.

    level : (channels, length). slope : (channels, length, weeks).
    """

    level: Floats
    slope: Floats


def by_planes(
    curves: Curves, lasting: CarryOver, kept: Sequence[WeekRule], rules: FlightRules, spend: Floats
) -> tuple[Floats, float]:
    """The best plan (channels, weeks) over all draws from `spend` on, and what no plan can exceed."""
    most = np.minimum(curves.observed, curves.grid[:, -1])
    even = np.repeat(most[:, None], lasting.weeks, axis=1)
    planes = [_planes(curves, lasting, each) for each in (spend, *(level * even for level in _LEVELS))]
    value, bound = expected(curves, lasting, spend), np.inf
    between = (1.0,) if any(rule.smallest for rule in kept) else (1.0, 0.5)
    for _ in range(_ROUNDS):
        found = _highest(planes, kept, rules.nodes, scale(curves.response.mean(axis=0)))
        if found is None:
            break
        bound = min(bound, found[1])
        tried = [spend + part * (found[0] - spend) for part in between]
        values = [expected(curves, lasting, each) for each in tried]
        best = int(np.argmax(values))
        if values[best] > value:
            spend, value = tried[best], values[best]
        if bound - value <= 0.1 * rules.gap * abs(value):
            break
        planes += [_planes(curves, lasting, each) for each in tried]
    return spend, bound


def _planes(curves: Curves, lasting: CarryOver, spend: Floats) -> _Planes:
    """Those that touch the outcome at `spend`."""
    reached = lasting.value(curves, spend).mean(axis=0)
    slope = marginal(curves, lasting, spend)
    small = slope < _SMALL * slope.max()
    left_out = np.where(small, slope, 0.0) * np.maximum(curves.grid[:, -1:] - spend, 0)[:, None, :]
    kept = np.where(small, 0.0, slope)
    level = reached - np.einsum("ctw,cw->ct", kept, spend) + left_out.sum(axis=2)
    return _Planes(level, kept)


def _highest(
    planes: Sequence[_Planes], kept: Sequence[WeekRule], nodes: int, worth: float
) -> tuple[Floats, float] | None:
    """The plan that is highest below all planes, and how high."""
    money, (count, length, weeks) = unit(kept), planes[0].slope.shape
    program = Program(0)
    program.columns(count * weeks, 0, np.inf, False)
    outcome = program.columns(count * length, -np.inf, np.inf, False, -1.0).reshape(count, length)
    for plane in planes:
        for c, t in np.ndindex(count, length):
            at = np.flatnonzero(plane.slope[c, t])
            slope = -worth / money * plane.slope[c, t, at]
            level = worth * float(plane.level[c, t])
            program.row(np.r_[c * weeks + at, outcome[c, t]], np.r_[slope, 1.0], -np.inf, level)
    keep(program, kept, money)
    found = program.solve(nodes, True)
    if found is None:
        return None
    return np.maximum(found[0][: count * weeks] / money, 0).reshape(count, weeks), -found[1] / worth
