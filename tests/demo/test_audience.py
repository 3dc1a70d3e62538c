"""Segments are there to be found in what people do, hardly in who they are."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import StandardScaler

from reachbook.demo import segments
from reachbook.demo.audience import DemoAudience, clock, orders, people, truth, users
from reachbook.demo.columns import day_number

START, DAYS = day_number(date(2026, 7, 1)), 92


@pytest.fixture(scope="module")
def crowd() -> DemoAudience:
    return people(5000, START, DAYS, seed=4)


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


def test_everybody_follows_mostly_the_habits_of_their_own_segment(crowd: DemoAudience) -> None:
    """The own share is beta(6.5, 2.3), mean .739, and what is left goes to all segments by their size."""
    np.testing.assert_allclose(crowd.mixture.sum(axis=1), 1.0)
    np.testing.assert_allclose(crowd.platform.sum(axis=1), 1.0)
    own = crowd.mixture[np.arange(5000), crowd.segment]
    back = segments.SHARES[crowd.segment].mean()
    # Five thousand people of standard deviation .14: four errors are .008.
    assert own.mean() == pytest.approx(0.739 + 0.261 * back, abs=0.008)


def test_days_are_drawn_while_a_person_is_active_and_more_often_on_weekends(crowd: DemoAudience) -> None:
    rng = np.random.default_rng(1)
    person = rng.integers(0, 5000, 40_000)
    day = crowd.day(rng, person)
    assert (crowd.first[person] <= day).all()
    assert (day <= crowd.last[person]).all()
    assert (crowd.last < DAYS).all()
    always = crowd.last[person] >= DAYS - 8
    weekday = (START + day[always & (crowd.first[person] == 0)] + 3) % 7
    # The period has thirteen of each weekday and one more Wednesday: 1.15 to .92 for a Saturday and a Tuesday.
    counts = np.bincount(weekday, minlength=7)
    assert counts[5] / counts[1] == pytest.approx(1.15 / 0.92, abs=0.1)


def test_times_follow_the_hours_of_the_segment() -> None:
    """20,000 events of the early risers: the share of each hour within 4 standard errors."""
    rng = np.random.default_rng(2)
    loyal = np.full(20_000, 4)
    at = clock(rng, np.full(20_000, 3), loyal, START)
    assert (at // 86_400 == START + 3).all()
    share = np.bincount(at % 86_400 // 3600, minlength=24) / 20_000
    error = np.sqrt(segments.HOUR[4] * (1 - segments.HOUR[4]) / 20_000)
    assert (np.abs(share - segments.HOUR[4]) < 4.5 * error).all()
    assert share.argmax() == 7


def test_orders_come_in_time_from_people_who_were_there(crowd: DemoAudience) -> None:
    frame = orders(crowd, 3000, seed=4).to_pandas()
    assert frame["at"].is_monotonic_increasing
    row = frame["user_id"].str[1:].astype(int).to_numpy() - 1
    day = (frame["at"] - pd.Timestamp("2026-07-01")).dt.days.to_numpy()
    assert ((crowd.first[row] <= day) & (day <= crowd.last[row])).all()
    assert (frame["items"] >= 1).all()
    assert (frame["amount"].astype(float) >= 1).all()
    # Seven orders in ten have a discount: four errors of .008 are .034.
    assert (frame["discount"].astype(float) > 0).mean() == pytest.approx(0.7, abs=0.034)


def test_newcomers_joined_on_their_first_active_day_and_others_before(crowd: DemoAudience) -> None:
    frame = users(crowd, seed=4).to_pandas()
    joined = np.array([day_number(day) for day in frame["joined_on"]]) - START
    new = crowd.first > 0
    np.testing.assert_array_equal(joined[new], crowd.first[new])
    assert (joined[~new] < 0).all()
    assert 0 < new.mean() < 0.11
    known = frame[["age_band", "gender", "city_tier", "region"]].notna().mean()
    np.testing.assert_allclose(known, [0.85, 0.88, 0.95, 1.0], atol=0.021)


def test_the_truth_is_the_segment_and_how_pure_a_specimen_somebody_is(crowd: DemoAudience) -> None:
    frame = truth(crowd).to_pandas()
    assert frame["segment"].tolist() == [segments.NAMES[k] for k in crowd.segment]
    np.testing.assert_allclose(frame["purity"], crowd.mixture[np.arange(5000), crowd.segment])
