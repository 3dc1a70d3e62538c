"""Alarms with a stated number of false ones a year over everything that is watched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from reachbook.translation import days, joined, mark, sentences, tr

EVERYTHING = mark("all comments")
"""The stream of all comments."""


@dataclass(frozen=True)
class Alert:
    """One alarm of one stream.

    Attributes
    ----------
    key : Key
        (platform, aspect, segment); None stands for all of them.
    kind : str
        "volume" or "share".
    start, end : date
        First and last day that stood out.
    known : date
        Day on which it was first signalled.
    negative, total : int
        Number of negatives and of comments on these days.
    expected : float
        Expected number of negatives; for "share", at the usual share of the comments there were.
    chance : float
        Smallest probability of such a day without a cause, in this stream.
    a_year : float
        False alarms at least as clear in a year of all streams together; where quiet series showed none as clear, the
        upper bound that their length allows.
    rarest : bool
        Whether `a_year` is that upper bound.
    quotes : tuple of str
        Masked quotes.
    channels : mapping of str to str
        What the study calls its platforms.
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
    channels: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def place(self) -> str:
        """The stream as tables name it, in English."""
        return ", ".join(value for value in self.key if value) or EVERYTHING

    @property
    def where(self) -> str:
        """The stream in words."""
        platform, *others = self.key
        shown = (self.channels.get(platform, platform) if platform else None, *others)
        return joined(value for value in shown if value) or tr(EVERYTHING)

    @property
    def span(self) -> str:
        """The days in words."""
        return days(self.start, self.end)

    @property
    def seldom(self) -> str:
        """How often chance alone gives an alarm at least as clear, in a few words."""
        years = 1 / self.a_year
        if years < 1.5:
            return tr("about {often} times a year", often=number(round(self.a_year, 1)))
        if years < 2:
            return tr("less than once a year")
        whole = number(round(years))
        if self.rarest:
            return tr("less than once in {years} years", years=whole)
        return tr("about once in {years} years", years=whole)

    @property
    def rarity(self) -> str:
        """How often chance alone gives an alarm at least as clear, in a sentence."""
        return tr("By chance an alarm as clear comes {seldom}, over all that is watched.", seldom=self.seldom)

    def describe(self) -> str:
        """Describe when, where, how large, and how often by chance."""
        said = tr(
            "{days}, {where}: {negative} negative comments where {expected} were to be expected ({share} of {total}; "
            "by {kind}).",
            days=self.span,
            where=self.where,
            negative=number(self.negative, "count"),
            expected=number(self.expected),
            share=number(self.negative / max(self.total, 1), "ratio"),
            total=number(self.total, "count"),
            kind=tr(self.kind),
        )
        return sentences(said, self.rarity)


@dataclass(frozen=True)
class Watch:
    """Every alert, and the limits behind it.

    Attributes
    ----------
    alarms_a_year : float
        Stated number of false alarms a year.
    limits : dict of tuple of (str, int) to float
        Probability below which a day, or the window that ends on it, stands out, by kind and window.
    streams, days : int
        Number of streams and of days.
    """

    alerts: tuple[Alert, ...]
    alarms_a_year: float
    limits: dict[tuple[str, int], float]
    streams: int
    days: int

    def describe(self) -> str:
        """Describe the stated rate of false alarms in one sentence."""
        alarms = number(self.alarms_a_year)
        return tr(
            "{streams} streams watched on {days} days for volume and for share; at most {alarms} false alarms a year "
            "are to be expected over all of them.",
            streams=self.streams,
            days=self.days,
            alarms=alarms,
        )

    def incidents(self) -> list[tuple[Alert, ...]]:
        """Group alerts that overlap in time and have compatible keys; clearest first."""
        groups: list[list[Alert]] = []
        for alert in sorted(self.alerts, key=lambda each: (each.chance, str(each.key))):
            homes = [group for group in groups if any(_related(alert, other) for other in group)]
            joined = [*(each for group in homes for each in group), alert]
            first = groups.index(homes[0]) if homes else len(groups)
            groups = [group for group in groups if group not in homes]
            groups.insert(first, joined)
        return [tuple(group) for group in groups]

    def table(self) -> pd.DataFrame:
        """One row for each alert."""
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
    """Find the alerts of all streams, with at most `alarms_a_year` false ones expected over all of them together.

    Parameters
    ----------
    windows : sequence of int
        Lengths, in days, of the spans that are tested; longer ones detect small bursts that last.
    learning : int
        Number of first days, which teach the baseline and have no alerts.
    rehearsal : QuietRuns or None
        Quiet runs from which the limits are derived; drawn with `seed` by default.

    Notes
    -----
    The yearly number is divided evenly among the kinds (volume, share) and windows. The limit of each, over all streams
    and days, is the one that gives its part on quiet series like the study's own. Signals of the same alarm are joined.
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
    """False alarms a year of `watch` on quiet series with the level and noise of these streams.

    Parameters
    ----------
    watched : Watch or None
        The watch itself, whose limits are then reused.
    """
    limits = watched.limits if watched else rehearse(streams, WINDOWS, learning, seed).limits(alarms_a_year)
    return measured(streams, limits, learning, alarms_a_year, seed)


def with_quotes(
    alert: Alert, texts: Sequence[str], negative_probability: np.ndarray, inside: np.ndarray, days: pd.Series
) -> Alert:
    """Add quotes from its own comments to an alert.

    Parameters
    ----------
    negative_probability : float64 array (comments,)
        By which quotes are chosen.
    inside : bool array (comments,)
        Comments of the alert's stream.
    days : pandas.Series
        Date of each comment.
    """
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

    Parameters
    ----------
    chances : tuple of float64 array (days,), float64 array (days,), float
        Probability in this stream alone, false alarms a year over all streams, and the fewest of these that the quiet
        series can tell.
    reach : int array (days,)
        Window, in days, with the clearest signal.
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
    """Whether two alerts overlap in time and contradict each other in no key."""
    apart = any(a and b and a != b for a, b in zip(first.key, second.key, strict=True))
    return not apart and first.start <= second.end and second.start <= first.end
