"""Detect titles, periods and notes above the header, which exports add to tables."""

import re
from collections.abc import Sequence

from reachbook.errors import DataError
from reachbook.tables.problems import show
from reachbook.translation import tr

LOOKED = 40
"""Number of rows from the top in which the header is searched."""
_VALUE = re.compile(r"[\s\d.,:/\-+%¥￥$€年月日时分秒TZ]*")
_MOST = 0.8


def header_below(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the position of the header where the first filled row is not it; None where it may be.

    Notes
    -----
    The first filled row must hold at most half as many distinct values as the widest row (a title, or one that a merge
    repeats in all cells). The header is the first row below it that fills most columns with distinct words. No readable
    table has such a first row: most of its columns would have no name.
    """
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    first = next((i for i, row in enumerate(filled) if row), None)
    width = max((len(set(row)) for row in filled), default=0)
    if first is None or width < 2 or 2 * len(set(filled[first])) > width:
        return None
    below = range(first + 1, len(rows) - 1)
    return next((i for i in below if _is_header(filled[i], width)), None)


def _is_header(row: Sequence[str], width: int) -> bool:
    words = not any(_VALUE.fullmatch(cell) for cell in row)
    return words and len(row) == len(set(row)) and len(row) >= max(2, _MOST * width)


def refuse_preamble(
    rows: Sequence[Sequence[str]], header: int, numbers: Sequence[int], place: str, also: str = ""
) -> None:
    """Raise an error that names the lines above the header.

    Parameters
    ----------
    header : int
        Position of the header in `rows`.
    numbers : sequence of int
        Row numbers of `rows` as a person sees them.
    also : str
        Delimiter to state too; "" for none.

    Raises
    ------
    DataError
        Always.
    """
    first = next(i for i, row in enumerate(rows) if any(cell.strip() for cell in row))
    names = ", ".join(show(cell.strip()) for cell in rows[header] if cell.strip())
    names = names if len(names) <= 80 else names[:77] + "..."
    options = [f"`header: {numbers[header]}`", *([f"`delimiter: {also!r}`"] if also else [])]
    raise DataError(
        f"{place}:{numbers[first]}: "
        + tr(
            "is no header but a title or a note; row {row} looks like the header ({names}). State it: {options}; leave "
            "out totals or notes below the table by totals: and footer:.",
            row=numbers[header],
            names=names,
            options=tr(" and ").join(options),
        )
    )
