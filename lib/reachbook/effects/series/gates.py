"""Gates of a series' effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.gates import PERIODS, hangs_on_one, pre_fit, too_few_to_hold_out
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.placebo import Replay, Replays, weigh
from reachbook.effects.counterfactual.regression import Fit
from reachbook.effects.series.model import SeriesModel
from reachbook.stats.calendar import YEARS, weekend_note
from reachbook.translation import joined, sentences, tr
from reachbook.verdict import Gate

_REACH, _NORMAL = float(norm.ppf(0.995)), float(norm.ppf(0.975))
_WINDOWS = 12
"""Desired number of consecutive replay windows before the campaign."""
_TRIED, _LONG = 8, 2
"""Windows in which a control that seems to move is replayed, and how many of these are consecutive at least."""
_SHORT = 4
"""Fewest periods of a replay, unless the campaign is shorter."""
ALARM = 0.01
"""Highest probability that a control of an undisturbed series counts as certainly moved."""
CONTRADICTION = 0.05
"""Highest probability that the effect on an undisturbed series seems to contradict one without a control."""


def replay(panel: PanelData, model: SeriesModel, count: int, level: float, windows: int = _WINDOWS) -> Replays:
    """Up to `count` placebo windows before the campaign, each predicted from earlier periods by the exact model.

    They are as long as the campaign if `windows` consecutive ones fit, else shorter, down to 4 periods, and may
    overlap; the number of consecutive ones decides whether there are enough.
    """
    before, length = panel.before[0], len(panel.during[0])
    least = max(PERIODS, len(before) // 4)
    room = len(before) - least
    size = int(np.clip(room // windows, min(_SHORT, length), length))
    starts = np.unique(np.linspace(least, max(len(before) - size, least), max(count, 1)).astype(int))
    found = []
    for start in starts[:count] if room >= size else ():
        past, window = before[:start], before[start : start + size]
        mean, deviation = model.fit(past).average(window, np.full(size, 1 / size))
        error = float(model.outcome[window].mean() - mean)
        found.append(Replay(panel.units[0], panel.dates[window[0]], size, error, deviation))
    return weigh(found, level, min(len(found), room // size if size else 0))


def controls(model: SeriesModel) -> Gate:
    """Gate on having any control series."""
    if model.controls:
        return Gate("controls", True, tr("Control series: {names}.", names=joined(model.controls)))
    told = tr(
        "There is no control series, so anything else that changed at the time counts as effect. Add series that the "
        "campaign cannot have moved, such as category sales or search interest."
    )
    return Gate("controls", False, told)


def held_out(panel: PanelData, model: SeriesModel, factor: float) -> Gate:
    """Gate on a forecast of the last periods before the campaign, by its 99 % interval."""
    before = panel.before[0]
    length = max(1, min(len(panel.during[0]), len(before) // 4))
    if len(before) - length < 3:
        return Gate("pre_fit", False, too_few_to_hold_out())
    past, window = before[:-length], before[-length:]
    mean, deviation = model.fit(past).average(window, np.full(length, 1 / length))
    error, reach = float(model.outcome[window].mean() - mean), _REACH * factor * deviation
    return pre_fit(length, error, reach)


def holidays(unknown: list[str], dates: pd.DatetimeIndex, during: pd.DatetimeIndex, calendar: str) -> Gate:
    """Gate on holidays in the campaign that never occurred before it, and on years outside the calendar.

    Parameters
    ----------
    unknown : list of str
        Holidays of the campaign that did not occur before it.
    dates, during : DatetimeIndex
        All days of the series, and those of the campaign; empty where periods are longer than days.
    calendar : str
        "china" or "none".
    """
    if calendar == "china" and (dates[0].year < YEARS[0] or dates[-1].year > YEARS[1]):
        told = tr(
            "Lunar holidays are known from {first} to {last} alone; outside they are not allowed for.",
            first=YEARS[0],
            last=YEARS[1],
        )
        return Gate("calendar", False, told, "warn")
    note = weekend_note(during) if calendar == "china" else ""
    if not unknown:
        told = sentences(tr("Every holiday in the campaign was seen before it."), note)
        return Gate("calendar", True, told, "warn")
    told = tr(
        "Never seen before the campaign, so that their effect is a guess in the interval: {names}.",
        names=joined(tr(name) for name in unknown),
    )
    return Gate("calendar", False, sentences(told, note), "warn")


def without(model: SeriesModel, names: list[str]) -> SeriesModel:
    """The model without the named controls."""
    return replace(model, controls={name: each for name, each in model.controls.items() if name not in names})


def plug_in(panel: PanelData, model: SeriesModel, at: tuple[int, int]) -> float:
    """Average effect with coefficients at their mean, in units of the outcome."""
    before, during = panel.before[0], panel.during[0]
    found = model.fit(before, at) if model.controls else model.fit(before)
    mean = found.weight @ found.moments(during)[0]
    return float((panel.outcome[0, during] - model.back(mean)).mean())


def counterfactual_mean(model: SeriesModel, found: Fit, during: Ints) -> tuple[float, float]:
    """Mean outcome without the campaign in the periods `during` (h,), and half-width of its 95 % interval.

    The mean of the expected outcomes, in units of the outcome: on the logarithm, whose mean belongs to the geometric
    mean, periods are turned back one by one.
    """
    mean = float(model.back(found.weight @ found.moments(during)[0]).mean())
    middle, deviation = found.average(during, np.full(len(during), 1 / len(during)))
    low, base, high = model.back(middle + _NORMAL * deviation * np.array([-1.0, 0.0, 1.0]))
    return mean, float(high - low) / 2 * (mean / float(base) if model.logs else 1.0)


def left_out_one(panel: PanelData, model: SeriesModel) -> pd.DataFrame:
    """Average effect without each control in turn, and half-width of its 95 % interval, see `Evidence.left_out_one`."""
    before, during = panel.before[0], panel.during[0]
    observed, rows = float(panel.outcome[0, during].mean()), []
    for name in model.controls if len(model.controls) > 1 else ():
        base, half_width = counterfactual_mean(model, without(model, [name]).fit(before), during)
        rows.append((name, observed - base, half_width))
    return pd.DataFrame(rows, columns=["control", "effect", "half_width"])


def one_control(frame: pd.DataFrame, whole: tuple[float, float], half_width: float) -> Gate:
    """Gate on an effect that contradicts the estimate without one of its controls.

    Parameters
    ----------
    frame : DataFrame
        Effect without each control, see `Evidence.left_out_one`.
    whole : tuple of (float, float)
        Effect with all controls and half-width of its 95 % interval by the same fit, in units of the outcome.
    half_width : float
        Half-width of the reported interval, below which no change matters.

    Notes
    -----
    Where no control moved in a new way, the estimate without one errs as its interval says, and its distance from the
    efficient one has the difference of their variances. The margin, one number of standard errors for all, is exceeded
    by any of them with a probability of at most `CONTRADICTION` (Bonferroni); a control that says nothing costs none.

    References
    ----------
    Hausman (1978), "Specification tests in econometrics".
    """
    if not len(frame):
        told = tr(
            "Fewer than two control series: none can be left out, and whether the effect hangs on one is not known."
        )
        return Gate("one_control", False, told, "warn")
    margin = contradiction_margin(frame["half_width"].to_numpy(), whole[1])
    share = (frame["effect"] - whole[0]).abs() / (margin * frame["half_width"].clip(lower=half_width))
    worst, most = frame["control"].iloc[int(share.to_numpy().argmax())], float(share.max())
    told = tr(
        "Leaving out one control at a time moves the effect by at most {share} of what chance explains in the largest "
        "of {n} such changes ({worst}; 100% is allowed).",
        share=f"{most:.0%}",
        n=len(frame),
        worst=worst,
    )
    return Gate("one_control", most <= 1, sentences(told, "" if most <= 1 else hangs_on_one()))


def contradiction_margin(without: Floats, whole: float) -> float:
    """Half-widths, one or more, that no estimate without a control is away from the whole one by chance.

    Parameters
    ----------
    without : float array (controls,)
        Half-width of the 95 % interval without each control.
    whole : float
        The same with all controls.
    """
    apart = np.sqrt(np.clip(1 - (whole / without) ** 2, 1e-6, 1.0))

    def excess(reach: float) -> float:
        return float(2 * norm.sf(reach / apart).sum()) - CONTRADICTION

    return 1.0 if excess(_NORMAL) <= 0 else float(brentq(excess, _NORMAL, 2 * _REACH)) / _NORMAL


def suspects(panel: PanelData, model: SeriesModel) -> pd.DataFrame:
    """Error of each control in the campaign, predicted from its past and the other controls, see `Evidence.controls`.

    A control that seems to move is also predicted in earlier windows; its error is scaled by the errors there, and must
    exceed the largest of them. Drift over a stretch as long as the campaign is known from as many stretches as lie
    before it, so `sure` uses a Student t with that many degrees of freedom.
    """
    before, during = panel.before[0], panel.during[0]
    shares, rows = np.full(len(during), 1 / len(during)), []
    tail = 1 - ALARM / 2 / max(len(model.controls), 1)
    reach, far = float(norm.ppf(tail)), float(student.ppf(tail, max(len(before) / len(during), 1.0)))
    for name, values in model.controls.items():
        size = 1.0 if model.logs and name in model.logged else float(np.abs(values[before]).mean()) or 1.0
        turned = replace(without(model, [name]), outcome=values / size)
        mean, deviation = turned.fit(before).average(during, shares)
        error = float(turned.outcome[during].mean() - mean)
        away = abs(error / deviation)
        usual, largest = _usual(panel, turned) if away > reach else (1.0, 0.0)
        suspect = bool(away > max(reach * usual, largest))
        rows.append((name, error, error / deviation / usual, suspect, suspect and away > far * usual))
    columns = ["control", "error", "standardised", "suspect", "sure"]
    return pd.DataFrame(rows, columns=columns).astype({"suspect": bool, "sure": bool})


def _usual(panel: PanelData, turned: SeriesModel) -> tuple[float, float]:
    """Root mean square (at least one) and maximum of a control's standardised errors in earlier windows.

    Windows are as long as the campaign, or half of what can be predicted from 14 periods on: drift over a month cannot
    be seen from weeks.
    """
    found = replay(panel, turned, _TRIED, 1 - ALARM, _LONG).frame["standardised"].abs().to_numpy()
    return (max(1.0, float(np.sqrt(np.mean(found**2)))), float(found.max())) if len(found) else (1.0, 0.0)


def compare(panel: PanelData, model: SeriesModel, told: tuple[float, float, float, float]) -> pd.DataFrame:
    """Comparison of the model with a plain before-after difference, and with the model without controls."""
    before, during = panel.before[0], panel.during[0]
    plain = float(panel.outcome[0, during].mean() - panel.outcome[0, before].mean())
    alone = without(model, list(model.controls))
    fitted = alone.fit(before)
    base, half_width = counterfactual_mean(alone, fitted, during)
    effect = float(panel.outcome[0, during].mean()) - base
    spread = float(panel.outcome[0, before].std() / abs(panel.outcome[0, before].mean() or 1.0))
    nan = float("nan")
    rows = [
        ("model", *told, tr("Controls as they help, weekday, holidays, drift, noise with memory; the report goes by "
         "it.")),
        ("autoregression", effect, effect - half_width, effect + half_width, fitted.deviation, tr("The model without "
         "controls: whatever moved everybody at the time counts as effect.")),
        ("before and after", plain, nan, nan, spread, tr("The plain difference of means: trend, holidays and "
         "what moved everybody count as effect, and no error is known.")),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["method", "effect", "low", "high", "error", "note"])
