"""Posts of the simulated brand, and interactions with them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from reachbook.arrays import Floats, Ints
from reachbook.demo import columns, draws, segments
from reachbook.demo.audience import DemoAudience, clock
from reachbook.demo.calendar import CAMPAIGNS, Campaign

_FORMAT = np.array(
    [[15, 30, 10, 45], [20, 60, 5, 15], [70, 5, 25, 0], [55, 5, 40, 0], [25, 65, 10, 0], [35, 10, 10, 45]]
)
"""Formats of the brand's posts by platform, in per cent."""
_SPREAD = np.array([0.18, 0.17, 0.22, 0.13, 0.18, 0.12])
"""Share of posts by platform."""
_TOPIC = np.array([0.24, 0.14, 0.16, 0.18, 0.18, 0.10])
_SECONDS = np.array([18.0, 25.0, 150.0, 70.0])
"""Median seconds of a view by format."""


@dataclass(frozen=True)
class Posts:
    """The brand's posts; all arrays have shape (posts,).

    Attributes
    ----------
    platform, format, topic, campaign : int64 array
        Indices; campaign is -1 for none.
    popularity : float64 array
        Relative reach.
    published : int64 array
        Seconds since 1970-01-01.
    start : int
        Start of the period, in seconds; earlier posts are available to everybody.
    """

    platform: Ints
    format: Ints
    topic: Ints
    campaign: Ints
    popularity: Floats
    published: Ints
    start: int

    @property
    def ids(self) -> pa.Array:
        """Content ids in the order of the rows."""
        return columns.ids("p", len(self.platform))

    def choose(self, rng: np.random.Generator, at: Ints, platform: Ints, weights: Floats, habit: Ints) -> Ints:
        """Choose a post that is already published on the event's platform, for each event.

        Parameters
        ----------
        at : int64 array (events,)
            Seconds since 1970-01-01.
        platform, habit : int64 array (events,)
            Platform, and row of `weights`.
        weights : float64 array (habits, posts)
            Preference of each habit for each post.

        Returns
        -------
        int64 array (events,)
        """
        first, second = rng.random(len(at)), rng.random(len(at))
        chosen = self._pick(first, platform, habit, weights)
        early = self.published[chosen] > at
        old = np.where(self.published < self.start, weights, 0.0)
        chosen[early] = self._pick(second[early], platform[early], habit[early], old)
        return chosen

    def _pick(self, uniform: Floats, platform: Ints, habit: Ints, weights: Floats) -> Ints:
        result = np.zeros(len(uniform), dtype=np.int64)
        group = habit * len(segments.PLATFORMS) + platform
        for key in np.unique(group):
            here = group == key
            post = np.flatnonzero(self.platform == key % len(segments.PLATFORMS))
            edge = np.cumsum(weights[key // len(segments.PLATFORMS), post])
            result[here] = post[np.searchsorted(edge[:-1], uniform[here] * edge[-1], side="right")]
        return result


def posts(count: int, campaigns: dict[str, Campaign], start: int, days: int, seed: int) -> Posts:
    """Draw the posts: half from the ninety days before the period, half within it; a few belong to a campaign."""
    rng = draws.stream(seed, "contents")
    platform, published = _places(rng, count, campaigns, start, days)
    campaign = _members(rng, platform, published, campaigns)
    return Posts(
        platform=platform,
        format=draws.rows(rng, _FORMAT / 100, platform),
        topic=draws.rows(rng, _TOPIC[None], np.zeros(count, dtype=np.int64)),
        campaign=campaign,
        # Money buys reach: posts of a campaign are seen three times as often as others.
        popularity=(rng.pareto(1.6, count) + 0.2) * np.where(campaign >= 0, 3.0, 1.0),
        published=published,
        start=start * 86_400,
    )


def _places(
    rng: np.random.Generator, count: int, campaigns: dict[str, Campaign], start: int, days: int
) -> tuple[Ints, Ints]:
    """Platform and time (seconds) of each post; the first nine are fixed, so that every platform and campaign has
    one.
    """
    platform = rng.choice(len(_SPREAD), count, p=_SPREAD)
    day = start + np.where(rng.random(count) < 0.5, -90, days) * rng.random(count)
    published = (day * 86_400).astype(np.int64)
    # One old post on every platform, so that an early event always finds something to look at.
    old = len(_SPREAD)
    platform[:old] = np.arange(old)
    published[:old] = start * 86_400 - rng.integers(86_400, 90 * 86_400, old)
    # And one post of each campaign, however few posts there are.
    for place, name in enumerate(CAMPAIGNS, start=old):
        plan = campaigns[name]
        platform[place] = segments.PLATFORMS.index(plan.channel)
        published[place] = rng.integers(plan.start * 86_400, (plan.end + 1) * 86_400)
    return platform, published


def _members(rng: np.random.Generator, platform: Ints, published: Ints, campaigns: dict[str, Campaign]) -> Ints:
    """Campaign of each post, -1 for none: half of the posts of its channel while it runs."""
    result = np.full(len(platform), -1)
    for index, name in enumerate(CAMPAIGNS):
        plan = campaigns[name]
        runs = (published >= plan.start * 86_400) & (published < (plan.end + 1) * 86_400)
        member = runs & (platform == segments.PLATFORMS.index(plan.channel)) & (rng.random(len(platform)) < 0.5)
        member[len(_SPREAD) + index] = True
        result[member] = index
    return result


def contents(post: Posts) -> pa.Table:
    """One row for each post."""
    return columns.table(
        {
            "content_id": post.ids,
            "platform": columns.pick(segments.PLATFORMS, post.platform),
            "format": columns.pick(segments.FORMATS, post.format),
            "topic": columns.pick(segments.TOPICS, post.topic),
            "campaign_id": columns.pick(CAMPAIGNS, np.maximum(post.campaign, 0), post.campaign >= 0),
            "published_at": columns.times(post.published),
        }
    )


def interactions(audience: DemoAudience, post: Posts, total: int, seed: int) -> pa.Table:
    """One row for each event, in chronological order; `value` is the seconds of a view, empty for other kinds."""
    rng = draws.stream(seed, "interactions")
    person = draws.counts(rng, audience.activity, total)
    habit = draws.rows(rng, audience.mixture, person)
    platform = draws.rows(rng, audience.platform, person)
    kind = draws.rows(rng, segments.KIND, habit)
    at = clock(rng, audience.day(rng, person), habit, audience.start)
    seconds, profile = rng.lognormal(0, 0.8, total), rng.random(total) < 0.5
    liking = segments.FORMAT[:, post.format] * segments.TOPIC[:, post.topic] * post.popularity
    # Its own stream: another number of posts leaves everything else about the events as it was.
    chosen = post.choose(draws.stream(seed, "interactions.content"), at, platform, liking, habit)
    row = np.lexsort((person, at))
    watched = np.round(seconds * _SECONDS[post.format[chosen]], 1)
    # Half of all follows happen on the brand's own page and not on a post.
    posted = (kind != segments.KINDS.index("follow")) | profile
    return columns.table(
        {
            "user_id": columns.pick(audience.ids, person[row]),
            "platform": columns.pick(segments.PLATFORMS, platform[row]),
            "kind": columns.pick(segments.KINDS, kind[row]),
            "at": columns.times(at[row]),
            "content_id": columns.pick(post.ids, chosen[row], posted[row]),
            "value": columns.number(watched[row], (kind == 0)[row]),
        }
    )
