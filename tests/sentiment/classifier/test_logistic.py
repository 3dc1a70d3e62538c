"""Logistic regression with a prior: the slope of its loss, its textbook cases, and what it believes without data."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from reachbook.sentiment.classifier.logistic import Linear, against_first, fit, surprise

NOTHING = np.zeros((0, 2))


def data(classes: int) -> tuple[np.ndarray, np.ndarray]:
    """300 texts with five features, of which the class follows."""
    rng = np.random.default_rng(1)
    features = rng.standard_normal((300, 5))
    target = (features @ rng.standard_normal((5, classes)) + rng.gumbel(size=(300, classes))).argmax(axis=1)
    return features, target


@pytest.mark.parametrize("columns", [1, 3])
def test_the_slope_is_that_of_the_loss(columns: int) -> None:
    rng = np.random.default_rng(2)
    spread, target = rng.standard_normal((6, columns)), rng.integers(0, max(columns, 2), 6)
    slope = surprise(spread, target)[1]
    for cell in np.ndindex(spread.shape):
        more = spread.copy()
        more[cell] += 1e-6
        assert slope[cell] == pytest.approx((surprise(more, target)[0] - surprise(spread, target)[0]) / 1e-6, abs=1e-4)


def test_two_classes_are_ridge_logistic_regression() -> None:
    """Without opinions beforehand the penalty is the textbook's; one column stands for two of half its size."""
    features, target = data(2)
    found = fit(sparse.csr_array(features), np.zeros((300, 0)), target, 1.0, NOTHING, strength=1.0, steps=100)
    peer = LogisticRegression(C=2.0, tol=1e-8).fit(features, target)
    assert found.words[:, 0] == pytest.approx(peer.coef_[0], abs=0.01)
    assert found.intercept[0] == pytest.approx(peer.intercept_[0], abs=0.01)


def test_more_data_and_a_looser_prior_pull_less_to_zero() -> None:
    features, target = data(3)
    mean = np.zeros((0, 3))
    tight, loose = (
        np.abs(fit(sparse.csr_array(features), np.zeros((300, 0)), target, 1.0, mean, strength).words).sum()
        for strength in (0.01, 10.0)
    )
    assert tight < 0.5 * loose


def test_without_a_telling_text_the_prior_s_opinion_stands() -> None:
    """A feature that no text has keeps what is believed of it: +2 for the second class."""
    priors = np.zeros((20, 1))
    mean = np.array([[0.0, 2.0]])
    found = fit(sparse.csr_array((20, 3)), priors, np.tile([0, 1], 10), 1.0, mean, 1.0)
    assert found.dense[0, 0] == pytest.approx(2.0, abs=1e-3)
    logits = found.logits(sparse.csr_array((1, 3)), np.ones((1, 1)))
    assert logits[0] == pytest.approx([0.0, 2.0], abs=1e-3)


def test_log_odds_are_against_the_first_class() -> None:
    assert against_first(np.array([[2.0]])).tolist() == [[0.0, 2.0]]
    assert against_first(np.array([[1.0, 3.0, 0.0]])).tolist() == [[0.0, 2.0, -1.0]]
    weights = Linear(np.ones((1, 3)), np.ones((1, 3)), np.array([0.0, 1.0, 2.0]))
    assert weights.logits(sparse.csr_array([[5.0]]), np.array([[7.0]])).tolist() == [[0.0, 1.0, 2.0]]
