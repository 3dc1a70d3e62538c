"""Every section of the sentiment page: what it shows, and the sentence where it has nothing to show."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from helpers.judged_comments import alert, watched
from helpers.sentiment_study import COUNT, WORD, reasons, study
from reachbook.presentation.section import TRUTH_UNKNOWN, Section, Story
from reachbook.sentiment.classifier.domain_gate import DomainGap
from reachbook.sentiment.sections.advice import advise
from reachbook.sentiment.sections.changes import Changes, comparison_table
from reachbook.sentiment.sections.checks import gates
from reachbook.sentiment.sections.page import changed, compose
from reachbook.sentiment.sections.story import SentimentResults
from reachbook.sentiment.sections.truth import Truth

UNSTATED = "Not told: shares cannot be stated before enough comments are read at random."
UNTOLD = {"platforms": UNSTATED, **dict.fromkeys(["weeks", "aspects", "keys"], "Not told either.")}
NOTHING = pd.DataFrame()


@pytest.fixture(scope="module")
def whole() -> SentimentResults:
    return study(audited=True)


@pytest.fixture(scope="module")
def story(whole: SentimentResults) -> Story:
    return compose(whole, 1)


def ids(section: Section) -> tuple[list[str], list[str]]:
    return [each.id for each in section.figures], [each.id for each in section.tables]


SHOWN = {
    "platforms": (["platforms"], ["platforms"]),
    "weeks": (["weeks"], ["sentiment_index", "daily"]),
    "incidents": (["incident"], ["incidents", "incident_quotes"]),
    "aspects": (["aspects"], ["aspects"]),
    "opinions": ([], ["opinions", "quotes"]),
    "words": (["words"], ["words"]),
    "keys": ([], ["by_brand", "by_segment"]),
    "organised": ([], ["organised", "without_organised"]),
    "card": (["reliability"], ["mistakes"]),
    "transfer": ([], ["transfer"]),
    "queues": (["labels"], ["audit_queue", "learning_queue"]),
    "agreement": ([], ["suspected_labels"]),
    "truth": ([], []),
}


def test_each_section_has_its_figures_and_tables(story: Story) -> None:
    assert {name: ids(section) for name, section in story.sections.items()} == SHOWN
    assert all(figure.alt for section in story.sections.values() for figure in section.figures)


def test_ids_are_unique_and_columns_that_are_shown_exist(story: Story) -> None:
    figures, tables = ([each for section in story.sections.values() for each in ids(section)[kind]] for kind in (0, 1))
    assert len(set(figures)) == len(figures)
    assert len(set(tables)) == len(tables)
    for table in (table for section in story.sections.values() for table in section.tables):
        assert set(table.shown or []) <= set(table.frame.columns), table.id


def test_the_story_says_what_the_results_say(story: Story, whole: SentimentResults) -> None:
    advice = advise(whole, gates(whole))
    assert (story.decision, story.grounds, story.tone) == (advice.decision, advice.grounds, advice.tone)
    assert (story.described, story.findings) == (whole.predictions.describe(), tuple(whole.findings()))
    assert story.gates == tuple(gates(whole))
    assert story.lead is not None
    assert story.lead.id == "lead"


def test_shares_are_ratios_and_numbers_counts(story: Story) -> None:
    (platforms,) = story["platforms"].tables
    assert platforms.units is not None
    assert {platforms.units[name] for name in ("negative_low", "negative", "negative_high")} == {"ratio"}
    assert platforms.units["texts"] == "count"
    assert platforms.shown == ["platform", "texts", "negative"], "its figure draws the intervals"
    assert story["incidents"].tables[0].units == {"negative": "count", "comments": "count"}
    assert story["opinions"].tables[0].units == {"these": "count", "those": "count"}


def test_before_an_audit_no_share_is_on_the_page() -> None:
    story = compose(study(audited=False), 1)
    for name, note in UNTOLD.items():
        assert story[name].note == note, name
        assert story[name].figures == ()
        assert all(table.frame.empty for table in story[name].tables), name


def test_comments_unlike_the_training_texts_are_as_good_as_unread(whole: SentimentResults) -> None:
    """Twenty labels are too few to correct what a model says of texts that it does not know."""
    strange = replace(whole.trust, domain=DomainGap(0.99, 0.0, 0.3, None, 20))
    unlike = compose(replace(whole, trust=strange), 1)
    for name, note in UNTOLD.items():
        assert unlike[name].note == note, name
        assert all(table.frame.empty for table in unlike[name].tables), name
    assert compose(replace(whole, trust=replace(strange, domain=None)), 1)["platforms"].note == UNSTATED


def test_what_is_not_there_is_said_where_it_would_stand(whole: SentimentResults) -> None:
    nothing = replace(whole.trust, card=None, raters=None)
    quiet = replace(whole, incidents=watched(), trust=nothing, reasons=reasons(shares=NOTHING, words=NOTHING))
    story = compose(quiet, 1)
    assert story["incidents"].note.startswith("No incidents. ")
    assert story["incidents"].figures == ()
    assert story["aspects"] == Section("No aspect is spoken of often enough.")
    assert story["card"] == Section("There are too few labels to measure the model on.")
    assert story["agreement"].note == "No comment was read by two people, so nothing is known of how far people agree."
    assert story["words"].figures == ()
    assert story["truth"] == Section(TRUTH_UNKNOWN)
    bare = replace(whole.breakdowns, by={key: whole.breakdowns.by[key] for key in ("platform", "week")})
    keyless = compose(replace(quiet, breakdowns=bare), 1)
    assert keyless["keys"] == Section("No comment names a brand, a campaign, a segment or a post.")


def test_only_the_clearest_incident_is_drawn_and_all_are_listed(whole: SentimentResults) -> None:
    days = date(2026, 7, 20), date(2026, 7, 10)
    story = compose(replace(whole, incidents=watched(*(alert(day) for day in days))), 1)["incidents"]
    (figure,) = story.figures
    assert "2026-07-20, all comments: 30 negative comments" in figure.alt
    assert story.tables[0].frame["start"].tolist() == list(days)


def test_words_that_do_not_differ_are_not_drawn(whole: SentimentResults) -> None:
    alike = reasons(words=pd.DataFrame([{**WORD, "significant": False}]))
    story = compose(replace(whole, reasons=alike), 1)
    assert story["words"].note.startswith("No word is more or less frequent")
    assert story["words"].figures == ()
    assert story["words"].tables[0].frame.empty


def test_a_simulated_study_is_held_against_its_truth(whole: SentimentResults) -> None:
    shares = pd.DataFrame(
        {"platform": ["all", "weibo"], "planted": 0.25, "low": 0.2, "found": 0.3, "high": 0.4, "inside": True}
    )
    known = Truth(shares, 0.9, 10, pd.DataFrame({"platform": ["weibo"], "known": [None]}))
    planted = pd.DataFrame({"week": date(2026, 7, 6), "platform": ["weibo"], "brand": ["brand_a"], "planted": [0.25]})
    story = compose(replace(whole, truth=known), 1, planted)
    assert story["truth"].note == known.describe()
    assert ids(story["truth"]) == ([], ["truth_shares", "truth_bursts"])
    assert story["truth"].tables[0].units is not None
    assert story["truth"].tables[0].units["planted"] == "ratio"


def test_queues_are_offered_as_files_and_hold_nobody_read(story: Story, whole: SentimentResults) -> None:
    audit, learning = story["queues"].tables
    assert (audit.download, learning.download) == (True, True)
    assert (len(audit.frame), len(learning.frame)) == (20, 10)
    read = {f"m{row}" for row in whole.predictions.audit}
    assert not read & {*audit.frame["comment_id"], *learning.frame["comment_id"]}


def test_changes_are_in_points_and_every_comment_is_kept(whole: SentimentResults) -> None:
    mine = comparison_table(whole.predictions)
    section = changed(Changes("the comments up to 2026-07-25", None, "Nothing is said of change."), mine)
    assert ids(section) == ([], ["drift", "drift_tests", "judged"])
    drift, tests, judged_table = section.tables
    assert drift.units == dict.fromkeys(["low", "change", "high", "counted"], "points")
    assert (drift.frame.empty, tests.frame.empty) == (True, True)
    assert len(judged_table.frame) == COUNT
