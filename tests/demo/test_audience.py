"""Segments are there to be found in what people do, hardly in who they are."""

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import StandardScaler

from reachbook.demo import segments


def behaviour(frames):
    """Plain features of each person: recency, frequency, value, and shares of each habit."""
    people = frames["truth_segments"].user_id
    events = frames["interactions"].merge(frames["contents"][["content_id", "format", "topic"]], how="left")
    events["part"] = events["at"].dt.hour // 4
    orders = frames["orders"].groupby("user_id").amount.agg(["size", "sum"])
    counts = pd.DataFrame({"events": events.groupby("user_id").size()}).join(orders, how="outer")
    shares = [
        pd.crosstab(events.user_id, events[name], normalize="index").add_prefix(name)
        for name in ("kind", "platform", "format", "topic", "part")
    ]
    return pd.concat([np.log1p(counts), *shares], axis=1).reindex(people).fillna(0)


def test_segment_sizes_are_exact(frames):
    found = frames["truth_segments"].segment.value_counts(normalize=True)
    assert np.allclose(found[list(segments.NAMES)], segments.SHARES, atol=0.002)


def test_behaviour_recovers_the_segments_but_not_perfectly(frames):
    scaled = np.clip(StandardScaler().fit_transform(behaviour(frames)), -4, 4)
    labels = KMeans(5, n_init=5, random_state=0).fit_predict(scaled)
    assert 0.88 < adjusted_rand_score(frames["truth_segments"].segment, labels) < 0.98


def test_demographics_say_little_about_the_segment(frames):
    for name in ("age_band", "gender", "city_tier", "region"):
        known = frames["users"][name].fillna("?")
        assert normalized_mutual_info_score(frames["truth_segments"].segment, known) < 0.03


def test_purchases_have_heavy_tails_and_differ_by_segment(frames):
    orders = frames["orders"].merge(frames["truth_segments"])
    assert orders.amount.quantile(0.99) > 5 * orders.amount.median()
    people = frames["truth_segments"].segment.value_counts()
    rate = orders.segment.value_counts() / people
    assert rate.idxmax() == "loyal members 铁杆会员"
    assert rate.idxmin() == "casual scrollers 随手刷"
    assert orders.groupby("segment").amount.median().idxmax() == "deep researchers 做功课党"


def test_views_alone_have_seconds(frames):
    events = frames["interactions"]
    assert (events.value.notna() == (events.kind == "view")).all()
    assert events[events.kind != "follow"].content_id.notna().all()
