"""Piecewise linear curves of single channels, in pieces on which a convex combination of points is exact."""

from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import read
from reachbook.budget.optimize.rebates import tiers
from reachbook.budget.optimize.rules import Rebate

_TOLERANCE = 1e-9
"""Relative difference, to the steepest, below which slopes count as equal."""


@dataclass(frozen=True)
class Piece:
    """Points `first` to `last`, inclusive, of a curve; money paid there is offset + rate * spend."""

    first: int
    last: int
    offset: float
    rate: float


@dataclass(frozen=True)
class CurvePieces:
    """Curve of one channel and its pieces, of which a plan chooses one.

    Attributes
    ----------
    spend : float array (points,)
        Spend at list price, in money.
    outcome : float array (draws, points)
        Outcome.
    pieces : tuple of Piece
        Pieces.

    Notes
    -----
    Money paid is linear on a piece. Where the outcome is concave in spend, the best convex combination with a given
    spend mixes the two neighbouring points, which is the curve itself; elsewhere it is an upper bound, and the search
    splits the piece if a plan lies there. An S-shape starts as two pieces, as do "nothing or at least this much" and
    rebate tiers. A channel with one piece needs no integer variable.
    """

    spend: Floats
    outcome: Floats
    pieces: tuple[Piece, ...]

    def split(self, piece: int, spend: float) -> "CurvePieces":
        """The curve with `piece` split around `spend`, so that only the neighbours of `spend` are mixed there."""
        old = self.pieces[piece]
        right = int(np.clip(np.searchsorted(self.spend, spend), old.first + 1, old.last))
        cuts = sorted({old.first, right - 1, right, old.last})
        parts = [replace(old, first=a, last=b) for a, b in pairwise(cuts)]
        return replace(self, pieces=self.pieces[:piece] + tuple(parts) + self.pieces[piece + 1 :])


@dataclass(frozen=True)
class SpendDomain:
    """Feasible spend of a channel: `low` to `high`, and also zero if `off`; `marks` are spends that must be points."""

    low: float
    high: float
    off: bool
    marks: tuple[float, ...]


def line(grid: Floats, response: Floats, domain: SpendDomain, rebate: Rebate | None) -> CurvePieces:
    """Curve of one channel restricted to its domain, in pieces; constant beyond the grid.

    Parameters
    ----------
    grid : float array (points,)
        Spends, in money.
    response : float array (draws, points)
        Outcome.
    domain : SpendDomain
        Feasible spend.
    rebate : Rebate or None
        Rebate tiers.
    """
    steps = tiers(rebate)
    inner = [*grid, *domain.marks, *(start for start, *_ in steps)]
    spend = np.unique([s for s in inner if domain.low < s < domain.high] + [domain.low, domain.high])
    apart = domain.off and domain.low > 0
    if apart:
        spend = np.r_[0.0, spend]
    outcome = read(grid, response, spend)
    pieces = [Piece(0, 0, 0.0, 1.0)] if apart else []
    for start, stop, offset, rate in steps:
        first = max(int(np.searchsorted(spend, start)), int(apart))
        last = int(np.searchsorted(spend, stop, side="right")) - 1
        if first <= last:
            pieces += [Piece(a, b, offset, rate) for a, b in _blocks(spend, outcome.mean(axis=0), first, last)]
    return CurvePieces(spend, outcome, tuple(pieces))


def _blocks(spend: Floats, mean: Floats, first: int, last: int) -> list[tuple[int, int]]:
    """Concave runs as (first, last), with adjacent single-step runs merged: these occur where an S-shape is convex.

    An optimal plan seldom lies there; if one does, the search splits the block around it.
    """
    blocks: list[tuple[int, int]] = []
    for single, runs in groupby(concave_runs(spend, mean, first, last), key=lambda run: run[1] - run[0] == 1):
        group = list(runs)
        blocks += [(group[0][0], group[-1][1])] if single else group
    return blocks


def concave_runs(spend: Floats, mean: Floats, first: int, last: int) -> list[tuple[int, int]]:
    """Maximal runs (first, last) of points, from the left, where `mean` (points,) is concave in `spend` (points,)."""
    if first == last:
        return [(first, first)]
    slopes = np.diff(mean[first : last + 1]) / np.diff(spend[first : last + 1])
    rises = np.flatnonzero(np.diff(slopes) > _TOLERANCE * np.abs(slopes).max()) + first + 1
    ends = [first, *(int(point) for point in rises), last]
    return list(pairwise(ends))
