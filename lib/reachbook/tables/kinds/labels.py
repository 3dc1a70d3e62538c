"""Ids, labels and free text, exactly as written."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.tables.kinds.cells import Fault, Mask, Parsed, finite, matching, text_of, truth
from reachbook.tables.screening import Signs, repeated
from reachbook.translation import mark, tr

_CONTROL = r"[\x00-\x1f\x7f]"
_WIDE = "\u3000\u00a0\ufeff"
_EDGES = r"^\s|\s$|^[\x{3000}\x{a0}\x{feff}]|[\x{3000}\x{a0}\x{feff}]$"
_TABS = r"^[\t\r\n ]*[^\x00-\x1f\x7f]*[\t\r\n ]*$"
_CRUSHED = r"^\d(\.\d+)?[eE]\+\d+$|^\d\.\d+[eE]\d{2}$"


def parse_id(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read ids as text, exactly as written; faults are ids rounded by a spreadsheet, control characters and outer
    spaces.

    Parameters
    ----------
    column : array (rows,)
        Cells of any scalar type.
    numeric : bool array (rows,)
        Cells that a workbook stored as numbers; None for other sources.
    """
    label = _label(column)
    text, faults = label.values, label.faults
    if numeric is not None or pa.types.is_floating(column.type):
        was_number = numeric if numeric is not None else np.ones(len(text), dtype=bool)
        long = truth(pc.greater(pc.utf8_length(text), 15)) & was_number
        faults.append(once(long, _ROUNDED))
        broken = truth(pc.match_substring_regex(text, r"[.]")) & was_number & ~long
        faults.append(
            (broken, lambda v: tr("{v} is a number with decimals, not an id. Export the column as text.", v=v))
        )
    signs = Signs.of(text)
    faults.append(once(matching(text, _CRUSHED, signs.any_of(b"eE")), _CRUSHED_ID))
    return Parsed(text, faults + _stray(text, signs))


_ROUNDED = (
    mark(
        "{v} was stored as a number of more than 15 digits, so its last digits are rounded off. They cannot be "
        "restored: export again, and open the file in no spreadsheet, or import the column there as text."
    ),
    mark(
        "{v} was stored as a number of more than 15 digits, so its last digits are rounded off, and so {n:,} of "
        "{of:,} ids. They cannot be restored: export again, and open the file in no spreadsheet, or import the column "
        "there as text."
    ),
)
_CRUSHED_ID = (
    mark(
        "{v} is an id that a spreadsheet turned into a rounded number. They cannot be restored: export again, and open "
        "the file in no spreadsheet, or import the column there as text."
    ),
    mark(
        "{v} is an id that a spreadsheet turned into a rounded number, and so {n:,} of {of:,} ids. They cannot be "
        "restored: export again, and open the file in no spreadsheet, or import the column there as text."
    ),
)


def once(rows: Mask, said: tuple[str, str]) -> Fault:
    """A fault that is reported at its first row for all of them: the digits are lost in the entire column.

    Parameters
    ----------
    said : tuple of (str, str)
        Marked sentences for one id and for several.
    """
    count = int(rows.sum())
    first = np.zeros(len(rows), dtype=bool)
    first[np.flatnonzero(rows)[:1]] = True
    sentence = said[count > 1]
    return first, lambda v: tr(sentence, v=v, n=count, of=len(rows))


def parse_category(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read labels as text; faults are control characters and outer spaces, which make two labels of one."""
    label = _label(column)
    return Parsed(label.values, label.faults + _stray(label.values, Signs.of(label.values)))


def parse_text(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read free text as it is, including line breaks; faults are NUL characters and cells of only spaces."""
    label = _label(column)
    nul = truth(pc.match_substring(label.values, "\x00"))
    blank = truth(pc.match_substring_regex(label.values, r"^[\s\x{3000}\x{a0}]+$"))
    return Parsed(
        label.values,
        [
            *label.faults,
            (nul, lambda v: tr("{v} holds a NUL character. Remove it; the export is broken there.", v=v)),
            (blank, lambda v: tr("holds only spaces. Leave the row out, or write the text.")),
        ],
    )


def _label(column: pa.Array) -> Parsed:
    """Any scalar column as text; a NaN is a fault."""
    known = finite(column, []) if pa.types.is_floating(column.type) else Parsed(column)
    return Parsed(text_of(known.values), known.faults)


def _stray(text: pa.Array, signs: Signs) -> list[Fault]:
    if signs.low > ord(" ") and not signs.any_of(b"\x7f") and not signs.may_hold(_WIDE):
        return []
    codes = repeated(text)
    distinct = text if codes is None else codes.dictionary
    if not pc.any(pc.match_substring_regex(distinct, f"{_CONTROL}|{_EDGES}")).as_py():
        return []
    control = truth(pc.match_substring_regex(text, _CONTROL))
    tabs = truth(pc.match_substring_regex(text, _TABS)) & control
    spaces = truth(pc.match_substring_regex(text, _EDGES)) & ~control
    return [
        (tabs, _tab),
        (control & ~tabs, lambda v: tr("{v} holds a control character, which no one can see. Remove it.", v=v)),
        (
            spaces,
            lambda v: tr("{v} begins or ends with a space, so it would match nothing. Take it off: `trim: true`.", v=v),
        ),
    ]


def _tab(value: str) -> str:
    return tr(
        "{value} begins or ends with a tab or line break, so it would match nothing. Shops put a "
        "tab there so that spreadsheets keep all digits. Take it off: `trim: true`.",
        value=value,
    )
