"""False-alarm rates: limits set, and rates measured, on simulated quiet series."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import chi2

from reachbook.presentation.numbers import number
from reachbook.sentiment.alerts.detect import LEARNING, Baseline, baseline
from reachbook.sentiment.alerts.streams import Streams
from reachbook.translation import mark, tr

KINDS = (mark("volume"), mark("share"))
WINDOWS = (1, 3)
PAUSE = 2
"""Most days without a signal between two days of the same alarm."""
YEAR = 365.25
_LONGEST = 400
_CELLS, _MOST_CELLS = 500_000, 4_000_000
_FEWEST_YEARS, _YEARS = 20.0, 200.0
_AIM = 0.8
"""Part of the stated rate that is aimed at, because fitted noise and replay err in both directions."""
_FROM = 50
_ANY = 0.02


@dataclass(frozen=True)
class QuietRuns:
    """Results of the detector on quiet series.

    Attributes
    ----------
    lows : float64 array (alarms,) each
        Smallest probability of each alarm, ascending, by kind and window.
    years : float
        Length of all series, in years.

    Notes
    -----
    Quiet series are drawn from the study's own fitted levels, weekdays and noise, stream by stream, and pass through
    the same detector. The probabilities that the detector states are inaccurate for many reasons (discrete counts,
    estimated noise, overlapping windows); its results on quiet series include them all.
    """

    lows: dict[tuple[str, int], np.ndarray]
    years: float

    def limits(self, alarms_a_year: float) -> dict[tuple[str, int], float]:
        """Limit of the probability for each kind and window, each with an equal part of `alarms_a_year`."""
        due = _AIM * alarms_a_year * self.years / len(self.lows)
        return {test: _limit(lows, due) for test, lows in self.lows.items()}


def _limit(lows: np.ndarray, due: float) -> float:
    """The probability below which `due` of the alarms lie; for a few, extrapolated in proportion to the count of
    many.
    """
    count = max(int(np.ceil(due)), min(_FROM, len(lows)), 1)
    if len(lows) < count:
        return _ANY
    return float(min(lows[count - 1] * due / count, _ANY))


@dataclass(frozen=True)
class FalseAlarms:
    """False alarms a year over all streams: stated, and measured with a 95 % interval.

    Attributes
    ----------
    stated, measured, low, high : float
        Alarms a year.
    alarms : int
        Number of alarms in `years` of quiet series.
    """

    stated: float
    measured: float
    low: float
    high: float
    alarms: int
    years: float

    @property
    def consistent(self) -> bool:
        """Whether the measurement is consistent with the stated rate."""
        return bool(self.low <= self.stated)

    def describe(self) -> str:
        """Describe the result in one sentence."""
        return tr(
            "{years} years of quiet days like these gave {measured} false alarms a year [{low}, {high}]; {stated} a "
            "year were accepted.",
            years=number(self.years),
            measured=number(self.measured),
            low=number(self.low),
            high=number(self.high),
            stated=number(self.stated),
        )


def rehearse(streams: Streams, windows: Sequence[int] = WINDOWS, learning: int = LEARNING, seed: int = 1) -> QuietRuns:
    """Run the detector on quiet series like `streams`: from 20 years of many streams to 200 years of a few."""
    quiet = Quiet(streams, learning)
    drawn = quiet.drawn(np.random.default_rng([seed, 41]))
    chances = tested(drawn, windows)
    lows = {test: _lows(chance) for test, chance in chances.items()}
    return QuietRuns(lows, quiet.copies * quiet.watched / YEAR)


def measured(
    streams: Streams, limits: dict[tuple[str, int], float], learning: int, stated: float, seed: int
) -> FalseAlarms:
    """Measure alarms a year on quiet series other than those from which the limits were derived."""
    quiet = Quiet(streams, learning)
    windows = sorted({window for _, window in limits})
    chances = tested(quiet.drawn(np.random.default_rng([seed, 42])), windows)
    found = 0
    for kind in KINDS:
        rings = np.logical_or.reduce([chances[kind, window] < limits[kind, window] for window in windows])
        found += int(_starts(rings).sum())
    years = quiet.copies * quiet.watched / YEAR
    low = chi2.ppf(0.025, 2 * found) / 2 if found else 0.0
    return FalseAlarms(
        stated, found / years, low / years, float(chi2.ppf(0.975, 2 * found + 2) / 2 / years), found, years
    )


def tested(known: Baseline, windows: Sequence[int]) -> dict[tuple[str, int], np.ndarray]:
    """Probability of each day by kind and window, float64 array (..., streams, days) each, 1 while learning."""
    found = {}
    for window in windows:
        surprise = known.surprise(window)
        for kind in KINDS:
            found[kind, window] = np.nan_to_num(getattr(surprise, kind), nan=1.0)
    return found


def _starts(rings: np.ndarray) -> np.ndarray:
    """Flag the days on which an alarm begins: signals without a signal on the days just before."""
    before = np.zeros_like(rings)
    for back in range(1, PAUSE + 2):
        before[..., back:] |= rings[..., :-back]
    return np.asarray(rings & ~before)


def _lows(chance: np.ndarray) -> np.ndarray:
    """Smallest probability of each alarm that days below `_ANY` would raise, ascending."""
    rings = chance < _ANY
    which = np.cumsum(_starts(rings).ravel())[rings.ravel()] - 1
    lows = np.ones(which.max(initial=-1) + 1)
    np.minimum.at(lows, which, chance[rings])
    return np.sort(lows)


@dataclass(frozen=True)
class Quiet:
    """Series as the study's would be if nothing happened in them.

    Attributes
    ----------
    streams : Streams
        The study's streams.
    learning : int
        Number of first days without alarms.
    """

    streams: Streams
    learning: int

    @cached_property
    def known(self) -> Baseline:
        """Baseline of the study's streams."""
        return baseline(self.streams.negative, self.streams.total, self.learning)

    @property
    def days(self) -> int:
        """Length of a series in days: that of the study, so that the detector has learned as much."""
        return min(max(len(self.streams.days), self.learning + 7), _LONGEST)

    @property
    def watched(self) -> int:
        """Days of a series on which there may be an alarm."""
        return self.days - self.learning

    @property
    def copies(self) -> int:
        """Number of series that are drawn."""
        each = self.days * len(self.streams.keys)
        few, many = (int(np.ceil(years * YEAR / self.watched)) for years in (_FEWEST_YEARS, _YEARS))
        return max(2, min(max(_CELLS // each, few), many, _MOST_CELLS // each))

    def drawn(self, rng: np.random.Generator) -> Baseline:
        """Draw quiet series and compute their baseline, shape (copies, streams, days)."""
        share = (self.known.hit / (self.known.hit + self.known.miss)).mean(axis=-1)[:, None]
        alike = np.clip(self.known.correlation[..., -1:], 1e-4, 0.5)
        # Noise of the negatives is that of all comments and that of the share; the former is what remains.
        noise = np.maximum(self.known.noise[..., -1:] - alike * (1 - share) / share, 1e-4)
        busy = np.resize(self.known.busy[-7:], 7)[(np.arange(self.days) - len(self.streams.days)) % 7]
        level = self.streams.total.mean(axis=-1, keepdims=True) * busy
        size = (self.copies, *level.shape)
        total = rng.poisson(level * rng.gamma(1 / noise, noise, size))
        strength = 1 / alike - 1
        negative = rng.binomial(total, rng.beta(share * strength, (1 - share) * strength, size))
        return baseline(negative, total, self.learning)
