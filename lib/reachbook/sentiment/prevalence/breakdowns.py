"""Shares of the polarities overall, by every key and week by week, all from one audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.sentiment.prevalence import trend
from reachbook.sentiment.prevalence.pooling import CELL, Pooled, combinations, pool
from reachbook.sentiment.prevalence.shares import Prevalence, prevalence
from reachbook.stats.intervals import Interval
from reachbook.translation import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from reachbook.sentiment.classifier.predict import Predictions
    from reachbook.sentiment.spec import SentimentSpec

    Flags = NDArray[np.bool_]

_SMALL = 20
"""Number of comments below which a post, campaign or segment is merged with the other small ones."""
SMALL_ONES = mark("(small ones)")
"""Name of the values that are taken together."""
_RECENT = 28
KEYS = ("brand", "campaign_id", "segment", "content_id")


@dataclass(frozen=True)
class Breakdowns:
    """Shares with intervals; frames have columns texts and negative_low, negative, negative_high, and so on.

    Attributes
    ----------
    own : bool array (comments,)
        Comments on the own brand.
    overall : Prevalence or None
        Their shares; None without an audit of them.
    counted : float64 array (3,)
        Shares of the own brand by counting the model's predictions.
    by : dict of str to pandas.DataFrame
        Frame with one row for each value of a key, by key.
    cells : pandas.DataFrame
        Own brand by week and platform.
    daily : pandas.DataFrame
        Own brand by day.
    recent : Interval or None
        Change of the negative share in the last four weeks against before, a ratio; None where nothing precedes them.
    pooled : Pooled or None
        The model behind all frames; None without an audit, where all frames are empty.
    """

    own: Flags
    overall: Prevalence | None
    counted: np.ndarray
    by: dict[str, pd.DataFrame]
    cells: pd.DataFrame
    daily: pd.DataFrame
    recent: Interval | None
    pooled: Pooled | None

    def index(self, name: str, predictions: Predictions) -> pd.DataFrame:
        """Build the published sentiment_index: week, platform, brand, comments, audited and every share.

        Parameters
        ----------
        name : str
            The own brand; "" for all.

        Returns
        -------
        pandas.DataFrame
            `counted_negative` is the negative share by counting the model's predictions.
        """
        frame = predictions.comments.frame
        week, best = trend.week_of(frame["at"]), predictions.probabilities.argmax(axis=1)
        audited = np.isin(np.arange(len(frame)), predictions.audit)
        each = pd.DataFrame({"week": week, "platform": frame["platform"], "audited": audited, "worst": best == 0})
        more = each[self.own].groupby(["week", "platform"]).agg(audited=("audited", "sum"), worst=("worst", "mean"))
        if self.cells.empty:
            return _empty().assign(comments=0, audited=0, counted_negative=0.0)
        table = self.cells.merge(more.reset_index(), on=["week", "platform"]).rename(columns={"texts": "comments"})
        table.insert(2, "brand", name or "all")
        return table.rename(columns={"worst": "counted_negative"})


def views(predictions: Predictions, aspects: Mapping[str, Flags], spec: SentimentSpec, seed: int) -> Breakdowns:
    """Estimate every share, corrected by the random sample; without one only by counting.

    Parameters
    ----------
    aspects : bool array (comments,) each
        Comments on each aspect, about which the model may be wrong in its own way.
    """
    comments, p = predictions.comments, predictions.probabilities
    own = comments.of(spec.brand)
    counted = np.bincount(p[own].argmax(axis=1), minlength=3) / own.sum()
    overall = _overall(predictions, own, spec.level)
    if overall is None:
        return Breakdowns(own, None, counted, {}, _empty(), _empty(), None, None)
    pooled = pool(
        p, _keys(predictions, aspects), predictions.audit, predictions.audit_labels, seed=seed, level=spec.level
    )
    frame = comments.frame
    by = {"platform": _within(pooled, frame[["platform"]], own)}
    for key in (each for each in KEYS if each in comments.columns):
        inside = np.ones(len(own), dtype=bool) if key == "brand" else own
        by[key] = _within(pooled, _lumped(frame[key], inside).to_frame(), inside & frame[key].notna().to_numpy())
    week = trend.week_of(frame["at"]).rename("week")
    by["week"] = _within(pooled, week.to_frame(), own)
    return Breakdowns(
        own=own,
        overall=overall,
        counted=counted,
        by=by,
        cells=_within(pooled, pd.DataFrame({"week": week, "platform": frame["platform"]}), own),
        daily=_within(pooled, frame[["day"]], own),
        recent=_recent(pooled, frame["day"], own),
        pooled=pooled,
    )


def _overall(predictions: Predictions, inside: Flags, level: float) -> Prevalence | None:
    """Shares among the comments flagged, from the part of the random sample that is among them."""
    place = np.cumsum(inside) - 1
    audited = inside[predictions.audit]
    if not audited.any():
        return None
    labels = [label for label, here in zip(predictions.audit_labels, audited, strict=True) if here]
    return prevalence(predictions.probabilities[inside], place[predictions.audit[audited]], labels, level)


def _keys(predictions: Predictions, aspects: Mapping[str, Flags]) -> pd.DataFrame:
    """Keys by which the meaning of the probabilities may differ; the last is the cell of week, platform and brand."""
    frame, everywhere = predictions.comments.frame, np.ones(len(predictions.comments), dtype=bool)
    week = trend.week_of(frame["at"]).astype(str)
    keys = {"week": week, "platform": frame["platform"].astype(str)}
    for name in (each for each in KEYS if each in predictions.comments.columns):
        keys[name] = _lumped(frame[name], everywhere).fillna("").astype(str)
    keys |= {f"about {name}": pd.Series(flags, index=frame.index) for name, flags in aspects.items()}
    brand = keys.get("brand", pd.Series("", index=frame.index))
    return pd.DataFrame(keys | {CELL: week + "|" + keys["platform"] + "|" + brand})


def _lumped(values: pd.Series, inside: Flags) -> pd.Series:
    """Replace values with few comments by "(small ones)"."""
    often = values[inside].value_counts()
    rare = set(often[often < _SMALL].index)
    return values.where(~values.isin(rare), SMALL_ONES) if len(rare) < len(often) else values


def _within(pooled: Pooled, groups: pd.DataFrame, inside: Flags) -> pd.DataFrame:
    """Shares of each combination of values among the comments flagged."""
    chosen = groups[inside]
    code, values = combinations(chosen)
    rows = np.flatnonzero(inside)
    sets = [rows[code == number] for number in range(len(values))]
    return pd.concat([values, pooled.frame(sets)], axis=1)


def _recent(pooled: Pooled, day: pd.Series, own: Flags) -> Interval | None:
    """Change of the negative share in the last four weeks, or None where nothing precedes them."""
    since = day.max() - pd.Timedelta(days=_RECENT - 1)
    late = (day >= since).to_numpy()
    if not (own & late).any() or not (own & ~late).any():
        return None
    low, middle, high = trend.change(pooled, (pd.Series(own & ~late), pd.Series(own & late)))
    return Interval(low, middle, high)


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=["week", "platform", "texts", "negative_low", "negative", "negative_high"])
