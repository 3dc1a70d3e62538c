"""Render a frame as an accessible HTML table for a report."""

import math
import re
from html import escape
from typing import TYPE_CHECKING, Any

from reachbook.presentation.numbers import number
from reachbook.translation import tr, trn

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS = 50
"""Rows on the page; the file holds all."""
LONG = 40
"""Length in characters above which a cell wraps over several lines instead of in a narrow column."""
OPEN_ROWS = 10
"""Rows up to which a table is shown open; a longer one is folded, because figures and short tables tell the story."""
_TAIL = re.compile(r"(?<=\d)(?!\d)(?:\.\d|[^\d,.]|$).*")
_WIDEST_TAIL = 16


def html_table(
    frame: "pd.DataFrame", id: str, caption: str, units: dict[str, str], currency: str, fold: bool = True
) -> str:
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
    fold : bool
        Whether to fold it above `OPEN_ROWS` rows into `<details>`.

    Returns
    -------
    str
        HTML in which all text is escaped. A cell of a number holds the number itself in `data-v`, for sorting.
    """
    flat = frame.reset_index() if _has_named_index(frame) else frame
    head = "".join(_head(column, kind) for column, kind in zip(flat.columns, flat.dtypes, strict=True))
    seen = flat.head(SHOWN_ROWS)
    columns = [_column(seen.iloc[:, at], units.get(str(name), ""), currency) for at, name in enumerate(flat.columns)]
    rows = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*columns, strict=True))
    below = " ".join(escape(part) for part in (caption, _note(len(flat), id)) if part)
    table = (
        f'<div class="table" id="table-{id}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>" + (f'<p class="caption">{below}</p>' if below else "")
    )
    if len(flat) <= OPEN_ROWS or not fold:
        return table
    summary = tr("Table {name}, {n:,} rows", name=label(id), n=len(flat))
    return f"<details><summary>{escape(summary)}</summary>{table}</details>"


def label(id: str) -> str:
    """Name of a table in the page's language."""
    words = id.replace("_", " ")
    return tr(words)


def heading(column: object) -> str:
    """Heading of a column in the page's language."""
    if isinstance(column, tuple):
        return " ".join(map(heading, column))
    words = str(column).replace("_", " ")
    return tr(words)


def _note(rows: int, id: str) -> str:
    if not rows:
        return tr("There is none.")
    more, file = rows - SHOWN_ROWS, f"tables/{id}.parquet"
    return trn("{n} more row in {file}", "{n} more rows in {file}", more, file=file) if more > 0 else ""


def _has_named_index(frame: "pd.DataFrame") -> bool:
    return any(name is not None for name in frame.index.names)


def _head(column: object, kind: Any) -> str:
    tone = ' class="number"' if kind.kind in "iuf" else ""
    return f'<th scope="col"{tone}>{escape(heading(column))}</th>'


def _column(values: "pd.Series", unit: str, currency: str) -> list[str]:
    """Cells of a column; its numbers end in boxes of one width where they would not stand point under point."""
    shown = [_text(value, unit, currency) for value in _days(values).astype(object)]
    tails = {_tail_width(text) for text, size in shown if text and size}
    box = min(max(tails), _WIDEST_TAIL) if len(tails) > 1 else 0
    gap = f'<td class="none{" number" if tails else ""}">–</td>'
    return [gap if text is None else _cell(text, size, box) for text, size in shown]


def _days(values: "pd.Series") -> "pd.Series":
    """Moments that are all midnights as days; other columns as they are."""
    if values.dtype.kind != "M" or not (values.dropna() == values.dropna().dt.normalize()).all():
        return values
    days: pd.Series = values.dt.strftime("%Y-%m-%d")
    return days


def _text(value: Any, unit: str, currency: str) -> tuple[str | None, str]:
    """A value as shown, None where it is missing, and, for a number, as it is sorted."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in ("<NA>", "NaT"):
        return None, ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return tr("yes") if value else tr("no"), ""
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        return number(float(value), unit, currency), f"{float(value):.9g}"
    return str(value), ""


def _tail_width(text: str) -> int:
    """Digits of room for what follows the whole part of a number: a Chinese character or a % takes two."""
    found = _TAIL.search(text)
    return sum(2 if ord(c) > 0x2E7F or c == "%" else 1 for c in found[0]) if found else 0


def _cell(text: str, size: str, box: int) -> str:
    if not size:
        return f'<td class="long">{escape(text)}</td>' if len(text) > LONG else f"<td>{escape(text)}</td>"
    found = _TAIL.search(text) if box else None
    if not found:
        return f'<td class="number" data-v="{size}">{escape(text)}</td>'
    whole, tail = text[: found.start()], found[0]
    return f'<td class="number" data-v="{size}">{escape(whole)}<i class="t{box}">{escape(tail)}</i></td>'
