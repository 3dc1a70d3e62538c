"""From a plan by week to the best one near it: small steps along the slope of the outcome, each a linear program."""

from collections.abc import Sequence

import numpy as np

from reachbook.budget.adstock import Carry
from reachbook.budget.curves import Curves, Floats
from reachbook.budget.flightrules import WeekRule
from reachbook.budget.flightsearch import keep, unit
from reachbook.budget.program import Program, scale

_STEPS = 60
_FIRST, _LAST = 0.1, 1e-4
"""Largest change of a week, as a part of the largest week seen, at the start and where the steps end."""


def polished(curves: Curves, lasting: Carry, kept: Sequence[WeekRule], nodes: int, spend: Floats) -> Floats | None:
    """A plan that keeps the rules, near `spend` (channels, weeks), and from which no small step leads up.

    None where no plan keeps the rules.
    """
    most = np.minimum(curves.observed, curves.grid[:, -1])[:, None] + np.zeros_like(spend)
    near = _nearest(spend, most, kept, nodes)
    if near is None:
        return None
    spend, value, reach = near, expected(curves, lasting, near), _FIRST
    for _ in range(_STEPS):
        slope = marginal(curves, lasting, spend).sum(axis=1)
        step = _nearest(spend, most, kept, nodes, slope, reach)
        risen = -np.inf if step is None else expected(curves, lasting, step)
        if step is not None and risen > value * (1 + 1e-9):
            spend, value, reach = step, risen, min(2 * reach, 0.5)
        else:
            reach /= 2
        if reach < _LAST:
            break
    return spend


def marginal(curves: Curves, lasting: Carry, spend: Floats) -> Floats:
    """Expected outcome of each week and of the tail by one more unit of spend earlier: (channels, length, weeks)."""
    steep = 0.5 * (lasting.slopes(curves, spend, 1) + lasting.slopes(curves, spend, -1))
    powers = (1 - lasting.retention)[:, :, None] * lasting.retention[:, :, None] ** np.arange(steep.shape[2])
    by_lag = np.einsum("dct,dcl->ctl", steep, powers) / len(steep)
    lag = np.arange(steep.shape[2])[:, None] - np.arange(lasting.weeks)
    return np.where(lag >= 0, np.take_along_axis(by_lag, np.maximum(lag, 0)[None], axis=2), 0.0)


def expected(curves: Curves, lasting: Carry, spend: Floats) -> float:
    """Expected outcome of a plan, its tail and what the past carries in included."""
    return float(lasting.value(curves, spend).sum(axis=(1, 2)).mean())


def _nearest(
    spend: Floats,
    most: Floats,
    kept: Sequence[WeekRule],
    nodes: int,
    slope: Floats | None = None,
    reach: float = np.inf,
) -> Floats | None:
    """The plan under the rules that is nearest, or within `reach` of `most` the one that goes furthest up `slope`."""
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
    keep(program, kept, money)
    found = program.solve(nodes, True)
    return None if found is None else np.maximum(found[0][:size] / money, 0).reshape(spend.shape)
