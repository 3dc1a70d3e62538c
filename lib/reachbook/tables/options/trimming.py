"""What exports put around values, taken off where study.yaml says so, and words for "no value"."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import is_text, truth

_FORMULA = r'^\s*="(?P<value>[^"]*)"\s*$'
_AROUND = r"^[\s\x{3000}\x{a0}\x{feff}]+|[\s\x{3000}\x{a0}\x{feff}]+$"
_DRESSED = r"^\s*=\x{22}|^\s*['‘’`]|^[\s\x{3000}\x{a0}\x{feff}]|[\s\x{3000}\x{a0}\x{feff}]$"


def cleaned(raw: Raw, missing: tuple[str, ...], trim: bool, texts: frozenset[str]) -> Raw:
    """Take off ="...", apostrophes, spaces and tabs, and empty the cells that only say "no value".

    Parameters
    ----------
    missing : tuple of str
        Cells that mean "no value".
    trim : bool
        Whether to take anything off.
    texts : frozenset of str
        Columns of free text, by their names in the file, which stay as they are.

    Returns
    -------
    Raw
        With the numbers of changed cells by column among its facts, as `trimmed` and `missing`.
    """
    if not (trim or missing):
        return raw
    trimmed: dict[str, int] = {}
    emptied: dict[str, int] = {}
    for name in raw.frame.column_names:
        column = raw.frame.column(name)
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if not is_text(kind):
            continue
        text = column.cast(pa.string()).combine_chunks()
        text, one = _without_dress(text) if trim and name not in texts else (text, 0)
        text, other = _without_words(text, missing)
        if one or other:
            raw = raw.with_column(name, text)
            trimmed |= {name: one} if one else {}
            emptied |= {name: other} if other else {}
    return raw.with_facts(**({"trimmed": trimmed} if trimmed else {}), **({"missing": emptied} if emptied else {}))


def _without_dress(text: pa.Array) -> tuple[pa.Array, int]:
    """The bare values, and how many cells were changed; a cell of nothing else becomes empty."""
    dressed = truth(pc.match_substring_regex(text, _DRESSED))
    if not dressed.any():
        return text, 0
    rows = pa.array(np.flatnonzero(dressed))
    bare = pc.replace_substring_regex(text.take(rows), _FORMULA, r"\1")
    bare = pc.replace_substring_regex(bare, _AROUND, "")
    bare = pc.replace_substring_regex(bare, r"^['‘’`]", "")
    bare = pc.replace_substring_regex(bare, _AROUND, "")
    bare = pc.if_else(pc.equal(bare, ""), None, bare)
    return pc.replace_with_mask(text, pa.array(dressed), bare), int(dressed.sum())


def _without_words(text: pa.Array, missing: tuple[str, ...]) -> tuple[pa.Array, int]:
    if not missing:
        return text, 0
    said = pc.is_in(pc.utf8_trim_whitespace(text), pa.array(missing, pa.string()))
    said = pc.and_(said, pc.is_valid(text))
    count = int(pc.sum(said).as_py() or 0)
    return (pc.if_else(said, None, text), count) if count else (text, 0)
