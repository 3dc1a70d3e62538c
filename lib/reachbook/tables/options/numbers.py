"""Numbers as platforms write them (¥1,234, 1.2万, 10+, < 10%, 3.1%, 1分20秒), read only by stated rules."""

import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reachbook.arrays import from_arrow, texts, to_arrow
from reachbook.tables.kinds.cells import Fault, Mask, Parsed, is_text, truth
from reachbook.tables.kinds.numbers import NUMBER
from reachbook.tables.screening import Signs
from reachbook.tables.source import NumberRule
from reachbook.translation import tr

_UNITS = {"千": 3, "k": 3, "万": 4, "萬": 4, "w": 4, "m": 6, "百万": 6, "亿": 8, "億": 8}
_POINT = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|\.\d+")
_COMMA = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?|,\d+")
_CODE = r"(?:CNY|RMB|USD|EUR|GBP|HKD|TWD|JPY|KRW|SGD|AUD|CAD)"
_CURRENCY_BEFORE = re.compile(rf"(?i:{_CODE}|[A-Za-z]{{0,3}}[¥￥$€£₩฿₫₹₽])\s*")
_CURRENCY_BEHIND = re.compile(rf"\s*(?:元|圆|{_CODE}|[¥￥$€£₩])$")
_SIGN_FIRST = r"^\s*([+-]?)\s*[¥￥$€£]\s*"
"""The usual way of writing money, taken off the entire column at once."""
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{1,2})")
_SPOKEN = re.compile(
    r"(?:(\d+)\s*(?:小?时|小時|h|hours?))?\s*(?:(\d+)\s*(?:分钟?|分鐘|m|min))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒钟?|s|sec))?"
)
_BELOW = re.compile(r"^\s*(?:<|＜|小于|少于|低于)\s*")
_PLAIN = b"0123456789."
_ZERO = re.compile(r"[+-]?0+(?:\.0*)?")


def formatted(text: pa.Array, rules: Sequence[NumberRule], decimal: str, numeric: Mask | None = None) -> Parsed:
    """Write cells as plain numbers by the stated rules.

    Parameters
    ----------
    text : Arrow array of text (rows,)
    rules : sequence of NumberRule
        Ways of writing that may occur besides plain digits.
    decimal : {".", ","}
        Sign between units and decimals; the other one groups thousands.
    numeric : bool array (rows,) or None
        Cells that a workbook stored as numbers, to which none of this applies.

    Returns
    -------
    Parsed
        Text with plain numbers; cells that no rule explains stay as they are, for the reader of numbers to refuse.
        Faults are cells that would read as another number without the rule.
    """
    if not is_text(text.type) or not (rules or decimal == ","):
        return Parsed(text)
    quick = _digits_alone(text, rules) if decimal == "." and "percent" not in rules else None
    if quick is not None:
        return Parsed(quick)
    text = pc.replace_substring_regex(text, _SIGN_FIRST, r"\1") if "currency" in rules else text
    plain = truth(pc.match_substring_regex(text, NUMBER)) if decimal == "." else _digits(text)
    stored = np.zeros(len(text), dtype=bool) if numeric is None else numeric
    plain |= stored
    bare = plain & ~stored & ~truth(pc.match_substring_regex(text, rf"^\s*{_ZERO.pattern}\s*$"))
    faults: list[Fault] = [(bare, _without_sign)] if "percent" in rules else []
    if decimal == ",":
        faults.append((_two_ways(text) & ~stored, _either))
    odd = truth(pc.is_valid(text)) & ~plain
    if not odd.any():
        return Parsed(text, faults)
    codes = text.filter(to_arrow(odd)).dictionary_encode()
    read = [_read(value, frozenset(rules), decimal) for value in codes.dictionary.to_pylist()]
    written = [
        known if value is None else value for known, (value, _) in zip(codes.dictionary.to_pylist(), read, strict=True)
    ]
    empty = [gone for _, gone in read]
    new = pc.take(texts([None if gone else each for each, gone in zip(written, empty, strict=True)]), codes.indices)
    failed = np.zeros(len(text), dtype=bool)
    lost = np.asarray([value is None and not gone for value, gone in read], dtype=bool)
    failed[np.flatnonzero(odd)] = lost[from_arrow(codes.indices)]
    values = pc.replace_with_mask(text, to_arrow(odd), new)
    if decimal == ",":
        values = pc.if_else(pa.array(failed), None, values)
        faults.append((failed, _no_decimal_comma))
    return Parsed(values, faults)


def _digits_alone(text: pa.Array, rules: Sequence[NumberRule]) -> pa.Array | None:
    """The whole column at once, where no cell holds more than digits, points and one ¥ before them; None otherwise."""
    signs = Signs.of(text)
    if signs.only(_PLAIN):
        return text
    for sign in "¥￥" if "currency" in rules else "":
        if signs.only(_PLAIN, sign) and signs.count(sign) == pc.sum(pc.starts_with(text, sign)).as_py():
            return pc.utf8_ltrim(text, sign)
    return None


def _two_ways(text: pa.Array) -> Mask:
    """Cells such as 1,234 beside cells such as 3,25: a thousand, or a little over one."""
    groups = truth(pc.match_substring_regex(text, r"^\s*[+-]?\d{1,3},\d{3}\s*$"))
    others = truth(pc.match_substring_regex(text, r",\d{1,2}\s*$")).any()
    return groups & others


def _either(value: str) -> str:
    return tr(
        "{value} may be a thousand or a decimal fraction: other cells have fewer decimals. Write it without doubt.",
        value=value,
    )


def _digits(text: pa.Array) -> Mask:
    """Cells of digits alone, which mean the same with either decimal sign."""
    return truth(pc.match_substring_regex(text, r"^\s*[+-]?\d+\s*$"))


def _without_sign(value: str) -> str:
    return tr(
        "{value} has no % where `percent` is stated: it may be a ratio or percent points. Write "
        "the sign, or take percent away and state scale: 0.01 for percent points.",
        value=value,
    )


def _no_decimal_comma(value: str) -> str:
    return tr(
        '{value} is no number with a decimal comma, as `decimal: ","` states. Mend the cell, or the option.',
        value=value,
    )


def _read(value: str, rules: frozenset[str], decimal: str) -> tuple[str | None, bool]:
    """A cell as plain text, or None where no rule explains it, and whether it is to count as missing."""
    text = value.strip()
    below = _BELOW.match(text) if rules & {"below_as_limit", "below_as_missing"} else None
    text = text[below.end() :] if below else text
    number = _number(text, rules, decimal)
    if number is None:
        return None, False
    if below and "below_as_missing" in rules:
        return None, True
    return format(number.normalize(), "f"), False


def _number(text: str, rules: frozenset[str], decimal: str) -> Decimal | None:
    if "duration" in rules and (seconds := _seconds(text)) is not None:
        return seconds
    sign, text = (-1, text[1:].strip()) if text[:1] == "-" else (1, text.removeprefix("+").strip())
    if "currency" in rules:
        text = _CURRENCY_BEHIND.sub(
            "", _CURRENCY_BEFORE.sub("", text, count=1) if _CURRENCY_BEFORE.match(text) else text
        )
        sign, text = (-1, text[1:].strip()) if text[:1] == "-" else (sign, text)
    if "at_least" in rules:
        text = text.removesuffix("+").strip()
    power = 0
    if "percent" in rules and text[-1:] in ("%", "％"):
        power, text = -2, text[:-1].strip()
    if "rounded" in rules:
        unit = next((unit for unit in sorted(_UNITS, key=len, reverse=True) if text.lower().endswith(unit)), "")
        power, text = power + _UNITS.get(unit, 0), text[: len(text) - len(unit)].strip()
    if not (_POINT if decimal == "." else _COMMA).fullmatch(text):
        return None
    digits = text.replace(",", "") if decimal == "." else text.replace(".", "").replace(",", ".")
    return sign * Decimal(digits).scaleb(power)


def _seconds(text: str) -> Decimal | None:
    """Seconds of 1分20秒, 00:01:20, 1:20 or 10秒."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        whole = seconds < 60 and (minutes < 60 or not hours)
        return Decimal(hours * 3600 + minutes * 60 + seconds) if whole else None
    spoken = _SPOKEN.fullmatch(text)
    if not text or spoken is None or not any(spoken.groups()):
        return None
    hours_, minutes_, seconds_ = (Decimal(part or 0) for part in spoken.groups())
    return hours_ * 3600 + minutes_ * 60 + seconds_
