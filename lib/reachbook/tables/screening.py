"""Questions about a whole column of text that its bytes answer: what no cell can hold need not be searched for."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]

_STEP = 1 << 16
"""Bytes looked at in one go; they stay in the processor's cache."""
_THREADS = 4
_HEAD = 1000
_SAMPLE, _FEW = 20_000, 500
_LARGE = 2 * _SAMPLE


@dataclass(frozen=True)
class Signs:
    """Bytes of a column of text, in which empty cells may leave more than there is to see, never less.

    Attributes
    ----------
    parts : tuple of uint8 arrays
        The bytes, chunk by chunk.
    low, high : int
        Smallest and largest byte; low is above high where there is none.
    """

    parts: tuple[Bytes, ...]
    low: int
    high: int
    _seen: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray) -> Self:
        """Bytes of a column of text."""
        parts = tuple(part for part in map(_bytes, _chunks(column)) if len(part))
        low = min((int(part.min()) for part in parts), default=255)
        return cls(parts, low, max((int(part.max()) for part in parts), default=0))

    def any_of(self, signs: Iterable[int]) -> bool:
        """Whether any of some bytes occurs."""
        return any(map(self._has, signs))

    def may_hold(self, characters: Iterable[str]) -> bool:
        """Whether all bytes of any of some characters occur; False means that none of them does."""
        return any(all(map(self._has, each.encode())) for each in characters)

    def only(self, plain: bytes, character: str = "") -> bool:
        """Whether nothing occurs but some ASCII signs and one other character."""
        ranges = list(_ranges({*plain, *character.encode()}))
        if not all(_inside(piece, ranges) for part in self.parts for piece in _pieces(part)):
            return False
        return self.high < 0x80 or self.count(character) == self.count(character.encode()[:1])

    def count(self, sign: str | bytes) -> int:
        """How often a character or a byte occurs."""
        sequence = sign.encode() if isinstance(sign, str) else sign
        return sum(_count(part, sequence) for part in self.parts) if self.low <= sequence[0] <= self.high else 0

    def beyond_ascii(self) -> int:
        """How many bytes are above ASCII."""
        return sum(int(np.count_nonzero(part >= 0x80)) for part in self.parts)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return sum(map(len, self.parts))

    def _has(self, byte: int) -> bool:
        if byte not in self._seen:
            inside = self.low <= byte <= self.high
            self._seen[byte] = inside and any((piece == byte).any() for part in self.parts for piece in _pieces(part))
        return self._seen[byte]


def _chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return [chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk for chunk in chunks]


def _bytes(array: pa.Array) -> Bytes:
    """Bytes between the first and the last offset of a text array."""
    offsets, data = _buffers(array)
    return data[offsets[0] : offsets[-1]]


def _buffers(array: pa.Array) -> tuple[npt.NDArray[np.integer[Any]], Bytes]:
    """Where each cell of a text array begins, and where the last one ends, among the bytes."""
    array = array.cast(pa.string()) if pa.types.is_string_view(array.type) else array
    wide = pa.types.is_large_string(array.type)
    _, places, data = array.buffers()
    if data is None or not len(array):
        return np.zeros(1, np.int64), np.zeros(0, np.uint8)
    offsets: npt.NDArray[np.integer[Any]] = np.frombuffer(places, np.int64 if wide else np.int32)
    return offsets[array.offset : array.offset + len(array) + 1], np.frombuffer(data, np.uint8)


def may_begin(column: pa.Array | pa.ChunkedArray, signs: bytes) -> bool:
    """Whether any cell of a column of text begins with one of some bytes; False is certain."""
    sought = np.zeros(256, bool)
    sought[list(signs)] = True
    for chunk in _chunks(column):
        offsets, data = _buffers(chunk)
        for start in range(0, len(offsets) - 1, _STEP):
            begins = offsets[start : min(start + _STEP, len(offsets) - 1)]
            if sought[data[begins[begins < offsets[-1]]]].any():  # an empty cell has the next one's first byte
                return True
    return False


def _pieces(part: Bytes) -> Iterator[Bytes]:
    return (part[start : start + _STEP] for start in range(0, len(part), _STEP))


def _ranges(signs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First byte, and how many follow, of each run of consecutive bytes."""
    for _, run in itertools.groupby(enumerate(sorted(signs)), lambda pair: pair[1] - pair[0]):
        members = [byte for _, byte in run]
        yield members[0], len(members) - 1


def _inside(piece: Bytes, ranges: Iterable[tuple[int, int]]) -> bool:
    inside = np.zeros(len(piece), bool)
    for first, more in ranges:
        inside |= (piece - np.uint8(first)) <= np.uint8(more)  # bytes below the first wrap around
    return bool(inside.all())


def _count(part: Bytes, sequence: bytes) -> int:
    more = len(sequence) - 1
    pieces = (part[start : start + _STEP + more] for start in range(0, len(part), _STEP))
    return sum(_count_here(piece, sequence) for piece in pieces)


def _count_here(piece: Bytes, sequence: bytes) -> int:
    end = max(len(piece) - len(sequence) + 1, 0)
    found = piece[:end] == sequence[0]
    for i, byte in enumerate(sequence[1:], 1):
        found &= piece[i : end + i] == byte
    return int(np.count_nonzero(found))


def each[T, R](function: Callable[[T], R], columns: Sequence[T]) -> list[R]:
    """Results for several columns at once, in their order; Arrow and NumPy compute without the interpreter's lock."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(function, columns))


def cast(column: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """A column of text in another type; None where a cell has no value of it, which the first cells tell soonest."""
    try:
        pc.cast(column.slice(0, _HEAD), kind)
        return pc.cast(column, kind)
    except pa.ArrowInvalid:
        return None


def repeated(text: pa.Array) -> pa.DictionaryArray | None:
    """A long column of few distinct texts as codes, so that each text is looked at once; None for any other column."""
    if len(text) < _LARGE or any(len(pc.unique(text.slice(0, rows))) > _FEW for rows in (_HEAD, _SAMPLE)):
        return None
    codes = text.dictionary_encode()
    return codes if len(codes.dictionary) <= _SAMPLE else None
