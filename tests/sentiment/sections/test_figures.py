"""Figures of shares: platforms stand in them as the study calls them."""

import pandas as pd
import pytest

from helpers.sentiment_study import study
from reachbook.sentiment.sections import figures
from reachbook.sentiment.sections.lead import lead
from reachbook.sentiment.sections.story import SentimentResults

NAMES = {"weibo": "微博", "douyin": "抖音"}


@pytest.fixture(scope="module")
def results() -> SentimentResults:
    return study(audited=True)


def test_shares_by_platform_are_called_by_the_study_s_names_and_stay_in_their_rows(results: SentimentResults) -> None:
    counted = pd.Series({"weibo": 0.3, "douyin": 0.1})
    plain, called = (figures.shares(results.breakdowns, counted, None, each) for each in (None, NAMES))
    raw, shown = ([label.get_text() for label in each.figure.axes[0].get_yticklabels()] for each in (plain, called))
    assert shown == [NAMES[each] for each in raw]
    crosses = [each.figure.axes[0].lines[1].get_xdata().tolist() for each in (plain, called)]
    assert crosses[0] == crosses[1] == [counted[each] for each in raw]
    assert "微博 " in called.alt
    assert "weibo" not in called.alt


def test_each_week_s_panel_and_sentence_have_the_study_s_names(results: SentimentResults) -> None:
    drawn = figures.weeks(results.breakdowns, None, NAMES)
    titles = [axis.get_title("left") for axis in drawn.figure.axes if axis.get_visible()]
    assert sorted(titles) == sorted(NAMES.values())
    assert "douyin" not in drawn.alt


def test_a_platform_without_a_name_stands_as_in_the_data(results: SentimentResults) -> None:
    table = figures.called(pd.DataFrame({"platform": ["weibo", "forum"]}), NAMES)
    assert table["platform"].tolist() == ["微博", "forum"]


def test_the_figure_beside_the_decision_says_once_what_it_shows(results: SentimentResults) -> None:
    drawn = lead(results, True)
    assert drawn is not None
    assert [axis.get_title("left") for axis in drawn.figure.axes] == [""]
