"""The figure beside the decision: shares where they can be relied on, else the incident, else none."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from matplotlib.dates import num2date

from helpers.judged_comments import alert, watched
from helpers.sentiment_study import study
from reachbook.presentation.style import LEAD
from reachbook.sentiment.sections.lead import lead
from reachbook.sentiment.sections.story import SentimentResults


@pytest.fixture(scope="module")
def whole() -> SentimentResults:
    return study(audited=True)


def test_weeks_are_drawn_with_the_incident_named(whole: SentimentResults) -> None:
    drawn = lead(whole, True)
    assert drawn is not None
    (axis,) = drawn.figure.axes
    assert tuple(drawn.figure.get_size_inches()) == LEAD
    assert [text.get_text() for text in axis.texts] == ["Incident: weibo", "07-20"]
    assert axis.get_ylabel() == "negative, of all comments"
    assert drawn.alt.startswith(
        "Negative share of all comments by week with its interval; shaded: weeks with days of an incident. In the last "
        "week: "
    )
    quiet = lead(replace(whole, incidents=watched()), True)
    assert quiet is not None
    assert "incident" not in quiet.alt


def test_the_weeks_that_an_incident_touches_are_shaded_whole(whole: SentimentResults) -> None:
    """The weekly share holds all days of its week: a burst from Sunday to Tuesday raises two weeks."""
    burst = replace(alert(date(2026, 7, 19), key=("weibo", None, None)), end=date(2026, 7, 21))
    drawn = lead(replace(whole, incidents=watched(burst)), True)
    assert drawn is not None
    (axis,) = drawn.figure.axes
    shaded = axis.patches[0].get_extents()
    days = [num2date(axis.transData.inverted().transform((x, 0))[0]).date() for x in (shaded.x0, shaded.x1)]
    assert days == [date(2026, 7, 13), date(2026, 7, 27)]


def test_each_week_is_a_step_from_its_first_day_to_the_next_week(whole: SentimentResults) -> None:
    drawn = lead(whole, True)
    assert drawn is not None
    (axis,) = drawn.figure.axes
    table = whole.breakdowns.by["week"].sort_values("week")
    days = pd.to_datetime(table["week"]).tolist()
    (line,) = axis.lines
    assert line.get_drawstyle() == "steps-post"
    assert pd.to_datetime(line.get_xdata()).tolist() == [*days, days[-1] + pd.Timedelta(days=7)]
    assert line.get_ydata().tolist() == [*table["negative"], table["negative"].iloc[-1]]
    assert pd.to_datetime(num2date(axis.get_xticks()[0]).date()) == days[0]


def test_the_name_of_an_incident_lies_inside_the_figure(whole: SentimentResults) -> None:
    for day in (date(2026, 7, 6), date(2026, 8, 14)):
        drawn = lead(replace(whole, incidents=watched(alert(day, key=("weibo", None, None)))), True)
        assert drawn is not None
        (axis,) = drawn.figure.axes
        drawn.figure.draw_without_rendering()
        inside, shaded = axis.get_window_extent(), axis.patches[0].get_window_extent()
        named, days = (text.get_window_extent() for text in axis.texts)
        assert not named.overlaps(days)
        for box in (named, days):
            assert inside.x0 - 1 <= box.x0
            assert box.x1 <= inside.x1 + 1
            assert not box.overlaps(shaded)


def test_one_week_is_drawn_by_platform(whole: SentimentResults) -> None:
    by = {**whole.breakdowns.by, "week": whole.breakdowns.by["week"].head(1)}
    drawn = lead(replace(whole, breakdowns=replace(whole.breakdowns, by=by)), True)
    assert drawn is not None
    assert {label.get_text() for label in drawn.figure.axes[0].get_yticklabels()} == {"weibo", "douyin"}


def test_without_shares_the_incident_is_drawn_and_without_one_nothing(whole: SentimentResults) -> None:
    drawn = lead(whole, False)
    assert drawn is not None
    assert drawn.alt.startswith("Negative comments by day around the clearest incident. 2026-07-20, weibo: 30 negative")
    assert lead(replace(whole, incidents=watched()), False) is None
