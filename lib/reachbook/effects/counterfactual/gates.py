"""Gates that panel and series share, for effects without random assignment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reachbook.arrays import Floats
from reachbook.effects.counterfactual.outlay import Outlay
from reachbook.effects.counterfactual.panel_data import PanelData
from reachbook.effects.counterfactual.placebo import ENOUGH
from reachbook.effects.counterfactual.regression import RHO, Fit
from reachbook.effects.wording import signed
from reachbook.presentation.numbers import number
from reachbook.translation import clauses, joined, mark, sentences, tr
from reachbook.verdict import Gate

PERIODS = 14
"""Fewest periods before the campaign from which a unit's noise and autocorrelation can be estimated; fewer block."""
OTHER_UNIT = 5.0
"""How many times the expected outcome, or its reverse, counts as another unit: dollars for yuan are about seven."""
_FEW = mark("Fewer than three controls can be held against each other: whether one moved away is not known.")


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
    passed = counts[worst] >= PERIODS
    told = tr(
        "{name} has {count} periods before the campaign; {least} are needed to tell its noise from an effect.",
        name=names[worst],
        count=counts[worst],
        least=PERIODS,
    )
    remedy = "" if passed else tr("Add earlier periods: no test on so few keeps its error rate.")
    return Gate("pre_periods", passed, sentences(told, remedy))


def other_unit(panel: PanelData, average: Floats, baseline: Floats, confirmed: Sequence[str]) -> list[Gate]:
    """Gate on an effect so large that the outcome is likelier in another currency or unit from the campaign on.

    Parameters
    ----------
    average, baseline : float array (draws,)
        Effect and expected outcome.
    confirmed : sequence of str
        Days or units that were checked and are right; the first day of the campaign speaks for all of it.
    """
    expected = float(np.median(baseline))
    times = 1 + float(np.median(average)) / expected if expected > 0 else 1.0
    if 1 / OTHER_UNIT < times < OTHER_UNIT:
        return []
    day = f"{panel.dates[min(int(rows[0]) for rows in panel.during)]:%Y-%m-%d}"
    told = tr(
        "From {day} on the outcome is {times} times what was expected: that looks like another currency, unit or "
        "export rather than like a campaign.",
        day=day,
        times=number(times),
    )
    if day in confirmed:
        return [Gate("other_unit", True, sentences(told, tr("It was confirmed.")))]
    remedy = tr(
        "Compare how the rows before and after were exported, and mend them; if they are right, name {name} in "
        "confirmed.",
        name=day,
    )
    return [Gate("other_unit", False, sentences(told, remedy))]


def left_out(told: tuple[str, ...], lost: float) -> Gate:
    """Gate on data that were set aside; it blocks if most units, periods or campaign cells are lost."""
    if not told:
        return Gate("complete", True, tr("Nothing was set aside, and no row is missing."), "warn")
    text = tr("Not everything could be used: {clauses}.", clauses=clauses(told))
    if lost <= 0.5:
        return Gate("complete", False, text, "warn")
    remedy = tr(
        "Most of what the table has was set aside, so that the rest may say something else: complete the rows, or "
        "choose what counts (leave_out, start, end)."
    )
    return Gate("complete", False, sentences(text, remedy))


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
    series = panel.treated == len(panel.units)
    if not len(frame):
        told = tr("There is no control to look at.") if series else tr(_FEW)
        return Gate("contamination", False, told, "warn")
    bad = frame[frame["suspect"]]
    if not len(bad):
        told = (
            tr("None of {n} control series moves away from what is foretold in the campaign.", n=len(frame))
            if series
            else tr("None of {n} controls moves away from the others in the campaign.", n=len(frame))
        )
        return Gate("contamination", True, told)
    matters = not abs(moved) <= half_width / 2
    sure = bool(bad["sure"].any()) if "sure" in bad else True
    told = _left(bad, sure, None if matters else abs(moved) / half_width)
    return Gate("contamination", False, told, "block" if matters and sure else "warn")


def _left(bad: pd.DataFrame, sure: bool, share: float | None) -> str:
    """Sentences on controls that moved; `share` is what the effect moves without them, None where that is too much."""
    names = joined(
        f"{control} ({signed(error, 0)})"
        for control, error in zip(bad["control"], bad["error"].astype(float), strict=True)
    )
    told = tr(
        "In the campaign these left what was foretold from the past and the other controls: {names}.", names=names
    )
    if share is not None:
        rest = tr("Without them the effect moves by {share} of its margin of error.", share=f"{share:.0%}")
        return sentences(told, rest)
    another = (
        tr("Without them the effect is another.")
        if sure
        else tr("Without them the effect is another, though a series may wander so far by itself.")
    )
    remedy = tr("Find out why; name in leave_out what the campaign, or something in that place alone, moved.")
    return sentences(told, another, remedy)


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
        return Gate("one_control", False, tr("There is one control alone, so nothing can be checked against it."))
    off = (frame["effect"] - whole).abs()
    worst = frame["control"].iloc[int(off.to_numpy().argmax())]
    share = float(off.max()) / half_width if half_width > 0 else 0.0
    passed = bool(off.max() <= half_width)
    told = tr(
        "Leaving out one control at a time moves the effect by at most {share} of its margin of error ({worst}; 100% "
        "is allowed).",
        share=f"{share:.0%}",
        worst=worst,
    )
    return Gate("one_control", passed, sentences(told, "" if passed else hangs_on_one()))


def hangs_on_one() -> str:
    """Remedy where the effect depends on a single control."""
    return tr("It hangs on that one: look at it, or add controls.")


def too_few_to_hold_out() -> str:
    """Detail of the gate on the time before where it is too short to be tested."""
    return tr("Too few periods before the campaign to hold some out. Add earlier ones.")


def pre_fit(length: int, error: float, reach: float) -> Gate:
    """Gate on a forecast of the last `length` periods before the campaign, missed by `error`, at most by `reach`."""
    passed = abs(error) <= reach
    told = tr(
        "The last {length} periods before the campaign, held out, are missed by {error} (99% of such errors are within "
        "{reach}).",
        length=length,
        error=signed(error),
        reach=f"{reach:.1%}",
    )
    remedy = tr("Something else changed before the campaign: find it, or start the data after it.")
    return Gate("pre_fit", passed, sentences(told, "" if passed else remedy))


def replay_count(check: Gate, asked: int) -> Gate:
    """Gate of the replays; if the parameters ask for too few, its text says so."""
    if check.passed or asked >= ENOUGH:
        return check
    told = tr(
        "replays is {asked}; {least} placebo replays are needed to know how often the intervals hold. Set it to 40.",
        asked=asked,
        least=ENOUGH,
    )
    return Gate("replays", False, told)


def certain(fits: list[Fit]) -> Gate:
    """Gate on posterior mass at the largest autocorrelation of the grid."""
    edge = max(each.edge for each in fits)
    told = tr(
        "The result is computed exactly; {share} of it lies at the longest memory of chance that is allowed "
        "(autocorrelation {rho}, at most 50%).",
        share=f"{edge:.0%}",
        rho=RHO[-1],
    )
    remedy = tr(
        "What moves the outcome lasts longer than the data show, so that drift and effect look alike: add earlier "
        "periods, or controls that drift with it."
    )
    return Gate("convergence", edge <= 0.5, sentences(told, "" if edge <= 0.5 else remedy))


def spending(spend: Outlay | None) -> Gate:
    """Gate on whether incremental spend of the campaign is known."""
    if spend is None:
        return Gate("spend", False, tr("The table does not say what every treated cell spent."), "warn")
    known = abs(spend.extra) > 0.005 * abs(spend.usual or 0.0)
    remedy = "" if known else tr("No return can be told where nothing was spent extra.")
    return Gate("spend", known, sentences(_spent(spend), remedy), "warn")


def _spent(spend: Outlay) -> str:
    if spend.usual is None:
        return tr(
            "The treated cells spent {spent}; the table says no spend before, so all of it counts as the campaign's.",
            spent=number(spend.extra, "count"),
        )
    told = {"spent": number(spend.extra + spend.usual, "count"), "usual": number(spend.usual, "count")}
    if not spend.moved:
        return tr("The treated cells spent {spent}, where {usual} were usual.", **told)
    return tr(
        "The treated cells spent {spent}, where {usual} were usual (as before, and as the untreated units' spend moved "
        "since: {moved}).",
        moved=signed(spend.moved),
        **told,
    )


def failed_first(gates: tuple[Gate, ...]) -> tuple[Gate, ...]:
    """Gates with the failed ones first, blocking ones leading."""
    return tuple(sorted(gates, key=lambda gate: (gate.passed, gate.level != "block")))
