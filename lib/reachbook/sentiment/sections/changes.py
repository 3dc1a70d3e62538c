"""Changes since an earlier version, or since the first half of the period where none is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.presentation.numbers import number
from reachbook.sentiment.prevalence.drift import AuditedComments, Drift, drift
from reachbook.sentiment.text.labels import POLARITIES
from reachbook.tables.masking import mask
from reachbook.translation import day, listing, mark, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.spec import SentimentSpec

KINDS = {
    "prevalence": mark("opinions"),
    "vocabulary": mark("words"),
    "calibration": mark("the model's errors"),
}
"""Kinds of drift in words."""
_FEWEST = 30
"""Smallest number of labels on each side for two versions to be compared."""


@dataclass(frozen=True)
class Changes:
    """Drift and its description.

    Attributes
    ----------
    before : str
        What this version is compared with, in words.
    drift : Drift or None
        The drift; None where a side has too few labels.
    missing : str
        Why there is no comparison; "" where there is one.
    """

    before: str
    drift: Drift | None
    missing: str = ""

    def describe(self) -> str:
        """Describe what changed in one sentence."""
        if self.drift is None:
            return self.missing
        if not self.drift.changed:
            return tr(
                "Against {before}, neither opinions, nor words, nor the model's errors changed beyond chance.",
                before=self.before,
            )
        which = listing(tr(KINDS[each]) for each in self.drift.changed)
        return tr("Against {before}, these changed beyond chance: {which}.", before=self.before, which=which)

    def table(self) -> pd.DataFrame:
        """One row for each polarity: change of its share with interval, and the change by counting the model's
        predictions.
        """
        if self.drift is None:
            return pd.DataFrame(columns=["polarity", "low", "change", "high", "counted"])
        rows = [
            (name, each.low, each.middle, each.high, float(self.drift.counted[POLARITIES.index(name)]))
            for name, each in self.drift.prevalence.items()
        ]
        return pd.DataFrame(rows, columns=["polarity", "low", "change", "high", "counted"])

    def tests(self) -> pd.DataFrame:
        """One row for each kind of drift: whether it was found, and its p-value."""
        if self.drift is None:
            return pd.DataFrame(columns=["drift", "found", "chance"])
        d = self.drift
        rows = [
            ("vocabulary", "vocabulary" in d.changed, d.vocabulary_p),
            ("calibration", "calibration" in d.changed, d.calibration_p),
        ]
        return pd.DataFrame(
            [("prevalence", "prevalence" in d.changed, np.nan), *rows], columns=["drift", "found", "chance"]
        )


def comparison_table(predictions: Predictions) -> pd.DataFrame:
    """The table that later versions compare with: masked text, probabilities, label and queue of every comment."""
    frame = predictions.comments.frame
    table = frame[["comment_id", "at", "platform", "brand", "language"]].copy()
    table["text"] = [mask(text) for text in frame["text"]]
    table[list(POLARITIES)] = predictions.probabilities
    return table.assign(label=frame["label"], queue=frame["queue"])


def changes(now: pd.DataFrame, earlier: pd.DataFrame | None, spec: SentimentSpec, seed: int) -> Changes:
    """Compare with an earlier version's comments; without one, the second half of the period with the first.

    Parameters
    ----------
    now, earlier : pandas.DataFrame, or None for earlier
        Tables from `comparison_table`; comments on other brands than the study's are left out.
    """
    now = _own(now, spec)
    middle = now["at"].min() + (now["at"].max() - now["at"].min()) / 2
    half = tr("the comments up to {day}", day=day(middle))
    before = half if earlier is None else tr("version {version}", version=spec.previous)
    old, new = (
        (_own(earlier, spec), now) if earlier is not None else (now[now["at"] <= middle], now[now["at"] > middle])
    )
    labels = [int((side["label"].notna() & (side["queue"] == "audit")).sum()) for side in (old, new)]
    if min(labels) < _FEWEST:
        missing = tr(
            "Nothing is said of change: {old} and {new} comments were read at random on the two sides, {least} on each "
            "are needed.",
            old=number(labels[0], "count"),
            new=number(labels[1], "count"),
            least=_FEWEST,
        )
        return Changes(before, None, missing)
    return Changes(before, drift(_version(old), _version(new), spec.level, seed))


def _own(table: pd.DataFrame, spec: SentimentSpec) -> pd.DataFrame:
    return table[table["brand"] == spec.brand] if spec.brand else table


def _version(table: pd.DataFrame) -> AuditedComments:
    read: NDArray[np.int64] = np.flatnonzero((table["label"].notna() & (table["queue"] == "audit")).to_numpy())
    return AuditedComments(
        texts=table["text"].tolist(),
        probabilities=table[list(POLARITIES)].to_numpy(dtype=float),
        audit_index=read,
        audit_labels=table["label"].iloc[read].tolist(),
    )
