"""Detect rows that are sums of the rows above or below them, as by day, month or shop, and say so nowhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reachbook.tables.contract import Contract
from reachbook.tables.suspicions.totals import FEW_STEPS, OTHERS, Numbers, Total, numbers_of, step_of

_MOST_ROWS = 1_000_000
_MOST_STARTS = 2_000
_COVERED = 0.9
_FEWEST = 2
_NEAR = 0.001

Rows = npt.NDArray[np.int64]


def with_subtotals(sums: dict[int, Total], frame: pa.Table, contract: Contract) -> dict[int, Total]:
    """The totals found, or subtotals where there are none and one column tells the rows of the table apart."""
    return sums or (subtotals(frame) if len(contract.key) == 1 else {})


def subtotals(frame: pa.Table) -> dict[int, Total]:
    """Return the rows that are sums of the rows since the last such row, by position.

    They stand behind what they sum, or before it, and with it make up nine tenths of the table at least, so that single
    rows which happen to be sums do not count; two of them at least, and more than a million rows are not searched.
    """
    found: dict[int, Total] = {}
    for name, column in zip(frame.column_names, frame.columns, strict=True):
        values = numbers_of(column) if len(column) < _MOST_ROWS else None
        if values is None or (values < 0).any() or not np.count_nonzero(values) > _FEWEST * (OTHERS + 1):
            continue
        below, above = _chain(values), _chain(values[::-1])
        rows = below if len(below) else len(values) - 1 - above[::-1]
        for row in rows:
            found.setdefault(int(row), Total(int(row), sums=(name,), part=True))
    return found


def _chain(values: Numbers) -> Rows:
    """Positions of rows (k,), each the sum of all since the one before it; none where they cover too little."""
    sums, step, largest = np.concatenate([[0.0], np.cumsum(values)]), step_of(values), float(values.max())
    came: dict[int, int] = {0: -1}
    waiting = [0]
    while waiting and len(came) <= _MOST_STARTS:
        start = waiting.pop()
        end = min(int(np.searchsorted(sums, sums[start] + 1.01 * largest, side="right")), len(values))
        for row in _sums_since(values, sums, start, end, step):
            if row + 1 not in came:
                came[row + 1] = start
                waiting.append(row + 1)
    last, rows = max(came), list[int]()
    while last > 0:
        rows.append(last - 1)
        last = came[last]
    rows.reverse()
    covers = rows and rows[-1] + 1 >= _COVERED * len(values)
    return np.array(rows if covers and len(rows) >= _FEWEST else [], dtype=np.int64)


def _sums_since(values: Numbers, sums: Numbers, start: int, end: int, step: float) -> list[int]:
    """Rows from `start` to `end` that are the sum, but for rounding, of `OTHERS` rows or more since `start`."""
    rows = np.arange(start + OTHERS, end)
    own, total = values[rows], sums[rows] - sums[start]
    near = np.minimum(step * (0.5 * (rows - start) + 1), _NEAR * own)
    return [int(row) for row in rows[(own >= FEW_STEPS * step) & (np.abs(own - total) <= near)]]
