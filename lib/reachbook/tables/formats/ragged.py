"""Rows with more or fewer cells than the header: which they are, and why."""

import re
from collections.abc import Sequence

from reachbook.errors import DataError
from reachbook.tables.formats.layout import TextLayout
from reachbook.tables.markers import TOTAL
from reachbook.tables.problems import SHOWN, show
from reachbook.translation import tr, trn


def refuse_ragged(rows: Sequence[tuple[int, Sequence[str]]], layout: TextLayout) -> None:
    """Raise DataError for the first rows whose number of cells differs from the header's, or once for what they share.

    Parameters
    ----------
    rows : sequence of (int, sequence of str)
        Number and cells of each row below the header.
    """
    width = len(layout.names)
    bad = [(n, row) for n, row in rows if len(row) != width]
    if not bad:
        return
    shared = _shared(rows, bad, width, layout)
    if shared:
        raise DataError(shared)
    last = rows[-1][0]
    lines = [f"{layout.place}:{n}: {_ragged(row, width, n == last)}" for n, row in bad[:SHOWN]]
    if len(bad) > SHOWN:
        lines.append(tr("... and {n:,} more", n=len(bad) - SHOWN))
    raise DataError("\n".join(lines))


def _shared(
    rows: Sequence[tuple[int, Sequence[str]]], bad: Sequence[tuple[int, Sequence[str]]], width: int, layout: TextLayout
) -> str:
    """One sentence for a cause that all ragged rows share; "" where there is none."""
    place, longer = layout.place, {len(row) for _, row in bad} == {width + 1}
    if longer and len(bad) == len(rows) and not any(row[-1].strip() for _, row in bad):
        return f"{place}:{layout.header}: " + tr(
            "every row ends with a {delimiter!r} and the header does not. Add one at the end of the header.",
            delimiter=layout.delimiter,
        )
    if longer and len(bad) == len(rows):
        return f"{place}:{layout.header}: " + tr(
            "the header has {width} names, and every row {cells} cells: a name is missing. Add it at "
            "its place in the header.",
            width=width,
            cells=width + 1,
        )
    widths = {len(row) for _, row in bad}
    if 1 < len(bad) < len(rows) and len(widths) == 1 and [n for n, _ in bad] == [n for n, _ in rows[-len(bad) :]]:
        return f"{place}:{bad[0][0]}: " + tr(
            "from here on all {n:,} rows have {cells} cells, the header has {width}: another version "
            "of the export was appended. Split the file there, give the second part its own header, "
            "and name both under paths:.",
            n=len(bad),
            cells=widths.pop(),
            width=width,
        )
    return ""


def _ragged(row: Sequence[str], width: int, last: bool) -> str:
    """Describe a row with the wrong number of cells, and the remedy."""
    said = next((cell for cell in row if re.match(TOTAL, cell)), None)
    has = trn("has {n} cell, the header has {width}", "has {n} cells, the header has {width}", len(row), width=width)
    if said is not None:
        return tr(
            "is a totals row by its looks ({said}), and {has}. Leave it out: `totals: leave_out`.",
            said=show(said),
            has=has,
        )
    if last and sum(bool(cell.strip()) for cell in row) == 1 and width > 2:
        return tr(
            "{has}. If it is a note below the table, leave it out: `footer: 1`; else add the missing cells.", has=has
        )
    if len(row) > width:
        return tr(
            "{has}. Put quotes around a text that holds the delimiter or a quote, or name the column in the header.",
            has=has,
        )
    return tr("{has}. Add the missing cells, or the closing quote of a text.", has=has)
