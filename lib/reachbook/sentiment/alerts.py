"""Alarms with a stated number of false ones a year over everything that is watched.

The expected number of false alarms is the sum of the chances of each test, whatever their dependence. So the yearly
number is shared out evenly over streams, days, the two questions (volume, share) and the lengths of time looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from reachbook.numbers import number
from reachbook.sentiment.alerts_detect import LEARNING, surprise
from reachbook.sentiment.alerts_streams import KEYS, Key, Streams
from reachbook.sentiment.aspects import quotes

WINDOWS = (1, 3)
YEAR = 365.25
_PAUSE = 2


@dataclass(frozen=True)
class Alert:
    """One alarm of one stream.

    kind : "volume" or "share"; start, end : first and last day that stood out; known : the day on which it was known
    negative, total, expected : negatives, comments, and negatives to be expected over these days; for "share" expected
        at the usual share of the comments there were
    chance : smallest probability of a day like it without a cause
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
    quotes: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The stream in words."""
        return ", ".join(value for value in self.key if value) or "all comments"

    def describe(self) -> str:
        """When, where, how large."""
        days = f"{self.start}" if self.start == self.end else f"{self.start} to {self.end}"
        size = f"{number(self.negative, 'count')} negative comments where {number(self.expected)} were to be expected"
        share = f"{number(self.negative / max(self.total, 1), 'ratio')} of {number(self.total, 'count')}"
        return f"{days}, {self.where}: {size} ({share}; by {self.kind})."


@dataclass(frozen=True)
class Watch:
    """Every alert, and what it was found with.

    limit : probability under which a day stands out; tests : how many are made in a year
    """

    alerts: tuple[Alert, ...]
    alarms_a_year: float
    limit: float
    streams: int
    days: int

    def describe(self) -> str:
        """The promise in a sentence."""
        return (
            f"{self.streams} streams watched on {self.days} days for volume and for share; at most "
            f"{number(self.alarms_a_year)} false alarms a year are to be expected over all of them."
        )

    def incidents(self) -> list[tuple[Alert, ...]]:
        """Alerts that overlap in time and are about the same thing or a part of it, the clearest one first."""
        groups: list[list[Alert]] = []
        for alert in sorted(self.alerts, key=lambda each: (each.chance, str(each.key))):
            home = next((g for g in groups if any(_related(alert, other) for other in g)), None)
            if home is None:
                groups.append([alert])
            else:
                home.append(alert)
        return [tuple(group) for group in groups]

    def table(self) -> pd.DataFrame:
        """One row an alert."""
        columns = [*KEYS, "kind", "start", "end", "known", "negative", "total", "expected", "chance"]
        rows = [
            (*a.key, a.kind, a.start, a.end, a.known, a.negative, a.total, a.expected, a.chance) for a in self.alerts
        ]
        return pd.DataFrame(rows, columns=columns)


def watch(
    streams: Streams, alarms_a_year: float = 1.0, *, windows: Sequence[int] = WINDOWS, learning: int = LEARNING
) -> Watch:
    """The alerts of all streams with at most `alarms_a_year` false ones to be expected over all of them together.

    The first `learning` days teach the baseline and can have no alert. Days of the same alarm are joined, and windows
    of several days are looked at too, so that a small burst that lasts is found.
    """
    tests = 2 * len(windows) * len(streams.keys) * YEAR
    limit = alarms_a_year / tests
    chance = {"volume": np.ones(streams.total.shape), "share": np.ones(streams.total.shape)}
    reach = {kind: np.ones(streams.total.shape, dtype=int) for kind in chance}
    expected = {kind: np.zeros(streams.total.shape) for kind in chance}
    for window in windows:
        found = surprise(streams.negative, streams.total, window, learning)
        usual = {"volume": found.expected / window, "share": found.expected_share * streams.total}
        for kind, p in (("volume", found.volume), ("share", found.share)):
            better = np.nan_to_num(p, nan=1.0) < chance[kind]
            chance[kind][better], reach[kind][better] = p[better], window
            if window == 1:
                expected[kind] = np.nan_to_num(usual[kind])
    alerts = [
        alert
        for kind in chance
        for s in range(len(streams.keys))
        for alert in _runs(streams, s, kind, chance[kind][s], reach[kind][s], expected[kind][s], limit)
    ]
    alerts.sort(key=lambda each: (each.start, str(each.key), each.kind))
    return Watch(tuple(alerts), alarms_a_year, limit, len(streams.keys), len(streams.days))


def with_quotes(
    alert: Alert, texts: Sequence[str], negative_probability: np.ndarray, inside: np.ndarray, days: pd.Series
) -> Alert:
    """The alert with quotes from its own comments; `inside` flags those of its stream, `days` are their dates."""
    here = inside & (days >= alert.start).to_numpy() & (days <= alert.end).to_numpy()
    rows = np.flatnonzero(here & (negative_probability > 1 / 3))
    said = quotes(texts, negative_probability, rows)
    return Alert(**{**alert.__dict__, "quotes": tuple(said)})


def _runs(
    streams: Streams, s: int, kind: str, chance: np.ndarray, reach: np.ndarray, expected: np.ndarray, limit: float
) -> list[Alert]:
    """The alarms of one stream: days that stand out, joined over pauses of at most two days."""
    days = np.flatnonzero(chance < limit)
    if not len(days):
        return []
    parts = np.split(days, np.flatnonzero(np.diff(days) > _PAUSE + 1) + 1)
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
                chance=float(chance[part].min()),
            )
        )
    return alerts


def _related(first: Alert, second: Alert) -> bool:
    """Overlapping in time, and no key on which the two contradict each other."""
    apart = any(a and b and a != b for a, b in zip(first.key, second.key, strict=True))
    return not apart and first.start <= second.end and second.start <= first.end
