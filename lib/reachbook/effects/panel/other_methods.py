"""Other estimators on the same panel: difference-in-differences, synthetic control and autoregression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import nnls
from scipy.stats import t as student

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.regression import fit
from reachbook.effects.panel.model import Relative, blocks_of, gain_of, together
from reachbook.effects.wording import signed
from reachbook.translation import sentences, tr

Method = Callable[[PanelData, Relative, int, Ints, Ints], Floats]

_PLACEBOS = 20
_HEAVY = 1e3


@dataclass(frozen=True)
class _Estimate:
    """Average effect by one method, its standard error (NaN if unknown), and its error before the campaign, a ratio."""

    effect: float
    deviation: float
    error: float


def compare(panel: PanelData, scaled: Relative, model: tuple[float, float, float, float]) -> pd.DataFrame:
    """One row a method: effect, interval, error and the reason for differences.

    Parameters
    ----------
    panel : PanelData
        The panel.
    scaled : Relative
        The panel on the scale of the model.
    model : tuple of (float, float, float, float)
        Effect, low, high and error before the campaign of the reported model.
    """
    low, high = model[1], model[2]
    rows: list[tuple[str, float, float, float, float, str]] = [
        ("model", *model, tr("Controls as they help, own drift, noise with memory; the report goes by it."))
    ]
    placebos = min(len(panel.controls), _PLACEBOS)
    reach = float(student.ppf(0.975, max(placebos - 1, 1)))
    for name, method in (("difference-in-differences", _differences), ("synthetic control", _synthetic)):
        told = _placed(panel, scaled, method)
        rows.append((name, *_interval(told, reach), told.error, _note(name, panel, scaled, told, low, high)))
    told = _autoregression(panel, scaled)
    name = "autoregression"
    rows.append((name, *_interval(told, 1.96), told.error, _note(name, panel, scaled, told, low, high)))
    return pd.DataFrame(rows, columns=["method", "effect", "low", "high", "error", "note"])


def _interval(told: _Estimate, reach: float) -> tuple[float, float, float]:
    return told.effect, told.effect - reach * told.deviation, told.effect + reach * told.deviation


def _placed(panel: PanelData, scaled: Relative, method: Method) -> _Estimate:
    """A method on the treated units, with a standard error from its errors on untreated units."""
    effect, errors = 0.0, []
    for unit, (before, during) in enumerate(zip(panel.before, panel.during, strict=True)):
        without = method(panel, scaled, unit, panel.controls, before)
        effect += float((panel.outcome[unit] - without)[during].sum()) / panel.cells
        errors.append(_relative_error(panel.outcome[unit], without, before))
    before, during = panel.before[0], panel.during[0]
    off = []
    if len(panel.controls) >= 3:
        chosen = np.linspace(0, len(panel.controls) - 1, min(len(panel.controls), _PLACEBOS)).astype(int)
        for unit in panel.controls[chosen]:
            without = method(panel, scaled, int(unit), panel.controls[panel.controls != unit], before)
            here = panel.rows(int(unit), during)
            if len(here):
                off.append(float((panel.outcome[unit] - without)[here].mean()) / float(np.abs(scaled.level[unit])))
    typical = float(np.sqrt(np.mean(np.square(off)))) if off else float("nan")
    level = float(np.sqrt(np.mean(np.square(scaled.level[: panel.treated])) / panel.treated))
    return _Estimate(effect, typical * level, float(np.mean(errors)))


def _differences(panel: PanelData, scaled: Relative, unit: int, controls: Ints, before: Ints) -> Floats:
    """Counterfactual by difference-in-differences: the unit's earlier mean plus the controls' change, (periods,)."""
    others = scaled.outcome[controls].mean(axis=0)
    return scaled.back(unit, others - others[before].mean() + np.nanmean(scaled.outcome[unit, before]))


def _synthetic(panel: PanelData, scaled: Relative, unit: int, controls: Ints, before: Ints) -> Floats:
    """Counterfactual by synthetic control: convex weights of the controls (Abadie, Diamond & Hainmueller 2010)."""
    others = panel.outcome[controls].T
    size = float(np.abs(others[before]).mean()) or 1.0
    matrix = np.vstack([others[before] / size, np.full((1, len(controls)), _HEAVY)])
    weights, _ = nnls(matrix, np.append(panel.outcome[unit, before] / size, _HEAVY))
    return np.asarray(others @ (weights / weights.sum()))


def _autoregression(panel: PanelData, scaled: Relative) -> _Estimate:
    """The model without controls: level, weekday, drift and autocorrelation of the unit alone."""
    effect, variance, errors = 0.0, 0.0, []
    for party in together(panel):
        unit, before, during, count = party.unit, party.before, party.during, len(party.units)
        blocks = [b for b in blocks_of(scaled, unit, panel.controls, before) if b.name not in ("common", "single")]
        found = fit(scaled.target(unit), scaled.time, blocks, before)
        mean = found.weight @ found.moments(during)[0]
        without, observed = scaled.back(unit, mean), scaled.back(unit, found.target)
        share = sum(len(panel.during[k]) for k in party.units) / panel.cells
        effect += float(gain_of(scaled, party, found)[0].sum()) / panel.cells
        deviation = found.average(during, np.full(len(during), 1 / len(during)))[1]
        size = (float(without.mean()) if scaled.logs else float(scaled.divisor[party.units].sum())) / count
        variance += share**2 * (deviation * size) ** 2
        errors.append(_relative_error(observed, scaled.back(unit, found.mean()), before))
    return _Estimate(effect, float(np.sqrt(variance)), float(np.mean(errors)))


def _relative_error(observed: Floats, without: Floats, before: Ints) -> float:
    off = (observed - without)[before]
    return float(np.sqrt(np.mean(off**2)) / max(float(np.abs(observed[before]).mean()), 1e-300))


def _note(name: str, panel: PanelData, scaled: Relative, told: _Estimate, low: float, high: float) -> str:
    """Sentence on why a method agrees or differs, with its measured reason."""
    agrees = low <= told.effect <= high
    start = tr("Agrees with the model.") if agrees else tr("Lies outside the model's interval.")
    return sentences(start, _reason(name, panel, scaled, told))


def _reason(name: str, panel: PanelData, scaled: Relative, told: _Estimate) -> str:
    if name == "autoregression":
        moved = scaled.outcome[panel.controls]
        change = float(moved[:, panel.during[0]].mean() - moved[:, panel.before[0]].mean())
        return tr(
            "It sees no control: whatever moved them too ({change} since the start) counts as effect.",
            change=signed(change),
        )
    if name == "synthetic control":
        largest = float(scaled.level[: panel.treated].max() / scaled.level[panel.controls].max())
        if largest > 1:
            return tr(
                "A treated unit is {times} times the largest control, so no weights that sum to one reach it: it is "
                "missed by {error} before the campaign, and that goes into the effect.",
                times=f"{largest:.1f}",
                error=f"{told.error:.0%}",
            )
        return tr(
            "Weights that sum to one leave {error} before the campaign; nothing allows for drift.",
            error=f"{told.error:.1%}",
        )
    drifts = []
    for party in together(panel):
        found = scaled.fit(party.unit, panel.controls, party.before)
        own = found.part("slope") + found.part("drift")
        drifts.append(float(own[party.during].mean() - own[party.before].mean()))
    return tr(
        "It takes all controls for equal and a unit's distance to them for fixed, where the model sees the treated "
        "drift by {drift}.",
        drift=signed(float(np.mean(drifts))),
    )
