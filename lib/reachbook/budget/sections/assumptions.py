"""Assumptions of a plan about its weeks: dates, festivals, season, price and promotion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.budget.advice import from_spec
from reachbook.budget.wording import beside
from reachbook.presentation.numbers import number
from reachbook.stats.calendar import festivals
from reachbook.translation import day, listing, tr, trn

if TYPE_CHECKING:
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.sections.case import Case

_CONDITIONS = ("price", "promotion", "holiday")


def assumed(case: Case) -> tuple[str, ...]:
    """Sentences on the planned weeks and the conditions assumed in them."""
    mix, count = case.mix, case.spec.horizon_weeks
    days = pd.date_range(mix.weeks[-1] + pd.Timedelta(days=mix.step), periods=7 * count)
    ends = {"first": day(days[0]), "last": day(days[-1])}
    planned = trn(
        "Planned: the week from {first} to {last}.", "Planned: the {n} weeks from {first} to {last}.", count, **ends
    )
    average = tr(
        "Media are taken to work as they did on average from {first} to {last}, whatever the season.",
        first=day(mix.weeks[0]),
        last=day(mix.weeks[-1]),
    )
    told = (planned, average, _columns(mix), _peaks(case, days), _festivals(case, days))
    return tuple(each for each in told if each)


def _columns(mix: Mix) -> str:
    """Sentence on price, promotion and holiday, which are assumed to stay as observed."""
    if mix.others is None:
        return ""
    told = []
    for name in (each for each in _CONDITIONS if each in mix.others):
        values = np.asarray(mix.others[name], dtype=float)
        ends = {"mean": number(values.mean()), "last": number(values[-1])}
        told.append(beside(tr(name), tr("{mean} on average, {last} at the end", **ends)))
    return tr("What becomes of {conditions} is not counted either.", conditions=listing(told)) if told else ""


def _peaks(case: Case, days: pd.DatetimeIndex) -> str:
    """Sentence on the weeks with a peak factor."""
    labels = from_spec.weeks(case.spec, days[0])
    named = [
        beside(week, tr("{times:g} times", times=times)) for week, times in from_spec.peaks(case.spec, labels).items()
    ]
    if not named:
        return tr("No week has a peak.")
    return tr("The weeks of {weeks} work better, as `peaks` says.", weeks=listing(named))


def _festivals(case: Case, days: pd.DatetimeIndex) -> str:
    """Sentence on the festivals of the planned weeks, or ""."""
    inside = [tr(str(each)) for each in festivals(days)] if case.spec.calendar == "china" else []
    if not inside:
        return ""
    return tr("Festivals in these weeks ({festivals}) do not change what media bring.", festivals=listing(inside))
