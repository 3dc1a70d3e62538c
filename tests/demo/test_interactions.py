"""Posts that everybody can find, and events that come to a post that was there."""

from datetime import date

import numpy as np
import pytest

from reachbook.demo import segments
from reachbook.demo.audience import people
from reachbook.demo.calendar import CAMPAIGNS, campaigns
from reachbook.demo.columns import day_number
from reachbook.demo.interactions import Posts, contents, interactions, posts
from reachbook.demo.spec import DemoSpec

DAYS = 92
START = day_number(date(2026, 7, 1))
PLANS = campaigns(DemoSpec(), date(2026, 7, 1), date(2026, 9, 30))


@pytest.fixture(scope="module")
def drawn() -> Posts:
    return posts(400, PLANS, START, DAYS, seed=5)


def test_views_alone_have_seconds(frames):
    events = frames["interactions"]
    assert (events.value.notna() == (events.kind == "view")).all()
    assert events[events.kind != "follow"].content_id.notna().all()


@pytest.mark.parametrize("count", [30, 400])
def test_every_platform_has_an_old_post_and_every_campaign_one_of_its_own(count: int) -> None:
    found = posts(count, PLANS, START, DAYS, seed=1)
    old = found.published < found.start
    assert set(found.platform[old]) == set(range(len(segments.PLATFORMS)))
    for index, name in enumerate(CAMPAIGNS):
        plan, mine = PLANS[name], found.campaign == index
        assert mine.any()
        assert set(found.platform[mine]) == {segments.PLATFORMS.index(plan.channel)}
        days = found.published[mine] // 86_400
        assert ((plan.start <= days) & (days <= plan.end)).all()


def test_half_of_the_posts_are_from_the_ninety_days_before(drawn: Posts) -> None:
    """400 posts, less the nine with a fixed place: 4 standard errors are .1."""
    days = drawn.published / 86_400 - START
    assert days.min() >= -90
    assert days.max() < DAYS
    assert (days[9:] < 0).mean() == pytest.approx(0.5, abs=0.1)


def test_a_chosen_post_is_on_the_platform_and_was_published(drawn: Posts) -> None:
    rng = np.random.default_rng(2)
    at = START * 86_400 + rng.integers(0, DAYS * 86_400, 5000)
    platform, habit = rng.integers(0, len(segments.PLATFORMS), 5000), rng.integers(0, 2, 5000)
    weights = rng.random((2, 400))
    chosen = drawn.choose(rng, at, platform, weights, habit)
    assert (drawn.platform[chosen] == platform).all()
    assert (drawn.published[chosen] <= at).all()


def test_posts_are_chosen_in_proportion_to_what_a_habit_prefers(drawn: Posts) -> None:
    """One platform at the end, when all is published: shares of 20,000 within 4.5 standard errors."""
    rng = np.random.default_rng(3)
    mine = np.flatnonzero(drawn.platform == 2)
    weights = np.stack([np.ones(400), np.arange(400.0)])
    late = np.full(20_000, (START + DAYS) * 86_400)
    for habit in (0, 1):
        chosen = drawn.choose(rng, late, np.full(20_000, 2), weights, np.full(20_000, habit))
        share = np.bincount(chosen, minlength=400)[mine] / 20_000
        asked = weights[habit, mine] / weights[habit, mine].sum()
        assert (np.abs(share - asked) <= 4.5 * np.sqrt(asked * (1 - asked) / 20_000)).all()


def test_posts_of_a_campaign_are_said_to_be_and_others_are_not(drawn: Posts) -> None:
    frame = contents(drawn).to_pandas()
    assert frame["content_id"].is_unique
    assert (frame["campaign_id"].notna() == (drawn.campaign >= 0)).all()
    assert frame["platform"].tolist() == [segments.PLATFORMS[k] for k in drawn.platform]


def test_events_come_in_time_and_follow_everybody_s_own_platforms(drawn: Posts) -> None:
    crowd = people(300, START, DAYS, seed=5)
    frame = interactions(crowd, drawn, 20_000, seed=5).to_pandas()
    assert len(frame) == 20_000
    assert frame["at"].is_monotonic_increasing
    follow = frame[frame["kind"] == "follow"]
    assert follow["content_id"].isna().mean() == pytest.approx(0.5, abs=0.12)
    expected = crowd.activity @ crowd.platform / crowd.activity.sum()
    seen = frame["platform"].value_counts(normalize=True)[list(segments.PLATFORMS)]
    # The number of events of a person is drawn too: 4 standard errors of 20,000 draws are .014.
    np.testing.assert_allclose(seen, expected, atol=0.014)
