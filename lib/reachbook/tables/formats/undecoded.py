"""Cells of a Chinese encoding, cut apart before they are decoded: digits need no decoding, repeated texts only one."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.screening import Signs, repeated

ENCODINGS = ("gb18030", "gbk", "gb2312")
UNICODE = ("utf-8", "utf-8 with byte-order mark")
DELIMITERS = ",;\t"
"""Signs of which no character of `ENCODINGS` has a byte; neither has it one of a quote or of the end of a line."""
_BREAK = b"\n"
_RUN = re.compile(rb"(?:[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\x7e\x80-\xfe])+")
"""Signs beyond ASCII that stand beside each other."""
_HEAD = 1000


def behind(data: bytes, lines: int) -> int:
    """Position of the first byte behind so many lines that end in a line feed."""
    place = 0
    for _ in range(lines):
        place = data.index(_BREAK, place) + 1
    return place


def decoded(cells: pa.Array, encoding: str) -> pa.Array:
    """Text of an array of bytes.

    Raises
    ------
    pyarrow.ArrowInvalid, UnicodeDecodeError
        A cell is not in the encoding.
    """
    if encoding in UNICODE:
        return cells.cast(pa.string())
    if Signs.of(cells).high < 0x80:
        return cells.view(pa.string())
    codes = repeated(cells)
    if codes is not None:
        return _each(codes.dictionary, encoding).take(codes.indices)
    if _of_one_run(cells.slice(0, _HEAD), encoding) is not None:
        text = _of_one_run(cells, encoding)
        if text is not None:
            return text
    return _each(cells, encoding)


def _of_one_run(cells: pa.Array, encoding: str) -> pa.Array | None:
    """Text where beside ASCII nothing but one run of signs occurs, such as ¥ or 买家; None anywhere else.

    Notes
    -----
    Where all bytes above ASCII belong to the run, each run begins where a sign does, so that it may be replaced.
    """
    signs = Signs.of(cells)
    found = next((match for part in signs.parts if (match := _RUN.search(part))), None)
    if found is None:
        return None
    run = found[0]
    written = run.decode(encoding).encode()
    if len(written) == len(run):
        return None
    replaced = pc.replace_substring(cells, run, written)
    new = Signs.of(replaced)
    runs = (signs.size - new.size) // (len(run) - len(written))
    return replaced.view(pa.string()) if new.beyond_ascii() == runs * len(written) else None


def _each(cells: pa.Array, encoding: str) -> pa.Array:
    """Decode all cells at once, with a line break between them, and cut them apart again."""
    there, *written = pa.concat_arrays([cells]).buffers()
    bare = pa.Array.from_buffers(pa.binary(), len(cells), [None, *written])  # an empty cell has no bytes
    all_of_them = pa.ListArray.from_arrays(_int32(0, len(cells)), bare)
    separator = pa.Array.from_buffers(pa.binary(), 1, [None, _int32(0, 1).buffers()[1], pa.py_buffer(_BREAK)])
    joined = pc.binary_join(all_of_them, separator)[0].as_buffer()
    text = str(joined, encoding).encode()
    one = pa.StringArray.from_buffers(1, _int32(0, len(text)).buffers()[1], pa.py_buffer(text))
    apart = pc.split_pattern(one, _BREAK.decode()).values
    return pa.StringArray.from_buffers(len(cells), *apart.buffers()[1:], there)


def _int32(*values: int) -> pa.Array:
    return pa.Array.from_buffers(pa.int32(), len(values), [None, pa.py_buffer(np.array(values, np.int32))])
