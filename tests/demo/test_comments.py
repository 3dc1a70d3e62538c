"""Comments are real texts of known polarity, in shares that move as planted."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.demo_brand import SMALL
from reachbook.demo import corpus, segments
from reachbook.demo.audience import people
from reachbook.demo.calendar import Campaign, campaigns
from reachbook.demo.columns import day_number
from reachbook.demo.comments import BURST_PLATFORM, DemoComments, burst_days, comments, negative_share, truth_bursts
from reachbook.demo.interactions import posts
from reachbook.demo.spec import DemoSpec

DAYS, SEEDED = 92, 40
START = day_number(date(2026, 7, 1))


@pytest.fixture(scope="module")
def known(frames):
    return frames["comments"].merge(frames["truth_comments"], on="comment_id")


def test_texts_are_of_their_polarity_and_theme(known):
    pools = {key: set(texts) for key, texts in corpus.texts().items()}
    assert all(
        text in pools[polarity, theme]
        for text, polarity, theme in zip(known.text, known.polarity, known.theme, strict=True)
    )


def test_corpus_has_no_copies_no_private_data_and_keeps_a_third_back():
    every = [text for texts in corpus.texts().values() for text in texts]
    assert len(every) == len(set(every)) > 10_000
    assert not any(corpus.reserved(text) or re.search(r"1\d{10}|\w@\w", text) for text in every)
    assert all(len(text) <= 300 for text in every)


def test_labels_are_a_random_sample_that_agrees_with_the_truth(known):
    labelled = known[known.label.notna()]
    assert len(labelled) == SMALL.labels
    assert (labelled.label == labelled.polarity).all()
    # A simple random sample: its share differs from the whole by sampling error (4 sigma, false alarm 1 in 15,000).
    share, whole = (labelled.polarity == "negative").mean(), (known.polarity == "negative").mean()
    assert abs(share - whole) < 4 * np.sqrt(whole * (1 - whole) / SMALL.labels)


def test_truth_counts_what_was_drawn(frames, known):
    week = known["at"].dt.normalize() - pd.to_timedelta(known["at"].dt.day_of_week, unit="D")
    found = known.groupby([week.rename("week"), "platform", "brand"]).agg(
        comments=("polarity", "size"), negative=("polarity", lambda x: (x == "negative").mean()), burst=("burst", "sum")
    )
    truth = frames["truth_sentiment"].assign(week=lambda x: pd.to_datetime(x.week))
    truth = truth[truth.comments > 0].set_index(["week", "platform", "brand"])
    both = truth.join(found, suffixes=("", "_found"))
    assert (both.comments == both.comments_found).all()
    assert (both.burst == both.burst_found).all()
    assert np.allclose(both.negative, both.negative_found)
    assert np.allclose(both.negative + both.neutral + both.positive, 1)


def test_shares_follow_what_was_planted(frames):
    quiet = frames["truth_sentiment"].query("burst == 0 and comments > 0")
    sd = np.sqrt(quiet.planted * (1 - quiet.planted) / quiet.comments)
    z = (quiet.negative - quiet.planted) / sd
    assert abs(z.mean()) < 4 / np.sqrt(len(z))
    assert 0.8 < z.std() < 1.2


def test_shifts_go_the_planted_way(frames):
    own = (
        frames["truth_sentiment"].query("brand == 'brand_a'").pivot(index="week", columns="platform", values="planted")
    )
    change = own.iloc[-1] - own.iloc[0]
    assert change["douyin"] > 0.1
    assert change["bilibili"] > 0.1
    assert change["xiaohongshu"] < -0.08
    assert np.allclose(change[["wechat", "weibo", "kuaishou"]], 0)


def test_burst_stands_out_in_volume_and_share(frames, known):
    burst = frames["truth_bursts"].iloc[0]
    weibo = known[(known.platform == burst.platform) & (known.brand == burst.brand)]
    daily = (weibo.polarity == "negative").groupby(weibo["at"].dt.date).sum()
    during = daily[(daily.index >= burst.start) & (daily.index <= burst.end)]
    assert during.sum() > 2.5 * len(during) * daily.median()
    mine = known[known.burst]
    assert len(mine) == burst.comments
    assert (mine.theme == burst.theme).all()
    assert abs((mine.polarity == "negative").mean() - 0.88) < 0.12


def test_nothing_is_known_of_who_wrote_about_the_competitor(frames):
    other = frames["comments"].query("brand == 'brand_b'")
    assert other[["user_id", "content_id", "campaign_id"]].isna().all(axis=None)
    own = (
        frames["comments"]
        .query("brand == 'brand_a'")
        .merge(frames["contents"], on="content_id", suffixes=("", "_post"))
    )
    assert own.campaign_id.fillna("").eq(own.campaign_id_post.fillna("")).all()
    assert own.campaign_id.nunique() == 3


def odds(share: np.ndarray) -> np.ndarray:
    return np.log(share / (1 - share))


def test_log_odds_drift_and_step_as_planted():
    own = odds(negative_share(DAYS, SEEDED)[:, :, 0])
    moves = own - own[0]
    at = segments.PLATFORMS.index
    np.testing.assert_allclose(moves[:, at("douyin")], 0.7 * np.arange(DAYS) / DAYS)
    np.testing.assert_allclose(moves[:, at("bilibili")], np.where(np.arange(DAYS) >= DAYS // 2, 0.5, 0.0), atol=1e-12)
    np.testing.assert_allclose(moves[:, at("xiaohongshu")], np.where(np.arange(DAYS) >= SEEDED, -0.6, 0.0), atol=1e-12)
    np.testing.assert_allclose(moves[:, [at(name) for name in ("wechat", "weibo", "kuaishou")]], 0.0, atol=1e-12)


def test_the_competitor_s_share_never_moves():
    assert np.unique(negative_share(DAYS, SEEDED)[:, :, 1]).tolist() == [0.33]


@pytest.mark.parametrize("days", [56, 92, 1100])
def test_a_burst_of_four_days_in_a_row_lies_inside_the_period(days: int):
    found = burst_days(days)
    assert np.diff(found).tolist() == [1, 1, 1]
    assert 0.5 * days < found[0] < found[-1] < days


@pytest.fixture(scope="module")
def drawn() -> DemoComments:
    plans = campaigns(DemoSpec(), date(2026, 7, 1), date(2026, 9, 30))
    crowd, written = people(500, START, DAYS, seed=6), posts(60, plans, START, DAYS, seed=6)
    return comments(crowd, written, Campaign("xiaohongshu", START + SEEDED, START + SEEDED + 30), 5000, seed=6)


def test_comments_come_in_time_and_the_burst_in_its_place(drawn: DemoComments):
    assert (np.diff(drawn.at) >= 0).all()
    np.testing.assert_array_equal(drawn.at // 86_400 - START, drawn.day)
    burst = drawn.burst
    assert burst.any()
    assert set(drawn.platform[burst]) == {segments.PLATFORMS.index(BURST_PLATFORM)}
    assert set(drawn.brand[burst]) == {0}
    assert set(drawn.day[burst]) <= set(burst_days(DAYS).tolist())
    told = truth_bursts(drawn, START, DAYS).to_pylist()[0]
    assert (told["comments"], told["negative"]) == (burst.sum(), (drawn.polarity[burst] == 0).sum())
    assert (told["end"] - told["start"]).days == 3


def test_the_share_of_negative_comments_is_that_of_each_day_and_place(drawn: DemoComments):
    """5,000 comments less the burst: the sum over all cells within 4 standard errors of what was planted."""
    quiet = ~drawn.burst
    chance = negative_share(DAYS, SEEDED)[drawn.day, drawn.platform, drawn.brand][quiet]
    error = np.sqrt((chance * (1 - chance)).sum())
    assert abs((drawn.polarity[quiet] == 0).sum() - chance.sum()) < 4 * error
