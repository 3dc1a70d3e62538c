"""Rounding of a weekly plan to packages."""

from collections.abc import Mapping, Sequence

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.flight.rules import WeekRule
from reachbook.budget.flight.search import add_rules, unit
from reachbook.budget.optimize.milp import Program

_OTHERS = 10.0
"""Weight of deviations of channels without packages, relative to that of channels with them."""


def packed(spend: Floats, kept: Sequence[WeekRule], sizes: Mapping[int, float], nodes: int) -> Floats | None:
    """Plan that buys an integer number of packages and otherwise stays close to `spend`.

    Distance is in cumulative spend for channels with packages, so that packages are spread as evenly as the money was,
    and in weekly spend for the others.

    Parameters
    ----------
    spend : float array (channels, weeks)
        Plan with divisible packages, in money.
    kept : sequence of WeekRule
        Constraints.
    sizes : mapping of int to float
        Price of a package, by row of `spend`.
    nodes : int
        Node limit.

    Returns
    -------
    float array (channels, weeks) or None
        None if no such plan was found.
    """
    money, weeks = unit(kept), spend.shape[1]
    program = Program(0)
    cells = program.columns(spend.size, 0, np.inf, False).reshape(spend.shape)
    for c, row in enumerate(cells):
        amounts = money * (np.cumsum(spend[c]) if c in sizes else spend[c])
        bought = program.columns(weeks if c in sizes else 0, 0, np.inf, True)
        for t, cell in enumerate(row):
            near, cost = (row[: t + 1], 1.0) if c in sizes else (row[t : t + 1], _OTHERS)
            off = program.column(0, np.inf, False, cost)
            for sign in (1.0, -1.0):
                program.row([*near, off], [*np.full(len(near), sign), -1.0], -np.inf, sign * amounts[t])
            if c in sizes:
                program.row([cell, bought[t]], [1.0, -money * sizes[c]], 0, 0)
    add_rules(program, kept, money)
    found = program.solve(nodes, True)
    if found is None:
        return None
    made = np.maximum(found[0][: spend.size] / money, 0).reshape(spend.shape)
    for c, size in sizes.items():
        made[c] = np.round(made[c] / size) * size
    return made
