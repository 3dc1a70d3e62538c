"""Comments are real texts of known polarity, in shares that move as planted."""

import re

import numpy as np
import pandas as pd
import pytest

from helpers.demo_brand import SMALL
from reachbook.demo import corpus


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
