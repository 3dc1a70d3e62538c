"""Comments on the simulated brand (brand_a) and a competitor (brand_b), with planted shifts and one burst."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from reachbook.arrays import Flags, Floats, Ints
from reachbook.demo import columns, corpus, draws, segments
from reachbook.demo.audience import DemoAudience, clock
from reachbook.demo.calendar import CAMPAIGNS, Campaign
from reachbook.demo.interactions import Posts

BRANDS = ("brand_a", "brand_b")
POLARITIES = ("negative", "positive")
BURST_PLATFORM = "weibo"
BURST_THEME = "electronics"

_LEVEL = np.array([0.22, 0.34, 0.28, 0.26, 0.24, 0.30])
"""Initial share of negative comments on brand_a by platform."""
_LEVEL_B = 0.33
_DRIFT, _STEP, _SEEDED = 0.7, 0.5, -0.6
"""Changes of the log-odds: Douyin over the entire period, Bilibili at mid-period, Xiaohongshu from the seeded notes
on.
"""
_VOLUME = np.array([0.13, 0.24, 0.24, 0.11, 0.18, 0.10])
_BURST_SIZE = np.array([3.0, 2.4, 1.4, 0.7])
"""Extra comments on each day of the burst, in multiples of the platform's ordinary day."""
_BURST_NEGATIVE = 0.88
_THEMES = np.array([0.32, 0.30, 0.28, 0.10])
_OFTEN = 0.85
"""Share of comments under a post on electronics, travel or books that keep to its subject."""


@dataclass(frozen=True)
class DemoComments:
    """Comments as indices and flags; all arrays have shape (comments,), in chronological order.

    Attributes
    ----------
    day : int64 array
        Index into the period.
    at : int64 array
        Seconds since 1970-01-01.
    platform, brand, theme, polarity : int64 array
        Indices into `segments.PLATFORMS`, BRANDS, `corpus.THEMES` and POLARITIES.
    burst : bool array
        Whether the comment is part of the burst.
    person, post : int64 array
        Index, or -1 where unknown.
    """

    day: Ints
    at: Ints
    platform: Ints
    brand: Ints
    burst: Flags
    polarity: Ints
    person: Ints
    post: Ints
    theme: Ints

    @property
    def ids(self) -> pa.Array:
        """Comment ids in the order of the rows."""
        return columns.ids("m", len(self.at))


def comments(audience: DemoAudience, posts: Posts, seeding: Campaign, total: int, seed: int) -> DemoComments:
    """Draw `total` comments over the days of the period.

    Notes
    -----
    The share of negative comments on brand_a has a level for each platform, an increasing drift on Douyin, a step up on
    Bilibili in the middle of the period, a step down on Xiaohongshu when the seeded notes start, and on Weibo a burst
    of four days about electronics. brand_b is constant. There is no neutral class, since the texts (see `corpus`) have
    none.
    """
    rng = draws.stream(seed, "comments")
    negative = negative_share(audience.days, seeding.start - audience.start)
    day, platform, brand, burst = _cells(rng, audience, total)
    chance = np.where(burst, _BURST_NEGATIVE, negative[day, platform, brand])
    polarity = (rng.random(total) >= chance).astype(np.int64)
    habit = draws.rows(rng, segments.SHARES[None], np.zeros(total, dtype=np.int64))
    at = clock(rng, day, habit, audience.start)
    post, person, theme = _surroundings(seed, audience, posts, day, at, platform, brand, burst)
    row = np.argsort(at, kind="stable")
    return DemoComments(
        day=day[row],
        at=at[row],
        platform=platform[row],
        brand=brand[row],
        burst=burst[row],
        polarity=polarity[row],
        person=person[row],
        post=post[row],
        theme=theme[row],
    )


def negative_share(days: int, seeded: int) -> Floats:
    """Planted share of negative comments without the burst, float64 array (days, platforms, brands).

    Parameters
    ----------
    seeded : int
        Day, index into the period, on which the seeded notes start.
    """
    odds = np.tile(np.log(_LEVEL / (1 - _LEVEL)), (days, 1))
    day = np.arange(days)
    odds[:, segments.PLATFORMS.index("douyin")] += _DRIFT * day / days
    odds[:, segments.PLATFORMS.index("bilibili")] += _STEP * (day >= days // 2)
    odds[:, segments.PLATFORMS.index("xiaohongshu")] += _SEEDED * (day >= seeded)
    own = 1 / (1 + np.exp(-odds))
    return np.stack([own, np.full_like(own, _LEVEL_B)], axis=-1)


def burst_days(days: int) -> Ints:
    """Days of the burst, index into the period, int64 array (4,)."""
    return int(days * 0.72) + np.arange(len(_BURST_SIZE))


def _cells(rng: np.random.Generator, audience: DemoAudience, total: int) -> tuple[Ints, Ints, Ints, Flags]:
    """Day, platform, brand and burst flag of each comment; daily volumes vary more than Poisson."""
    shape = (audience.days, len(segments.PLATFORMS), len(BRANDS))
    weekday = np.array([0.95, 0.95, 0.95, 1.0, 1.05, 1.1, 1.05])[(audience.start + 3 + np.arange(audience.days)) % 7]
    usual = weekday[:, None, None] * _VOLUME[:, None] * np.array([0.76, 0.24]) * rng.gamma(25.0, 1 / 25.0, shape)
    extra = np.zeros(shape)
    weibo = segments.PLATFORMS.index(BURST_PLATFORM)
    extra[burst_days(audience.days), weibo, 0] = _BURST_SIZE * _VOLUME[weibo] * 0.76
    cell = draws.counts(rng, np.concatenate([usual.ravel(), extra.ravel()]), total)
    day, platform, brand = np.unravel_index(cell % usual.size, shape)
    return day, platform, brand, cell >= usual.size


def _surroundings(
    seed: int, audience: DemoAudience, posts: Posts, day: Ints, at: Ints, platform: Ints, brand: Ints, burst: Flags
) -> tuple[Ints, Ints, Ints]:
    """Post, person (-1 where unknown) and theme of each comment; both are unknown for comments on the competitor."""
    rng = draws.stream(seed, "comments.surroundings")
    total, own = len(day), brand == 0
    nothing = np.zeros(total, dtype=np.int64)
    post = posts.choose(rng, at, platform, posts.popularity[None], nothing)
    post = np.where(own & (rng.random(total) < 0.9), post, -1)
    theme = _theme(rng, posts.topic[post], post >= 0)
    theme = np.where(burst, corpus.THEMES.index(BURST_THEME), theme)
    person = draws.by_group(rng, platform, audience.activity[:, None] * audience.platform)
    alive = (audience.first[person] <= day) & (day <= audience.last[person])
    return post, np.where(own & alive & (rng.random(total) < 0.85), person, -1), theme


def _theme(rng: np.random.Generator, topic: Ints, posted: Flags) -> Ints:
    """Theme of each comment: mostly the subject of its post, if that is one of the themes."""
    subject = np.array([corpus.THEMES.index(name) if name in corpus.THEMES else -1 for name in segments.TOPICS])[topic]
    free = rng.choice(len(_THEMES), len(topic), p=_THEMES)
    return np.where(posted & (subject >= 0) & (rng.random(len(topic)) < _OFTEN), subject, free)


def table(drawn: DemoComments, audience: DemoAudience, posts: Posts, labels: int, seed: int) -> pa.Table:
    """One row for each comment; `label` is filled for a simple random sample of `labels` comments."""
    total = len(drawn.at)
    sample = np.zeros(total, dtype=bool)
    sample[draws.stream(seed, "comments.labels").permutation(total)[:labels]] = True
    campaign = np.where(drawn.post >= 0, posts.campaign[drawn.post], -1)
    return columns.table(
        {
            "comment_id": drawn.ids,
            "platform": columns.pick(segments.PLATFORMS, drawn.platform),
            "at": columns.times(drawn.at),
            "text": _texts(drawn, seed),
            "user_id": columns.pick(audience.ids, np.maximum(drawn.person, 0), drawn.person >= 0),
            "content_id": columns.pick(posts.ids, np.maximum(drawn.post, 0), drawn.post >= 0),
            "campaign_id": columns.pick(CAMPAIGNS, np.maximum(campaign, 0), campaign >= 0),
            "brand": columns.pick(BRANDS, drawn.brand),
            "label": columns.pick(POLARITIES, drawn.polarity, sample),
        }
    )


def _texts(drawn: DemoComments, seed: int) -> pa.Array:
    """Draw a text of the right polarity and theme for each comment; none repeats before all have been used."""
    rng = draws.stream(seed, "comments.text")
    result = np.empty(len(drawn.at), dtype=object)
    for (polarity, theme), pool in corpus.texts().items():
        here = (drawn.polarity == POLARITIES.index(polarity)) & (drawn.theme == corpus.THEMES.index(theme))
        rounds = -(-int(here.sum()) // len(pool))
        order = np.concatenate([rng.permutation(len(pool)) for _ in range(max(rounds, 1))])[: here.sum()]
        result[here] = np.array(pool, dtype=object)[order]
    return pa.array(result, pa.string())


def truth(drawn: DemoComments) -> pa.Table:
    """truth_comments: polarity and theme of each comment, and whether it is part of the burst."""
    return columns.table(
        {
            "comment_id": drawn.ids,
            "polarity": columns.pick(POLARITIES, drawn.polarity),
            "theme": columns.pick(corpus.THEMES, drawn.theme),
            "burst": pa.array(drawn.burst),
        }
    )


def truth_sentiment(drawn: DemoComments, start: int, days: int, seeding: Campaign) -> pa.Table:
    """truth_sentiment: one row for each week, platform and brand.

    Returns
    -------
    pyarrow.Table
        week (its Monday), platform, brand, comments, realised shares (null without comments), planted (mean planted
        negative share over the week's days, without the burst), burst (number of extra comments).
    """
    week = (columns.mondays(start + np.arange(days)) - columns.mondays(np.array(start))) // 7
    shape = (int(week[-1]) + 1, len(segments.PLATFORMS), len(BRANDS))
    cell = np.ravel_multi_index((week[drawn.day], drawn.platform, drawn.brand), shape)
    size = int(np.prod(shape))
    count = np.bincount(cell, minlength=size)
    negative = np.bincount(cell, drawn.polarity == 0, minlength=size) / np.maximum(count, 1)
    share = negative_share(days, seeding.start - start)
    planted = np.stack([share[week == number].mean(axis=0) for number in range(shape[0])]).ravel()
    weeks, platforms, brands = (index.ravel() for index in np.indices(shape))
    return columns.table(
        {
            "week": columns.days(columns.mondays(np.array(start)) + 7 * weeks),
            "platform": columns.pick(segments.PLATFORMS, platforms),
            "brand": columns.pick(BRANDS, brands),
            "comments": pa.array(count, pa.int64()),
            "negative": columns.number(negative, count > 0),
            "neutral": columns.number(np.zeros(size), count > 0),
            "positive": columns.number(1 - negative, count > 0),
            "planted": columns.number(planted),
            "burst": pa.array(np.bincount(cell, drawn.burst, minlength=size).astype(np.int64)),
        }
    )


def truth_bursts(drawn: DemoComments, start: int, days: int) -> pa.Table:
    """One row for each planted burst: place, subject, first and last day, number of extra comments and of negative
    ones.
    """
    span = start + burst_days(days)[[0, -1]]
    return columns.table(
        {
            "platform": pa.array([BURST_PLATFORM]),
            "brand": pa.array([BRANDS[0]]),
            "theme": pa.array([BURST_THEME]),
            "start": columns.days(span[:1]),
            "end": columns.days(span[1:]),
            "comments": pa.array([int(drawn.burst.sum())], pa.int64()),
            "negative": pa.array([int((drawn.burst & (drawn.polarity == 0)).sum())], pa.int64()),
        }
    )
