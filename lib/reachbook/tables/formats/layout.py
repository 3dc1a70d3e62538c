"""Where a table stands in its file: header row, footer, block of columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from reachbook.errors import DataError
from reachbook.tables.formats.preamble import LOOKED
from reachbook.tables.problems import show
from reachbook.tables.source import Source
from reachbook.translation import tr

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class TextLayout:
    """Where the table begins in a text.

    place, delimiter : the file's name, and what stands between its cells.
    header : row number of the column names.
    start : position of the first byte behind them.
    names : the column names.
    """

    place: str
    delimiter: str
    header: int
    start: int
    names: list[str]


def header_row(rows: Rows, source: Source, place: str) -> int | None:
    """Position of the header in the first rows as `header:` states it; None where nothing is stated.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells of the first rows, blank rows included.

    Raises
    ------
    DataError
        The stated row is blank or does not exist, or no row holds the stated name.
    """
    if source.header is None:
        return None
    if isinstance(source.header, int):
        return _numbered(rows, source.header, place)
    names = (source.header,) if isinstance(source.header, str) else source.header
    found = next((i for i, row in enumerate(rows) if any(cell.strip() in names for cell in row)), None)
    if found is None:
        first = next((row for row in rows if any(cell.strip() for cell in row)), [])
        raise DataError(
            f"{place}: "
            + tr(
                "none of the first {n} rows holds {names}, by which header: finds the column names. The "
                "first row holds {listed}. Mend header:.",
                n=min(LOOKED, len(rows)),
                names=tr(" or ").join(map(show, names)),
                listed=_listed(first),
            )
        )
    return found


def _numbered(rows: Rows, number: int, place: str) -> int:
    if number > len(rows):
        raise DataError(
            f"{place}: "
            + tr(
                "header: {number} lies behind the rows that were read ({n}). Mend header:.", number=number, n=len(rows)
            )
        )
    if not any(cell.strip() for cell in rows[number - 1]):
        raise DataError(
            f"{place}:{number}: " + tr("is blank, and header: says that the column names stand there. Mend header:.")
        )
    return number - 1


def _listed(row: Sequence[str]) -> str:
    names = ", ".join(show(cell.strip()) for cell in row if cell.strip())
    return names if len(names) <= 120 else names[:117] + "..."


def footer_start(tail: Rows, footer: int | str) -> int | None:
    """Position in the last rows from which on everything is footer; None where there is none.

    Parameters
    ----------
    tail : sequence of sequences of str
        Last rows of the table, or all.
    footer : int or str
        How many rows, or how the first filled cell of its first row begins.
    """
    if isinstance(footer, int):
        return max(0, len(tail) - footer)
    firsts = [next((cell.strip() for cell in row if cell and cell.strip()), "") for row in tail]
    start = next((i for i in range(len(firsts) - 1, -1, -1) if firsts[i].startswith(footer)), None)
    while start and firsts[start - 1].startswith(footer):
        start -= 1
    return start


def columns_of(block: str, width: int, place: str) -> range:
    """Positions of the columns that a block such as `F:K` names.

    Raises
    ------
    DataError
        It begins behind the last column, or runs backwards.
    """
    first, last = (column_number(letters) for letters in block.split(":"))
    if first > last:
        raise DataError(f"{place}: " + tr("block: {block} runs backwards. Write the left column first.", block=block))
    if first >= width:
        raise DataError(
            f"{place}: "
            + tr("block: {block} lies behind the last of {width} columns. Mend block:.", block=block, width=width)
        )
    return range(first, min(last + 1, width))


def column_number(letters: str) -> int:
    """Position from 0 of a spreadsheet's column: 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
