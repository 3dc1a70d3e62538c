"""Section on the next lift test: the expected value of further information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.budget.advice.lift_test_design import Noise
from reachbook.budget.advice.value_of_information import candidates
from reachbook.budget.advice.weekly_plan import retention
from reachbook.budget.wording import name, weekly
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Section, Table
from reachbook.translation import mark, sentences, tr, trn

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from reachbook.budget.advice.gain_unit import GainUnit
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.advice.value_of_information import ValueOfInformation
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.spec import BudgetSpec


_SPENT = mark(
    "extra_spend: money a week on top, in the part of the market that share says; budget: the same over all weeks, "
    "with the setup."
)
"""Caption of the money that a test takes."""


def next_test(mix: Mix, advice: SteadyPlan, spec: BudgetSpec, currency: str, names: Mapping[str, str]) -> Section:
    """Section on candidate tests, ranked by the value of their result minus their cost."""
    if spec.mode == "target":
        return Section(
            tr("With a target the outcome is given, so that a test has no outcome to raise; take another mode.")
        )
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
    known = tr(
        "All tests together are worth no more than the curves themselves: knowing these would bring at least "
        "{amount} over the {n} weeks for which a result is taken to be used (`test_horizon`).",
        amount=number(found.perfect, "money", currency), n=found.horizon,
    )  # fmt: skip
    shown = ["name", "extra_spend", "weeks", "share", "budget", "cost", "value", "net"]
    money = dict.fromkeys(["extra_spend", "cost", "value", "most", "chance", "net", "budget"], "money")
    caption = sentences(
        tr(_SPENT),
        tr(
            "value: what plans made with the result are expected to bring beyond today's plan in {n} weeks; cost: "
            "the part of budget that the test itself is not expected to bring back.",
            n=found.horizon,
        ),
    )
    sheet = Table("next_tests", table, caption, {**money, "share": "ratio"}, True, shown)
    if found.best is None:
        head = tr("No test is worth its cost. Nearest comes {test}.", test=_test(table.iloc[0], currency))
        return Section(sentences(head, _worth(table.iloc[0], currency), known), tables=(sheet,))
    best = table.iloc[table["words"].tolist().index(found.best["words"])]
    head = tr("Test next: {test}.", test=_test(best, currency))
    return Section(sentences(head, _worth(best, currency), known), tables=(sheet,))


def _worth(row: pd.Series, currency: str) -> str:
    money = {each: number(float(row[each]), "money", currency) for each in ("value", "cost", "budget")}
    if float(row["cost"]) <= 0:
        return tr("Its result is worth {value}; it takes {budget} in all, which is expected to come back.",
                  value=money["value"], budget=money["budget"])  # fmt: skip
    return tr("Its result is worth {value}; it takes {budget} in all, which comes back but for {cost}.", **money)


def _test(row: pd.Series, currency: str) -> str:
    return trn(
        "{channel} with {money} a week more in {share} of the market for {n} week",
        "{channel} with {money} a week more in {share} of the market for {n} weeks",
        int(row["weeks"]), channel=row["name"], money=number(float(row["extra_spend"]), "money", currency),
        share=number(float(row["share"]), "ratio"),
    )  # fmt: skip


def _unpriced(table: pd.DataFrame, found: ValueOfInformation, scale: GainUnit) -> Section:
    """Section without costs, for studies that do not state what a unit of outcome contributes."""
    rows = table.drop(columns=["cost", "net", "words"]).sort_values("value", ascending=False, kind="stable")
    shown = ["name", "extra_spend", "weeks", "share", "budget", "value"]
    units = dict.fromkeys(["extra_spend", "budget"], "money") | {"share": "ratio"}
    units |= dict.fromkeys(["value", "most", "chance"], scale.unit)
    caption = sentences(
        tr(_SPENT),
        tr(
            "value: {outcome} that plans made with the result are expected to bring beyond today's plan in {n} weeks.",
            outcome=scale.noun, n=found.horizon,
        ),
    )  # fmt: skip
    first = rows.iloc[0]
    told = {"test": _test(first, scale.currency), "money": number(float(first["budget"]), "money", scale.currency)}
    head = tr("Most would be learned from {test}, {money} in all.", **told)
    if float(first["value"]) <= float(first["chance"]):
        head = tr("No test would change the plan by much; nearest comes {test}, {money} in all.", **told)
    note = tr(
        "Its result would bring {gain} over the {n} weeks for which it is taken to be used (`test_horizon`). Whether "
        "that is worth the money is not told.",
        gain=scale.amount(float(first["value"])), n=found.horizon,
    )  # fmt: skip
    sheet = Table("next_tests", rows.reset_index(drop=True), caption, units, True, shown)
    return Section(sentences(head, note), tables=(sheet,))
