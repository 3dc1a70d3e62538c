"""Tell Big5 from GB18030, in which the same bytes are other characters, most of them rare ones."""

import re
from collections import Counter
from collections.abc import Callable

_SAMPLE = 1 << 18
"""Bytes looked at from the first that is no ASCII."""
_FEWEST = 4
"""Different characters below which shares of them say nothing."""
_MARGIN = 0.25
_PAIR = re.compile(rb"[\x80-\xff][\x00-\xff]")
_KINDS = ("big5", "cp950", "big5hkscs")
"""Names of Big5, and of what Windows and Hong Kong add to it."""


def big5(data: bytes) -> str:
    """Name of the Big5 that bytes are in which GB18030 can read as well; "" where they are rather GB18030.

    Notes
    -----
    Both standards put the common characters first: GB 2312 has 3,755 of them in its rows 16 to 55, Big5 has 5,401 in
    its first level. Text of either has nearly all of its characters there, and of the other about a half at most.
    """
    first = re.search(rb"[\x80-\xff]", data)
    pairs = Counter(_PAIR.findall(data, first.start(), first.start() + _SAMPLE) if first else [])
    if len(pairs) < _FEWEST or _share(pairs, _is_big5) <= _share(pairs, _is_gb) + _MARGIN:
        return ""
    return next((kind for kind in _KINDS if _decodes(data, kind)), "")


def _share(pairs: Counter[bytes], common: Callable[[int, int], bool]) -> float:
    return sum(often for pair, often in pairs.items() if common(*pair)) / pairs.total()


def _is_big5(lead: int, trail: int) -> bool:
    """Whether it is a sign or a character of the first level of Big5."""
    return 0xA1 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1)


def _is_gb(lead: int, trail: int) -> bool:
    """Whether it is a sign, a kana or a character of the first level of GB 2312."""
    return trail >= 0xA1 and (0xA1 <= lead <= 0xA5 or 0xB0 <= lead <= 0xD7)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def first_signs(data: bytes, encoding: str, signs: int = 6) -> str:
    """The first characters of bytes that are no ASCII, for a message."""
    first = re.search(rb"[\x80-\xff]", data)
    text = data[first.start() : first.start() + 200].decode(encoding, "ignore") if first else ""
    return "".join(sign for sign in text if not sign.isascii())[:signs]
