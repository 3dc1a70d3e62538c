"""Evidence beside an effect from a counterfactual: bands, units, replays, weights and comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reachbook.arrays import Floats
from reachbook.effects.counterfactual.placebo import Replays
from reachbook.stats.intervals import equal_tailed, equal_tails
from reachbook.translation import tr


@dataclass(frozen=True)
class Evidence:
    """Detail of an effect from a counterfactual; in units of the outcome unless stated otherwise.

    Attributes
    ----------
    scale : str
        "logarithm" or "raw": the scale of the model.
    bands : DataFrame
        One row a treated unit and period: unit, date, observed, low, middle, high, campaign (bool). With several units,
        "all" is their sum. The band is the fit with its residual before the campaign, and the counterfactual in it.
    cumulative : DataFrame
        date, low, middle, high of the effect summed over treated units up to that period.
    units : DataFrame
        unit, cells, effect, low, high, relative, relative_low, relative_high.
    replays : Replays
        Placebo replays, and the factor that they put on the intervals.
    comparison : DataFrame
        method, effect, low, high, error (root mean square before the campaign, a ratio), note.
    weights : DataFrame
        control, weight: relative change of the outcome for a relative change of that control (mean over units).
    left_out_one : DataFrame
        control, effect: the effect without that control; a panel adds shift (change of the effect), a series half_width
        of its 95 % interval.
    controls : DataFrame
        control, error (a ratio), standardised, suspect (bool): whether a control moves at the start; a series adds sure
        (bool): whether it moved further than its own drift explains.
    error : float
        Root mean square of the residual before the campaign, as a ratio of the outcome.
    spend : float or None
        Money spent in the treated cells beyond the usual, negative where it fell; None if unknown.
    left_out : tuple of str
        What was set aside, one sentence each.
    spend_usual : float or None
        Money expected in the treated cells without the campaign: their units' earlier mean, scaled by the change of the
        untreated units' spend; if None all of `spend` counts as incremental.
    influence : DataFrame
        what, name, lift, without, share, away: the effect without one period or one treated unit, see
        `influence.by_period`.
    estimand : str
        Sentence on what the lift averages, and with which weights.
    unweighted_mean : tuple of (float, float, float) or None
        Low, middle, high of the unweighted mean of the units' relative effects; None for a single unit, or if the
        expected outcome of a unit is not positive.
    """

    scale: str
    bands: pd.DataFrame = field(repr=False)
    cumulative: pd.DataFrame = field(repr=False)
    units: pd.DataFrame = field(repr=False)
    replays: Replays = field(repr=False)
    comparison: pd.DataFrame = field(repr=False)
    weights: pd.DataFrame = field(repr=False)
    left_out_one: pd.DataFrame = field(repr=False)
    controls: pd.DataFrame = field(repr=False)
    error: float
    spend: float | None
    left_out: tuple[str, ...]
    spend_usual: float | None = None
    influence: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    estimand: str = ""
    unweighted_mean: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class UnitDraws:
    """Counterfactual draws and observations of one treated unit, in units of the outcome.

    Attributes
    ----------
    unit : str
        Name.
    dates : DatetimeIndex (h,)
        Periods in the campaign.
    observed : float array (h,)
        Observed outcome in the campaign.
    without : float array (draws, h)
        Outcome without the campaign.
    past_dates : DatetimeIndex (n,)
        Periods before the campaign.
    past : float array (n,)
        Observed outcome before the campaign.
    fitted_low, fitted, fitted_high : float array (n,)
        Band and fitted value before the campaign.
    level : float
        Probability of the bands.
    """

    unit: str
    dates: pd.DatetimeIndex
    observed: Floats
    without: Floats
    past_dates: pd.DatetimeIndex
    past: Floats
    fitted_low: Floats
    fitted: Floats
    fitted_high: Floats
    level: float = 0.95

    @cached_property
    def band(self) -> Floats:
        """Low end, posterior median and high end of the counterfactual, float array (3, h)."""
        return np.asarray(np.quantile(self.without, [(1 - self.level) / 2, 0.5, (1 + self.level) / 2], axis=0))

    @property
    def middle(self) -> Floats:
        """Posterior median of the counterfactual, float array (h,)."""
        return np.asarray(self.band[1])


def bands_of(drawn: list[UnitDraws]) -> pd.DataFrame:
    """Observed outcome and band of each treated unit and period, see `Evidence.bands`."""
    parts = []
    for one in drawn:
        parts.append(_rows(one.unit, one.past_dates, one.past, one.fitted_low, one.fitted, one.fitted_high, False))
        low, middle, high = one.band
        parts.append(_rows(one.unit, one.dates, one.observed, low, middle, high, True))
    if len(drawn) > 1:
        dates = _shared([one.dates for one in drawn])
        if len(dates):
            rows = [one.dates.get_indexer(dates) for one in drawn]
            whole = np.zeros((len(drawn[0].without), len(dates)))
            for one, here in zip(drawn, rows, strict=True):  # stacking the draws of many units takes longer
                whole += one.without[:, here]
            observed = np.sum([one.observed[here] for one, here in zip(drawn, rows, strict=True)], axis=0)
            low, middle, high = equal_tails(whole, drawn[0].level)
            parts.append(_rows("all", dates, observed, low, middle, high, True))
    # One frame at the end: a frame for each of many units takes longer than their quantiles.
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _shared(each: list[pd.DatetimeIndex]) -> pd.DatetimeIndex:
    dates = each[0]
    for more in each[1:]:
        dates = dates.intersection(more)
    return dates


def _rows(
    unit: str, dates: pd.DatetimeIndex, observed: Floats, low: Floats, middle: Floats, high: Floats, campaign: bool
) -> dict[str, NDArray[Any]]:
    """Columns of the bands for some periods of one unit."""
    return {
        "unit": np.full(len(dates), unit, dtype=object),
        "date": dates.to_numpy(),
        "observed": observed,
        "low": low,
        "middle": middle,
        "high": high,
        "campaign": np.full(len(dates), campaign),
    }


def cumulative_of(drawn: list[UnitDraws], level: float) -> pd.DataFrame:
    """Cumulative effect with its interval, see `Evidence.cumulative`."""
    dates = drawn[0].dates
    for one in drawn[1:]:
        dates = dates.union(one.dates)
    gained = np.zeros((len(drawn[0].without), len(dates)))
    for one in drawn:
        gained[:, dates.get_indexer(one.dates)] += one.observed - one.without
    low, middle, high = equal_tails(gained.cumsum(axis=1), level)
    return pd.DataFrame({"date": dates, "low": low, "middle": middle, "high": high})


def units_of(drawn: list[UnitDraws], level: float) -> pd.DataFrame:
    """Absolute and relative effect of each treated unit, see `Evidence.units`."""
    rows = []
    for one in drawn:
        baseline = one.without.mean(axis=1)
        effect = one.observed.mean() - baseline
        rows.append((one.unit, len(one.dates), *equal_tailed(effect, level), *equal_tailed(effect / baseline, level)))
    names = ["unit", "cells", "low", "effect", "high", "relative_low", "relative", "relative_high"]
    order = ["unit", "cells", "effect", "low", "high", "relative", "relative_low", "relative_high"]
    return pd.DataFrame(rows, columns=names)[order]


def pooled_of(drawn: list[UnitDraws]) -> tuple[Floats, Floats, int]:
    """Average effect and counterfactual over all treated cells, float arrays (draws,), and the number of cells."""
    cells = sum(len(one.dates) for one in drawn)
    baseline = np.sum([one.without.sum(axis=1) for one in drawn], axis=0) / cells
    observed = sum(float(one.observed.sum()) for one in drawn) / cells
    return observed - baseline, baseline, cells


def reach_of(average: Floats, baseline: Floats, level: float) -> tuple[float, float]:
    """Half-width of the effect's interval, as a ratio of the baseline and in units of the outcome.

    Parameters
    ----------
    average, baseline : float array (draws,)
        Average effect and counterfactual, in units of the outcome.
    level : float
        Probability of the interval.
    """
    return equal_tailed(average / baseline, level).half_width, equal_tailed(average, level).half_width


def estimand_of(drawn: list[UnitDraws]) -> str:
    """Sentence on what the relative effect averages, and with which weights."""
    periods = len({day for one in drawn for day in one.dates})
    if len(drawn) == 1:
        return tr(
            "The lift is all that {unit} gained in the campaign's {periods} periods over all that was expected in "
            "them: a period counts by its size.",
            unit=drawn[0].unit,
            periods=periods,
        )
    size = {one.unit: float(np.median(one.without.sum(axis=1))) for one in drawn}
    largest = max(size, key=lambda unit: size[unit])
    if min(size.values()) <= 0:
        return tr(
            "The lift is all that {n} treated units gained over all that was expected of them: a unit counts by its "
            "size, as money does.",
            n=len(drawn),
        )
    return tr(
        "The lift is all that {n} treated units gained over all that was expected of them: a unit counts by its size "
        "({largest} for {share}), as money does.",
        n=len(drawn),
        largest=largest,
        share=f"{size[largest] / sum(size.values()):.0%}",
    )


def unweighted_mean_of(drawn: list[UnitDraws], level: float) -> tuple[float, float, float] | None:
    """Unweighted mean of the units' relative effects with its interval, see `Evidence.unweighted_mean`."""
    if len(drawn) == 1 or any((one.without.mean(axis=1) <= 0).any() for one in drawn):
        return None
    each = np.mean([one.observed.mean() / one.without.mean(axis=1) - 1 for one in drawn], axis=0)
    return equal_tailed(each, level)
