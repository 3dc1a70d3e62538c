"""What the report says of a test that is planned: no outcome of it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects import figures, planning
from reachbook.effects.matching import Matched, matched
from reachbook.effects.part import Part, Picture, Sheet
from reachbook.errors import ParamsError
from reachbook.numbers import number
from reachbook.told import Check, Headline

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.planning import Plan
    from reachbook.effects.spec import EffectSpec

    Told = tuple[str, str, tuple[Headline, ...], tuple[Check, ...], dict[str, Part]]

_SHARE = {
    "assurance": "ratio",
    "power": "ratio",
    "detectable": "ratio",
    "cost": "money",
    "units": "count",
    "days": "count",
}
_MATCHED = dict.fromkeys(["error", "deviation", "minimum", "share"], "ratio")


def planned(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Told:
    """Description, decision, findings, gates and sections of a planned experiment or panel.

    Raises ParamsError for a series: there is no second unit to tell luck from an effect before it runs.
    """
    if spec.design == "experiment":
        return _experiment(planning.plan(spec, seed), spec)
    if spec.design == "panel":
        return _panel(frame, spec, seed)
    raise ParamsError("campaign_effect: plan is true and design is 'series'. Plan an experiment or a panel instead.")


def _experiment(plan: Plan, spec: EffectSpec) -> Told:
    at = len(plan.units) - 1 if plan.chosen is None else plan.chosen
    chance = plan.assurance if plan.target is None else plan.power
    label = "Probability that the test answers (held against the least that is asked)"
    smallest = "Smallest lift that it finds 8 times in 10" + (
        "" if plan.target is None else " (held against the target)"
    )
    cost = "Cost of the test" + (" (held against the budget)" if spec.budget else "")
    findings = (
        Headline("answers", label, float(chance[at]), unit="ratio", reference=planning.POWER),
        Headline("detectable", smallest, float(plan.detectable[at]), unit="ratio", reference=plan.target),
        Headline("units", "Units in each arm", float(plan.units[at]), unit="count"),
        Headline("cost", cost, float(plan.cost[at]), unit="money", reference=spec.budget or None),
    )
    detail = plan.gates[0].detail
    looks = "A single look is planned, at the end." if plan.peeking is None else plan.peeking.describe()
    described = "A plan of an experiment with two equal arms; no outcome was read."
    decision = f"Run it. {detail}" if plan.run else detail
    return described, decision, findings, plan.gates, {"plan": _sized(plan), "looks": Part(looks)}


def next_test(effect: Effect, spec: EffectSpec, frame: pd.DataFrame, seed: int) -> Part:
    """What a further test of two arms would answer, at the outcome's level, spread and flow of units in this one."""
    if effect.design != "experiment" or effect.detail.cluster or effect.detail.kind == "ratio":
        return Part("No further test is planned here: set `plan` to ask which size and length would answer.")
    if "assigned_at" not in frame or frame["assigned_at"].isna().any():
        return Part("When units were assigned is not known, nor how fast they come: set `plan` to ask for a next test.")
    when = pd.to_datetime(frame["assigned_at"])
    values = frame.loc[frame["arm"].astype(str) == effect.detail.control, effect.outcome].astype(float)
    if not values.mean() > 0:
        return Part("The control's mean is not above zero, so that no relative lift can be planned for.")
    conversion = effect.detail.kind == "conversion"
    told = {
        "baseline": float(values.mean()),
        "baseline_sd": 0.0 if conversion else float(values.std()),
        "units_per_day": len(frame) / ((when.max() - when.min()).days + 1),
    }
    found = _sized(planning.plan(spec.model_copy(update=told), seed))
    afresh = (
        "Running this test longer adds to what it knows. A new one of two arms, at its flow of units, starts afresh: "
    )
    return replace(found, note=afresh + found.note)


def _sized(plan: Plan) -> Part:
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
    return Part(
        plan.gates[0].detail, (Picture("assurance", *figures.assurance(plan)),), (Sheet("plan", table, units=_SHARE),)
    )


def _panel(frame: pd.DataFrame, spec: EffectSpec, seed: int) -> Told:
    """Which units to treat for as long as can be waited for, as many as the budget pays for."""
    periods = spec.days_most
    count = int(spec.budget / (spec.cost_per_unit * periods)) if spec.budget and spec.cost_per_unit else 1
    if count < 1:
        raise ParamsError(
            f"plan: budget {spec.budget:g} does not pay for one unit over {periods} periods at cost_per_unit "
            f"{spec.cost_per_unit:g}. Raise the budget or lower days_most."
        )
    frame = _before_any(frame)
    found = matched(frame, spec, treated=min(count, frame["unit"].nunique() // 3), periods=periods, seed=seed)
    aim = spec.target if spec.target is not None else spec.prior_lift
    run, cost = found.minimum <= aim, len(found.best) * periods * spec.cost_per_unit
    findings = (
        Headline("detectable", "Smallest lift that the best choice of units finds 8 times in 10", found.minimum,
                 unit="ratio", reference=aim),
        Headline("cost", "Cost of the test", cost, unit="money", reference=spec.budget or None),
    )  # fmt: skip
    text = found.decide(aim)
    described = (
        f"A plan of a panel over {periods} periods, from {frame['unit'].nunique()} units; nobody counts as treated."
    )
    return described, text, findings, (Check("plan", run, text),), {"plan": _candidates(found, aim)}


def _before_any(frame: pd.DataFrame) -> pd.DataFrame:
    """The periods before any unit was treated: a plan rests on what was seen without a campaign."""
    treated = frame["treated"].fillna(False).astype(bool) if "treated" in frame else pd.Series(False, index=frame.index)
    return frame[frame["date"] < frame.loc[treated, "date"].min()] if treated.any() else frame


def _candidates(found: Matched, aim: float) -> Part:
    table = found.frame.assign(treated=[", ".join(units) for units in found.frame["treated"]])
    best = table.head(8)
    rows = pd.DataFrame(
        {"name": best["treated"], "low": np.nan, "middle": best["minimum"], "high": np.nan}
    ).reset_index(drop=True)  # fmt: skip
    drawn = figures.ranges(rows, {"expected lift": aim}, "Smallest lift that each choice of units finds 8 times in 10")
    note = f"The best of {len(table)} choices, judged by placebo campaigns, is {', '.join(found.best)}: lifts from " \
        f"{number(found.minimum, 'ratio')} on are found."  # fmt: skip
    return Part(note, (Picture("markets", *drawn),), (Sheet("markets", table, units=_MATCHED),))
