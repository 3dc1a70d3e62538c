"""Sections that a panel's or a series' report has: units, time, placebo replays, other methods, controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects import figures
from reachbook.effects.part import Part, Picture, Sheet
from reachbook.effects.trial_parts import marks
from reachbook.effects.words import interval, three
from reachbook.numbers import number

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.evidence import Evidence
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.worth import Worth

_RELATIVE = dict.fromkeys(["relative", "relative_low", "relative_high", "error", "moved"], "ratio")


def parts(
    effect: Effect, spec: EffectSpec, known: pd.DataFrame, without: pd.DataFrame | None, money: Worth
) -> dict[str, Part]:
    """Every section by its name."""
    return {
        "effect": _units(effect, spec, known, money),
        "time": _time(effect, known, without),
        "evidence": _evidence(effect, spec),
        "methods": _methods(effect),
        "segments": Part(f"A {effect.design} has no people to tell apart; its parts are the treated units above."),
        "influence": _controls(effect),
        "looks": _looks(effect),
    }


def lifts(effect: Effect, level: float) -> pd.DataFrame:
    """name, low, middle, high of the relative lift, by treated unit; the first row is all of them together."""
    units = effect.detail.units.rename(
        columns={"unit": "name", "relative_low": "low", "relative": "middle", "relative_high": "high"}
    )
    whole = pd.DataFrame([("all", *three(effect.relative, level))], columns=["name", "low", "middle", "high"])
    if len(units) == 1:
        return whole
    return pd.concat([whole, units[["name", "low", "middle", "high"]]], ignore_index=True)


def _units(effect: Effect, spec: EffectSpec, known: pd.DataFrame, money: Worth) -> Part:
    detail: Evidence = effect.detail
    shown = lifts(effect, spec.level).merge(known[["name", "planted"]], on="name", how="left")
    drawn = figures.ranges(shown, marks(effect, spec, money.paid), f"Lift of {effect.outcome} by treated unit")
    note = (
        f"In all the campaign added {interval(effect.total, spec.level)} to {effect.outcome}, or "
        f"{interval(effect.average, spec.level)} for each of {effect.cells:,} treated units and periods."
    )
    sheet = Sheet("units", detail.units, "Effects are per period, in outcome units.", _RELATIVE)
    return Part(note, (Picture("effect", *drawn),), (sheet,))


def _time(effect: Effect, known: pd.DataFrame, without: pd.DataFrame | None) -> Part:
    detail: Evidence = effect.detail
    total = known.loc[known["name"] == "all", "total"]
    lines = figures.over_time(detail.bands, effect.outcome, without)
    summed = figures.cumulative(detail.cumulative, effect.outcome, float(total.iloc[0]) if len(total) else None)
    told = "on the scale of logarithms" if detail.scale == "logarithm" else "on its own scale"
    note = (
        f"Before the campaign the model misses a single period by {detail.error:.1%} ({told}). A day above its band "
        "proves little; the sum below it counts."
    )
    left = f" Set aside: {'; '.join(detail.left_out)}." if detail.left_out else ""
    return Part(
        note + left,
        (Picture("time", *lines), Picture("cumulative", *summed)),
        (Sheet("bands", detail.bands), Sheet("cumulative", detail.cumulative)),
    )


def _evidence(effect: Effect, spec: EffectSpec) -> Part:
    replays = effect.detail.replays
    if not replays.count:
        return Part("No placebo campaign fits into what was observed, so how often intervals hold is not known.")
    drawn = figures.placebos(replays, three(effect.relative, spec.level))
    share = dict.fromkeys(["error", "deviation"], "ratio")
    note = f"{replays.describe()} {replays.apart} of them share no period and count as separate evidence."
    return Part(note, (Picture("placebos", *drawn),), (Sheet("placebos", replays.frame, units=share),))


def _methods(effect: Effect) -> Part:
    table = effect.detail.comparison
    base = float(np.median(effect.baseline))
    shown = pd.DataFrame(
        {"name": table["method"], "low": table["low"] / base, "middle": table["effect"] / base,
         "high": table["high"] / base}
    )  # fmt: skip
    drawn = figures.ranges(shown, {"zero": 0.0}, f"Lift of {effect.outcome} by other methods")
    own = table.iloc[0]
    off = table.iloc[1:]
    away = off.loc[(off["effect"] < own["low"]) | (off["effect"] > own["high"]), "method"].tolist()
    note = f"Outside the interval of the page: {', '.join(away)}; the table says why." if away else (
        "Every other method lies inside the interval of the page."
    )  # fmt: skip
    sheet = Sheet("methods", table, "Effects are per treated unit and period; error: what is missed before.", _RELATIVE)
    return Part(note, (Picture("methods", *drawn),), (sheet,))


def _controls(effect: Effect) -> Part:
    """Each control: what it counts for, what the effect is without it, whether it moved itself."""
    detail: Evidence = effect.detail
    table = detail.weights.copy()
    for more in (detail.left_out_one, detail.controls):
        table = table.merge(more, on="control", how="left")
    if table.empty:
        return Part("There is no control, so that none can be left out.")
    table = table.rename(columns={"effect": "effect_without_it", "error": "moved"})
    table = table.drop(columns=["half_width", "standardised"], errors="ignore")
    table = table.reindex(table["weight"].abs().sort_values(ascending=False, kind="stable").index, fill_value=0)
    table = table.reset_index(drop=True)
    without = table["effect_without_it"].dropna() if "effect_without_it" in table else pd.Series(dtype=float)
    note = (
        f"Leaving out one control at a time, the effect lies between {number(float(without.min()))} and "
        f"{number(float(without.max()))}; with all of them it is {number(effect.middle)}."
        if len(without)
        else "There is one control alone, so that none can be left out."
    )
    return Part(
        note, tables=(Sheet("controls", table, "moved: how far it left the others in the campaign.", _RELATIVE),)
    )


def _looks(effect: Effect) -> Part:
    """What may be read before the end: the band of the sum is told for each day, but not for all days together."""
    last = effect.detail.cumulative.iloc[-1]
    sure = "sure" if last["low"] > 0 or last["high"] < 0 else "not sure"
    return Part(
        f"The interval holds for the whole campaign, read once, at its end; at that look the sign is {sure}. Whoever "
        "stops on the first day on which the sum stands clear of zero will be wrong more often than the interval says."
    )
