"""Comparison with the planted truth, where the study is simulated."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from reachbook.sentiment.alerts.incidents import Incidents
    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.prevalence.breakdowns import Breakdowns


@dataclass(frozen=True)
class Truth:
    """Planted values compared with estimates.

    Attributes
    ----------
    shares : pandas.DataFrame
        One row for each platform of the own brand and one for all: planted negative share, estimate with its interval,
        and whether the interval holds it.
    cells : float
        Share of the intervals by week and platform that hold the true share.
    number : int
        Number of these cells.
    bursts : pandas.DataFrame
        Planted bursts: platform, theme, start, end, and the first day of an alarm of that platform within them, or
        None.
    """

    shares: pd.DataFrame
    cells: float
    number: int
    bursts: pd.DataFrame

    def describe(self) -> str:
        """Describe how much of the truth was recovered."""
        known = int(self.bursts["known"].notna().sum())
        found = tr("{known} of {bursts} planted bursts found.", known=known, bursts=len(self.bursts))
        if self.shares.empty:
            return sentences(tr("No share is stated, so that none can be held against the planted one."), found)
        held = tr(
            "{inside} of {shares} intervals of shares and {part:.0%} of {cells} cells hold the planted value.",
            inside=int(self.shares["inside"].sum()),
            shares=len(self.shares),
            part=self.cells,
            cells=self.number,
        )
        return sentences(held, found)


def truth(
    predictions: Predictions,
    breakdowns: Breakdowns,
    happened: Incidents,
    comments: pd.DataFrame | None,
    bursts: pd.DataFrame | None,
) -> Truth | None:
    """Compare with the simulator's tables truth_comments and truth_bursts; None for real data."""
    if comments is None or bursts is None:
        return None
    frame = predictions.comments.frame
    real = comments.set_index("comment_id").loc[frame["comment_id"], "polarity"].to_numpy(dtype=object)
    negative = pd.Series((real == "negative").astype(float), index=frame.index)
    own = breakdowns.own
    rows: list[tuple[object, ...]] = []
    if breakdowns.overall is not None:
        share = breakdowns.overall.interval("negative")
        rows.append(("all", float(negative[own].mean()), share.low, share.middle, share.high))
        real_by = negative[own].groupby(frame["platform"][own]).mean()
        rows += [
            (r["platform"], float(real_by[r["platform"]]), r["negative_low"], r["negative"], r["negative_high"])
            for r in breakdowns.by["platform"].to_dict("records")
        ]
    shares = pd.DataFrame(rows, columns=["platform", "planted", "low", "found", "high"])
    shares["inside"] = (shares["low"] <= shares["planted"]) & (shares["planted"] <= shares["high"])
    held, number = _cells(predictions, breakdowns, negative)
    known = [_known(happened, burst) for burst in bursts.to_dict("records")]
    return Truth(shares, held, number, bursts.assign(known=pd.Series(known, index=bursts.index, dtype=object)))


def _cells(predictions: Predictions, breakdowns: Breakdowns, negative: pd.Series) -> tuple[float, int]:
    from reachbook.sentiment.prevalence.trend import week_of

    if breakdowns.cells.empty:
        return float("nan"), 0
    frame = predictions.comments.frame[breakdowns.own]
    real = negative[breakdowns.own].groupby([week_of(frame["at"]).rename("week"), frame["platform"]]).mean()
    table = breakdowns.cells.set_index(["week", "platform"]).join(real.rename("real"))
    inside = (table["negative_low"] <= table["real"]) & (table["real"] <= table["negative_high"])
    return float(inside.mean()), len(table)


def _known(happened: Incidents, burst: Mapping[Hashable, Any]) -> object:
    """Day on which the first alarm of the burst's platform was known during the burst, or None."""
    first, last = pd.Timestamp(burst["start"]), pd.Timestamp(burst["end"])
    here = [a.known for a in happened.watch.alerts if a.key[0] in (burst["platform"], None)]
    return min((day for day in here if first <= pd.Timestamp(day) <= last), default=None)
