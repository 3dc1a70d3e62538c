"""The classifier: weights of hashed n-grams around what is believed beforehand, and calibrated probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from reachbook.errors import DataError
from reachbook.sentiment.calibrate import Scaling
from reachbook.sentiment.features import slots
from reachbook.sentiment.labels import POLARITIES
from reachbook.sentiment.slang import Slang
from reachbook.sentiment.text import Batch, fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CHUNK = 4096
"""Texts that are scored at once: what bounds the memory, and fits the processor's cache."""

REACH = 4.0
"""Largest log-odds of the base corpus that counts: what it is sure of may not drown the study's labels."""


@dataclass(frozen=True)
class Model:
    """A trained classifier.

    classes : polarities it was trained on, as indices into POLARITIES, shape (k,)
    table : (SIZE, k + 2), per slot: k - 1 logits against the first class, idf squared; the same two of the base corpus
    dense : (3, k) weights of bad slang, good slang and the base corpus; intercept : (k,)
    scaling : calibration learnt on texts that the weights had not seen
    facts : what it was trained on and how it was chosen, plain data
    """

    classes: NDArray[np.int64]
    table: NDArray[np.float32]
    dense: Floats
    intercept: Floats
    scaling: Scaling
    slang: Slang
    facts: dict[str, object] = field(default_factory=dict)

    def predict_proba(self, texts: Iterable[object], platforms: Iterable[object] | None = None) -> Floats:
        """Calibrated probabilities of negative, neutral, positive, shape (texts, 3), rows summing to 1.

        A polarity without training labels has probability 0. A text with nothing to read has the probabilities of the
        labels as a whole. Texts may be a generator: they are read in chunks.

        Raises DataError if a text is not text.
        """
        if isinstance(texts, (str, bytes)):
            raise DataError("One text was given where a list of texts is needed. Put it in a list.")
        where = iter(platforms) if platforms is not None else None
        parts = [self._chunk(each, where) for each in _chunks(texts)]
        if where is not None and next(where, None) is not None:
            raise DataError("There are more platforms than texts. Give one platform a text.")
        return np.concatenate(parts) if parts else np.empty((0, len(POLARITIES)))

    def _chunk(self, texts: list[object], where: Iterator[object] | None) -> Floats:
        batch = fold(texts)
        platforms = list(islice(where, len(texts))) if where is not None else None
        result = np.zeros((len(batch), len(POLARITIES)))
        result[:, self.classes] = self.scaling(self.logits(batch, platforms))
        return result

    def logits(self, batch: Batch, platforms: Iterable[object] | None = None) -> Floats:
        """Log-odds before calibration, shape (texts, k)."""
        summed = sums(self.table, batch)
        k = len(self.classes)
        own = summed[:, : k - 1] / np.sqrt(np.maximum(summed[:, k - 1 : k], 1))
        priors = np.column_stack([self.slang.features(batch, platforms), from_base(summed[:, k:])])
        logits = priors @ self.dense + self.intercept
        logits[:, 1:] += own
        return logits


def from_base(summed: NDArray[np.float32]) -> Floats:
    """Bounded log-odds of positive by the base corpus from its two summed columns, shape (texts,)."""
    odds = summed[:, 0] / np.sqrt(np.maximum(summed[:, 1], 1))
    return np.asarray(np.clip(odds, -REACH, REACH), dtype=np.float64)


def sums(table: NDArray[np.float32], batch: Batch) -> NDArray[np.float32]:
    """Rows of `table` added up over everything that occurs in each text, shape (texts, columns)."""
    grams, starts, words, rows = slots(batch)
    if not len(batch):
        return np.zeros((0, table.shape[1]), dtype=np.float32)
    total = table[grams[0]]
    for slot in grams[1:]:
        total += table[slot]
    result = np.add.reduceat(total, starts, axis=0)
    if len(words):
        found = table[words]
        for column in range(table.shape[1]):
            result[:, column] += np.bincount(rows, weights=found[:, column], minlength=len(batch))
    return result


def _chunks(texts: Iterable[object]) -> Iterator[list[object]]:
    stream = iter(texts)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk
