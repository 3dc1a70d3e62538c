"""Placebo replays: coverage of the intervals where nothing happened, and the factor that restores it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom, norm

from reachbook.translation import sentences, tr
from reachbook.verdict import Gate

ENOUGH = 10
"""Replays below which coverage is unknown: even 9 of 9 inside are compatible with 74 % (at 95 % confidence)."""
_TRUST = 10.0
"""Number of replays to which the model's own interval is equivalent."""
NARROWEST = 0.9
"""Smallest factor on the intervals where replays are known to show all that a campaign's error holds."""
_WILD = 3.0
"""Widening beyond which the model does not describe the data."""


@dataclass(frozen=True)
class Replay:
    """One placebo campaign.

    Attributes
    ----------
    unit : str
        Placebo unit.
    start : Timestamp
        First period.
    periods : int
        Length in periods.
    error, deviation : float
        Estimated effect and its standard deviation, as ratios of the outcome.
    """

    unit: str
    start: pd.Timestamp
    periods: int
    error: float
    deviation: float


@dataclass(frozen=True)
class Replays:
    """All placebo replays, and what they imply for the intervals.

    Attributes
    ----------
    frame : DataFrame
        One row a replay: unit, start, periods, error and deviation (ratios of the outcome), standardised, inside.
    level : float
        Nominal coverage.
    before, after : float
        Share of replays inside their interval, as fitted and with the factor.
    factor : float
        Factor on the intervals.
    independent : int
        Number of replays that share no period, which is the number of independent ones.
    """

    frame: pd.DataFrame
    level: float
    before: float
    after: float
    factor: float
    independent: int

    @property
    def count(self) -> int:
        """Number of replays."""
        return len(self.frame)

    def check(self) -> Gate:
        """Gate: enough independent replays, and no widening so large that the model does not fit."""
        if self.independent < ENOUGH:
            return Gate(
                "replays",
                False,
                tr(
                    "Only {n} placebo replays that share no period fit into what was observed without the campaign; "
                    "{least} are needed to know how often the intervals hold. Add earlier periods or more untreated "
                    "units.",
                    n=self.independent,
                    least=ENOUGH,
                ),
            )
        return Gate("replays", self.factor <= _WILD, self.describe())

    def describe(self) -> str:
        """Observed coverage, and the widening, as text."""
        inside = round(self.before * self.count)
        length = int(self.frame["periods"].median())
        told = tr(
            "{inside} of {count} placebo replays ({length} periods each) are inside their {level} interval.",
            inside=inside,
            count=self.count,
            length=length,
            level=f"{self.level:.0%}",
        )
        return sentences(told, self._widened())

    def _widened(self) -> str:
        if self.factor == 1:
            return tr("Intervals are left as they are.")
        if self.factor < 1:
            return tr(
                "Their errors are smaller than the model says: intervals are narrowed by {narrower}, after which "
                "{after} hold.",
                narrower=f"{1 - self.factor:.0%}",
                after=f"{self.after:.0%}",
            )
        told = {"wider": f"{self.factor - 1:.0%}", "after": f"{self.after:.0%}", "level": f"{self.level:.0%}"}
        said = (
            tr("Intervals are widened by {wider}, after which {after} of these few hold.", **told)
            if self.after >= self.level
            else tr(
                "Intervals are widened by {wider}, after which {after} of these few hold, where {level} are stated and "
                "chance varies.",
                **told,
            )
        )
        wild = tr("More than {most:g} times is a model that does not fit: add controls or earlier periods.", most=_WILD)
        return sentences(said, wild if self.factor > _WILD else "")


def weigh(replays: Sequence[Replay], level: float, apart: int | None = None, least: float = 1.0) -> Replays:
    """Coverage of the replays, and the factor on the intervals.

    Parameters
    ----------
    replays : sequence of Replay
        The replays.
    level : float
        Nominal coverage.
    apart : int, optional
        Number of replays that share no period; all of them by default.
    least : float
        Smallest factor. Below 1, at least `ENOUGH` replays apart can narrow the intervals as well: for replays as long
        as the campaign, which hold the drift that it has.

    Returns
    -------
    Replays
        Coverage and factor.

    Notes
    -----
    The factor is the root mean square of the standardised errors, shrunk towards 1 by `_TRUST` replays' worth of the
    model's own interval, and at least `least`. If fewer replays than chance allows (5 %) are inside even so, it is the
    conformal quantile of their size, below which a new one stays with probability `level`.

    References
    ----------
    Vovk, Gammerman & Shafer (2005), "Algorithmic learning in a random world".
    """
    rows = [(r.unit, r.start, r.periods, r.error, r.deviation) for r in replays]
    frame = pd.DataFrame(rows, columns=["unit", "start", "periods", "error", "deviation"])
    standard = (frame["error"] / frame["deviation"]).to_numpy(float)
    reach = float(norm.ppf((1 + level) / 2))
    frame["standardised"] = standard
    frame["inside"] = np.abs(standard) <= reach
    if not len(frame):
        return Replays(frame, level, float("nan"), float("nan"), 1.0, 0)
    apart = len(frame) if apart is None else apart
    factor = _factor(standard, level, reach, apart, least if apart >= ENOUGH else 1.0)
    after = float((np.abs(standard) <= reach * factor).mean())
    return Replays(frame, level, float(frame["inside"].mean()), after, factor, apart)


def _factor(standard: np.ndarray, level: float, reach: float, apart: int, least: float) -> float:
    size, count = np.abs(standard), min(len(standard), max(apart, 1))
    factor = max(least, float(np.sqrt((_TRUST + count * np.mean(size**2)) / (_TRUST + count))))
    inside = int(np.floor(count * np.mean(size <= reach * factor)))
    if binom.cdf(inside, count, level) < 0.05:
        rank = min(int(np.ceil((len(size) + 1) * level)), len(size))
        factor = max(factor, float(np.sort(size)[rank - 1]) / reach)
    return factor
