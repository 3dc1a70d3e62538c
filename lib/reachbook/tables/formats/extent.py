"""How wide a table and how large a sheet may be, told before memory is taken for it."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import iterparse

from reachbook.errors import DataError
from reachbook.tables.formats.layout import column_number
from reachbook.tables.source import Source
from reachbook.translation import tr

_PIECE = 1 << 22
_MEGABYTE = 10**6
_ROW = re.compile(rb'row [^>]*?\br="(\d{1,7})"')
_CELL = re.compile(rb' r="([A-Z]{2,3})\d{1,7}"[^>]*(?<!/)>')
"""A cell that holds something, right of the 26th column: what lies left of it makes no sheet too large."""
_LONGEST = 1 << 10
"""Bytes that the tag of a row or cell takes at most."""
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def refuse_wide(columns: int, source: Source, place: str) -> None:
    """Raise DataError for more columns than `most_columns`: far fewer are ever read, and each takes its time."""
    if columns > source.most_columns:
        raise DataError(
            f"{place}: "
            + tr(
                "has {columns:,} columns, and {most:,} are read at most. Export only the columns that are needed, or "
                "raise most_columns: in the table's entry.",
                columns=columns,
                most=source.most_columns,
            )
        )


def refuse_vast(sheet: str, rows: int, columns: int, source: Source, place: str) -> None:
    """Raise DataError for a sheet that one stray cell makes larger than `most_cells`."""
    if rows * columns > source.most_cells:
        raise DataError(
            f"{place}: "
            + tr(
                "the sheet {sheet} reaches to row {row:,} and column {column:,}, which is {cells:,} cells, and "
                "{most:,} are read at most. Delete what stands outside the table, or raise most_cells: in the table's "
                "entry.",
                sheet=sheet,
                row=rows,
                column=columns,
                cells=rows * columns,
                most=source.most_cells,
            )
        )


def refuse_unpacked(path: Path, source: Source, place: str) -> None:
    """Raise DataError for a zipped workbook whose parts are larger than `most_unpacked`, by what its directory says."""
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist()) / _MEGABYTE
    except (OSError, zipfile.BadZipFile):  # not zipped, or broken; the reader knows more
        return
    if size > source.most_unpacked:
        raise DataError(
            f"{place}: "
            + tr(
                "unpacks to {size:,.0f} MB, and {most:,} MB are read at most. Export fewer rows, or raise "
                "most_unpacked: in the table's entry.",
                size=size,
                most=source.most_unpacked,
            )
        )


def of_part(path: Path, part: str) -> tuple[int, int]:
    """Last row and column of one sheet of an .xlsx or .xlsm workbook, at least column 26.

    Parameters
    ----------
    part : str
        Path of the sheet inside the archive.

    Raises
    ------
    KeyError, zipfile.BadZipFile
        There is no such part, or the archive is broken.
    """
    with zipfile.ZipFile(path) as parts, parts.open(part) as file:
        return _reached(iter(lambda: file.read(_PIECE), b""))


def of_sheets(path: Path) -> dict[str, tuple[int, int]]:
    """Last row and column that hold something in each sheet of an OpenDocument workbook.

    Raises
    ------
    KeyError, zipfile.BadZipFile, xml.etree.ElementTree.ParseError
        It is no such workbook, or it is broken.
    """
    with zipfile.ZipFile(path) as parts, parts.open("content.xml") as file:
        return _repeated(file)


def _reached(pieces: Iterator[bytes]) -> tuple[int, int]:
    rows, letters, rest = 0, b"Z", b""
    for piece in pieces:
        text = rest + piece
        rows = max(rows, max(map(int, _ROW.findall(text)), default=0))
        letters = max([letters, *_CELL.findall(text)], key=lambda name: (len(name), name))
        rest = text[-_LONGEST:]
    return rows, column_number(letters.decode()) + 1


def _repeated(file: IO[bytes]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    sheet = ""
    row = column = 0
    for event, node in iterparse(file, ("start", "end")):
        match event, node.tag.removeprefix(_TABLE):
            case "start", "table":
                sheet, row = node.get(_TABLE + "name", ""), 0
                found[sheet] = (0, 0)
            case "start", "table-row":
                column = 0
                row += int(node.get(_TABLE + "number-rows-repeated", 1))
            case "end", "table-cell" | "covered-table-cell":
                column += int(node.get(_TABLE + "number-columns-repeated", 1))
                if len(node):
                    rows, columns = found[sheet]
                    found[sheet] = max(rows, row), max(columns, column)
            case "end", "table-row":
                node.clear()
    return found
