"""What a panel or a series shows beside its effect, for figures, tables and whoever wants to check."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.effects.counterfactual.placebo import Replays
from reachbook.stats.intervals import equal_tailed, equal_tails


@dataclass(frozen=True)
class Evidence:
    """Detail of an effect that was told from a counterfactual; outcome units unless said otherwise.

    scale : "logarithm" or "raw", what the model works on
    bands : unit, date, observed, low, middle, high, campaign (bool), one row a treated unit and period; "all" is their
        sum where there are several. Before the campaign the band is the fit with its residual, in it what would have
        been
    cumulative : date, low, middle, high of the effect summed over treated units up to that period
    units : unit, cells, effect, low, high, relative, relative_low, relative_high
    replays : placebo replays and the factor that intervals were widened by
    comparison : method, effect, low, high, error (root mean square before the campaign, a ratio), note
    weights : control, weight: outcome's change, relative, for a relative change of that control (mean over units)
    left_out_one : control, effect: the effect without that control; a panel has shift, by how much that differs, a
        series half_width of its 95 % interval
    controls : control, error (a ratio), standardised, suspect (bool): whether a control moves at the start; of a series
        sure (bool) as well: further than it may have wandered by itself
    error : root mean square of the residual before the campaign, a ratio to the outcome
    spend : money spent in the treated cells beyond what they would have spent, below zero where less was spent; None
        where unknown. left_out : what was set aside, one sentence each
    spend_usual : money that would have been spent in the treated cells without the campaign: their units' mean a period
        before, moved as the untreated units' spend moved; None where unknown, and then all of `spend` counts as extra
    influence : what, name, lift, without, share, away: the effect without one period, or one treated unit, see
        `influence.by_period`
    estimand : which question the lift answers, weighted by what, a sentence
    alike : low, middle, high of the other answer, the mean over treated units of their relative effects, each counting
        the same; None for a single unit, or where a unit's expected outcome is not above zero
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
    alike: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class UnitDraws:
    """Draws of what one treated unit would have done, and what it did.

    without : (draws, periods in the campaign), outcome units; observed, dates : (periods in the campaign,)
    fitted, residual, past, past_dates : the same before, the fit and the half-width of its band
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

    @cached_property
    def middle(self) -> Floats:
        """Median of what would have been, (periods in the campaign,)."""
        return np.asarray(np.median(self.without, axis=0))


def bands_of(drawn: list[UnitDraws], level: float) -> pd.DataFrame:
    """`Evidence.bands`."""
    frames = []
    for one in drawn:
        frames.append(_rows(one.unit, one.past_dates, one.past, one.fitted_low, one.fitted, one.fitted_high, False))
        frames.append(_rows(one.unit, one.dates, one.observed, *equal_tails(one.without, level), True))
    if len(drawn) > 1:
        dates = _shared([one.dates for one in drawn])
        if len(dates):
            rows = [one.dates.get_indexer(dates) for one in drawn]
            whole = np.sum([one.without[:, here] for one, here in zip(drawn, rows, strict=True)], axis=0)
            observed = np.sum([one.observed[here] for one, here in zip(drawn, rows, strict=True)], axis=0)
            frames.append(_rows("all", dates, observed, *equal_tails(whole, level), True))
    return pd.concat(frames, ignore_index=True)


def _shared(each: list[pd.DatetimeIndex]) -> pd.DatetimeIndex:
    dates = each[0]
    for more in each[1:]:
        dates = dates.intersection(more)
    return dates


def _rows(
    unit: str, dates: pd.DatetimeIndex, observed: Floats, low: Floats, middle: Floats, high: Floats, campaign: bool
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": unit,
            "date": dates,
            "observed": observed,
            "low": low,
            "middle": middle,
            "high": high,
            "campaign": campaign,
        }
    )


def cumulative_of(drawn: list[UnitDraws], level: float) -> pd.DataFrame:
    """`Evidence.cumulative`."""
    dates = drawn[0].dates
    for one in drawn[1:]:
        dates = dates.union(one.dates)
    gained = np.zeros((len(drawn[0].without), len(dates)))
    for one in drawn:
        gained[:, dates.get_indexer(one.dates)] += one.observed - one.without
    low, middle, high = equal_tails(gained.cumsum(axis=1), level)
    return pd.DataFrame({"date": dates, "low": low, "middle": middle, "high": high})


def units_of(drawn: list[UnitDraws], level: float) -> pd.DataFrame:
    """`Evidence.units`."""
    rows = []
    for one in drawn:
        baseline = one.without.mean(axis=1)
        effect = one.observed.mean() - baseline
        rows.append((one.unit, len(one.dates), *equal_tailed(effect, level), *equal_tailed(effect / baseline, level)))
    names = ["unit", "cells", "low", "effect", "high", "relative_low", "relative", "relative_high"]
    order = ["unit", "cells", "effect", "low", "high", "relative", "relative_low", "relative_high"]
    return pd.DataFrame(rows, columns=names)[order]


def pooled_of(drawn: list[UnitDraws]) -> tuple[Floats, Floats, int]:
    """Draws of the average effect and of the average without it over all treated cells, and how many cells."""
    cells = sum(len(one.dates) for one in drawn)
    baseline = np.sum([one.without.sum(axis=1) for one in drawn], axis=0) / cells
    observed = sum(float(one.observed.sum()) for one in drawn) / cells
    return observed - baseline, baseline, cells


def reach_of(average: Floats, baseline: Floats, level: float) -> tuple[float, float]:
    """Half-width of the interval of the effect: as a ratio, and in outcome units."""
    return equal_tailed(average / baseline, level).half_width, equal_tailed(average, level).half_width


def estimand_of(drawn: list[UnitDraws]) -> str:
    """What the relative effect is a mean of, and by what it is weighted."""
    periods = len({day for one in drawn for day in one.dates})
    if len(drawn) == 1:
        return (
            f"The lift is all that {drawn[0].unit} gained in the campaign's {periods} periods over all that was "
            "expected in them: a period counts by its size."
        )
    size = {one.unit: float(np.median(one.without.sum(axis=1))) for one in drawn}
    largest = max(size, key=lambda unit: size[unit])
    share = f" ({largest} for {size[largest] / sum(size.values()):.0%})" if min(size.values()) > 0 else ""
    return (
        f"The lift is all that {len(drawn)} treated units gained over all that was expected of them: a unit counts by "
        f"its size{share}, as money does."
    )


def alike_of(drawn: list[UnitDraws], level: float) -> tuple[float, float, float] | None:
    """`Evidence.alike`."""
    if len(drawn) == 1 or any((one.without.mean(axis=1) <= 0).any() for one in drawn):
        return None
    each = np.mean([one.observed.mean() / one.without.mean(axis=1) - 1 for one in drawn], axis=0)
    return equal_tailed(each, level)
