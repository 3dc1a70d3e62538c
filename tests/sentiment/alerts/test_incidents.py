"""A planted burst becomes the incident of its stream, with quotes of its own days only."""

from datetime import date, timedelta

import numpy as np
import pytest

from helpers.judged_comments import alert, judged, said, sure, watched
from reachbook.sentiment import SentimentSpec
from reachbook.sentiment.alerts.incidents import Incidents, incidents

START = date(2026, 6, 1)
BURST = START + timedelta(days=50)


@pytest.fixture(scope="module")
def found() -> Incidents:
    """Ten quiet comments a day, in turn on two platforms; 60 negative ones of one day on weibo, and a rival's."""
    rng = np.random.default_rng(3)
    quiet = [(START + timedelta(days=day), ("weibo", "douyin")[n % 2]) for day in range(70) for n in range(10)]
    rows = [(day, platform, 0 if rng.random() < 0.2 else 2, "清楚", "brand_a") for day, platform in quiet]
    rows += [(BURST, "weibo", 0, f"屏幕坏了,打13800138000也没人接{n}", "brand_a") for n in range(60)]
    rows += [(START, "weibo", 0, "屏幕坏了很久以前", "brand_a"), (BURST, "weibo", 0, "别的牌子屏幕坏了", "brand_b")]
    days, platforms, truth, texts, brands = (list(each) for each in zip(*rows, strict=True))
    segment = ["regulars" if n < 350 else None for n in range(len(rows))]
    comments = judged(said(texts, days, platform=platforms, brand=brands, segment=segment), sure(truth))
    own = comments.comments.of("brand_a")
    screen = np.array(["坏" in text for text in texts])
    return incidents(comments, own, {"screen": screen}, SentimentSpec(brand="brand_a"), 1)


def test_a_planted_burst_is_the_incident(found: Incidents) -> None:
    (clearest,) = found.leading
    assert clearest.key[0] in ("weibo", None)
    assert (clearest.start, clearest.known) == (BURST, BURST)
    assert clearest.negative >= 60
    assert clearest.key == found.watch.incidents()[0][0].key


def test_its_quotes_are_masked_and_of_its_days_and_the_own_brand(found: Incidents) -> None:
    (clearest,) = found.leading
    assert len(clearest.quotes) == 3
    assert all(quote.startswith("屏幕坏了,打[phone]也没人接") for quote in clearest.quotes)


def test_only_the_own_brand_is_counted_and_every_platform_and_aspect_is_watched(found: Incidents) -> None:
    streams = found.streams
    assert streams.keys[0] == (None, None, None)
    assert streams.total[0].sum() == 700 + 61
    assert {key[0] for key in streams.keys} == {None, "weibo", "douyin"}


def test_a_segment_is_watched_where_it_is_known(found: Incidents) -> None:
    """Half of the quiet comments are of regulars; of the others nothing is known."""
    place = found.streams.keys.index((None, None, "regulars"))
    assert found.streams.total[place].sum() == 350


def test_tables_have_a_row_for_each_incident_and_for_each_quote() -> None:
    told = watched(alert(BURST, "a", "b", key=("weibo", "screen", None)), alert(START, "c"))
    assert told.table()["incident"].tolist() == [1, 2]
    assert told.table()["where"].tolist() == ["weibo, screen", "all comments"]
    assert told.table().iloc[0][["negative", "comments", "expected negative"]].tolist() == [30, 40, 5.0]
    assert told.quotes().to_numpy().tolist() == [[1, "a"], [1, "b"], [2, "c"]]


@pytest.mark.parametrize(("number", "words"), [(0, "No incidents. "), (1, "1 incident. "), (2, "2 incidents. ")])
def test_the_number_comes_first_then_the_stated_rate(number: int, words: str) -> None:
    told = watched(*[alert(START + timedelta(days=n)) for n in range(number)])
    assert told.describe() == f"{words}{told.watch.describe()}"
    assert len(told.table()) == number
    assert list(watched().quotes().columns) == ["incident", "quote"]
