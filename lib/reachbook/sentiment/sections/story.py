"""Results of the sentiment analysis, and its findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation.names import named
from reachbook.result import Finding
from reachbook.sentiment.alerts.coordinated import Coordinated, find_coordinated
from reachbook.sentiment.alerts.incidents import Incidents, incidents
from reachbook.sentiment.prevalence.breakdowns import Breakdowns, views
from reachbook.sentiment.prevalence.queues import audit, uncertain
from reachbook.sentiment.sections.reasons import Reasons, reasons
from reachbook.sentiment.sections.topic_words import stream_label
from reachbook.sentiment.sections.trust import Trust, mistakes_of, trust
from reachbook.sentiment.sections.truth import Truth, truth
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.translation import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reachbook.sentiment.aspects.topics import Topics
    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.spec import SentimentSpec

_NEGATIVE = ("negative_low", "negative", "negative_high")
_POINTS = ("more_low", "more", "more_high")
_SHARES = (
    "rest",
    "counted_negative",
    "planted",
    "low",
    "found",
    "high",
    "all",
    "without",
    "accuracy",
    "macro_f1",
    "calibration_error",
)


@dataclass(frozen=True)
class SentimentResults:
    """All results behind the report.

    Attributes
    ----------
    channels : mapping of str to str
        What the study calls its platforms.
    """

    predictions: Predictions
    breakdowns: Breakdowns
    incidents: Incidents
    reasons: Reasons
    trust: Trust
    spec: SentimentSpec
    organised: Coordinated
    truth: Truth | None
    channels: Mapping[str, str] = field(default_factory=dict)

    @property
    def stated(self) -> bool:
        """Whether shares may be stated: the domain gate passes and there is an audit."""
        alike = self.trust.domain is not None and self.trust.domain.passed
        return alike and self.breakdowns.overall is not None

    @property
    def name(self) -> str:
        """The own brand in words."""
        return named(self.spec.brand) if self.spec.brand else tr("all brands")

    @property
    def other_keys(self) -> list[str]:
        """Keys of the comments other than week and platform."""
        return [key for key in self.breakdowns.by if key not in ("week", "platform")]

    @property
    def units(self) -> dict[str, str]:
        """Units of the columns of every table of shares in the report."""
        shares = [f"{name}{end}" for name in POLARITIES for end in ("", "_low", "_high")]
        counts = dict.fromkeys(["texts", "comments", "audited"], "count")
        return dict.fromkeys([*shares, *_SHARES], "ratio") | dict.fromkeys(_POINTS, "points") | counts

    @property
    def daily(self) -> pd.DataFrame:
        """Shares of the own brand by day; without rows where shares may not be stated."""
        table = self.breakdowns.daily.rename(columns={"week": "day"})
        return table if self.stated else table.head(0)

    @property
    def index_shown(self) -> list[str]:
        """Columns of the index that the page shows."""
        return ["week", "platform", "comments", "audited", *_NEGATIVE, "counted_negative"]

    def shown(self, key: str) -> list[str]:
        """Columns of a table of shares that the page shows; its files hold neutral and positive too."""
        return [key, "texts", *_NEGATIVE]

    @property
    def planted(self) -> pd.DataFrame | None:
        """The planted negative share by platform, where known."""
        return None if self.truth is None else self.truth.shares

    def planted_by_week(self, table: pd.DataFrame | None) -> pd.DataFrame | None:
        """The planted negative share of the own brand, from the simulator's table truth_sentiment."""
        return table if table is None or not self.spec.brand else table[table["brand"] == self.spec.brand]

    def counted_by(self, key: str) -> pd.Series:
        """Negative share by counting the model's predictions, by values of a key of the comments."""
        own = self.breakdowns.own
        worst = pd.Series(self.predictions.probabilities[own].argmax(axis=1) == 0)
        return worst.groupby(self.predictions.comments.frame.loc[own, key].to_numpy()).mean()

    def index(self) -> pd.DataFrame:
        """The published sentiment_index; without rows where shares may not be stated."""
        table = self.breakdowns.index(self.spec.brand, self.predictions)
        return table if self.stated else table.head(0)

    def audit_queue(self, seed: int) -> pd.DataFrame:
        """Comments drawn at random for people to read, without those already read for the audit."""
        frame = self.predictions.comments.frame
        return audit(frame, self.spec.audit_size, seed, self._read(self.predictions.audit))

    def learning_queue(self) -> pd.DataFrame:
        """Comments that the model is least sure of, without those that have a label."""
        done = self._read(np.concatenate([self.predictions.audit, self.predictions.learning]))
        return uncertain(self.predictions.comments.frame, self.predictions.probabilities, self.spec.learning_size, done)

    def _read(self, rows: np.ndarray) -> list[str]:
        ids: list[str] = self.predictions.comments.frame["comment_id"].iloc[rows].tolist()
        return ids

    def mistakes(self) -> pd.DataFrame:
        """The confusion table with examples."""
        return mistakes_of(self.trust, self.predictions)

    def agreement(self) -> str:
        """Describe how far two people agree, where two read the same comments."""
        found = self.trust.raters
        if found is None:
            return tr("No comment was read by two people, so nothing is known of how far people agree.")
        k = found.kappa
        return tr(
            "Two people agree on {share:.0%} of {items:,} comments, Cohen's kappa {kappa:.2f} [{low:.2f}, {high:.2f}].",
            share=found.raw.middle,
            items=found.items,
            kappa=k.middle,
            low=k.low,
            high=k.high,
        )

    def findings(self) -> list[Finding]:
        """Negative share, its recent change, the clearest incident, net sentiment, and the number of incidents."""
        return [self._negative(), self._recent(), *self._clearest(), self._net(), self._counted()]

    def _negative(self) -> Finding:
        label = tr("Negative share, {name}", name=self.name)
        if not self.stated or self.breakdowns.overall is None:
            return Finding("negative", label, None, unit="ratio")
        return Finding.from_interval("negative", label, self.breakdowns.overall.interval("negative"), "ratio")

    def _recent(self) -> Finding:
        label = tr("Negative share, four-week change")
        if not self.stated or self.breakdowns.recent is None:
            return Finding("recent", label, None, unit="change")
        change = self.breakdowns.recent
        if change.low <= 0 <= change.high:
            label = tr("Negative share, four-week change (not clear)")
        return Finding.from_interval("recent", label, change, "change", 0.0, tr("no change"))

    def _clearest(self) -> list[Finding]:
        if not self.incidents.leading:
            return []
        alert = self.incidents.leading[0]
        label = tr("Negative comments in the incident ({where})", where=stream_label(alert))
        return [
            Finding("largest", label, alert.negative, unit="count", reference=alert.expected, against=tr("usual level"))
        ]

    def _net(self) -> Finding:
        label = tr("Net sentiment (positive less negative), {name}", name=self.name)
        if not self.stated or self.breakdowns.overall is None:
            return Finding("net", label, None, unit="change")
        return Finding.from_interval("net", label, self.breakdowns.overall.net, "change", 0.0, tr("balanced"))

    def _counted(self) -> Finding:
        """Number of incidents; None for zero incidents where the model's shares may not be stated."""
        count = len(self.incidents.leading) or (0 if self.stated else None)
        return Finding("incidents", tr("Incidents"), count, unit="count")


def gather_results(
    predictions: Predictions,
    about: Topics,
    spec: SentimentSpec,
    seed: int,
    planted: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None),
    channels: Mapping[str, str] | None = None,
) -> SentimentResults:
    """Compute shares, reasons, incidents and the evidence about them.

    Parameters
    ----------
    planted : tuple of (pandas.DataFrame or None, pandas.DataFrame or None)
        The simulator's tables truth_comments and truth_bursts; None for real data.
    channels : mapping of str to str or None
        What the study calls its platforms; None for as in the data.
    """
    seen = views(predictions, about.aspects.members, spec, seed)
    why = reasons(predictions, about, seen, spec)
    happened = incidents(predictions, seen.own, why.aspects.members, spec, seed, channels or {})
    known = truth(predictions, seen, happened, *planted)
    organised = find_coordinated(predictions.comments.frame, predictions.groups)
    trusted = trust(predictions, spec, seed)
    return SentimentResults(predictions, seen, happened, why, trusted, spec, organised, known, channels or {})
