"""Characters that steer a terminal or turn the reading direction, made visible."""

_LINE = {"\n", "\t"}
_BREAKS = (0x85, 0x2028, 0x2029)
_DIRECTION = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Embeddings, overrides and isolates: unclosed, they turn around all that follows."""
_STEERING = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in _LINE}
_TURNING = {code: f"\\u{code:04x}" for code in (*_BREAKS, *_DIRECTION)}
_HALVES = {code: f"\\u{code:04x}" for code in range(0xD800, 0xE000)}
_ALL = _STEERING | _TURNING | _HALVES


def visible(text: str) -> str:
    r"""Replace control characters by their escapes, as in \x1b; line feeds and tabs stay.

    Notes
    -----
    A comment, a column or a file may hold an escape sequence of terminals (ECMA-48), a character that turns the
    reading direction (Unicode UAX 9), or half a character, which cannot be written at all. Zero-width joiners and
    marks of direction without scope stay: names and emoji need them.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_ALL)
