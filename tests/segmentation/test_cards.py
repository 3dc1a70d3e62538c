"""The card of a segment says what its table and its profile say."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reachbook.presentation.cards import Card, Comparison, Topic
from reachbook.segmentation.cards import MOST, cards
from reachbook.segmentation.page import compose
from reachbook.segmentation.story import AudienceResults, gather_results
from reachbook.translation import using
from segmentation.test_page import LABELS, people, segmented


@pytest.fixture(scope="module")
def results() -> AudienceResults:
    """Two segments; the second buys often and at night, and its 80 people bring 2,400 of 3,600."""
    return gather_results(people(), segmented(2), None, "CNY", 1, {"weibo": "微博旗舰号"})


def topic(card: Card, label: str) -> Topic:
    (found,) = [each for each in card.topics if each.label == label]
    return found


def profile(*rows: tuple[str, str, float, float, float, str]) -> pd.DataFrame:
    """Profile of segment 1: feature, part, value, rest, effect and unit of each row."""
    frame = pd.DataFrame(rows, columns=["feature", "part", "value", "rest", "effect", "unit"])
    return frame.assign(segment=1, low=frame["effect"], high=frame["effect"])


def test_a_segment_has_one_card_in_the_order_of_the_table(results: AudienceResults) -> None:
    found = cards(results).cards
    assert [each.anchor for each in found] == ["segment-1", "segment-2"]
    assert [each.title for each in found] == results.sizes()["name"].tolist()


def test_facts_are_those_of_the_table_of_sizes(results: AudienceResults) -> None:
    row = results.sizes().iloc[1]
    facts = dict(cards(results).cards[1].facts)
    assert facts["People"] == "80 (40.0%)"
    assert facts["Revenue"] == f"¥2,400 (66.7% {row['interval']})"
    assert facts["Revenue a person"] == "¥30.00 (everybody ¥18.00)"


def test_without_revenue_only_people_are_told() -> None:
    told = gather_results(replace(people(), revenue=None), segmented(2), None, "CNY", 1)
    assert [label for label, _ in cards(told).cards[0].facts] == ["People"]


def test_numbers_are_the_means_inside_and_of_the_rest(results: AudienceResults) -> None:
    inside = LABELS == 1
    night = people().frame["hours: night"]
    (row,) = topic(cards(results).cards[1], "hours").rows
    assert (row.label, row.here, row.others) == ("night", night[inside].mean(), night[~inside].mean())


def test_logs_are_told_as_the_typical_value_they_stand_for(results: AudienceResults) -> None:
    """The mean of log(1 + orders) over 0 and 3 orders is that of one order."""
    mean = float(np.log1p([0, 3]).mean())
    told = replace(results, profile=profile(("order_frequency", "clustered", mean, 0.0, 2.0, "log")))
    (row,) = topic(cards(told).cards[1], "buying").rows
    assert row == Comparison("orders a person", pytest.approx(1.0), 0.0, "")
    assert math.isclose(row.here, math.expm1(mean))


def test_of_shares_the_higher_ones_are_told_and_only_notable_ones(results: AudienceResults) -> None:
    shares = [
        ("topic: deals", "held out", 0.1, 0.3, -2.0, "ratio"),
        ("topic: books", "clustered", 0.5, 0.2, 1.5, "ratio"),
        ("topic: travel", "clustered", 0.3, 0.2, 0.5, "ratio"),
        ("format: live", "clustered", 0.3, 0.2, 0.45, "ratio"),
        ("platform: weibo", "clustered", 0.3, 0.29, 0.1, "ratio"),
        ("hours: night", "clustered", 0.1, 0.3, -1.0, "ratio"),
    ]
    card = cards(replace(results, profile=profile(*shares))).cards[1]
    assert [each.label for each in topic(card, "taste").rows] == ["books", "travel"]
    assert len(topic(card, "taste").rows) == MOST
    assert topic(card, "platforms") == Topic("platforms", (), "much like the others")
    assert [each.label for each in topic(card, "hours").rows] == ["night"]
    assert "buying" not in [each.label for each in card.topics]
    assert card.note == "Above all more than the others: topic: books, topic: travel and format: live."


def test_traits_and_platforms_are_called_as_the_study_calls_them(results: AudienceResults) -> None:
    rows = [
        ("platform = weibo", "trait", 0.5, 0.2, 0.9, "ratio"),
        ("platform: weibo", "clustered", 0.5, 0.2, 0.9, "ratio"),
    ]
    card = cards(replace(results, profile=profile(*rows))).cards[1]
    assert [each.label for each in topic(card, "who they are").rows] == ["home platform = 微博旗舰号"]
    assert [each.label for each in topic(card, "platforms").rows] == ["微博旗舰号"]


def test_refused_segments_have_no_cards_and_accepted_ones_have(results: AudienceResults) -> None:
    for k in (0, 2):
        section = compose(people(), segmented(k), None, "CNY", 1)["profile"]
        assert len(section.cards) == (1 if k else 0)
        assert ("typical values" in section.note) == bool(k)


def test_cards_are_in_chinese_throughout(results: AudienceResults) -> None:
    with using("zh"):
        deck = cards(replace(results, names={0: "普通用户", 1: "夜间高频买家"}))
        words = [deck.label, deck.everything, *deck.columns]
        for card in deck.cards:
            words += [card.note, *(label for label, _ in card.facts)]
            for each in card.topics:
                words += [each.label, each.otherwise, *(row.label for row in each.rows if "=" not in row.label)]
        assert [each for each in words if each.isascii()] == []
