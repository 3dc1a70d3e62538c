"""People of the simulated brand, and their orders."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from reachbook.arrays import Floats, Ints
from reachbook.demo import columns, draws, segments

AGES = ("18-24", "25-34", "35-44", "45-54", "55+")
GENDERS = ("female", "male")
TIERS = ("tier_1", "new_tier_1", "tier_2", "tier_3_and_below")
REGIONS = ("east", "south", "north", "central", "southwest", "northeast", "northwest")

_AGE = (
    np.array([[20, 34, 26, 13, 7], [28, 34, 22, 11, 5], [27, 38, 22, 9, 4], [24, 37, 24, 11, 4], [18, 34, 28, 13, 7]])
    / 100
)
_FEMALE = np.array([0.55, 0.48, 0.62, 0.42, 0.54])
_TIER = np.array([[16, 22, 26, 36], [18, 23, 25, 34], [23, 27, 25, 25], [23, 26, 25, 26], [21, 25, 26, 28]]) / 100
_REGION = np.array([0.31, 0.19, 0.16, 0.13, 0.11, 0.06, 0.04])
_WEEKDAY = np.array([0.95, 0.92, 0.93, 0.96, 1.05, 1.15, 1.12])


@dataclass(frozen=True)
class DemoAudience:
    """The hidden truth about each person.

    Attributes
    ----------
    segment : int64 array (people,)
        Index into `segments.NAMES`.
    mixture : float64 array (people, segments)
        Share of the person's events that follow each segment's habits.
    platform : float64 array (people, platforms)
        The person's own shares.
    activity, appetite : float64 array (people,)
        Relative number of events and of orders.
    basket : float64 array (people,)
        Median order in yuan.
    first, last : int64 array (people,)
        First and last active day, index into the period.
    start : int
        First day of the period, days since 1970-01-01.
    days : int
        Length of the period in days.

    Notes
    -----
    A person belongs to one planted segment but is no pure specimen: each of their events follows another segment's
    habits with a personal probability, and activity, basket and platforms vary between people with heavy tails.
    """

    segment: Ints
    mixture: Floats
    platform: Floats
    activity: Floats
    appetite: Floats
    basket: Floats
    first: Ints
    last: Ints
    start: int
    days: int

    @property
    def ids(self) -> pa.Array:
        """User ids in the order of the rows."""
        return columns.ids("u", len(self.segment))

    def day(self, rng: np.random.Generator, person: Ints) -> Ints:
        """Draw an active day for each entry of `person`; weekends are busier.

        Parameters
        ----------
        person : int64 array (draws,)
            Index of a person.

        Returns
        -------
        int64 array (draws,)
            Index into the period.
        """
        weights = _WEEKDAY[(self.start + 3 + np.arange(self.days)) % 7]
        return draws.days_between(rng, weights, self.first[person], self.last[person])


def people(count: int, start: int, days: int, seed: int) -> DemoAudience:
    """Draw `count` people, in segments of exactly the planted sizes up to rounding."""
    rng = draws.stream(seed, "audience")
    sizes = np.rint(np.cumsum(segments.SHARES) * count).astype(np.int64)
    segment = rng.permutation(np.searchsorted(sizes, np.arange(count), side="right"))
    mixture = _mixture(rng, segment)
    last = days - 1 - np.minimum(rng.exponential(segments.SILENCE[segment]).astype(np.int64), int(days * 0.9))
    newcomer = rng.random(count) < 0.1
    return DemoAudience(
        segment=segment,
        mixture=mixture,
        platform=draws.dirichlet(rng, 10 * (mixture @ segments.PLATFORM)),
        activity=segments.ACTIVITY[segment] * rng.lognormal(0, 0.7, count),
        appetite=segments.ORDERS[segment] * rng.gamma(3.0, 1 / 3.0, count),
        basket=segments.BASKET[segment] * rng.lognormal(0, 0.3, count),
        first=np.where(newcomer, (rng.random(count) * (last + 1) * 0.8).astype(np.int64), 0),
        last=last,
        start=start,
        days=days,
    )


def _mixture(rng: np.random.Generator, segment: Ints) -> Floats:
    """Share of each segment's habits in each person: mostly their own, the rest spread unevenly over the others."""
    own = rng.beta(6.5, 2.3, len(segment))
    other = draws.dirichlet(rng, np.broadcast_to(3 * segments.SHARES, (len(segment), len(segments.SHARES))))
    return own[:, None] * np.eye(len(segments.SHARES))[segment] + (1 - own)[:, None] * other


def users(audience: DemoAudience, seed: int) -> pa.Table:
    """One row for each person; demographics depend only slightly on the segment, and some are missing."""
    rng = draws.stream(seed, "users")
    count = len(audience.segment)
    habit = rng.random(count) < 0.5
    home = np.where(
        habit,
        draws.rows(rng, audience.platform, np.arange(count)),
        draws.rows(rng, (segments.SHARES @ segments.PLATFORM)[None], np.zeros(count, dtype=np.int64)),
    )
    before = 1 + rng.exponential(400, count).astype(np.int64)
    joined = audience.start + np.where(audience.first > 0, audience.first, -before)
    female = rng.random(count) < _FEMALE[audience.segment]
    return columns.table(
        {
            "user_id": audience.ids,
            "platform": columns.pick(segments.PLATFORMS, home),
            "age_band": columns.pick(AGES, draws.rows(rng, _AGE, audience.segment), rng.random(count) > 0.15),
            "gender": columns.pick(GENDERS, np.where(female, 0, 1), rng.random(count) > 0.12),
            "city_tier": columns.pick(TIERS, draws.rows(rng, _TIER, audience.segment), rng.random(count) > 0.05),
            "region": columns.pick(REGIONS, draws.rows(rng, _REGION[None], np.zeros(count, dtype=np.int64))),
            "joined_on": columns.days(joined),
            "consent": pa.array(rng.random(count) < 0.93),
        }
    )


def orders(audience: DemoAudience, total: int, seed: int) -> pa.Table:
    """One row for each order, in chronological order; the amount is what was paid after the discount."""
    rng = draws.stream(seed, "orders")
    person = draws.counts(rng, audience.appetite, total)
    segment = audience.segment[person]
    at = clock(rng, audience.day(rng, person), segment, audience.start)
    amount = np.maximum(audience.basket[person] * rng.lognormal(0, 0.65, total), 1.0)
    cut = rng.beta(12 * segments.DISCOUNT[segment], 12 * (1 - segments.DISCOUNT[segment]))
    discount = np.where(rng.random(total) < 0.7, amount * cut / (1 - cut), 0.0)
    items = 1 + rng.poisson(segments.ITEMS[segment])
    platform = draws.rows(rng, audience.platform, person)
    row = np.lexsort((person, at))
    return columns.table(
        {
            "order_id": columns.ids("o", total),
            "user_id": columns.pick(audience.ids, person[row]),
            "at": columns.times(at[row]),
            "amount": columns.money(amount[row]),
            "platform": columns.pick(segments.PLATFORMS, platform[row]),
            "items": columns.number(items[row]),
            "discount": columns.money(discount[row]),
        }
    )


def truth(audience: DemoAudience) -> pa.Table:
    """truth_segments: the planted segment of each person, and the share of events that follow it (purity, a ratio)."""
    own = audience.mixture[np.arange(len(audience.segment)), audience.segment]
    names = columns.pick(segments.NAMES, audience.segment)
    return columns.table({"user_id": audience.ids, "segment": names, "purity": columns.number(own)})


def clock(rng: np.random.Generator, day: Ints, habit: Ints, start: int) -> Ints:
    """Draw a time on each day, by the hours of each segment.

    Parameters
    ----------
    day : int64 array (events,)
        Index into the period.
    habit : int64 array (events,)
        Segment whose hours apply.
    start : int
        First day of the period, days since 1970-01-01.

    Returns
    -------
    int64 array (events,)
        Seconds since 1970-01-01.
    """
    hour = draws.rows(rng, segments.HOUR, habit)
    return ((start + day) * 24 + hour) * 3600 + rng.integers(0, 3600, len(day))
