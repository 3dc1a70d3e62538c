"""Weights by slot, added up over what a text holds."""

import numpy as np

from reachbook.sentiment.classifier.slot_weights import SlotWeights, added, narrowed, placed
from reachbook.sentiment.text.features import SIZE, polarity_slots
from reachbook.sentiment.text.folding import fold


def test_slots_that_are_not_known_have_no_place() -> None:
    assert placed(np.array([1, 4]), 6).tolist() == [-1, 0, -1, -1, 1, -1]


def test_a_part_keeps_the_edges_of_its_texts() -> None:
    """Texts hold slots (1, 3), none and (4, 4, 0): known are 1 and 4."""
    part = np.array([1, 3, 4, 4, 0]), np.array([0, 2, 2, 5])
    found, edges = narrowed(part, placed(np.array([1, 4]), 6))
    assert found.tolist() == [0, 1, 1]
    assert edges.tolist() == [0, 1, 1, 3]
    values = np.array([[1.0, 10.0], [2.0, 20.0]], dtype=np.float32)
    assert added([(found, edges)], values).tolist() == [[1, 10], [0, 0], [4, 40]]


def test_a_text_s_sum_is_that_of_everything_that_occurs_in_it() -> None:
    batch = fold(["很好吃", "", "good food, good price"])
    slots = np.unique(np.concatenate([given for given, _ in polarity_slots(batch)]).astype(np.int64))
    ones = SlotWeights(slots, np.ones((len(slots), 1), dtype=np.float32)).summed(batch)
    occurring = [sum(int(edges[i + 1] - edges[i]) for _, edges in polarity_slots(batch)) for i in range(3)]
    assert slots.max() < SIZE
    assert ones[:, 0].tolist() == occurring
    assert occurring[1] == 0 < occurring[0]
