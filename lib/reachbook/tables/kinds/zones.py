"""Clocks of time zones: wall time to instants and back, by the rules of the standard library."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from reachbook.tables.kinds.cells import Mask

Micros = npt.NDArray[np.int64]

DAY = 86_400_000_000
"""Microseconds of a day."""
_BLOCK = 1 << 16
_SPAN = 200_000
"""Days within which a table of all of them is quicker than sorting."""


def from_utc(utc: Micros, zone: str) -> Micros:
    """Instants as wall time of `zone`, microseconds, shape kept."""
    wall = _shift(utc, zone)
    wall += utc
    return wall


def to_utc(wall: Micros, zone: str) -> tuple[Micros, Mask, Mask]:
    """Wall time of `zone` as instants, and which of them happened twice or never."""
    early, late = wall - _shift(wall - DAY, zone), wall - _shift(wall + DAY, zone)
    fits_early, fits_late = from_utc(early, zone) == wall, from_utc(late, zone) == wall
    return np.where(fits_early, early, late), fits_early & fits_late & (early != late), ~fits_early & ~fits_late


def _shift(utc: Micros, zone: str) -> Micros:
    """Microseconds that `zone` is ahead of UTC at each instant; asked once a day, each time where it changes.

    PyArrow's own functions are five times as fast, but know no summer time after 2037 on some systems, and no zone at
    all where the system has no files of them: see findings/pyarrow_summer_time_ends.sh.
    """
    days, place = _days(utc)
    start = np.asarray([_ahead(int(day) * DAY, zone) for day in days], dtype=np.int64)
    end = np.asarray([_ahead((int(day) + 1) * DAY - 1, zone) for day in days], dtype=np.int64)
    changes = days[start != end]
    out = np.empty(len(utc), np.int64)
    for block in _blocks(utc):
        each = utc[block] // DAY
        out[block] = start[place(each)]
        for day in changes:
            rows = np.flatnonzero(each == day) + block.start
            out[rows] = [_ahead(int(value), zone) for value in utc[rows]]
    return out


def _blocks(utc: Micros) -> Iterator[slice]:
    """Parts of a column that stay in the processor's cache."""
    return (slice(start, start + _BLOCK) for start in range(0, len(utc), _BLOCK))


def _days(utc: Micros) -> tuple[Micros, Callable[[Micros], npt.NDArray[np.intp]]]:
    """Distinct days in order, and how to find the positions of days among them."""
    low, high = (int(utc.min()) // DAY, int(utc.max()) // DAY) if len(utc) else (0, 0)
    if high - low >= max(len(utc), _SPAN):
        days = np.unique(utc // DAY)
        return days, lambda each: np.searchsorted(days, each)
    there = np.zeros(high - low + 1, dtype=bool)
    for block in _blocks(utc):
        there[utc[block] // DAY - low] = True
    positions = np.cumsum(there) - 1
    return np.flatnonzero(there).astype(np.int64) + low, lambda each: positions[each - low]


def _ahead(micros: int, zone: str) -> int:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    shift = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return shift // timedelta(microseconds=1)


def wall_now(now: datetime, zone: str) -> datetime:
    """`now` on the wall clock of `zone`, naive."""
    return now if now.tzinfo is None else now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
