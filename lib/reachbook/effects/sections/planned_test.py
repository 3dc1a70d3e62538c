"""Report on a planned test; no outcome of it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.planning import experiment as planning
from reachbook.effects.planning.panel import PanelPlan, before_any
from reachbook.effects.sections import figures
from reachbook.effects.sections.lead import plan_lead, shown_treated
from reachbook.effects.wording import capital
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Story, Table
from reachbook.result import Finding
from reachbook.translation import day, listing, sentences, tr, trn

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.planning.experiment import ExperimentPlan
    from reachbook.effects.spec import EffectSpec

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
    chance = float((plan.assurance if plan.target is None else plan.power)[at])
    units, detectable = float(plan.units[at]), float(plan.detectable[at])
    findings = [
        *_answers(chance, detectable, plan.target),
        Finding("units", tr("Units in each arm"), units, unit="count"),
        *_cost(float(plan.cost[at]), spec),
    ]
    size = tr("{units} units in each arm", units=number(units, "count"))
    if np.isfinite(plan.days[at]):
        size = tr(
            "{units} units in each arm over {days} days", units=number(units, "count"), days=f"{plan.days[at]:,.0f}"
        )
    alone = tr("A single look is planned, at the end.")
    return Story(
        described=tr("A plan of an experiment with two equal arms; no outcome was read."),
        decision=_decided(plan.run, size, chance, plan.target),
        findings=tuple(findings),
        gates=plan.gates,
        sections={
            "plan": replace(_size_table(plan), note=tr("What the test to run answers is among the checks above.")),
            "looks": Section(alone if plan.peeking is None else plan.peeking.describe()),
        },
        grounds=(_assumed(spec),),
        lead=plan_lead(plan),
    )


def _answers(chance: float, detectable: float, target: float | None) -> list[Finding]:
    """Findings on what the test would answer."""
    return [
        Finding(
            "answers",
            tr("Chance that it answers"),
            chance,
            unit="ratio",
            reference=planning.POWER,
            against=tr("needed"),
        ),
        Finding(
            "detectable", tr("Smallest lift it finds"), detectable, unit="ratio", reference=target, against=tr("target")
        ),
    ]


def _decided(run: bool, size: str, sure: float, target: float | None) -> str:
    """Whether to run the test; `size` says how large it is, `sure` how probably it answers."""
    told = {"size": size, "chance": f"{sure:.0%}", "target": number(target or 0.0, "ratio")}
    if run and target is None:
        return tr("Run it with {size}: it answers with probability {chance}.", **told)
    if run:
        return tr("Run it with {size}: it is sure of a lift of {target} with probability {chance}.", **told)
    if target is None:
        told_no = tr("Do not run it: even {size} would answer with probability {chance} only.", **told)
    else:
        told_no = tr(
            "Do not run it: even {size} would be sure of a lift of {target} with probability {chance} only.", **told
        )
    return sentences(told_no, tr("Find more money, time, units or a larger change."))


def _cost(cost: float, spec: EffectSpec) -> list[Finding]:
    """Finding on the cost of the test, if the cost of a unit was stated."""
    if spec.cost_per_unit is None or not np.isfinite(cost):
        return []
    return [Finding("cost", tr("Cost of the test"), cost, unit="money", reference=spec.budget, against=tr("budget"))]


def _assumed(spec: EffectSpec) -> str:
    """Sentences on the assumptions of a planned experiment."""
    if spec.baseline_sd:
        told = tr(
            "Assumed: a mean outcome of {mean} a unit without the campaign, with a standard deviation of {spread}.",
            mean=number(spec.baseline),
            spread=number(spec.baseline_sd),
        )
    else:
        told = tr(
            "Assumed: a mean outcome of {rate} (a rate of conversion) a unit without the campaign.",
            rate=number(spec.baseline, "ratio"),
        )
    flow = number(spec.units_per_day, "count")
    return sentences(told, tr("{flow} units come in a day.", flow=flow) if spec.units_per_day else "")


def next_test(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, seed: int) -> Section:
    """Section on a further test of two arms with this one's outcome level, spread and flow of units."""
    if effect.design != "experiment" or effect.detail.cluster or effect.detail.kind == "ratio":
        return Section(tr("No further test is planned here: set plan to ask which size and length would answer."))
    if "assigned_at" not in frame or frame["assigned_at"].isna().any():
        return Section(
            tr("When units were assigned is not known, nor how fast they come: set plan to ask for a next test.")
        )
    when = pd.to_datetime(frame["assigned_at"])
    values = frame.loc[frame["arm"].astype(str) == effect.detail.control, effect.outcome].astype(float)
    if not values.mean() > 0:
        return Section(tr("The control's mean is not above zero, so that no relative lift can be planned for."))
    conversion = effect.detail.kind == "conversion"
    told = {
        "baseline": float(values.mean()),
        "baseline_sd": 0.0 if conversion else float(values.std()),
        "units_per_day": len(frame) / ((when.max() - when.min()).days + 1),
    }
    try:
        found = _size_table(planning.plan(spec.model_copy(update=told), seed))
    except ParamsError as error:
        return Section(sentences(tr("No further test is planned from this one."), capital(str(error))))
    afresh = tr(
        "Running this test longer adds to what it knows. A new one of two arms, at its flow of units, starts afresh."
    )
    return replace(found, note=sentences(afresh, found.note))


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
    chance = float(row["assurance" if plan.target is None else "power"])
    findings = [
        *_answers(chance, float(row["detectable"]), plan.target),
        Finding("units", tr("Treated units"), float(row["size"]), unit="count"),
        Finding("periods", tr("Periods of the campaign"), float(row["periods"]), unit="count"),
        *_cost(float(row["cost"]), spec),
    ]
    size = trn(
        "{treated} treated for {n} period",
        "{treated} treated for {n} periods",
        int(row["periods"]),
        treated=shown_treated(row["treated"]),
    )
    named = tr("Treated: {names}.", names=listing(row["treated"])) if len(row["treated"]) > 3 else ""
    rest = (named, _as_before(before, spec, row["treated"]), plan.left_out)
    return Story(
        described=tr(
            "A plan of a panel from {units} units; what a campaign did to them is not read.", units=plan.units
        ),
        decision=_decided(plan.run, size, chance, plan.target),
        findings=tuple(findings),
        gates=(check,),
        sections={"plan": _lengths(plan), "influence": _candidates(plan)},
        grounds=tuple(each for each in rest if each),
        lead=plan_lead(plan),
    )


def _as_before(frame: pd.DataFrame, spec: EffectSpec, treated: tuple[str, ...]) -> str:
    """Sentence on the assumption of a planned panel: days like those on which it was planned."""
    days, outcome = pd.to_datetime(frame["date"]), spec.outcome or "outcome"
    here = frame.loc[frame["unit"].astype(str).isin(treated), outcome].astype(float)
    return tr(
        "Assumed: days like those from {first} to {last}, with {mean} {name} a period in each unit where it would run; "
        "a festival, a sale or another price would make it another test.",
        first=day(days.min()),
        last=day(days.max()),
        mean=number(float(here.mean())),
        name=tr("units of outcome") if outcome == "outcome" else outcome,
    )


def _lengths(plan: PanelPlan) -> Section:
    """Section on the answers of each size and length."""
    table = plan.frame.assign(treated=[", ".join(units) for units in plan.frame["treated"]]).dropna(axis=1, how="all")
    how = tr(
        "Units were chosen on the earlier periods; what they promise was judged on the later ones, by what the model "
        "expects and by what it missed in placebo campaigns there."
    )
    return Section(how, (Figure("lengths", *figures.lengths(plan)),), (Table("plan", table, units=_SHARE),))


def _candidates(plan: PanelPlan) -> Section:
    """Section on the sets of units evaluated for the chosen size."""
    found = plan.matched
    table = found.frame.assign(treated=[", ".join(units) for units in found.frame["treated"]])
    best = table.head(8)
    rows = pd.DataFrame(
        {"name": best["treated"], "low": np.nan, "middle": best["minimum"], "high": np.nan}
    ).reset_index(drop=True)  # fmt: skip
    marks = {} if plan.target is None else {tr("target"): plan.target}
    drawn = figures.ranges(rows, marks, tr("Smallest lift that each choice of units finds 8 times in 10"))
    note = tr(
        "Over {periods} periods the best of {tried} choices that were tried ({units}) finds lifts from {chosen} on in "
        "the periods that chose it, and from {other} on in those that did not. The second counts: the first is partly "
        "luck.",
        periods=found.periods,
        tried=len(table),
        units=listing(found.best),
        chosen=number(float(table["minimum"].iloc[0]), "ratio"),
        other=number(found.minimum, "ratio"),
    )
    return Section(note, (Figure("markets", *drawn),), (Table("markets", table, units=_MATCHED),))
