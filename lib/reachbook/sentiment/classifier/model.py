"""The classifier: an ensemble of classifiers on different features, with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from reachbook.errors import DataError
from reachbook.sentiment.classifier.calibration import Scaling
from reachbook.sentiment.classifier.embedding import Embedded, vectors
from reachbook.sentiment.classifier.latent import Latent
from reachbook.sentiment.classifier.slot_weights import SlotWeights, added, narrowed, placed
from reachbook.sentiment.text.folding import Batch, chunks, fold, strings
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.sentiment.text.lexicon import lexicon
from reachbook.sentiment.text.opinion import opinions
from reachbook.sentiment.text.slang import Slang
from reachbook.translation import tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REACH = 4.0
"""Largest log-odds of the base corpus that count: its certainty must not outweigh the study's labels."""


@dataclass(frozen=True)
class Model:
    """A trained classifier.

    Attributes
    ----------
    classes : int64 array (k,)
        Polarities it was trained on, as indices into POLARITIES.
    table : SlotWeights
        For each slot in use k logits against the first class and squared idf; then logit and squared idf of the base
        corpus.
    dense : float64 array (5, k)
        Weights of negative slang, positive slang, negative words, positive words, and the base corpus.
    intercept : float64 array (k,)
    latent : Latent or None
        Classifier in latent semantic space; None where not trained.
    embedded : Embedded or None
        Classifier on sentence embeddings; None where not trained.
    scaling : Scaling
        Combination of the classifiers, learned on texts that their weights had not seen.
    slang : Slang
        Tables of slang and emoticons.
    facts : dict of str to object
        What it was trained on and how it was chosen, as plain data.
    """

    classes: NDArray[np.int64]
    table: SlotWeights
    dense: Floats
    intercept: Floats
    latent: Latent | None
    embedded: Embedded | None
    scaling: Scaling
    slang: Slang
    facts: dict[str, object] = field(default_factory=dict)

    def predict_proba(self, texts: Iterable[object], platforms: Iterable[object] | None = None) -> Floats:
        """Calibrated probabilities of negative, neutral and positive.

        Parameters
        ----------
        texts : iterable of object
            Texts, possibly from a generator; they are read in chunks.
        platforms : iterable of object or None
            Platform of each text, or None.

        Returns
        -------
        float64 array (texts, 3)
            Rows sum to 1. A polarity without training labels has probability 0. A text with nothing to read has the
            overall probabilities of the labels.

        Raises
        ------
        DataError
            An item is not text, or there are not as many platforms as texts.
        """
        where = iter(platforms) if platforms is not None else None
        with threadpool_limits(1):  # sums over several threads come out differently in the last digits
            parts = [self._chunk(each, where) for each in chunks(texts)]
        if where is not None and next(where, None) is not None:
            raise DataError("platforms: " + tr("there are more of them than texts. Give each text one platform."))
        return np.concatenate(parts) if parts else np.empty((0, len(POLARITIES)))

    def _chunk(self, texts: list[object], where: Iterator[object] | None) -> Floats:
        batch = opinions(fold(texts))
        platforms = list(islice(where, len(texts))) if where is not None else None
        judges = self._judges(batch, platforms)
        if self.embedded is not None:
            judges.append(self.embedded.logits(vectors(strings(texts))))
        result = np.zeros((len(batch), len(POLARITIES)))
        result[:, self.classes] = self.scaling(np.stack(judges))
        return result

    def _judges(self, batch: Batch, platforms: list[object] | None) -> list[Floats]:
        """Log-odds against the first class from each classifier on n-grams, shape (texts, k) each."""
        k = len(self.classes)
        parts = self.table.parts(batch)
        summed = added(parts, self.table.values)
        own = summed[:, :k] / np.sqrt(np.maximum(summed[:, k : k + 1], 1))
        priors = beliefs(batch, platforms, self.slang, summed[:, k + 1 :])
        judges = [own + priors @ self.dense + self.intercept]
        if self.latent is not None:
            space = [narrowed(each, self._known) for each in parts]
            judges.append(self.latent.logits(added(space, self.latent.directions)))
        return judges

    @cached_property
    def _known(self) -> NDArray[np.int32]:
        return placed(self.latent.known if self.latent else np.empty(0, dtype=np.int64), len(self.table.slots))


def beliefs(batch: Batch, platforms: Iterable[object] | None, slang: Slang, base: NDArray[np.float32]) -> Floats:
    """Features with a prior polarity, float64 array (texts, 5), see `Model.dense`.

    Parameters
    ----------
    base : float32 array (texts, 2)
        The two columns of the base corpus, summed over each text; its log-odds of positive are clipped at REACH.
    """
    odds = np.clip(base[:, 0] / np.sqrt(np.maximum(base[:, 1], 1)), -REACH, REACH)
    return np.column_stack([slang.features(batch, platforms), lexicon().features(batch), odds]).astype(np.float64)
