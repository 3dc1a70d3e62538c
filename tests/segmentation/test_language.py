"""The audience page in Chinese: no sentence is left in English, and names read as names."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers.english_left import left, texts
from reachbook.segmentation.labels import feature, level_of
from reachbook.segmentation.names import LEVELS, PLATFORMS, ROLES, name, named
from reachbook.segmentation.page import compose
from reachbook.segmentation.structure.sparse_test import Sparse
from reachbook.translation import using
from segmentation.test_page import LONG_CUT, PLANTED, REFUSED, people, segmented

CROWDS = [None, Sparse(None, 24, 0), Sparse(None, 24, 5), Sparse(None, 0, 0), Sparse(LONG_CUT, 0, 0)]


@pytest.mark.parametrize("sparse", CROWDS)
@pytest.mark.parametrize("k", [0, 2])
def test_nothing_is_left_in_english(k: int, sparse: Sparse | None) -> None:
    with using("zh"):
        told = replace(people(), silent=3, unread={"city": "180 种"})
        story = compose(told, replace(segmented(k), sparse=sparse, verdict=""), PLANTED, "CNY", 1)
        assert left(texts(story), *LONG_CUT.sides) == []
        assert story.decision.startswith("受众确实分成 2 个人群" if k else "不要按人群")


def test_no_refusal_is_left_in_english() -> None:
    with using("zh"):
        stories = (compose(people(), replace(found, sparse=sparse), None, "CNY", 1) for found, sparse, _ in REFUSED)
        assert left(story.decision for story in stories) == []


def effects(**strong: float) -> pd.Series:
    keys = {key.replace("__", ": "): value for key, value in strong.items()}
    return pd.Series(keys).sort_values(ascending=False)


@pytest.mark.parametrize(
    ("strong", "words", "english", "chinese"),
    [
        ({"hours__morning": 1.0, "platform__wechat": 0.9, "money": 2.0}, 2, "morning WeChat buyers", "微信早间买家"),
        ({"hours__night": 0.8, "format__article": 0.7, "kind__comment": 1.0}, 2, "night article commenters",
         "夜间文章评论用户"),
        ({"platform__xiaohongshu": 1.0, "format__image_text": 0.9, "kind__collect": 1.0}, 2,
         "Xiaohongshu image-text collectors", "小红书图文收藏用户"),
        ({"basket": 1.0, "order_frequency": 0.9}, 2, "big-basket buyers", "高客单买家"),
        ({"activity": 1.0, "weekend": 0.5}, 2, "weekend very active people", "高活跃周末用户"),
        ({"topic__美妆": 1.0, "platform__Ins": 0.6}, 2, "Ins 美妆 people", "Ins 美妆用户"),
        ({"order_frequency": -0.5}, 2, "rare buyers", "低频买家"),
        ({"order_frequency": 1.0}, 2, "frequent buyers", "高频买家"),
        ({"kind__view": 0.6}, 2, "average viewers", "普通浏览用户"),
        ({"recency": 0.1}, 2, "average people", "普通用户"),
    ],
)  # fmt: skip
def test_names_are_natural_in_both_languages(strong: dict[str, float], words: int, english: str, chinese: str) -> None:
    assert name(effects(**strong), words) == english
    with using("zh"):
        assert name(effects(**strong), words) == chinese


def test_names_stay_unique_in_chinese() -> None:
    rows = [{"segment": j, "feature": "money", "effect": 1.0, "part": "clustered"} for j in (0, 1)]
    with using("zh"):
        assert named(pd.DataFrame(rows)) == {0: "高频买家 1", 1: "高频买家 2"}


def test_every_known_word_of_a_name_has_its_chinese() -> None:
    with using("zh"):
        known = [*(f"platform: {each}" for each in PLATFORMS if each != "tiktok")]
        known += [f"{group}: {each}" for group, each in zip(["hours"] * 4, LEVELS, strict=False)]
        known += [f"kind: {each}" for each in ROLES]
        assert [each for each in known if feature(each).isascii()] == []


def test_features_are_told_in_words() -> None:
    assert feature("order_frequency") == "order frequency"
    assert feature("city_tier = 1") == "city tier = 1"
    assert feature("score = high") == "score = high"
    assert level_of("format: short_video") == "short video"
    with using("zh"):
        assert feature("platform: douyin") == "平台：抖音"
        assert feature("topic: 美妆") == "话题：美妆"
        assert feature("city_tier = 1") == "城市级别：1"
        assert (level_of("kind: share"), level_of("topic: 美妆")) == ("转发", "美妆")
