"""The catalogues: one gettext file a package and language, collected from the code by `make messages`."""

from functools import cache
from pathlib import Path
from typing import Any

import reachbook
from reachbook.translation.language import Language

PACKAGE = Path(reachbook.__file__).parent


def files(language: Language) -> list[Path]:
    """Paths of all catalogues of a language."""
    return sorted(PACKAGE.glob(f"**/locale/{language}.po"))


@cache
def messages(language: Language, first: str = "") -> dict[str, str]:
    """Translations of all catalogues, by English sentence (for plurals: by the form for one).

    Parameters
    ----------
    first : str
        Package whose catalogue wins where a word has several translations; "" for none.
    """
    ordered = sorted(files(language), key=lambda path: path.parents[1].name == first)
    return {key: text for path in ordered for key, text in _of(path).items()}


def _of(path: Path) -> dict[str, str]:
    found = ((_first(entry.id), _first(entry.string)) for entry in read(path) if entry.id and not entry.fuzzy)
    return {key: text for key, text in found if text}


def read(path: Path) -> Any:
    """Read a catalogue.

    Returns
    -------
    babel.messages.catalog.Catalog
        Its messages in file order.
    """
    from babel.messages.pofile import read_po

    with path.open(encoding="utf-8") as file:
        return read_po(file, locale=path.stem, charset="utf-8")


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]
