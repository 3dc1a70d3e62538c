"""Weekly media spend on six channels and the resulting sales, with known response curves."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from reachbook.arrays import Floats, Ints
from reachbook.demo import columns, draws
from reachbook.demo.calendar import festivals


@dataclass(frozen=True)
class Channel:
    """One channel's planted response.

    Attributes
    ----------
    typical : float
        Ordinary spend in yuan a week.
    retention : float
        Share of the adstock carried from week to week.
    half : float
        Adstock with half of the largest contribution, in yuan a week.
    slope : float
        1 for diminishing returns throughout, above 1 for an S shape.
    scale : float
        Upper limit of the contribution, in yuan a week.
    idle : float
        Share of weeks without any spend.
    price : float
        Yuan for 1,000 impressions.

    Notes
    -----
    A channel contributes

        scale * a^slope / (half^slope + a^slope),   a[t] = (1 - retention) * spend[t] + retention * a[t - 1]

    yuan a week: geometric adstock whose weights sum to one, and Hill saturation.
    """

    name: str
    typical: float
    retention: float
    half: float
    slope: float
    scale: float
    idle: float
    price: float

    def response(self, adstock: Floats) -> Floats:
        """Contribution in yuan a week of each week's adstock in yuan a week, both of shape (weeks,)."""
        power = adstock**self.slope
        return np.asarray(self.scale * power / (self.half**self.slope + power))

    def marginal(self, adstock: Floats) -> Floats:
        """Sales in yuan for one more yuan a week, spent permanently, at each week's adstock, both of shape (weeks,)."""
        power = adstock ** (self.slope - 1)
        return np.asarray(
            self.scale * self.slope * self.half**self.slope * power / (self.half**self.slope + power * adstock) ** 2
        )


def channel(
    name: str, typical: float, retention: float, half: float, slope: float, roi: float, idle: float, price: float
) -> Channel:
    """Create a channel with `half` in units of typical spend, scaled so that a yuan of typical spend returns `roi`
    yuan.
    """
    scale = roi * typical * (half**slope + 1)
    return Channel(name, typical, retention, half * typical, slope, scale, idle, price)


CHANNELS = (
    channel("wechat", 180_000, 0.35, 1.2, 1.0, 2.2, 0.0, 45),
    channel("weibo", 90_000, 0.20, 0.8, 1.0, 0.9, 0.25, 18),
    channel("douyin", 320_000, 0.40, 1.0, 2.0, 2.0, 0.0, 25),
    channel("kuaishou", 120_000, 0.30, 1.5, 1.0, 1.8, 0.1, 16),
    channel("xiaohongshu", 210_000, 0.60, 1.3, 1.0, 2.6, 0.0, 38),
    channel("bilibili", 70_000, 0.65, 1.6, 2.2, 1.5, 0.3, 30),
)
_BURN_IN = 26
_BASE, _GROWTH, _SEASON = 4_200_000.0, 0.0012, 0.06
_FESTIVAL = np.array([0.45, 0.10, -0.30])
"""Relative effect on the base of an entire week at full strength: shopping festival, National Day, Spring Festival."""
_ELASTICITY, _PROMOTION = -1.3, 0.35
_NOISE, _RHO = 0.022, 0.3


@dataclass(frozen=True)
class Media:
    """Spend and its effect.

    Attributes
    ----------
    spend, adstock, contribution : float64 array (channels, weeks)
        Yuan a week.
    marginal : float64 array (channels, weeks)
        Yuan of sales for one more yuan, see `Channel.marginal`.
    first : int
        First Monday, days since 1970-01-01.
    """

    channels: tuple[Channel, ...]
    spend: Floats
    adstock: Floats
    contribution: Floats
    marginal: Floats
    first: int

    @property
    def mondays(self) -> Ints:
        """The Monday of each week, days since 1970-01-01, int64 array (weeks,)."""
        return self.first + 7 * np.arange(self.spend.shape[1])


def steady_return(name: str) -> float:
    """Yuan of sales for one more yuan of spend at the channel's typical spend, which a test of that channel
    measures.
    """
    found = next(each for each in CHANNELS if each.name == name)
    return float(found.marginal(np.array(found.typical)))


def media(weeks: int, end: int, seed: int, channels: tuple[Channel, ...] = CHANNELS) -> Media:
    """Draw the spend of the last `weeks` full weeks (Monday to Sunday) up to the day `end`.

    Notes
    -----
    Spend starts half a year before the first week of the tables: as in real data, the first weeks carry over spend that
    was not recorded. The campaigns of `panel` and `series` are money and sales on top, in neither table.
    """
    rng = draws.stream(seed, "media")
    first = int(columns.mondays(np.array(end + 1))) - 7 * weeks
    busy = weekly(first - 7 * _BURN_IN, weeks + _BURN_IN)[:, 0]
    spend = np.stack([_spend(rng, each, busy) for each in channels])
    retention = np.array([each.retention for each in channels])
    adstock = np.empty_like(spend)
    state = spend[:, 0]
    for week in range(spend.shape[1]):
        state = (1 - retention) * spend[:, week] + retention * state
        adstock[:, week] = state
    shown = adstock[:, _BURN_IN:]
    return Media(
        channels=channels,
        spend=spend[:, _BURN_IN:],
        adstock=shown,
        contribution=np.stack([each.response(row) for each, row in zip(channels, shown, strict=True)]),
        marginal=np.stack([each.marginal(row) for each, row in zip(channels, shown, strict=True)]),
        first=first,
    )


def _spend(rng: np.random.Generator, of: Channel, busy: Floats) -> Floats:
    """Autocorrelated spend with idle stretches and more money at shopping festivals, rounded to cents; shape
    (weeks,).
    """
    weeks = len(busy)
    wave = draws.autoregression(rng, 0.6, 0.4, (1, weeks))[0]
    mood = draws.autoregression(rng, 0.8, 1.0, (1, weeks))[0]
    idle = mood < np.quantile(mood, of.idle) if of.idle else np.zeros(weeks, dtype=bool)
    return np.where(idle, 0.0, np.round(of.typical * np.exp(wave) * (1 + 0.6 * busy), 2))


def weekly(first: int, weeks: int) -> Floats:
    """Mean festival strength of each week from the Monday `first`, shape (weeks, 3), columns as in
    `calendar.festivals`.
    """
    return festivals(first, 7 * weeks).reshape(weeks, 7, 3).mean(axis=1)


def table(drawn: Media, seed: int) -> pa.Table:
    """One row for each week and channel; weeks without spend are included as zeros."""
    weeks, channels = _grid(drawn)
    spend = drawn.spend.T.ravel()
    price = np.array([each.price for each in drawn.channels])[channels]
    noise = draws.stream(seed, "media.impressions").lognormal(0, 0.12, len(spend))
    return columns.table(
        {
            "week": columns.days(drawn.mondays[weeks]),
            "channel": columns.pick([each.name for each in drawn.channels], channels),
            "spend": columns.money(spend),
            "impressions": columns.number(np.rint(spend / price * 1_000 * noise)),
        }
    )


def outcome(drawn: Media, seed: int) -> tuple[pa.Table, pa.Table]:
    """Build the tables outcome (one row for each week) and truth_outcome, the parts that sum to its value, in yuan.

    Notes
    -----
    Sales are the sum of a base with trend, a yearly season, festivals, price, promotion, the channels' contributions
    and autocorrelated noise.
    """
    rng = draws.stream(seed, "outcome")
    weeks = drawn.spend.shape[1]
    strength = weekly(drawn.first, weeks)
    price = np.round(100 * np.exp(draws.autoregression(rng, 0.85, 0.04, (1, weeks))[0]), 2)
    promotion = np.round(np.where(rng.random(weeks) < 0.25, rng.uniform(0.05, 0.35, weeks), 0.0), 3)
    base = _BASE * (1 + _GROWTH * np.arange(weeks))
    angle = 2 * np.pi * (drawn.mondays % 365.25) / 365.25
    parts = {
        "base": base,
        "season": base * _SEASON * np.cos(angle - 5.8),
        "festival": base * (strength @ _FESTIVAL),
        "price": base * ((price / 100) ** _ELASTICITY - 1),
        "promotion": base * _PROMOTION * promotion,
        "media": drawn.contribution.sum(axis=0),
        "noise": base * draws.autoregression(rng, _RHO, _NOISE, (1, weeks))[0],
    }
    week = columns.days(drawn.mondays)
    names = ("shopping_festival", "national_day", "spring_festival")
    shown = {name: columns.number(np.round(strength[:, index], 4)) for index, name in enumerate(names)}
    seen = {
        "value": columns.number(np.sum(list(parts.values()), axis=0)),
        "price": columns.number(price),
        "promotion": columns.number(promotion),
        "holiday": columns.number((strength.sum(axis=1) > 0).astype(float)),
    }
    truth = {name: columns.number(part) for name, part in parts.items()}
    return columns.table({"week": week} | seen | shown), columns.table({"week": week} | truth)


def truth(drawn: Media) -> pa.Table:
    """truth_response: one row for each week and channel, with realised values and the channel's planted parameters.

    Returns
    -------
    pyarrow.Table
        spend, adstock and contribution in yuan; marginal as in `Channel.marginal`.
    """
    weeks, channels = _grid(drawn)
    planted = {
        name: columns.number(np.array([getattr(each, name) for each in drawn.channels])[channels])
        for name in ("retention", "half", "slope", "scale")
    }
    realised = {
        name: columns.number(getattr(drawn, name).T.ravel())
        for name in ("spend", "adstock", "contribution", "marginal")
    }
    week = {
        "week": columns.days(drawn.mondays[weeks]),
        "channel": columns.pick([each.name for each in drawn.channels], channels),
    }
    return columns.table(week | realised | planted)


def _grid(drawn: Media) -> tuple[Ints, Ints]:
    """Week and channel of each row of a long table, sorted by week."""
    channels, weeks = drawn.spend.shape
    return np.repeat(np.arange(weeks), channels), np.tile(np.arange(channels), weeks)
