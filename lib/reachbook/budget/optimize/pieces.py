"""One channel as a solver sees it: points of spend, outcome and price, in pieces on which mixing points is exact.

On a piece the price is linear, and where the outcome is concave in spend the best mix of its points with a given spend
is that of the two neighbours: the curve itself. Where it is not, a mix is an upper bound, and the search cuts the piece
when a plan stands there. An S-shape is two pieces to begin with, of which a plan takes one; so are
"nothing, or at least so much" and the tiers of a rebate. A channel with one piece needs no whole-number variable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import read
from reachbook.budget.optimize.rules import Rebate

_TOLERANCE = 1e-9
"""Slopes that differ by less, relative to the steepest, count as equal."""


@dataclass(frozen=True)
class Piece:
    """Points `first` to `last` (both included) of a line; the price is offset + rate * spend."""

    first: int
    last: int
    offset: float
    rate: float


@dataclass(frozen=True)
class CurvePieces:
    """spend (points,), outcome (draws, points) of one channel, and the pieces of which a plan takes one."""

    spend: Floats
    outcome: Floats
    pieces: tuple[Piece, ...]

    def split(self, piece: int, spend: float) -> "CurvePieces":
        """The same line with `piece` cut around `spend`, so that only the neighbours of `spend` are mixed there."""
        old = self.pieces[piece]
        right = int(np.clip(np.searchsorted(self.spend, spend), old.first + 1, old.last))
        cuts = sorted({old.first, right - 1, right, old.last})
        parts = [replace(old, first=a, last=b) for a, b in pairwise(cuts)]
        return replace(self, pieces=self.pieces[:piece] + tuple(parts) + self.pieces[piece + 1 :])


@dataclass(frozen=True)
class SpendDomain:
    """Where a channel's spend may lie: low..high, and zero too if `off`; `marks` are spends that must be points."""

    low: float
    high: float
    off: bool
    marks: tuple[float, ...]


def line(grid: Floats, response: Floats, domain: SpendDomain, rebate: Rebate | None) -> CurvePieces:
    """The curve of one channel, response (draws, points) on grid (points,), on its domain; flat beyond the grid."""
    tiers = _tiers(rebate)
    inner = [*grid, *domain.marks, *(start for start, *_ in tiers)]
    spend = np.unique([s for s in inner if domain.low < s < domain.high] + [domain.low, domain.high])
    apart = domain.off and domain.low > 0
    if apart:
        spend = np.r_[0.0, spend]
    outcome = read(grid, response, spend)
    pieces = [Piece(0, 0, 0.0, 1.0)] if apart else []
    for start, stop, offset, rate in tiers:
        first = max(int(np.searchsorted(spend, start)), int(apart))
        last = int(np.searchsorted(spend, stop, side="right")) - 1
        if first <= last:
            pieces += [Piece(a, b, offset, rate) for a, b in _blocks(spend, outcome.mean(axis=0), first, last)]
    return CurvePieces(spend, outcome, tuple(pieces))


def price(rebate: Rebate | None, spend: float) -> float:
    """Money paid for `spend` at list price, in money."""
    paid = [offset + rate * spend for start, _, offset, rate in _tiers(rebate) if start <= spend * (1 + 1e-12)]
    return min(paid, default=0.0)


def paid(rebates: Mapping[str, Rebate], channels: Sequence[str], spend: Floats) -> Floats:
    """Money paid for `spend` at list price, (channels,)."""
    return np.array([price(rebates.get(name), float(x)) for name, x in zip(channels, spend, strict=True)])


def _tiers(rebate: Rebate | None) -> list[tuple[float, float, float, float]]:
    """From where to where which offset and rate hold."""
    made = [(0.0, np.inf, 0.0, 1.0)]
    for tier in rebate.tiers if rebate else ():
        start, _, offset, rate = made[-1]
        made[-1] = (start, tier.above, offset, rate)
        below = 0.0 if rebate and rebate.on == "whole" else offset + (rate - 1 + tier.rebate) * tier.above
        made.append((tier.above, np.inf, below, 1 - tier.rebate))
    return made


def _blocks(spend: Floats, mean: Floats, first: int, last: int) -> list[tuple[int, int]]:
    """Concave runs, with neighbouring ones of a single step taken together: where an S-shape bends upward.

    A best plan seldom stands there; where one does, the search cuts the block around it.
    """
    blocks: list[tuple[int, int]] = []
    for single, runs in groupby(concave_runs(spend, mean, first, last), key=lambda run: run[1] - run[0] == 1):
        group = list(runs)
        blocks += [(group[0][0], group[-1][1])] if single else group
    return blocks


def concave_runs(spend: Floats, mean: Floats, first: int, last: int) -> list[tuple[int, int]]:
    """The longest runs of points, from the left, on which `mean` is concave."""
    if first == last:
        return [(first, first)]
    slopes = np.diff(mean[first : last + 1]) / np.diff(spend[first : last + 1])
    rises = np.flatnonzero(np.diff(slopes) > _TOLERANCE * np.abs(slopes).max()) + first + 1
    ends = [first, *(int(point) for point in rises), last]
    return list(pairwise(ends))
