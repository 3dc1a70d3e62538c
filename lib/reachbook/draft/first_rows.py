"""The first rows of a file as they stand in it, looked up once however often it is asked what it holds."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from reachbook.errors import DataError
from reachbook.tables.files import locate
from reachbook.tables.formats.big5 import big5, first_signs
from reachbook.tables.formats.encoding import recode
from reachbook.tables.formats.preamble import LOOKED
from reachbook.tables.kinds.cells import cell_text
from reachbook.tables.source import Source

Rows = list[list[str]]
_DELIMITERS = ",\t;|"
_ROWS = 3 * LOOKED
_KEPT = 64


@dataclass(frozen=True)
class TextStart:
    """How a text file begins, in no language of ours.

    Attributes
    ----------
    delimiter : str
        The one by which most rows have the same number of cells.
    rows : list of lists of str
        The first rows.
    tabs : bool
        Whether a tab stands in the first line.
    encoding : str
        The encoding, where it has to be stated; "" where reading finds it.
    signs : str
        First characters beyond ASCII, where Big5 has to be stated; "" else.
    """

    delimiter: str
    rows: Rows
    tabs: bool
    encoding: str = ""
    signs: str = ""


def text_start(name: str, root: Path) -> TextStart:
    """How a text file begins.

    Raises
    ------
    DataError
        No encoding fits.
    """
    return _text_start(name, root, _stamp(name, root))


def sheet_starts(name: str, root: Path) -> dict[str, Rows]:
    """First rows of each sheet of a workbook.

    Raises
    ------
    DataError
        It is no workbook.
    """
    return _sheet_starts(name, root, _stamp(name, root))


def _stamp(name: str, root: Path) -> tuple[int, ...]:
    stat = locate(name, root).stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


@lru_cache(maxsize=_KEPT)
def _text_start(name: str, root: Path, stamp: tuple[int, ...]) -> TextStart:
    """Read a file; another `stamp` is another content."""
    text, encoding, signs = _decoded(locate(name, root).read_bytes(), name)
    heads = {each: _head(text, each) for each in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda each: _evenness(heads[each]))
    return TextStart(best, heads[best], b"\t" in text[: text.find(b"\n") + 1 or None], encoding, signs)


def _decoded(data: bytes, name: str) -> tuple[bytes, str, str]:
    """The file as UTF-8, with `encoding` and `signs` of `TextStart`."""
    head = data[:4000]
    if b"\0" in head and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        other = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return recode(data, name, other)[0], other, ""
    try:
        return recode(data, name, None)[0], "", ""
    except DataError as first:
        other = big5(data) or "big5"
        try:
            return recode(data, name, other)[0], other, first_signs(data, other)
        except DataError:
            raise first from None


def _head(data: bytes, delimiter: str) -> Rows:
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    try:
        return list(islice(csv.reader(lines, delimiter=delimiter), _ROWS))
    except csv.Error:
        return []


def _evenness(rows: Rows) -> tuple[int, int]:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return count, width


@lru_cache(maxsize=_KEPT)
def _sheet_starts(name: str, root: Path, stamp: tuple[int, ...]) -> dict[str, Rows]:
    """Read a workbook; another `stamp` is another content."""
    from reachbook.tables.formats.workbook import cells, opened

    path, source = locate(name, root), Source(path=name)
    with opened(path, name, source) as book:
        sheets = {each: cells(book, each, path, name, source) for each in book.sheet_names}
    return {sheet: _as_text(found[:_ROWS]) for sheet, found in sheets.items()}


def _as_text(rows: list[list[Any]]) -> Rows:
    return [[cell_text(cell) or "" for cell in row] for row in rows]
