"""What is wrong with a table, cell by cell, and how it is told: place, column, value, remedy."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.errors import DataError

SHOWN = 20
_PLAIN = re.compile(r"[\w.+:/-]+|\d[\d./-]* \d[\w.:+-]*")


@dataclass(frozen=True)
class Problem:
    """One rule that some rows of one column break.

    order : place of the column in the contract, to tell problems of a row from left to right
    column : what messages call it; "" for a problem of the whole row
    rows : positions among the data rows, ascending, shape (broken rows,)
    tell : from a position to what is wrong there and what to do, without the place
    """

    order: int
    column: str
    rows: npt.NDArray[np.int64]
    tell: Callable[[int], str]


def refuse(problems: Sequence[Problem], place: Callable[[int], str]) -> None:
    """Raise DataError with the first 20 broken cells, one a line, broken rows first, and how many more there are."""
    total = sum(len(p.rows) for p in problems)
    if not total:
        return
    cells = ((p.column != "", int(row), p.order, n) for n, p in enumerate(problems) for row in p.rows[:SHOWN])
    named = [f"{problem.column}: " if problem.column else "" for problem in problems]
    lines = [f"{place(row)}: {named[n]}{problems[n].tell(row)}" for _, row, _, n in sorted(cells)[:SHOWN]]
    if total > len(lines):
        lines.append(f"... and {total - len(lines):,} more")
    raise DataError("\n".join(lines))


def show(value: object) -> str:
    """A value as a message prints it: short, on one line, control characters visible, quoted where that helps."""
    text = str(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def positions(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Where a mask holds, ascending."""
    return np.flatnonzero(mask).astype(np.int64)
