"""Effect of a campaign from a panel with untreated units; starts may be staggered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.arrays import Floats, Ints
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
    unweighted_mean_of,
)
from reachbook.effects.counterfactual.panel_data import PanelData, observe
from reachbook.effects.counterfactual.regression import Fit
from reachbook.effects.counterfactual.singularity import solvable
from reachbook.effects.effect import Effect
from reachbook.effects.panel import gates as own
from reachbook.effects.panel.model import Party, Relative, gain_of, reconciled, relative, span, together
from reachbook.effects.panel.other_methods import compare
from reachbook.effects.panel.placebo import correlation, replay

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


DRAWS = 4000
_MOST = 0.95
"""Posterior mass from which single units of a sum are drawn; what is rare about them is lost in it."""
_FAR = 10.0
"""Bound on draws on the scale of the model, so that their exponential stays finite."""


def estimate(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Effect:
    """Effect on the treated units of `frame`, each compared with the units never treated.

    Parameters
    ----------
    frame : DataFrame
        Table `panel`, one row a unit and period.
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
    with solvable("panel"):
        return _estimated(seen, spec, seed)


def _estimated(panel: PanelData, spec: EffectSpec, seed: int) -> Effect:
    rng = np.random.default_rng([seed, 41])
    scaled = relative(panel)
    parties = together(panel)
    fits = [scaled.fit(party.unit, panel.controls, party.before) for party in parties]
    replays = replay(panel, scaled, spec.replays, spec.level, np.random.default_rng([seed, 42]))
    drawn = draw(panel, scaled, fits, replays.factor, spec.level, rng)
    average, baseline, cells = pooled_of(drawn)
    low, high = np.quantile(average, [(1 - spec.level) / 2, (1 + spec.level) / 2])
    half_width = float(high - low) / 2
    modes = [each.mode for each in fits]
    whole = own.plug_in(panel, scaled, np.array([], dtype=int), modes)
    singles, controls = own.left_out_one(panel, scaled, modes), own.suspects(panel, scaled, fits[0].mode)
    singles["shift"] = singles["effect"] - whole
    error = float(np.mean([each.deviation for each in fits]))
    model = (float(np.median(average)), float(low), float(high), error)
    reach = reach_of(average, baseline, spec.level)
    days, parts = influence.by_period(drawn, reach), influence.by_unit(drawn, reach)
    gates = (
        shared.periods([len(before) for before in panel.before], list(panel.units[: panel.treated])),
        shared.left_out(panel.left_out, panel.share_left_out),
        own.held_out(panel, scaled, replays.factor)[0],
        shared.one_control(singles, whole, half_width),
        *shared.other_unit(panel, average, baseline, spec.confirmed),
        influence.one_period(days, drawn, spec.confirmed),
        influence.one_unit(parts, spec.confirmed),
        influence.past_period(drawn, reach, lambda day: _without(panel, scaled, fits, day), spec.confirmed),
        own.control_value(own.slips(panel), singles, half_width, replays, spec.confirmed),
        shared.contamination(panel, controls, _moved(panel, scaled, controls, modes, whole), half_width),
        own.hull(panel, scaled),
        own.replayed(replays, spec.replays),
        own.covariates(panel, scaled, fits, half_width, bool(spec.covariates)),
        shared.certain(fits),
        shared.spending(panel.spend),
        *own.touched(panel),
    )
    extra, usual = (panel.spend.extra, panel.spend.usual) if panel.spend else (None, None)
    detail = Evidence(
        "logarithm" if scaled.logs else "raw", bands_of(drawn), cumulative_of(drawn, spec.level),
        units_of(drawn, spec.level), replays, compare(panel, scaled, model), _weights(panel, scaled, fits, parties),
        singles, controls, error, extra, panel.left_out, usual, pd.concat([days, parts], ignore_index=True),
        estimand_of(drawn), unweighted_mean_of(drawn, spec.level),
    )  # fmt: skip
    return Effect("panel", panel.name, average, baseline, cells, shared.failed_first(gates), detail)


def checked(frame: pd.DataFrame, spec: EffectSpec) -> PanelData:
    """Observed panel, read and checked without any estimation.

    Raises
    ------
    DataError, ParamsError
        What `estimate` would raise before it estimates anything.
    """
    return observe(frame, spec)


def draw(
    panel: PanelData, scaled: Relative, fits: list[Fit], factor: float, level: float, rng: np.random.Generator
) -> list[UnitDraws]:
    """Draws of every treated unit without the campaign.

    The sum of a party follows its own fit; its units are drawn separately and adjusted to that sum.

    Parameters
    ----------
    panel : PanelData
        The panel.
    scaled : Relative
        The panel on the scale of the model.
    fits : list of Fit
        Fit of each party, in the order of `together`.
    factor : float
        Widening of the intervals.
    level : float
        Probability of the bands.
    rng : Generator
        Generator.

    Returns
    -------
    list of UnitDraws
        Draws by unit.
    """
    parties = together(panel)
    joint = correlation([(found, party.before) for found, party in zip(fits, parties, strict=True)])
    normal = rng.standard_normal((DRAWS, len(panel.time), len(fits))) @ np.linalg.cholesky(joint).T
    result: dict[int, UnitDraws] = {}
    for k, (found, party) in enumerate(zip(fits, parties, strict=True)):
        wide = factor * scaled.thin(party.unit, party.before, party.during)
        sums = _paths(found, party.during, wide, normal[:, party.during, k], rng)
        if len(party.units) == 1:
            result[int(party.units[0])] = _drawn(panel, scaled, int(party.units[0]), found, sums, level)
            continue
        each = {int(u): scaled.fit(int(u), panel.controls, panel.before[u]).leading(_MOST) for u in party.units}
        paths = {
            unit: _paths(f, (rows := panel.during[unit]), factor, rng.standard_normal((DRAWS, len(rows))), rng)
            for unit, f in each.items()
        }
        for unit, path in reconciled(scaled, party, sums, paths, panel.during).items():
            result[unit] = _drawn(panel, scaled, unit, each[unit], path, level)
    return [result[unit] for unit in range(panel.treated)]


def _paths(found: Fit, during: Ints, factor: float | Floats, normal: Floats, rng: np.random.Generator) -> Floats:
    """Draws of later periods on the scale of the model, float array (draws, periods), widened by `factor`."""
    paths = found.paths(during, normal, rng.random(DRAWS), rng.chisquare(found.df, DRAWS))
    middle = found.weight @ found.moments(during)[0]
    return np.asarray(middle + np.clip(factor * (paths - middle), -_FAR, _FAR))


def _drawn(panel: PanelData, scaled: Relative, unit: int, found: Fit, paths: Floats, level: float) -> UnitDraws:
    before, during = panel.before[unit], panel.during[unit]
    fitted, band = found.mean()[before], float(norm.ppf((1 + level) / 2)) * found.deviation
    low, fit, high = (scaled.back(unit, fitted + off) for off in (-band, 0.0, band))
    return UnitDraws(
        panel.units[unit], panel.dates[during], panel.outcome[unit, during], scaled.back(unit, paths),
        panel.dates[before], panel.outcome[unit, before], low, fit, high, level,
    )  # fmt: skip


def _without(panel: PanelData, scaled: Relative, fits: list[Fit], day: pd.Timestamp) -> tuple[float, float]:
    """Change of the effect without one day before the campaign, and its interval's width over that with the day."""
    at = int(panel.dates.get_indexer(pd.DatetimeIndex([day]))[0])
    parties = together(panel)
    fresh = [scaled.fit(party.unit, panel.controls, party.before[party.before != at]) for party in parties]
    totals, widths = [], []
    for each in (fits, fresh):
        told = [gain_of(scaled, party, found) for party, found in zip(parties, each, strict=True)]
        gain, base = (float(sum(part.sum() for part in parts)) for parts in zip(*told, strict=True))
        totals.append(gain / base if min(without.min() for _, without in told) > 0 else gain / panel.cells)
        spans = [span(scaled, party, found) for party, found in zip(parties, each, strict=True)]
        widths.append(float(np.sqrt(np.mean(np.square(spans)))))
    return totals[1] - totals[0], widths[1] / widths[0]


def _moved(
    panel: PanelData, scaled: Relative, controls: pd.DataFrame, modes: list[tuple[int, int]], whole: float
) -> float:
    """Change of the effect without the suspect controls; infinite if none is left."""
    bad = [panel.units.index(name) for name in controls.loc[controls["suspect"], "control"]]
    if not bad:
        return 0.0
    if len(bad) == len(panel.controls):
        return float("inf")
    return own.plug_in(panel, scaled, np.array(bad), modes) - whole


def _weights(panel: PanelData, scaled: Relative, fits: list[Fit], parties: list[Party]) -> pd.DataFrame:
    """Weight of each control: its share of the common movement and its own contribution, mean over units."""
    told = [len(p.units) * scaled.uses(p.unit, f, panel.controls) for f, p in zip(fits, parties, strict=True)]
    names = [panel.units[unit] for unit in panel.controls]
    return pd.DataFrame({"control": names, "weight": np.sum(told, axis=0) / panel.treated})
