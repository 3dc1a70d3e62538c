"""Characters that steer a terminal or turn the reading direction, made visible."""

import re

_STEERING = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
"""All controls but line feeds, tabs and carriage returns."""
_BREAKS = r"\u2028\u2029"
_DIRECTION = r"\u202a-\u202e\u2066-\u2069"
"""Embeddings, overrides and isolates: unclosed, they turn around all that follows."""
_HALVES = r"\ud800-\udfff"
_HIDDEN = re.compile(rf"\r(?!\n)|[{_STEERING}{_BREAKS}{_DIRECTION}{_HALVES}]")


def visible(text: str) -> str:
    r"""Replace control characters by their escapes, as in \x1b; tabs and ends of lines stay.

    Notes
    -----
    A comment, a column or a file may hold an escape sequence of terminals (ECMA-48), a character that turns the
    reading direction (Unicode UAX 9), or half a character, which cannot be written at all. Zero-width joiners and
    marks of direction without scope stay: names and emoji need them.
    """
    return _HIDDEN.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
