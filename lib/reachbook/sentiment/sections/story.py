"""Results of the sentiment analysis in words: findings, gates and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.result import Finding
from reachbook.sentiment.alerts.coordinated import Coordinated, find_coordinated
from reachbook.sentiment.alerts.incidents import Incidents, incidents
from reachbook.sentiment.classifier.domain_gate import labels_needed
from reachbook.sentiment.prevalence.breakdowns import Breakdowns, views
from reachbook.sentiment.prevalence.queues import audit, uncertain
from reachbook.sentiment.sections.reasons import Reasons, reasons
from reachbook.sentiment.sections.trust import Trust, mistakes_of, trust
from reachbook.sentiment.sections.truth import Truth, truth
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.result import Tone
    from reachbook.sentiment.aspects.topics import Topics
    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.spec import SentimentSpec

AUDIT_LEAST = 30
"""Smallest number of random labels from which an interval may carry a decision."""
_RARE = 10
"""Labels of the rarer polarity above which predictions of single comments hardly depend on the draw."""
_NEGATIVE = ("negative_low", "negative", "negative_high")
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
_DRAWN_BY_CHANCE, _MOOD_LIMIT, _COPIES_LIMIT = 0.001, 0.10, 0.20


@dataclass(frozen=True)
class SentimentResults:
    """All results behind the report."""

    predictions: Predictions
    breakdowns: Breakdowns
    incidents: Incidents
    reasons: Reasons
    trust: Trust
    spec: SentimentSpec
    organised: Coordinated
    truth: Truth | None

    @property
    def stated(self) -> bool:
        """Whether shares may be stated: the domain gate passes and there is an audit."""
        alike = self.trust.domain is not None and self.trust.domain.passed
        return alike and self.breakdowns.overall is not None

    @property
    def name(self) -> str:
        """The own brand in words."""
        return self.spec.brand or "all brands"

    @property
    def other_keys(self) -> list[str]:
        """Keys of the comments other than week and platform."""
        return [key for key in self.breakdowns.by if key not in ("week", "platform")]

    @property
    def units(self) -> dict[str, str]:
        """Units of the columns of every table of shares in the report."""
        shares = [f"{name}{end}" for name in POLARITIES for end in ("", "_low", "_high")]
        return dict.fromkeys([*shares, *_SHARES], "ratio") | dict.fromkeys(["texts", "comments", "audited"], "count")

    @property
    def daily(self) -> pd.DataFrame:
        """Shares of the own brand by day; without rows where shares may not be stated."""
        table = self.breakdowns.daily.rename(columns={"week": "day"})
        return table if self.stated else table.head(0)

    @property
    def index_shown(self) -> list[str]:
        """Columns of the index that the page shows."""
        return ["week", "platform", "comments", "audited", *_NEGATIVE, "counted_negative"]

    def shown(self, key: str, *more: str) -> list[str]:
        """Columns of a table of shares that the page shows; its files hold neutral and positive too."""
        return [key, "texts", *_NEGATIVE, *more]

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
            return "No comment was read by two people, so nothing is known of how far people agree."
        k = found.kappa
        return (
            f"Two people agree on {found.raw.middle:.0%} of {found.items:,} comments, Cohen's kappa {k.middle:.2f} "
            f"[{k.low:.2f}, {k.high:.2f}]."
        )

    def findings(self) -> list[Finding]:
        """Negative share, net sentiment, recent change, and incidents."""
        out = [self._negative(), self._net(), self._recent()]
        largest = self.incidents.leading[0] if self.incidents.leading else None
        out.append(
            Finding("incidents", "Incidents of unusual negative comments", self._counted_incidents(), unit="count")
        )
        if largest is not None:
            label = (
                f"Negative comments in the clearest incident ({largest.where}, {largest.start}), held against what was "
                f"to be expected; {largest.rarity}"
            )
            out.append(Finding("largest", label, largest.negative, unit="count", reference=largest.expected))
        return out

    def _counted_incidents(self) -> int | None:
        """Number of incidents; None for zero incidents where the model's shares may not be stated."""
        return len(self.incidents.leading) or (0 if self.stated else None)

    def _negative(self) -> Finding:
        truth = self.truth
        planted = None if truth is None or truth.shares.empty else float(truth.shares["planted"].iloc[0])
        against = "the planted share" if planted is not None else "what counting the model's answers says"
        label = f"Share of negative comments on {self.name} (held against {against})"
        if not self.stated or self.breakdowns.overall is None:
            return Finding("negative", f"Share of negative comments on {self.name}", None, unit="ratio")
        share = self.breakdowns.overall.interval("negative")
        reference = planted if planted is not None else float(self.breakdowns.counted[0])
        return Finding.from_interval("negative", label, share, "ratio", reference)

    def _net(self) -> Finding:
        label = f"Net sentiment of {self.name} (positive minus negative share)"
        if not self.stated or self.breakdowns.overall is None:
            return Finding("net", label, None, unit="points")
        net = self.breakdowns.overall.net
        return Finding.from_interval("net", label, net, "points", 0.0)

    def _recent(self) -> Finding:
        label = "Change of the negative share in the last four weeks"
        if not self.stated or self.breakdowns.recent is None:
            return Finding("recent", label, None, unit="points")
        step = self.breakdowns.recent
        return Finding.from_interval("recent", label, step, "points", 0.0)

    def gates(self) -> list[Gate]:
        """Gates on domain, audit, rare labels, leaks, organised groups, alarms and convergence, each with evidence and
        remedy.
        """
        return [
            *self._domain(),
            *self._audit(),
            *self._rare(),
            *self._leak(),
            self._organised(),
            self._alarms(),
            *self._sampled(),
        ]

    def _domain(self) -> list[Gate]:
        found = self.trust.domain
        if found is None:
            said = "Too few comments with something to read to compare them with the training texts. Gather more."
            return [Gate("domain", False, said)]
        out = [Gate("domain", found.passed, found.describe())]
        if found.passed and not found.same_domain:
            said = f"{found.labels} comments read by people correct every share, whatever the model learnt from."
            out = [Gate("domain", True, said), Gate("likeness", False, found.describe(), "warn")]
        if found.calibrated is not None and found.audit is not None:
            said = f"On the random sample stated and true probability differ by {found.audit.error:.1%} on average."
            out.append(Gate("calibration", found.calibrated, said, "warn"))
        return out

    def _audit(self) -> list[Gate]:
        size, overall = len(self.predictions.audit), self.breakdowns.overall
        need = labels_needed(self.spec.wanted, level=self.spec.level)
        if overall is None or size < AUDIT_LEAST:
            said = (
                f"{size} comments were read at random; at least {AUDIT_LEAST} are needed before any share is acted on. "
                f"{need} give the negative share within {self.spec.wanted:.0%} either way: fill in audit_queue below."
            )
            return [Gate("audit", False, said)]
        width = float(overall.half_width[0])
        said = (
            f"{overall.audit} labels drawn at random on {self.name} give the negative share within "
            f"{number(width, 'points')} (wanted: {number(self.spec.wanted, 'points')})."
        )
        return [Gate("audit", width <= self.spec.wanted, said, "warn"), self._random()]

    def _random(self) -> Gate:
        p, skipped = self.trust.drawn or 0.0, self.predictions.comments.skipped
        passed = p >= _DRAWN_BY_CHANCE and skipped <= 0.05 * max(len(self.predictions.audit), 1)
        said = f"If drawn at random, a sample differs as much from all comments with probability {p:.2g}"
        said += f"; {skipped} of the random queue were skipped." if skipped else "."
        remedy = " Draw the audit at random, or set label_sample: chosen and fill in audit_queue."
        return Gate("drawn", passed, said + ("" if passed else remedy))

    def _rare(self) -> list[Gate]:
        """Whether both polarities have enough labels for predictions of single comments."""
        labels = self.predictions.audit_labels
        if len(labels) < AUDIT_LEAST:
            return []
        rarer = min(("negative", "positive"), key=labels.count)
        count = labels.count(rarer)
        if count >= _RARE:
            return [
                Gate("rare", True, f"At least {count} labels of each, negative and positive, teach the model.", "warn")
            ]
        rows = self.predictions.audit[np.array(labels) == rarer]
        found = int((self.predictions.probabilities[rows].argmax(axis=1) == POLARITIES.index(rarer)).sum())
        said = (
            f"{count} of {len(labels)} comments read at random are {rarer}, too few to learn from (wanted: {_RARE}); "
            f"the model found {found} of them without their labels. Lists, quotes and alarms of {rarer} comments "
            "may miss most of them; the shares rest on the labels and hold. Have more comments of learning_queue read."
        )
        return [Gate("rare", False, said, "warn")]

    def _leak(self) -> list[Gate]:
        card = self.trust.card
        if card is None:
            return []
        share = card.copies / max(card.copies + len(card.rows), 1)
        said = (
            f"{card.copies} copies within the labels and {card.base_copies} copies in the base corpus were taken out "
            f"before scoring; without emoticons accuracy changes by {number(-card.emoticon_loss, 'points')}."
        )
        held = card.emoticon_loss <= _MOOD_LIMIT and share <= _COPIES_LIMIT
        if not held:
            said += " So much copied, or told by emoticons alone, flatters a score: new comments are told less well."
        return [Gate("leak", held, said, "warn")]

    def _organised(self) -> Gate:
        """Whether organised groups, which may exist, leave the negative share nearly unchanged."""
        moved = float(self.organised.without(self.predictions.probabilities)["moved"].iloc[0])
        limit = self.spec.wanted / 2
        said = f"{self.organised.describe()} Without them the negative share would move by {number(moved, 'points')}."
        return Gate("organised", not abs(moved) > limit, said, "warn")

    def _alarms(self) -> Gate:
        return Gate("alarms", self.incidents.replayed.consistent, self.incidents.replayed.describe(), "warn")

    def _sampled(self) -> list[Gate]:
        if self.breakdowns.pooled is None:
            return []
        found = self.breakdowns.pooled.convergence
        return [Gate("convergence", found.passed, found.describe())]

    @property
    def tone(self) -> Tone:
        """Tone of the decision: "go" where something is to be answered, fixed or amplified, else "wait"."""
        return "go" if self.stated and any((self._answer(""), *self._reasons())) else "wait"

    def decision(self) -> str:
        """State what to answer, fix and amplify."""
        if not self.stated:
            return (
                "Do not act on shares yet: they cannot be told. Have the comments in audit_queue read (below), put the "
                f"file under reviews in study.yaml and run again.{self._answer(' Until then, answer: ')}"
            )
        parts = [self._answer("Answer first: "), *self._reasons()]
        said = " ".join(part for part in parts if part)
        return said or "Nothing stands out from its usual level or from the rest. Keep listening, and change nothing."

    def _answer(self, before: str) -> str:
        if not self.incidents.leading:
            return ""
        a = self.incidents.leading[0]
        days = f"{a.start}" if a.start == a.end else f"{a.start} to {a.end}"
        return (
            f"{before}{a.where}, {days}, {a.negative} negative comments where {a.expected:.0f} were to be expected "
            f"({a.rarity})."
        )

    def _reasons(self) -> tuple[str, ...]:
        """Sentences on what to fix and amplify; empty where labels are too few for predictions of single comments."""
        return (self._fix(), self._amplify()) if all(check.passed for check in self._rare()) else ()

    def _fix(self) -> str:
        """The aspect with the largest excess of negative comments over the rest, among those clearly above it."""
        table = self.reasons.shares
        worse = table[table["negative_low"] > table["rest"]] if len(table) else table
        if worse.empty:
            return ""
        row = worse.iloc[int(((worse["negative"] - worse["rest"]) * worse["texts"]).argmax())]
        return f"Fix: {self._called(row)}, {_share(row)} negative against {row['rest']:.1%} elsewhere."

    def _called(self, row: pd.Series) -> str:
        """An aspect by its name, with its number of comments and of further terms."""
        name = str(row["name"])
        more = len(self.reasons.aspects.terms.get(name, ())) - len(name.split(" / "))
        terms = "" if more < 1 else (", one term more" if more == 1 else f", {more} terms more")
        return f"what is said of {name} ({number(int(row['texts']), 'count')} comments{terms})"

    def _amplify(self) -> str:
        table = self.reasons.shares
        better = table[table["negative_high"] < table["rest"]] if len(table) else table
        if better.empty:
            return ""
        row = better.iloc[int(((better["rest"] - better["negative"]) * better["texts"]).argmax())]
        return f"Amplify: {self._called(row)}, {_share(row)} negative against {row['rest']:.1%} elsewhere."


def _share(row: pd.Series) -> str:
    low, middle, high = (number(float(row[c]), "ratio") for c in ("negative_low", "negative", "negative_high"))
    return f"{middle} [{low}, {high}]"


def gather_results(
    predictions: Predictions,
    about: Topics,
    spec: SentimentSpec,
    seed: int,
    planted: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None),
) -> SentimentResults:
    """Compute shares, reasons, incidents and the evidence about them.

    Parameters
    ----------
    planted : tuple of (pandas.DataFrame or None, pandas.DataFrame or None)
        The simulator's tables truth_comments and truth_bursts; None for real data.
    """
    seen = views(predictions, about.aspects.members, spec, seed)
    why = reasons(predictions, about, seen, spec)
    happened = incidents(predictions, seen.own, why.aspects.members, spec, seed)
    known = truth(predictions, seen, happened, *planted)
    organised = find_coordinated(predictions.comments.frame, predictions.groups)
    return SentimentResults(predictions, seen, happened, why, trust(predictions, spec, seed), spec, organised, known)
