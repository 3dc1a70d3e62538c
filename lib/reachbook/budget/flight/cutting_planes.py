"""Proof of a weekly plan for concave curves whose draws differ in retention, by cutting planes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.flight.carryover import CarryOver
from reachbook.budget.flight.polish import expected, marginal
from reachbook.budget.flight.rules import FlightRules, WeekRule
from reachbook.budget.flight.search import add_rules, unit
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.milp import Program, scale

_ROUNDS = 20
_LEVELS = np.linspace(0.05, 1, 12)
"""Constant spends, as ratios of the largest observed one, at which planes are computed at the start."""
_SMALL = 1e-6
"""Share of a plane's steepest slope below which a slope is dropped and its largest effect is added to the level."""


@dataclass(frozen=True)
class _Planes:
    """Upper bounds on the outcome of each channel and week: level + slope @ the channel's spends.

    Attributes
    ----------
    level : float array (channels, weeks + tail)
        Intercepts.
    slope : float array (channels, weeks + tail, weeks)
        Slopes.
    """

    level: Floats
    slope: Floats


def by_planes(
    curves: Curves, lasting: CarryOver, kept: Sequence[WeekRule], rules: FlightRules, spend: Floats
) -> tuple[Floats, float]:
    """Best plan over all draws, starting from `spend` (channels, weeks), and an upper bound on any plan.

    Notes
    -----
    The outcome of one channel in one week is concave in the channel's spends up to then, so no plan exceeds any tangent
    plane. One plane for each channel and week at each plan, rather than one for the sum, closes the gap in few rounds.

    References
    ----------
    Birge & Louveaux (1988), "A multicut algorithm for two-stage stochastic linear programs".
    """
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
    """Tangent planes at `spend`."""
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
    """Plan that maximises the sum of the planes' minima, and that maximum; None if there is none."""
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
    add_rules(program, kept, money)
    found = program.solve(nodes, True)
    if found is None:
        return None
    return np.maximum(found[0][: count * weeks] / money, 0).reshape(count, weeks), -found[1] / worth
