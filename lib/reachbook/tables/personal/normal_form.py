"""One form for all the ways to draw a character, with the way back to the text as it was written."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_PLAIN = re.compile(r"[\x20-\x7e\u4e00-\u9fff。]*")
_KEYCAP = "\u20e3"


@dataclass
class NormalForm:
    """A text in its normal form, and what each of its characters stands for.

    text : digits, letters and punctuation in their ASCII form (NFKC; circled and other drawn digits; dashes as "-"),
        without characters that take no room.
    source : as long as `text`; the characters of the original behind each, joined they are the original.
    """

    text: str
    source: list[str]

    def replace(self, start: int, end: int, mark: str) -> None:
        """Put `mark` where the characters from `start` to before `end` were."""
        self.text = self.text[:start] + mark + self.text[end:]
        self.source[start:end] = mark

    @property
    def original(self) -> str:
        """The original, with what was put into it."""
        return "".join(self.source)


def normal_form(text: str) -> NormalForm:
    """Read `text` in its normal form (Unicode Standard Annex 15, form KC, one character at a time)."""
    if _PLAIN.fullmatch(text):
        return NormalForm(text, list(text))
    plain: list[str] = []
    source: list[str] = []
    for character in text:
        drawn = _plain(character)
        if not drawn and source:
            source[-1] += character
            continue
        plain.append(drawn or " ")
        source.append(character)
        source.extend([""] * (len(drawn) - 1))
    return NormalForm("".join(plain), source)


@cache
def _plain(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category == "Pd":
        return "-"
    if category in {"Cf", "Mn"} or character == _KEYCAP:
        return ""
    plain = unicodedata.normalize("NFKC", character)
    if category == "No" and plain.endswith("."):
        return plain[:-1]
    return plain if plain.strip() else " "
