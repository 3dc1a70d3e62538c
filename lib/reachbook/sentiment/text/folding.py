"""Fold social-media text: remove variation without meaning, keep what carries mood."""

from __future__ import annotations

import html
import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import numpy as np
import opencc

from reachbook.errors import DataError
from reachbook.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Index = NDArray[np.int64]

LONGEST = 20_000
"""Number of characters of one comment that are read; the rest of a longer one would not change its polarity."""

CHUNK = 4096
"""Number of texts that are folded and scored at once."""

_SPACE, _BREAK = 0x20, 0x0A
MENTION, ADDRESS, LITOTES = 0xF0000, 0xF0001, 0xF0002
_NOTHING = 0xFE0F
_EMOTICONS, _EMOTICON_COUNT = 0xF0010, 0xFFE0
_KEPT_REPEATS = 3
_APOSTROPHES = (0x60, 0xB4, 0x2BB, 0x2BC, 0x2018, 0x2019, 0x201B, 0x2032, 0x275B, 0x275C, 0xA78C)
"""Characters that phones and keyboards write for an apostrophe."""
_PARTICLE = re.compile(
    "(?<![显名原土编卓巨撰译专拙昭])(?<!(?<![讨议谈评辩争理])论)著(?![作称者述书录]|名(?![字单牌片]))"
)
"""著 where it is the particle 着, as written in Taiwan and Hong Kong; not in 著名, 显著, 原著, 论著."""

# Each alternative starts with a literal, from which `re` makes a set of first characters: it skips all others fast.
_MARKED = re.compile(
    r"h(?:ttps?://[!-~]+)|www\.[!-~]+|@[\w\-·]{1,30}|\[[^\[\]\s]{1,8}\]|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});"
    r"|<(?:/?[a-z!][^<>\n]{0,300})>|\{%|%\}"
)
_SPACES = re.compile("  +")


@dataclass(frozen=True)
class Batch:
    """Texts after folding.

    Attributes
    ----------
    codes : uint32 array (characters,)
        Code points of all texts, one after another.
    starts : int64 array (texts + 1,)
        Where each text begins, and the end of the last.
    """

    codes: Codes
    starts: Index

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Index:
        """Length of each text in characters after folding, shape (texts,)."""
        return np.diff(self.starts)

    def text(self, row: int) -> str:
        """One folded text."""
        return _characters(self.codes[self.starts[row] : self.starts[row + 1]])

    def joined(self) -> str:
        """All folded texts as one string without separators."""
        return _characters(self.codes)

    def texts(self) -> list[str]:
        """The folded texts; emoticons, mentions and addresses are private-use characters in them."""
        joined = self.joined()
        edges = self.starts.tolist()
        return [joined[a:b] for a, b in pairwise(edges)]


def fold(texts: Iterable[object]) -> Batch:
    """Fold full/half width, case, traditional characters, addresses, mentions, markup, spaces and long repetitions.

    Raises
    ------
    DataError
        An item is not text.

    Notes
    -----
    Missing texts (None, NaN) become empty texts, so that row i stays row i. The entire batch is processed as one array
    of code points, since a million comments a month are normal. A bracket emoticon ([doge], [微笑]), a mention and an
    address each become one code point of a private-use plane, so that an n-gram of characters treats each as one
    symbol.
    """
    given = strings(texts)
    codes = _points("".join(f"{each}\n" for each in _one_line(given)))
    marked = _MARKED.sub(_token, _simplified(_table()[codes]))
    codes = _points(_SPACES.sub(" ", marked))
    codes = codes[_kept_mask(codes)]
    ends = np.flatnonzero(codes == _BREAK)
    starts = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int64)
    return Batch(codes[codes != _BREAK], starts)


def strings(texts: Iterable[object]) -> list[str]:
    """Convert `texts` to a list of str of at most LONGEST characters each; missing ones are "".

    Raises
    ------
    DataError
        An item is not text, or a single text was given in place of a list.
    """
    if isinstance(texts, (str, bytes)):
        raise DataError("texts: " + tr("one text was given where a list of texts is needed. Put it in a list."))
    given = texts.tolist() if hasattr(texts, "tolist") else list(texts)
    return [each[:LONGEST] if type(each) is str else _string(each, row) for row, each in enumerate(given)]


def chunks(texts: Iterable[object]) -> Iterator[list[object]]:
    """Yield texts in lists of CHUNK, which bounds memory and fits the processor's cache.

    Raises
    ------
    DataError
        A single text was given in place of a list.
    """
    if isinstance(texts, (str, bytes)):
        raise DataError("texts: " + tr("one text was given where a list of texts is needed. Put it in a list."))
    stream = iter(texts)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def emoticon(name: str) -> int:
    """Code point that stands for the bracket emoticon [name]."""
    return _EMOTICONS + zlib.crc32(name.encode("utf-8", "surrogatepass")) % _EMOTICON_COUNT


def _string(value: object, row: int) -> str:
    if isinstance(value, str):
        return str(value)[:LONGEST]
    if value is None or value != value or type(value).__name__ == "NAType":
        return ""
    raise DataError(
        "texts: "
        + tr(
            "number {n:,} is {value!r}, a {kind}. Give texts as text.",
            n=row + 1,
            value=value,
            kind=type(value).__name__,
        )
    )


def _one_line(texts: Sequence[str]) -> Sequence[str]:
    joined = "".join(texts)
    return texts if "\n" not in joined else [each.replace("\n", " ") for each in texts]


def _points(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _characters(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le")


def _token(match: re.Match[str]) -> str:
    """Replacement for an address, a mention, an emoticon, an entity or a tag."""
    found = match.group()
    match found[0]:
        case "[":
            return chr(emoticon(found[1:-1]))
        case "@":
            return chr(MENTION)
        case "h" | "w":
            return chr(ADDRESS)
        case "&":
            plain = html.unescape(found)
            return plain if plain.isprintable() else " "
        case _:
            return " "


def _kept_mask(codes: Codes) -> NDArray[np.bool_]:
    """False at invisible joiners, and from the fourth repetition of a character on: 哈哈哈哈哈 is 哈哈哈."""
    again = np.zeros(len(codes), dtype=bool)
    if len(codes) > _KEPT_REPEATS:
        same = codes[1:] == codes[:-1]
        again[_KEPT_REPEATS:] = same[2:] & same[1:-1] & same[:-2]
    return np.asarray(~(again & (codes != _BREAK)) & (codes != _NOTHING))


@cache
def _table() -> Codes:
    """Replacement of each code point: half width, lower case; controls and surrogates become spaces."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code in [*range(0x3400), *range(0xF900, 0x10000), *range(0x1D400, 0x1D800), *range(0x1F100, 0x1F1E6)]:
        table[code] = _folded(chr(code))
    table[0xD800:0xE000] = _SPACE
    table[[*_INVISIBLE, *range(0x1F3FB, 0x1F400)]] = _NOTHING
    table[list(_APOSTROPHES)] = ord("'")
    table[0xF0000:] = _SPACE  # our own marks, which nobody may write
    table[_BREAK] = _BREAK
    return table


def _folded(character: str) -> int:
    plain = unicodedata.normalize("NFKC", character)
    lower = plain.lower() if len(plain) == 1 else character
    code = ord(lower) if len(lower) == 1 else ord(character)
    return _SPACE if unicodedata.category(chr(code)) in ("Cc", "Zs", "Zl", "Zp") else code


def _simplified(codes: Codes) -> str:
    """Convert traditional to simplified characters with OpenCC, by phrase: 乾淨 becomes 干净, 乾坤 stays.

    Notes
    -----
    OpenCC's own tables for Taiwan would turn 显著 and 原著 of mainland texts into 显着 and 原着, so the particle 著 is
    recognised here. Only lines with a character that can change are converted, all at once; a line therefore reads the
    same in any batch.
    """
    plain = _characters(codes)
    at = np.flatnonzero(_traditional()[codes])
    if not len(at):
        return plain
    lines = plain.split("\n")
    which = np.unique(np.searchsorted(np.flatnonzero(codes == _BREAK), at)).tolist()
    simplified = _converter().convert("\n".join(lines[line] for line in which))
    converted = _PARTICLE.sub("着", simplified).replace("甚么", "什么").split("\n")
    for line, text in zip(which, converted, strict=True):
        lines[line] = text
    return "\n".join(lines)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _traditional() -> NDArray[np.bool_]:
    """Flag each code point that OpenCC changes on its own, or that may be the particle 著."""
    codes = [*range(0x3400, 0xA000), *range(0xF900, 0xFB00), *range(0x20000, 0x30000)]
    simplified = _converter().convert("\n".join(map(chr, codes))).split("\n")
    table = np.zeros(0x110000, dtype=bool)
    table[codes] = [chr(code) != other for code, other in zip(codes, simplified, strict=True)]
    table[[ord("著"), ord("甚")]] = True
    return table


_INVISIBLE = (
    *(0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x2800, 0x3164, 0xFEFF, 0xFFA0),
    *(*range(0x17B4, 0x17B6), *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x2060, 0x2070)),
    *(*range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000)),
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties), and the blank of Braille: nothing to see."""
_MOOD = re.compile(r"\[[^\[\]\s]{1,8}\]|[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]|[:;=]-?[()DPp]")


def without_emoticons(texts: Iterable[object]) -> list[str]:
    """Remove bracket emoticons, emoji and ASCII smileys from `texts`."""
    return [_MOOD.sub("", each) for each in strings(texts)]
