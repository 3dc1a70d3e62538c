"""Read delimited text files: encoding detected or stated, every cell as text, ragged lines reported."""

import codecs
import csv
import io
import itertools
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from reachbook.errors import DataError
from reachbook.tables.formats.preamble import LOOKED, header_below, refuse_preamble
from reachbook.tables.formats.raw import Raw, counted, named, without_blank
from reachbook.tables.markers import TOTAL
from reachbook.tables.problems import SHOWN, show
from reachbook.tables.source import Source

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
    delimiter = source.delimiter or ("\t" if path.suffix.lower() == ".tsv" else _delimiter(text, path.suffix.lower()))
    _refuse_preamble(text, delimiter, source.delimiter is None, place)
    header, names = _header(text, delimiter, place)
    frame = _cells(text, len(names), delimiter, place, header)
    numbers = _numbers(text, frame, delimiter, header)
    frame = named(names, frame, place)
    facts = {"source": place, "format": "text", "encoding": encoding, "delimiter": delimiter}
    return without_blank(Raw(frame, place, facts, numbers))


def recode(data: bytes, place: str, encoding: str | None) -> tuple[bytes, str]:
    """Convert bytes to UTF-8 without byte-order mark.

    Returns
    -------
    tuple of (bytes, str)
        The text, and the encoding it had.

    Raises
    ------
    DataError
        The bytes are not valid in the encoding.

    Notes
    -----
    A byte-order mark decides; else strict UTF-8; else strict GB18030, which Chinese office software writes. A stated
    encoding is never second-guessed.
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
            return _decode(data, "gb18030", place), "gb18030"
        except DataError as second:
            raise DataError(f"{first} It is not GB18030 either ({_reason(second)}).") from None


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


def _delimiter(text: bytes, ending: str) -> str:
    """The comma, or a tab for .txt files with tabs in the header; any other delimiter has to be stated."""
    head = text.partition(b"\n")[0]
    return "\t" if ending == ".txt" and b"\t" in head else ","


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
        also = "" if best == delimiter else f"; then state `delimiter: {best!r}`"
        refuse_preamble(rows, header, [number for number, _ in heads[best]], place, also)


def _head(text: bytes, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows with their numbers; empty where they cannot be parsed."""
    try:
        return [(n, row) for n, row in enumerate(itertools.islice(_rows(text, delimiter), LOOKED), 1) if row]
    except csv.Error:
        return []


def _header(text: bytes, delimiter: str, place: str) -> tuple[int, list[str]]:
    """Row number of the header, skipping blank lines above it, and its names."""
    for number, row in enumerate(itertools.islice(_rows(text, delimiter), 100), start=1):
        if row:
            _one_column(row, delimiter, place)
            return number, row
    raise DataError(f"{place}: holds only blank lines. Export it again.")


def _one_column(row: list[str], delimiter: str, place: str) -> None:
    other = next((d for d in ";\t|," if d != delimiter and d in row[0]), None) if len(row) == 1 else None
    if other:
        raise DataError(f"{place}:1: the header has no {delimiter!r} but {other!r}. State it: `delimiter: {other!r}`.")


def _cells(text: bytes, width: int, delimiter: str, place: str, header: int) -> pa.Table:
    """Every cell as text, empty ones null, under placeholder column names."""
    ragged = 0

    def count(_: pa.csv.InvalidRow) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    names = [str(i) for i in range(width)]
    body = text if header == 1 else text.lstrip(b"\r\n")
    body = body if b"\n" in body else body + b"\n"  # the reader wants an end to the header
    try:
        frame = pa.csv.read_csv(
            pa.BufferReader(body),
            pa.csv.ReadOptions(column_names=names, skip_rows_after_names=1, block_size=_STEP, use_threads=False),
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in text, invalid_row_handler=count),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        _refuse_ragged(text, width, delimiter, place, header)
        raise DataError(
            f"{place}: cannot be read as a table ({str(error).splitlines()[0]}). Export it again."
        ) from None
    if ragged:
        _refuse_ragged(text, width, delimiter, place, header)
    return frame


def _refuse_ragged(text: bytes, width: int, delimiter: str, place: str, header: int) -> None:
    """Raise DataError for the first lines whose number of cells differs from the header's."""
    rows = [(n, row) for n, row in enumerate(_rows(text, delimiter), 1) if n > header and row]
    bad = [(n, row) for n, row in rows if len(row) != width]
    last = rows[-1][0] if rows else 0
    lines = [f"{place}:{n}: {_ragged(row, width, n == last)}" for n, row in bad[:SHOWN]]
    if len(bad) > SHOWN:
        lines.append(f"... and {len(bad) - SHOWN:,} more")
    if lines:
        raise DataError("\n".join(lines))


def _ragged(row: list[str], width: int, last: bool) -> str:
    """Describe a row with the wrong number of cells, and the remedy."""
    said = next((cell for cell in row if re.match(TOTAL, cell)), None)
    has = f"has {len(row)} cell{'s' * (len(row) != 1)}, the header has {width}"
    if said is not None:
        return f"is a totals row by its looks ({show(said)}), and {has}. Delete it from the file."
    if last and sum(bool(cell.strip()) for cell in row) == 1 and width > 2:
        return f"{has}. If it is a note below the table, delete it; else add the missing cells."
    if len(row) > width:
        return f"{has}. Put quotes around a text that holds the delimiter or a quote, or name the column in the header."
    return f"{has}. Add the missing cells, or the closing quote of a text."


def _numbers(text: bytes, frame: pa.Table, delimiter: str, header: int) -> npt.NDArray[np.int64]:
    """Row numbers as a spreadsheet shows them, int64 array (rows,).

    Notes
    -----
    The file is walked only where lines and rows differ.
    """
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    if lines == frame.num_rows + 1:
        return counted(frame, 2)
    rows = (n for n, row in enumerate(_rows(text, delimiter), start=1) if n > header and row)
    numbers = np.fromiter(rows, dtype=np.int64)
    return numbers if len(numbers) == frame.num_rows else counted(frame, header + 1)
