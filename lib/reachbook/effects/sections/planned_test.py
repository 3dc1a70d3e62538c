"""Report on a planned test; no outcome of it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.planning import experiment as planning
from reachbook.effects.planning.panel import PanelPlan, before_any
from reachbook.effects.sections import figures
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Story, Table
from reachbook.result import Finding

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.planning.experiment import ExperimentPlan
    from reachbook.effects.spec import EffectSpec

_ANSWERS = "Probability that the test answers (held against the least that is asked)"
_SMALLEST, _TARGET = "Smallest lift that it finds 8 times in 10", " (held against the target)"
_SHARE = {
    "assurance": "ratio",
    "power": "ratio",
    "detectable": "ratio",
    "cost": "money",
    "units": "count",
    "days": "count",
    "size": "count",
    "periods": "count",
    "spread": "ratio",
}
_MATCHED = dict.fromkeys(["error", "deviation", "minimum", "share"], "ratio")


def compose_plan(plan: ExperimentPlan | PanelPlan, frame: pd.DataFrame, spec: EffectSpec) -> Story:
    """Report on a planned experiment or panel; `frame` is the table of the design."""
    return _panel(plan, before_any(frame), spec) if isinstance(plan, PanelPlan) else _experiment(plan, spec)


def _experiment(plan: ExperimentPlan, spec: EffectSpec) -> Story:
    at = len(plan.units) - 1 if plan.chosen is None else plan.chosen
    chance = plan.assurance if plan.target is None else plan.power
    smallest = _SMALLEST + ("" if plan.target is None else _TARGET)
    findings = [
        Finding("answers", _ANSWERS, float(chance[at]), unit="ratio", reference=planning.POWER),
        Finding("detectable", smallest, float(plan.detectable[at]), unit="ratio", reference=plan.target),
        Finding("units", "Units in each arm", float(plan.units[at]), unit="count"),
        *_cost(float(plan.cost[at]), spec),
    ]
    detail = plan.gates[0].detail
    looks = "A single look is planned, at the end." if plan.peeking is None else plan.peeking.describe()
    described = "A plan of an experiment with two equal arms; no outcome was read."
    decision = f"Run it. {detail}" if plan.run else detail
    return Story(
        described=described,
        decision=f"{decision} {_assumed(spec)}",
        findings=tuple(findings),
        gates=plan.gates,
        sections={"plan": _size_table(plan), "looks": Section(looks)},
    )


def _cost(cost: float, spec: EffectSpec) -> list[Finding]:
    """Finding on the cost of the test, if the cost of a unit was stated."""
    if spec.cost_per_unit is None or not np.isfinite(cost):
        return []
    label = "Cost of the test" + ("" if spec.budget is None else " (held against the budget)")
    return [Finding("cost", label, cost, unit="money", reference=spec.budget)]


def _assumed(spec: EffectSpec) -> str:
    """Sentence on the assumptions of a planned experiment."""
    spread = f", with a standard deviation of {number(spec.baseline_sd)}" if spec.baseline_sd else ""
    mean = number(spec.baseline) if spread else f"{number(spec.baseline, 'ratio')} (a rate of conversion)"
    flow = f" and {number(spec.units_per_day, 'count')} units a day" if spec.units_per_day else ""
    return f"Assumed: a mean outcome of {mean} a unit without the campaign{spread}{flow}."


def next_test(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, seed: int) -> Section:
    """Section on a further test of two arms with this one's outcome level, spread and flow of units."""
    if effect.design != "experiment" or effect.detail.cluster or effect.detail.kind == "ratio":
        return Section("No further test is planned here: set plan to ask which size and length would answer.")
    if "assigned_at" not in frame or frame["assigned_at"].isna().any():
        return Section(
            "When units were assigned is not known, nor how fast they come: set plan to ask for a next test."
        )
    when = pd.to_datetime(frame["assigned_at"])
    values = frame.loc[frame["arm"].astype(str) == effect.detail.control, effect.outcome].astype(float)
    if not values.mean() > 0:
        return Section("The control's mean is not above zero, so that no relative lift can be planned for.")
    conversion = effect.detail.kind == "conversion"
    told = {
        "baseline": float(values.mean()),
        "baseline_sd": 0.0 if conversion else float(values.std()),
        "units_per_day": len(frame) / ((when.max() - when.min()).days + 1),
    }
    try:
        found = _size_table(planning.plan(spec.model_copy(update=told), seed))
    except ParamsError as error:
        return Section(f"No further test is planned from this one. {str(error)[0].upper()}{str(error)[1:]}")
    afresh = (
        "Running this test longer adds to what it knows. A new one of two arms, at its flow of units, starts afresh: "
    )
    return replace(found, note=afresh + found.note)


def _size_table(plan: ExperimentPlan) -> Section:
    table = pd.DataFrame(
        {
            "units": plan.units,
            "days": plan.days,
            "cost": plan.cost,
            "assurance": plan.assurance,
            "power": plan.power,
            "detectable": plan.detectable,
        }
    ).dropna(axis=1, how="all")
    return Section(
        plan.gates[0].detail, (Figure("assurance", *figures.assurance(plan)),), (Table("plan", table, units=_SHARE),)
    )


def _panel(plan: PanelPlan, before: pd.DataFrame, spec: EffectSpec) -> Story:
    """Report on which units to treat and for how long; `before` is the table before any campaign."""
    row, check = plan.row, plan.check()
    chance = "assurance" if plan.target is None else "power"
    findings = [
        Finding("answers", _ANSWERS, float(row[chance]), unit="ratio", reference=planning.POWER),
        Finding("detectable", _SMALLEST + ("" if plan.target is None else _TARGET), float(row["detectable"]),
                 unit="ratio", reference=plan.target),
        Finding("units", "Treated units", float(row["size"]), unit="count"),
        Finding("periods", "Periods of the campaign", float(row["periods"]), unit="count"),
    ]  # fmt: skip
    findings += _cost(float(row["cost"]), spec)
    described = f"A plan of a panel from {plan.units} units; what a campaign did to them is not read."
    decision = f"Run it. {check.detail}" if plan.run else check.detail
    decision = f"{decision} {_as_before(before, spec, row['treated'])}"
    sections = {"plan": _lengths(plan), "influence": _candidates(plan)}
    return Story(described=described, decision=decision, findings=tuple(findings), gates=(check,), sections=sections)


def _as_before(frame: pd.DataFrame, spec: EffectSpec, treated: tuple[str, ...]) -> str:
    """Sentence on the assumption of a planned panel: days like those on which it was planned."""
    days, outcome = pd.to_datetime(frame["date"]), spec.outcome or "outcome"
    here = frame.loc[frame["unit"].astype(str).isin(treated), outcome].astype(float)
    name = "units of outcome" if outcome == "outcome" else outcome
    return (
        f"Assumed: days like those from {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}, with "
        f"{number(float(here.mean()))} {name} a period in each unit where it would run; a festival, a sale or another "
        "price would make it another test."
    )


def _lengths(plan: PanelPlan) -> Section:
    """Section on the answers of each size and length."""
    table = plan.frame.assign(treated=[", ".join(units) for units in plan.frame["treated"]]).dropna(axis=1, how="all")
    note = (
        f"{plan.check().detail} Units were chosen on the earlier periods; what they promise was judged on the later "
        "ones, by what the model expects and by what it missed in placebo campaigns there."
    )
    return Section(note, (Figure("lengths", *figures.lengths(plan)),), (Table("plan", table, units=_SHARE),))


def _candidates(plan: PanelPlan) -> Section:
    """Section on the sets of units evaluated for the chosen size."""
    found = plan.matched
    table = found.frame.assign(treated=[", ".join(units) for units in found.frame["treated"]])
    best = table.head(8)
    rows = pd.DataFrame(
        {"name": best["treated"], "low": np.nan, "middle": best["minimum"], "high": np.nan}
    ).reset_index(drop=True)  # fmt: skip
    marks = {} if plan.target is None else {"target": plan.target}
    drawn = figures.ranges(rows, marks, "Smallest lift that each choice of units finds 8 times in 10")
    note = (
        f"Over {found.periods} periods the best of {len(table)} choices that were tried, {', '.join(found.best)}, "
        f"finds lifts from {number(float(table['minimum'].iloc[0]), 'ratio')} on in the periods that chose it, and "
        f"from {number(found.minimum, 'ratio')} on in those that did not. The second counts: the first is partly luck."
    )
    return Section(note, (Figure("markets", *drawn),), (Table("markets", table, units=_MATCHED),))
