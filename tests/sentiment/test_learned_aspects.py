"""Learnt aspects: what was planted comes back on texts never seen, and polarity belongs to the aspect."""

import numpy as np
import pytest
from learned_aspects.features import read
from learned_aspects.model import AspectModel, learn

from reachbook.errors import DataError

THINGS = {"price": ("价格", "优惠", "车价"), "fuel": ("油耗", "省油费油", "百公里"), "seat": ("座椅", "后排", "靠背")}
SAID = {"negative": ("太差了", "很失望"), "neutral": ("怎么样呢", "是多少"), "positive": ("真不错", "很满意")}
ORDER = tuple(SAID)


def written(seed: int, count: int) -> list[tuple[str, str, str]]:
    """One row a label; a text speaks of one or two aspects, and judges each on its own."""
    rng, rows = np.random.default_rng([seed, 71]), []
    for number in range(count):
        chosen = rng.choice(list(THINGS), rng.integers(1, 3), replace=False)
        judged = [str(rng.choice(ORDER)) for _ in chosen]
        parts = [rng.choice(THINGS[a]) + rng.choice(SAID[p]) for a, p in zip(chosen, judged, strict=True)]
        text = ",".join(parts) + f",第{number}楼"
        rows += [(text, str(a), p) for a, p in zip(chosen, judged, strict=True)]
    return rows


@pytest.fixture(scope="module")
def model() -> AspectModel:
    return learn(*map(list, zip(*written(1, 400), strict=True)))


def test_planted_aspects_and_their_polarities_come_back(model: AspectModel) -> None:
    rows = written(2, 200)
    texts = list(dict.fromkeys(text for text, _, _ in rows))
    truth = np.array([[(text, name) in {(t, a) for t, a, _ in rows} for name in model.aspects] for text in texts])
    assert (model.assign(texts) == truth).mean() > 0.97
    assert np.abs(model.detect(texts) - truth).mean() < 0.1
    right = [ORDER[int(model.polarity([text], aspect).argmax())] == polarity for text, aspect, polarity in rows[:120]]
    assert np.mean(right) > 0.85
    assert model.micro_f1 > 0.97
    assert model.accuracy > 0.85 > model.majority
    assert "3 aspects from 400 texts" in model.describe()


def test_answers_are_probabilities_whatever_the_text(model: AspectModel) -> None:
    texts = ["", " ", "😀", "hello", "，，，"]
    assert model.detect(texts).shape == (5, 3)
    assert model.polarity(texts, "fuel").sum(axis=1) == pytest.approx(1)
    assert model.detect([]).shape == (0, 3)
    with pytest.raises(DataError, match="'doors' was not learnt"):
        model.polarity(texts, "doors")


def test_texts_without_any_aspect_teach_that_there_may_be_none() -> None:
    rows = written(3, 200) + [(f"今天天气好{'呀' * (k % 4)}{k}", None, None) for k in range(100)]  # type: ignore[list-item]
    model = learn(*map(list, zip(*rows, strict=True)))
    assert not model.at_least_one
    assert not model.assign(["今天天气好啊"]).any()


def test_clauses_keep_their_text() -> None:
    found = read(["好,坏", "", "一句话", ",,"])
    assert found.owner.tolist() == [0, 0, 1, 2, 3]
    assert found.rows(np.array([0, 2])).owner.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("a", "x", "good")], "Label number 1 is 'good'"),
        ([("a", "x", "negative"), ("a", "x", "positive")], "Row 2: the text has a second polarity for 'x'"),
        ([("a", "x", "negative")], "aspect 'x' has 1 texts; 20 are needed"),
        ([("a", None, None)], "no aspect among the labels"),
    ],
)
def test_spoilt_labels_are_refused_in_one_line(rows: list[tuple[str, str, str]], words: str) -> None:
    with pytest.raises(DataError, match=words) as error:
        learn(*map(list, zip(*rows, strict=True)))
    assert "\n" not in str(error.value)
