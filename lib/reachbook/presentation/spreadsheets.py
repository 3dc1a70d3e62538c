"""A frame as files for people: CSV that spreadsheets open as it is, and a workbook; the same bytes every time.

Cells are data, never formulas: in CSV a text that a spreadsheet would compute gets an apostrophe, in the workbook every
text is stored as text. Control characters, which neither may hold, are shown by their picture (U+2400 and on). Numbers
keep all their digits in CSV, 16 in the workbook.
"""

import csv
import io
import math
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reachbook.errors import DataError
from reachbook.translation import tr

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)} | {0x7F: 0x2421}
_WRITTEN = datetime(2000, 1, 1)
_WIDEST, _LONGEST = 60, 32_767
LIMITS = {"columns": 16_384, "rows": 1_048_575}
"""What a sheet holds below one row of titles."""


def safe(text: str) -> str:
    """`text` so that a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.startswith(_RISKY) else text


def pictured(text: str) -> str:
    """`text` with the picture of each control character, which no XML may hold."""
    return text.translate(_PICTURES)


def write(frame: "pd.DataFrame", folder: Path, name: str) -> tuple[Path, Path]:
    """<name>.csv (UTF-8 with mark) and <name>.xlsx in `folder`; their paths.

    Raises DataError for more columns or rows than a sheet holds: nothing is written then.
    """
    _check_size(frame, name)
    rows = [[_plain(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    head = [str(column) for column in frame.columns]
    paths = folder / f"{name}.csv", folder / f"{name}.xlsx"
    paths[0].write_bytes(_csv([head, *rows]))
    paths[1].write_bytes(_workbook(head, rows, name))
    return paths


def _check_size(frame: "pd.DataFrame", name: str) -> None:
    rows, columns = frame.shape
    if rows > LIMITS["rows"]:
        raise DataError(
            f"{name}.xlsx: "
            + tr(
                "{n:,} rows do not fit into a sheet, which holds {most:,}. Offer fewer rows for download.",
                n=rows,
                most=LIMITS["rows"],
            )
        )
    if columns > LIMITS["columns"]:
        raise DataError(
            f"{name}.xlsx: "
            + tr(
                "{n:,} columns do not fit into a sheet, which holds {most:,}. Offer fewer columns for download.",
                n=columns,
                most=LIMITS["columns"],
            )
        )


def _plain(value: Any) -> Any:
    """Numbers as they are, missing as empty, everything else as text without control characters."""
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return None
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, int | float) else pictured(str(value))


def _csv(rows: list[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _workbook(head: list[str], rows: list[list[Any]], name: str) -> bytes:
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"author": "Reachbook", "created": _WRITTEN})
        title = book.add_format({"bold": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(head):
            width = max([_shown(text), *(_shown(row[column]) for row in rows)])
            sheet.set_column(column, column, width + 2)
            sheet.write_string(0, column, fitting(text), title)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                _write(sheet, at, column, value, body)
    return out.getvalue()


def _write(sheet: "Worksheet", row: int, column: int, value: Any, form: "Format") -> None:
    """One cell by its type, never by what its text looks like."""
    if value is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, fitting(str(value)), form)


def fitting(text: str) -> str:
    """What a cell can hold, counted in units of UTF-16 (an emoji is two); a longer text is cut and says so."""
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * _LONGEST:
        return units.decode("utf-16-le")
    return units[: 2 * (_LONGEST - 4)].decode("utf-16-le", "ignore") + " […]"


def _shown(value: Any) -> int:
    """Characters of width that a cell asks for; a Chinese one takes two."""
    text = "" if value is None else str(value)
    return min(sum(2 if ord(c) > 0x2E7F else 1 for c in text[:_WIDEST]), _WIDEST)
