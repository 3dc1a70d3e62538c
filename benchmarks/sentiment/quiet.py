"""Quiet and disturbed daily counts for the alerts. Shared by benchmark and tests."""

from datetime import date, timedelta

import numpy as np

from reachbook.sentiment.alerts.streams import Streams

WEEKDAY = np.array([0.9, 0.92, 0.95, 1.0, 1.1, 1.15, 1.0])


def quiet(rng: np.random.Generator, days: int, count: int = 24, noise: float = 0.2, drift: float = 0.0) -> Streams:
    """Streams without any burst: volumes of 0.5 to 60 a day, weekdays, gamma noise on volume (coefficient `noise`, a
    third of it common to all streams), beta noise on the share, and a slow wave of `drift` in log volume."""
    base = np.exp(rng.uniform(np.log(0.5), np.log(60), count))
    day = np.arange(days)
    wave = np.exp(drift * np.sin(2 * np.pi * (day / 120 + rng.random(count)[:, None])))
    common = rng.gamma(3 / noise**2, noise**2 / 3, days)
    own = rng.gamma(1.5 / noise**2, noise**2 / 1.5, (count, days))
    total = rng.poisson(base[:, None] * WEEKDAY[day % 7] * wave * common * own)
    share = rng.uniform(0.1, 0.45, count)[:, None]
    negative = rng.binomial(total, rng.beta(share * 40, (1 - share) * 40, total.shape))
    keys = tuple((f"p{j}", None, None) for j in range(count))
    return Streams(keys, tuple(date(2024, 1, 1) + timedelta(days=d) for d in range(days)), negative, total)


def burst(rng: np.random.Generator, calm: Streams, stream: int, day: int, times: float, length: int = 4) -> Streams:
    """`calm` with extra comments in one stream, `times` its ordinary volume a day, 85 % of them negative."""
    extra = rng.poisson(np.full(length, times * calm.total[stream].mean()))
    total, negative = calm.total.copy(), calm.negative.copy()
    span = slice(day, day + length)
    total[stream, span] += extra[: total[stream, span].size]
    negative[stream, span] += rng.binomial(extra, 0.85)[: total[stream, span].size]
    return Streams(calm.keys, calm.days, negative, total)
