"""Evidence about model and audit: what the labels allow is measured, and the rest is left out."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from helpers.judged_comments import judged, said, sure
from reachbook.sentiment import SentimentSpec
from reachbook.sentiment.classifier.predict import Predictions, _leanings
from reachbook.sentiment.sections.trust import Trust, _drawn, mistakes_of, trust
from reachbook.stats.intervals import expected_half_width

COUNT = 400
RNG = np.random.default_rng(5)
TRUTH = RNG.choice([0, 2], COUNT)
PLATFORM = np.where(np.arange(COUNT) % 3 == 0, "weibo", "douyin")
TEXTS = ["".join(map(chr, RNG.integers(0x4E00, 0x6E00, RNG.integers(10, 30)))) for _ in range(COUNT)]
DAYS = [date(2026, 6, 1) + timedelta(days=n % 70) for n in range(COUNT)]
ANSWERS = np.where(np.arange(COUNT) % 10 == 0, 2 - TRUTH, TRUTH)
RANDOM = np.sort(RNG.choice(COUNT, 120, replace=False))
SPEC = SentimentSpec()


def brand(rows: np.ndarray, count: int = COUNT, **columns: object) -> Predictions:
    """Comments of ten weeks that a model answers right nine times of ten, the ones at `rows` read by people."""
    frame = said(TEXTS[:count], DAYS[:count], platform=PLATFORM[:count]).assign(**columns)
    return judged(frame, sure(ANSWERS[:count]), {int(row): int(TRUTH[row]) for row in rows})


def few(**columns: object) -> Predictions:
    """Sixteen comments, all of them read: too few to be compared with training texts, which takes its time."""
    return brand(np.arange(16), 16, **columns)


@pytest.fixture(scope="module")
def told() -> Trust:
    return trust(brand(RANDOM), SPEC, 1)


def test_the_card_scores_each_label_against_the_prediction(told: Trust) -> None:
    assert told.card is not None
    right = (ANSWERS[RANDOM] == TRUTH[RANDOM]).mean()
    assert told.card.score.accuracy == pytest.approx(right)
    assert told.card.rows.tolist() == RANDOM.tolist()
    assert (told.card.copies, told.card.emoticon_loss) == (0, 0.0)


def test_a_text_read_twice_is_scored_once() -> None:
    texts = TEXTS[:16]
    texts[5] = texts[2]
    found = trust(few(text=texts), SPEC, 1).card
    assert found is not None
    assert found.copies == 1
    assert found.rows.tolist() == [row for row in range(16) if row != 5]


def test_without_an_audit_nothing_is_measured_but_what_labels_would_buy_is_told() -> None:
    found = trust(brand(np.array([], dtype=int), 16), SPEC, 1)
    assert (found.card, found.drawn, found.raters) == (None, None, None)
    assert (found.bought.empty, found.suspects.empty, found.transfer.empty) == (True, True, True)
    planned = found.planned()
    assert planned["labels"].is_monotonic_increasing
    assert (planned[["likely", "at worst"]].diff().dropna() < 0).all(axis=None)
    assert planned["at worst"].tolist() == [
        pytest.approx(expected_half_width(0.5, 1.0, int(n), SPEC.level)) for n in planned["labels"]
    ]


def test_few_comments_are_compared_with_no_training_texts() -> None:
    frame = said(["好评"] * 10, DAYS[:10])
    assert trust(judged(frame, sure([2] * 10)), SPEC, 1).domain is None


def test_the_audit_says_how_far_probabilities_hold(told: Trust) -> None:
    """Nine in ten are right where nine in ten is stated."""
    assert told.domain is not None
    assert told.domain.labels == 120
    assert told.domain.audit is not None
    assert told.domain.audit.error == pytest.approx(abs((ANSWERS[RANDOM] == TRUTH[RANDOM]).mean() - 0.9))
    assert told.domain.passed


def test_a_random_sample_is_believed_and_one_of_a_single_kind_is_not(told: Trust) -> None:
    """Comments of one platform, of the first weeks, or the longest ones only: each differs beyond all chance."""
    assert told.drawn is not None
    assert told.drawn > 0.01
    chosen = {
        "platform": np.flatnonzero(PLATFORM == "weibo")[:120],
        "weeks": np.argsort(DAYS, kind="stable")[:120],
        "length": np.argsort([-len(text) for text in TEXTS], kind="stable")[:120],
    }
    for name, rows in chosen.items():
        assert _drawn(brand(np.sort(rows))) < 1e-6, name


def test_reading_everything_is_as_random_as_can_be() -> None:
    assert _drawn(few()) == 1.0


def test_suspects_are_the_labels_that_the_model_contradicts(told: Trust) -> None:
    wrong = {f"m{row}" for row in RANDOM if ANSWERS[row] != TRUTH[row]}
    assert set(told.suspects["comment_id"]) == wrong
    assert told.suspects.columns.tolist() == [
        "comment_id", "platform", "text", "label", "model", "confidence", "own",
    ]  # fmt: skip
    place = int(told.suspects["comment_id"][0][1:])
    assert told.suspects.loc[0, ["platform", "text"]].tolist() == [PLATFORM[place], TEXTS[place]]


def test_more_labels_have_bought_more(told: Trust) -> None:
    negative = told.bought[told.bought["polarity"] == "negative"]
    assert negative["labels"].iloc[-1] == 120
    assert negative["half_width"].iloc[-1] < negative["half_width"].iloc[0]


def test_two_people_are_compared_where_both_read() -> None:
    """Of twelve comments read twice they disagree on three."""
    second = ["neutral" if n < 3 else ("negative" if TRUTH[n] == 0 else "positive") for n in range(12)]
    found = trust(few(label_2=[*second, *[None] * 4]), SPEC, 1).raters
    assert found is not None
    assert found.items == 12
    assert found.raw.middle == pytest.approx(0.75)


def test_platforms_with_few_labels_are_not_compared(told: Trust) -> None:
    """Of 120 labels on two platforms fewer than sixty are on weibo."""
    assert (PLATFORM[RANDOM] == "weibo").sum() < 60
    assert told.transfer.empty


def test_mistakes_have_masked_examples() -> None:
    of = few(text=[f"打13800138000{text}" for text in TEXTS[:16]])
    table = mistakes_of(trust(of, SPEC, 1), of)
    assert table["count"].sum() == 16
    assert table["examples"].str.contains("[phone]", regex=False).all()
    assert not table["examples"].str.contains("138").any()


def test_without_a_card_there_are_no_mistakes_to_show() -> None:
    of = brand(np.array([], dtype=int), 16)
    table = mistakes_of(trust(of, SPEC, 1), of)
    assert table.empty
    assert table.columns.tolist() == ["label", "answer", "count", "share", "examples"]


def leaning(rows: np.ndarray, seed: int = 1) -> Predictions:
    """Comments read at `rows`, each as negative to the model of its fold as the model says with some doubt."""
    negative = np.where(ANSWERS == 0, 0.8, 0.2) + np.random.default_rng(seed).uniform(-0.15, 0.15, COUNT)
    folds = np.arange(len(rows)) % 5
    return replace(brand(np.sort(rows)), leanings=_leanings([negative] * 5, np.sort(rows), folds))


def test_labels_that_were_picked_for_what_they_say_are_no_random_sample() -> None:
    """Complaints three times as often as others, on every platform, in every week and of every length."""
    draws = [np.random.default_rng([seed, 6]) for seed in range(40)]
    random = [_drawn(leaning(rng.choice(COUNT, 120, replace=False))) for rng in draws]
    assert sum(p < 0.05 for p in random) <= 5
    odds = np.where(TRUTH == 0, 3.0, 1.0)
    picked = [_drawn(leaning(rng.choice(COUNT, 120, replace=False, p=odds / odds.sum()))) for rng in draws]
    assert np.median(picked) < 1e-3


def test_where_no_comment_is_outside_the_sample_none_leans() -> None:
    assert _leanings([np.linspace(0, 1, 16)] * 5, np.arange(16), np.arange(16) % 5) is None
