"""Incidents of the own brand: alarms that belong together, with quotes from their days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.sentiment.alerts.false_alarms import FalseAlarms
from reachbook.sentiment.alerts.streams import Streams, streams
from reachbook.sentiment.alerts.watch import Alert, Watch, replay, watch, with_quotes
from reachbook.translation import sentences, tr, trn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.spec import SentimentSpec

    Flags = NDArray[np.bool_]

_SHOWN = 5


@dataclass(frozen=True)
class Incidents:
    """Incidents and the evidence for them.

    Attributes
    ----------
    streams : Streams
        Streams that were watched.
    watch : Watch
        Every alert.
    leading : tuple of Alert
        The clearest alert of each incident, with quotes.
    replayed : FalseAlarms
        False alarms of the same watch on quiet series.
    """

    streams: Streams
    watch: Watch
    leading: tuple[Alert, ...]
    replayed: FalseAlarms

    def describe(self) -> str:
        """Describe the number of incidents and the stated rate of false alarms."""
        count = len(self.leading)
        found = trn("{n} incident.", "{n} incidents.", count) if count else tr("No incidents.")
        return sentences(found, self.watch.describe())

    def table(self) -> pd.DataFrame:
        """One row for each incident: when, where, how large."""
        rows = [
            (n, a.start, a.end, a.known, a.place, a.kind, a.negative, a.total, a.expected, a.a_year)
            for n, a in enumerate(self.leading, start=1)
        ]
        names = [
            "incident",
            "start",
            "end",
            "known",
            "where",
            "found by",
            "negative",
            "comments",
            "expected negative",
            "false a year",
        ]
        return pd.DataFrame(rows, columns=names)

    def quotes(self) -> pd.DataFrame:
        """One row for each masked quote, with its incident."""
        rows = [(n, quote) for n, a in enumerate(self.leading, start=1) for quote in a.quotes]
        return pd.DataFrame(rows, columns=["incident", "quote"])


def incidents(
    predictions: Predictions,
    own: Flags,
    aspects: Mapping[str, Flags],
    spec: SentimentSpec,
    seed: int,
    channels: Mapping[str, str] = MappingProxyType({}),
) -> Incidents:
    """Watch every platform, aspect and segment of the comments flagged `own`, and all their combinations.

    Parameters
    ----------
    own : bool array (comments,)
        Comments on the own brand.
    aspects : bool array (comments,) each
        Comments on each aspect.
    channels : mapping of str to str
        What the study calls its platforms.
    """
    frame, p = predictions.comments.frame, predictions.probabilities
    here = frame[own].reset_index(drop=True)
    inside = {name: flags[own] for name, flags in aspects.items()}
    segment = here["segment"] if "segment" in predictions.comments.columns else None
    watched = streams(
        here["at"],
        p[own].argmax(axis=1) == 0,
        platform=here["platform"],
        aspects=inside,
        segment=segment,
        smallest=spec.smallest_stream,
    )
    found = watch(watched, spec.alarms_a_year, seed=seed)
    texts, bad = here["text"].tolist(), p[own, 0]
    days = pd.to_datetime(here["at"]).dt.date
    leading = [
        with_quotes(replace(group[0], channels=channels), texts, bad, _members(group[0], here, inside), days)
        for group in found.incidents()[:_SHOWN]
    ]
    return Incidents(watched, found, tuple(leading), replay(watched, spec.alarms_a_year, seed, watched=found))


def _members(alert: Alert, here: pd.DataFrame, aspects: Mapping[str, Flags]) -> Flags:
    platform, aspect, segment = alert.key
    flags = np.ones(len(here), dtype=bool)
    for name, value in (("platform", platform), ("segment", segment)):
        if value is not None:
            flags &= (here[name] == value).to_numpy(dtype=bool, na_value=False)
    return flags if aspect is None else flags & aspects[aspect]
