"""Simulated brands with known curves: the demo's, and others whose channels are drawn anew by each seed.

One truth on many seeds shows what noise does to a model; only many truths show whether its intervals hold.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from reachbook.demo import columns, draws, media
from reachbook.demo.media import CHANNELS, Channel, Media

type Floats = npt.NDArray[np.float64]

END = date(2026, 6, 30)
_REGIONS, _MANY = 4, 20
_LAGS = 13


@dataclass(frozen=True)
class Brand:
    """Tables `media` and `outcome`; by channel, true roi over all periods and mroi at the mean of the last 13 weeks."""

    channels: dict[str, Channel]
    spend: pd.DataFrame
    outcome: pd.DataFrame
    roi: pd.Series
    mroi: pd.Series


def brand(seed: int, world: str = "demo", weeks: int = 156) -> Brand:
    """The brand of a seed in one of the WORLDS."""
    return WORLDS[world](seed, weeks)


def drawn(seed: int) -> tuple[Channel, ...]:
    """The demo's spends, with other responses.

    Retention from 0.15 to 0.7; half of the channels diminish throughout, half are S-shaped with a slope from 1.2 to
    2.4; half of the largest effect at 1.2 times typical spend (log-normal, 0.4); return of typical spend 1.7 (0.45).
    """
    rng = np.random.default_rng([seed, 77])
    made = []
    for usual in CHANNELS:
        retention = rng.uniform(0.15, 0.7)
        slope = 1.0 if rng.random() < 0.5 else rng.uniform(1.2, 2.4)
        half, roi = float(np.exp(rng.normal(np.log(1.2), 0.4))), float(np.exp(rng.normal(np.log(1.7), 0.45)))
        made.append(media.channel(usual.name, usual.typical, retention, half, slope, roi, usual.idle, usual.price))
    return tuple(made)


def _weekly(channels: tuple[Channel, ...], seed: int, weeks: int) -> Brand:
    made = media.media(weeks, columns.day_number(END), seed, channels)
    return _brand(made, media.table(made, seed).to_pandas(), media.outcome(made, seed)[0].to_pandas())


def _brand(made: Media, spend: pd.DataFrame, outcome: pd.DataFrame, now: Floats | None = None) -> Brand:
    """`now` : money a week in the last 13 weeks, where `made` is not by week."""
    names, current = [each.name for each in made.channels], made.spend[:, -13:].mean(axis=1) if now is None else now
    return Brand(
        channels=dict(zip(names, made.channels, strict=True)),
        spend=spend,
        outcome=outcome,
        roi=pd.Series(made.contribution.sum(axis=1) / made.spend.sum(axis=1), names),
        mroi=pd.Series(_marginal(made.channels, current), names),
    )


def _marginal(channels: tuple[Channel, ...], current: Floats) -> Floats:
    return np.array([float(each.marginal(at)) for each, at in zip(channels, current, strict=True)])


def _delayed(seed: int, weeks: int) -> Brand:
    """Spend that works most after some weeks: weights kept ** (lag - peak) ** 2, with a peak up to 2.5 weeks later."""
    rng, channels = np.random.default_rng([seed, 78]), drawn(seed)
    made = media.media(weeks + 2 * _LAGS, columns.day_number(END), seed, channels)
    stocks = []
    for c, each in enumerate(channels):
        weight = each.retention ** (np.arange(_LAGS + 1) - rng.uniform(0, 2.5)) ** 2
        stocks.append(np.convolve(made.spend[c], weight / weight.sum())[: made.spend.shape[1]])
    brought = np.stack([each.response(stock) for each, stock in zip(channels, stocks, strict=True)])
    shown = replace(
        made, spend=made.spend[:, 2 * _LAGS :], adstock=np.stack(stocks)[:, 2 * _LAGS :],
        contribution=brought[:, 2 * _LAGS :], first=made.first + 7 * 2 * _LAGS,
    )  # fmt: skip
    return _brand(shown, media.table(shown, seed).to_pandas(), media.outcome(shown, seed)[0].to_pandas())


def _regional(seed: int, weeks: int, regions: int = _REGIONS) -> Brand:
    """Regions with spends and noise of their own; returns and halves differ by a quarter (log-normal)."""
    rng, channels = np.random.default_rng([seed, 79]), drawn(seed)
    parts, tables, values = [], [], []
    for region in range(regions):
        apart = np.exp(rng.normal(0, 0.25, (2, len(channels))))
        own = tuple(
            replace(each, scale=each.scale * apart[0, c], half=each.half * apart[1, c])
            for c, each in enumerate(channels)
        )
        made = media.media(weeks, columns.day_number(END), 1_000 * seed + region, own)
        parts.append(made)
        tables.append(media.table(made, seed).to_pandas().assign(region=f"r{region}"))
        values.append(media.outcome(made, 1_000 * seed + region)[0].to_pandas().assign(region=f"r{region}"))
    whole = _brand(parts[0], pd.concat(tables), pd.concat(values))
    spent, now = sum(part.spend.sum(axis=1) for part in parts), [part.spend[:, -13:].mean(axis=1) for part in parts]
    roi = sum(part.contribution.sum(axis=1) for part in parts) / spent
    slopes = np.array([_marginal(part.channels, here) for part, here in zip(parts, now, strict=True)])
    mroi = (slopes * now).sum(axis=0) / np.sum(now, axis=0)
    names = list(whole.channels)
    return replace(whole, roi=pd.Series(roi, names), mroi=pd.Series(mroi, names))


def _daily(seed: int, weeks: int) -> Brand:
    """The same by day: spend and sales differ by weekday, and each day's stock keeps the week's retention."""
    rng, channels = np.random.default_rng([seed, 80]), drawn(seed)
    made = media.media(weeks + _LAGS, columns.day_number(END), seed, channels)
    weekday = np.exp(rng.normal(0, 0.15, 7))
    part = np.exp(rng.normal(0, 0.35, (len(channels), weeks + _LAGS, 7))) * weekday
    spend = (made.spend[:, :, None] * part / part.sum(axis=2, keepdims=True)).reshape(len(channels), -1)
    stock, kept = np.empty_like(spend), np.array([each.retention for each in channels]) ** (1 / 7)
    state = spend[:, :7].mean(axis=1)
    for day in range(spend.shape[1]):
        state = (1 - kept) * spend[:, day] + kept * state
        stock[:, day] = state
    brought = np.stack([each.response(7 * at) / 7 for each, at in zip(channels, stock, strict=True)])
    start = 7 * _LAGS
    by_day = replace(
        made, spend=spend[:, start:], adstock=stock[:, start:], contribution=brought[:, start:],
        first=made.first + start,
    )  # fmt: skip
    weekly = replace(made, spend=made.spend[:, _LAGS:], contribution=made.contribution[:, _LAGS:], first=by_day.first)
    seen, truth = (table.to_pandas() for table in media.outcome(weekly, seed))
    base = truth.drop(columns=["week", "media", "noise"]).sum(axis=1).to_numpy()
    usual = np.exp(rng.normal(0, 0.1, 7))
    noise = draws.autoregression(rng, 0.3, 0.05, (1, 7 * weeks))[0]
    value = np.repeat(base / 7, 7) * (np.tile(usual / usual.mean(), weeks) + noise) + by_day.contribution.sum(axis=0)
    days = pd.date_range(seen["week"].iloc[0], periods=7 * weeks)
    outcome = seen.loc[seen.index.repeat(7)].reset_index(drop=True).assign(week=days, value=value)
    names = [each.name for each in channels]
    table = pd.DataFrame({"week": np.tile(days, len(names)), "channel": np.repeat(names, len(days)),
                          "spend": by_day.spend.ravel()})  # fmt: skip
    return _brand(by_day, table, outcome, 7 * by_day.spend[:, -91:].mean(axis=1))


WORLDS: dict[str, Callable[[int, int], Brand]] = {
    "demo": lambda seed, weeks: _weekly(CHANNELS, seed, weeks),
    "drawn": lambda seed, weeks: _weekly(drawn(seed), seed, weeks),
    "delayed": _delayed,
    "regions": _regional,
    "many": lambda seed, weeks: _regional(seed, weeks, _MANY),
    "daily": _daily,
}
