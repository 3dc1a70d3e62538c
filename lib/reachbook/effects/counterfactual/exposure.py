"""Untreated units that were given the campaign too, told from their own spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats, Ints
from reachbook.effects.counterfactual.missing_cells import listed
from reachbook.effects.counterfactual.random_walk import WEEK
from reachbook.translation import sentences, tr
from reachbook.verdict import Gate

MOST = 0.1
"""Dose of the controls, relative to that of the treated units, above which the comparison is of two campaigns."""
_APART = 3.0


@dataclass(frozen=True)
class Exposure:
    """What untreated units spent on top of their usual in the campaign, relative to the treated units.

    Attributes
    ----------
    units : tuple of int
        Untreated units that had more than a tenth of the treated units' dose, counted from the first untreated.
    dose : float
        That of all untreated units together whose spend is known, 1 for as much as the treated units, for their size.
    less : bool
        Whether the treated units spent less than usual, as with ads switched off.
    """

    units: tuple[int, ...]
    dose: float
    less: bool = False


def exposure(spend: Floats, size: Floats, before: tuple[Ints, ...], during: tuple[Ints, ...]) -> Exposure | None:
    """Dose of each untreated unit, beyond what the typical untreated unit's spend moved.

    Parameters
    ----------
    spend : float array (units, periods)
        Spend in money, treated units first, NaN where unknown.
    size : float array (units,)
        Usual outcome of each unit, above 0, by which spend is divided.
    before, during : tuple of int array
        Indices of each treated unit's periods before and in the campaign.

    Returns
    -------
    Exposure or None
        None if the spend of a treated cell or of all untreated units is unknown, or nothing extra was spent.

    Notes
    -----
    A unit counts as exposed only if its spend is `_APART` standard deviations of a week's mean away from the usual, so
    that ups and downs do not count.
    """
    past = np.arange(min(int(rows[0]) for rows in during))
    now = np.arange(len(past), max(int(rows[-1]) for rows in during) + 1)
    first = len(during)
    known = first + np.flatnonzero(~np.isnan(spend[first:][:, np.r_[past, now]]).any(axis=1))
    if not len(known) or not len(past):
        return None
    usual, later = spend[known][:, past].mean(axis=1), spend[known][:, now].mean(axis=1)
    moved = float(np.median(later[usual > 0] / usual[usual > 0])) if (usual > 0).any() else 1.0
    own = _extra(spend, before, during, moved) / sum(size[unit] * len(rows) for unit, rows in enumerate(during))
    if not np.isfinite(own) or own == 0:
        return None
    weeks = np.lib.stride_tricks.sliding_window_view(spend[known][:, past], min(WEEK, len(past)), axis=1).mean(axis=2)
    more = later - moved * usual
    dose = more / size[known] / own
    exposed = (dose > MOST) & (np.abs(more) > _APART * moved * weeks.std(axis=1))
    units = tuple(int(unit) - first for unit in known[exposed])
    return Exposure(units, float(more[exposed].sum() / size[known].sum() / own), bool(own < 0))


def _extra(spend: Floats, before: tuple[Ints, ...], during: tuple[Ints, ...], moved: float) -> float:
    """Spend of the treated cells beyond their units' earlier mean times `moved`; unknown earlier spend counts as 0."""
    total = 0.0
    for unit, (earlier, rows) in enumerate(zip(before, during, strict=True)):
        past = spend[unit, earlier]
        usual = 0.0 if np.isnan(past).all() else float(np.nanmean(past))
        total += float((spend[unit, rows] - moved * usual).sum())
    return total


def untouched(found: Exposure, names: list[str]) -> Gate:
    """Gate on untreated units that had the campaign's spend; it blocks if they had a tenth of the treated units' dose.

    Parameters
    ----------
    found : Exposure
        Dose.
    names : list of str
        Names of the untreated units.
    """
    if not found.units:
        told = (
            tr("No untreated unit spent less in the campaign than usual.")
            if found.less
            else tr("No untreated unit spent more in the campaign than usual.")
        )
        return Gate("control_spend", True, told)
    exposed, dose = listed([names[unit] for unit in found.units]), f"{found.dose:.0%}"
    said = (
        tr("In the campaign these untreated units spent less than usual too: {units}.", units=exposed)
        if found.less
        else tr("In the campaign these untreated units spent more than usual too: {units}.", units=exposed)
    )
    size = tr("For their size, all untreated units together had {dose} of what the treated ones had.", dose=dose)
    if found.dose <= MOST:
        return Gate("control_spend", False, sentences(said, size), "warn")
    remedy = tr("The comparison tells two campaigns apart, not one from none: name these units in leave_out.")
    return Gate("control_spend", False, sentences(said, size, remedy))
