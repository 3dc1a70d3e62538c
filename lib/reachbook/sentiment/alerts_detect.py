"""Is today out of the ordinary for this stream? One probability a day, for the volume and for the share of negatives.

Each stream has a running baseline that forgets (a gamma-Poisson and a beta-binomial with a discount; West & Harrison
1997), weekdays in common with all streams, and its own extra noise on top of chance, learned from how wrong the
baseline was so far. What is far out does not teach the baseline. Only the past is ever used, so that a replay of old
days gives what would have been said on the day.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import betabinom, nbinom

MEMORY = 0.96
"""Weight of a day after another: half is forgotten in 17 days, so that slow growth is followed."""
LEARNING = 21
_PRIOR_NOISE = 0.03
_PRIOR_DAYS = 30.0
_SAFETY = 1.2
"""Extra noise is taken this much larger than found: its estimate is as often too small as too large, and the alarms of
the streams where it is too small are many. Chosen on quiet series of other seeds than those reported."""


@dataclass(frozen=True)
class Surprise:
    """What each day was against what was to be expected; arrays (streams, days), NaN while learning.

    volume, share : probability of as many negatives or more; of as large a share or more, given the day's comments
    expected, expected_share : the baseline
    """

    volume: np.ndarray
    share: np.ndarray
    expected: np.ndarray
    expected_share: np.ndarray


def surprise(negative: np.ndarray, total: np.ndarray, window: int = 1, learning: int = LEARNING) -> Surprise:
    """The probabilities of each day, for counts (streams, days); sums of the last `window` days if that is above 1.

    A sum of several days is held against a baseline that ends before the first of them.
    """
    weekday = np.arange(negative.shape[1]) % 7
    volume, expected = _volume(negative, weekday, window, learning)
    share, expected_share = _share(negative, total, window, learning)
    return Surprise(volume, share, expected, expected_share)


def _volume(y: np.ndarray, weekday: np.ndarray, window: int, learning: int) -> tuple[np.ndarray, np.ndarray]:
    streams, days = y.shape
    p, expected = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    shape, rate = np.full(streams, 0.5), np.full(streams, 0.5)
    noise = _Noise(streams)
    factors = _Weekdays()
    past: list[tuple[np.ndarray, np.ndarray]] = []
    for day in range(days):
        past = [*past[-(window - 1) :], (shape.copy(), rate.copy())] if window > 1 else [(shape, rate)]
        base_shape, base_rate = past[0]
        span = range(max(0, day - window + 1), day + 1)
        weight = sum(factors.of(weekday[d]) for d in span)
        mean = base_shape / base_rate * weight
        extra = noise.value() * (1 + (window - 1) / 2) / window + 1 / base_shape
        if day >= learning:
            size = 1 / np.maximum(extra, 1e-6)
            p[:, day] = nbinom.sf(y[:, span].sum(axis=1) - 1, size, size / (size + mean))
            expected[:, day] = mean
        today = shape / rate * factors.of(weekday[day])
        spread = np.sqrt(today + today**2 * noise.value())
        seen = np.minimum(y[:, day], today + 3 * spread + 1) if day >= 7 else y[:, day]
        if day >= 7:
            noise.learn((seen - today) ** 2 - today - today**2 / shape, today**2)
        factors.learn(int(weekday[day]), float(seen.sum()), float((shape / rate).sum()), day >= 7)
        shape, rate = MEMORY * shape + seen, MEMORY * rate + factors.of(weekday[day])
    return p, expected


def _share(y: np.ndarray, n: np.ndarray, window: int, learning: int) -> tuple[np.ndarray, np.ndarray]:
    streams, days = y.shape
    p, expected = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    usual = np.maximum(y[:, :learning].sum() / max(n[:, :learning].sum(), 1), 0.01)
    hit, miss = np.full(streams, 2.0 * usual), np.full(streams, 2.0 * (1 - usual))
    noise = _Noise(streams, 0.01)
    past: list[tuple[np.ndarray, np.ndarray]] = []
    for day in range(days):
        past = [*past[-(window - 1) :], (hit.copy(), miss.copy())] if window > 1 else [(hit, miss)]
        first, second = past[0]
        span = range(max(0, day - window + 1), day + 1)
        count = n[:, span].sum(axis=1)
        mean = first / (first + second)
        alike = np.clip(noise.value() * (1 + (window - 1) / 2) / window + 1 / (first + second + 1), 1e-6, 0.9)
        strength = 1 / alike - 1
        if day >= learning:
            here = count > 0
            tail = betabinom.sf(
                y[here][:, span].sum(axis=1) - 1, count[here], (mean * strength)[here], ((1 - mean) * strength)[here]
            )
            p[here, day], expected[:, day] = tail, mean
        now, size = hit / (hit + miss), n[:, day]
        chance = now * (1 - now)
        spread = np.sqrt(size * chance * (1 + np.maximum(size - 1, 0) * noise.value()))
        seen = np.minimum(y[:, day], size * now + 3 * spread + 1) if day >= 7 else y[:, day].astype(float)
        if day >= 7:
            pairs = chance * size * np.maximum(size - 1, 0)
            noise.learn((seen - size * now) ** 2 - size * chance - pairs / (hit + miss + 1), pairs)
        hit, miss = MEMORY * hit + seen, MEMORY * miss + np.maximum(size - seen, 0)
    return p, expected


class _Weekdays:
    """How busy each weekday is, in common for all streams; starts even, learns from ratios to the baseline."""

    def __init__(self) -> None:
        self.seen, self.due = np.full(7, 20.0), np.full(7, 20.0)

    def of(self, weekday: int) -> float:
        ratio = self.seen / self.due
        return float(ratio[weekday] / ratio.mean())

    def learn(self, weekday: int, seen: float, due: float, ready: bool) -> None:
        if ready and due > 0:
            # Busy days would count for more than quiet ones; each day counts for at most 200 comments.
            scale = min(1.0, 200 / due)
            self.seen[weekday] = 0.98 * self.seen[weekday] + scale * seen
            self.due[weekday] = 0.98 * self.due[weekday] + scale * due


class _Noise:
    """Squared coefficient of extra variation of each stream, leaning on that of all streams together."""

    def __init__(self, streams: int, prior: float = _PRIOR_NOISE) -> None:
        self.above, self.base, self.prior = np.zeros(streams), np.zeros(streams), prior
        self.days = 0

    def learn(self, above: np.ndarray, base: np.ndarray) -> None:
        """above : squared error less what chance explains; base : what a coefficient of one would add."""
        self.above, self.base, self.days = self.above + above, self.base + base, self.days + 1

    def value(self) -> np.ndarray:
        typical = self.base.mean() / max(self.days, 1)
        lean = _PRIOR_DAYS * max(typical, 1e-9)
        together = (self.above.sum() + self.prior * lean) / (self.base.sum() + lean)
        own = (self.above + max(together, 0.002) * lean) / (self.base + lean)
        return np.asarray(_SAFETY * np.maximum(own, max(together, 0.002)))
