"""Structural model of one series: controls, weekday, holidays, trend and autocorrelated noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.missing_cells import weekdays
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.random_walk import WEEK, drift
from reachbook.effects.counterfactual.regression import Block, Fit, fit
from reachbook.stats.calendar import festivals

_YEAR = 365.25
_CLEARLY = 3.0

CONTROL = (0.15, 1.0, 8.0)
HOLIDAY, HOLIDAY_ODDS = (0.15, 1.5, 12.0), (4.0, 1.0, 0.7)
SLOPE, SLOPE_ODDS = (0.01, 0.7, 3.0), (12.0, 1.0, 0.3)
DRIFT, DRIFT_ODDS = (0.01, 0.15, 0.5), (5.0, 1.0, 1.0)
"""Candidate prior standard deviations of coefficients, in units of the residual's: of a control that moves by its own
standard deviation, a holiday, the slope over all earlier periods, and the level's weekly step. Where noise is low,
effects of controls and holidays are large beside it: the widest scales keep them from counting as noise.
"""


@dataclass(frozen=True)
class SeriesModel:
    """One series on the scale of the model.

    Attributes
    ----------
    logs : bool
        Whether values are logarithms.
    outcome : float array (periods,)
        Outcome on the scale of the model.
    divisor : float
        Divisor of raw values.
    time : int array (periods,)
        Periods since the first.
    daily : bool
        Whether a period is a day.
    controls : dict of str to float array (periods,)
        Control series, on the scale of the model.
    holidays : dict of str to float array (periods,)
        Indicator of each holiday.
    logged : frozenset of str
        Controls that are logarithms.
    """

    logs: bool
    outcome: Floats
    divisor: float
    time: Ints
    daily: bool
    controls: dict[str, Floats]
    holidays: dict[str, Floats]
    logged: frozenset[str] = frozenset()

    def back(self, values: Floats) -> Floats:
        """`values` (...) in units of the outcome, float array (...)."""
        return np.asarray(np.exp(values) if self.logs else values * self.divisor)

    def fit(self, before: Ints, at: tuple[int, int] | None = None) -> Fit:
        """Fit to the periods `before`; `at` as for `regression.fit`."""
        return fit(self.outcome, self.time, self.blocks(before), before, at=at)

    def blocks(self, before: Ints) -> list[Block]:
        """Regressors and their priors, given the fitted periods `before` (n,)."""
        time, length = self.time, len(before)
        span = max(int(time[before[-1]] - time[before[0]]), 1)
        flat = [np.ones(len(time))]
        if self.daily and length >= 3 * WEEK:
            flat += list(weekdays(time, before).T)
        blocks = [
            Block("level", np.column_stack(flat)),
            Block("slope", ((time - time[before[-1]]) / span)[:, None], SLOPE, odds=SLOPE_ODDS),
            Block("drift", drift(time), DRIFT, odds=DRIFT_ODDS),
        ]
        if self.controls:
            columns = [_standard(values, before) for values in self.controls.values()]
            blocks.append(Block("controls", np.column_stack(columns), CONTROL))
        if self.holidays:
            blocks.append(Block("holidays", np.column_stack(list(self.holidays.values())), HOLIDAY, odds=HOLIDAY_ODDS))
        if self.daily and span >= 2 * _YEAR:
            angle = 2 * np.pi * np.outer(time, np.arange(1, 4)) / _YEAR
            blocks.append(Block("year", np.concatenate([np.sin(angle), np.cos(angle)], axis=1), (0.3, 2.0)))
        return blocks


def line(panel: PanelData, calendar: str) -> SeriesModel:
    """The series on the better-fitting scale; the logarithm unless the raw scale is e^3 times likelier.

    Notes
    -----
    A structural time series: the level is a random walk in weekly pieces, with slope, weekday, holidays, yearly waves
    from two years on, controls shrunk towards zero, and AR(1) noise. All priors are relative to the residual.

    References
    ----------
    Harvey (1989), "Forecasting, structural time series models and the Kalman filter".
    """
    raw = _on(panel, calendar, logs=False)
    if not (panel.outcome > 0).all():
        return raw
    log, before = _on(panel, calendar, logs=True), panel.before[0]
    odds = raw.fit(before).evidence - len(before) * float(np.log(raw.divisor))
    odds -= log.fit(before).evidence - float(log.outcome[before].sum())
    return raw if odds > _CLEARLY else log


def _on(panel: PanelData, calendar: str, logs: bool) -> SeriesModel:
    values, before = panel.outcome[0], panel.before[0]
    mean, spread = float(values[before].mean()), float(values.std()) or 1.0
    divisor = mean if (values >= 0).all() and mean > 0 else spread
    logged = frozenset(name for name, each in panel.covariates.items() if logs and (each[0] > 0).all())
    controls = {name: np.log(each[0]) if name in logged else each[0] for name, each in panel.covariates.items()}
    days = festivals(panel.dates) if panel.daily and calendar == "china" else {}
    holidays = {name: each for name, each in days.items() if 0 < each.mean() < 1}
    return SeriesModel(
        logs, np.log(values) if logs else values / divisor, divisor, panel.time, panel.daily, controls, holidays, logged
    )


def _standard(values: Floats, before: Ints) -> Floats:
    spread = float(values[before].std()) or float(values.std()) or 1.0
    return np.asarray((values - values[before].mean()) / spread)


def unknown_holidays(dates: pd.DatetimeIndex, before: Ints, during: Ints, holidays: dict[str, Floats]) -> list[str]:
    """Holidays that occur in the campaign periods `during` (h,) and never in the periods `before` (n,)."""
    return [name for name, here in holidays.items() if here[during].any() and not here[before].any()]
