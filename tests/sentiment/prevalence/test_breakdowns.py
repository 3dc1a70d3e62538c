"""Shares by every key from one audit. The pooled model, which a test of its own holds, takes probabilities as given."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.judged_comments import believing, judged, said, sure
from reachbook.sentiment import SentimentSpec
from reachbook.sentiment.classifier.predict import Predictions
from reachbook.sentiment.prevalence import breakdowns
from reachbook.sentiment.prevalence.breakdowns import Breakdowns, views

COUNT = 480
TRUTH = np.where(np.arange(COUNT) % 4 == 0, 0, 2)
DAYS = [date(2026, 7, 6) + timedelta(days=int(i) // 8) for i in range(COUNT)]
PLATFORM = np.where(TRUTH == 0, np.where(np.arange(COUNT) % 8 == 0, "weibo", "douyin"), "weibo")
READ = range(0, COUNT, 3)
SPEC = SentimentSpec(brand="brand_a")


def brand(**more: object) -> Predictions:
    """Eight comments a day on 60 days: a quarter negative, on two platforms and two brands, every third one read."""
    texts = [f"第{i}条评论" for i in range(COUNT)]
    names = np.where(np.arange(COUNT) % 2 == 0, "brand_a", "brand_b")
    frame = said(texts, DAYS, platform=PLATFORM, brand=names, **more)
    return judged(frame, sure(TRUTH), {row: int(TRUTH[row]) for row in READ})


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Breakdowns:
    """What is seen of brand_a."""
    return viewed(monkeypatch, brand())


def viewed(monkeypatch: pytest.MonkeyPatch, comments: Predictions, spec: SentimentSpec = SPEC) -> Breakdowns:
    monkeypatch.setattr(breakdowns, "pool", lambda p, *_, level, seed: believing(p, level))
    return views(comments, {}, spec, 1)


def test_without_an_audit_shares_are_counted_and_nothing_is_estimated() -> None:
    comments = judged(said(["a", "b", "c", "d"], [date(2026, 7, 6)] * 4), sure([0, 2, 2, 2]))
    found = views(comments, {}, SentimentSpec(), 1)
    assert found.counted.tolist() == [0.25, 0, 0.75]
    assert (found.overall, found.pooled, found.recent, found.by) == (None, None, None, {})
    assert found.cells.empty
    assert found.daily.empty
    assert found.index("", comments).empty


def test_labels_of_another_brand_alone_are_no_audit_of_the_own_one() -> None:
    frame = said(["a", "b", "c"], [date(2026, 7, 6)] * 3, brand=["brand_a", "brand_a", "brand_b"])
    assert views(judged(frame, sure([0, 2, 2]), {2: 2}), {}, SPEC, 1).overall is None


def test_the_audit_of_the_own_brand_corrects_what_the_model_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that calls everything positive counts no negative one; the labels show a half."""
    comments = brand()
    found = viewed(
        monkeypatch, judged(comments.comments.frame, sure([2] * COUNT), {row: int(TRUTH[row]) for row in READ})
    )
    assert found.overall is not None
    assert found.counted.tolist() == [0, 0, 1]
    assert found.overall.audit == sum(row % 2 == 0 for row in READ)
    assert found.overall.middle[0] == pytest.approx(0.5)


def test_every_frame_counts_the_own_comments_once(seen: Breakdowns) -> None:
    own = int(seen.own.sum())
    assert own == COUNT / 2
    assert set(seen.by) == {"platform", "brand", "week"}
    assert seen.by["brand"]["texts"].tolist() == [COUNT / 2, COUNT / 2], "brands are compared over all comments"
    assert seen.by["platform"].set_index("platform")["texts"].to_dict() == {"douyin": 60, "weibo": 180}
    for table in (seen.by["platform"], seen.by["week"], seen.cells, seen.daily):
        assert table["texts"].sum() == own


def test_shares_of_a_set_are_the_mean_of_its_probabilities(seen: Breakdowns) -> None:
    """Of the own ones on weibo one in three is negative, on douyin all: of the former 0.9 / 3 + 0.05 * 2 / 3."""
    negative = seen.by["platform"].set_index("platform")["negative"]
    assert negative["douyin"] == pytest.approx(0.9, abs=0.01)
    assert negative["weibo"] == pytest.approx(1 / 3, abs=0.01)


def test_the_last_four_weeks_are_held_against_all_before(monkeypatch: pytest.MonkeyPatch) -> None:
    late = np.array(DAYS) > DAYS[-1] - timedelta(days=28)
    truth = np.where(late, 0, 2)
    comments = judged(brand().comments.frame, sure(truth), {row: int(truth[row]) for row in READ})
    step = viewed(monkeypatch, comments).recent
    assert step is not None
    assert step.middle == pytest.approx(0.85, abs=0.01)
    assert step.low <= step.middle <= step.high


def test_a_period_of_four_weeks_has_nothing_before_its_last_four(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [DAYS[0] + timedelta(days=i % 28) for i in range(COUNT)]
    comments = brand(day=pd.to_datetime(pd.Series(days)))
    assert viewed(monkeypatch, comments).recent is None


def test_small_posts_are_put_together_and_people_without_a_segment_are_in_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = np.arange(COUNT)
    posts = np.where(numbers < 300, "large", [f"small{i % 30}" for i in numbers])
    segment = np.where(numbers < 200, "regulars", None)
    found = viewed(monkeypatch, brand(content_id=posts, segment=segment)).by
    assert found["content_id"].set_index("content_id")["texts"].to_dict() == {"(small ones)": 90, "large": 150}
    assert found["segment"].set_index("segment")["texts"].to_dict() == {"regulars": 100}


def test_posts_that_are_all_small_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    posts = [f"small{i % 60}" for i in range(COUNT)]
    assert len(viewed(monkeypatch, brand(content_id=posts)).by["content_id"]) == 30


def test_a_key_that_only_others_comments_have_has_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    campaigns = np.where(np.arange(COUNT) % 2 == 0, None, "summer")
    table = viewed(monkeypatch, brand(campaign_id=campaigns)).by["campaign_id"]
    assert table.empty
    assert {"campaign_id", "texts", "negative_low", "negative", "negative_high"} <= set(table.columns)


def test_the_index_holds_comments_labels_and_the_count_of_each_cell(seen: Breakdowns) -> None:
    comments = brand()
    index = seen.index("brand_a", comments)
    assert index.columns[:4].tolist() == ["week", "platform", "brand", "comments"]
    assert index["brand"].unique().tolist() == ["brand_a"]
    assert seen.index("", comments)["brand"].unique().tolist() == ["all"]
    assert index["comments"].sum() == COUNT / 2
    assert index["audited"].sum() == sum(row % 2 == 0 for row in READ)
    counted = index.groupby("platform")["counted_negative"].agg(["min", "max"])
    assert counted.loc["douyin"].tolist() == [1, 1]
    assert counted.loc["weibo"].tolist() == pytest.approx([1 / 3, 1 / 3], abs=0.1)
    assert (index["negative_low"] <= index["negative"]).all()
    assert (index["negative"] <= index["negative_high"]).all()
