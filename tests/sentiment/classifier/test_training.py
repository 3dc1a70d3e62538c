"""Training: what is a prior, how folds are dealt, and when classifiers are combined."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.errors import DataError
from reachbook.sentiment.classifier.training import FOLDS, base_table, folds, prior_mean, train
from reachbook.sentiment.text.base_corpus import Corpus
from reachbook.sentiment.text.folding import fold

TEXTS = [f"{word}第{n}天" for n in range(20) for word in ("很好吃", "太难吃")]
LABELS = ["positive", "negative"] * 20
LITTLE = Corpus(
    tuple(f"发货{speed}{n}" for speed in ("快", "慢") for n in range(8)), ("positive",) * 8 + ("negative",) * 8
)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 11)), min_size=1, max_size=60),
    st.integers(2, 5),
    st.integers(0, 3),
)
def test_folds_keep_groups_together_and_spread_classes_evenly(
    drawn: list[tuple[int, int]], number: int, seed: int
) -> None:
    """A group's class is that of its first text, as copies mostly have the same label."""
    group = np.unique([g for _, g in drawn], return_inverse=True)[1]
    target = np.array([k for k, _ in drawn])
    first = np.unique(group, return_index=True)[1]
    groups_of = Counter(target[first].tolist())
    dealt = folds(target, group, number, np.random.default_rng(seed))
    if min(groups_of[k] for k in np.unique(target)) < number:
        assert dealt is None
        return
    assert dealt is not None
    for each in np.unique(group):
        assert len(set(dealt[group == each])) == 1
    for kind in groups_of:
        sizes = [int(((target[first] == kind) & (dealt[first] == each)).sum()) for each in range(number)]
        assert max(sizes) - min(sizes) <= 1


def test_the_prior_pulls_negative_and_positive_apart_and_leaves_neutral() -> None:
    """Rows: slang and words, each against and for, then the log-odds of the base corpus."""
    mean = prior_mean(np.array([0, 1, 2]))
    assert mean.shape == (5, 3)
    assert (mean[:, 1] == 0).all()
    assert (mean[:, 0] == -mean[:, 2]).all()
    assert np.sign(mean[:, 2]).tolist() == [-1, 1, -1, 1, 1]
    assert (prior_mean(np.array([0, 2])) == mean[:, [0, 2]]).all()


def test_the_base_corpus_weighs_its_words_by_the_polarity_it_gave_them() -> None:
    good, bad, unknown = base_table(LITTLE).summed(fold(["发货快", "发货慢", "宇宙"]))[:, 0]
    assert good > 0 > bad
    assert unknown == 0
    assert base_table(LITTLE) is base_table(LITTLE), "it is worked out once"


def test_no_base_corpus_has_no_weight() -> None:
    table = base_table(None)
    assert len(table.slots) == 0
    assert (table.summed(fold(["很好"])) == 0).all()


def test_what_the_base_corpus_taught_is_believed_until_labels_speak() -> None:
    """The labels say nothing of delivery; only the corpus does."""
    asked = ["发货快", "发货慢"]
    alone = train(TEXTS, LABELS, base=None).predict_proba(asked)
    helped = train(TEXTS, LABELS, base=LITTLE).predict_proba(asked)
    assert helped[0, 2] - helped[1, 2] > 0.1
    assert helped[0, 2] - helped[1, 2] > alone[0, 2] - alone[1, 2] + 0.05


def test_the_facts_say_what_a_model_was_made_from() -> None:
    facts = train(TEXTS, LABELS, base=LITTLE).facts
    assert (facts["texts"], facts["base_texts"], facts["embedding"]) == (40, 16, None)
    assert facts["strength"] in (1.0, 4.0)
    assert facts["calibrated_on"] == 40, "every text was once held out"


def test_few_groups_of_a_class_are_not_held_out() -> None:
    """A text again and again is one group, and each fold needs one: nothing is chosen or calibrated."""
    made = train(["太难吃"] * 2 * FOLDS + TEXTS[::2], ["negative"] * 2 * FOLDS + LABELS[::2], base=None)
    assert made.facts["calibrated_on"] == 0
    assert made.scaling.shift.tolist() == [0, 0]


def test_one_classifier_of_few_labels_and_three_of_many() -> None:
    few = train(TEXTS, LABELS, base=None)
    assert few.latent is None
    assert len(few.scaling.slopes) == 1
    texts = [f"{text}{n}" for n in range(15) for text in TEXTS]
    many = train(texts, LABELS * 15, base=None)
    assert many.latent is not None
    assert len(many.facts["slopes"]) == 3, "of all features alike, of those scaled by ratios, and of a latent space"
    assert len(many.scaling.slopes) == 2, "the first two are one linear classifier by then"


def test_a_corpus_that_is_none_is_refused() -> None:
    with pytest.raises(DataError, match=r"base: 'review' is not known. Give 'reviews', a Corpus, or None\."):
        train(TEXTS, LABELS, base="review")
    with pytest.raises(DataError, match=r"platforms: 1 for 40 texts. Give each text one platform\."):
        train(TEXTS, LABELS, base=None, platforms=["weibo"])
