"""The decision: short in every branch, what it says, and what it rests on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.judged_comments import alert, watched
from helpers.sentiment_study import ASPECT, reasons, study
from reachbook.sentiment.aspects.aspects import Aspects
from reachbook.sentiment.classifier.domain_gate import DomainGap
from reachbook.sentiment.sections.advice import Decided, advise
from reachbook.sentiment.sections.checks import gates
from reachbook.sentiment.sections.story import SentimentResults
from reachbook.stats.sampling import Convergence

WORSE = {**ASPECT, "name": "尺码 / 大小"}
BETTER = {**WORSE, "name": "物流", "negative_low": 0.01, "negative": 0.05, "negative_high": 0.08, "rest": 0.2}
BETTER |= {"more_low": -0.21, "more": -0.15, "more_high": -0.09}
WORDY = "what people say of the size of it"
LONG = alert(date(2026, 7, 20), key=("a platform with a name", "an aspect of many words", "people who come back often"))
LASTING = replace(LONG, end=LONG.start + timedelta(days=3))
QUIET = watched()


@pytest.fixture(scope="module")
def whole() -> SentimentResults:
    return study(audited=True)


def advised(results: SentimentResults) -> Decided:
    return advise(results, gates(results))


def spoken(*rows: dict[str, object]) -> dict[str, object]:
    return {"reasons": reasons(shares=pd.DataFrame(rows), aspects=Aspects({"物流": ("快递", "物流")}, {}, {}))}


def unsettled(of: SentimentResults) -> SentimentResults:
    assert of.breakdowns.pooled is not None
    pooled = replace(of.breakdowns.pooled, convergence=Convergence(1.2, 40.0, 40.0, 3, 1000, "slope"))
    return replace(of, breakdowns=replace(of.breakdowns, pooled=pooled))


BRANCHES: dict[str, Callable[[SentimentResults], SentimentResults]] = {
    "as it is": lambda of: of,
    "wordy": lambda of: replace(
        of,
        incidents=watched(LASTING),
        **spoken({**WORSE, "name": WORDY}, {**BETTER, "name": WORDY}),  # type: ignore[arg-type]
    ),
    "nothing": lambda of: replace(of, incidents=QUIET, reasons=reasons(shares=pd.DataFrame())),
    "not random": lambda of: replace(of, incidents=watched(LASTING), trust=replace(of.trust, drawn=1e-6)),
    "unsettled": lambda of: unsettled(replace(of, incidents=watched(LASTING))),
    "too few words": lambda of: replace(of, incidents=watched(LASTING), trust=replace(of.trust, domain=None)),
    "unlike": lambda of: replace(
        of, incidents=watched(LASTING), trust=replace(of.trust, domain=DomainGap(0.99, 0.0, 0.3, None, 20))
    ),
    "unread": lambda of: replace(study(audited=False), incidents=watched(LASTING)),
}
DECIDED = {
    "as it is": "Reply now to weibo comments, 2026-07-20: 30 negative, usually about 5. Fix “fit”.",
    "wordy": "Reply now to a platform with… comments from people who come… on “an aspect of…”, 2026-07-20",
    "nothing": "Nothing stands out",
    "not random": "Do not rely on the shares: the comments read are no random sample.",
    "unsettled": "Do not rely on the shares: their calculation has not settled.",
    "too few words": "No share can be told: too few comments have words.",
    "unlike": "No share can be told: too few comments were read by people.",
    "unread": "No share can be told: too few comments were read by people.",
}


@pytest.mark.parametrize("name", BRANCHES)
def test_every_decision_can_be_read_in_ten_seconds(name: str, whole: SentimentResults) -> None:
    advice = advised(BRANCHES[name](whole))
    assert advice.decision.startswith(DECIDED[name])
    assert len(advice.decision.split()) <= 40, advice.decision


@pytest.mark.parametrize("name", ["not random", "unsettled", "too few words", "unlike", "unread"])
def test_a_refusal_names_the_cure_and_leaves_the_incident(name: str, whole: SentimentResults) -> None:
    advice = advised(BRANCHES[name](whole))
    cures = "Read audit_queue", "Read more of audit_queue", "Gather more"
    assert sum(cure in advice.decision for cure in cures) == 1
    assert "Meanwhile reply to a platform with… comments, 2026-07-20 to 2026-07-23: 30 negative" in advice.decision
    assert advice.tone == "wait"
    assert "Fix" not in advice.decision


def test_the_aspects_with_most_negative_comments_in_excess_and_in_want_are_named(whole: SentimentResults) -> None:
    """尺码 has 8 more than elsewhere, 40 of 30% against 10%; a worse one with few comments has fewer."""
    rare = {**WORSE, "name": "颜色", "texts": 9, "negative": 0.9, "negative_high": 1.0, "more": 0.8}
    vague = {**WORSE, "name": "价格", "texts": 4000, "more_low": -0.01}
    advice = advised(replace(whole, incidents=QUIET, **spoken(rare, WORSE, vague, BETTER)))  # type: ignore[arg-type]
    assert advice.decision == (
        "Fix “尺码, 大小” (Chinese keywords): 30.0% of these comments are negative, 10.0% of others "
        "(20.0 percentage points [5.0, 35.0] more). Amplify “物流”."
    )
    assert advice.tone == "go"
    assert advice.grounds[:3] == (
        "30.0% [20.0%, 40.0%] of the 40 comments on “尺码, 大小” are negative, 10.0% of the other comments.",
        "5.0% [1.0%, 8.0%] of the 40 comments on “物流” are negative, 20.0% of the other comments.",
        "Comments on “物流” are found by these terms: 快递, 物流.",
    )
    assert "Keywords are in the comments' own language (Chinese)." in advice.grounds


def test_what_is_amplified_alone_has_its_numbers_too(whole: SentimentResults) -> None:
    advice = advised(replace(whole, incidents=QUIET, **spoken(BETTER)))  # type: ignore[arg-type]
    assert advice.decision == (
        "Amplify “物流”: 5.0% of these comments are negative, 20.0% of others (15.0 percentage points [9.0, 21.0] "
        "less)."
    )
    assert not any("own language" in ground for ground in advice.grounds)


def test_the_incident_rests_on_how_seldom_chance_gives_one(whole: SentimentResults) -> None:
    assert advised(whole).grounds[0] == (
        "By chance an alarm as clear comes about once in 100 years, over all that is watched."
    )


def last_day(results: SentimentResults, after: int) -> SentimentResults:
    """The study with an incident that ended so many days before its period."""
    happened = watched(LASTING)
    days = (*happened.streams.days, LASTING.end + timedelta(days=after))
    return replace(results, incidents=replace(happened, streams=replace(happened.streams, days=days)))


def test_only_an_incident_that_goes_on_is_to_be_answered_first(whole: SentimentResults) -> None:
    for after, over in ((7, False), (8, True)):
        advice = advised(last_day(whole, after))
        assert advice.decision.startswith("Fix “fit”: 30.0% of these" if over else "Reply now to a platform with…")
        ended = "The incident in a platform with… comments ended on 2026-07-23: no immediate action needed."
        assert (ended in advice.decision) == over
        assert ("over 8 days before the period ends" in " ".join(advice.grounds)) == over
        assert len(advice.decision.split()) <= 40


def test_an_incident_long_past_is_no_matter_for_a_refusal(whole: SentimentResults) -> None:
    drawn = replace(last_day(whole, 8), trust=replace(whole.trust, drawn=1e-6))
    assert "platform" not in advised(drawn).decision


def test_with_few_labels_of_one_kind_nothing_is_to_be_fixed(whole: SentimentResults) -> None:
    frame = whole.predictions.comments.frame.assign(label=lambda table: table["label"].where(table.index > 0))
    frame["label"] = np.where(frame["label"].notna(), "positive", None)
    few = replace(whole.predictions, comments=replace(whole.predictions.comments, frame=frame))
    advice = advised(replace(whole, predictions=few, reasons=reasons(shares=pd.DataFrame([ASPECT]))))
    assert "Fix" not in advice.decision
    assert any("left open" in ground for ground in advice.grounds)


def test_why_the_share_is_not_what_the_model_counts_is_explained(whole: SentimentResults) -> None:
    assert advised(whole).grounds[-1].startswith("Counting the model's answers would give a negative share of 25.0%.")


def test_a_decision_in_words_of_another_language_is_short_too(whole: SentimentResults) -> None:
    names = {"name": "系统 / xp / 驱动 / vista"}, {"name": "性价比 / 键盘 / 屏幕"}
    for key in (("weibo", None, None), (None, names[0]["name"], None), (None, None, None)):
        happened = watched(replace(LASTING, key=key))
        days = (*happened.streams.days, LASTING.end + timedelta(days=9))
        past = replace(happened, streams=replace(happened.streams, days=days))
        rows = {**WORSE, **names[0]}, {**BETTER, **names[1]}
        for incidents in (happened, past):
            advice = advised(replace(whole, incidents=incidents, **spoken(*rows)))  # type: ignore[arg-type]
            assert len(advice.decision.split()) <= 40, advice.decision
