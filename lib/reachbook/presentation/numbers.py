"""Numbers as text: with their unit, and no more digits than they deserve."""

import html
import math
import re

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
_SIGNED = re.compile(rf"[{MINUS}+][^\s\d]{{0,4}} ?\d[\d,.]*")


def number(value: float, unit: str = "", currency: str = "CNY") -> str:
    """Format `value` with its unit.

    Parameters
    ----------
    unit : str
        "ratio" (0.05 is shown as 5.0%), "points" (0.05 is 5.0 pp), "money" (in `currency`), "count" (an integer), ""
        for a bare number, or any other word, such as "days", which follows the number.
    currency : str
        Three-letter code.

    Returns
    -------
    str
        "unknown" where `value` is not finite. A value that rounds to zero has no sign.
    """
    if not math.isfinite(value):
        return "unknown"
    text = _unsigned(abs(value), unit, currency)
    return f"{MINUS}{text}" if value < 0 and any(digit in text for digit in "123456789") else text


def _unsigned(size: float, unit: str, currency: str) -> str:
    if unit == "ratio":
        return f"{size * 100:,.1f}%"
    if unit == "points":
        return f"{size * 100:,.1f} pp"
    if unit == "money":
        return f"{SYMBOLS.get(currency, currency + ' ')}{size:,.{0 if size >= 1000 else 2}f}"
    if unit == "count":
        return f"{size:,.0f}"
    return f"{_significant(size)}{' ' + unit if unit else ''}"


def unbroken(text: str) -> str:
    """Escape `text` as HTML in which no line breaks between a sign and its amount.

    Notes
    -----
    Browsers may break a line between a minus or plus and a currency symbol. The characters stay the same, so that
    copied text is unchanged.
    """
    return _SIGNED.sub(r'<span class="kept">\g<0></span>', html.escape(text, quote=True))


def _significant(size: float) -> str:
    """Three significant digits below 1,000 (trailing zeros included), integers above; integers stay integers."""
    if size >= 1000 or size == int(size):
        return f"{size:,.0f}"
    decimals = max(0, 2 - math.floor(math.log10(size))) if size else 0
    return f"{size:.{min(decimals, 6)}f}"
