"""A frame as files for people: CSV that spreadsheets open as it is, and a workbook; the same bytes every time.

Cells are data, never formulas: in CSV a text that a spreadsheet would compute gets an apostrophe, in the workbook every
text is stored as text. Control characters, which neither may hold, are shown by their picture (U+2400 and on).
"""

import csv
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)} | {0x7F: 0x2421}
_WRITTEN = datetime(2000, 1, 1)
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_WIDEST, _LONGEST = 60, 32_767


def safe(text: str) -> str:
    """`text` so that a spreadsheet shows it and never computes it."""
    return f"'{text}" if text.startswith(_RISKY) else text


def write(frame: "pd.DataFrame", folder: Path, name: str) -> tuple[Path, Path]:
    """<name>.csv (UTF-8 with mark) and <name>.xlsx in `folder`; their paths."""
    rows = [[_plain(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    head = [str(column) for column in frame.columns]
    paths = folder / f"{name}.csv", folder / f"{name}.xlsx"
    paths[0].write_bytes(_csv([head, *rows]))
    paths[1].write_bytes(_workbook(head, rows, name))
    return paths


def _plain(value: Any) -> Any:
    """Numbers as they are, missing as empty, everything else as text without control characters."""
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return None
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, int | float) else str(value).translate(_PICTURES)


def _csv(rows: list[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def _workbook(head: list[str], rows: list[list[Any]], name: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    book.properties.creator, book.properties.created, book.properties.modified = "Reachbook", _WRITTEN, _WRITTEN
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    for place, title in enumerate(head):
        width = max([len(title), *(_shown(row[place]) for row in rows)])
        sheet.column_dimensions[get_column_letter(place + 1)].width = width + 2

    def cell(value: Any, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value=value if not isinstance(value, str) else "")
        if isinstance(value, str):
            made.value = _fitting(value)
            made.data_type = "s"
        made.font, made.alignment = Font(bold=bold), Alignment(wrap_text=not bold, vertical="top")
        return made

    sheet.append([cell(title, bold=True) for title in head])
    for row in rows:
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return _dated(out.getvalue())


def _fitting(text: str) -> str:
    """What a cell of a workbook can hold; a longer text is cut and says so."""
    whole = text.encode("utf-8", "replace").decode()
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 4] + " […]"


def _shown(value: Any) -> int:
    """Characters of width that a cell asks for; a Chinese one takes two."""
    text = "" if value is None else str(value)
    return min(sum(2 if ord(c) > 0x2E7F else 1 for c in text[:_WIDEST]), _WIDEST)


def _dated(content: bytes) -> bytes:
    """The archive with one fixed date in and on every member, so that the clock is not in the bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            member = zipfile.ZipInfo(name, _WRITTEN.timetuple()[:6])
            member.create_system = 3
            new.writestr(member, _SAVED.sub(rb"\g<1>2000-01-01T00:00:00Z", old.read(name)), zipfile.ZIP_DEFLATED)
    return out.getvalue()
