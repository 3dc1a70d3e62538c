"""The language that this process writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

type Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language.__value__)
"""Languages that a study may use; English needs no catalogue."""

_used: list[Language] = ["en"]
_first: list[str] = [""]


def language() -> Language:
    """Language of every sentence from now on."""
    return _used[-1]


def use(language: Language) -> None:
    """Write everything from now on in `language`; a kernel calls it once, when its study is loaded."""
    _used[-1] = language


@contextmanager
def using(language: Language) -> Iterator[None]:
    """Write everything in the block in `language`, for a process that serves studies of several languages."""
    _used.append(language)
    try:
        yield
    finally:
        _used.pop()


def prefer(package: str) -> None:
    """Let the catalogue of `package`, such as "budget", win where a word has several translations.

    Notes
    -----
    A sentence has one translation; a heading of one word may need another in each analysis. A kernel calls it once.
    """
    _first[0] = package


def preferred() -> str:
    """The package whose catalogue wins; "" for none."""
    return _first[0]
