"""Read Excel and OpenDocument sheets with every cell as text and rows numbered as in the sheet."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from reachbook.errors import DataError
from reachbook.tables.formats import extent
from reachbook.tables.formats.layout import column_number, columns_of, header_row
from reachbook.tables.formats.preamble import LOOKED, header_below, refuse_preamble
from reachbook.tables.formats.raw import Raw, named, without_footer
from reachbook.tables.kinds.cells import cell_text
from reachbook.tables.problems import SHOWN
from reachbook.tables.source import Source
from reachbook.translation import tr

_ZIPPED = (".xlsx", ".xlsm")
_ERROR = re.compile(
    r'<(?:\w+:)?c (?=[^>]*\bt="e")[^>]*\br="(?P<column>[A-Z]+)(?P<row>\d+)"[^>]*>'
    r"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>(?P<what>[^<]*)<",
    re.DOTALL,
)


def read_workbook(path: Path, place: str, source: Source) -> Raw:
    """Read one sheet or a block of it, whose header is the stated or the first filled row; blank rows are dropped.

    Raises
    ------
    DataError
        The sheet is missing or empty, has lines above its header, or holds formula errors.
    """
    rows, sheet = _rows(path, place, source)
    shift = 0
    if source.block:
        kept = columns_of(source.block, max(map(len, rows), default=0), place)
        rows, shift = [row[kept.start : kept.stop] for row in rows], kept.start
    filled = [i for i, row in enumerate(rows) if any(cell != "" for cell in row)]
    if not filled:
        raise DataError(f"{place}: " + tr("the sheet {sheet} is empty. Name another one in sheet:.", sheet=sheet))
    header = _header(rows, filled[0], source, place)
    body = [i for i in filled if i > header]
    names = [cell_text(value) or "" for value in rows[header]]
    extent.refuse_wide(len(names), source, place)
    columns = [[rows[i][j] for i in body] for j in range(len(names))]
    stand_ins = [str(j) for j in range(len(names))]
    text = pa.table([pa.array(list(map(cell_text, c)), pa.string()) for c in columns], names=stand_ins)
    frame = named(names, text, place, header + 1)
    _refuse_errors(path, place, sheet, names, shift, header)
    numeric = {name: _numeric(columns[j]) for j, name in enumerate(names) if name in frame.column_names}
    facts = {"source": place, "format": "workbook", "sheet": sheet}
    blank = body[-1] - header - len(body) if body else 0
    raw = Raw(frame, place, facts | ({"blank_rows": blank} if blank else {}), np.asarray(body, np.int64) + 1, numeric)
    return raw if source.footer is None else without_footer(raw, source.footer)


def _header(rows: Sequence[Sequence[object]], first: int, source: Source, place: str) -> int:
    """Position of the header: as stated, else the first filled row, unless that is a title or a note."""
    head = [[cell_text(cell) or "" for cell in row] for row in rows[:LOOKED]]
    stated = header_row(head, source, place)
    if stated is not None:
        return stated
    below = header_below(head)
    if below is not None:
        refuse_preamble(head, below, range(1, len(head) + 1), place)
    return first


def _rows(path: Path, place: str, source: Source) -> tuple[Sequence[Sequence[object]], str]:
    with opened(path, place, source) as book:
        names, wanted = book.sheet_names, source.sheet
        if not names:
            raise DataError(f"{place}: " + tr("has no sheet. Export it again."))
        if wanted is not None and wanted not in names:
            raise DataError(
                f"{place}: "
                + tr("has no sheet {wanted!r}. Its sheets are {names}.", wanted=wanted, names=", ".join(names))
            )
        sheet = wanted or names[0]
        return cells(book, sheet, path, place, source), sheet


@contextmanager
def opened(path: Path, place: str, source: Source) -> Iterator[CalamineWorkbook]:
    """Open a workbook that is not larger than `source` allows.

    Raises
    ------
    DataError
        It is too large, or what is done with it finds that it cannot be read.
    """
    extent.refuse_unpacked(path, source, place)
    _refuse_any_vast(path, source, place)
    try:
        with CalamineWorkbook.from_path(path) as book:
            yield book
    except CalamineError as error:
        raise DataError(
            f"{place}: " + tr("is not a readable workbook ({error}). Save it again, without a password.", error=error)
        ) from None


def cells(book: CalamineWorkbook, sheet: str, path: Path, place: str, source: Source) -> list[list[Any]]:
    """All cells of a sheet from its first row and column on.

    Raises
    ------
    DataError
        The sheet is larger than `source` allows.
    """
    _refuse_vast(path, sheet, source, place)
    found: list[list[Any]] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return found


def _refuse_vast(path: Path, sheet: str, source: Source, place: str) -> None:
    """Raise DataError for a sheet of .xlsx or .xlsm, which would be laid out in memory with all that is empty."""
    if path.suffix.lower() in _ZIPPED:
        with suppress(KeyError, ElementTree.ParseError, zipfile.BadZipFile):  # of these the reader knows more
            with zipfile.ZipFile(path) as parts:
                part = _part(parts, sheet)
            extent.refuse_vast(sheet, *extent.of_part(path, part), source, place)


def _refuse_any_vast(path: Path, source: Source, place: str) -> None:
    """Raise DataError for a workbook of .ods, all of whose sheets are laid out when it is opened."""
    if path.suffix.lower() == ".ods":
        with suppress(KeyError, ElementTree.ParseError, zipfile.BadZipFile):
            for sheet, (rows, columns) in extent.of_sheets(path).items():
                extent.refuse_vast(sheet, rows, columns, source, place)


def _refuse_errors(path: Path, place: str, sheet: str, names: Sequence[str], shift: int, header: int) -> None:
    """Raise DataError for cells such as #N/A, which the reader shows as empty: an error is not a missing value.

    Parameters
    ----------
    shift, header : int
        Positions of the first column and of the header.
    """
    errors = ((row, column - shift, what) for row, column, what in formula_errors(path, sheet) if row > header)
    found = [each for each in errors if 0 <= each[1] < len(names)]
    lines = [
        f"{place}:{row}: "
        + tr(
            "{name}: {what} is an error of the sheet. Mend the formula, or clear the cell if the value is missing.",
            name=names[column] or tr("column {n}", n=column + 1),
            what=what,
        )
        for row, column, what in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(tr("... and {n:,} more", n=len(found) - SHOWN))
    if lines:
        raise DataError("\n".join(lines))


def formula_errors(path: Path, sheet: str) -> list[tuple[int, int, str]]:
    """List the cells of an .xlsx or .xlsm sheet that hold an error.

    Returns
    -------
    list of (int, int, str)
        Row number as shown, column position from 0, and name of the error. Empty for other formats, in which errors
        cannot be distinguished from empty cells.
    """
    if path.suffix.lower() not in _ZIPPED:
        return []
    try:
        with zipfile.ZipFile(path) as parts:
            text = parts.read(_part(parts, sheet)).decode("utf-8")
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        return []  # laid out in a way of its own; the reader has understood it all the same
    return [(int(m["row"]), column_number(m["column"]), m["what"]) for m in _ERROR.finditer(text)]


def _part(parts: zipfile.ZipFile, sheet: str) -> str:
    """Path of a sheet inside the workbook's archive.

    Raises
    ------
    KeyError
        The workbook has no such sheet.
    """
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    rels = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
    for node in book.iter():
        if node.tag.endswith("}sheet") and node.get("name") == sheet:
            target = targets[next((v for k, v in node.items() if k.endswith("}id")), "")]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)


def _numeric(cells: Sequence[object]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return np.asarray([isinstance(c, (int, float)) and not isinstance(c, bool) for c in cells], dtype=bool)
