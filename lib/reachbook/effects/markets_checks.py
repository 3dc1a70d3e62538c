"""Gates of a panel: what must hold before anyone acts on its effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from reachbook.effects.counterfactual import RHO, Fit
from reachbook.effects.markets_model import Relative, together
from reachbook.effects.markets_replays import one
from reachbook.effects.observed import Observed
from reachbook.effects.replays import ENOUGH, Replay, Replays
from reachbook.effects.words import signed
from reachbook.told import Check

Ints = np.ndarray

PERIODS = 14
"""Periods before the campaign from which a unit's noise and its memory can be told; with fewer the report blocks."""
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


def left_out(told: tuple[str, ...]) -> Check:
    """Whether anything was set aside, and what."""
    text = "; ".join(told[:5]) + (f"; and {len(told) - 5} more" if len(told) > 5 else "")
    return Check("complete", not told, text + ", set aside." if told else "Every control was seen throughout.", "warn")


def held_out(seen: Observed, scaled: Relative, factor: float) -> tuple[Check, Replay | None]:
    """Fit without the last periods before the campaign, then see whether these are foretold (99 % interval)."""
    shared = seen.before[0]
    for before in seen.before[1:]:
        shared = np.intersect1d(shared, before)
    length = max(1, min(len(seen.during[0]), len(shared) // 4))
    if len(shared) - length < 3:
        return Check("pre_fit", False, "Too few shared periods before the campaign to hold some out."), None
    found = one(seen, scaled, np.arange(seen.treated), shared[:-length], shared[-length:])
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
    before, during = seen.before[0], seen.during[0]
    shares = np.full(len(during), 1 / len(during))
    if len(controls) >= 3:
        for unit in controls:
            found = scaled.fit(int(unit), controls[controls != unit], before, at)
            mean, deviation = found.average(during, shares)
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
    if not len(frame):
        return Check("contamination", True, "Fewer than three controls: none can be told from the others.", "warn")
    bad = frame[frame["suspect"]]
    if not len(bad):
        return Check(
            "contamination", True, f"None of {len(frame)} controls moves away from the others in the campaign."
        )
    names = ", ".join(
        f"{control} ({signed(error, 0)})"
        for control, error in zip(bad["control"], bad["error"].astype(float), strict=True)
    )
    matters = not abs(moved) <= half_width / 2
    told = f"{names} moved away from the other controls during the campaign; "
    if matters:
        told += "the effect hangs on them. Find out why, then name those that something else happened to in leave_out."
    else:
        told += f"without them the effect moves by {abs(moved) / half_width:.0%} of its interval's half-width."
    return Check("contamination", False, told, "block" if matters else "warn")


def plug_in(seen: Observed, scaled: Relative, without: Ints, modes: list[tuple[int, int]]) -> float:
    """The average effect, coefficients at their mean, with the controls that are not in `without`."""
    total, controls = 0.0, np.setdiff1d(seen.controls, without)
    for party, mode in zip(together(seen), modes, strict=True):
        found = scaled.fit(party.unit, controls, party.before, mode)
        mean = found.weight @ found.moments(party.during)[0]
        gained = scaled.back(party.unit, found.target[party.during]) - scaled.back(party.unit, mean)
        total += float(gained.mean()) / len(party.units) * sum(len(seen.during[unit]) for unit in party.units)
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


def replayed(replays: Replays) -> Check:
    """Whether the placebo replays are enough to know, and the model fits them."""
    if replays.apart >= ENOUGH:
        return replays.check()
    return Check(
        "replays",
        False,
        f"Only {replays.apart} placebo replays, each in another unit or another time, fit into what was observed "
        f"without the campaign; {ENOUGH} are needed to know how often the intervals hold. Add earlier periods or more "
        "untreated units.",
    )


def certain(fits: list[Fit]) -> Check:
    """Whether the grid holds the posterior: how much lies at the highest autocorrelation."""
    edge = max(each.edge for each in fits)
    told = (
        f"The posterior is computed exactly; {edge:.0%} of it lies at the longest memory of the noise that is allowed "
        f"(autocorrelation {RHO[-1]})."
    )
    remedy = (
        "" if edge <= 0.5 else " Periods follow each other so closely that drift and effect look alike: add periods."
    )
    return Check("convergence", edge <= 0.5, told + remedy)


def spending(spend: float | None) -> Check:
    """Whether the campaign's spend is known and above zero."""
    if spend is None:
        return Check("spend", True, "The table says no spend; money comes from the parameter spend.", "warn")
    told = f"The table's spend in the campaign is {spend:,.0f}."
    return Check(
        "spend", spend > 0, told + ("" if spend > 0 else " Return on spend cannot be told: fill it in."), "warn"
    )
