"""Reasons: which aspects, quotes and words, over which comments, and compared with what."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.judged_comments import believing, judged, said, sure
from reachbook.sentiment import SentimentSpec
from reachbook.sentiment.aspects.aspects import Aspects, from_dictionary
from reachbook.sentiment.aspects.terms import present
from reachbook.sentiment.aspects.topics import Topics
from reachbook.sentiment.classifier.predict import Predictions
from reachbook.sentiment.prevalence.breakdowns import Breakdowns
from reachbook.sentiment.sections.reasons import Reasons, reasons

START = date(2026, 7, 1)
ASPECTS = {"screen": ["屏幕"], "battery": ["电池"], "hotel": ["酒店"]}
TERMS = ["屏幕", "电池", "酒店", "清楚", "模糊"]
NOTHING = pd.DataFrame()


def comments(count: int = 80) -> Predictions:
    """The own brand's screen is praised, its battery blamed; of the rival's hotel nobody says either."""
    own = [("屏幕很清楚,打13800138000", 2), ("电池太差了用不住", 0)]
    rows = [own[n % 2] if n < count else ("酒店在车站旁边", 1) for n in range(2 * count)]
    texts, truth = zip(*rows, strict=True)
    days = [START + timedelta(days=n % 40) for n in range(2 * count)]
    brand = ["brand_a"] * count + ["brand_b"] * count
    return judged(said(list(texts), days, brand=brand), sure(truth))


def topics(of: Predictions) -> Topics:
    texts = of.comments.texts
    return Topics(present(texts, TERMS), from_dictionary(texts, ASPECTS), True)


def seen(of: Predictions, spec: SentimentSpec, audited: bool = True) -> Breakdowns:
    pooled = believing(of.probabilities) if audited else None
    return Breakdowns(of.comments.of(spec.brand), None, np.zeros(3), {}, NOTHING, NOTHING, None, pooled)


def found(of: Predictions, audited: bool = True, **given: object) -> Reasons:
    spec = SentimentSpec(**{"brand": "brand_a", "compare_with": "brand_b", **given})  # type: ignore[arg-type]
    return reasons(of, topics(of), seen(of, spec, audited), spec)


def test_aspects_are_those_of_which_the_own_brand_s_comments_speak() -> None:
    told = found(comments())
    assert list(told.aspects.members) == ["screen", "battery"]
    assert told.aspects.members["screen"].sum() == 40
    assert not told.aspects.members["screen"][80:].any()


def test_each_aspect_is_held_against_the_other_comments_of_the_brand() -> None:
    """The screen's comments have 5 % negative probability, the battery's 90 %; each is the rest of the other."""
    shares = found(comments()).shares.set_index("name")
    assert shares["texts"].to_dict() == {"screen": 40, "battery": 40}
    assert shares.loc["screen", ["negative", "rest"]].tolist() == pytest.approx([0.05, 0.9], abs=0.02)
    assert shares.loc["battery", ["negative", "rest"]].tolist() == pytest.approx([0.9, 0.05], abs=0.02)
    for row in shares.itertuples():
        assert row.more == pytest.approx(row.negative - row.rest)
        assert row.more_low < row.more < row.more_high


def test_the_difference_of_an_aspect_has_the_spread_of_both_sides() -> None:
    """Without doubt about the model only single comments vary: 40 of 90 % beside 40 of 5 %."""
    row = found(comments()).shares.set_index("name").loc["battery"]
    width = 2 * 1.96 * np.sqrt((0.9 * 0.1 + 0.05 * 0.95) / 40)
    assert row["more_high"] - row["more_low"] == pytest.approx(width, rel=0.2)


def test_an_aspect_of_which_all_comments_speak_has_no_rest() -> None:
    of = judged(said(["屏幕很清楚"] * 40, [START] * 40), sure([2] * 40))
    shares = found(of, brand="", compare_with="").shares
    assert shares["name"].tolist() == ["screen"]
    assert shares[["rest", "more_low", "more", "more_high"]].isna().all(axis=None)


def test_without_an_audit_aspects_have_no_shares_but_quotes() -> None:
    told = found(comments(), audited=False)
    assert told.shares.empty
    assert {"name", "texts", "negative", "rest", "more_low", "more", "more_high"} <= set(told.shares.columns)
    assert len(told.quotes) == 2


def test_quotes_are_masked_and_stand_under_the_polarity_that_they_most_likely_have() -> None:
    assert found(comments()).quotes.to_numpy().tolist() == [
        ["screen", "positive", "屏幕很清楚,打[phone]"],
        ["battery", "negative", "电池太差了用不住"],
    ]


def test_words_set_the_brand_apart_from_the_one_it_is_compared_with() -> None:
    told = found(comments())
    words = told.significant.set_index("term")["log_odds"]
    assert words["屏幕"] > 0 > words["酒店"]
    assert "模糊" not in words.index, "nobody says it"
    assert told.describe("brand_a") == (
        f"{len(words)} words are more or less frequent in comments on brand_a than in brand_b, beyond chance."
    )


def test_without_a_rival_the_first_half_of_the_period_is_the_comparison() -> None:
    texts = ["电池太差了" if n < 60 else "屏幕很清楚" for n in range(120)]
    of = judged(said(texts, [START + timedelta(days=n // 4) for n in range(120)]), sure([1] * 120))
    told = found(of, brand="", compare_with="")
    assert told.compared_with == "comments up to 2026-07-15"
    assert told.significant.set_index("term")["log_odds"].map(np.sign).to_dict() == {"屏幕": 1, "清楚": 1, "电池": -1}


@pytest.mark.parametrize(("count", "compared"), [(29, False), (30, True)])
def test_words_are_compared_from_thirty_comments_on_each_side(count: int, compared: bool) -> None:
    told = found(comments(count))
    assert (told.compared_with, told.words.empty) == (("brand_b", False) if compared else ("", True))
    if not compared:
        assert told.describe("x") == "There are too few comments on one of the two sides to compare words."
        assert told.significant.empty


@pytest.mark.parametrize(
    ("flags", "words"), [([], "No word is"), ([False], "No word is"), ([True], "1 word is"), ([True] * 2, "2 words")]
)
def test_the_number_of_words_is_told(flags: list[bool], words: str) -> None:
    table = pd.DataFrame({"term": [f"w{n}" for n in range(len(flags))], "significant": flags})
    told = Reasons(Aspects({}, {}, {}), NOTHING, NOTHING, NOTHING, table, "brand_b")
    assert told.describe("brand_a").startswith(words)
    assert len(told.significant) == sum(flags)
