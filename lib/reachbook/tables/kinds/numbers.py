"""Numbers and money, and what to say of a cell that is none."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import to_arrow
from reachbook.tables.contract import arrow_type
from reachbook.tables.kinds.cells import NULL, Fault, Mask, Parsed, finite, is_text, truth, without_nothing
from reachbook.tables.screening import Signs, cast
from reachbook.translation import mark, tr

NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d+)?$"
CODED = r"^\s*[+-]?0\d|\d{16,}"
"""Digits that are a code and no number: leading zeros, or more of them than a number holds."""
_DIGIT_FIRST = r"^[+-]?\.?\d"
_MOST_DIGITS = 38


def parse_number(column: pa.Array, numeric: Mask | None = None) -> Parsed:
    """Read numbers as float64; text may group digits with commas, and anything else that is not a number is a fault."""
    kind = column.type
    if is_text(kind):
        quick = _quick(column, pa.float64())
        if quick is not None and not pc.any(pc.is_inf(quick)).as_py():
            return Parsed(quick)
        plain, faults = _plain(column)
        return finite(pc.cast(plain, pa.float64()), faults)
    if (
        pa.types.is_decimal(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_floating(kind)
    ):
        return finite(pc.cast(column, pa.float64(), safe=False), [])
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
        known = finite(column, [])
        column, faults = pc.cast(known.values, pa.string()), known.faults
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
