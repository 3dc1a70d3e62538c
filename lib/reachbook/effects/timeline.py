"""Campaign effect from one series, before and after, with control series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects import markets_checks as checks
from reachbook.effects import timeline_checks as own
from reachbook.effects.counterfactual import Fit
from reachbook.effects.effect import Effect
from reachbook.effects.evidence import Drawn, Evidence, bands_of, cumulative_of, pooled_of, units_of
from reachbook.effects.observed import Observed, observe_series
from reachbook.effects.replays import Replay, Replays, weigh
from reachbook.effects.timeline_model import Line, line, unknown_holidays
from reachbook.told import Check

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec

Floats = np.ndarray
Ints = np.ndarray

DRAWS = 4000
_FAR = 10.0
_WINDOWS = 12
"""Windows that follow each other, wished for among the periods before the campaign."""
_SHORT = 4
"""Periods of a replay, at least (or the campaign's length)."""


def estimate(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Effect:
    """Effect on the series of `frame` (contract `series`: one unit, its control series as further columns).

    Raises DataError or ParamsError, one line, where nothing can be told; what can be told but not relied on is an
    Effect whose gates say so. `detail` is an `Evidence`. Periods that have no row are missing, never zero.
    """
    seen = checked(frame, spec)
    model = line(seen, spec.calendar)
    before, during = seen.before[0], seen.during[0]
    quick = model.fit(before)
    fitted, certain = _posterior(model, before, during, spec.sampler, seed, quick)
    replays = replay(seen, model, spec.replays, spec.level)
    drawn = [_draw(seen, model, fitted, replays.factor, spec.level, np.random.default_rng([seed, 43]))]
    average, baseline, cells = pooled_of(drawn)
    low, high = np.quantile(average, [(1 - spec.level) / 2, (1 + spec.level) / 2])
    half_width = float(high - low) / 2
    whole = own.plug_in(seen, model, quick.mode)
    singles, controls = own.left_out_one(seen, model), own.suspects(seen, model)
    moved = (
        own.plug_in(seen, own.without(model, list(controls.loc[controls["suspect"], "control"])), quick.mode) - whole
    )
    gates = (
        checks.periods([len(before)], list(seen.units)),
        checks.left_out(seen.left_out),
        own.controls(model),
        own.held_out(seen, model, replays.factor),
        own.one_control(singles, whole, half_width),
        checks.contamination(seen, controls, moved, half_width),
        own.holidays(unknown_holidays(seen.dates, before, during, model.holidays), seen.dates, spec.calendar),
        replays.check(),
        certain,
        checks.spending(seen.spend),
    )
    told = (float(np.median(average)), float(low), float(high), fitted.deviation)
    extra, usual = (seen.spend.extra, seen.spend.usual) if seen.spend else (None, None)
    detail = Evidence(
        "logarithm" if model.logs else "raw", bands_of(drawn, spec.level), cumulative_of(drawn, spec.level),
        units_of(drawn, spec.level), replays, own.compare(seen, model, told), _weights(model, fitted, before), singles,
        controls, fitted.deviation, extra, seen.left_out, usual,
    )  # fmt: skip
    kept = tuple(sorted(gates, key=lambda gate: (gate.passed, gate.level != "block")))
    return Effect("series", seen.name, average, baseline, cells, kept, detail)


def checked(frame: pd.DataFrame, spec: EffectSpec) -> Observed:
    """What was observed: all that is read and checked before anything is estimated.

    Raises DataError or ParamsError, one line: what `estimate`, or a plan, would raise.
    """
    if spec.plan:
        from reachbook.effects.planned import planned

        planned(frame, spec, 0)
    return observe_series(frame, spec)


def _posterior(model: Line, before: Ints, during: Ints, sampler: str, seed: int, quick: Fit) -> tuple[Fit, Check]:
    """The posterior and its gate: by PyMC, or exact on a grid."""
    if sampler == "exact":
        return quick, checks.certain([quick])
    from reachbook.effects.timeline_sampling import agreement, sampled

    blocks = model.blocks(before)
    fitted, convergence = sampled(model.outcome, model.time, blocks, before, during, seed)
    return fitted, agreement(fitted, quick, during, convergence)


def replay(seen: Observed, model: Line, count: int, level: float) -> Replays:
    """Up to `count` windows before the campaign, each told from what came before it, by the exact model.

    Windows are as long as the campaign where 12 of them follow each other, else shorter, down to 4 periods. They may
    overlap; how many follow each other decides whether there are enough.
    """
    before, length = seen.before[0], len(seen.during[0])
    least = max(checks.PERIODS, len(before) // 4)
    room = len(before) - least
    size = int(np.clip(room // _WINDOWS, min(_SHORT, length), length))
    starts = np.unique(np.linspace(least, max(len(before) - size, least), max(count, 1)).astype(int))
    found = []
    for start in starts[:count] if room >= size else ():
        past, window = before[:start], before[start : start + size]
        mean, deviation = model.fit(past).average(window, np.full(size, 1 / size))
        error = float(model.outcome[window].mean() - mean)
        found.append(Replay(seen.units[0], seen.dates[window[0]], size, error, deviation))
    return weigh(found, level, min(len(found), room // size if size else 0))


def _draw(seen: Observed, model: Line, fitted: Fit, factor: float, level: float, rng: np.random.Generator) -> Drawn:
    before, during = seen.before[0], seen.during[0]
    normal = rng.standard_normal((DRAWS, len(during)))
    paths = fitted.paths(during, normal, rng.random(DRAWS), rng.chisquare(fitted.df, DRAWS))
    middle = fitted.weight @ fitted.moments(during)[0]
    wide = middle + np.clip(factor * (paths - middle), -_FAR, _FAR)
    mean, band = fitted.mean()[before], float(norm.ppf((1 + level) / 2)) * fitted.deviation
    return Drawn(
        seen.units[0], seen.dates[during], seen.outcome[0, during], model.back(wide), seen.dates[before],
        seen.outcome[0, before], *(model.back(mean + off) for off in (-band, 0.0, band)),
    )  # fmt: skip


def _weights(model: Line, fitted: Fit, before: Ints) -> pd.DataFrame:
    """Change of the outcome for a control's change by one: elasticities on the scale of logarithms."""
    if not model.controls:
        return pd.DataFrame({"control": [], "weight": []})
    centre = fitted.coefficients("controls")
    spreads = [float(values[before].std()) or float(values.std()) or 1.0 for values in model.controls.values()]
    return pd.DataFrame({"control": list(model.controls), "weight": centre / np.array(spreads)})
