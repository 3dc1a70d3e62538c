"""Terms, aspects, words, quotes, queues and drift, each against what was put in."""

from collections.abc import Sequence

import numpy as np
import pytest
from simulators import classifier

from reachbook.errors import DataError
from reachbook.sentiment.aspects import aspects
from reachbook.sentiment.aspects import terms as aspects_terms
from reachbook.sentiment.aspects.log_odds import associations, log_odds
from reachbook.sentiment.prevalence import label_quality
from reachbook.sentiment.prevalence.drift import AuditedComments, drift

SUBJECTS = {"screen": ("屏幕", "分辨率", "亮度"), "hotel": ("酒店", "前台", "早餐"), "post": ("快递", "包裹", "物流")}
FILL = "的了我你他今天昨天还有真的然后其实反正就是不过"
GOOD, BAD = ("清晰", "漂亮"), ("模糊", "破旧")


def written(
    seed: int, count: int, subjects: Sequence[str] = tuple(SUBJECTS), bad: float = 0.5
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Comments that name two terms of a subject and one opinion; their truth (0 or 2) and subject."""
    rng = np.random.default_rng([seed, 21])
    truth, subject, texts = np.where(rng.random(count) < bad, 0, 2), rng.choice(list(subjects), count), []
    for polarity, name in zip(truth, subject, strict=True):
        words = [*rng.choice(SUBJECTS[name], 2, replace=False), str(rng.choice(BAD if polarity == 0 else GOOD))]
        gaps = ["".join(rng.choice(list(FILL), rng.integers(1, 4))) for _ in range(4)]
        texts.append(gaps[0] + words[0] + gaps[1] + words[1] + gaps[2] + words[2] + gaps[3])
    return texts, truth, subject


def test_terms_and_aspects_are_found_without_a_dictionary() -> None:
    texts, truth, subject = written(1, 900)
    terms = aspects_terms.mine(texts)
    assert {w for words in SUBJECTS.values() for w in words} | set(GOOD) | set(BAD) <= set(terms.names)
    found = aspects.from_data(terms, 3)
    for name, words in SUBJECTS.items():
        best = max(found.members.values(), key=lambda flags: (flags & (subject == name)).sum())
        assert (best & (subject == name)).sum() > 0.95 * (subject == name).sum(), words
    assert min(found.stability.values()) > 0.5
    said = aspects.opinions(terms, aspects.from_dictionary(texts, SUBJECTS), np.eye(3)[truth])
    assert set(said.loc[said["polarity"] == "negative", "term"]) == set(BAD)
    assert set(said.loc[said["polarity"] == "positive", "term"]) == set(GOOD)


def test_a_dictionary_needs_no_data_and_english_words_are_whole() -> None:
    found = aspects.from_dictionary(["The Screen is dim", "screenplay", "屏幕好"], {"screen": ["screen", "屏幕"]})
    assert found.members["screen"].tolist() == [True, False, True]
    assert found.covered == pytest.approx(2 / 3)
    assert aspects.from_data(aspects_terms.mine(["", "x"])).terms == {}


def test_quotes_are_verbatim_masked_and_different() -> None:
    texts = ["打13800138000投诉!!!", "打13800138000投诉!!!", "好", "真的  太差了<script>", "x" * 300]
    said = aspects.quotes(texts, np.array([0.9, 0.9, 0.8, 0.7, 0.1]), np.arange(5))
    assert said == ["打[phone]投诉!!!", "真的  太差了<script>", "x" * 120 + " […]"]


def test_words_without_a_difference_are_seldom_called_significant() -> None:
    """100 comparisons of two groups alike: any false word in at most 10 (stated 5 % under no difference at all)."""
    rng, wrong = np.random.default_rng(4), 0
    chance = rng.beta(0.5, 8, 200)
    for _ in range(100):
        presence = (rng.random((400, 200)) < chance).astype(int)
        wrong += bool(
            associations(presence, [f"w{j}" for j in range(200)], np.arange(400) < 150, np.arange(400) >= 150)[
                "significant"
            ].any()
        )
    assert wrong <= 10


def test_a_word_that_differs_comes_first_with_its_log_odds() -> None:
    found = log_odds(["a", "b"], np.array([600, 300]), np.array([300, 300]), (2000, 2000), strength=1)
    assert found["term"].tolist() == ["a", "b"]
    real = np.log(0.3 / 0.7) - np.log(0.15 / 0.85)
    assert found["low"][0] < real < found["high"][0]
    assert found["significant"].tolist() == [True, False]
    with pytest.raises(DataError, match="comparison set"):
        log_odds(["a"], np.array([1]), np.array([0]), (3, 0))


def test_raters_and_suspected_labels() -> None:
    rng = np.random.default_rng(5)
    truth = rng.choice([0, 2], 400)
    p = classifier(rng, truth, "calibrated", 5.0)
    labels = truth.copy()
    labels[:12] = 2 - labels[:12]
    found = label_quality.suspects(p, labels)
    assert len(set(found["row"]) & set(range(12))) >= 7
    words = [label_quality.POLARITIES[k] for k in labels]
    both = label_quality.raters(words, [label_quality.POLARITIES[k] for k in truth])
    assert both.kappa.middle == pytest.approx(0.94, abs=0.01)


def version(
    seed: int, subjects: Sequence[str] = tuple(SUBJECTS), bad: float = 0.4, way: str = "calibrated"
) -> AuditedComments:
    texts, truth, _ = written(seed, 1200, subjects, bad)
    rng = np.random.default_rng(seed)
    index = rng.choice(1200, 300, replace=False)
    p = classifier(rng, truth, way, 4.0, prior=np.array([0.4, 0.01, 0.59]))
    return AuditedComments(texts, p, index, truth[index])


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, ()),
        ({"bad": 0.65}, ("prevalence",)),
        ({"subjects": ("screen", "hotel")}, ("vocabulary",)),
        ({"way": "shifted"}, ("calibration",)),
    ],
)
def test_drift_is_split_into_what_was_changed(after: dict[str, object], expected: tuple[str, ...]) -> None:
    assert drift(version(1), version(2, **after)).changed == expected  # type: ignore[arg-type]
