"""The linear models behind learned aspects, on texts whose aspects and polarities are planted."""

import numpy as np
import pytest
from learned_aspects.features import Reading, read
from learned_aspects.linear import Detector, Judge, Pairs, detector, judge

TEXTS = ["价格太高,座椅很好", "座椅太硬,价格很好", "价格很好", "座椅太硬", "价格太高", "座椅很好"] * 4
HAS = np.array([["价格" in text, "座椅" in text] for text in TEXTS])
PRICE, SEAT = 0, 1


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(TEXTS)


@pytest.fixture(scope="module")
def heard(reading: Reading) -> Detector:
    return detector(reading, HAS, seed=1)


@pytest.fixture(scope="module")
def pairs(reading: Reading, heard: Detector) -> Pairs:
    text, aspect = np.nonzero(HAS)
    return Pairs(text, aspect, heard.loudest(reading)[text, aspect])


def polarity(pairs: Pairs) -> np.ndarray:
    """0 where the clause of the aspect complains (太), else 1."""
    told = {(row, k): part for row, text in enumerate(TEXTS) for k in (PRICE, SEAT) for part in text.split(",")
            if ("价格", "座椅")[k] in part}  # fmt: skip
    return np.array([0 if "太" in told[row, k] else 1 for row, k in zip(pairs.text, pairs.aspect, strict=True)])


def test_the_margin_is_positive_exactly_where_the_aspect_is_mentioned(reading: Reading, heard: Detector) -> None:
    margins = heard.margins(reading)
    assert margins.shape == HAS.shape
    assert ((margins > 0) == HAS).all()


def test_an_aspect_is_loudest_in_the_clause_that_names_it(reading: Reading, heard: Detector) -> None:
    """Clauses are numbered over all texts: 0 and 1 are the first text's, 2 and 3 the second's."""
    loudest = heard.loudest(reading)
    assert loudest[0].tolist() == [0, 1]
    assert loudest[1].tolist() == [3, 2]
    assert (reading.owner[loudest] == np.arange(len(TEXTS))[:, None]).all(), "a clause is one of its own text"


def test_one_text_may_please_in_one_aspect_and_not_in_another(reading: Reading, pairs: Pairs) -> None:
    truth = polarity(pairs)
    made = judge(reading, pairs, truth, 2, seed=1)
    margins = made.margins(reading, pairs)
    assert (margins.argmax(axis=1) == truth).all()
    first = pairs.text == 0
    assert margins[first].argmax(axis=1).tolist() == [0, 1]


def test_two_polarities_have_opposite_margins_and_three_have_one_each(reading: Reading, pairs: Pairs) -> None:
    two = judge(reading, pairs, polarity(pairs), 2, seed=1).margins(reading, pairs)
    assert two[:, 0] == pytest.approx(-two[:, 1])
    three = judge(reading, pairs, np.arange(len(pairs.text)) % 3, 2, seed=1).margins(reading, pairs)
    assert three.shape == (len(pairs.text), 3)


def test_features_say_which_aspect_is_asked_for(reading: Reading, pairs: Pairs) -> None:
    made: Judge = judge(reading, pairs, polarity(pairs), 2, seed=1)
    tail = made.features(reading, pairs)[:, -2:].toarray()
    assert (tail == np.eye(2)[pairs.aspect]).all()


def test_the_same_seed_gives_the_same_weights(reading: Reading, heard: Detector) -> None:
    again = detector(reading, HAS, seed=1)
    assert (again.weights == heard.weights).all()
    assert (again.intercepts == heard.intercepts).all()
