"""Estimates held against planted values: what is inside, and which bursts were found while they lasted."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.judged_comments import alert, judged, said, sure, watched
from reachbook.sentiment.alerts.incidents import Incidents
from reachbook.sentiment.classifier.predict import Predictions
from reachbook.sentiment.prevalence.breakdowns import Breakdowns
from reachbook.sentiment.prevalence.shares import prevalence
from reachbook.sentiment.sections.truth import Truth, truth

MONDAY = date(2026, 7, 6)
PLANTED = np.array(["negative", "positive"] * 19 + ["positive", "positive"])
PLATFORM = ["weibo"] * 20 + ["douyin"] * 20


@pytest.fixture
def comments() -> Predictions:
    """Forty comments of one week, every other one negative but the last two, which are on another brand."""
    days = [MONDAY + timedelta(days=n % 7) for n in range(40)]
    brand = ["brand_a"] * 38 + ["brand_b"] * 2
    polarities = np.where(PLANTED == "negative", 0, 2)
    frame = said([f"评论{n}" for n in range(40)], days, platform=PLATFORM, brand=brand)
    return judged(frame, sure(polarities), {n: int(k) for n, k in enumerate(polarities)})


@pytest.fixture
def planted(comments: Predictions) -> pd.DataFrame:
    """The simulator's table, in an order of its own."""
    table = pd.DataFrame({"comment_id": comments.comments.frame["comment_id"], "polarity": PLANTED})
    return table.iloc[::-1].reset_index(drop=True)


def seen(comments: Predictions, weibo: tuple[float, float], cells: list[tuple[float, float]]) -> Breakdowns:
    """Shares with these intervals: of weibo, and of the cells of the week on weibo and on douyin."""
    own = comments.comments.of("brand_a")
    overall = prevalence(comments.probabilities[own], np.arange(38), comments.audit_labels[:38])
    by = pd.DataFrame({"platform": ["weibo"], "negative_low": weibo[0], "negative": 0.5, "negative_high": weibo[1]})
    low, high = zip(*cells, strict=True)
    week = pd.DataFrame({"week": MONDAY, "platform": ["weibo", "douyin"], "negative_low": low, "negative_high": high})
    return Breakdowns(own, overall, np.zeros(3), {"platform": by}, week, pd.DataFrame(), None, None)


def bursts(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["platform", "start", "end"]).assign(theme="fit")


NO_BURSTS = bursts()


def compared(
    comments: Predictions, planted: pd.DataFrame, happened: Incidents, table: pd.DataFrame = NO_BURSTS, **given: object
) -> Truth:
    shares = {"weibo": (0.4, 0.6), "cells": [(0.4, 0.6), (0.4, 0.6)], **given}
    found = truth(comments, seen(comments, **shares), happened, planted, table)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_of_real_data_nothing_is_known(comments: Predictions, planted: pd.DataFrame) -> None:
    shares = seen(comments, (0.4, 0.6), [(0.4, 0.6), (0.4, 0.6)])
    assert truth(comments, shares, watched(), None, NO_BURSTS) is None
    assert truth(comments, shares, watched(), planted, None) is None


def test_planted_shares_are_those_of_the_own_brand(comments: Predictions, planted: pd.DataFrame) -> None:
    """19 of its 38 comments are negative, 10 of the 20 on weibo."""
    found = compared(comments, planted, watched(), weibo=(0.51, 0.6))
    assert found.shares["platform"].tolist() == ["all", "weibo"]
    assert found.shares["planted"].tolist() == [0.5, 0.5]
    assert found.shares["inside"].tolist() == [True, False]


def test_cells_hold_the_share_of_their_week_and_platform(comments: Predictions, planted: pd.DataFrame) -> None:
    """On douyin 9 of 18 are negative; an interval that only touches the share holds it."""
    found = compared(comments, planted, watched(), cells=[(0.5, 0.6), (0.6, 0.7)])
    assert (found.cells, found.number) == (0.5, 2)


def test_a_burst_is_found_by_an_alarm_of_its_platform_while_it_lasts(
    comments: Predictions, planted: pd.DataFrame
) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(6)]
    happened = watched(
        alert(days[3], key=("weibo", None, None)),
        alert(days[2], key=(None, "fit", None)),
        alert(days[1], key=("douyin", None, None)),
    )
    table = bursts(
        ("weibo", "2026-07-08", "2026-07-10"),
        ("weibo", "2026-07-09", "2026-07-10"),
        ("douyin", "2026-07-07", "2026-07-07"),
        ("xiaohongshu", "2026-07-07", "2026-07-07"),
        ("weibo", "2026-07-10", "2026-07-11"),
    )
    found = compared(comments, planted, happened, table)
    assert found.bursts["known"].tolist() == [days[2], days[3], days[1], None, None]
    assert found.bursts.columns.tolist() == ["platform", "start", "end", "theme", "known"]


def test_what_was_recovered_is_told_in_one_sentence(comments: Predictions, planted: pd.DataFrame) -> None:
    happened = watched(alert(MONDAY, key=("weibo", None, None)))
    table = bursts(("weibo", "2026-07-06", "2026-07-06"), ("douyin", "2026-07-07", "2026-07-07"))
    found = compared(comments, planted, happened, table, weibo=(0.6, 0.7), cells=[(0.4, 0.6), (0.6, 0.7)])
    assert found.describe() == (
        "1 of 2 intervals of shares and 50% of 2 cells hold the planted value. 1 of 2 planted bursts found."
    )


def test_without_an_audit_no_share_is_held_against_the_planted_one(
    comments: Predictions, planted: pd.DataFrame
) -> None:
    own = comments.comments.of("brand_a")
    nothing = Breakdowns(own, None, np.zeros(3), {}, pd.DataFrame(), pd.DataFrame(), None, None)
    found = truth(comments, nothing, watched(), planted, bursts(("weibo", "2026-07-06", "2026-07-06")))
    assert found is not None
    assert found.shares.empty
    assert found.number == 0
    assert found.describe() == (
        "No share is stated, so that none can be held against the planted one. 0 of 1 planted bursts found."
    )
