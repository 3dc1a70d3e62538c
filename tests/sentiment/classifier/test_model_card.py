"""The model card: no leaks, and what it finds where the truth is planted."""

import numpy as np
import pytest

from reachbook.errors import DataError
from reachbook.sentiment.classifier.model_card import card, leaks, mistakes, transfer
from reachbook.sentiment.text.base_corpus import reviews


def labelled(number: int) -> tuple[list[str], list[str]]:
    whole = reviews()
    half = [[t for t, label in zip(whole.texts, whole.labels, strict=True) if label == each][:number] for each in NAMES]
    return half[0] + half[1], [NAMES[0]] * number + [NAMES[1]] * number


NAMES = ("negative", "positive")


def test_copies_across_training_and_test_are_found() -> None:
    train = ["房间很小，隔音不好，晚上睡不着", "服务员态度非常好，下次还来"]
    found = leaks(train, ["房间很小，隔音不好，晚上睡不着", "房间很小，隔音不好，晚上睡不着!!1", "早餐丰富"])
    assert (found.exact, found.near, found.clean.tolist()) == (1, 1, [False, False, True])
    assert "1 of 3 are scored" in found.describe()


def test_copies_leave_before_scoring_and_random_labels_score_at_chance() -> None:
    texts, _ = labelled(70)
    rng = np.random.default_rng(3)
    coin = [NAMES[each] for each in rng.integers(0, 2, 140)]
    found = card(texts * 3, coin * 3, base=None, number=2)
    assert found.copies >= 280
    assert found.score.accuracy == pytest.approx(0.5, abs=0.17)  # four standard errors at 140 texts


def test_labels_made_from_emoticons_are_noticed() -> None:
    texts, _ = labelled(70)
    rng = np.random.default_rng(4)
    coin = rng.integers(0, 2, 140)
    shown = [text + ("[哈哈]" if each else "[泪]") for text, each in zip(texts, coin, strict=True)]
    found = card(shown, [NAMES[each] for each in coin], base=None, number=2)
    assert found.score.accuracy > 0.9
    assert found.emoticon_loss > 0.3


def test_mistakes_count_every_text_and_quote_some() -> None:
    texts, given = labelled(60)
    found = card(texts, given, base=None, number=2)
    table = mistakes(found, texts, each=2)
    assert table["count"].sum() == len(found.rows) == found.score.confusion().sum()
    assert all(1 <= len(each) <= 2 for each in table["examples"])
    assert "of the model's answers are right" in found.describe()


def test_transfer_has_a_row_for_each_pair_of_domains() -> None:
    texts, given = labelled(30)
    table = transfer(texts, given, ["a", "b"] * 30, base=None, number=2)
    assert list(zip(table["trained_on"], table["tested_on"], strict=True)) == [
        ("a", "a"), ("a", "b"), ("b", "b"), ("b", "a")
    ]  # fmt: skip
    assert table["accuracy"].between(0, 1).all()
    assert (table["left_out"] == "").all()


def test_transfer_says_which_domain_teaches_nothing() -> None:
    texts, given = labelled(30)
    table = transfer(
        [*texts, "好", "很好"], [*given, "positive", "positive"], ["a"] * 60 + ["b"] * 2, base=None, number=2
    )
    assert table["trained_on"].tolist() == ["a", "a", "b"]
    assert table["left_out"].tolist()[:2] == ["", ""]
    assert "All 2 labels are positive" in table["left_out"].tolist()[2]


def test_too_few_labels_are_said() -> None:
    with pytest.raises(DataError, match="Only 1 different texts are labelled negative"):
        card(["坏", "好", "很好", "非常好"], ["negative", "positive", "positive", "positive"], base=None, number=2)
