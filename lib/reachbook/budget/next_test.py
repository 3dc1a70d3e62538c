"""Which test next: the section on what knowing more would be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.budget.fieldtest import Noise
from reachbook.budget.timing import retention
from reachbook.budget.words import name, weekly
from reachbook.budget.worth import candidates
from reachbook.numbers import number
from reachbook.told import Part, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from reachbook.budget.advice import Advice
    from reachbook.budget.mix import Mix
    from reachbook.budget.spec import BudgetSpec


def next_test(mix: Mix, advice: Advice, spec: BudgetSpec, currency: str, names: Mapping[str, str]) -> Part:
    """Candidate tests by what their result is worth to this plan, less what they cost."""
    if spec.mode == "target":
        return Part("With a target the outcome is given, so that a test has no outcome to raise; take another mode.")
    left = weekly(mix.value - mix.baseline - mix.contribution.sum(axis=1), mix.step)
    found = candidates(
        advice.curves, advice.total, advice.rules, retention=retention(mix, advice.curves), noise=Noise.of(left),
        tests=spec.tests or None, horizon=spec.test_horizon, margin=advice.worth,
    )  # fmt: skip
    known = (
        f"All tests together are worth no more than the curves themselves: knowing these would bring at least "
        f"{number(found.perfect, 'money', currency)} over {found.horizon} weeks."
    )
    table = found.table.assign(name=[name(each, names) for each in found.table["channel"]])
    shown = ["name", "extra_spend", "weeks", "share", "cost", "value", "net"]
    money = dict.fromkeys(["extra_spend", "cost", "value", "most", "chance", "net", "budget"], "money")
    caption = (
        "extra_spend: money a week on top, in the part of the market that share says. value: what plans made with the "
        "result are expected to bring beyond today's plan; cost: what the test is not expected to bring back."
    )
    sheet = Sheet("next_tests", table, caption, {**money, "share": "ratio"}, True, shown)
    if found.best is None:
        nearest = _words(table.iloc[0], "Nearest comes", currency)
        return Part(f"No test is worth its cost. {known} {nearest}", tables=(sheet,))
    best = table.iloc[table["words"].tolist().index(found.best["words"])]
    return Part(f"{_words(best, 'Test next:', currency)} {known}", tables=(sheet,))


def _words(row: pd.Series, head: str, currency: str) -> str:
    money = {each: number(float(row[each]), "money", currency) for each in ("extra_spend", "value", "cost")}
    return (
        f"{head} {row['name']} with {money['extra_spend']} a week more in {number(float(row['share']), 'ratio')} of "
        f"the market for {row['weeks']} weeks: its result is worth {money['value']}, its cost {money['cost']}."
    )
