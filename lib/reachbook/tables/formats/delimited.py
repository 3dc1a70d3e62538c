"""Read delimited text files: encoding detected or stated, every cell as text, ragged lines reported."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from reachbook.errors import DataError
from reachbook.tables.formats.big5 import big5, first_signs
from reachbook.tables.formats.layout import columns_of, footer_start, header_row
from reachbook.tables.formats.preamble import LOOKED, header_below, refuse_preamble
from reachbook.tables.formats.raw import Exclusion, Raw, counted, named, without_blank, without_footer
from reachbook.tables.markers import TOTAL
from reachbook.tables.problems import SHOWN, show
from reachbook.tables.source import Source

Numbers = npt.NDArray[np.int64]

_STEP = 1 << 24
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STRANGERS = (
    (b"PK\x03\x04", "an Excel workbook or a zip file", ".xlsx"),
    (b"PAR1", "a Parquet file", ".parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", ".xls"),
)
csv.field_size_limit(1 << 30)


def read_text(path: Path, place: str, source: Source) -> Raw:
    """Read a delimited text file, with every cell as text.

    Raises
    ------
    DataError
        The file cannot be read without guessing.
    """
    data = path.read_bytes()
    for mark, what, ending in _STRANGERS:
        if data.startswith(mark):
            raise DataError(f"{place}: is {what}, whatever its name says. Rename it to end in {ending}.")
    text, encoding = recode(data, place, source.encoding)
    del data
    text, comments = without_comments(text, source.comment)
    delimiter = source.delimiter or _delimiter(text, path.suffix.lower(), source)
    if source.header is None and not source.comment:
        _refuse_preamble(text, delimiter, source.delimiter is None, place)
    layout = _layout(text, delimiter, source, place)
    raw = _table(text, layout, source, comments)
    facts = {"source": place, "format": "text", "encoding": encoding, "delimiter": delimiter}
    return replace(raw, facts=facts | raw.facts)


@dataclass(frozen=True)
class _Layout:
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


def _layout(text: bytes, delimiter: str, source: Source, place: str) -> _Layout:
    """Find the header as stated, else in the first filled row that is no comment."""
    reader = _rows(text, delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in itertools.islice(reader, LOOKED if source.header is not None else 100):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{place}:{len(rows) + 1}: cannot be read as a row ({error}). Export it again.") from None
    found = header_row(rows, source, place)
    if found is None:
        found = next((i for i, row in enumerate(rows) if row), None)
    if found is None:
        raise DataError(f"{place}: holds only blank lines. Export it again.")
    _one_column(rows[found], delimiter, place, found + 1)
    return _Layout(place, delimiter, found + 1, _offset(text, ends[found]), rows[found])


def _offset(text: bytes, lines: int) -> int:
    """Position of the first byte behind so many lines."""
    stream = io.BytesIO(text)
    if b"\r" not in text[: 1 << 16] or b"\n" in text[: 1 << 16]:
        return sum(len(stream.readline()) for _ in range(lines))
    return sum(map(len, text.splitlines(keepends=True)[:lines]))  # old Macintosh: lines end in \r alone


def _table(text: bytes, layout: _Layout, source: Source, comments: int) -> Raw:
    """Read the rows below the header, without those that stated rules leave out."""
    frame, ragged = _cells(text, layout)
    numbers = _numbers(text, frame, layout) if not ragged else None
    left_out = [Exclusion("comment", comments, comments + frame.num_rows, "comment lines")] if comments else []
    if ragged or numbers is None:
        frame, numbers, skipped = _walked(text, layout, source)
        left_out += skipped
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


def recode(data: bytes, place: str, encoding: str | None) -> tuple[bytes, str]:
    """Convert bytes to UTF-8 without byte-order mark.

    Returns
    -------
    tuple of (bytes, str)
        The text, and the encoding it had.

    Raises
    ------
    DataError
        The bytes are not valid in the encoding, or are Big5 by their looks.

    Notes
    -----
    A byte-order mark decides; else strict UTF-8; else strict GB18030, which Chinese office software writes, unless the
    characters are rare ones and those of Big5 common. A stated encoding is never second-guessed.
    """
    for mark, name in _MARKS:
        if data.startswith(mark) and encoding in (None, name, name[:6], "utf-8-sig"):
            return _decode(data[len(mark) :], name, place), f"{name} with byte-order mark"
    if encoding:
        return _decode(data, encoding, place), encoding.lower()
    try:
        return _decode(data, "utf-8", place), "utf-8"
    except DataError as first:
        try:
            text = _decode(data, "gb18030", place)
        except DataError as second:
            raise DataError(f"{first} It is not GB18030 either ({_reason(second)}).") from None
    _refuse_big5(data, place)
    return text, "gb18030"


def _refuse_big5(data: bytes, place: str) -> None:
    """Raise for text that GB18030 can read, but only as rare characters, and Big5 as common ones."""
    other = big5(data)
    if other:
        read = show(first_signs(data, other))
        raise DataError(
            f"{place}: is not UTF-8, and reads as {read} in Big5, as rare characters in GB18030. "
            f"State `encoding: {other}`, or `encoding: gb18030`."
        )


def _reason(error: DataError) -> str:
    return str(error).partition(": ")[2].partition(".")[0]


def _decode(data: bytes, encoding: str, place: str) -> bytes:
    """Convert bytes in `encoding` to UTF-8 in blocks, so that a large file is not held a second time as text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    plain = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    out = io.BytesIO()
    for start in range(0, len(data), _STEP):
        try:
            piece = decoder.decode(data[start : start + _STEP], final=start + _STEP >= len(data))
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            row = data.count(b"\n", 0, start + error.start) + 1
            raise DataError(
                f"{place}:{row}: byte 0x{byte:02x} is not {encoding.upper()}. State what the file is in, "
                "as in `encoding: big5`, or export it as UTF-8."
            ) from None
        if not plain:
            out.write(piece.encode("utf-8"))
    return data.removeprefix(codecs.BOM_UTF8) if plain else out.getvalue()


def _delimiter(text: bytes, ending: str, source: Source) -> str:
    """The sign that sets apart a name which `header:` states, where it states any; else the comma, or a tab for .tsv
    files and for .txt files with tabs in the header. Any other delimiter has to be stated.
    """
    head = text.partition(b"\n")[0]
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
        also = "" if best == delimiter else f" and `delimiter: {best!r}`"
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
            f"{place}:{number}: the header has no {delimiter!r} but {other!r}. State it: `delimiter: {other!r}`."
        )


def _cells(text: bytes, layout: _Layout) -> tuple[pa.Table, int]:
    """Every cell below the header as text, empty ones null, under placeholder names.

    Returns
    -------
    tuple of (pyarrow.Table, int)
        The rows, and how many of another width were skipped.
    """
    ragged = 0

    def count(_: pa.csv.InvalidRow) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    names = [str(i) for i in range(len(layout.names))]
    body = memoryview(text)[layout.start :]  # a slice would hold a large file twice
    if not bytes(body[:_STEP]).strip(b"\r\n"):
        return pa.table({name: pa.array([], pa.string()) for name in names}), 0
    try:
        frame = pa.csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            pa.csv.ReadOptions(column_names=names, block_size=_STEP, use_threads=False),
            pa.csv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=text.find(b'"', layout.start) >= 0,
                invalid_row_handler=count,
            ),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        refuse_ragged(list(_body(text, layout)), layout)
        raise DataError(
            f"{layout.place}: cannot be read as a table ({str(error).splitlines()[0]}). Export it again."
        ) from None
    return frame, ragged


def _body(text: bytes, layout: _Layout) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each filled row below the header."""
    rows = enumerate(_rows(text, layout.delimiter), 1)
    return ((n, row) for n, row in rows if n > layout.header and any(row))


def _walked(text: bytes, layout: _Layout, source: Source) -> tuple[pa.Table, Numbers, list[Exclusion]]:
    """Read the table row by row, because some rows have another width, which only a stated rule may leave out.

    Raises
    ------
    DataError
        Rows have the wrong number of cells.
    """
    rows = list(_body(text, layout))
    width, before, left_out = len(layout.names), len(rows), []
    if source.footer is not None and (cut := footer_start([row for _, row in rows], source.footer)) is not None:
        left_out.append(Exclusion("footer", before - cut, before, "rows below the table"))
        rows = rows[:cut]
    if source.totals == "leave_out":
        even = [(n, row) for n, row in rows if len(row) == width or not any(re.match(TOTAL, cell) for cell in row)]
        if len(even) < len(rows):
            left_out.append(Exclusion("totals", len(rows) - len(even), len(rows), "rows that sum others"))
            rows = even
    refuse_ragged(rows, layout)
    columns = [pa.array([row[i] or None for _, row in rows], pa.string()) for i in range(width)]
    frame = pa.table(columns, names=[str(i) for i in range(width)])
    return frame, np.fromiter((n for n, _ in rows), np.int64, len(rows)), left_out


def refuse_ragged(rows: Sequence[tuple[int, Sequence[str]]], layout: _Layout) -> None:
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
        lines.append(f"... and {len(bad) - SHOWN:,} more")
    raise DataError("\n".join(lines))


def _shared(
    rows: Sequence[tuple[int, Sequence[str]]], bad: Sequence[tuple[int, Sequence[str]]], width: int, layout: _Layout
) -> str:
    """One sentence for a cause that all ragged rows share; "" where there is none."""
    place, longer = layout.place, {len(row) for _, row in bad} == {width + 1}
    if longer and len(bad) == len(rows) and not any(row[-1].strip() for _, row in bad):
        return (
            f"{place}:{layout.header}: every row ends with a {layout.delimiter!r} and the header does not. Add one at "
            "the end of the header."
        )
    if longer and len(bad) == len(rows):
        return (
            f"{place}:{layout.header}: the header has {width} names, and every row {width + 1} cells: a name is "
            "missing. Add it at its place in the header."
        )
    widths = {len(row) for _, row in bad}
    if 1 < len(bad) < len(rows) and len(widths) == 1 and [n for n, _ in bad] == [n for n, _ in rows[-len(bad) :]]:
        return (
            f"{place}:{bad[0][0]}: from here on all {len(bad):,} rows have {widths.pop()} cells, the header has "
            f"{width}: another version of the export was appended. Split the file there, give the second part its own "
            "header, and name both under paths:."
        )
    return ""


def _ragged(row: Sequence[str], width: int, last: bool) -> str:
    """Describe a row with the wrong number of cells, and the remedy."""
    said = next((cell for cell in row if re.match(TOTAL, cell)), None)
    has = f"has {len(row)} cell{'s' * (len(row) != 1)}, the header has {width}"
    if said is not None:
        return f"is a totals row by its looks ({show(said)}), and {has}. Leave it out: `totals: leave_out`."
    if last and sum(bool(cell.strip()) for cell in row) == 1 and width > 2:
        return f"{has}. If it is a note below the table, leave it out: `footer: 1`; else add the missing cells."
    if len(row) > width:
        return f"{has}. Put quotes around a text that holds the delimiter or a quote, or name the column in the header."
    return f"{has}. Add the missing cells, or the closing quote of a text."


def _numbers(text: bytes, frame: pa.Table, layout: _Layout) -> Numbers | None:
    """Row numbers as a spreadsheet shows them, int64 array (rows,); None where rows and lines cannot be matched.

    Notes
    -----
    The file is walked only where lines and rows differ.
    """
    lines = text.count(b"\n", layout.start) + (not text.endswith(b"\n"))
    if lines == frame.num_rows:
        return counted(frame, layout.header + 1)
    rows = enumerate(_rows(text, layout.delimiter), 1)
    numbers = np.fromiter((n for n, row in rows if n > layout.header and row), dtype=np.int64)
    return numbers if len(numbers) == frame.num_rows else None
