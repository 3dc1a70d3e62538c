"""Gates of a panel's effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.arrays import Ints
from reachbook.effects.counterfactual.gates import replay_count
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.placebo import ENOUGH, Replay, Replays
from reachbook.effects.counterfactual.regression import Fit
from reachbook.effects.panel.model import Relative, gain_of, span, together
from reachbook.effects.panel.placebo import one
from reachbook.effects.wording import signed
from reachbook.presentation.numbers import number
from reachbook.verdict import Gate

_REACH = float(norm.ppf(0.995))


def held_out(panel: PanelData, scaled: Relative, factor: float) -> tuple[Gate, Replay | None]:
    """Gate on a forecast of the last periods before the campaign, by its 99 % interval, and the replay behind it."""
    shared = panel.shared
    length = max(1, min(len(panel.during[0]), len(shared) // 4))
    few = Gate("pre_fit", False, "Too few periods before the campaign to hold some out. Add earlier ones.")
    if len(shared) - length < 3:
        return few, None
    found = one(panel, scaled, np.arange(panel.treated), shared[:-length], shared[-length:])
    if found is None:
        return few, None
    reach = _REACH * factor * found.deviation
    passed = abs(found.error) <= reach
    told = (
        f"The last {length} periods before the campaign, held out, are missed by {signed(found.error)} "
        f"(99% of such errors are within {reach:.1%})."
    )
    remedy = "" if passed else " Something else changed before the campaign: find it, or start the data after it."
    return Gate("pre_fit", passed, told + remedy), found


def suspects(panel: PanelData, scaled: Relative, at: tuple[int, int]) -> pd.DataFrame:
    """Error of each control when predicted from the others in the campaign, see `Evidence.controls`.

    Standardised errors are divided by their usual size: a robust deviation over controls, at least one.
    """
    rows, controls = [], panel.controls
    for unit in controls if len(controls) >= 3 else ():
        before, during = panel.rows(int(unit), panel.before[0]), panel.rows(int(unit), panel.during[0])
        if not len(during) or len(before) < 3:
            continue
        found = scaled.fit(int(unit), controls[controls != unit], before, at)
        mean, deviation = found.average(during, np.full(len(during), 1 / len(during)))
        error = float(scaled.outcome[unit, during].mean() - mean)
        rows.append((panel.units[unit], error, error / deviation))
    frame = pd.DataFrame(rows, columns=["control", "error", "standardised"])
    size = frame["standardised"].abs()
    usual = max(1.0, 1.4826 * float(size.median())) if len(frame) else 1.0
    frame["standardised"] /= usual
    frame["suspect"] = frame["standardised"].abs() > norm.ppf(1 - 0.005 / max(len(frame), 1))
    return frame


def plug_in(panel: PanelData, scaled: Relative, without: Ints, modes: list[tuple[int, int]]) -> float:
    """Average effect with coefficients at their mean, without the controls in `without`, in units of the outcome."""
    total, controls = 0.0, np.setdiff1d(panel.controls, without)
    for party, mode in zip(together(panel), modes, strict=True):
        found = scaled.fit(party.unit, controls, party.before, mode)
        total += float(gain_of(scaled, party, found)[0].sum())
    return total / panel.cells


def left_out_one(panel: PanelData, scaled: Relative, modes: list[tuple[int, int]]) -> pd.DataFrame:
    """Average effect without each control in turn, see `Evidence.left_out_one`."""
    rows = []
    if len(panel.controls) > 1:
        rows = [(panel.units[unit], plug_in(panel, scaled, np.array([unit]), modes)) for unit in panel.controls]
    return pd.DataFrame(rows, columns=["control", "effect"])


def hull(panel: PanelData, scaled: Relative) -> Gate:
    """Gate on treated units larger or smaller than all controls."""
    largest, smallest = scaled.level[panel.controls].max(), scaled.level[panel.controls].min()
    outside = [
        f"{panel.units[k]} ({scaled.level[k] / largest:.1f} times the largest control)"
        if scaled.level[k] > largest
        else f"{panel.units[k]} (below the smallest control)"
        for k in range(panel.treated)
        if not smallest <= scaled.level[k] <= largest
    ]
    if not outside:
        return Gate("hull", True, "Every treated unit lies between the controls in size.", "warn")
    told = ", ".join(outside)
    return Gate(
        "hull", False, f"{told}: no mean of controls reaches that size, so it is told by relative movement.", "warn"
    )


def replayed(replays: Replays, asked: int) -> Gate:
    """Gate on the number of placebo replays and their fit."""
    if replays.independent >= ENOUGH or asked < ENOUGH:
        return replay_count(replays.check(), asked)
    return Gate(
        "replays",
        False,
        f"Only {replays.independent} placebo replays, each in another unit or another time, fit into what was observed "
        f"without the campaign; {ENOUGH} are needed to know how often the intervals hold. Add earlier periods or more "
        "untreated units.",
    )


def covariates(panel: PanelData, scaled: Relative, fits: list[Fit], half_width: float, named: bool) -> Gate:
    """Gate on an effect that depends on further columns of the treated units, which the campaign may have moved.

    Parameters
    ----------
    panel : PanelData
        The panel.
    scaled : Relative
        The panel on the scale of the model.
    fits : list of Fit
        Fit of each party.
    half_width : float
        Half-width of the effect's interval, in units of the outcome.
    named : bool
        Whether the parameters name the columns; for others nobody vouches that the campaign left them alone.
    """
    names = ", ".join(panel.covariates)
    if not names:
        return Gate("covariates", True, "No further column of the treated units is used as a control.", "warn")
    bare = replace(scaled, covariates={})
    fresh = [bare.fit(party.unit, panel.controls, party.before) for party in together(panel)]
    (with_them, narrow), (without, wide) = (_average(panel, scaled, each) for each in (fits, fresh))
    reach = half_width * max(wide / narrow, 1.0)
    moved = abs(without - with_them) / reach if reach > 0 else 0.0
    told = (
        f"Columns used as controls: {names}. Without them the effect moves by {moved:.0%} of its interval's half-width"
    )
    if moved <= 1:
        return Gate("covariates", True, f"{told}.", "warn")
    told += f", from {number(with_them)} to {number(without)} a period. "
    if named:
        return Gate("covariates", False, told + "Are they what the campaign cannot have moved?", "warn")
    remedy = (
        "Name in covariates those that the campaign cannot have moved, and the others in leave_out: orders, visits "
    )
    return Gate("covariates", False, told + remedy + "or clicks that it brought hide what it did.")


def _average(panel: PanelData, scaled: Relative, fits: list[Fit]) -> tuple[float, float]:
    """Average effect, and root mean square of the parties' standard deviations on the scale of the model."""
    pairs = list(zip(together(panel), fits, strict=True))
    total = sum(float(gain_of(scaled, party, found)[0].sum()) for party, found in pairs)
    spans = [span(scaled, party, found) for party, found in pairs]
    return total / panel.cells, float(np.sqrt(np.mean(np.square(spans))))
