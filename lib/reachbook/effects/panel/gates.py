"""Gates of a panel's effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.arrays import Ints
from reachbook.effects.counterfactual.exposure import untouched
from reachbook.effects.counterfactual.gates import pre_fit, replay_count, too_few_to_hold_out
from reachbook.effects.counterfactual.influence import AWAY, remedy
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.placebo import ENOUGH, Replay, Replays
from reachbook.effects.counterfactual.regression import Fit
from reachbook.effects.panel.model import Party, Relative, gain_of, span, together
from reachbook.effects.panel.placebo import one
from reachbook.presentation.names import named
from reachbook.presentation.numbers import number
from reachbook.translation import joined, sentences, tr
from reachbook.verdict import Gate

_REACH = float(norm.ppf(0.995))
_TIMES = 5.0
"""How many times its usual a single value of a control must be, or its reverse, to count as a slip."""


def held_out(panel: PanelData, scaled: Relative, factor: float) -> tuple[Gate, Replay | None]:
    """Gate on a forecast of the last periods before the campaign, by its 99 % interval, and the replay behind it."""
    shared = panel.shared
    length = max(1, min(len(panel.during[0]), len(shared) // 4))
    few = Gate("pre_fit", False, too_few_to_hold_out())
    if len(shared) - length < 3:
        return few, None
    found = one(panel, scaled, np.arange(panel.treated), shared[:-length], shared[-length:])
    if found is None:
        return few, None
    reach = _REACH * factor * found.deviation
    return pre_fit(length, found.error, reach), found


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


def slips(panel: PanelData) -> pd.DataFrame:
    """Single values of controls far from what their unit and their period usually have, the furthest first.

    Returns
    -------
    DataFrame
        control, day, observed, usual: a value, and the product of its unit's level and its period's movement, both
        robust (two-way fit by medians, Tukey 1977, Exploratory Data Analysis, chapter 11). Empty with fewer than four
        units, of which three others can tell a period's movement. Values of zero or less have no place on this scale.
    """
    columns = ["control", "day", "observed", "usual"]
    if len(panel.units) < 4:
        return pd.DataFrame(columns=columns)
    logs = pd.DataFrame(np.log(np.where((panel.outcome > 0) & ~panel.missing, panel.outcome, np.nan)))
    rest = logs
    for _ in range(2):
        rest = rest.sub(rest.median(axis=1), axis=0)
        rest = rest.sub(rest.median(axis=0), axis=1)
    usual = np.maximum(1.4826 * rest.abs().median(axis=1), 0.1 * rest.std(axis=1))
    far = rest.abs().gt(2 * AWAY * usual, axis=0) & (rest.abs() > np.log(_TIMES))
    unit, at = np.nonzero(far.to_numpy() & (np.arange(len(logs)) >= panel.treated)[:, None])
    found = pd.DataFrame(
        {
            "control": [panel.units[k] for k in unit],
            "day": [f"{panel.dates[k]:%Y-%m-%d}" for k in at],
            "observed": panel.outcome[unit, at],
            "usual": np.exp(logs.to_numpy()[unit, at] - rest.to_numpy()[unit, at]),
        },
        columns=columns,
    )
    order = np.argsort(-np.abs(rest.to_numpy()[unit, at]), kind="stable")
    return found.iloc[order].reset_index(drop=True)


def control_value(
    found: pd.DataFrame, singles: pd.DataFrame, half_width: float, replays: Replays, confirmed: Sequence[str]
) -> Gate:
    """Gate on single values of controls that look like slips.

    Parameters
    ----------
    found : DataFrame
        See `slips`.
    singles : DataFrame
        Change of the effect without each control, see `Evidence.left_out_one`, with its column shift.
    half_width : float
        Half-width of the effect's interval, in units of the outcome.
    replays : Replays
        They block where slips make the model miss what it knows: then the slip is what to look at.
    confirmed : sequence of str
        Days or units that were checked and are right.
    """
    told = [] if found.empty else [_value(row) for row in found.itertuples()]
    if not told:
        return Gate("control_value", True, tr("No single value of an untreated unit stands out."))
    fine = found["control"].isin(list(confirmed)) | found["day"].isin(list(confirmed))
    if fine.all():
        return Gate("control_value", True, sentences(told[0], tr("It was confirmed.")))
    still = [each for each, known in zip(told, fine, strict=True) if not known]
    more = tr("{n} more values stand out.", n=len(still) - 1) if len(still) > 1 else ""
    names = found.loc[~fine, "control"]
    shift = singles.loc[singles["control"].isin(list(names)), "shift"].abs().max() if len(singles) else np.inf
    first = found[~fine].iloc[0]
    wild = replays.independent >= ENOUGH and not replays.check().passed
    blocks = wild or not shift <= half_width / replays.factor / 2
    return Gate("control_value", False, sentences(still[0], more, remedy(first["day"])), "block" if blocks else "warn")


def _value(row: Any) -> str:
    return tr(
        "{unit}, untreated, has {observed} on {day}, where about {usual} is usual for it and for that day.",
        unit=row.control,
        observed=number(row.observed),
        day=row.day,
        usual=number(row.usual),
    )


def plug_in(panel: PanelData, scaled: Relative, without: Ints, modes: list[tuple[int, int]]) -> float:
    """Average effect with coefficients at their mean, without the controls in `without`, in units of the outcome."""
    return _plug_in(panel, scaled, without, modes, together(panel))


def _plug_in(
    panel: PanelData, scaled: Relative, without: Ints, modes: list[tuple[int, int]], parties: list[Party]
) -> float:
    total, controls = 0.0, np.setdiff1d(panel.controls, without)
    for party, mode in zip(parties, modes, strict=True):
        found = scaled.fit(party.unit, controls, party.before, mode)
        total += float(gain_of(scaled, party, found)[0].sum())
    return total / panel.cells


def left_out_one(panel: PanelData, scaled: Relative, modes: list[tuple[int, int]]) -> pd.DataFrame:
    """Average effect without each control in turn, see `Evidence.left_out_one`."""
    parties, left = together(panel), panel.controls if len(panel.controls) > 1 else ()
    rows = [(panel.units[unit], _plug_in(panel, scaled, np.array([unit]), modes, parties)) for unit in left]
    return pd.DataFrame(rows, columns=["control", "effect"])


def hull(panel: PanelData, scaled: Relative) -> Gate:
    """Gate on treated units larger or smaller than all controls."""
    largest, smallest = scaled.level[panel.controls].max(), scaled.level[panel.controls].min()
    outside = [
        tr(
            "{unit} ({times} times the largest control)",
            unit=named(panel.units[k]),
            times=f"{scaled.level[k] / largest:.1f}",
        )
        if scaled.level[k] > largest
        else tr("{unit} (below the smallest control)", unit=named(panel.units[k]))
        for k in range(panel.treated)
        if not smallest <= scaled.level[k] <= largest
    ]
    if not outside:
        return Gate("hull", True, tr("Every treated unit lies between the controls in size."), "warn")
    told = tr(
        "{units}: no mean of controls reaches that size, so it is told by relative movement.", units=joined(outside)
    )
    return Gate("hull", False, told, "warn")


def replayed(replays: Replays, asked: int) -> Gate:
    """Gate on the number of placebo replays and their fit."""
    if replays.independent >= ENOUGH or asked < ENOUGH:
        return replay_count(replays.check(), asked)
    return Gate(
        "replays",
        False,
        tr(
            "Only {n} placebo replays, each in another unit or another time, fit into what was observed without the "
            "campaign; {least} are needed to know how often the intervals hold. Add earlier periods or more untreated "
            "units.",
            n=replays.independent,
            least=ENOUGH,
        ),
    )


def touched(panel: PanelData) -> list[Gate]:
    """Gate on untreated units that had the campaign's spend; none where spend is not known."""
    return [] if panel.exposure is None else [untouched(panel.exposure, list(panel.units[panel.treated :]))]


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
    names = joined(panel.covariates)
    if not names:
        return Gate("covariates", True, tr("No further column of the treated units is used as a control."), "warn")
    bare = replace(scaled, covariates={})
    fresh = [bare.fit(party.unit, panel.controls, party.before) for party in together(panel)]
    (with_them, narrow), (without, wide) = (_average(panel, scaled, each) for each in (fits, fresh))
    reach = half_width * max(wide / narrow, 1.0)
    moved = abs(without - with_them) / reach if reach > 0 else 0.0
    told = tr(
        "Columns used as controls: {names}. Without them the effect moves by {share} of its margin of error.",
        names=names,
        share=f"{moved:.0%}",
    )
    if moved <= 1:
        return Gate("covariates", True, told, "warn")
    ends = tr("That is from {with_them} to {without} a period.", with_them=number(with_them), without=number(without))
    if named:
        asked = tr("Are they what the campaign cannot have moved?")
        return Gate("covariates", False, sentences(told, ends, asked), "warn")
    remedy = tr(
        "Name in covariates those that the campaign cannot have moved, and the others in leave_out: orders, visits or "
        "clicks that it brought hide what it did."
    )
    return Gate("covariates", False, sentences(told, ends, remedy))


def _average(panel: PanelData, scaled: Relative, fits: list[Fit]) -> tuple[float, float]:
    """Average effect, and root mean square of the parties' standard deviations on the scale of the model."""
    pairs = list(zip(together(panel), fits, strict=True))
    total = sum(float(gain_of(scaled, party, found)[0].sum()) for party, found in pairs)
    spans = [span(scaled, party, found) for party, found in pairs]
    return total / panel.cells, float(np.sqrt(np.mean(np.square(spans))))
