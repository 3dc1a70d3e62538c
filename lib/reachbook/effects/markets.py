"""Campaign effect from a panel: units treated while others are not, starts staggered or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects import influence
from reachbook.effects import markets_checks as checks
from reachbook.effects.comparisons import compare
from reachbook.effects.counterfactual import Fit
from reachbook.effects.effect import Effect
from reachbook.effects.evidence import (
    Drawn,
    Evidence,
    alike_of,
    bands_of,
    cumulative_of,
    estimand_of,
    pooled_of,
    reach_of,
    units_of,
)
from reachbook.effects.markets_model import Relative, relative
from reachbook.effects.markets_replays import correlation, replay
from reachbook.effects.observed import UNSOLVED, Observed, observe
from reachbook.errors import DataError

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec
    from reachbook.told import Check

Floats = np.ndarray

DRAWS = 4000
_FAR = 10.0
"""Bound of draws on the scale of the model, so that e to their power stays a number."""


def estimate(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Effect:
    """Effect on the treated units of `frame` (contract `panel`), each told from the units never treated.

    Raises DataError or ParamsError, one line, where nothing can be told; what can be told but not relied on is an
    Effect whose gates say so. `detail` is an `Evidence`.
    """
    seen = checked(frame, spec)
    try:
        return _estimated(seen, spec, seed)
    except np.linalg.LinAlgError:
        raise DataError(UNSOLVED.format("panel")) from None


def _estimated(seen: Observed, spec: EffectSpec, seed: int) -> Effect:
    rng = np.random.default_rng([seed, 41])
    scaled = relative(seen)
    fits = [scaled.fit(unit, seen.controls, before) for unit, before in enumerate(seen.before)]
    replays = replay(seen, scaled, spec.replays, spec.level, np.random.default_rng([seed, 42]))
    drawn = draw(seen, scaled, fits, replays.factor, spec.level, rng)
    average, baseline, cells = pooled_of(drawn)
    low, high = np.quantile(average, [(1 - spec.level) / 2, (1 + spec.level) / 2])
    half_width = float(high - low) / 2
    modes = [each.mode for each in fits]
    whole = checks.plug_in(seen, scaled, np.array([], dtype=int), modes)
    singles, controls = checks.left_out_one(seen, scaled, modes), checks.suspects(seen, scaled, fits[0].mode)
    singles["shift"] = singles["effect"] - whole
    error = float(np.mean([each.deviation for each in fits]))
    model = (float(np.median(average)), float(low), float(high), error)
    reach = reach_of(average, baseline, spec.level)
    days, parts = influence.by_period(drawn, reach), influence.by_unit(drawn, reach)
    gates = (
        checks.periods([len(before) for before in seen.before], list(seen.units[: seen.treated])),
        checks.left_out(seen.left_out, seen.lost),
        checks.held_out(seen, scaled, replays.factor)[0],
        checks.one_control(singles, whole, half_width),
        influence.one_period(days, drawn, spec.confirmed),
        influence.one_unit(parts, spec.confirmed),
        influence.past_period(drawn, reach, lambda day: _without(seen, scaled, fits, day), spec.confirmed),
        checks.contamination(seen, controls, _moved(seen, scaled, controls, modes, whole), half_width),
        checks.hull(seen, scaled),
        checks.replayed(replays, spec.replays),
        checks.covariates(seen, scaled, fits, half_width, bool(spec.covariates)),
        checks.certain(fits),
        checks.spending(seen.spend),
    )
    extra, usual = (seen.spend.extra, seen.spend.usual) if seen.spend else (None, None)
    detail = Evidence(
        "logarithm" if scaled.logs else "raw", bands_of(drawn, spec.level), cumulative_of(drawn, spec.level),
        units_of(drawn, spec.level), replays, compare(seen, scaled, model), _weights(seen, fits), singles, controls,
        error, extra, seen.left_out, usual, pd.concat([days, parts], ignore_index=True),
        estimand_of(drawn), alike_of(drawn, spec.level),
    )  # fmt: skip
    return Effect("panel", seen.name, average, baseline, cells, _kept(gates), detail)


def checked(frame: pd.DataFrame, spec: EffectSpec) -> Observed:
    """What was observed, or what a plan would rest on: all that is read and checked before anything is estimated.

    Raises DataError or ParamsError, one line: what `estimate`, or the plan, would raise.
    """
    if spec.plan:
        from reachbook.effects.planning_panel import checked as planned

        return planned(frame, spec)
    return observe(frame, spec)


def draw(
    seen: Observed, scaled: Relative, fits: list[Fit], factor: float, level: float, rng: np.random.Generator
) -> list[Drawn]:
    """Draws of every treated unit without the campaign, dependent in the same period, widened by `factor`."""
    joint = correlation(list(zip(fits, seen.before, strict=True)))
    normal = rng.standard_normal((DRAWS, len(seen.time), len(fits))) @ np.linalg.cholesky(joint).T
    reach = float(norm.ppf((1 + level) / 2))
    result = []
    for unit, (each, before, during) in enumerate(zip(fits, seen.before, seen.during, strict=True)):
        paths = each.paths(during, normal[:, during, unit], rng.random(DRAWS), rng.chisquare(each.df, DRAWS))
        middle = each.weight @ each.moments(during)[0]
        wide = middle + np.clip(factor * (paths - middle), -_FAR, _FAR)
        fitted, band = each.mean()[before], reach * each.deviation
        result.append(
            Drawn(
                seen.units[unit],
                seen.dates[during],
                seen.outcome[unit, during],
                scaled.back(unit, wide),
                seen.dates[before],
                seen.outcome[unit, before],
                *(scaled.back(unit, fitted + off) for off in (-band, 0.0, band)),
            )
        )
    return result


def _without(seen: Observed, scaled: Relative, fits: list[Fit], day: pd.Timestamp) -> tuple[float, float]:
    """How far the effect moves without one day before the campaign, and the interval's width over that with it."""
    at = int(seen.dates.get_indexer(pd.DatetimeIndex([day]))[0])
    fresh = [scaled.fit(unit, seen.controls, before[before != at]) for unit, before in enumerate(seen.before)]
    totals, widths = [], []
    for each in (fits, fresh):
        back = [scaled.back(u, f.weight @ f.moments(seen.during[u])[0]) for u, f in enumerate(each)]
        base = float(sum(b.sum() for b in back))
        gain = float(sum(seen.outcome[u, seen.during[u]].sum() for u in range(seen.treated))) - base
        totals.append(gain / base if min(b.min() for b in back) > 0 else gain / seen.cells)
        spans = [
            f.average(rows, np.full(len(rows), 1 / len(rows)))[1] for f, rows in zip(each, seen.during, strict=True)
        ]
        widths.append(float(np.sqrt(np.mean(np.square(spans)))))
    return totals[1] - totals[0], widths[1] / widths[0]


def _moved(
    seen: Observed, scaled: Relative, controls: pd.DataFrame, modes: list[tuple[int, int]], whole: float
) -> float:
    """Change of the effect without the suspect controls; infinite where none is left."""
    bad = [seen.units.index(name) for name in controls.loc[controls["suspect"], "control"]]
    if not bad:
        return 0.0
    if len(bad) == len(seen.controls):
        return float("inf")
    return checks.plug_in(seen, scaled, np.array(bad), modes) - whole


def _weights(seen: Observed, fits: list[Fit]) -> pd.DataFrame:
    """What each control counts for: its share of the common movement and what it adds of its own."""
    count = len(seen.controls)
    total = np.zeros(count)
    for each in fits:
        single = each.coefficients("single")
        total += (float(each.coefficients("common")[0]) - single.sum()) / count + single
    names = [seen.units[unit] for unit in seen.controls]
    return pd.DataFrame({"control": names, "weight": total / len(fits)})


def _kept(gates: tuple[Check, ...]) -> tuple[Check, ...]:
    """Failed ones first, so that what blocks is read first."""
    return tuple(sorted(gates, key=lambda gate: (gate.passed, gate.level != "block")))
