"""Sections on the plan: amounts by channel, gain, and weekly schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reachbook.budget.advice import alternatives, from_spec
from reachbook.budget.flight.rules import over_all
from reachbook.budget.optimize.constraints import on_total
from reachbook.budget.sections import plan_figures
from reachbook.budget.wording import bracketed, chance, likely, name, renamed, sentence, within
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reachbook.budget.advice.alternatives import Ranges
    from reachbook.budget.advice.gain_unit import GainUnit
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.advice.weekly_plan import WeeklyPlan
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.spec import BudgetSpec


def plan(
    mix: Mix, advice: SteadyPlan, near: Ranges | None, spec: BudgetSpec, currency: str, names: Mapping[str, str],
    believed: tuple[str, ...],
) -> Section:  # fmt: skip
    """Section on the steady plan against current spend."""
    pictures = (
        Figure("plan", *plan_figures.plan(advice, near, currency, names)),
        Figure("gain", *plan_figures.gain(advice, mix.level)),
    )
    tables = (_channels(mix, advice, near, currency, names, believed), *_binding(advice, names))
    return Section(_note(mix, advice, spec, currency, names), pictures, tables)


def _note(mix: Mix, advice: SteadyPlan, spec: BudgetSpec, currency: str, names: Mapping[str, str]) -> str:
    """Sentences on the plan's cost, gain and proof, and on the marginal outcome of money."""
    plan, scale = advice.plan, advice.scale
    parts = [
        tr(
            "The plan spends {plan}; now it is {now} a week.",
            plan=from_spec.amount(float(plan.paid.sum()), spec.horizon_weeks, currency),
            now=number(advice.paid_now, "money", currency),
        ),
        tr("It is the best plan under these rules to within {gap} ({measure}).", gap=within(plan.gap),
           measure=plan.measure),
        tr(
            "The draws that chose the plan promise {promised} a week; draws that did not choose it, lowered by what "
            "plans for simulated brands fell short, say {kept}: that is the gain on top of the page.",
            promised=scale.amount(float(np.median(advice.naive))), kept=scale.amount(float(np.median(advice.net))),
        ),
    ]  # fmt: skip
    if advice.gain.regret is not None:
        regret = float(advice.worth * advice.gain.regret.mean())
        parts.append(
            tr("Whoever knew the curves exactly would gain about {amount} a week more.", amount=scale.amount(regret))
        )
    return sentences(*parts, *(sentence(note, names) for note in plan.notes))


def _channels(
    mix: Mix,
    advice: SteadyPlan,
    near: Ranges | None,
    currency: str,
    names: Mapping[str, str],
    believed: tuple[str, ...],
) -> Table:
    """Table with one row a channel and a row for their sum."""
    plan, gained = advice.plan, advice.by_channel()
    frame = pd.DataFrame({"channel": plan.channels, "name": [name(each, names) for each in plan.channels]})
    frame["now"], frame["plan"] = advice.now, plan.spend
    frame["change"] = frame["plan"] - frame["now"]
    frame["paid"] = plan.paid
    if near is not None:
        frame["from"], frame["to"] = near.low, near.high
    ends = [(1 - mix.level) / 2, 0.5, (1 + mix.level) / 2]
    frame[["low", "brings", "high"]] = np.quantile(gained, ends, axis=0).T
    frame["rests_on"] = ["belief" if each in believed else "data" for each in plan.channels]
    low, brings, high = np.quantile(gained.sum(axis=1), ends)
    whole: dict[Any, Any] = {
        "channel": "all",
        "name": tr("all"),
        "rests_on": "",
        "low": low,
        "brings": brings,
        "high": high,
    }
    whole |= frame[["now", "plan", "change", "paid"]].sum().to_dict()
    frame = pd.concat([frame, pd.DataFrame([whole])], ignore_index=True)
    frame["brings_with_interval"] = [
        bracketed(*row, unit=advice.scale.unit, currency=currency)
        for row in zip(frame["brings"], frame["low"], frame["high"], strict=True)
    ]
    shown = ["name", "now", "plan", "change", "brings_with_interval", "rests_on"]
    caption = tr(
        "now, plan, change: money a week. brings: {gain} from the change, before spend, with its interval of "
        "{level:.0%}, as the draws that chose the plan see it. The files also say how far each channel alone can go "
        "while the plan gives up a tenth of its gain (from, to).",
        gain=advice.scale.noun,
        level=mix.level,
    )
    money = dict.fromkeys(["now", "plan", "change", "paid", "from", "to"], "money")
    money |= dict.fromkeys(["low", "brings", "high"], advice.scale.unit)
    return Table("plan", frame, caption, money, True, shown, ("rests_on",))


def _binding(advice: SteadyPlan, names: Mapping[str, str]) -> tuple[Table, ...]:
    """Table of binding rules and the cost of each."""
    if not advice.plan.binding:
        return ()
    costs = alternatives.rule_costs(advice.curves, advice.total, advice.rules, advice.plan)
    money = 1.0 if advice.rules.mode == "target" else advice.worth
    rows = [
        (renamed(words, names), money * costs[words] if words in costs else np.nan)
        for words in advice.plan.binding
        if not on_total(words)
    ]
    if not rows:
        return ()
    frame = pd.DataFrame(rows, columns=["rule", "costs"])
    target = advice.rules.mode == "target"
    what = tr("money") if target else advice.scale.noun
    caption = tr(
        "Rules that the plan touches, and the {what} a week that each of them costs; what lies beyond observation "
        "has no price that is known.",
        what=what,
    )
    return (Table("binding", frame, caption, {"costs": "money" if target else advice.scale.unit}),)


def _timed(timing: WeeklyPlan, scale: GainUnit) -> str:
    """Sentence on the gain of the schedule over even spending."""
    brought = scale.amount(abs(timing.beyond_even))
    if timing.beyond_even < 0:
        return tr("The same money spread evenly over all weeks, rules by week or not, would bring {gain} more.",
                  gain=brought)  # fmt: skip
    return tr("Beside the same money spread evenly over all weeks, the timing is worth {gain}.", gain=brought)


def weeks(
    mix: Mix, advice: SteadyPlan, timing: WeeklyPlan, spec: BudgetSpec, currency: str, names: Mapping[str, str]
) -> Section:
    """Section on the weekly schedule."""
    flight = timing.flight
    told = {"gain": advice.scale.interval(timing.net, mix.level), "chance": likely(chance(timing.net))}
    notes = [
        tr(
            "{money} over {n} weeks from {first}; their timing is proven within {gap}.",
            money=number(float(flight.spend.sum()), "money", currency), n=len(flight.weeks), first=flight.weeks[0],
            gap=within(flight.gap),
        ),
        tr("Against going on as now all weeks together gain {gain} after spend, above zero with probability "
           "{chance}.", **told)
        if advice.scale.pays
        else tr("Against going on as now all weeks together gain {gain}, above zero with probability "
                "{chance}.", **told),
        tr(
            "That counts what earlier weeks carry in, and what these carry on while the plan's spend goes on for {n} "
            "weeks after them.",
            n=spec.tail_weeks,
        ),
        _timed(timing, advice.scale),
    ]  # fmt: skip
    labels = [name(each, names) for each in flight.channels]
    table = timing.table(labels)
    caption = tr("Money a week at list price, ready to be booked; week: its first day.")
    sheets = [Table("plan_weeks", table, caption, dict.fromkeys([*labels, "total"], "money"), True)]
    touched = [renamed(rule, names) for rule in flight.binding if not over_all(rule)]
    if touched:
        sheets.append(Table("plan_rules", pd.DataFrame({"rule": touched}), tr("Rules by week that the plan touches.")))
    said = sentences(*notes, *(sentence(each, names) for each in timing.notes))
    return Section(said, (Figure("weeks", *plan_figures.weeks(timing, currency, names)),), tuple(sheets))
