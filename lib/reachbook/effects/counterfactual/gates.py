"""Gates that panel and series share, for effects without random assignment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reachbook.effects.counterfactual.outlay import Outlay
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.placebo import ENOUGH
from reachbook.effects.counterfactual.regression import RHO, Fit
from reachbook.effects.wording import signed
from reachbook.verdict import Gate

PERIODS = 14
"""Fewest periods before the campaign from which a unit's noise and autocorrelation can be estimated; fewer block."""
_FEW = "Fewer than three controls can be held against each other: whether one moved away is not known."


def periods(counts: list[int], names: list[str]) -> Gate:
    """Gate on the number of periods before the campaign.

    Parameters
    ----------
    counts : list of int
        Periods before the campaign of each unit.
    names : list of str
        Names of the units.
    """
    worst = int(np.argmin(counts))
    return Gate(
        "pre_periods",
        counts[worst] >= PERIODS,
        f"{names[worst]} has {counts[worst]} periods before the campaign; {PERIODS} are needed to tell its noise from "
        "an effect."
        + ("" if counts[worst] >= PERIODS else " Add earlier periods: no test on so few keeps its error rate."),
    )


def left_out(told: tuple[str, ...], lost: float) -> Gate:
    """Gate on data that were set aside; it blocks if most units, periods or campaign cells are lost."""
    if not told:
        return Gate("complete", True, "Nothing was set aside, and no row is missing.", "warn")
    text = f"Not everything could be used: {'; '.join(told)}."
    if lost > 0.5:
        text += (
            " Most of what the table has was set aside, so that the rest may say something else: complete the rows, "
        )
        text += "or choose what counts (leave_out, start, end)."
    return Gate("complete", False, text, "block" if lost > 0.5 else "warn")


def contamination(panel: PanelData, frame: pd.DataFrame, moved: float, half_width: float) -> Gate:
    """Gate on controls that jump when the campaign starts; it blocks if the effect depends on them.

    Parameters
    ----------
    panel : PanelData
        The panel.
    frame : DataFrame
        One row a control, see `Evidence.controls`.
    moved : float
        Change of the effect without the suspect controls, in units of the outcome.
    half_width : float
        Half-width of the effect's interval, in units of the outcome.
    """
    several = "control series" if panel.treated == len(panel.units) else "controls"
    if not len(frame):
        told = "There is no control to look at." if panel.treated == len(panel.units) else _FEW
        return Gate("contamination", False, told, "warn")
    bad = frame[frame["suspect"]]
    if not len(bad):
        other = "what its past and the others foretell" if panel.treated == len(panel.units) else "the others"
        told = f"None of {len(frame)} {several} moves away from {other} in the campaign."
        return Gate("contamination", True, told)
    names = ", ".join(
        f"{control} ({signed(error, 0)})"
        for control, error in zip(bad["control"], bad["error"].astype(float), strict=True)
    )
    matters = not abs(moved) <= half_width / 2
    sure = bool(bad["sure"].any()) if "sure" in bad else True
    told = f"In the campaign {names} left what was foretold from the past and the other controls; "
    without = "without these" if len(bad) > 1 else "without it"
    if not matters:
        told += f"{without} the effect moves by {abs(moved) / half_width:.0%} of its interval's half-width."
    else:
        told += f"{without} the effect is another"
        told += ". " if sure else ", though a series may wander so far by itself. "
        told += "Find out why; name in leave_out what the campaign, or something in that place alone, moved."
    return Gate("contamination", False, told, "block" if matters and sure else "warn")


def one_control(frame: pd.DataFrame, whole: float, half_width: float) -> Gate:
    """Gate on an effect that depends on a single control.

    Parameters
    ----------
    frame : DataFrame
        Effect without each control, see `Evidence.left_out_one`.
    whole : float
        Effect with all controls.
    half_width : float
        Half-width of the effect's interval, in units of the outcome.
    """
    if not len(frame):
        return Gate("one_control", False, "There is one control alone, so nothing can be checked against it.")
    off = (frame["effect"] - whole).abs()
    worst = frame["control"].iloc[int(off.to_numpy().argmax())]
    passed = bool(off.max() <= half_width)
    share = float(off.max()) / half_width if half_width > 0 else 0.0
    told = (
        f"Leaving out one control at a time moves the effect by at most {share:.0%} of its interval's half-width "
        f"({worst})."
    )
    return Gate("one_control", passed, told + ("" if passed else " It hangs on that one: look at it, or add controls."))


def replay_count(check: Gate, asked: int) -> Gate:
    """Gate of the replays; if the parameters ask for too few, its text says so."""
    if check.passed or asked >= ENOUGH:
        return check
    told = (
        f"replays is {asked}; {ENOUGH} placebo replays are needed to know how often the intervals hold. Set it to 40."
    )
    return Gate("replays", False, told)


def certain(fits: list[Fit]) -> Gate:
    """Gate on posterior mass at the largest autocorrelation of the grid."""
    edge = max(each.edge for each in fits)
    told = (
        f"The posterior is computed exactly; {edge:.0%} of it lies at the longest memory of the noise that is allowed "
        f"(autocorrelation {RHO[-1]})."
    )
    remedy = (
        ""
        if edge <= 0.5
        else " What moves the outcome lasts longer than the data show, so that drift and effect look alike: add "
        "earlier periods, or controls that drift with it."
    )
    return Gate("convergence", edge <= 0.5, told + remedy)


def spending(spend: Outlay | None) -> Gate:
    """Gate on whether incremental spend of the campaign is known."""
    if spend is None:
        return Gate("spend", False, "The table does not say what every treated cell spent.", "warn")
    if spend.usual is None:
        told = f"The treated cells spent {spend.extra:,.0f}; the table says no spend before, so all of it counts as"
        told += " the campaign's."
    else:
        told = f"The treated cells spent {spend.extra + spend.usual:,.0f}, where {spend.usual:,.0f} were usual"
        told += f" (as before, and as the untreated units' spend moved since: {signed(spend.moved)})." * bool(
            spend.moved
        )
        told += "." * (not spend.moved)
    known = abs(spend.extra) > 0.005 * abs(spend.usual or 0.0)
    return Gate(
        "spend", known, told + ("" if known else " No return can be told where nothing was spent extra."), "warn"
    )


def failed_first(gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """Gates with the failed ones first, blocking ones leading."""
    return tuple(sorted(gates, key=lambda gate: (gate.passed, gate.level != "block")))
