"""Read delimited text files: encoding detected or stated, every cell as text, ragged lines reported."""

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from reachbook.errors import DataError
from reachbook.tables.formats.encoding import recode, refuse_big5
from reachbook.tables.formats.extent import refuse_wide
from reachbook.tables.formats.layout import TextLayout, columns_of, footer_start, header_row
from reachbook.tables.formats.preamble import LOOKED, header_below, refuse_preamble
from reachbook.tables.formats.ragged import refuse_ragged
from reachbook.tables.formats.raw import Exclusion, Raw, counted, named, without_blank, without_footer
from reachbook.tables.formats.streamed import convert, streamed
from reachbook.tables.formats.undecoded import DELIMITERS, ENCODINGS, UNICODE, behind
from reachbook.tables.markers import TOTAL
from reachbook.tables.source import Source
from reachbook.translation import mark, tr

Numbers = npt.NDArray[np.int64]

_STEP = 1 << 24
_LARGE = 1 << 24
_HEAD, _START = 1 << 20, 1 << 21
"""Bytes that tell how a file is written, and those that may hold the first signs of its language."""
_SEARCHED = 100
"""Rows among which the header is the first filled one, where it is not stated."""
_STRANGERS = (
    (b"PK\x03\x04", mark("an Excel workbook or a zip file"), ".xlsx"),
    (b"PAR1", mark("a Parquet file"), ".parquet"),
    (b"\xd0\xcf\x11\xe0", mark("an old Excel workbook"), ".xls"),
)
csv.field_size_limit(1 << 30)


def read_text(path: Path, place: str, source: Source) -> Raw:
    """Read a delimited text file, with every cell as text.

    Raises
    ------
    DataError
        The file cannot be read without guessing.
    """
    with path.open("rb") as file:
        start = file.read(_START)
    for sign, what, ending in _STRANGERS:
        if start.startswith(sign):
            raise DataError(
                f"{place}: "
                + tr("is {what}, whatever its name says. Rename it to end in {ending}.", what=tr(what), ending=ending)
            )
    raw = _undecoded(start, path, place, source)
    if raw is not None:
        return raw
    data = path.read_bytes()
    text, encoding = recode(data, place, source.encoding)
    del data
    text, comments = without_comments(text, source.comment)
    delimiter = source.delimiter or _delimiter(text, path.suffix.lower(), source)
    if source.header is None and not source.comment:
        _refuse_preamble(text, delimiter, source.delimiter is None, place)
    layout = _layout(text, delimiter, source, place)
    raw = _table(text, layout, source, comments)
    return _with_facts(raw, encoding, delimiter)


def _with_facts(raw: Raw, encoding: str, delimiter: str) -> Raw:
    facts = {"source": raw.place, "format": "text", "encoding": encoding, "delimiter": delimiter}
    return replace(raw, facts=facts | raw.facts)


def _undecoded(start: bytes, path: Path, place: str, source: Source) -> Raw | None:
    """Read a large file cell by cell; None where that would be wrong in its encoding, or it is not an even table.

    Parameters
    ----------
    start : bytes
        How the file begins.

    Notes
    -----
    What is wrong with a file is found, and said, by the way that all other files are read.
    """
    if path.stat().st_size < _LARGE or source.comment:
        return None
    try:
        head, encoding = recode(start[: start.rfind(b"\n", 0, _HEAD) + 1], place, source.encoding)
        if not source.encoding and encoding in ENCODINGS:
            refuse_big5(start, place)  # most of its signs may stand behind the head
        delimiter = source.delimiter or _delimiter(head, path.suffix.lower(), source)
        apart = encoding in UNICODE or (encoding in ENCODINGS and delimiter in DELIMITERS)
        if not apart or not _is_long(head):
            return None
        if source.header is None:
            _refuse_preamble(head, delimiter, source.delimiter is None, place)
        layout = _layout(head, delimiter, source, place)
        layout = replace(layout, start=behind(start, head.count(b"\n", 0, layout.start)))
        frame = streamed(path, layout, encoding)
        if frame is None:
            return None
        numbers = counted(frame, layout.header + 1)
        return _with_facts(_finished(frame, numbers, [], layout, source), encoding, delimiter)
    except (DataError, pa.ArrowInvalid, UnicodeDecodeError):
        return None


def _is_long(head: bytes) -> bool:
    """Whether the beginning of a file holds all rows in which its header is searched, whatever stands between cells."""
    try:
        found = [sum(1 for _ in itertools.islice(_rows(head, each), _SEARCHED + 2)) for each in ",;\t|"]
    except csv.Error:
        return False
    return min(found) == _SEARCHED + 2 and b"\n" in head[: 1 << 16]


def _layout(text: bytes, delimiter: str, source: Source, place: str) -> TextLayout:
    """Find the header as stated, else in the first filled row that is no comment."""
    reader = _rows(text, delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in itertools.islice(reader, LOOKED if source.header is not None else _SEARCHED):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error as error:
        raise DataError(
            f"{place}:{len(rows) + 1}: " + tr("cannot be read as a row ({error}). Export it again.", error=error)
        ) from None
    found = header_row(rows, source, place)
    if found is None:
        found = next((i for i, row in enumerate(rows) if row), None)
    if found is None:
        raise DataError(f"{place}: " + tr("holds only blank lines. Export it again."))
    _one_column(rows[found], delimiter, place, found + 1)
    refuse_wide(len(rows[found]), source, place)
    return TextLayout(place, delimiter, found + 1, _offset(text, ends[found]), rows[found])


def _offset(text: bytes, lines: int) -> int:
    """Position of the first byte behind so many lines."""
    stream = io.BytesIO(text)
    if b"\r" not in text[: 1 << 16] or b"\n" in text[: 1 << 16]:
        return sum(len(stream.readline()) for _ in range(lines))
    return sum(map(len, text.splitlines(keepends=True)[:lines]))  # old Macintosh: lines end in \r alone


def _table(text: bytes, layout: TextLayout, source: Source, comments: int) -> Raw:
    """Read the rows below the header, without those that stated rules leave out."""
    frame, ragged = _cells(text, layout)
    numbers = _numbers(text, frame, layout) if not ragged else None
    left_out = [Exclusion("comment", comments, comments + frame.num_rows, tr("comment lines"))] if comments else []
    if ragged or numbers is None:
        frame, numbers, skipped = _walked(text, layout, source)
        left_out += skipped
    return _finished(frame, numbers, left_out, layout, source)


def _finished(frame: pa.Table, numbers: Numbers, left_out: list[Exclusion], layout: TextLayout, source: Source) -> Raw:
    """The rows with their names and numbers, without blank ones and without the footer."""
    frame = frame if all(column.num_chunks == 1 for column in frame.columns) else frame.combine_chunks()
    names = layout.names
    if source.block:
        kept = columns_of(source.block, len(names), layout.place)
        frame, names = frame.select(list(kept)), [names[i] for i in kept]
    raw = Raw(named(names, frame, layout.place, layout.header), layout.place, {}, numbers, left_out=tuple(left_out))
    raw = without_blank(raw)
    done = any(each.rule == "footer" for each in left_out)
    return raw if source.footer is None or done else without_footer(raw, source.footer)


def without_comments(text: bytes, comment: str | None) -> tuple[bytes, int]:
    """Empty the lines that begin with the comment sign, so that all others keep their numbers, and count them.

    Notes
    -----
    A line inside a quoted cell is no comment, and a quote in a comment opens no cell.
    """
    sign = (comment or "").encode()
    if not sign or not (text.startswith(sign) or b"\n" + sign in text):
        return text, 0
    kept: list[bytes] = []
    inside, removed = False, 0
    for line in text.splitlines(keepends=True):
        if not inside and line.startswith(sign):
            kept.append(line[len(line.rstrip(b"\r\n")) :])
            removed += 1
        else:
            kept.append(line)
            inside ^= line.count(b'"') % 2 == 1
    return b"".join(kept), removed


def _delimiter(text: bytes, ending: str, source: Source) -> str:
    """The sign that sets apart a name which `header:` states, where it states any; else the comma, or a tab for .tsv
    files and for .txt files with tabs in the header. Any other delimiter has to be stated.
    """
    head = text[: text.find(b"\n") + 1 or None]
    usual = "\t" if ending == ".tsv" or (ending == ".txt" and b"\t" in head) else ","
    if source.header is None or isinstance(source.header, int):
        return usual
    signs = dict.fromkeys((usual, *",\t;|"))
    names = frozenset((source.header,) if isinstance(source.header, str) else source.header)
    return next((each for each in signs if _stands_in(_head(text, each), names)), usual)


def _stands_in(rows: Sequence[tuple[int, list[str]]], names: frozenset[str]) -> bool:
    return any(cell.strip() in names for _, row in rows for cell in row)


def _rows(text: bytes, delimiter: str) -> "csv._reader":  # type: ignore[name-defined]
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")
    return csv.reader(lines, delimiter=delimiter)


def _refuse_preamble(text: bytes, delimiter: str, open_to_others: bool, place: str) -> None:
    """Raise DataError where lines precede the header; other delimiters are tried, because finding it may need them."""
    tried = [delimiter, *(other for other in "\t;|," if open_to_others and other != delimiter)]
    heads = {each: _head(text, each) for each in tried}
    best = max(tried, key=lambda each: max((len(row) for _, row in heads[each]), default=0))
    rows = [row for _, row in heads[best]]
    header = header_below(rows)
    if header is not None:
        also = "" if best == delimiter else best
        refuse_preamble(rows, header, [number for number, _ in heads[best]], place, also)


def _head(text: bytes, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows with their numbers; empty where they cannot be parsed."""
    try:
        return [(n, row) for n, row in enumerate(itertools.islice(_rows(text, delimiter), LOOKED), 1) if row]
    except csv.Error:
        return []


def _one_column(row: list[str], delimiter: str, place: str, number: int) -> None:
    other = next((d for d in ";\t|," if d != delimiter and d in row[0]), None) if len(row) == 1 else None
    if other:
        raise DataError(
            f"{place}:{number}: "
            + tr(
                "the header has no {delimiter!r} but {other!r}. State it: `delimiter: {other!r}`.",
                delimiter=delimiter,
                other=other,
            )
        )


def _cells(text: bytes, layout: TextLayout) -> tuple[pa.Table, int]:
    """Every cell below the header as text, empty ones null, under placeholder names.

    Returns
    -------
    tuple of (pyarrow.Table, int)
        The rows, and how many of another width were skipped.
    """
    try:
        return _parsed(text, layout, pa.string()), 0
    except pa.ArrowInvalid:
        ragged = 0

    def count(_: pa.csv.InvalidRow) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    try:
        return _parsed(text, layout, pa.string(), count), ragged
    except pa.ArrowInvalid as error:
        refuse_ragged(list(_body(text, layout)), layout)
        raise DataError(
            f"{layout.place}: "
            + tr("cannot be read as a table ({error}). Export it again.", error=str(error).splitlines()[0])
        ) from None


def _parsed(
    text: bytes,
    layout: TextLayout,
    kind: pa.DataType,
    of_another_width: Callable[[pa.csv.InvalidRow], str] | None = None,
) -> pa.Table:
    """The cells below the header in a type of texts or bytes.

    Raises
    ------
    pyarrow.ArrowInvalid
        They cannot be told apart, or a row has another width and nothing is to be done about it.
    """
    names = [str(i) for i in range(len(layout.names))]
    body = memoryview(text)[layout.start :]  # a slice would hold a large file twice
    if not bytes(body[:_STEP]).strip(b"\r\n"):
        return pa.table({name: pa.nulls(0, kind) for name in names})
    return pa.csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        pa.csv.ReadOptions(column_names=names, block_size=_STEP, use_threads=of_another_width is None),
        pa.csv.ParseOptions(
            delimiter=layout.delimiter,
            newlines_in_values=text.find(b'"', layout.start) >= 0,
            invalid_row_handler=of_another_width,
        ),
        convert(names, kind),
    )


def _body(text: bytes, layout: TextLayout) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each filled row below the header."""
    rows = enumerate(_rows(text, layout.delimiter), 1)
    return ((n, row) for n, row in rows if n > layout.header and any(row))


def _walked(text: bytes, layout: TextLayout, source: Source) -> tuple[pa.Table, Numbers, list[Exclusion]]:
    """Read the table row by row, because some rows have another width, which only a stated rule may leave out.

    Raises
    ------
    DataError
        Rows have the wrong number of cells.
    """
    rows = list(_body(text, layout))
    width, before, left_out = len(layout.names), len(rows), []
    if source.footer is not None and (cut := footer_start([row for _, row in rows], source.footer)) is not None:
        left_out.append(Exclusion("footer", before - cut, before, tr("rows below the table")))
        rows = rows[:cut]
    if source.totals == "leave_out":
        even = [(n, row) for n, row in rows if len(row) == width or not any(re.match(TOTAL, cell) for cell in row)]
        if len(even) < len(rows):
            left_out.append(Exclusion("totals", len(rows) - len(even), len(rows), tr("rows that sum others")))
            rows = even
    refuse_ragged(rows, layout)
    columns = [pa.array([row[i] or None for _, row in rows], pa.string()) for i in range(width)]
    frame = pa.table(columns, names=[str(i) for i in range(width)])
    return frame, np.fromiter((n for n, _ in rows), np.int64, len(rows)), left_out


def _numbers(text: bytes, frame: pa.Table, layout: TextLayout) -> Numbers | None:
    """Row numbers as a spreadsheet shows them, int64 array (rows,); None where rows and lines cannot be matched.

    Notes
    -----
    The file is walked only where lines and rows differ.
    """
    numbers = _consecutive(text, frame, layout)
    if numbers is not None:
        return numbers
    rows = enumerate(_rows(text, layout.delimiter), 1)
    numbers = np.fromiter((n for n, row in rows if n > layout.header and row), dtype=np.int64)
    return numbers if len(numbers) == frame.num_rows else None


def _consecutive(text: bytes, frame: pa.Table, layout: TextLayout) -> Numbers | None:
    """Row numbers where every row is one line, int64 array (rows,); None where lines and rows differ.

    Notes
    -----
    A carriage return alone ends a row and no line, and could make up for a blank line or a line break in a cell.
    """
    body = np.frombuffer(text, np.uint8)[layout.start :]
    pieces = [body[i : i + _HEAD + 1] for i in range(0, len(body), _HEAD)]  # each with the first byte of the next
    lines = sum(int(np.count_nonzero(piece[:_HEAD] == ord("\n"))) for piece in pieces) + (not text.endswith(b"\n"))
    return counted(frame, layout.header + 1) if lines == frame.num_rows and not any(map(_lone_return, pieces)) else None


def _lone_return(piece: npt.NDArray[np.uint8]) -> bool:
    """Whether a carriage return stands before anything but a line feed."""
    returns = piece[:-1] == ord("\r")
    return bool(returns.any() and (returns & (piece[1:] != ord("\n"))).any())
