"""Alarms with a stated number of false ones a year over everything that is watched.

The yearly number is shared out evenly over the two questions (volume, share) and the lengths of time looked at. How
small a chance has to be for it, over all streams and days together, is learnt on quiet series like the study's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.sentiment.alerts.detect import LEARNING, baseline
from reachbook.sentiment.alerts.false_alarms import (
    KINDS,
    PAUSE,
    WINDOWS,
    FalseAlarms,
    QuietRuns,
    measured,
    rehearse,
    tested,
)
from reachbook.sentiment.alerts.streams import KEYS, Key, Streams
from reachbook.sentiment.aspects.aspects import quotes


@dataclass(frozen=True)
class Alert:
    """One alarm of one stream.

    kind : "volume" or "share"; start, end : first and last day that stood out; known : the day on which it was known
    negative, total, expected : negatives, comments, and negatives to be expected over these days; for "share" expected
        at the usual share of the comments there were
    chance : smallest probability of a day like it without a cause, in this stream
    a_year : false alarms as clear as this one that a year of all streams together gives without a cause; where quiet
        series showed none so clear, what the clearest of them allow to say at most, and `rarest` is true
    quotes : what was said, masked
    """

    key: Key
    kind: str
    start: date
    end: date
    known: date
    negative: int
    total: int
    expected: float
    chance: float
    a_year: float
    rarest: bool = False
    quotes: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The stream in words."""
        return ", ".join(value for value in self.key if value) or "all comments"

    @property
    def rarity(self) -> str:
        """How often chance alone gives an alarm as clear, in words."""
        often = _once_in(1 / self.a_year, self.rarest)
        return f"by chance an alarm as clear comes {often}, over all that is watched"

    def describe(self) -> str:
        """When, where, how large, and how often by chance."""
        days = f"{self.start}" if self.start == self.end else f"{self.start} to {self.end}"
        size = f"{number(self.negative, 'count')} negative comments where {number(self.expected)} were to be expected"
        share = f"{number(self.negative / max(self.total, 1), 'ratio')} of {number(self.total, 'count')}"
        return f"{days}, {self.where}: {size} ({share}; by {self.kind}); {self.rarity}."


@dataclass(frozen=True)
class Watch:
    """Every alert, and what it was found with.

    limits : probability under which a day, or the window that ends on it, stands out, for each kind and window
    """

    alerts: tuple[Alert, ...]
    alarms_a_year: float
    limits: dict[tuple[str, int], float]
    streams: int
    days: int

    def describe(self) -> str:
        """The promise in a sentence."""
        return (
            f"{self.streams} streams watched on {self.days} days for volume and for share; at most "
            f"{number(self.alarms_a_year)} false alarms a year are to be expected over all of them."
        )

    def incidents(self) -> list[tuple[Alert, ...]]:
        """Alerts that overlap in time and are about the same thing, a part of it, or parts of one; clearest first."""
        groups: list[list[Alert]] = []
        for alert in sorted(self.alerts, key=lambda each: (each.chance, str(each.key))):
            homes = [group for group in groups if any(_related(alert, other) for other in group)]
            joined = [*(each for group in homes for each in group), alert]
            first = groups.index(homes[0]) if homes else len(groups)
            groups = [group for group in groups if group not in homes]
            groups.insert(first, joined)
        return [tuple(group) for group in groups]

    def table(self) -> pd.DataFrame:
        """One row an alert."""
        columns = [*KEYS, "kind", "start", "end", "known", "negative", "total", "expected", "chance", "a_year"]
        rows = [
            (*a.key, a.kind, a.start, a.end, a.known, a.negative, a.total, a.expected, a.chance, a.a_year)
            for a in self.alerts
        ]
        return pd.DataFrame(rows, columns=columns)


def watch(
    streams: Streams,
    alarms_a_year: float = 1.0,
    *,
    windows: Sequence[int] = WINDOWS,
    learning: int = LEARNING,
    seed: int = 1,
    rehearsal: QuietRuns | None = None,
) -> Watch:
    """The alerts of all streams with at most `alarms_a_year` false ones to be expected over all of them together.

    The first `learning` days teach the baseline and can have no alert. Days of the same alarm are joined, and windows
    of several days are looked at too, so that a small burst that lasts is found. Limits are those that give the stated
    number on quiet series like these (`rehearsal`, drawn by `seed` if not given).
    """
    practised = rehearsal or rehearse(streams, windows, learning, seed)
    limits = practised.limits(alarms_a_year)
    known = baseline(streams.negative, streams.total, learning)
    chances = tested(known, windows)
    usual, least = known.surprise(1), 1 / practised.years
    expected = {"volume": np.nan_to_num(usual.expected), "share": np.nan_to_num(usual.expected_share) * streams.total}
    alerts = []
    for kind in KINDS:
        # How often so small a chance comes up on quiet days differs by window; held against its limit it is comparable.
        times = np.stack([chances[kind, window] / limits[kind, window] for window in windows])
        best = times.argmin(axis=0)
        rings, reach = times.min(axis=0) < 1, np.asarray(windows)[best]
        chance = np.min([chances[kind, window] for window in windows], axis=0)
        for s in range(len(streams.keys)):
            often = np.maximum(alarms_a_year * times.min(axis=0)[s], least)
            alerts += _runs(streams, s, kind, rings[s], (chance[s], often, least), reach[s], expected[kind][s])
    alerts.sort(key=lambda each: (each.start, str(each.key), each.kind))
    return Watch(tuple(alerts), alarms_a_year, limits, len(streams.keys), len(streams.days))


def replay(
    streams: Streams,
    alarms_a_year: float = 1.0,
    seed: int = 1,
    *,
    learning: int = LEARNING,
    watched: Watch | None = None,
) -> FalseAlarms:
    """False alarms a year that `watch` gives on quiet series with these streams' own level and noise.

    watched : the watch itself, so that its limits need not be found again
    """
    limits = watched.limits if watched else rehearse(streams, WINDOWS, learning, seed).limits(alarms_a_year)
    return measured(streams, limits, learning, alarms_a_year, seed)


def with_quotes(
    alert: Alert, texts: Sequence[str], negative_probability: np.ndarray, inside: np.ndarray, days: pd.Series
) -> Alert:
    """The alert with quotes from its own comments; `inside` flags those of its stream, `days` are their dates."""
    here = inside & (days >= alert.start).to_numpy() & (days <= alert.end).to_numpy()
    rows = np.flatnonzero(here & (negative_probability > 1 / 3))
    said = quotes(texts, negative_probability, rows)
    return Alert(**{**alert.__dict__, "quotes": tuple(said)})


def _runs(
    streams: Streams,
    s: int,
    kind: str,
    rings: np.ndarray,
    chances: tuple[np.ndarray, np.ndarray, float],
    reach: np.ndarray,
    expected: np.ndarray,
) -> list[Alert]:
    """The alarms of one stream: days that stand out, joined over pauses of at most two days.

    chances : by day, in this stream alone and as false alarms a year over all streams, and the least that can be told
    """
    days = np.flatnonzero(rings)
    if not len(days):
        return []
    parts = np.split(days, np.flatnonzero(np.diff(days) > PAUSE + 1) + 1)
    alerts = []
    for part in parts:
        # A window of several days stands out on its last one; it began earlier.
        start = max(0, int(part[0]) - int(reach[part[0]]) + 1)
        span = slice(start, int(part[-1]) + 1)
        alerts.append(
            Alert(
                key=streams.keys[s],
                kind=kind,
                start=streams.days[start],
                end=streams.days[int(part[-1])],
                known=streams.days[int(part[0])],
                negative=int(streams.negative[s, span].sum()),
                total=int(streams.total[s, span].sum()),
                expected=float(expected[span].sum()),
                chance=float(chances[0][part].min()),
                a_year=float(chances[1][part].min()),
                rarest=bool(chances[1][part].min() <= chances[2]),
            )
        )
    return alerts


def _related(first: Alert, second: Alert) -> bool:
    """Overlapping in time, and no key on which the two contradict each other."""
    apart = any(a and b and a != b for a, b in zip(first.key, second.key, strict=True))
    return not apart and first.start <= second.end and second.start <= first.end


def _once_in(years: float, at_most: bool = False) -> str:
    """A frequency a marketer can picture."""
    if years >= 1.5:
        about = "less than" if at_most else "about"
        return f"{about} once in {number(round(years))} years" if years >= 2 else "less than once a year"
    return f"about {number(round(1 / years, 1))} times a year"
