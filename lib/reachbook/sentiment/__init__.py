"""Sentiment analysis: calibrated polarity of comments, shares with intervals, and evidence of how far they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.sentiment.spec import SentimentSpec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from reachbook.sentiment.classifier.model import Model
    from reachbook.sentiment.prevalence.shares import Prevalence
    from reachbook.sentiment.text.base_corpus import Corpus
    from reachbook.sentiment.text.labels import Labels

__all__ = ["SentimentSpec", "estimate_prevalence", "train"]


def train(
    texts: Iterable[object],
    labels: Iterable[object],
    *,
    platforms: Iterable[object] | None = None,
    seed: int = 1,
    base: Corpus | str | None = "reviews",
    embedding: str | None = None,
    cache: Path | None = None,
) -> Model:
    """Train a classifier from labelled texts; see `training.train`."""
    from reachbook.sentiment.classifier import training

    return training.train(texts, labels, platforms=platforms, seed=seed, base=base, embedding=embedding, cache=cache)


def estimate_prevalence(
    probabilities: np.ndarray,
    audit_index: npt.ArrayLike,
    audit_labels: Labels,
    level: float = 0.95,
    *,
    finite: bool = False,
    adapted: np.ndarray | None = None,
) -> Prevalence:
    """Estimate shares with intervals from probabilities and a random audit sample; see `shares.prevalence`."""
    from reachbook.sentiment.prevalence import shares

    return shares.prevalence(probabilities, audit_index, audit_labels, level, finite=finite, adapted=adapted)
