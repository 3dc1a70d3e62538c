"""Problems of a table, cell by cell, and their messages: place, column, value, remedy."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.errors import DataError
from reachbook.tables.masking import mask
from reachbook.translation import tr

SHOWN = 20
_CARD = "[card]"
_PLAIN = re.compile(r"[\w.+:/-]+|\d[\d./-]* \d[\w.:+-]*")


@dataclass(frozen=True)
class Problem:
    """One rule that some rows of one column break.

    Attributes
    ----------
    order : int
        Position of the column in the contract, by which problems of a row are sorted.
    column : str
        Its name in messages; "" for a problem of the entire row.
    rows : int64 array (broken rows,)
        Positions among the data rows, ascending.
    tell : callable
        Maps a position to the message without its place: what is wrong, and the remedy.
    """

    order: int
    column: str
    rows: npt.NDArray[np.int64]
    tell: Callable[[int], str]


def refuse(problems: Sequence[Problem], place: Callable[[int], str]) -> None:
    """Raise an error if there is any problem.

    Parameters
    ----------
    place : callable
        Maps a row position to its place in messages.

    Raises
    ------
    DataError
        There are broken cells. It lists the first 20, one on each line, problems of entire rows first, and how many
        more there are.
    """
    total = sum(len(p.rows) for p in problems)
    if not total:
        return
    cells = ((p.column != "", int(row), p.order, n) for n, p in enumerate(problems) for row in p.rows[:SHOWN])
    named = [f"{problem.column}: " if problem.column else "" for problem in problems]
    lines = [f"{place(row)}: {named[n]}{problems[n].tell(row)}" for _, row, _, n in sorted(cells)[:SHOWN]]
    if total > len(lines):
        lines.append(tr("... and {n:,} more", n=total - len(lines)))
    raise DataError("\n".join(lines))


def show(value: object) -> str:
    """Format a value for a message: short, on one line, control characters escaped, quoted where that helps.

    Notes
    -----
    Messages are kept, and stand on pages: personal details are masked, before a long text is cut within one. A
    cell of digits that only may be a card stays: in most tables they are the id of an order, by which its row is found.
    """
    text = str(value)
    hidden = mask(text)
    text = text if hidden.strip() == _CARD and text.strip().isdigit() else hidden
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def positions(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Positions at which a mask is true, int64, ascending, shape (true values,)."""
    return np.flatnonzero(mask).astype(np.int64)
