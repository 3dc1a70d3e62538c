"""Section on the next lift test: the expected value of further information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.budget.advice.lift_test_design import Noise
from reachbook.budget.advice.value_of_information import candidates
from reachbook.budget.advice.weekly_plan import retention
from reachbook.budget.wording import name, weekly
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Section, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from reachbook.budget.advice.gain_unit import GainUnit
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.advice.value_of_information import ValueOfInformation
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.spec import BudgetSpec


def next_test(mix: Mix, advice: SteadyPlan, spec: BudgetSpec, currency: str, names: Mapping[str, str]) -> Section:
    """Section on candidate tests, ranked by the value of their result minus their cost."""
    if spec.mode == "target":
        return Section("With a target the outcome is given, so that a test has no outcome to raise; take another mode.")
    left = weekly(mix.value - mix.baseline - mix.contribution.sum(axis=1), mix.step)
    found = candidates(
        advice.curves, advice.total, advice.rules, retention=retention(mix, advice.curves), noise=Noise.of(left),
        tests=spec.tests or None, horizon=spec.test_horizon, margin=advice.worth,
    )  # fmt: skip
    return candidates_section(found, advice.scale, currency, names)


def candidates_section(found: ValueOfInformation, scale: GainUnit, currency: str, names: Mapping[str, str]) -> Section:
    """Section on these candidates; without the money of a unit of outcome no cost is held against their value."""
    table = found.table.assign(name=[name(each, names) for each in found.table["channel"]])
    if not scale.pays:
        return _unpriced(table, found, scale)
    known = (
        f"All tests together are worth no more than the curves themselves: knowing these would bring at least "
        f"{number(found.perfect, 'money', currency)} over the {found.horizon} weeks for which a result is taken to be "
        "used (`test_horizon`)."
    )
    shown = ["name", "extra_spend", "weeks", "share", "budget", "cost", "value", "net"]
    money = dict.fromkeys(["extra_spend", "cost", "value", "most", "chance", "net", "budget"], "money")
    caption = (
        "extra_spend: money a week on top, in the part of the market that share says; budget: the same over all weeks, "
        "with the setup. value: what plans made with the "
        f"result are expected to bring beyond today's plan in {found.horizon} weeks; cost: the part of budget that the "
        "test itself is not expected to bring back."
    )
    sheet = Table("next_tests", table, caption, {**money, "share": "ratio"}, True, shown)
    if found.best is None:
        nearest = _words(table.iloc[0], "Nearest comes", currency)
        return Section(f"No test is worth its cost. {known} {nearest}", tables=(sheet,))
    best = table.iloc[table["words"].tolist().index(found.best["words"])]
    return Section(f"{_words(best, 'Test next:', currency)} {known}", tables=(sheet,))


def _words(row: pd.Series, head: str, currency: str) -> str:
    money = {each: number(float(row[each]), "money", currency) for each in ("value", "cost", "budget")}
    back = float(row["cost"]) <= 0
    return (
        f"{_test(row, head, currency)}: its result is worth {money['value']}; it takes {money['budget']} in all, which "
        f"{'is expected to come back' if back else f'comes back but for {money["cost"]}'}."
    )


def _test(row: pd.Series, head: str, currency: str) -> str:
    return (
        f"{head} {row['name']} with {number(float(row['extra_spend']), 'money', currency)} a week more in "
        f"{number(float(row['share']), 'ratio')} of the market for {row['weeks']} weeks"
    )


def _unpriced(table: pd.DataFrame, found: ValueOfInformation, scale: GainUnit) -> Section:
    """Section without costs, for studies that do not state what a unit of outcome contributes."""
    rows = table.drop(columns=["cost", "net", "words"]).sort_values("value", ascending=False, kind="stable")
    shown = ["name", "extra_spend", "weeks", "share", "budget", "value"]
    units = dict.fromkeys(["extra_spend", "budget"], "money") | {"share": "ratio"}
    units |= dict.fromkeys(["value", "most", "chance"], scale.unit)
    caption = (
        "extra_spend: money a week on top, in the part of the market that share says; budget: the same over all weeks. "
        f"value: {scale.noun} that plans made with the result are expected to bring beyond today's plan in "
        f"{found.horizon} weeks."
    )
    first = rows.iloc[0]
    telling = float(first["value"]) > float(first["chance"])
    head = "Most would be learned from" if telling else "No test would change the plan by much; nearest comes"
    note = (
        f"{_test(first, head, scale.currency)}, {number(float(first['budget']), 'money', scale.currency)} in all: its "
        f"result would bring {scale.amount(float(first['value']))} over the {found.horizon} weeks for which it is "
        "taken to be used (`test_horizon`). Whether that is worth the money is not told."
    )
    sheet = Table("next_tests", rows.reset_index(drop=True), caption, units, True, shown)
    return Section(f"{note} {scale.remedy}", tables=(sheet,))
