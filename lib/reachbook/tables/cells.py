"""Cells of one column converted to the type of its kind; what cannot be converted is reported, never changed
silently.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import from_arrow, texts, to_arrow
from reachbook.tables.contract import arrow_type
from reachbook.tables.screening import Signs, cast, repeated
from reachbook.translation import mark, tr

Mask = npt.NDArray[np.bool_]
Fault = tuple[Mask, Callable[[str], str]]

NULL = pa.nulls(1)[0]
_NOTHING = texts([""])[0]
NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d+)?$"
CODED = r"^\s*[+-]?0\d|\d{16,}"
"""Digits that are a code and no number: leading zeros, or more of them than a number holds."""
_DIGIT_FIRST = r"^[+-]?\.?\d"
_DIGIT = re.compile("[0-9]")
_MOST_DIGITS = 38
_CONTROL = r"[\x00-\x1f\x7f]"
_WIDE = "\u3000\u00a0\ufeff"
_EDGES = r"^\s|\s$|^[\x{3000}\x{a0}\x{feff}]|[\x{3000}\x{a0}\x{feff}]$"
_TABS = r"^[\t\r\n ]*[^\x00-\x1f\x7f]*[\t\r\n ]*$"
_CRUSHED = r"^\d(\.\d+)?[eE]\+\d+$|^\d\.\d+[eE]\d{2}$"
_TRUE = ("true", "t", "1", "1.0", "yes", "y", "是", "真", "有", "对", "√", "✓", "✔", "☑", "✅", "on")
_FALSE = ("false", "f", "0", "0.0", "no", "n", "否", "假", "无", "無", "没有", "错", "×", "✗", "✘", "☒", "❌", "off")
_PAIRS = tuple(
    frozenset(pair.split())
    for pair in ("true false", "yes no", "y n", "是 否", "真 假", "有 无", "有 無", "√ ×", "✓ ✗", "✔ ✘")
)


@dataclass(frozen=True)
class Parsed:
    """A column in its type, null where a cell is empty or faulty, and the faults.

    Attributes
    ----------
    values : Arrow array, shape (rows,)
        The converted cells.
    faults : list of Fault
        Pairs of a mask, bool array (rows,), and a function from a cell's text to the message about it.
    """

    values: pa.Array
    faults: list[Fault] = field(default_factory=list)

    @property
    def faulty(self) -> Mask:
        """Rows with any fault, bool array (rows,)."""
        mask = np.zeros(len(self.values), dtype=bool)
        for rows, _ in self.faults:
            mask |= rows
        return mask


def truth(mask: pa.Array) -> Mask:
    """Convert an Arrow mask to NumPy, bool array (rows,), with null as False."""
    flags: Mask = from_arrow(mask)
    return flags


def spread(parsed: Parsed, codes: pa.DictionaryArray) -> Parsed:
    """What was read of distinct texts, for each of the rows that hold them."""
    given, place = truth(codes.is_valid()), from_arrow(codes.indices)
    return Parsed(parsed.values.take(codes.indices), [(rows[place] & given, tell) for rows, tell in parsed.faults])


def text_of(column: pa.Array) -> pa.Array:
    """Convert any scalar column to text: integers without a decimal point, flags as true and false, empty text as
    null.
    """
    kind = column.type
    if pa.types.is_floating(kind):
        whole = pc.and_(pc.equal(column, pc.trunc(column)), pc.less(pc.abs(column), 2.0**63))
        as_int = pc.cast(pc.if_else(pc.fill_null(whole, False), column, None), pa.int64())
        text = pc.coalesce(pc.cast(as_int, pa.string()), pc.cast(column, pa.string()))
    elif pa.types.is_decimal(kind):
        text = pc.replace_substring_regex(pc.cast(column, pa.string()), r"(\.\d*?)0+$", r"\1")
        text = pc.replace_substring_regex(text, r"\.$", "")
    else:
        text = pc.cast(column, pa.string())
    return without_nothing(text)


def without_nothing(text: pa.Array) -> pa.Array:
    """Text with null for each empty one."""
    empty = pc.equal(text, _NOTHING)
    return pc.if_else(empty, NULL, text) if pc.any(empty).as_py() else text


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


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
    crushed = matching(text, _CRUSHED, Signs.of(text).any_of(b"eE"))
    faults.append(once(crushed, _CRUSHED_ID))
    return Parsed(text, faults + _stray(text))


def matching(text: pa.Array, pattern: str, possible: bool = True) -> Mask:
    """Cells that match a pattern, bool array (rows,); not searched where it is known not to be possible."""
    return truth(pc.match_substring_regex(text, pattern)) if possible else np.zeros(len(text), dtype=bool)


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
    return Parsed(label.values, label.faults + _stray(label.values))


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
    finite = _finite(column, []) if pa.types.is_floating(column.type) else Parsed(column)
    return Parsed(text_of(finite.values), finite.faults)


def _stray(text: pa.Array) -> list[Fault]:
    signs = Signs.of(text)
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


def parse_number(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read numbers as float64; text may group digits with commas, and anything else that is not a number is a fault."""
    kind = column.type
    if is_text(kind):
        quick = _quick(column, pa.float64())
        if quick is not None and not pc.any(pc.is_inf(quick)).as_py():
            return Parsed(quick)
        plain, faults = _plain(column)
        return _finite(pc.cast(plain, pa.float64()), faults)
    if (
        pa.types.is_decimal(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_floating(kind)
    ):
        return _finite(pc.cast(column, pa.float64(), safe=False), [])
    return _wrong_type(column, "number")


def parse_money(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read money as decimals with 6 places, rounded half to even there, which removes float noise and never a cent."""
    kind = column.type
    if pa.types.is_boolean(kind) or not (
        is_text(kind) or pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)
    ):
        return _wrong_type(column, "money")
    quick = _quick(column, arrow_type("money")) if is_text(kind) and _fits(column) else None
    if quick is not None:
        return Parsed(quick)
    faults: list[Fault] = []
    if pa.types.is_floating(kind):
        finite = _finite(column, faults)
        column, faults = pc.cast(finite.values, pa.string()), finite.faults
    elif pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        column = pc.cast(column, pa.string())
    plain, more = _plain(column)
    return _decimal(plain, [*faults, *more])


def _quick(text: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """The whole column at once, where no cell holds more than digits, points and signs of minus; None where one is no
    number, or has more digits than the type.
    """
    return cast(text, kind) if Signs.of(text).only(b"0123456789.-") else None


def _fits(text: pa.Array) -> bool:
    """Whether no cell has more digits than Arrow's decimals: of more it reads the last ones, and says nothing."""
    return (pc.max(pc.binary_length(text)).as_py() or 0) <= _MOST_DIGITS


def _decimal(plain: pa.Array, faults: list[Fault]) -> Parsed:
    """Convert plain numeric text to money, vectorised where it has at most 6 decimals and 12 digits before them."""
    short = truth(pc.match_substring_regex(plain, r"^[+-]?\d{1,12}(\.\d{0,6})?$"))
    quick = pc.cast(pc.if_else(to_arrow(short), plain, NULL), arrow_type("money"))
    rest = ~short & truth(pc.is_valid(plain))
    if not rest.any():
        return Parsed(quick, faults)
    from decimal import ROUND_HALF_EVEN, Decimal

    exact = [Decimal(v.as_py()) for v in pc.filter(plain, pa.array(rest))]
    large = np.zeros(len(plain), dtype=bool)
    large[np.flatnonzero(rest)] = [abs(v) >= Decimal(10) ** 12 for v in exact]
    fitting = [None if abs(v) >= Decimal(10) ** 12 else v.quantize(Decimal("0.000001"), ROUND_HALF_EVEN) for v in exact]
    values = pc.replace_with_mask(quick, pa.array(rest), pa.array(fitting, arrow_type("money")))
    return Parsed(
        values,
        [
            *faults,
            (
                large,
                lambda v: tr(
                    "{v} is too large for money (12 digits before the point). Mend it, or set scale: if the "
                    "unit is smaller.",
                    v=v,
                ),
            ),
        ],
    )


def _plain(column: pa.Array) -> tuple[pa.Array, list[Fault]]:
    """Strip well-formed numeric text of grouping commas and outer spaces; null elsewhere."""
    text = without_nothing(pc.utf8_trim_whitespace(column.cast(pa.string())))
    good = pc.and_(pc.match_substring_regex(text, NUMBER), pc.match_substring_regex(text, _DIGIT_FIRST))
    bad = truth(pc.invert(good)) | (truth(pc.is_valid(column)) & truth(pc.is_null(text)))
    plain = pc.replace_substring(pc.if_else(to_arrow(~bad), text, NULL), ",", "")
    return plain, [(bad, _not_a_number)]


_WRITTEN = (
    (
        r"-+|—+|–|/|\\N|[Nn]/?[Aa]|null|NULL|None|无|暂无|未知",
        mark('{value} is not a number: it stands for "no value". Say so: `missing: ["{inner}"]`.'),
    ),
    (
        r"\s*[<＜]\s*[\d.,]+\s*%?",
        mark(
            "{value} is not a number: it is a limit, not a number. Say what to read: "
            "`numbers: {{{column}: below_as_limit}}`."
        ),
    ),
    (
        r"[-+\d,.\s]+[%％]",
        mark("{value} is not a number: it is a percentage. Say so: `numbers: {{{column}: percent}}`."),
    ),
    (
        r"[-+\d,.\s]+(?:万|萬|亿|億|千|[wWkKmM])\+?",
        mark("{value} is not a number: it is a rounded number. Say that it may be: `numbers: {{{column}: rounded}}`."),
    ),
    (
        r"[\d,.\s]+\+",
        mark(
            "{value} is not a number: it is a lower limit. Say that 10+ may be 10: `numbers: {{{column}: at_least}}`."
        ),
    ),
    (
        r"\s*[-+(]?\s*[A-Za-z]{0,3}[¥￥$€£]\s*[-+]?[\d,.\s]+\)?|[-+\d,.\s]+(?:元|[A-Z]{3})\s*",
        mark(
            "{value} is not a number: it is a sum with its currency. Say that it may be: "
            "`numbers: {{{column}: currency}}`."
        ),
    ),
    (
        r"(?=.*\d)[\d.]*(?:\d+\s*(?:小?时|分钟?|秒钟?)\s*)+|\d+:\d{2}(?::\d{2})?",
        mark("{value} is not a number: it is a length of time. Say so: `numbers: {{{column}: duration}}`."),
    ),
    (
        r"[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+",
        mark('{value} is not a number: it has a decimal comma. Say so: `decimal: ","`.'),
    ),
)
"""Ways of writing a number, and what to say of a cell of that form."""
COLUMN = "{column}"
"""Stands in messages for our name of the column, which whoever reads a column by name fills in."""


def _not_a_number(value: str) -> str:
    inner = value.strip('"')
    for form, said in _WRITTEN:
        if re.fullmatch(form, inner) and not re.fullmatch(r"\s*", inner):
            return tr(said, value=value, inner=inner, column=COLUMN)
    return tr(
        "{value} is not a number. Write digits with a point, as in 1234.50, or leave the cell empty if it is missing.",
        value=value,
    )


def _finite(values: pa.Array, faults: list[Fault]) -> Parsed:
    odd = truth(pc.invert(pc.is_finite(values)))
    return Parsed(
        pc.if_else(to_arrow(odd), NULL, values),
        [
            *faults,
            (odd, lambda v: tr("{v} is not a finite number. Mend it, or leave the cell empty if it is missing.", v=v)),
        ],
    )


def parse_flag(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read flags from true/false, 1/0, yes/no, y/n, 是/否, 真/假, 有/无, √/×, in any case."""
    if pa.types.is_boolean(column.type):
        return Parsed(column)
    text = text_of(column)
    low = pc.utf8_lower(pc.replace_substring(pc.utf8_trim_whitespace(text), "\ufe0f", ""))
    yes = pc.is_in(low, texts([*_TRUE]))
    known = pc.or_(yes, pc.is_in(low, texts([*_FALSE])))
    bad = truth(pc.is_valid(text)) & ~truth(known)
    return Parsed(
        pc.if_else(known, yes, NULL),
        [
            (
                bad,
                lambda v: tr(
                    "{v} is not a flag. Write true or false, 1 or 0, yes or no, 是 or 否, 有 or 无, √ or ×.", v=v
                ),
            )
        ],
    )


def is_flag(text: pa.Array) -> bool:
    """Whether a text column holds only the two words of one pair, such as 是 and 否, in any case."""
    seen = {each.strip().casefold() for each in text.slice(0, 1000).unique().to_pylist() if each}
    pair = next((pair for pair in _PAIRS if seen and seen <= pair), None)
    if pair is None:
        return False
    low = pc.utf8_lower(pc.utf8_trim_whitespace(text))
    return bool(pc.all(pc.is_in(low, texts([*pair, None]))).as_py())


def is_words(text: pa.Array) -> bool:
    """Whether one of the first cells holds no digit and is no word for a flag: then the column is neither numbers nor
    flags.
    """
    seen = (each.strip().replace("\ufe0f", "").casefold() for each in text.slice(0, 1000).to_pylist() if each)
    return any(not _DIGIT.search(each) and each not in (*_TRUE, *_FALSE) for each in seen)


def _wrong_type(column: pa.Array, kind: str) -> Parsed:
    stored = str(column.type)
    return Parsed(
        pa.nulls(len(column), arrow_type("money" if kind == "money" else "number")),
        [
            (
                truth(pc.is_valid(column)),
                lambda v: tr(
                    "{v} is stored as {stored}, not as a {kind}. Export the column as numbers, or map another one.",
                    v=v,
                    stored=stored,
                    kind=kind,
                ),
            )
        ],
    )


def cell_text(value: object) -> str | None:
    """Convert a native cell to text that reads back to the same value; empty cells to None."""
    match value:
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
        case dt.datetime():
            return value.isoformat(" ")
        case bytes():
            return value.hex()
        case _:
            return str(value)
