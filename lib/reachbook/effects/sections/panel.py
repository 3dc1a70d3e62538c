"""Sections on a panel or a series: units, time, placebo replays, other methods and controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.sections import figures
from reachbook.effects.sections.experiment import marks, repeats_lead, worded
from reachbook.effects.value.rollout import NOUN
from reachbook.effects.wording import interval, metric, percent
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table, unless_checked
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import clauses, joined, mark, sentences, tr

if TYPE_CHECKING:
    from reachbook.effects.counterfactual.evidence import Evidence
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.rollout import RollOut

_NO_PEOPLE = {
    "panel": mark("A panel has no people to tell apart; its parts are the treated units above."),
    "series": mark("A single series has no parts to tell apart."),
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
        "segments": Section(_no_people(effect.design)),
        "influence": _controls(effect, spec),
        "looks": _looks(effect),
    }


def _no_people(design: str) -> str:
    told = _NO_PEOPLE[design]
    return tr(told)


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
    what = tr("Lift of {what} by treated unit", what=metric(effect))
    drawn = figures.ranges(worded(shown), marks(effect, spec, money.paid), what)
    noun = NOUN[money.spending.way]
    note = tr(
        "In all, {name} changed {what} by {total}, or {each} for each of {cells} treated units and periods ({level} "
        "intervals).",
        name=tr(noun),
        what=metric(effect),
        total=interval(effect.total, spec.level),
        each=interval(effect.average, spec.level),
        cells=f"{effect.cells:,}",
        level=percent(spec.level),
    )
    caption, seen = tr("Effects are per period, in outcome units."), ["unit", "cells", "effect", "relative"]
    sheet = Table("units", detail.units, caption, _RELATIVE, shown=seen)
    figure = () if repeats_lead(shown, money) else (Figure("effect", *drawn),)
    return Section(sentences(note, _other(effect, spec.level)), figure, (sheet,))


def _other(effect: Effect, level: float) -> str:
    """Sentence on the unweighted mean of units, and whether it agrees with the weighted one."""
    alike = effect.detail.unweighted_mean
    if alike is None:
        return ""
    low, middle, high = equal_tailed(effect.relative, level)
    told = f"{number(alike[1], 'ratio')} [{number(alike[0], 'ratio')}, {number(alike[2], 'ratio')}]"
    if low <= alike[1] <= high and alike[0] <= middle <= alike[2]:
        return tr("Were every unit to count the same, the lift would be {told}: the two agree.", told=told)
    return tr(
        "Were every unit to count the same, the lift would be {told}: the two part, because large and small units did "
        "not move alike. For money and totals the first counts; for a typical unit the second, which others may report."
        "",
        told=told,
    )


def _time(effect: Effect, known: pd.DataFrame, without: pd.DataFrame | None) -> Section:
    detail: Evidence = effect.detail
    total = known.loc[known["name"] == "all", "total"]
    lines = figures.over_time(detail.bands, metric(effect), without)
    summed = figures.cumulative(detail.cumulative, metric(effect), float(total.iloc[0]) if len(total) else None)
    left = tr("Not everything could be used: {clauses}.", clauses=clauses(detail.left_out)) if detail.left_out else ""
    note = tr(
        "Before the campaign the model misses a single period by {error}. A day outside its band proves little; the "
        "sum below it counts.",
        error=f"{detail.error:.1%}",
    )
    return Section(
        sentences(note, left),
        (Figure("time", *lines), Figure("cumulative", *summed)),
        (Table("bands", detail.bands), Table("cumulative", detail.cumulative)),
    )


def _evidence(effect: Effect, spec: EffectSpec) -> Section:
    replays = effect.detail.replays
    if not replays.count:
        return Section(tr("No placebo campaign fits into what was observed, so how often intervals hold is not known."))
    drawn = figures.placebos(replays, equal_tailed(effect.relative, spec.level))
    share = dict.fromkeys(["error", "deviation"], "ratio")
    note = unless_checked(
        replays.describe(),
        effect.gates,
        tr("How many of the intervals held, and whether they were widened for it, is among the checks above."),
    )
    if replays.independent < replays.count:
        apart = {"n": replays.independent}
        overlap = (
            tr("They overlap: there are {n} units and times that differ, and as many count as known.", **apart)
            if effect.design == "panel"
            else tr("They overlap: there are {n} times that share no period, and as many count as known.", **apart)
        )
        note = sentences(note, overlap)
    return Section(note, (Figure("placebos", *drawn),), (Table("placebos", replays.frame, units=share),))


def _methods(effect: Effect, spec: EffectSpec) -> Section:
    table = effect.detail.comparison
    base = float(np.median(effect.baseline))
    shown = table[["low", "effect", "high"]].div(base).set_axis(_ROW[1:], axis=1)
    shown.loc[0] = equal_tailed(effect.relative, spec.level)
    shown.insert(0, "name", table["method"])
    what = tr("Lift of {what} by other methods", what=metric(effect))
    drawn = figures.ranges(worded(shown), {tr("zero"): 0.0}, what)
    own, off = table.iloc[0], table.iloc[1:]
    away = off.loc[(off["effect"] < own["low"]) | (off["effect"] > own["high"]), "method"].tolist()
    note = tr("Every other method lies inside the interval of the page.")
    if away:
        names = joined(tr(name) for name in away)
        note = tr("Outside the interval of the page: {names}; the table says why.", names=names)
    caption = tr("Effects are per treated unit and period; error: what is missed before.")
    seen = ["method", "effect", "error", "note"]
    sheet = Table("methods", table, caption, _RELATIVE, shown=seen, worded=("method",))
    return Section(note, (Figure("methods", *drawn),), (sheet,))


def _controls(effect: Effect, spec: EffectSpec) -> Section:
    """Section on each control: its weight, the effect without it, and whether it moved itself."""
    detail: Evidence = effect.detail
    table, singles = detail.weights, _singles(effect)
    if table.empty:
        return Section(tr("There is no control, so that none can be left out."), tables=singles)
    moved = detail.controls.rename(columns={"error": "moved"}).drop(columns=["standardised", "sure"], errors="ignore")
    table = table.merge(detail.left_out_one, on="control", how="left").merge(moved, on="control", how="left")
    table = table.iloc[np.argsort(-table["weight"].abs(), kind="stable")].reset_index(drop=True)
    caption = tr("moved: how far it left what the others foretell in the campaign.")
    if effect.design == "panel":
        table = table.drop(columns="effect").rename(columns={"shift": "shifts_effect"})
        note = tr("How far the effect hangs on one control alone is among the checks above.")
        return Section(note, tables=(Table("controls", table, caption, _RELATIVE), *singles))
    named = table.rename(columns={"effect": "effect_without_it", "half_width": "half_width_without_it"})
    said = clauses(
        tr(
            "without {control} {effect} ± {half}",
            control=row["control"],
            effect=number(row["effect"]),
            half=number(row["half_width"]),
        )
        for row in table.dropna(subset=["effect"]).to_dict("records")
    )
    whole = interval(effect.average, spec.level)
    sheets = (Table("controls", named, caption, _RELATIVE), *singles)
    if not said:
        return Section(tr("With every control the effect is {whole} a period.", whole=whole), tables=sheets)
    return Section(
        tr("With every control the effect is {whole} a period; {each}.", whole=whole, each=said), tables=sheets
    )


def _singles(effect: Effect) -> tuple[Table, ...]:
    """Table of the most influential periods and treated units, with the effect without each."""
    frame = effect.detail.influence
    if frame.empty:
        return ()
    shown = frame.sort_values("share", ascending=False, kind="stable").head(_SINGLES).reset_index(drop=True)
    units = {"share": "ratio"} | (dict.fromkeys(["lift", "without"], "ratio") if (effect.baseline > 0).all() else {})
    caption = tr("Lift of one period or unit, the lift without it, and how far that is in margins of error.")
    return (Table("singles", shown, caption, units, worded=("what",)),)


def _looks(effect: Effect) -> Section:
    """Section on reading the result early: cumulative bands hold for each day, not for all simultaneously."""
    last = effect.detail.cumulative.iloc[-1]
    told = (
        tr("The interval holds for the whole campaign, read once, at its end; at that look the sign is sure.")
        if last["low"] > 0 or last["high"] < 0
        else tr("The interval holds for the whole campaign, read once, at its end; at that look the sign is not sure.")
    )
    early = tr(
        "Whoever stops on the first day on which the sum stands clear of zero will be wrong more often than the "
        "interval says."
    )
    return Section(sentences(told, early))
