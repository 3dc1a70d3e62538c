"""Alarms: quiet streams stay quiet, planted bursts are found, the simulated brand's too."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from quiet import burst, quiet
from scipy.stats import betabinom, nbinom

from reachbook.demo import simulate
from reachbook.demo.spec import DemoSpec
from reachbook.errors import DataError
from reachbook.sentiment.alerts.detect import baseline, surprise
from reachbook.sentiment.alerts.streams import streams
from reachbook.sentiment.alerts.watch import replay, watch, with_quotes


def test_quiet_series_give_no_more_alarms_than_stated() -> None:
    """Three times a year and a half of 24 streams, 12 a year stated: 52; about 40 are to come, 20 or 66 once in 500."""
    count = sum(len(watch(quiet(np.random.default_rng([s, 5]), 550), 12.0).alerts) for s in range(3))
    assert 20 <= count <= 66


def test_the_replay_says_what_is_measured_on_these_streams() -> None:
    calm = quiet(np.random.default_rng(7), 182)
    found = watch(calm, 12.0)
    said = replay(calm, 12.0, watched=found)
    assert said.consistent
    assert said.low < said.measured < said.high
    assert 6 < said.measured < 14
    assert said == replay(calm, 12.0)
    assert "12 a year were accepted" in said.describe()


def test_chances_are_those_of_the_distributions() -> None:
    """Negative binomial and beta-binomial tails far above the mean, against scipy's."""
    calm = quiet(np.random.default_rng(2), 60)
    known = baseline(calm.negative, calm.total)
    found = known.surprise()
    s, d = np.unravel_index(np.nanargmin(found.share), found.share.shape)
    mean = known.hit[s, d] / (known.hit[s, d] + known.miss[s, d])
    alike = 1.2 * known.correlation[s, d] + 1 / (known.hit[s, d] + known.miss[s, d] + 1)
    tail = betabinom.sf(calm.negative[s, d] - 1, calm.total[s, d], mean * (1 / alike - 1), (1 - mean) * (1 / alike - 1))
    assert found.share[s, d] == pytest.approx(tail, rel=1e-3)
    s, d = np.unravel_index(np.nanargmin(found.volume), found.volume.shape)
    extra = 1.2 * known.noise[s, d] + 1 / known.shape[s, d]
    tail = nbinom.sf(calm.negative[s, d] - 1, 1 / extra, 1 / (1 + extra * found.expected[s, d]))
    assert found.volume[s, d] == pytest.approx(tail, rel=1e-6)


def test_stacked_series_share_nothing() -> None:
    one, two = (quiet(np.random.default_rng(s), 60) for s in (1, 2))
    both = baseline(np.stack([one.negative, two.negative]), np.stack([one.total, two.total])).surprise(3)
    alone = surprise(one.negative, one.total, 3)
    np.testing.assert_allclose(both.volume[0], alone.volume)
    np.testing.assert_allclose(both.share[0], alone.share)


def test_a_planted_burst_is_found_where_and_when_it_is() -> None:
    found = 0
    for seed in range(8):
        rng = np.random.default_rng([seed, 6])
        calm = quiet(rng, 120)
        stream = int(np.argsort(calm.total.mean(axis=1))[16])
        alerts = watch(burst(rng, calm, stream, 80, 3.0), 1.0).alerts
        found += any(a.key == calm.keys[stream] and calm.days[80] <= a.known <= calm.days[84] for a in alerts)
    assert found >= 7


def test_an_alarm_clearer_than_all_quiet_series_is_told_as_less_often() -> None:
    """Quiet series of so many years cannot say how much rarer than once in as many an alarm is."""
    rng = np.random.default_rng([3, 6])
    calm = quiet(rng, 120)
    stream = int(np.argsort(calm.total.mean(axis=1))[-1])
    loud = max(watch(burst(rng, calm, stream, 80, 8.0), 1.0).alerts, key=lambda each: -each.chance)
    assert loud.rarest
    assert "By chance an alarm as clear comes less than once in" in loud.describe()


def test_only_the_past_is_used() -> None:
    calm = quiet(np.random.default_rng(3), 90)
    whole, part = surprise(calm.negative, calm.total, 3), surprise(calm.negative[:, :60], calm.total[:, :60], 3)
    for name in ("volume", "share", "expected"):
        np.testing.assert_array_equal(getattr(whole, name)[:, :60], getattr(part, name))


def test_empty_streams_and_short_histories_are_silent() -> None:
    at = pd.Series(pd.to_datetime(["2026-07-01", "2026-07-03", "2026-07-05"]))
    found = watch(streams(at, np.array([True, False, True])))
    assert found.alerts == ()
    assert found.table().empty
    assert "1 streams" in found.describe()
    with pytest.raises(DataError, match="none in the period"):
        streams(at[:0], np.array([], bool))


@pytest.fixture(scope="module")
def brand() -> tuple[pd.DataFrame, pd.DataFrame]:
    tables = simulate(DemoSpec(interactions=0, orders=0, units=30), date(2026, 7, 1), date(2026, 9, 30), 20260930)
    comments, truth = tables["comments"].to_pandas(), tables["truth_comments"].to_pandas()
    own = (comments["brand"] == "brand_a").to_numpy()
    return comments[own].reset_index(drop=True), truth[own].reset_index(drop=True)


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_the_simulated_burst_is_the_one_incident(brand: tuple[pd.DataFrame, pd.DataFrame], noise: float) -> None:
    """Weibo, 5 to 8 September, electronics; with a classifier that guesses in three of ten comments, too."""
    comments, truth = brand
    rng = np.random.default_rng(1)
    real = (truth["polarity"] == "negative").to_numpy()
    negative = np.where(rng.random(len(real)) < noise, rng.random(len(real)) < 0.5, real)
    aspects = {name: (truth["theme"] == name).to_numpy() for name in sorted(truth["theme"].unique())}
    found = watch(streams(comments["at"], negative, platform=comments["platform"], aspects=aspects), 1.0)
    incidents = found.incidents()
    assert len(incidents) == 1
    platforms = {a.key[0] for a in incidents[0]}
    assert "weibo" in platforms
    assert ("weibo", "electronics", None) in {a.key for a in incidents[0]}
    first = min(a.known for a in incidents[0])
    assert date(2026, 9, 5) <= first <= date(2026, 9, 6)
    clearest = incidents[0][0]
    inside = (comments["platform"] == "weibo").to_numpy()
    told = with_quotes(clearest, comments["text"].tolist(), negative.astype(float), inside, comments["at"].dt.date)
    assert len(told.quotes) == 3
    assert "weibo" in told.describe()
