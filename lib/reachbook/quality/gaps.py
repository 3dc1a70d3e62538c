"""Gaps: slots without rows that chance does not explain, and cells that a grid lacks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Flags, Floats
from reachbook.quality.noise import moments
from reachbook.quality.rows import Rows
from reachbook.translation import tr, trn


@dataclass(frozen=True)
class Gap:
    """A run of slots without the rows that were to be expected.

    Attributes
    ----------
    part : str
        The part that lacks them; "" for the whole table.
    first, last : int
        First and last slot, both included.
    missing : float
        Rows to be expected there.
    """

    part: str
    first: int
    last: int
    missing: float

    @property
    def slots(self) -> int:
        """Number of slots."""
        return self.last - self.first + 1


def gaps(rows: Rows, level: float) -> list[Gap]:
    """Find the gaps of a table, those of its parts only where the table as a whole has none.

    Parameters
    ----------
    level : float
        Chance of any gap where all that is missing is missing by chance; not used for grids, which lack a cell or do
        not.
    """
    find = _cells if rows.subject.layout.grid else _unlikely
    whole = _named(rows, "", *find(rows.total, rows, level, rows.members))
    there = np.ones(len(rows.slots), dtype=bool)
    for gap in whole:
        there[gap.first : gap.last + 1] = False
    return whole + [gap for part, counts in rows.parts.items() for gap in _of_part(rows, part, counts, there, level)]


def _of_part(rows: Rows, part: str, counts: Floats, there: Flags, level: float) -> list[Gap]:
    """Gaps of one part outside those of the whole table."""
    find = _cells if rows.subject.layout.grid else _unlikely
    inside = np.flatnonzero(there)
    if not len(inside):
        return []
    empty, expected = np.zeros(len(there), dtype=bool), np.zeros(len(there))
    empty[inside], expected[inside] = find(counts[inside], rows, level, 1)
    return _named(rows, part, empty, expected)


def _named(rows: Rows, part: str, empty: Flags, expected: Floats) -> list[Gap]:
    return [Gap(part, first, last, float(expected[first : last + 1].sum())) for first, last in runs(empty)]


def _cells(counts: Floats, rows: Rows, level: float, members: int) -> tuple[Flags, Floats]:
    """Slots of a grid that lack a cell; of the whole those that lack all, unless its parts are too many to watch."""
    short = counts == 0 if rows.parts or members == 1 else counts < members
    return short, np.where(short, members - counts, 0.0)


def _unlikely(counts: Floats, rows: Rows, level: float, members: int) -> tuple[Flags, Floats]:
    """Empty slots whose run has a chance below `level`, divided among all slots and parts at which one could begin.

    Notes
    -----
    Of a run that begins in a given slot, the chance of being as unlikely as p is at most p, so that Bonferroni's bound
    over its beginnings holds for runs of every length.
    """
    expected, dispersion = moments(counts, rows.season)
    none = -np.log1p(dispersion * expected) / dispersion
    limit = np.log(level / len(counts) / (1 + len(rows.parts)))
    empty = np.zeros(len(counts), dtype=bool)
    for first, last in runs(counts == 0):
        empty[first : last + 1] = none[first : last + 1].sum() < limit
    return empty, expected


def runs(flags: Flags) -> Iterator[tuple[int, int]]:
    """First and last place of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return ((int(first), int(last) - 1) for first, last in edges.reshape(-1, 2))


def length(rows: Rows, slots: int, part: str = "") -> str:
    """A number of slots, of the whole table or of one part, as text."""
    whole = trn("{n} week", "{n} weeks", slots) if rows.noun == "week" else trn("{n} day", "{n} days", slots)
    return tr("{length} of {part}", length=whole, part=tr(part)) if part else whole


def table(rows: Rows, found: list[Gap]) -> pd.DataFrame:
    """The gaps with their days: table, part, first, last, slots, missing."""
    step = pd.Timedelta(days=rows.subject.layout.step - 1)
    return pd.DataFrame(
        {
            "table": [rows.subject.name] * len(found),
            "part": [gap.part or "all" for gap in found],
            "first": [f"{rows.slots[gap.first]:%Y-%m-%d}" for gap in found],
            "last": [f"{rows.slots[gap.last] + step:%Y-%m-%d}" for gap in found],
            "length": [length(rows, gap.slots) for gap in found],
            "missing": [gap.missing for gap in found],
        }
    )
