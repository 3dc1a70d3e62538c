"""Weighted features, by hand."""

import numpy as np
import pytest
from scipy import sparse

from reachbook.sentiment.classifier.tfidf import log_ratios, weighing

COUNTS = sparse.csr_array(np.array([[2, 0, 1, 0], [0, 0, 1, 0], [0, 3, 1, 0]]))


def test_idf_is_smoothed_and_of_slots_that_occur() -> None:
    """log((1 + texts) / (1 + texts with it)) + 1."""
    found = weighing(COUNTS)
    assert found.slots.tolist() == [0, 1, 2]
    assert found.idf == pytest.approx([np.log(2) + 1, np.log(2) + 1, 1.0])


def test_a_text_is_divided_by_the_root_of_its_squared_idf() -> None:
    found = weighing(COUNTS)
    rare = np.log(2) + 1
    first = found(COUNTS).toarray()[0]
    assert first == pytest.approx(np.array([2 * rare, 0, 1]) / np.sqrt(2 * rare**2 + 1))


def test_in_many_texts_what_occurs_once_is_left_out() -> None:
    many = sparse.csr_array((np.ones(1001, int), (np.arange(1001) % 1000, np.r_[np.zeros(1000, int), 1])))
    assert weighing(many).slots.tolist() == [0]


def test_log_ratios_are_those_of_smoothed_shares() -> None:
    """Feature 0 is in both texts of class 0 and in none of class 1, feature 1 the other way round."""
    features = sparse.csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]))
    found = log_ratios(features, np.array([0, 0, 1, 1]), 2)
    assert found == pytest.approx(np.full((2, 2), np.log(3)))
