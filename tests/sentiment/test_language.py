"""The report in Chinese: no sentence of ours is left in English."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from matplotlib.figure import Figure as Drawn
from matplotlib.text import Text

from helpers.judged_comments import alert, watched
from helpers.repeated import repeated, told
from helpers.sentiment_study import study
from reachbook.presentation.section import Figure, Section, Story
from reachbook.sentiment.classifier.domain_gate import DomainGap
from reachbook.sentiment.sections.changes import changes, comparison_table
from reachbook.sentiment.sections.page import changed, compose
from reachbook.sentiment.sections.story import SentimentResults
from reachbook.sentiment.sections.truth import Truth
from reachbook.translation import language, tr, using

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2}")


def texts(figure: Drawn) -> Iterator[str]:
    figure.draw_without_rendering()
    yield from (text.get_text() for text in figure.findobj(Text) if isinstance(text, Text))


def of_figure(figure: Figure) -> Iterator[str]:
    yield figure.alt
    yield from texts(figure.figure)


def of_section(section: Section) -> Iterator[str]:
    yield section.note
    for figure in section.figures:
        yield from of_figure(figure)
    for table in section.tables:
        yield table.caption
        yield tr(table.id.replace("_", " "))
        yield from (tr(column.replace("_", " ")) for column in table.shown or map(str, table.frame.columns))
        yield from (tr(str(word)) for name in table.worded if name in table.frame for word in table.frame[name])


def everything(story: Story) -> Iterator[str]:
    yield from (story.described, story.decision, *story.grounds)
    yield from (finding.label for finding in story.findings)
    yield from (gate.detail for gate in story.gates)
    if story.lead:
        yield from of_figure(story.lead)
    for section in story.sections.values():
        yield from of_section(section)


def whole() -> SentimentResults:
    """With an incident of several days, organised comments, and a known truth."""
    of = study(audited=True)
    incident = replace(alert(date(2026, 7, 20), key=("weibo", None, None)), end=date(2026, 7, 22))
    shares = pd.DataFrame(
        {"platform": ["all", "weibo"], "planted": 0.25, "low": 0.2, "found": 0.3, "high": 0.4, "inside": True}
    )
    truth = Truth(shares, 0.9, 10, pd.DataFrame({"platform": ["weibo"], "known": [None]}))
    table = pd.DataFrame({"group": [1, 2], "sign": ["burst", "copies"], "comments": [3, 4]})
    flags = of.organised.flags.copy()
    flags[:7] = True
    of = replace(of, organised=replace(of.organised, table=table, flags=flags), truth=truth)
    return replace(of, incidents=watched(incident, *(alert(date(2026, 7, day)) for day in (21, 22))))


def unread() -> SentimentResults:
    return study(audited=False)


def doubtful() -> SentimentResults:
    """Unlike the training texts, and read by the wrong sample."""
    of = whole()
    return replace(of, trust=replace(of.trust, domain=DomainGap(0.9, 0.0, 0.5, None, 120, 0.2), drawn=1e-9))


@pytest.mark.parametrize("results", [whole, unread, doubtful], ids=lambda make: make.__name__)
def test_nothing_of_ours_is_left_in_english(results: "type[SentimentResults]") -> None:
    with using("zh"):
        said = [text for text in everything(compose(results(), 1)) if text]  # type: ignore[call-arg]
    assert len(said) > 100
    assert [text for text in said if ENGLISH.search(text)] == []
    assert not [text for text in said if re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", text)], "Chinese has no spaces"


@pytest.mark.parametrize("results", [whole, unread, doubtful], ids=lambda make: make.__name__)
def test_nothing_is_said_twice(results: "type[SentimentResults]") -> None:
    assert repeated(told(compose(results(), 1))) == []  # type: ignore[call-arg]


def test_changes_are_told_in_chinese() -> None:
    of = study(audited=True)
    with using("zh"):
        mine = comparison_table(of.predictions)
        few = changes(mine.iloc[:30], None, of.spec, 1)
        said = [few.describe(), *of_section(changed(few, mine))]
    assert said[0].startswith("无法判断变化")
    assert [text for text in said if ENGLISH.search(text)] == []


def test_published_tables_are_the_same_in_both_languages() -> None:
    """Other notebooks read them by column and value."""
    with using("zh"):
        chinese = compose(whole(), 1)
    assert language() == "en"
    english = compose(whole(), 1)
    for name, section in english.sections.items():
        for one, other in zip(section.tables, chinese[name].tables, strict=True):
            pd.testing.assert_frame_equal(one.frame, other.frame, obj=one.id)
