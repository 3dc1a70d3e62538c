"""Daily probability that a stream's volume, or its share of negatives, is ordinary."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln
from scipy.stats import nbinom

MEMORY = 0.96
"""Weight of a day relative to the next: half is forgotten in 17 days, so that slow growth is followed."""
LEARNING = 21
_WARM = 7
_PRIOR_NOISE = 0.03
_PRIOR_SHARE_NOISE = 0.01
_LEAST_NOISE = 0.002
_PRIOR_DAYS = 30.0
_SAFETY = 1.2
"""Factor on the estimated extra noise. The estimate is too small as often as too large, and the streams where it is too
small raise many alarms. Chosen on quiet series of other seeds than those reported.
"""
_ORDINARY = 1.5
"""Standard deviations above the mean from which a probability is computed; smaller deviations never raise an alarm."""


@dataclass(frozen=True)
class Surprise:
    """Each day compared with what was expected; all are float64 array (..., streams, days), nan while learning.

    Attributes
    ----------
    volume : float64 array
        Probability of at least as many negatives; 1 where the day is close to the expectation.
    share : float64 array
        Probability of at least as many negatives given the day's comments; 1 where it is close to the expectation, nan
        on days without comments.
    expected, expected_share : float64 array
        Expected number and share of negatives.
    """

    volume: np.ndarray
    share: np.ndarray
    expected: np.ndarray
    expected_share: np.ndarray


@dataclass(frozen=True)
class Baseline:
    """State before each day; arrays have shape (..., streams, days) unless stated otherwise.

    Attributes
    ----------
    negative, total : int array
        Number of negatives and of comments.
    shape, rate : float64 array
        Of the gamma distribution of the daily number of negatives on an ordinary weekday.
    busy : float64 array (..., days)
        Factor of the weekday.
    noise : float64 array
        Squared coefficient of extra variation of the volume.
    hit, miss : float64 array
        Parameters of the beta distribution of the share.
    correlation : float64 array
        Correlation of a day's comments beyond the share.
    learning : int
        Number of first days without probabilities.

    Notes
    -----
    Each stream has a running baseline with discounting: a gamma-Poisson for the volume and a beta-binomial for the
    share. Weekday factors are common to all streams. Each stream has extra noise beyond chance, estimated from the
    baseline's past errors. Extreme days are clipped before they update the baseline. Only the past is used, so that a
    replay of old days gives what would have been reported on the day. Series may be stacked: leading axes share
    nothing.

    References
    ----------
    West & Harrison (1997), "Bayesian Forecasting and Dynamic Models".
    """

    negative: np.ndarray
    total: np.ndarray
    shape: np.ndarray
    rate: np.ndarray
    busy: np.ndarray
    noise: np.ndarray
    hit: np.ndarray
    miss: np.ndarray
    correlation: np.ndarray
    learning: int

    def surprise(self, window: int = 1) -> Surprise:
        """Probabilities of each day, or of the sum of the last `window` days, against the baseline before the first of
        them.
        """
        first = np.maximum(np.arange(self.negative.shape[-1]) - window + 1, 0)
        y, n = _summed(self.negative, window), _summed(self.total, window)
        longer = (1 + (window - 1) / 2) / window
        ready = np.arange(y.shape[-1]) >= self.learning
        shape, rate = self.shape[..., first], self.rate[..., first]
        expected = shape / rate * _summed(self.busy, window)[..., None, :]
        extra = np.maximum(_SAFETY * self.noise * longer + 1 / shape, 1e-6)
        volume = _count_tail(y, expected, extra)
        hit, miss = self.hit[..., first], self.miss[..., first]
        mean = hit / (hit + miss)
        alike = np.clip(_SAFETY * self.correlation * longer + 1 / (hit + miss + 1), 1e-6, 0.9)
        share = _share_tail(y, n, mean, 1 / alike - 1)
        quiet = [np.where(ready, each, np.nan) for each in (volume, share, expected, mean)]
        quiet[1] = np.where(n > 0, quiet[1], np.nan)
        return Surprise(*quiet)


def surprise(negative: np.ndarray, total: np.ndarray, window: int = 1, learning: int = LEARNING) -> Surprise:
    """Probabilities of each day.

    Parameters
    ----------
    negative, total : int array (..., streams, days)
        Daily counts.
    window : int
        Number of days that are summed.
    learning : int
        Number of first days without probabilities.
    """
    return baseline(negative, total, learning).surprise(window)


def baseline(negative: np.ndarray, total: np.ndarray, learning: int = LEARNING) -> Baseline:
    """Estimate the baseline of each day from the days before it.

    Parameters
    ----------
    negative, total : int array (..., streams, days)
        Daily counts.
    learning : int
        Number of first days without probabilities.
    """
    volume, share = _volume(negative.astype(float)), _share(negative.astype(float), total.astype(float), learning)
    return Baseline(negative, total, *volume, *share, learning)


def _summed(values: np.ndarray, window: int) -> np.ndarray:
    """Sums of the last `window` days."""
    total = values.copy()
    for back in range(1, window):
        total[..., back:] += values[..., :-back]
    return total


def _count_tail(y: np.ndarray, mean: np.ndarray, extra: np.ndarray) -> np.ndarray:
    """P(Y >= y) of a negative binomial Y with variance mean + extra * mean²; 1 where y is ordinary."""
    chance = np.ones(y.shape)
    far = y - mean > _ORDINARY * np.sqrt(mean + extra * mean**2)
    more, spread = mean[far], extra[far]
    chance[far] = nbinom.sf(y[far] - 1, 1 / spread, 1 / (1 + spread * more))
    return chance


def _share_tail(y: np.ndarray, n: np.ndarray, mean: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """P(Y >= y) of a beta-binomial Y among n; 1 where y is ordinary."""
    chance = np.ones(y.shape)
    variance = n * mean * (1 - mean) * (1 + (n - 1) / (strength + 1))
    far = (n > 0) & (y - n * mean > _ORDINARY * np.sqrt(np.maximum(variance, 1e-12)))
    k, m, a = y[far].astype(float), n[far].astype(float), (mean * strength)[far]
    b = strength[far] - a
    choose = gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1)
    term = np.exp(choose + betaln(k + a, m - k + b) - betaln(a, b))
    summed = term.copy()
    while (live := (k < m) & (term > 1e-6 * summed)).any():
        term = np.where(live, term * (m - k) / (k + 1) * (a + k) / (b + m - k - 1), 0.0)
        summed, k = summed + term, k + 1
    chance[far] = np.minimum(summed, 1)
    return chance


def _volume(y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(shape, rate, busy, noise) before each day, see `Baseline`."""
    streams, days = y.shape[:-1], y.shape[-1]
    shape, rate = np.full(streams, 0.5), np.full(streams, 0.5)
    noise, factors = _Noise(streams, _PRIOR_NOISE), _Weekdays(streams[:-1])
    kept = [np.empty((days, *streams)) for _ in range(3)]
    busy = np.empty((days, *streams[:-1]))
    for day in range(days):
        spare, ready = noise.value(), day >= _WARM
        weight = factors.of(day % 7)
        for each, value in zip((*kept, busy), (shape, rate, spare, weight), strict=True):
            each[day] = value
        today = shape / rate * weight[..., None]
        seen = y[..., day]
        if ready:
            noise.learn((np.minimum(seen, _far(today, spare)) - today) ** 2 - today - today**2 / shape, today**2)
            seen = np.minimum(seen, _far(today, spare))
            factors.learn(day % 7, seen.sum(axis=-1), (shape / rate).sum(axis=-1))
        shape, rate = MEMORY * shape + seen, MEMORY * rate + factors.of(day % 7)[..., None]
    first, second, third = (np.moveaxis(each, 0, -1) for each in kept)
    return first, second, np.moveaxis(busy, 0, -1), third


def _far(today: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Number of negatives above which a day is clipped before it updates the baseline."""
    return np.asarray(today + 3 * np.sqrt(today + today**2 * _SAFETY * noise) + 1)


def _share(y: np.ndarray, n: np.ndarray, learning: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(hit, miss, alike) before each day, see `Baseline`."""
    streams, days = y.shape[:-1], y.shape[-1]
    # Weak beliefs, so that where they come from hardly counts once the first comments are in.
    start = (y[..., :learning].sum(axis=(-1, -2)) + 1) / (n[..., :learning].sum(axis=(-1, -2)) + 3)
    usual = np.broadcast_to(np.maximum(start, 0.01)[..., None], streams)
    hit, miss = 2 * usual, 2 * (1 - usual)
    noise = _Noise(streams, _PRIOR_SHARE_NOISE)
    kept = [np.empty((days, *streams)) for _ in range(3)]
    for day in range(days):
        spare, size, seen = noise.value(), n[..., day], y[..., day]
        for each, value in zip(kept, (hit, miss, spare), strict=True):
            each[day] = value
        now = hit / (hit + miss)
        chance = now * (1 - now)
        if day >= _WARM:
            spread = np.sqrt(size * chance * (1 + np.maximum(size - 1, 0) * _SAFETY * spare))
            seen = np.minimum(seen, size * now + 3 * spread + 1)
            pairs = chance * size * np.maximum(size - 1, 0)
            noise.learn((seen - size * now) ** 2 - size * chance - pairs / (hit + miss + 1), pairs)
        hit, miss = MEMORY * hit + seen, MEMORY * miss + np.maximum(size - seen, 0)
    first, second, third = (np.moveaxis(each, 0, -1) for each in kept)
    return first, second, third


class _Weekdays:
    """Weekday factors common to all streams, initially equal and updated from ratios to the baseline."""

    def __init__(self, stacked: tuple[int, ...]) -> None:
        self.seen, self.due = np.full((*stacked, 7), 20.0), np.full((*stacked, 7), 20.0)

    def of(self, weekday: int) -> np.ndarray:
        ratio = self.seen / self.due
        return np.asarray(ratio[..., weekday] / ratio.mean(axis=-1))

    def learn(self, weekday: int, seen: np.ndarray, due: np.ndarray) -> None:
        # Busy days would count for more than quiet ones; each day counts for at most 200 comments.
        scale = np.minimum(1.0, 200 / np.maximum(due, 1e-9))
        self.seen[..., weekday] = 0.98 * self.seen[..., weekday] + scale * seen
        self.due[..., weekday] = 0.98 * self.due[..., weekday] + scale * due


class _Noise:
    """Squared coefficient of extra variation of each stream, shrunk towards that of all streams together."""

    def __init__(self, streams: tuple[int, ...], prior: float) -> None:
        self.above, self.base, self.prior = np.zeros(streams), np.zeros(streams), prior
        self.days = 0

    def learn(self, above: np.ndarray, base: np.ndarray) -> None:
        """Update the estimate by one day.

        Parameters
        ----------
        above : float64 array
            Squared error minus what chance explains.
        base : float64 array
            What a coefficient of one would add.
        """
        self.above, self.base, self.days = self.above + above, self.base + base, self.days + 1

    def value(self) -> np.ndarray:
        typical = self.base.mean(axis=-1, keepdims=True) / max(self.days, 1)
        lean = _PRIOR_DAYS * np.maximum(typical, 1e-9)
        all_above, all_base = self.above.sum(axis=-1, keepdims=True), self.base.sum(axis=-1, keepdims=True)
        together = np.maximum((all_above + self.prior * lean) / (all_base + lean), _LEAST_NOISE)
        own = (self.above + together * lean) / (self.base + lean)
        return np.asarray(np.maximum(own, together))
