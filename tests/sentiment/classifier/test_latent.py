"""A quadratic form hears what sums of weights cannot."""

import numpy as np
import pytest
from scipy import sparse

from reachbook.sentiment.classifier.latent import latent
from reachbook.sentiment.classifier.logistic import fit


def either_or(rows: int = 400) -> tuple[sparse.csr_array, np.ndarray]:
    """Texts with one of two subjects and one of two verdicts: bad is the wrong pair, which no single weight tells."""
    subject, verdict = np.random.default_rng(1).integers(0, 2, (2, rows))
    features = np.zeros((rows, 4))
    features[np.arange(rows), subject] = features[np.arange(rows), 2 + verdict] = 1.0
    return sparse.csr_array(features), subject ^ verdict


def test_pairs_are_told_apart_that_single_features_do_not_tell() -> None:
    features, target = either_or()
    made = latent(features, target, 2, seed=1)
    logits = made.logits(made.summed(features))
    assert (logits.argmax(axis=1) == target).mean() == 1.0
    linear = fit(features, np.zeros((400, 0)), target, 1.0, np.zeros((0, 2)), 10.0)
    assert (linear.logits(features, np.zeros((400, 0))).argmax(axis=1) == target).mean() < 0.8


def test_a_text_of_unknown_features_is_told_by_the_intercept_alone() -> None:
    features, target = either_or()
    made = latent(features, target, 2, seed=1)
    nothing = made.logits(made.summed(sparse.csr_array((1, 4))))
    assert nothing[0] == pytest.approx([0.0, made.intercept[0]])


def test_the_same_seed_gives_the_same_space() -> None:
    features, target = either_or()
    first, again = (latent(features, target, 2, seed=3) for _ in range(2))
    assert (first.directions == again.directions).all()
    assert (first.pairs == again.pairs).all()
