"""Rows of a table by slot (day or week) and by part (platform, arm, unit, channel or region)."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from reachbook import query
from reachbook.arrays import Floats
from reachbook.quality.layout import Subject
from reachbook.translation import tr

SQL = Path(__file__).parent
MOST_PARTS = 12
"""Parts that are watched one by one, the largest first; of more, only the table as a whole is."""


@dataclass(frozen=True)
class Rows:
    """Rows of one table over the slots in which it could have some.

    Attributes
    ----------
    first, last : date
        First and last day that has a row.
    slots : DatetimeIndex (slots,)
        First day of each slot.
    total : float64 array (slots,)
        Rows of all parts.
    parts : dict of str to float64 array (slots,)
        Rows of each part that is watched; empty where there is one part only.
    measure : float64 array (slots,) or None
        Sum of the measure over all parts; None where rows themselves are counted.
    members : int
        Number of parts.
    """

    subject: Subject
    first: date
    last: date
    slots: pd.DatetimeIndex
    total: Floats
    parts: dict[str, Floats]
    measure: Floats | None
    members: int

    @property
    def season(self) -> int:
        """Slots after which a weekday comes back."""
        return 7 // self.subject.layout.step

    @property
    def noun(self) -> str:
        """A slot in a word."""
        return self.subject.layout.noun


def measured(rows: Rows) -> str:
    """What is counted or added up in each slot, as text."""
    measure = rows.subject.layout.measure
    return tr(measure) if measure else tr("number of rows")


def rows(subject: Subject, start: date, end: date) -> Rows | None:
    """Count the rows of a table, events only from `start` to `end`; None where none has a day."""
    layout, source = subject.layout, {"source": subject.path}
    seen = span(subject, None if layout.grid else start, end)
    if seen is None:
        return None
    first, last = _range(subject, *seen, start, end)
    given = {"time": layout.time, "parts": subject.parts, "step": layout.step, "measure": layout.measure}
    given |= {"first": first, "last": last}
    parts = query.run(SQL / "parts.sql", source, given)["part"].tolist()
    watched = _watched(parts, layout.grid)
    long = query.run(SQL / "rows.sql", source, given | {"watched": watched})
    slots = pd.date_range(first, last, freq=f"{layout.step}D")
    total, measure = (_series(long, column, len(slots)) for column in ("rows", "measure"))
    by_part = {part: _series(long[long["part"] == part], "rows", len(slots)) for part in watched}
    return Rows(subject, *seen, slots, total, by_part, measure if layout.measure else None, len(parts))


def span(subject: Subject, start: date | None, end: date) -> tuple[date, date] | None:
    """First and last day with a row, in the period or, with `start` None, of all; None where no row has a day."""
    if not subject.timed or not subject.rows:
        return None
    given = {"time": subject.layout.time, "start": start, "end": end}
    found = query.run(SQL / "span.sql", {"source": subject.path}, given).iloc[0]
    return (found["first"].date(), found["last"].date()) if found["dated"] else None


def _watched(parts: list[str], grid: bool) -> list[str]:
    """Parts that are watched: none of one, and of many the largest, or none of a grid, whose whole tells enough."""
    if len(parts) < 2 or (grid and len(parts) > MOST_PARTS):
        return []
    return parts[:MOST_PARTS]


def _range(subject: Subject, first: date, last: date, start: date, end: date) -> tuple[date, date]:
    """First and last day in which a table could have a row: the period's, where it should run through it."""
    layout = subject.layout
    if layout.grid:
        whole = first + timedelta(days=((end - first).days + 1) // layout.step * layout.step - 1)
        return first, max(last, whole) if layout.tail else last
    return (start if layout.head else first), (end if layout.tail else last)


def _series(long: pd.DataFrame, column: str, slots: int) -> Floats:
    values = np.zeros(slots)
    np.add.at(values, long["slot"].to_numpy(dtype=np.int64), long[column].to_numpy(dtype=np.float64))
    return values
