"""Effect of a campaign from one series, before and after, with control series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.arrays import Ints
from reachbook.effects.counterfactual import gates as shared
from reachbook.effects.counterfactual import influence
from reachbook.effects.counterfactual.evidence import (
    Evidence,
    UnitDraws,
    bands_of,
    cumulative_of,
    estimand_of,
    pooled_of,
    reach_of,
    units_of,
)
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.regression import Fit
from reachbook.effects.counterfactual.singularity import solvable
from reachbook.effects.effect import Effect
from reachbook.effects.series import gates as own
from reachbook.effects.series.model import SeriesModel, line, unknown_holidays
from reachbook.effects.series.series_data import observe_series
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


DRAWS = 4000
_FAR = 10.0


def estimate(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Effect:
    """Effect on the series of `frame`; periods without a row are missing, never zero.

    Parameters
    ----------
    frame : DataFrame
        Table `series`: one unit, with control series as further columns.
    spec : EffectSpec
        Parameters.
    seed : int
        Seed.

    Returns
    -------
    Effect
        Posterior and gates; `detail` is an `Evidence`. Where it should not be relied on, a gate says so.

    Raises
    ------
    DataError, ParamsError
        If nothing can be estimated; the message is one line.
    """
    seen = checked(frame, spec)
    with solvable("series"):
        return _estimated(seen, spec, seed)


def _estimated(panel: PanelData, spec: EffectSpec, seed: int) -> Effect:
    model = line(panel, spec.calendar)
    before, during = panel.before[0], panel.during[0]
    quick = model.fit(before)
    fitted, certain = _posterior(model, before, during, spec.sampler, seed, quick)
    replays = own.replay(panel, model, spec.replays, spec.level)
    drawn = [_draw(panel, model, fitted, replays.factor, spec.level, np.random.default_rng([seed, 43]))]
    average, baseline, cells = pooled_of(drawn)
    low, high = np.quantile(average, [(1 - spec.level) / 2, (1 + spec.level) / 2])
    half_width, observed = float(high - low) / 2, float(panel.outcome[0, during].mean())
    base, bare = own.counterfactual_mean(model, quick, during)
    whole = own.plug_in(panel, model, quick.mode)
    singles, controls = own.left_out_one(panel, model), own.suspects(panel, model)
    moved = (
        own.plug_in(panel, own.without(model, list(controls.loc[controls["suspect"], "control"])), quick.mode) - whole
    )
    reach = reach_of(average, baseline, spec.level)
    days = influence.by_period(drawn, reach)
    gates = (
        shared.periods([len(before)], list(panel.units)),
        shared.left_out(panel.left_out, panel.share_left_out),
        own.controls(model),
        own.held_out(panel, model, replays.factor),
        own.one_control(singles, (observed - base, bare), half_width),
        *shared.other_unit(panel, average, baseline, spec.confirmed),
        influence.one_period(days, drawn, spec.confirmed),
        influence.past_period(drawn, reach, lambda day: _without(panel, model, quick, day), spec.confirmed),
        shared.contamination(panel, controls, moved, half_width),
        own.holidays(
            unknown_holidays(panel.dates, before, during, model.holidays),
            panel.dates,
            panel.dates[during if panel.daily else []],
            spec.calendar,
        ),
        shared.replay_count(replays.check(), spec.replays),
        certain,
        shared.spending(panel.spend),
    )
    told = (float(np.median(average)), float(low), float(high), fitted.deviation)
    extra, usual = (panel.spend.extra, panel.spend.usual) if panel.spend else (None, None)
    detail = Evidence(
        "logarithm" if model.logs else "raw", bands_of(drawn), cumulative_of(drawn, spec.level),
        units_of(drawn, spec.level), replays, own.compare(panel, model, told), _weights(model, fitted, before), singles,
        controls, fitted.deviation, extra, panel.left_out, usual, days, estimand_of(drawn),
    )  # fmt: skip
    return Effect("series", panel.name, average, baseline, cells, shared.failed_first(gates), detail)


def checked(frame: pd.DataFrame, spec: EffectSpec) -> PanelData:
    """Observed series, read and checked without any estimation.

    Raises
    ------
    DataError, ParamsError
        What `estimate` would raise before it estimates anything.
    """
    return observe_series(frame, spec)


def _posterior(model: SeriesModel, before: Ints, during: Ints, sampler: str, seed: int, quick: Fit) -> tuple[Fit, Gate]:
    """Posterior and its gate, by PyMC or exact on a grid."""
    if sampler == "exact":
        return quick, shared.certain([quick])
    from reachbook.effects.series.structural_pymc import agreement, sampled

    blocks = model.blocks(before)
    fitted, convergence = sampled(model.outcome, model.time, blocks, before, during, seed)
    return fitted, agreement(fitted, quick, during, convergence)


def _without(panel: PanelData, model: SeriesModel, quick: Fit, day: pd.Timestamp) -> tuple[float, float]:
    """Change of the effect without one day before the campaign, and its interval's width over that with the day."""
    before, during = panel.before[0], panel.during[0]
    at = int(panel.dates.get_indexer(pd.DatetimeIndex([day]))[0])
    fresh = model.fit(before[before != at])
    totals, widths, observed = [], [], panel.outcome[0, during]
    for each in (quick, fresh):
        base = model.back(each.weight @ each.moments(during)[0])
        totals.append(float((observed - base).sum() / base.sum() if (base > 0).all() else (observed - base).mean()))
        widths.append(each.average(during, np.full(len(during), 1 / len(during)))[1])
    return totals[1] - totals[0], widths[1] / widths[0]


def _draw(
    panel: PanelData, model: SeriesModel, fitted: Fit, factor: float, level: float, rng: np.random.Generator
) -> UnitDraws:
    before, during = panel.before[0], panel.during[0]
    normal = rng.standard_normal((DRAWS, len(during)))
    paths = fitted.paths(during, normal, rng.random(DRAWS), rng.chisquare(fitted.df, DRAWS))
    middle = fitted.weight @ fitted.moments(during)[0]
    wide = middle + np.clip(factor * (paths - middle), -_FAR, _FAR)
    mean, band = fitted.mean()[before], float(norm.ppf((1 + level) / 2)) * fitted.deviation
    low, fit, high = (model.back(mean + off) for off in (-band, 0.0, band))
    return UnitDraws(
        panel.units[0], panel.dates[during], panel.outcome[0, during], model.back(wide), panel.dates[before],
        panel.outcome[0, before], low, fit, high, level,
    )  # fmt: skip


def _weights(model: SeriesModel, fitted: Fit, before: Ints) -> pd.DataFrame:
    """Change of the outcome for a unit change of each control, on the scale of the model: elasticities for logs."""
    if not model.controls:
        return pd.DataFrame({"control": [], "weight": []})
    centre = fitted.coefficients("controls")
    spreads = [float(values[before].std()) or float(values.std()) or 1.0 for values in model.controls.values()]
    return pd.DataFrame({"control": list(model.controls), "weight": centre / np.array(spreads)})
