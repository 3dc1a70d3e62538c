"""The domain gate: halves of one corpus are alike, another kind of text is not."""

import pytest

from reachbook import sentiment
from reachbook.errors import DataError
from reachbook.sentiment.classifier.domain_gate import domain, half_width, labels_needed
from reachbook.sentiment.text.base_corpus import reviews

ENGLISH = [f"flight {n} was delayed again and nobody at gate {n % 7} could tell us why" for n in range(300)]


def test_halves_of_one_corpus_are_alike() -> None:
    texts = reviews().texts
    found = domain(texts[::4], texts[2::4])
    assert found.same_domain
    assert found.passed
    assert abs(found.auc - 0.5) < 0.06
    assert found.describe().startswith("The comments read like the texts")


def test_another_balance_of_polarities_is_refused_too() -> None:
    """Four of five negative in texts alike, where training has half: calibrated probabilities would be off."""
    texts, labels = reviews().texts, reviews().labels
    model = sentiment.train(texts[::2], labels[::2], base=None)
    rest = list(zip(texts[1::4], labels[1::4], strict=True))
    bad, good = ([t for t, label in rest if label == name] for name in ("negative", "positive"))
    same = domain(texts[::2], [t for t, _ in rest], model=model)
    assert same.same_domain
    assert same.shift is not None
    other = domain(texts[::2], bad + good[: len(bad) // 4], model=model)
    assert other.shift is not None
    assert other.shift > 0.05 > same.shift
    assert not other.same_domain
    assert "balance of negative and positive seems to differ" in other.describe()


def test_other_texts_are_refused_until_there_is_an_audit() -> None:
    texts, given = reviews().texts[::40], reviews().labels[::40]
    found = domain(texts, ENGLISH)
    assert found.auc > 0.95
    assert found.p < 1e-6
    assert not found.passed
    assert "385 comments read at random" in found.describe()
    model = sentiment.train(texts, given, base=None)
    audited = domain(texts, ENGLISH, model=model, audit_texts=ENGLISH[:120], audit_labels=["negative"] * 120)
    assert audited.passed
    assert not audited.same_domain
    assert audited.audit is not None
    assert audited.describe().startswith("The comments do not read like the texts"), "told apart from what passes"


def test_too_few_texts_to_compare() -> None:
    with pytest.raises(DataError, match="There are 2 texts to judge"):
        domain(reviews().texts[:50], ["好", "", "坏"])


def test_labels_and_width_are_each_others_inverse() -> None:
    assert labels_needed(0.05) == 385
    assert half_width(385) == pytest.approx(0.05, abs=1e-3)
    assert labels_needed(0.05, explained=0.5) == 193
    with pytest.raises(ValueError, match="between 0 and 1"):
        labels_needed(0)
