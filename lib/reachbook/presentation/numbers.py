"""Numbers as text: with their unit, and no more digits than they deserve."""

import html
import math
import re
import unicodedata

from reachbook.translation import language, tr

SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "JP¥",
    "HKD": "HK$",
    "TWD": "NT$",
    "SGD": "S$",
    "KRW": "₩",
}
MINUS = "\N{MINUS SIGN}"
PERCENTAGES = ("ratio", "chance", "points", "change")
"""Units in which 0.05 is 5%."""
_WHOLE = re.compile(
    rf"[{MINUS}+][^\s\d]{{0,4}} ?\d[\d,.]*(?:万亿|[万亿])?|[^\s\w]?\d[\d,.]*(?:万亿|[万亿])|\d{{4}}-\d\d-\d\d"
)
"""What is read as one: a sign with what follows it, digits with their 万 or 亿, a date."""


def number(value: float, unit: str = "", currency: str = "CNY") -> str:
    """Format `value` with its unit.

    Parameters
    ----------
    unit : str
        "ratio" (0.05 is shown as 5.0%), "chance" (a probability: 5%, and never 0 or 100%), "points" (0.05 is 5.0
        percentage points), "change" (as points, with its sign), "money" (in `currency`), "count" (an integer), "" for a
        bare number, or any other word, such as "days", which follows the number.
    currency : str
        Three-letter code.

    Returns
    -------
    str
        "unknown" where `value` is not finite. A value that rounds to zero has no sign. In Chinese, from ten thousand on
        in 万 or 亿, with four significant digits.
    """
    if not math.isfinite(value):
        return tr("unknown")
    return _signed(value, _unsigned(abs(value), unit, currency), unit)


def spread(low: float, middle: float, high: float, unit: str = "", currency: str = "CNY") -> tuple[str, str, str]:
    """Both ends of an interval and a value within it, as text with as many digits as its width deserves.

    All three are rounded to one step, the place of the second significant digit of `high - low`: of 24,291 in
    [6,483, 39,463] all but 24,000 in [6,000, 39,000] is noise. Percentages keep their one decimal, and counts
    below a thousand their last digit.

    Parameters
    ----------
    low, middle, high : float
        In `unit`.
    unit, currency : str
        See `number`.

    Returns
    -------
    tuple of str
        low, middle, high.
    """
    width = high - low
    if unit in PERCENTAGES or not math.isfinite(width) or not width > 0:
        return number(low, unit, currency), number(middle, unit, currency), number(high, unit, currency)
    place = math.floor(math.log10(width)) - 1
    if unit == "count" and max(abs(low), abs(high)) < 1000:
        place = min(place, 0)
    if unit == "money" and place < 0:
        place = -2
    decimals = 0 if unit == "count" else min(max(0, -place), 6)
    one, two, three = (
        _signed(each, _unsigned(abs(each), unit, currency, decimals), unit)
        for each in (round(value, max(-place, -12)) for value in (low, middle, high))
    )
    return one, two, three


def chance(probability: float) -> str:
    """A probability from draws as text, such as 93%; values beyond 0.5% and 99.5% are reported as bounds."""
    if probability < 0.005:
        return tr("below 1%")
    return tr("above 99%") if probability > 0.995 else f"{probability:.0%}"


def rough(value: float, digits: int = 2) -> float:
    """`value` to so many significant digits; two are as many as a decision turns on."""
    return float(f"{value:.{digits}g}")


def _signed(value: float, text: str, unit: str) -> str:
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{MINUS}{text}" if value < 0 else f"+{text}" if unit == "change" else text


def _unsigned(size: float, unit: str, currency: str, decimals: int | None = None) -> str:
    """`decimals`: as many as stated, None for those that the unit and the size ask for."""
    if unit == "ratio":
        return f"{size * 100:,.1f}%"
    if unit == "chance":
        return chance(size)
    if unit in ("points", "change"):
        return tr("{size:,.1f} percentage points", size=size * 100)
    if unit == "money":
        return SYMBOLS.get(currency, currency + " ") + (
            _compact(size) or f"{size:,.{(0 if size >= 1000 else 2) if decimals is None else decimals}f}"
        )
    if unit == "count":
        return _compact(size) or f"{size:,.0f}"
    return (_compact(size) or (_significant(size) if decimals is None else f"{size:,.{decimals}f}")) + suffix(unit)


def suffix(unit: str) -> str:
    """What follows a number of `unit`, with the space that the language puts between them; "" for units of `number`."""
    if not unit or unit in (*PERCENTAGES, "money", "count"):
        return ""
    word = tr(unit)
    return word if unicodedata.east_asian_width(word[0]) in "WF" else f" {word}"


def _compact(size: float) -> str:
    """The size in 万 or 亿 where Chinese counts in them, else ""."""
    if language() != "zh" or size < 9999.5:
        return ""
    from babel.numbers import format_compact_decimal

    whole = math.floor(math.log10(size)) % 4 + 1  # digits before the point: 1 to 4 in each group of ten thousand
    return format_compact_decimal(float(f"{size:.4g}"), locale="zh", fraction_digits=max(0, 4 - whole))


def unbroken(text: str) -> str:
    """Escape `text` as HTML in which no line breaks inside an amount.

    Notes
    -----
    Browsers may break a line between a minus or plus and a currency symbol, and before 万 or 亿. The characters stay
    the same, so that copied text is unchanged.
    """
    return _WHOLE.sub(r'<span class="kept">\g<0></span>', html.escape(text, quote=True))


def _significant(size: float) -> str:
    """Three significant digits below 1,000 (trailing zeros included), integers above; integers stay integers."""
    if size >= 1000 or size == int(size):
        return f"{size:,.0f}"
    decimals = max(0, 2 - math.floor(math.log10(size))) if size else 0
    return f"{size:,.{min(decimals, 6)}f}"
