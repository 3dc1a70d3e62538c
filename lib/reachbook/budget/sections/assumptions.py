"""Assumptions of a plan about its weeks: dates, festivals, season, price and promotion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.budget.advice import from_spec
from reachbook.budget.wording import listed
from reachbook.presentation.numbers import number
from reachbook.stats.calendar import festivals

if TYPE_CHECKING:
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.sections.case import Case

_CONDITIONS = ("price", "promotion", "holiday")


def assumed(case: Case) -> str:
    """Sentences on the planned weeks and the conditions assumed in them."""
    days = pd.date_range(case.mix.weeks[-1] + pd.Timedelta(days=case.mix.step), periods=7 * case.spec.horizon_weeks)
    planned = f"{case.spec.horizon_weeks} weeks" if case.spec.horizon_weeks > 1 else "week"
    return (
        f"Planned: the {planned} from {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}. Assumed: media work in them as they "
        f"did on average from {case.mix.weeks[0]:%Y-%m-%d} to {case.mix.weeks[-1]:%Y-%m-%d}, whatever the season"
        f"{_columns(case.mix)}; {_peaks(case, days)}."
    )


def _columns(mix: Mix) -> str:
    """Clause on price, promotion and holiday, which are assumed to stay as observed."""
    if mix.others is None:
        return ""
    told = []
    for name in (each for each in _CONDITIONS if each in mix.others):
        values = np.asarray(mix.others[name], dtype=float)
        told.append(f"{name} ({number(values.mean())} on average then, {number(values[-1])} at the end)")
    return f" and the {listed(told)}" if told else ""


def _peaks(case: Case, days: pd.DatetimeIndex) -> str:
    """Clause on weeks with a peak factor, and on festivals without one."""
    labels = from_spec.weeks(case.spec, days[0])
    named = [f"{week} ({times:g} times)" for week, times in from_spec.peaks(case.spec, labels).items()]
    inside = list(festivals(days)) if case.spec.calendar == "china" else []
    said = f"the weeks of {listed(named)} work better, as `peaks` says" if named else "no week has a peak"
    if inside:
        said += f", nor do {listed(inside)} change what media bring" if not named else (
            f"; festivals in them ({listed(inside)}) change nothing else"
        )  # fmt: skip
    return said
