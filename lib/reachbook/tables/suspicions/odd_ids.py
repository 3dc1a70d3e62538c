"""Detect ids altered by spreadsheets and exports: they look like ids and match none.

Pages show what is said here, so that no id is quoted: its row says where it stands.
"""

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import to_arrow, whole
from reachbook.tables.contract import Column, Contract
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import is_text, matching, truth
from reachbook.tables.problems import show
from reachbook.tables.screening import Signs
from reachbook.translation import mark, tr

_DRESSED = (
    (
        r'^="?.*"?$',
        "=",
        mark(
            '{name}: {n:,} of {of:,} ids, this one first, are written like a formula (="..."): they match no table '
            'that has the same without ="...". Take it off in all tables: `trim: true`.'
        ),
    ),
    (
        r"^['‘’`]",
        "'‘’`",
        mark(
            "{name}: {n:,} of {of:,} ids, this one first, begin with an apostrophe, which spreadsheets show but do not "
            "hold: they match no table that has the same without it. Take it off in all tables: `trim: true`."
        ),
    ),
)
_LONG = r"^\d{16,}$"
_EXACT = 15


def odd_ids(raw: Raw, contract: Contract, found: Mapping[str, str]) -> Iterator[str]:
    """Yield one line for each column of ids that will not match those of other tables."""
    for name, theirs in found.items():
        column, known = raw.frame.column(theirs), contract.column(name)
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if not is_text(kind) or not _is_id(known, contract, theirs):
            continue
        text = whole(column.cast(pa.string()))
        yield from _dressed(text, theirs, raw)
        yield from _rounded(text, theirs, raw)


def _is_id(column: Column | None, contract: Contract, name: str) -> bool:
    """Whether a column holds ids: by the contract, or, for the user's own columns of an open table, by its name."""
    if column is not None:
        return column.kind == "id"
    folded = name.casefold()
    named = folded.endswith("id") or any(word in folded for word in ("编号", "单号", "編號", "單號"))
    return contract.open and named


def _dressed(text: pa.Array, name: str, raw: Raw) -> Iterator[str]:
    signs = Signs.of(text)
    for pattern, first, said in _DRESSED:
        rows = np.flatnonzero(matching(text, pattern, signs.may_hold(first)))
        if len(rows):
            yield (f"{raw.at(int(rows[0]))}: " + tr(said, name=show(name), n=len(rows), of=len(text)))


def _rounded(text: pa.Array, name: str, raw: Raw) -> Iterator[str]:
    """Detect ids rounded by a spreadsheet, which keeps 15 digits of a number and sets the rest to zero."""
    longest = pc.max(pc.binary_length(text)).as_py() or 0
    if longest <= _EXACT or any(_is_exact(each) for each in text.slice(0, 1000).to_pylist()):
        return
    long = truth(pc.match_substring_regex(text, _LONG))
    ids = text.filter(to_arrow(long))
    if len(ids) < 3 or not all(set(each[_EXACT:]) == {"0"} for each in ids.slice(0, 100_000).unique().to_pylist()):
        return
    first = int(np.flatnonzero(long)[0])
    yield (
        f"{raw.at(first)}: "
        + tr(
            "{name}: all {n:,} ids of 16 digits and more, this one first, end in noughts behind the 15th: "
            "a spreadsheet has rounded them, so that different ids may look alike and none matches. "
            "Export the column as text.",
            name=show(name),
            n=len(ids),
        )
    )


def _is_exact(cell: str | None) -> bool:
    """Whether a cell is an id of 16 digits or more, of which one behind the 15th is no nought."""
    return bool(cell and re.fullmatch(_LONG, cell, re.ASCII) and cell[_EXACT:].strip("0"))
