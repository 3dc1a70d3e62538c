"""Gates of a panel: what must hold before anyone acts on its effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects.counterfactual.outlay import Outlay
from reachbook.effects.counterfactual.panel_data import Observed
from reachbook.effects.counterfactual.placebo import ENOUGH, Replay, Replays
from reachbook.effects.counterfactual.regression import RHO, Fit
from reachbook.effects.panel.model import Relative, gained, span, together
from reachbook.effects.panel.placebo import one
from reachbook.effects.wording import signed
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Check

Ints = np.ndarray

PERIODS = 14
"""Periods before the campaign from which a unit's noise and its memory can be told; with fewer the report blocks."""
_FEW = "Fewer than three controls can be held against each other: whether one moved away is not known."
_REACH = float(norm.ppf(0.995))


def periods(counts: list[int], names: list[str]) -> Check:
    """Enough periods before the campaign."""
    worst = int(np.argmin(counts))
    return Check(
        "pre_periods",
        counts[worst] >= PERIODS,
        f"{names[worst]} has {counts[worst]} periods before the campaign; {PERIODS} are needed to tell its noise from "
        "an effect."
        + ("" if counts[worst] >= PERIODS else " Add earlier periods: no test on so few keeps its error rate."),
    )


def left_out(told: tuple[str, ...], lost: float) -> Check:
    """What was set aside, all of it named or counted; it blocks where most of the units, periods or campaign left."""
    if not told:
        return Check("complete", True, "Nothing was set aside, and no row is missing.", "warn")
    text = f"Not everything could be used: {'; '.join(told)}."
    if lost > 0.5:
        text += (
            " Most of what the table has was set aside, so that the rest may say something else: complete the rows, "
        )
        text += "or choose what counts (leave_out, start, end)."
    return Check("complete", False, text, "block" if lost > 0.5 else "warn")


def held_out(seen: Observed, scaled: Relative, factor: float) -> tuple[Check, Replay | None]:
    """Fit without the last periods before the campaign, then see whether these are foretold (99 % interval)."""
    shared = seen.shared
    length = max(1, min(len(seen.during[0]), len(shared) // 4))
    few = Check("pre_fit", False, "Too few periods before the campaign to hold some out. Add earlier ones.")
    if len(shared) - length < 3:
        return few, None
    found = one(seen, scaled, np.arange(seen.treated), shared[:-length], shared[-length:])
    if found is None:
        return few, None
    reach = _REACH * factor * found.deviation
    passed = abs(found.error) <= reach
    told = (
        f"The last {length} periods before the campaign, held out, are missed by {signed(found.error)} "
        f"(99% of such errors are within {reach:.1%})."
    )
    remedy = "" if passed else " Something else changed before the campaign: find it, or start the data after it."
    return Check("pre_fit", passed, told + remedy), found


def suspects(seen: Observed, scaled: Relative, at: tuple[int, int]) -> pd.DataFrame:
    """`Evidence.controls`: each control told from the others during the campaign, errors scaled by their usual size."""
    rows, controls = [], seen.controls
    for unit in controls if len(controls) >= 3 else ():
        before, during = seen.rows(int(unit), seen.before[0]), seen.rows(int(unit), seen.during[0])
        if not len(during) or len(before) < 3:
            continue
        found = scaled.fit(int(unit), controls[controls != unit], before, at)
        mean, deviation = found.average(during, np.full(len(during), 1 / len(during)))
        error = float(scaled.outcome[unit, during].mean() - mean)
        rows.append((seen.units[unit], error, error / deviation))
    frame = pd.DataFrame(rows, columns=["control", "error", "standardised"])
    size = frame["standardised"].abs()
    usual = max(1.0, 1.4826 * float(size.median())) if len(frame) else 1.0
    frame["standardised"] /= usual
    frame["suspect"] = frame["standardised"].abs() > norm.ppf(1 - 0.005 / max(len(frame), 1))
    return frame


def contamination(seen: Observed, frame: pd.DataFrame, moved: float, half_width: float) -> Check:
    """Whether a control jumps when the campaign starts, and whether the effect hangs on it.

    moved : change of the effect without the suspects, in outcome units
    """
    several = "control series" if seen.treated == len(seen.units) else "controls"
    if not len(frame):
        told = "There is no control to look at." if seen.treated == len(seen.units) else _FEW
        return Check("contamination", False, told, "warn")
    bad = frame[frame["suspect"]]
    if not len(bad):
        other = "what its past and the others foretell" if seen.treated == len(seen.units) else "the others"
        told = f"None of {len(frame)} {several} moves away from {other} in the campaign."
        return Check("contamination", True, told)
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
    return Check("contamination", False, told, "block" if matters and sure else "warn")


def plug_in(seen: Observed, scaled: Relative, without: Ints, modes: list[tuple[int, int]]) -> float:
    """The average effect, coefficients at their mean, with the controls that are not in `without`."""
    total, controls = 0.0, np.setdiff1d(seen.controls, without)
    for party, mode in zip(together(seen), modes, strict=True):
        found = scaled.fit(party.unit, controls, party.before, mode)
        total += float(gained(scaled, party, found)[0].sum())
    return total / seen.cells


def left_out_one(seen: Observed, scaled: Relative, modes: list[tuple[int, int]]) -> pd.DataFrame:
    """`Evidence.left_out_one`."""
    rows = []
    if len(seen.controls) > 1:
        rows = [(seen.units[unit], plug_in(seen, scaled, np.array([unit]), modes)) for unit in seen.controls]
    return pd.DataFrame(rows, columns=["control", "effect"])


def one_control(frame: pd.DataFrame, whole: float, half_width: float) -> Check:
    """Whether the effect hangs on a single control."""
    if not len(frame):
        return Check("one_control", False, "There is one control alone, so nothing can be checked against it.")
    off = (frame["effect"] - whole).abs()
    worst = frame["control"].iloc[int(off.to_numpy().argmax())]
    passed = bool(off.max() <= half_width)
    share = float(off.max()) / half_width if half_width > 0 else 0.0
    told = (
        f"Leaving out one control at a time moves the effect by at most {share:.0%} of its interval's half-width "
        f"({worst})."
    )
    return Check(
        "one_control", passed, told + ("" if passed else " It hangs on that one: look at it, or add controls.")
    )


def hull(seen: Observed, scaled: Relative) -> Check:
    """Whether the treated units lie between the controls in size."""
    largest, smallest = scaled.level[seen.controls].max(), scaled.level[seen.controls].min()
    outside = [
        f"{seen.units[k]} ({scaled.level[k] / largest:.1f} times the largest control)"
        if scaled.level[k] > largest
        else f"{seen.units[k]} (below the smallest control)"
        for k in range(seen.treated)
        if not smallest <= scaled.level[k] <= largest
    ]
    if not outside:
        return Check("hull", True, "Every treated unit lies between the controls in size.", "warn")
    told = ", ".join(outside)
    return Check(
        "hull", False, f"{told}: no mean of controls reaches that size, so it is told by relative movement.", "warn"
    )


def replayed(replays: Replays, asked: int) -> Check:
    """Whether the placebo replays are enough to know, and the model fits them."""
    if replays.apart >= ENOUGH or asked < ENOUGH:
        return asked_for(replays.check(), asked)
    return Check(
        "replays",
        False,
        f"Only {replays.apart} placebo replays, each in another unit or another time, fit into what was observed "
        f"without the campaign; {ENOUGH} are needed to know how often the intervals hold. Add earlier periods or more "
        "untreated units.",
    )


def asked_for(check: Check, asked: int) -> Check:
    """The gate of the replays; where the parameters ask for too few, that is why there are too few."""
    if check.passed or asked >= ENOUGH:
        return check
    told = (
        f"replays is {asked}; {ENOUGH} placebo replays are needed to know how often the intervals hold. Set it to 40."
    )
    return Check("replays", False, told)


def covariates(seen: Observed, scaled: Relative, fits: list[Fit], half_width: float, named: bool) -> Check:
    """Whether the effect hangs on further columns of the treated units, which the campaign may have moved.

    named : whether the parameters name them; columns that were merely there are nobody's word that they stood apart
    """
    names = ", ".join(seen.covariates)
    if not names:
        return Check("covariates", True, "No further column of the treated units is used as a control.", "warn")
    bare = replace(scaled, covariates={})
    fresh = [bare.fit(party.unit, seen.controls, party.before) for party in together(seen)]
    (with_them, narrow), (without, wide) = (_average(seen, scaled, each) for each in (fits, fresh))
    reach = half_width * max(wide / narrow, 1.0)
    moved = abs(without - with_them) / reach if reach > 0 else 0.0
    told = (
        f"Columns used as controls: {names}. Without them the effect moves by {moved:.0%} of its interval's half-width"
    )
    if moved <= 1:
        return Check("covariates", True, f"{told}.", "warn")
    told += f", from {number(with_them)} to {number(without)} a period. "
    if named:
        return Check("covariates", False, told + "Are they what the campaign cannot have moved?", "warn")
    remedy = (
        "Name in covariates those that the campaign cannot have moved, and the others in leave_out: orders, visits "
    )
    return Check("covariates", False, told + remedy + "or clicks that it brought hide what it did.")


def _average(seen: Observed, scaled: Relative, fits: list[Fit]) -> tuple[float, float]:
    """The average effect, and the root mean square of the parties' standard deviations on the scale of the model."""
    pairs = list(zip(together(seen), fits, strict=True))
    total = sum(float(gained(scaled, party, found)[0].sum()) for party, found in pairs)
    spans = [span(scaled, party, found) for party, found in pairs]
    return total / seen.cells, float(np.sqrt(np.mean(np.square(spans))))


def certain(fits: list[Fit]) -> Check:
    """Whether the grid holds the posterior: how much lies at the highest autocorrelation."""
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
    return Check("convergence", edge <= 0.5, told + remedy)


def spending(spend: Outlay | None) -> Check:
    """Whether the table says what the campaign cost beyond what would have been spent anyway."""
    if spend is None:
        return Check("spend", False, "The table does not say what every treated cell spent.", "warn")
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
    return Check(
        "spend", known, told + ("" if known else " No return can be told where nothing was spent extra."), "warn"
    )


def failed_first(gates: tuple[Check, ...]) -> tuple[Check, ...]:
    """The gates with the failed ones first, so that what blocks is read first."""
    return tuple(sorted(gates, key=lambda gate: (gate.passed, gate.level != "block")))
