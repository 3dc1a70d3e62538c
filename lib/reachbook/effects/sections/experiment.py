"""Sections on an experiment: arms, weeks of assignment, evidence, segments, influence and looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reachbook.effects.experiment import subgroups
from reachbook.effects.experiment.units import read
from reachbook.effects.sections import figures
from reachbook.effects.value.rollout import break_even_lift
from reachbook.effects.wording import interval, metric, percent
from reachbook.presentation.names import named
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table, unless_checked
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import clauses, joined, mark, sentences, tr

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.experiment.detail import ExperimentDetail, Influence
    from reachbook.effects.experiment.subgroups import SegmentEffect
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.rollout import RollOut

_OURS = (
    mark("all"),
    mark("model"),
    mark("difference of means"),
    mark("always-valid interval"),
    mark("difference-in-differences"),
    mark("synthetic control"),
    mark("autoregression"),
    mark("before and after"),
    mark("mean over units, each alike"),
)
"""Names of rows that are words of ours."""
LIFT = dict.fromkeys(["low", "middle", "high", "planted", "best", "above_rope", "positive"], "ratio")


def parts(
    effect: Effect, spec: EffectSpec, frame: pd.DataFrame, known: pd.DataFrame, money: RollOut, seed: int
) -> dict[str, Section]:
    """Sections by their id."""
    return {
        "effect": _arms(effect, spec, known, money),
        "time": _weeks(effect, spec, frame, seed),
        "evidence": _evidence(effect),
        "methods": _methods(effect, spec),
        "segments": _segments(effect, spec, money.name),
        "influence": _influence(effect, spec),
        "looks": _looks(effect, spec),
    }


def lifts(effect: Effect, level: float) -> pd.DataFrame:
    """Relative lift by arm: name, low, middle, high; with several arms the first row is all of them together."""
    arms = [("all", effect.relative), *((named(arm.name), arm.relative) for arm in effect.detail.arms[1:])]
    rows = [(name, *equal_tailed(draws, level)) for name, draws in arms[0 if len(arms) > 2 else 1 :]]
    return pd.DataFrame(rows, columns=["name", "low", "middle", "high"])


def marks(effect: Effect, spec: EffectSpec, paid: float | None) -> dict[str, float]:
    """Reference values of lifts: zero, break-even and target, as ratios."""
    even = break_even_lift(effect, spec, paid)
    found = {tr("zero"): 0.0}
    if even is not None:
        found[tr("break-even")] = even
    return found | ({} if spec.target is None else {tr("target"): spec.target})


def _arms(effect: Effect, spec: EffectSpec, known: pd.DataFrame, money: RollOut) -> Section:
    detail: ExperimentDetail = effect.detail
    shown = lifts(effect, spec.level).merge(known[["name", "planted"]], on="name", how="left")
    drawn = figures.ranges(
        worded(shown), marks(effect, spec, money.paid), tr("Lift of {what} by arm", what=metric(effect))
    )
    rows = [_row(arm, spec.level) for arm in detail.arms]
    table = pd.DataFrame(rows)
    best = detail.best
    told = {
        "arm": named(best.name), "what": metric(effect), "arms": len(detail.arms), "chance": f"{best.best:.0%}",
        "loss": number(best.expected_loss),
    }  # fmt: skip
    note = (
        tr(
            "{arm} has the highest mean of {what} among all {arms} arms with probability {chance}; choosing it gives "
            "up {loss} {what} on average if another is better.",
            **told,
        )
        if detail.numerator
        else tr(
            "{arm} has the highest mean of {what} among all {arms} arms with probability {chance}; choosing it gives "
            "up {loss} a unit on average if another is better.",
            **told,
        )
    )
    reached = "" if detail.complier is None else tr(
        "Of those whom an arm reached, it changed {what} of each by {reached}.",
        what=metric(effect), reached=interval(detail.complier, spec.level),
    )  # fmt: skip
    note = sentences(note, reached, _counted(effect, spec.level))
    figure = () if repeats_lead(shown, money) else (Figure("effect", *drawn),)
    return Section(note, figure, (_ledger(table, spec, effect),))


def repeats_lead(shown: pd.DataFrame, money: RollOut) -> bool:
    """Whether a figure of these rows would show what the one beside the decision shows: one effect, no truth."""
    return len(shown) == 1 and not money.several and bool(shown["planted"].isna().all())


def _counted(effect: Effect, level: float) -> str:
    """Sentences on a ratio's sums and on its numerator, which is what has value; "" otherwise."""
    detail: ExperimentDetail = effect.detail
    if detail.numerator_total is None:
        return ""
    control, treated = detail.arms[0], detail.arms[1:]
    sums = clauses(f"{named(arm.name)} {number(arm.over or 0.0)}/{number(arm.under or 0.0)}" for arm in detail.arms)
    plain = sum((arm.over or 0.0) - (control.over or 0.0) * arm.units / control.units for arm in treated)
    told = {"count": number(abs(plain)), "what": detail.numerator}
    return sentences(
        tr(
            "{ratio} is a ratio of sums ({sums}) and moves with {under} too.",
            ratio=metric(effect),
            sums=sums,
            under=detail.denominator,
        ),
        tr("The treated arms had {count} {what} fewer than as many units of the control.", **told)
        if plain < 0
        else tr("The treated arms had {count} {what} more than as many units of the control.", **told),
        tr(
            "With its interval, the campaign changed {what} by {told} in all.",
            what=detail.numerator,
            told=interval(detail.numerator_total, level),
        ),
    )


def _ledger(table: pd.DataFrame, spec: EffectSpec, effect: Effect) -> Table:
    caption = tr(
        "middle: relative lift, drawn with its {level} interval; best: probability of the highest mean; expected loss: "
        "what choosing this arm gives up on average; above rope: probability that the lift exceeds {rope}.",
        level=percent(spec.level),
        rope=number(spec.rope, "ratio"),
    )
    shown = [str(name) for name in table if name not in ("added", "low", "high")]
    if effect.detail.numerator:
        ratio = tr(
            "observed: {ratio}; numerator {over}, denominator {under}, and the numerator a unit.",
            ratio=metric(effect),
            over=effect.detail.numerator,
            under=effect.detail.denominator,
        )
        caption = sentences(ratio, caption)
    return Table("arms", table, caption, LIFT | {"units": "count"}, shown=shown, named=("arm",), people=("units",))


def _row(arm: Any, level: float) -> dict[str, Any]:
    low, middle, high = equal_tailed(arm.relative, level)
    nothing = float("nan")
    sums = {} if arm.over is None else {
        "numerator": arm.over, "denominator": arm.under, "numerator_a_unit": arm.over / arm.units
    }  # fmt: skip
    return {
        "arm": arm.name,
        "units": arm.units,
        **sums,
        "observed": arm.observed,
        "low": nothing if arm.control else low,
        "middle": nothing if arm.control else middle,
        "high": nothing if arm.control else high,
        "best": arm.best,
        "expected_loss": arm.expected_loss,
        "above_rope": nothing if arm.above_rope is None else arm.above_rope,
        "added": nothing if arm.control else float(np.median(arm.incremental)),
    }


def _weeks(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, seed: int) -> Section:
    """Section on the lift by week of assignment, by the model of the segments."""
    if "assigned_at" not in frame or frame["assigned_at"].isna().any():
        return Section(tr("The table does not say when units were assigned, so that weeks cannot be told apart."))
    week = pd.to_datetime(frame["assigned_at"]).dt.to_period("W-SUN").dt.start_time.dt.strftime("%Y-%m-%d")
    units = read(frame.assign(segment=week), spec)
    mean = {arm.name: arm.mean for arm in effect.detail.arms}
    found = subgroups.by_segment(units, np.stack([mean[name] for name in units.arms]), effect.detail.prior, seed)
    if not found:
        return Section(
            tr("Units were assigned within one week, or the outcome may be negative: weeks are not told apart.")
        )
    name, rows = _of_arm(found, effect, spec.level)
    what = tr("Lift of {what} by {arm}, by week of assignment", what=metric(effect), arm=name)
    drawn = figures.ranges(rows, {tr("zero"): 0.0}, what)
    note = (
        tr("By the week (Monday) in which units were assigned, no week stands apart.")
        if _overlap(rows)
        else tr("By the week (Monday) in which units were assigned, some weeks stand apart: find out what differed.")
    )
    note = sentences(note, tr("Weeks lean on each other, as segments do."))
    return Section(note, (Figure("weeks", *drawn),))


def _of_arm(found: tuple[SegmentEffect, ...], effect: Effect, level: float) -> tuple[str, pd.DataFrame]:
    """Name of the arm with the highest mean effect, and its rows."""
    name = max(effect.detail.arms[1:], key=lambda arm: float(arm.effect.mean())).name
    rows = [(named(each.segment), *equal_tailed(each.relative, level)) for each in found if each.arm == name]
    return named(name), pd.DataFrame(rows, columns=["name", "low", "middle", "high"])


def _overlap(rows: pd.DataFrame) -> bool:
    return bool(rows["low"].max() <= rows["high"].min())


def _evidence(effect: Effect) -> Section:
    detail: ExperimentDetail = effect.detail
    asked = any(gate.id == "balance" for gate in effect.gates)
    unchecked = tr("Whether it was random is not checked beyond the arms' sizes: a column named before would show it.")
    note = sentences(
        tr("The interval rests on assignment at random, which leaves nothing to replay."),
        "" if asked else unchecked,
        detail.prior.describe(),
    )
    check = detail.predictive
    if check is None:
        return Section(note)
    rows = pd.DataFrame(
        [("largest amount", *check.largest), ("a typical large amount", *check.middle)],
        columns=["what", "seen", "low", "high"],
    )
    caption = tr(
        "What the model shows again, where a few amounts are very large, beside what was seen; low, high: the least "
        "and the most of 500 replications."
    )
    return Section(note, tables=(Table("predictive", rows, caption, worded=("what",)),))


def _methods(effect: Effect, spec: EffectSpec) -> Section:
    """Section that compares the posterior with plain arithmetic, to show what prior and tail model change."""
    detail: ExperimentDetail = effect.detail
    control, treated = detail.arms[0], detail.arms[1:]
    weights = np.array([arm.weight for arm in treated])
    plain = float(weights @ np.array([arm.observed for arm in treated]) / weights.sum())
    rows: list[tuple[str, float, float, float, str]] = [
        (
            "model",
            *_relative(effect, spec.level),
            tr("Beliefs about the lift and the largest amounts; the report goes by it."),
        ),
    ]
    nan = float("nan")
    if control.observed > 0:
        why = tr("Plain means: the luck of the largest amounts and no sceptical belief; it is drawn towards neither.")
        rows.append(("difference of means", nan, plain / control.observed - 1, nan, why))
    if detail.always_valid is not None:
        low, high = detail.always_valid
        why = tr("Wider, since it holds at every moment, however often somebody looked.")
        rows.append(("always-valid interval", low, float(np.sqrt((1 + low) * (1 + high)) - 1), high, why))
    table = pd.DataFrame(rows, columns=["name", "low", "middle", "high", "note"])
    what = tr("Lift of {what} by other ways to count", what=metric(effect))
    drawn = figures.ranges(worded(table), {tr("zero"): 0.0}, what)
    note = tr("No other way is told.")
    if control.observed > 0:
        told = {"plain": number(rows[1][2], "ratio"), "page": number(rows[0][2], "ratio")}
        note = tr("Plain means give {plain}; the page says {page}.", **told)
    sheet = Table("methods", table, units=LIFT, shown=["name", "middle", "note"], worded=("name",))
    return Section(note, (Figure("methods", *drawn),), (sheet,))


def worded(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with names that are words of ours in the report's language; arms and units keep their names."""
    return rows.assign(name=[tr(name) if name in _OURS else name for name in rows["name"].astype(str)])


def _relative(effect: Effect, level: float) -> tuple[float, float, float]:
    return equal_tailed(effect.relative, level)


def _segments(effect: Effect, spec: EffectSpec, chosen: str) -> Section:
    found = effect.detail.segments
    if not found:
        return Section(tr("The table names no segments (column segment), or they cannot be told apart."))
    name, rows = _of_arm(found, effect, spec.level)
    what = tr("Lift of {what} by {arm}, by segment", what=metric(effect), arm=name)
    drawn = figures.ranges(rows, {tr("zero"): 0.0}, what)
    table = pd.DataFrame(
        [
            (each.arm, each.segment, each.units, *equal_tailed(each.relative, spec.level), each.positive)
            for each in found
        ],
        columns=["arm", "segment", "units", "low", "middle", "high", "positive"],
    )
    sure = [str(row["name"]) for row in rows.to_dict("records") if row["low"] > 0]
    alike = tr("The differences between segments may still be luck: all their intervals overlap.")
    note = sentences(
        tr("{arm} adds in {segments}.", arm=name, segments=joined(sure))
        if sure
        else tr("In no segment alone is it sure that {arm} adds.", arm=name),
        alike if _overlap(rows) else "",
        tr("Small segments lean on the others, so that many looks find few ghosts."),
    )
    caption = tr("positive: probability that the effect is above zero")
    sheet = Table("segments", table, caption, LIFT | {"units": "count"}, named=("arm", "segment"), people=("units",))
    return Section(note, (Figure("segments", *drawn),), (sheet,))


def _influence(effect: Effect, spec: EffectSpec) -> Section:
    found = effect.detail.influence
    if not found:
        return Section(tr("Every unit counts as one or none: no single value can carry the effect."))
    low, middle, high = equal_tailed(effect.average, spec.level)
    rows = [(tr("every value"), low, middle, high)]
    rows += [(_without(each), each.low, each.middle, each.high) for each in found]
    table = pd.DataFrame(rows, columns=["name", "low", "middle", "high"])
    what = (
        tr("Effect on {what} without single values", what=metric(effect))
        if effect.detail.numerator
        else tr("Effect on {what} per unit without single values", what=metric(effect))
    )
    drawn = figures.ranges(table, {tr("zero"): 0.0}, what, "")
    note = tr(
        "Nothing was capped or left out of the effect; this shows what single values do to it. Rows are counted from "
        "the first below the header."
    )
    sheets = [Table("influence", table, named=("arm",), private="shared")]
    if effect.detail.robust_estimands:
        other = tr(
            "The last table tells what no single value can carry. These are other questions than the effect: medians "
            "and shares do not add up to money, and the buyers of two arms are not the same people."
        )
        note = sentences(note, other)
        sheets.append(_instead(effect, spec))
    return Section(note, (Figure("influence", *drawn, private="shared"),), tuple(sheets))


def _without(each: Influence) -> str:
    """Label of the values left out, never by an id."""
    if not each.row:
        return tr("without the largest {count}", count=each.dropped)
    return tr("without row {row:,} ({value}, {arm})", row=each.row, value=number(each.value), arm=named(each.arm))


def _instead(effect: Effect, spec: EffectSpec) -> Table:
    """Table of robust estimands by arm, each in its own unit."""
    detail: ExperimentDetail = effect.detail
    name = detail.numerator or metric(effect)
    rows = []
    for each in detail.robust_estimands:
        what = {
            "share": tr("share of units with {name} above zero", name=name),
            "median": tr("median of {name} above zero", name=name),
            "capped": tr("capped mean: {name} a unit, each counted up to {cap}", name=name, cap=number(each.cap)),
        }[each.what]
        level, step = ("ratio", "points") if each.what == "share" else ("", "")
        told = [number(x, level) for x in (each.control, each.observed)]
        rows.append((what, named(each.arm), *told, *(number(x, step) for x in (each.low, each.middle, each.high))))
    columns = ["what", "arm", "control", "in_the_arm", "low", "middle", "high"]
    caption = tr(
        "low, middle, high: the difference to the control, with its {level} interval.", level=percent(spec.level)
    )
    beyond = next((each.beyond for each in detail.robust_estimands if each.what == "capped"), None)
    if beyond is not None:
        caption = sentences(caption, tr("{share} of amounts lie above the cap.", share=number(beyond, "ratio")))
    return Table("instead", pd.DataFrame(rows, columns=columns), caption)


def _looks(effect: Effect, spec: EffectSpec) -> Section:
    detail: ExperimentDetail = effect.detail
    parts = []
    if detail.peeking is not None:
        looks = detail.peeking
        parts.append(
            unless_checked(
                looks.describe(), effect.gates, tr("How often these looks mislead is among the checks above.")
            )
        )
        needed = tr("On average {share} of the planned units are needed.", share=f"{looks.stops_prior:.0%}")
        parts.append(needed)
    else:
        parts.append(tr("A single look was planned, at the end."))
    if detail.always_valid is not None:
        low, high = (number(each, "ratio") for each in detail.always_valid)
        valid = tr(
            "Whoever looked at other times should read [{low}, {high}], which holds at all of them together.",
            low=low,
            high=high,
        )
        parts.append(valid)
    return Section(sentences(*parts))
