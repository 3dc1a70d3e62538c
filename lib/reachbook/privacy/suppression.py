"""Cell suppression: small counts of people are hidden, with as many others as it takes that no sum gives them away.

Notes
-----
Primary suppression hides the small cells and small margins. A lone hidden cell is what is left of its margin, so
complementary suppression hides further ones. A number is safe if the tables that fit all that is published let it range
over at least `minimum` people. Each unsafe one is made safe by the flow of people along rows and columns that raises
it by `minimum` and hides fewest people: the problem of Fischetti & Salazar (Management Science 47(7), 2001),
solved cell by cell.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

type Mask = npt.NDArray[np.bool_]
type Counts = npt.NDArray[np.int64]

_FREE = 1e-3
"""Cost of moving a person between cells that are hidden already, so that the shortest such flow is taken."""
_EMPTY = 1e3
"""Cost of hiding an empty cell, in largest cells: it tells of nobody, and goes only where nothing else protects."""
_TIE = 1e-6


@dataclass(frozen=True)
class Sums:
    """Numbers of people and how they add up.

    Attributes
    ----------
    people : int array (n,)
        Cells and margins; the last is the total, which is always published.
    equations : sparse array (m, n)
        Every row times `people` is 0.
    public : bool array (n,)
        Numbers that are published whatever they are; the total is among them.
    """

    people: Counts
    equations: sparse.csr_array
    public: Mask

    def bounds(self, hidden: Mask, place: int) -> tuple[float, float]:
        """Fewest and most people at a hidden place that fit everything that is shown.

        Parameters
        ----------
        hidden : bool array (n,)
            What is not published.
        """
        places = np.flatnonzero(hidden)
        parts = self.equations[:, places]
        left = parts @ self.people[places]
        aim = (places == place).astype(float)
        low, high = (linprog(sign * aim, A_eq=parts, b_eq=left, method="highs") for sign in (1, -1))
        return float(low.fun), float(-high.fun)

    def partners(self, hidden: Mask, place: int, more: int) -> Mask | None:
        """What must be hidden so that `more` people may be at `place`; None where nothing allows it.

        Returns
        -------
        bool array (n,) or None
            `place` itself is among it.
        """
        size = len(self.people)
        costs = np.where(self.people > 0, 1.0 + self.people, _EMPTY * (1.0 + self.people.max()))
        costs = np.where(hidden, _FREE, costs)
        limits = [(0.0, float("inf"))] * size + [(0.0, float(count)) for count in self.people]
        limits[place], limits[size + place] = (more, more), (0.0, 0.0)
        for told in np.flatnonzero(self.public):
            limits[told] = limits[size + told] = (0.0, 0.0)
        flows, still = sparse.hstack([self.equations, -self.equations]), np.zeros(self.equations.shape[0])
        found = linprog(np.tile(costs, 2), A_eq=flows, b_eq=still, bounds=limits, method="highs")
        if found.status != 0:
            return None
        moved: Mask = found.x.reshape(2, size).max(axis=0) > _TIE
        return moved


@dataclass(frozen=True)
class Suppressed:
    """What of a table to hide.

    Attributes
    ----------
    cells : bool array
        Like the counts.
    margins : tuple of bool array
        Sums by row and by column of a table of two dimensions; () of one dimension.
    total : bool
        Whether even the total must not be told: there are too few people to hide anybody among them.
    """

    cells: Mask
    margins: tuple[Mask, ...] = ()
    total: bool = False


def suppressed(
    counts: npt.ArrayLike,
    minimum: int,
    besides: Mask | None = None,
    public: tuple[bool, bool] = (False, False),
    least: int = 0,
) -> Suppressed:
    """Say which numbers of a table of people to hide.

    Parameters
    ----------
    counts : int array (n,) or (rows, columns)
        Distinct people in each cell, none below 0; a person is in one cell. All sums count as published unless they
        are hidden, for readers can work them out.
    minimum : int
        Numbers of 1 to `minimum` - 1 people are hidden.
    besides : bool array like `counts`, or None
        Cells that are to be hidden for another reason; the sum of a row or column of which all are is hidden, too.
    public : tuple of (bool, bool)
        Whether sums by row, and by column, of a table of two dimensions are known to readers whatever they are.
    least : int
        Fewest people that readers know to be in each cell of a table of one dimension.
    """
    counts = np.asarray(counts, dtype=np.int64)
    also = np.zeros(counts.shape, dtype=bool) if besides is None else np.asarray(besides, dtype=bool)
    if counts.ndim == 2:
        sums, also = _in_two_ways(counts, public, also), _with_margins(also)
        people = sums.people
    else:
        sums, also = _in_one_way(counts - least), np.append(also, False)
        people = np.append(counts, counts.sum())
    hidden = (people > 0) & (people < minimum)
    hidden[:-1] &= ~sums.public[:-1]
    hidden |= also
    safe: set[int] = set()
    while not hidden[-1] and (unsafe := [int(at) for at in np.flatnonzero(hidden) if int(at) not in safe]):
        low, high = sums.bounds(hidden, unsafe[0])
        if high - low < minimum - _TIE:
            partners = sums.partners(hidden, unsafe[0], minimum)
            hidden = np.ones_like(hidden) if partners is None else hidden | partners
        safe.add(unsafe[0])
    return _told(np.ones_like(hidden) if hidden[-1] else hidden, counts.shape)


def _in_one_way(counts: Counts) -> Sums:
    """Cells that add up to a total."""
    equation = sparse.csr_array(np.append(np.ones(len(counts)), -1.0)[None])
    return Sums(np.append(counts, counts.sum()), equation, np.arange(len(counts) + 1) == len(counts))


def _in_two_ways(counts: Counts, public: tuple[bool, bool], besides: Mask) -> Sums:
    """Cells that add up to a margin of rows and a margin of columns, and both to a total; flattened by row."""
    rows, columns = counts.shape
    whole = np.vstack([np.column_stack([counts, counts.sum(axis=1)]), np.append(counts.sum(axis=0), counts.sum())])
    row, column = (np.append(np.ones(n), -1.0)[None] for n in (columns, rows))
    by_row = sparse.kron(sparse.eye_array(rows + 1), row)
    by_column = sparse.kron(column, sparse.eye_array(columns + 1))
    told = np.zeros(whole.shape, dtype=bool)
    told[:-1, -1], told[-1, :-1], told[-1, -1] = *public, True
    return Sums(whole.ravel(), sparse.vstack([by_row, by_column]).tocsr(), told.ravel() & ~_with_margins(besides))


def _with_margins(cells: Mask) -> Mask:
    """Cells of two dimensions with the margins of those lines that are among them as a whole; flattened by row."""
    lines = np.column_stack([cells, cells.all(axis=1)])
    return np.append(lines.ravel(), [*cells.all(axis=0), False])


def _told(hidden: Mask, shape: tuple[int, ...]) -> Suppressed:
    if len(shape) == 1:
        return Suppressed(hidden[:-1], total=bool(hidden[-1]))
    whole = hidden.reshape(shape[0] + 1, shape[1] + 1)
    return Suppressed(whole[:-1, :-1], (whole[:-1, -1], whole[-1, :-1]), bool(whole[-1, -1]))
