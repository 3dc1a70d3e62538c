"""Translate sentences and put values, lists and dates into them."""

from collections.abc import Iterable
from datetime import date

from reachbook.translation import catalogue
from reachbook.translation.language import Language, language, preferred

_LISTS = {"en": "en_GB", "zh": "zh_Hans"}
"""Locales by which lists are joined."""


def tr(message: str, /, **values: object) -> str:
    """Translate `message` and fill its {placeholders}.

    Parameters
    ----------
    message : str
        English sentence, which the catalogues use as its key. Write it as one literal, so that it can be collected.
    values : object
        Values of the placeholders, each already as text or with a format in the placeholder, as in `{share:.0%}`.
    """
    text = _translated(language(), message)
    return text.format(**values) if values else text


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """Translate the form for `n` things; both forms may use {n}, written with thousands separators.

    Parameters
    ----------
    one, many : str
        English sentence for n = 1 and for any other n.
    """
    here = language()
    text = (one if n == 1 else many) if here == "en" else _translated(here, one)
    return text.format(n=f"{n:,}", **values)


def mark(message: str) -> str:
    """Mark a sentence in a constant for the catalogues; `tr` translates it where it is used."""
    return message


def sentences(*parts: str) -> str:
    """Join complete sentences, leaving out empty ones; Chinese puts no space between them."""
    return ("" if language() == "zh" else " ").join(part for part in parts if part)


def joined(parts: Iterable[str]) -> str:
    """Join parts with commas as the language writes them, without a final "and"."""
    return ("、" if language() == "zh" else ", ").join(parts)


def clauses(parts: Iterable[str]) -> str:
    """Join clauses that hold commas of their own with semicolons as the language writes them."""
    return ("；" if language() == "zh" else "; ").join(parts)


def listing(items: Iterable[str], style: str = "standard") -> str:
    """Join items as a list in prose, such as "a, b and c"; "" for none.

    Parameters
    ----------
    style : str
        "standard" for and, "or" for or (see `babel.lists.format_list`).
    """
    from babel.lists import format_list

    return format_list(list(items), style, locale=_LISTS[language()])  # type: ignore[arg-type]


def day(when: date) -> str:
    """A date as the language writes it: 2026-07-01, or 2026年7月1日."""
    if language() == "en":
        return when.strftime("%Y-%m-%d")
    from babel.dates import format_date

    return format_date(when, "long", locale=language())


def days(start: date, end: date) -> str:
    """First and last day as the language writes them: 2026-07-01 to 2026-07-03, or 2026年7月1日至3日."""
    if start == end:
        return day(start)
    if language() == "en":
        return f"{day(start)} to {day(end)}"
    from babel.dates import format_interval

    return format_interval(start, end, "yMMMd", locale=language())


def _translated(language: Language, message: str) -> str:
    return message if language == "en" else catalogue.messages(language, preferred()).get(message, message)
