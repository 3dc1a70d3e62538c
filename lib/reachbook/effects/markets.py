"""Campaign effect from a panel: units treated while others are not, starts staggered or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects import markets_checks as checks
from reachbook.effects.comparisons import compare
from reachbook.effects.counterfactual import Fit
from reachbook.effects.effect import Effect
from reachbook.effects.evidence import Drawn, Evidence, bands_of, cumulative_of, pooled_of, units_of
from reachbook.effects.markets_model import Party, Relative, reconciled, relative, together
from reachbook.effects.markets_replays import correlation, replay
from reachbook.effects.observed import Observed, observe

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec
    from reachbook.told import Check

Floats = np.ndarray

DRAWS = 4000
_MOST = 0.95
"""Share of the posterior that single units of a sum are drawn from: what is rare about them is lost in it."""
_FAR = 10.0
"""Bound of draws on the scale of the model, so that e to their power stays a number."""


def estimate(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Effect:
    """Effect on the treated units of `frame` (contract `panel`), each told from the units never treated.

    Raises DataError or ParamsError, one line, where nothing can be told; what can be told but not relied on is an
    Effect whose gates say so. `detail` is an `Evidence`.
    """
    rng = np.random.default_rng([seed, 41])
    seen = observe(frame, spec)
    scaled = relative(seen)
    parties = together(seen)
    fits = [scaled.fit(party.unit, seen.controls, party.before) for party in parties]
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
    gates = (
        checks.periods([len(before) for before in seen.before], list(seen.units[: seen.treated])),
        checks.left_out(seen.left_out),
        checks.held_out(seen, scaled, replays.factor)[0],
        checks.one_control(singles, whole, half_width),
        checks.contamination(seen, controls, _moved(seen, scaled, controls, modes, whole), half_width),
        checks.hull(seen, scaled),
        checks.replayed(replays),
        checks.certain(fits),
        checks.spending(seen.spend),
    )
    detail = Evidence(
        "logarithm" if scaled.logs else "raw", bands_of(drawn, spec.level), cumulative_of(drawn, spec.level),
        units_of(drawn, spec.level), replays, compare(seen, scaled, model), _weights(seen, scaled, fits, parties),
        singles, controls, error, seen.spend, seen.left_out,
    )  # fmt: skip
    return Effect("panel", seen.name, average, baseline, cells, _kept(gates), detail)


def draw(
    seen: Observed, scaled: Relative, fits: list[Fit], factor: float, level: float, rng: np.random.Generator
) -> list[Drawn]:
    """Draws of every treated unit without the campaign, widened by `factor`; `fits` is of the parties (`together`).

    The sum of a party follows its own fit; its units are drawn by themselves and brought to that sum.
    """
    parties = together(seen)
    joint = correlation([(found, party.before) for found, party in zip(fits, parties, strict=True)])
    normal = rng.standard_normal((DRAWS, len(seen.time), len(fits))) @ np.linalg.cholesky(joint).T
    result: dict[int, Drawn] = {}
    for k, (found, party) in enumerate(zip(fits, parties, strict=True)):
        sums = _paths(found, party.during, factor, normal[:, party.during, k], rng)
        if len(party.units) == 1:
            result[int(party.units[0])] = _drawn(seen, scaled, int(party.units[0]), found, sums, level)
            continue
        each = {int(u): scaled.fit(int(u), seen.controls, seen.before[u]).leading(_MOST) for u in party.units}
        paths = {
            unit: _paths(f, (rows := seen.during[unit]), factor, rng.standard_normal((DRAWS, len(rows))), rng)
            for unit, f in each.items()
        }
        for unit, path in reconciled(scaled, party, sums, paths, seen.during).items():
            result[unit] = _drawn(seen, scaled, unit, each[unit], path, level)
    return [result[unit] for unit in range(seen.treated)]


def _paths(found: Fit, during: Floats, factor: float, normal: Floats, rng: np.random.Generator) -> Floats:
    """Draws of a fit's later periods on the scale of the model, (draws, periods), widened by `factor`."""
    paths = found.paths(during, normal, rng.random(DRAWS), rng.chisquare(found.df, DRAWS))
    middle = found.weight @ found.moments(during)[0]
    return np.asarray(middle + np.clip(factor * (paths - middle), -_FAR, _FAR))


def _drawn(seen: Observed, scaled: Relative, unit: int, found: Fit, paths: Floats, level: float) -> Drawn:
    before, during = seen.before[unit], seen.during[unit]
    fitted, band = found.mean()[before], float(norm.ppf((1 + level) / 2)) * found.deviation
    return Drawn(
        seen.units[unit], seen.dates[during], seen.outcome[unit, during], scaled.back(unit, paths), seen.dates[before],
        seen.outcome[unit, before], *(scaled.back(unit, fitted + off) for off in (-band, 0.0, band)),
    )  # fmt: skip


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


def _weights(seen: Observed, scaled: Relative, fits: list[Fit], parties: list[Party]) -> pd.DataFrame:
    """What each control counts for: its share of the common movement and what it adds of its own, mean over units."""
    told = [len(party.units) * scaled.uses(found, seen.controls) for found, party in zip(fits, parties, strict=True)]
    names = [seen.units[unit] for unit in seen.controls]
    return pd.DataFrame({"control": names, "weight": np.sum(told, axis=0) / seen.treated})


def _kept(gates: tuple[Check, ...]) -> tuple[Check, ...]:
    """Failed ones first, so that what blocks is read first."""
    return tuple(sorted(gates, key=lambda gate: (gate.passed, gate.level != "block")))
