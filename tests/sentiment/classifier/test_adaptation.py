"""Probabilities taught by the audit: narrower where there is something to learn, honest, and harmless where not."""

import numpy as np
import pytest
from simulators import classifier

from reachbook.errors import DataError
from reachbook.sentiment.classifier.adaptation import adapted, clues
from reachbook.sentiment.prevalence.shares import prevalence
from reachbook.sentiment.text.base_corpus import reviews


@pytest.fixture(scope="module")
def read() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clues, polarity and a model that knows nothing, of 1,460 reviews."""
    whole = reviews()
    texts, labels = whole.texts[::4], np.array(whole.labels[::4], dtype=object)
    truth = np.where(labels == "negative", 0, 2)
    return clues(texts), truth, classifier(np.random.default_rng(1), truth, "useless")


def test_the_audit_teaches_what_the_model_does_not_know(read: tuple[np.ndarray, ...]) -> None:
    """25 replays at 95 %: intervals are narrower, and at least 21 of them hold (20 or fewer: 1 in 130)."""
    known, truth, p = read
    real, width, covered = (truth == 0).mean(), [], 0
    for seed in range(25):
        index = np.random.default_rng([seed, 3]).choice(len(truth), 200, replace=False)
        plain = prevalence(p, index, truth[index], finite=True)
        taught = adapted(p, known, index, truth[index], seed)
        found = prevalence(p, index, truth[index], finite=True, adapted=taught)
        width.append(found.half_width[0] / plain.half_width[0])
        covered += found.low[0] <= real <= found.high[0]
        assert (found.counted == plain.counted).all()
    assert np.mean(width) < 0.96
    assert covered >= 21


def test_an_audited_text_is_judged_without_its_own_label(read: tuple[np.ndarray, ...]) -> None:
    known, truth, p = read
    index = np.random.default_rng(4).choice(len(truth), 200, replace=False)
    before = adapted(p, known, index, truth[index])
    noise = np.random.default_rng(2).choice([0, 2], 200)
    after = adapted(p, known, index, noise)
    # Taught by labels that mean nothing, the answers explain nothing of them; in-sample they would.
    assert (after == p).all() or abs(np.corrcoef(after[index, 0], noise == 0)[0, 1]) < 0.2
    assert np.corrcoef(before[index, 0], truth[index] == 0)[0, 1] > 0.2


def test_few_labels_or_one_polarity_teach_nothing(read: tuple[np.ndarray, ...]) -> None:
    known, truth, p = read
    assert adapted(p, known, np.arange(20), truth[:20]) is p
    same = np.flatnonzero(truth == 0)[:80]
    assert (adapted(p, known, same, truth[same]) == p).all()


def test_clues_of_odd_texts_are_finite_and_must_fit(read: tuple[np.ndarray, ...]) -> None:
    known, truth, p = read
    assert np.isfinite(clues(["", "好", "😀", "a"])).all()
    with pytest.raises(DataError, match="none to learn from"):
        clues([])
    with pytest.raises(DataError, match="clues of the same texts"):
        adapted(p, known[:5], np.arange(100), truth[:100])
    with pytest.raises(DataError, match="one row a text"):
        prevalence(p, np.arange(100), truth[:100], adapted=p[:5])
