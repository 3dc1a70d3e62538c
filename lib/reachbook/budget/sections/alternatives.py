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
from reachbook.budget.wording import chance, likely, name
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reachbook.arrays import Floats
    from reachbook.budget.advice.alternatives import Move, Ranges
    from reachbook.budget.advice.frontier import Frontier
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.optimize.rules import Rules
    from reachbook.budget.spec import BudgetSpec

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
        return Section(f"The rules leave no other budget than {number(spent, 'money', currency)} a week.")
    found, rows, scale = others.frontier, others.rows, advice.scale
    note = _best(others, currency) or (
        f"What each of {number(rows['money'].min(), 'money', currency)} to "
        f"{number(rows['money'].max(), 'money', currency)} a week would bring over today's, by its own best plan. "
        f"{scale.remedy}"
    )
    if found.left_out:
        note += _left_out(found, rows, currency)
    drawn = plan_figures.frontier(rows, advice.paid_now, spent, scale)
    table = rows.assign(next_unit=np.r_[advice.worth * found.marginal, np.nan])
    caption = (
        f"low, middle, high: {scale.gain_noun} over today's. next_unit: {scale.noun} of each further unit of "
        "money up to the next larger budget. Told by the draws that chose each plan, lowered as the plan's gain is."
    )
    units = {"money": "money"} | dict.fromkeys(["low", "middle", "high", "next_unit"], scale.unit)
    return Section(note, (Figure("frontier", *drawn),), (Table("frontier", table, caption, units),))


def _best(others: Budgets, currency: str) -> str:
    """Sentence on the total with the largest gain, or ""."""
    rows, best = others.rows, others.best
    if best is None:
        return ""
    return (
        f"Of the budgets looked at, {number(rows['money'].min(), 'money', currency)} to "
        f"{number(rows['money'].max(), 'money', currency)} a week, {number(float(best['money']), 'money', currency)} "
        f"is expected to leave the most after spend: {number(float(best['middle']), 'money', currency)} a week over "
        f"today's [{number(float(best['low']), 'money', currency)}, {number(float(best['high']), 'money', currency)}]."
    )


def _left_out(found: Frontier, rows: pd.DataFrame, currency: str) -> str:
    """Sentence on totals that are infeasible, or ""."""
    low = [at for at, _ in found.left_out if at < rows["money"].min()]
    high = [at for at, _ in found.left_out if at > rows["money"].max()]
    ends = [f"{number(max(low), 'money', currency)} and less"] if low else []
    ends += [f"{number(min(high), 'money', currency)} and more"] if high else []
    return f" With {listing(ends)} no plan keeps the rules." if ends else ""


def _caution(advice: SteadyPlan, names: Mapping[str, str]) -> Section:
    """Section on the effect of risk aversion."""
    rules, money = advice.rules, advice.total
    if rules.mode != "fixed":
        rules, money = rules.model_copy(update={"mode": "at_most", "target": None}), float(advice.plan.paid.sum())
    found = frontier.by_caution(advice.curves, money, rules)
    mean, worst = advice.worth * found.mean, advice.worth * found.cvar
    table = pd.DataFrame({"caution": found.at, "mean": mean, "worst_cases": worst})
    tail, noun = number(rules.tail, "ratio"), advice.scale.subject
    spends = {f"caution {at:g}": plan.spend for at, plan in zip(found.at, found.plans, strict=True)}
    sheets = (
        Table("caution", table, f"{noun} of media a week; worst_cases: mean of the worst {tail}.",
              dict.fromkeys(["mean", "worst_cases"], advice.scale.unit)),
        _spends("caution_spends", spends, advice, names),
    )  # fmt: skip
    gained, given = float(worst[-1] - worst[0]), float(mean[0] - mean[-1])
    shown = [advice.scale.amount(each) for each in (gained, given)]
    if gained <= _TRADE * abs(float(worst[0])):
        note = (
            f"Caution changes next to nothing here: a plan for the worst {tail} of cases alone would gain {shown[0]} "
            f"there and give up {shown[1]} on average, a week. Channels do well and badly together, or the rules leave "
            "little room."
        )
        return Section(note, tables=sheets)
    note = f"A plan for the worst {tail} of cases alone would gain {shown[0]} a week there, for {shown[1]} on average."
    return Section(note, (Figure("caution", *plan_figures.caution(mean, worst, advice.scale)),), sheets)


def _spends(id: str, plans: Mapping[str, Floats], advice: SteadyPlan, names: Mapping[str, str]) -> Table:
    """Table of plans side by side, one row a channel."""
    frame = pd.DataFrame(plans)
    frame.insert(0, "name", [name(each, names) for each in advice.curves.channels])
    return Table(id, frame, "Money a week of each plan.", dict.fromkeys(plans, "money"))


def _move(advice: SteadyPlan, move: Move | None, currency: str, names: Mapping[str, str]) -> Section:
    """Section on the smallest worthwhile reallocation."""
    if move is None:
        return Section("With this objective there is no gain to take a part of.")
    if not move.changed:
        return Section("Nothing has to move: today's spend is as good as the best plan.")
    frame = pd.DataFrame({"name": [name(each, names) for each in move.plan.channels], "now": advice.now})
    frame["step"] = move.plan.spend
    frame["change"] = frame["step"] - frame["now"]
    note = (
        f"Moving {number(move.moved, 'money', currency)} a week brings {number(move.share, 'ratio')} of the whole "
        f"plan's gain, where the whole plan moves {number(advice.moved, 'money', currency)}. It touches "
        f"{_touched(move, names)}."
    )
    return Section(note, tables=(Table("move", frame, "", dict.fromkeys(["now", "step", "change"], "money")),))


def _touched(move: Move, names: Mapping[str, str]) -> str:
    if len(move.changed) == len(move.plan.channels):
        return "all channels"
    return f"{listing(name(each, names) for each in move.changed)} alone"


def _scenarios(
    mix: Mix, advice: SteadyPlan, spec: BudgetSpec, currency: str, names: Mapping[str, str], seed: int
) -> Section:
    """Section that compares named scenarios with the plan."""
    if not spec.scenarios:
        return Section("No what-if is named in the parameters.")
    made: dict[str, SteadyPlan] = {"the plan": advice}
    impossible: dict[str, str] = {}
    for each in spec.scenarios:
        changed = spec.scenario(each)
        try:
            made[each] = advise(plannable(mix, changed, seed), changed, 2, currency)
        except Infeasible as error:
            impossible[each] = str(error)
    rows = [_row(each, found, mix.level, names) for each, found in made.items()]
    drawn = plan_figures.gains(pd.DataFrame(rows), advice.scale)
    note = f"{len(rows) - 1} what-ifs beside the plan, on the same model, each with its own best plan."
    note += _most([found for each, found in made.items()], rows, advice)
    note += "".join(f" {each} is not possible: {why}" for each, why in impossible.items())
    frame = pd.DataFrame(rows)
    units = dict.fromkeys(["money", *(name(each, names) for each in advice.curves.channels)], "money")
    units |= dict.fromkeys(["low", "middle", "high"], advice.scale.unit)
    shown = ["name", "money", "middle", "low", "high", "P(gain)"]
    caption = f"Money a week; middle, low, high: {advice.scale.gain_noun} over today's, intervals of {mix.level:.0%}."
    sheets = (
        Table("scenarios", frame, caption, units, True, shown),
        _spends("scenario_spends", {row["name"]: made[each].plan.spend for each, row in zip(made, rows, strict=True)},
                advice, names),
    )  # fmt: skip
    return Section(note, (Figure("scenarios", *drawn),), sheets)


def _most(made: list[SteadyPlan], rows: list[dict[str, Any]], advice: SteadyPlan) -> str:
    """Sentence on the scenario with the largest gain, where gains are comparable."""
    if not all(each.gain_decides for each in made):
        told = "They spend different sums, so that their gains are not to be held beside each other."
        return f" {told} {advice.scale.remedy}"
    first = max(rows[1:], key=lambda row: row["middle"], default=None)
    if first is None:
        return ""
    return (
        f" Most is expected of {first['name']}: {advice.scale.amount(first['middle'])} a week over today's, "
        f"above zero with probability {likely(first['sure'])}."
    )


def _row(each: str, found: SteadyPlan, level: float, names: Mapping[str, str]) -> dict[str, Any]:
    low, middle, high = equal_tailed(found.net, level)
    sure = chance(found.net)
    spends = {name(c, names): float(x) for c, x in zip(found.curves.channels, found.plan.spend, strict=True)}
    return {
        "name": each.replace("_", " "), "money": float(found.plan.paid.sum()), "middle": middle, "low": low,
        "high": high, "P(gain)": likely(sure), "sure": sure, **spends,
    }  # fmt: skip
