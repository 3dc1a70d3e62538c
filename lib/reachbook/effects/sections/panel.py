"""Sections on a panel or a series: units, time, placebo replays, other methods and controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.sections import figures
from reachbook.effects.sections.experiment import marks
from reachbook.effects.value.rollout import NOUN
from reachbook.effects.wording import interval, metric, percent
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table
from reachbook.stats.intervals import equal_tailed

if TYPE_CHECKING:
    from reachbook.effects.counterfactual.evidence import Evidence
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.rollout import RollOut

_NO_PEOPLE = {
    "panel": "A panel has no people to tell apart; its parts are the treated units above.",
    "series": "A single series has no parts to tell apart.",
}
_UNWEIGHTED = "mean over units, each alike"
_ROW = ["name", "low", "middle", "high"]
_SINGLES = 8
_RELATIVE = dict.fromkeys(["relative", "relative_low", "relative_high", "error", "moved"], "ratio")


def parts(
    effect: Effect, spec: EffectSpec, known: pd.DataFrame, without: pd.DataFrame | None, money: RollOut
) -> dict[str, Section]:
    """Sections by their id."""
    return {
        "effect": _units(effect, spec, known, money),
        "time": _time(effect, known, without),
        "evidence": _evidence(effect, spec),
        "methods": _methods(effect, spec),
        "segments": Section(_NO_PEOPLE[effect.design]),
        "influence": _controls(effect, spec),
        "looks": _looks(effect),
    }


def lifts(effect: Effect, level: float) -> pd.DataFrame:
    """Relative lift by treated unit: name, low, middle, high; with several units the first row is all together."""
    whole = pd.DataFrame([("all", *equal_tailed(effect.relative, level))], columns=_ROW)
    units = effect.detail.units[["unit", "relative_low", "relative", "relative_high"]].set_axis(_ROW, axis=1)
    return whole if len(units) == 1 else pd.concat([whole, units], ignore_index=True)


def _units(effect: Effect, spec: EffectSpec, known: pd.DataFrame, money: RollOut) -> Section:
    detail: Evidence = effect.detail
    shown = lifts(effect, spec.level).merge(known[["name", "planted"]], on="name", how="left")
    if detail.unweighted_mean:
        shown = pd.concat([shown[:1], pd.DataFrame([(_UNWEIGHTED, *detail.unweighted_mean)], columns=_ROW), shown[1:]])
    drawn = figures.ranges(shown, marks(effect, spec, money.paid), f"Lift of {metric(effect)} by treated unit")
    note = (
        f"In all, {NOUN[money.spending.way]} changed {metric(effect)} by {interval(effect.total, spec.level)}, or "
        f"{interval(effect.average, spec.level)} for each of {effect.cells:,} treated units and periods "
        f"({percent(spec.level)} intervals). {detail.estimand}{_other(effect, spec.level)}"
    )
    sheet = Table("units", detail.units, "Effects are per period, in outcome units.", _RELATIVE)
    return Section(note, (Figure("effect", *drawn),), (sheet,))


def _other(effect: Effect, level: float) -> str:
    """Sentence on the unweighted mean of units, and whether it agrees with the weighted one."""
    alike = effect.detail.unweighted_mean
    if alike is None:
        return ""
    low, middle, high = equal_tailed(effect.relative, level)
    told = f"{number(alike[1], 'ratio')} [{number(alike[0], 'ratio')}, {number(alike[2], 'ratio')}]"
    if low <= alike[1] <= high and alike[0] <= middle <= alike[2]:
        return f" Were every unit to count the same, it would be {told}: the two agree."
    return (
        f" Were every unit to count the same, it would be {told}: the two part, because large and small units did not "
        "move alike. For money and totals the first counts; for a typical unit the second, which others may report."
    )


def _time(effect: Effect, known: pd.DataFrame, without: pd.DataFrame | None) -> Section:
    detail: Evidence = effect.detail
    total = known.loc[known["name"] == "all", "total"]
    lines = figures.over_time(detail.bands, metric(effect), without)
    summed = figures.cumulative(detail.cumulative, metric(effect), float(total.iloc[0]) if len(total) else None)
    told = "on the scale of logarithms" if detail.scale == "logarithm" else "on its own scale"
    note = (
        f"Before the campaign the model misses a single period by {detail.error:.1%} ({told}). A day outside its "
        "band proves little; the sum below it counts."
    )
    left = f" Not everything could be used: {'; '.join(detail.left_out)}." if detail.left_out else ""
    return Section(
        note + left,
        (Figure("time", *lines), Figure("cumulative", *summed)),
        (Table("bands", detail.bands), Table("cumulative", detail.cumulative)),
    )


def _evidence(effect: Effect, spec: EffectSpec) -> Section:
    replays = effect.detail.replays
    if not replays.count:
        return Section("No placebo campaign fits into what was observed, so how often intervals hold is not known.")
    drawn = figures.placebos(replays, equal_tailed(effect.relative, spec.level))
    share = dict.fromkeys(["error", "deviation"], "ratio")
    note = replays.describe()
    if replays.independent < replays.count:
        what = "units and times that differ" if effect.design == "panel" else "times that share no period"
        note += f" They overlap: there are {replays.independent} {what}, and as many count as known."
    return Section(note, (Figure("placebos", *drawn),), (Table("placebos", replays.frame, units=share),))


def _methods(effect: Effect, spec: EffectSpec) -> Section:
    table = effect.detail.comparison
    base = float(np.median(effect.baseline))
    shown = table[["low", "effect", "high"]].div(base).set_axis(_ROW[1:], axis=1)
    shown.loc[0] = equal_tailed(effect.relative, spec.level)
    shown.insert(0, "name", table["method"])
    drawn = figures.ranges(shown, {"zero": 0.0}, f"Lift of {metric(effect)} by other methods")
    own, off = table.iloc[0], table.iloc[1:]
    away = off.loc[(off["effect"] < own["low"]) | (off["effect"] > own["high"]), "method"].tolist()
    note = "Every other method lies inside the interval of the page."
    if away:
        note = f"Outside the interval of the page: {', '.join(away)}; the table says why."
    sheet = Table("methods", table, "Effects are per treated unit and period; error: what is missed before.", _RELATIVE)
    return Section(note, (Figure("methods", *drawn),), (sheet,))


def _controls(effect: Effect, spec: EffectSpec) -> Section:
    """Section on each control: its weight, the effect without it, and whether it moved itself."""
    detail: Evidence = effect.detail
    table, singles = detail.weights, _singles(effect)
    if table.empty:
        return Section("There is no control, so that none can be left out.", tables=singles)
    moved = detail.controls.rename(columns={"error": "moved"}).drop(columns=["standardised", "sure"], errors="ignore")
    table = table.merge(detail.left_out_one, on="control", how="left").merge(moved, on="control", how="left")
    table = table.iloc[np.argsort(-table["weight"].abs(), kind="stable")].reset_index(drop=True)
    caption = "moved: how far it left what the others foretell in the campaign."
    if effect.design == "panel":
        table = table.drop(columns="effect").rename(columns={"shift": "shifts_effect"})
        note = next(gate.detail for gate in effect.gates if gate.id == "one_control")
        return Section(note, tables=(Table("controls", table, caption, _RELATIVE), *singles))
    named = table.rename(columns={"effect": "effect_without_it", "half_width": "half_width_without_it"})
    said = "; ".join(
        f"without {row['control']} {number(row['effect'])} ± {number(row['half_width'])}"
        for row in table.dropna(subset=["effect"]).to_dict("records")
    )
    whole = f"With every control the effect is {interval(effect.average, spec.level)} a period"
    sheets = (Table("controls", named, caption, _RELATIVE), *singles)
    return Section(f"{whole}; {said}." if said else f"{whole}.", tables=sheets)


def _singles(effect: Effect) -> tuple[Table, ...]:
    """Table of the most influential periods and treated units, with the effect without each."""
    frame = effect.detail.influence
    if frame.empty:
        return ()
    shown = frame.sort_values("share", ascending=False, kind="stable").head(_SINGLES).reset_index(drop=True)
    units = {"share": "ratio"} | (dict.fromkeys(["lift", "without"], "ratio") if (effect.baseline > 0).all() else {})
    caption = "Lift of one period or unit, the lift without it, and how far that is in half-widths of the interval."
    return (Table("singles", shown, caption, units),)


def _looks(effect: Effect) -> Section:
    """Section on reading the result early: cumulative bands hold for each day, not for all simultaneously."""
    last = effect.detail.cumulative.iloc[-1]
    sure = "sure" if last["low"] > 0 or last["high"] < 0 else "not sure"
    return Section(
        f"The interval holds for the whole campaign, read once, at its end; at that look the sign is {sure}. Whoever "
        "stops on the first day on which the sum stands clear of zero will be wrong more often than the interval says."
    )
