"""A linear or mixed-integer program under construction, solved by HiGHS (Huangfu & Hall 2018) through SciPy."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csc_array

from reachbook.arrays import Floats, Indices
from reachbook.budget.optimize.silent import silent

_SIZE = 1000.0
"""Largest amount after scaling: HiGHS allows an error of 1e-7 in a row, thus a relative one of 1e-10."""
_EXACT = 1e-7
"""Relative gap that the solver aims at; `Rules.gap` is what it must reach."""


def scale(amounts: Floats) -> float:
    """Factor that brings the largest of `amounts` to a size that suits the solver."""
    largest = float(np.abs(amounts).max())
    return _SIZE / largest if largest else 1.0


class Program:
    """A program under construction: minimise cost @ x subject to bounds, rows and integrality."""

    def __init__(self, count: int) -> None:
        self.cost = np.zeros(count)
        self.lower, self.upper = np.zeros(count), np.ones(count)
        self.whole = np.zeros(count, dtype=bool)
        self.entries: list[tuple[Floats, Indices, Floats]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def columns(self, count: int, lower: float, upper: float, whole: bool, cost: float = 0.0) -> Indices:
        """Add `count` variables; their indices, index array (count,)."""
        first = len(self.cost)
        self.cost, self.whole = np.r_[self.cost, np.full(count, cost)], np.r_[self.whole, np.full(count, whole)]
        self.lower, self.upper = np.r_[self.lower, np.full(count, lower)], np.r_[self.upper, np.full(count, upper)]
        return np.arange(first, first + count)

    def column(self, lower: float, upper: float, whole: bool, cost: float = 0.0) -> int:
        """Add a variable; its index."""
        return int(self.columns(1, lower, upper, whole, cost)[0])

    def row(self, at: npt.ArrayLike, values: npt.ArrayLike, low: float, high: float) -> None:
        """Add the constraint low <= values @ x[at] <= high."""
        where = np.asarray(at, dtype=np.intp)
        self.entries.append((np.full(len(where), len(self.low)), where, np.asarray(values, float)))
        self.low.append(low)
        self.high.append(high)

    def solve(self, nodes: int, whole: bool) -> tuple[Floats, float] | None:
        """Solve the program.

        Parameters
        ----------
        nodes : int
            Node limit.
        whole : bool
            Whether integrality holds; otherwise the relaxation is solved.

        Returns
        -------
        tuple of (float array (variables,), float) or None
            Minimiser and lower bound on the cost; None if no solution was found.
        """
        matrix = self._matrix()
        with silent():
            found = milp(
                self.cost,
                integrality=self.whole.astype(int) if whole else None,
                bounds=Bounds(self.lower, self.upper),
                constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
                options={"mip_rel_gap": _EXACT, "node_limit": nodes},
            )
        if found.x is None:
            return None
        bound = found.fun if found.mip_dual_bound is None or not self.whole.any() or not whole else found.mip_dual_bound
        return found.x, float(bound)

    def _matrix(self) -> csc_array:
        at, where, values = (np.concatenate([entry[i] for entry in self.entries]) for i in range(3))
        return coo_array((values, (at, where)), shape=(len(self.low), len(self.cost))).tocsc()
