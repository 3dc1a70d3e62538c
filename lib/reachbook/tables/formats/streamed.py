"""A large text file read piece by piece: each piece is cut into cells and decoded while the next ones are read.

The file is never held as a whole: fresh memory costs more time than what is done with it.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from reachbook.arrays import to_arrow
from reachbook.tables.formats.layout import TextLayout
from reachbook.tables.formats.undecoded import decoded
from reachbook.tables.kinds.cells import truth

_PIECE = 1 << 22
_STEP = 1 << 16
"""Bytes whose signs are compared in one go; they stay in the processor's cache."""
_THREADS = 2
_AHEAD = 4
"""Pieces that may wait to be decoded."""
_SPARE = 1.2
_QUOTE, _BREAK, _RETURN = b'"\n\r'


class Body:
    """What stands in a file from a position on, in the form in which Arrow reads a file.

    Attributes
    ----------
    quotes : bool
        Whether quotes are expected.
    lines : int
        Lines that were read so far; the last one counts if it does not end in a line feed.
    quoted : bool
        Whether a quote was among them; nothing is read after one that was not expected.
    lone : bool
        Whether a carriage return stood before anything but a line feed: it ends a row and no line, and could make up
        for a blank line or a line break in a cell.
    """

    def __init__(self, path: Path, start: int, quotes: bool) -> None:
        self._file = path.open("rb", buffering=0)
        self._file.seek(start)
        self.quotes, self._ends, self._last = quotes, 0, _BREAK
        self.quoted = self.lone = self.closed = False

    @property
    def lines(self) -> int:
        return self._ends + (self._last != _BREAK)

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        piece = self._file.read(size) or b""
        self.quoted |= _QUOTE in piece
        if not piece or (self.quoted and not self.quotes):
            return b""
        self.lone |= self._last == _RETURN and piece[0] != _BREAK
        self._last = piece[-1]
        signs, returns = np.frombuffer(piece, np.uint8), _RETURN in piece
        for part in (signs[start : start + _STEP + 1] for start in range(0, len(signs), _STEP)):
            self._ends += int(np.count_nonzero(part[:_STEP] == _BREAK))
            self.lone |= returns and bool(((part[:-1] == _RETURN) & (part[1:] != _BREAK)).any())
        return piece

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self._file.close()
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class TextColumn:
    """Texts put below each other in one Arrow array.

    Parameters
    ----------
    rows, size : int
        Cells and bytes for which there is room; more is made where they do not suffice.
    """

    def __init__(self, rows: int, size: int) -> None:
        self._ends = np.empty(rows + 1, np.int32)
        self._ends[0] = 0
        self._bytes = np.empty(size, np.uint8)
        self._given: list[npt.NDArray[np.bool_]] = []
        self._rows = self._nulls = 0

    def append(self, texts: pa.Array) -> None:
        """Put the cells of an array of texts below those that are there.

        Raises
        ------
        pyarrow.ArrowInvalid
            There are more bytes than an array of texts can hold.
        """
        _, places, data = texts.buffers()
        ends = np.frombuffer(places, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        part = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None else self._bytes[:0]
        here, rows = int(self._ends[self._rows]), self._rows + len(texts)
        if here + len(part) > np.iinfo(np.int32).max:
            raise pa.ArrowInvalid
        self._ends, self._bytes = _with_room(self._ends, rows + 1), _with_room(self._bytes, here + len(part))
        np.add(ends[1:], here - ends[0], out=self._ends[self._rows + 1 : rows + 1])
        self._bytes[here : here + len(part)] = part
        self._given.append(truth(texts.is_valid()) if texts.null_count else np.ones(len(texts), bool))
        self._rows, self._nulls = rows, self._nulls + texts.null_count

    def whole(self) -> pa.Array:
        """All cells as one array of texts."""
        there = to_arrow(np.concatenate(self._given)).buffers()[1] if self._nulls else None
        buffers = [there, pa.py_buffer(self._ends), pa.py_buffer(self._bytes)]
        return pa.Array.from_buffers(pa.string(), self._rows, buffers, self._nulls)


def _with_room[T: np.generic](array: npt.NDArray[T], size: int) -> npt.NDArray[T]:
    if size <= len(array):
        return array
    larger = np.empty(int(size * _SPARE), array.dtype)
    larger[: len(array)] = array
    return larger


def streamed(path: Path, layout: TextLayout, encoding: str) -> pa.Table | None:
    """The cells below the header as texts, empty ones null, under placeholder names; None where rows are not lines.

    Parameters
    ----------
    layout : TextLayout
        Its `start` is a position in the file.
    encoding : str
        One of `ENCODINGS` or `UNICODE` of `reachbook.tables.formats.undecoded`.

    Raises
    ------
    pyarrow.ArrowInvalid
        Cells cannot be told apart, or a row has another width.
    UnicodeDecodeError
        A cell is not in the encoding.
    """
    size = path.stat().st_size - layout.start
    with Body(path, layout.start, quotes=False) as body:
        try:
            frame = _frame(body, size, layout, encoding)
        except (pa.ArrowInvalid, UnicodeDecodeError):
            if not body.quoted:  # of a body that ended too soon nothing follows
                raise
    if body.quoted:
        with Body(path, layout.start, quotes=True) as body:
            frame = _frame(body, size, layout, encoding)
    return frame if frame.num_rows == body.lines and not body.lone else None


def _frame(body: Body, size: int, layout: TextLayout, encoding: str) -> pa.Table:
    """The cells of a body of so many bytes, as far as it is read."""
    columns: list[TextColumn] = []
    share = _SPARE * max(size / _PIECE, 1)
    for texts in _decoded(body, layout, encoding):
        if not columns:
            columns = [TextColumn(int(len(each) * share), int(each.nbytes * share)) for each in texts]
        for column, each in zip(columns, texts, strict=True):
            column.append(each)
    return pa.Table.from_arrays([each.whole() for each in columns], names=[str(i) for i in range(len(columns))])


def _decoded(body: Body, layout: TextLayout, encoding: str) -> Iterator[list[pa.Array]]:
    """Columns of one piece after the other."""
    waiting: deque[Future[list[pa.Array]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for batch in _cut(body, layout):
            waiting.append(pool.submit(_texts, batch.columns, encoding))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _texts(columns: Sequence[pa.Array], encoding: str) -> list[pa.Array]:
    return [decoded(column, encoding) for column in columns]


def _cut(body: Body, layout: TextLayout) -> pa.csv.CSVStreamingReader:
    """The pieces of a body, cut into cells of bytes."""
    names = [str(i) for i in range(len(layout.names))]
    return pa.csv.open_csv(
        pa.PythonFile(body, "r"),
        pa.csv.ReadOptions(column_names=names, block_size=_PIECE),
        pa.csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=body.quotes),
        convert(names, pa.binary()),
    )


def convert(names: Sequence[str], kind: pa.DataType) -> pa.csv.ConvertOptions:
    """How every cell becomes a text, or bytes, and an empty one null."""
    return pa.csv.ConvertOptions(
        check_utf8=False,  # it was decoded, or is yet to be
        column_types=dict.fromkeys(names, kind),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
