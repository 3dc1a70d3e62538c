"""Sections on alternatives: other totals, risk aversion, smaller reallocations, scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reachbook.budget.advice import alternatives, frontier
from reachbook.budget.advice.gain import corrected
from reachbook.budget.advice.steady_plan import advise, plannable
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.sections import plan_figures
from reachbook.budget.wording import bracketed, chance, likely, name
from reachbook.presentation.names import named
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import listing, mark, sentences, tr, trn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reachbook.arrays import Floats
    from reachbook.budget.advice.alternatives import Move, Ranges
    from reachbook.budget.advice.frontier import Frontier
    from reachbook.budget.advice.gain_unit import GainUnit
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.optimize.rules import Rules
    from reachbook.budget.spec import BudgetSpec

_PLAN = mark("the plan")
_BUDGETS = np.round(np.arange(0.5, 1.55, 0.1), 2)
"""Totals that are examined, as ratios of the plan's."""
_TRADE = 1e-3
"""Share of the worst-case outcome below which the gain from caution is not worth a figure."""
_NEAR = (0.1, 0.01)
"""Allowed loss of near-optimal plans: share of the gain, and at most this share of the outcome."""
_LEAST = 1e-4
"""Smallest allowed loss, a share of the outcome; below it rounding of spend would matter."""


@dataclass(frozen=True)
class Budgets:
    """Optimal plans for other totals.

    Attributes
    ----------
    frontier : Frontier
        The plans.
    rows : DataFrame
        Columns money (a week), low, middle, high (gain over current spend, as `SteadyPlan.net`), in increasing order of
        money.
    pays : bool
        Whether gains are net of spend, so that one total may be called the best.
    """

    frontier: Frontier
    rows: pd.DataFrame
    pays: bool = True

    @property
    def best(self) -> pd.Series | None:
        """Row with the largest median gain, or None if gains are not net of spend."""
        return None if not self.pays else self.rows.iloc[int(self.rows["middle"].to_numpy().argmax())]


def near(advice: SteadyPlan) -> Ranges | None:
    """Range of plans that lose at most a tenth of the gain and a hundredth of the outcome; None for a quantile."""
    if advice.rules.objective == "quantile":
        return None
    rules, part = advice.rules, _NEAR[1]
    if rules.mode != "target":
        hurdle = rules.charged
        value = abs(advice.plan.value - hurdle * float(advice.plan.paid.sum())) or 1.0
        part = min(part, max(_NEAR[0] * float(advice.naive.mean()) / advice.worth / value, _LEAST))
    return alternatives.ranges(advice.curves, advice.total, rules, part)


def least(advice: SteadyPlan) -> Move | None:
    """Smallest reallocation that attains most of the gain; None for objective quantile and mode target."""
    if advice.rules.objective == "quantile" or advice.rules.mode == "target":
        return None
    return alternatives.smallest_move(advice.curves, advice.total, advice.rules)


def parts(
    mix: Mix,
    advice: SteadyPlan,
    move: Move | None,
    others: Budgets | None,
    spec: BudgetSpec,
    currency: str,
    names: Mapping[str, str],
    seed: int,
) -> dict[str, Section]:
    """Sections on alternatives by their id."""
    return {
        "budgets": _budgets(advice, others, currency),
        "caution": _caution(advice, names),
        "move": _move(advice, move, currency, names),
        "scenarios": _scenarios(mix, advice, spec, currency, names, seed),
    }


def _steady(rules: Rules) -> Rules:
    """The rules with a fixed total."""
    return rules.model_copy(update={"mode": "fixed", "target": None})


def _net(advice: SteadyPlan, found: Frontier, low: float, high: float) -> pd.DataFrame:
    """Columns money, low, middle, high: gain of each plan over current spend, as `SteadyPlan.net`."""
    now = advice.curves.outcome(advice.now).sum(axis=1)
    rows = []
    for plan in found.plans:
        draws = corrected(advice.after(plan.outcome - now, float(plan.paid.sum()) - advice.paid_now))
        rows.append((float(plan.paid.sum()), *np.quantile(draws, [low, 0.5, high])))
    return pd.DataFrame(rows, columns=["money", "low", "middle", "high"])


def budgets(mix: Mix, advice: SteadyPlan) -> Budgets | None:
    """Optimal plans for other totals, or None if the rules leave no other."""
    spent = float(advice.plan.paid.sum())
    base = spent or advice.paid_now
    budgets = base * (_BUDGETS[::2] if advice.rules.objective == "quantile" else _BUDGETS)
    found = frontier.by_total(advice.curves, budgets.tolist(), _steady(advice.rules))
    if len(found.plans) < 2:
        return None
    return Budgets(found, _net(advice, found, (1 - mix.level) / 2, (1 + mix.level) / 2), advice.scale.pays)


def _budgets(advice: SteadyPlan, others: Budgets | None, currency: str) -> Section:
    spent = float(advice.plan.paid.sum())
    if others is None:
        only = number(spent, "money", currency)
        return Section(tr("The rules leave no other budget than {money} a week.", money=only))
    found, rows, scale = others.frontier, others.rows, advice.scale
    note = sentences(_best(others, currency) or _each(rows, scale), _left_out(found, rows, currency))
    drawn = plan_figures.frontier(rows, advice.paid_now, spent, scale)
    table = rows.assign(next_unit=np.r_[advice.worth * found.marginal, np.nan])
    caption = tr(
        "low, middle, high: {gain} over today's. next_unit: {outcome} of each further unit of money up to the next "
        "larger budget. Told by the draws that chose each plan, lowered as the plan's gain is.",
        gain=scale.gain_noun,
        outcome=scale.noun,
    )
    units = {"money": "money"} | dict.fromkeys(["low", "middle", "high", "next_unit"], scale.unit)
    return Section(note, (Figure("frontier", *drawn),), (Table("frontier", table, caption, units),))


def _best(others: Budgets, currency: str) -> str:
    """Sentence on the total with the largest gain, or ""."""
    rows, best = others.rows, others.best
    if best is None:
        return ""
    told = {name: number(float(best[name]), "money", currency) for name in ("money", "middle", "low", "high")}
    return tr(
        "Of the budgets looked at, {least} to {most} a week, {money} is expected to leave the most after spend: "
        "{middle} [{low}, {high}] a week over today's.",
        least=number(rows["money"].min(), "money", currency), most=number(rows["money"].max(), "money", currency),
        **told,
    )  # fmt: skip


def _each(rows: pd.DataFrame, scale: GainUnit) -> str:
    """Sentence on what the totals are, where none can be called the best."""
    ends = [number(float(each), "money", scale.currency) for each in (rows["money"].min(), rows["money"].max())]
    return tr("What each of {least} to {most} a week would bring over today's, by its own best plan.", least=ends[0],
              most=ends[1])  # fmt: skip


def _left_out(found: Frontier, rows: pd.DataFrame, currency: str) -> str:
    """Sentence on totals that are infeasible, or ""."""
    low = [at for at, _ in found.left_out if at < rows["money"].min()]
    high = [at for at, _ in found.left_out if at > rows["money"].max()]
    ends = {name: number(at, "money", currency) for name, at in (("low", max(low, default=0.0)),
                                                                 ("high", min(high, default=0.0)))}  # fmt: skip
    if low and high:
        return tr("With {low} and less, and with {high} and more, no plan keeps the rules.", **ends)
    if low:
        return tr("With {low} and less no plan keeps the rules.", low=ends["low"])
    return tr("With {high} and more no plan keeps the rules.", high=ends["high"]) if high else ""


def _caution(advice: SteadyPlan, names: Mapping[str, str]) -> Section:
    """Section on the effect of risk aversion."""
    rules, money = advice.rules, advice.total
    if rules.mode != "fixed":
        rules, money = rules.model_copy(update={"mode": "at_most", "target": None}), float(advice.plan.paid.sum())
    found = frontier.by_caution(advice.curves, money, rules)
    mean, worst = advice.worth * found.mean, advice.worth * found.cvar
    table = pd.DataFrame({"caution": found.at, "mean": mean, "worst_cases": worst})
    tail, noun = number(rules.tail, "ratio"), advice.scale.subject
    spends = {tr("caution {at:g}", at=at): plan.spend for at, plan in zip(found.at, found.plans, strict=True)}
    caption = tr("{outcome} of media a week; worst_cases: mean of the worst {tail}.", outcome=noun, tail=tail)
    sheets = (
        Table("caution", table, caption, dict.fromkeys(["mean", "worst_cases"], advice.scale.unit)),
        _spends("caution_spends", spends, advice, names, tr("Money a week of each plan, by caution.")),
    )  # fmt: skip
    gained, given = float(worst[-1] - worst[0]), float(mean[0] - mean[-1])
    shown = {"tail": tail, "gain": advice.scale.amount(gained), "cost": advice.scale.amount(given)}
    if gained <= _TRADE * abs(float(worst[0])):
        note = tr(
            "Caution changes next to nothing here: a plan for the worst {tail} of cases alone would gain {gain} "
            "there and give up {cost} on average, a week. Channels do well and badly together, or the rules leave "
            "little room.",
            **shown,
        )
        return Section(note, tables=sheets)
    note = tr(
        "A plan for the worst {tail} of cases alone would gain {gain} a week there, for {cost} on average.", **shown
    )
    return Section(note, (Figure("caution", *plan_figures.caution(mean, worst, advice.scale)),), sheets)


def _spends(id: str, plans: Mapping[str, Floats], advice: SteadyPlan, names: Mapping[str, str], caption: str) -> Table:
    """Table of plans side by side, one row a channel."""
    frame = pd.DataFrame(plans)
    frame.insert(0, "name", [name(each, names) for each in advice.curves.channels])
    return Table(id, frame, caption, dict.fromkeys(plans, "money"))


def _move(advice: SteadyPlan, move: Move | None, currency: str, names: Mapping[str, str]) -> Section:
    """Section on the smallest worthwhile reallocation."""
    if move is None:
        return Section(tr("With this objective there is no gain to take a part of."))
    if not move.changed:
        return Section(tr("Nothing has to move: today's spend is as good as the best plan."))
    frame = pd.DataFrame({"name": [name(each, names) for each in move.plan.channels], "now": advice.now})
    frame["step"] = move.plan.spend
    frame["change"] = frame["step"] - frame["now"]
    note = tr(
        "Moving {step} a week brings {share} of the gain of the whole plan, which moves {whole}.",
        step=number(move.moved, "money", currency), share=number(move.share, "ratio"),
        whole=number(advice.moved, "money", currency),
    )  # fmt: skip
    note = sentences(note, _touched(move, names))
    return Section(note, tables=(Table("move", frame, "", dict.fromkeys(["now", "step", "change"], "money")),))


def _touched(move: Move, names: Mapping[str, str]) -> str:
    if len(move.changed) == len(move.plan.channels):
        return tr("It touches all channels.")
    return tr("It touches {channels} alone.", channels=listing([name(each, names) for each in move.changed]))


def _scenarios(
    mix: Mix, advice: SteadyPlan, spec: BudgetSpec, currency: str, names: Mapping[str, str], seed: int
) -> Section:
    """Section that compares named scenarios with the plan."""
    if not spec.scenarios:
        return Section(tr("No what-if is named in the parameters."))
    made: dict[str, SteadyPlan] = {_PLAN: advice}
    impossible: dict[str, str] = {}
    for each in spec.scenarios:
        changed = spec.scenario(each)
        try:
            made[each] = advise(plannable(mix, changed, seed), changed, 2, currency)
        except Infeasible as error:
            impossible[each] = str(error)
    rows = [_row(each, found, mix.level, names) for each, found in made.items()]
    drawn = plan_figures.gains(pd.DataFrame(rows), advice.scale)
    count = trn("{n} what-if beside the plan, on the same model, with its own best plan.",
                "{n} what-ifs beside the plan, on the same model, each with its own best "
                "plan.", len(rows) - 1)  # fmt: skip
    undone = [tr("{name} is not possible: {why}", name=named(each), why=why) for each, why in impossible.items()]
    note = sentences(count, _most(list(made.values()), rows, advice), *undone)
    frame = pd.DataFrame(rows)
    units = dict.fromkeys(["money", *(name(each, names) for each in advice.curves.channels)], "money")
    units |= dict.fromkeys(["low", "middle", "high"], advice.scale.unit)
    frame["gain_with_interval"] = [
        bracketed(*ends, unit=advice.scale.unit, currency=currency)
        for ends in zip(frame["middle"], frame["low"], frame["high"], strict=True)
    ]
    shown = ["name", "money", "gain_with_interval", "P(gain)"]
    caption = tr("Money a week; gain: {gain} over today's, with intervals of {level:.0%}.",
                 gain=advice.scale.gain_noun, level=mix.level)  # fmt: skip
    sheets = (
        Table("scenarios", frame, caption, units, True, shown),
        _spends("scenario_spends", {row["name"]: made[each].plan.spend for each, row in zip(made, rows, strict=True)},
                advice, names, tr("Money a week of each plan, by scenario.")),
    )  # fmt: skip
    return Section(note, (Figure("scenarios", *drawn),), sheets)


def _most(made: list[SteadyPlan], rows: list[dict[str, Any]], advice: SteadyPlan) -> str:
    """Sentence on the scenario with the largest gain, where gains are comparable."""
    if not all(each.gain_decides for each in made):
        return tr("They spend different sums, so that their gains are not to be held beside each other.")
    first = max(rows[1:], key=lambda row: row["middle"], default=None)
    if first is None:
        return ""
    return tr(
        "Most is expected of {name}: {gain} a week over today's, above zero with probability {chance}.",
        name=first["name"], gain=advice.scale.amount(first["middle"]), chance=likely(first["sure"]),
    )  # fmt: skip


def _row(each: str, found: SteadyPlan, level: float, names: Mapping[str, str]) -> dict[str, Any]:
    low, middle, high = equal_tailed(found.net, level)
    sure = chance(found.net)
    spends = {name(c, names): float(x) for c, x in zip(found.curves.channels, found.plan.spend, strict=True)}
    label = tr(_PLAN) if each == _PLAN else named(each).replace("_", " ")
    return {
        "name": label, "money": float(found.plan.paid.sum()), "middle": middle, "low": low, "high": high,
        "P(gain)": likely(sure), "sure": sure, **spends,
    }  # fmt: skip
