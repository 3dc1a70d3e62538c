"""Render a frame as an accessible HTML table for a report."""

import math
from html import escape
from typing import TYPE_CHECKING, Any

from reachbook.presentation.numbers import number
from reachbook.translation import tr, trn

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS = 20
LONG = 40
"""Length in characters above which a cell wraps over several lines instead of in a narrow column."""
OPEN_ROWS = 10
"""Rows up to which a table is shown open; a longer one is folded, because figures and short tables tell the story."""


def html_table(frame: "pd.DataFrame", id: str, caption: str, units: dict[str, str], currency: str) -> str:
    """Render the first `SHOWN_ROWS` rows of `frame`, with a note of how many more there are and in which file.

    Parameters
    ----------
    id : str
        Name of the table, used for its anchor and for the file that the note names.
    caption : str
        Text below the table; "" for none.
    units : dict of str to str
        Unit of each numeric column, see `reachbook.presentation.numbers.number`.
    currency : str
        Three-letter code for the unit "money".

    Returns
    -------
    str
        HTML in which all text is escaped; folded into `<details>` above `OPEN_ROWS` rows.
    """
    flat = frame.reset_index() if _has_named_index(frame) else frame
    head = "".join(_head(column, kind) for column, kind in zip(flat.columns, flat.dtypes, strict=True))
    rows = [
        "<tr>"
        + "".join(
            _cell(value, units.get(str(name), ""), currency) for name, value in zip(flat.columns, row, strict=True)
        )
        + "</tr>"
        for row in flat.head(SHOWN_ROWS).itertuples(index=False, name=None)
    ]
    more = len(flat) - SHOWN_ROWS
    file = f"tables/{id}.parquet"
    note = trn("{n} more row in {file}", "{n} more rows in {file}", more, file=file) if more > 0 else ""
    note = note if len(flat) else tr("There is none.")
    below = " ".join(escape(part) for part in (caption, note) if part)
    table = (
        f'<div class="table" id="table-{id}" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>" + (f'<p class="caption">{below}</p>' if below else "")
    )
    if len(flat) <= OPEN_ROWS:
        return table
    name = tr("Table {name}, {n:,} rows", name=tr(id.replace("_", " ")), n=len(flat))
    return f"<details><summary>{escape(name)}</summary>{table}</details>"


def _has_named_index(frame: "pd.DataFrame") -> bool:
    return any(name is not None for name in frame.index.names)


def _head(column: object, kind: Any) -> str:
    tone = ' class="number"' if kind.kind in "iuf" else ""
    return f'<th scope="col"{tone}>{escape(_heading(column))}</th>'


def _heading(column: object) -> str:
    return " ".join(map(_heading, column)) if isinstance(column, tuple) else tr(str(column).replace("_", " "))


def _cell(value: Any, unit: str, currency: str) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in ("<NA>", "NaT"):
        return '<td class="none">–</td>'
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return f"<td>{tr('yes') if value else tr('no')}</td>"
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        return f'<td class="number">{escape(number(float(value), unit, currency))}</td>'
    text = str(value)
    return f'<td class="long">{escape(text)}</td>' if len(text) > LONG else f"<td>{escape(text)}</td>"
