"""A decision of at most 40 words in every branch, the grounds beside it, and the figure that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers import known_mix
from helpers.known_plan import spec, steady, unpriced
from reachbook.budget.advice.frontier import Frontier
from reachbook.budget.advice.steady_plan import SteadyPlan
from reachbook.budget.advice.weekly_plan import WeeklyPlan, timing
from reachbook.budget.model.mix import Mix
from reachbook.budget.sections.alternatives import Budgets
from reachbook.budget.sections.case import Case, Planned, no_choice
from reachbook.budget.sections.decision import decision, grounds, refusal, tone
from reachbook.budget.sections.lead import lead
from reachbook.budget.sections.lift_tests import GatheredTests
from reachbook.budget.sections.truth import true_parameters
from reachbook.budget.spec import BudgetSpec
from reachbook.verdict import Gate

LONG = {
    "douyin": "Douyin In-Feed Video",
    "wechat": "WeChat Moments Advertising",
    "weibo": "Weibo Fans Tunnel Promotion",
}
BLOCKING = (
    "convergence", "holdout", "predictive", "prior", "collinearity", "media_share", "units", "spikes",
    "outcome_spikes", "rules", "certificate", "weeks",
)  # fmt: skip


@pytest.fixture(scope="module")
def mix() -> Mix:
    return known_mix.mix()


@pytest.fixture(scope="module")
def priced(mix: Mix) -> SteadyPlan:
    return steady(mix, spec())


@pytest.fixture(scope="module")
def timed(mix: Mix, priced: SteadyPlan) -> WeeklyPlan:
    return timing(mix, priced, spec())


def case(mix: Mix, asked: BudgetSpec, names: Mapping[str, str] = LONG) -> Case:
    return Case(mix, asked, 1, "CNY", names, true_parameters(mix, None), GatheredTests(None))


def moved(made: SteadyPlan, **gain: object) -> SteadyPlan:
    """The same plan with another gain."""
    return replace(made, gain=replace(made.gain, **gain))  # type: ignore[arg-type]


def totals(best: float, pays: bool = True) -> Budgets:
    """Three budgets, of which `best` leaves the most."""
    rows = pd.DataFrame({"money": [best - 10, best, best + 10], "low": [0.0, 1, 0], "middle": [1.0, 3, 2],
                         "high": [2.0, 5, 4]})  # fmt: skip
    empty = np.zeros(3)
    found = Frontier(rows["money"].to_numpy(), empty, empty, empty, empty[:2], (), ())  # type: ignore[arg-type]
    return Budgets(found, rows, pays)


def branches(mix: Mix, priced: SteadyPlan, timed: WeeklyPlan) -> Iterator[tuple[str, Case, Planned, Budgets | None]]:
    """Every branch of the decision, each with its name."""
    here, dear = case(mix, spec()), np.full(100, 0.4)
    yield "go", here, Planned((), priced, timed), None
    yield "smaller", here, Planned((), moved(priced, shadow=dear), timed), totals(70.0)
    yield "larger", here, Planned((), moved(priced, shadow=10 * dear), timed), totals(130.0)
    yield "no best", here, Planned((), moved(priced, shadow=dear), timed), None
    yield "believed", here, Planned((), priced, timed, believed=("douyin", "wechat", "weibo")), None
    yield "resumed", here, Planned((), priced, timed, resumed=("douyin", "wechat")), None
    yield "unsure", here, Planned((), moved(priced, gain=-priced.gain.gain, shadow=dear), timed), totals(70.0)
    weak = replace(timed, net=np.where(np.arange(100) < 70, 5.0, -5.0))
    yield "unsure by week", here, Planned((), moved(priced, shadow=dear), weak), totals(70.0)
    still = moved(priced, plan=replace(priced.plan, spend=priced.now))
    yield "as it is", here, Planned((), still, timed), None
    yield "settled", here, Planned((), still, timed, settled=no_choice(case(mix, spec(change=0.0)), still)), None
    for times in (0.9, 1.1):
        other = moved(priced, plan=replace(priced.plan, paid=times * priced.plan.paid))
        yield f"total {times}", here, Planned((), other, timed, believed=("douyin", "wechat")), None
        bare = replace(other, scale=case(mix, unpriced()).scale)
        yield f"unpriced {times}", case(mix, unpriced()), Planned((), bare, timed), None
    for gate in BLOCKING:
        yield gate, here, Planned((Gate(gate, False, "It failed."),)), None


def test_forty_words_do_in_every_branch(mix: Mix, priced: SteadyPlan, timed: WeeklyPlan) -> None:
    for name, here, plans, budgets in branches(mix, priced, timed):
        told = decision(here, plans, budgets)
        assert 5 < len(told.split()) <= 40, f"{name}: {told}"
    for gate in BLOCKING:
        told = refusal(replace(mix, gates=(Gate(gate, False, "It failed."),)))
        assert len("Leave the budget as it is: this model cannot tell which channel works.".split()) < len(told.split())
        assert len(told.split()) <= 40, told


def test_names_give_way_where_another_total_needs_the_words(mix: Mix, priced: SteadyPlan, timed: WeeklyPlan) -> None:
    """Three channels of two words on each side: as many names as the forty words leave room for."""
    names = {name: f"{name.title()} Advertising" for name in "abcdef"}
    now, plan = np.full(6, 20.0), np.array([10.0, 12, 14, 26, 28, 30])
    curves = replace(priced.curves, channels=tuple(names), current=now)
    wide = replace(
        moved(priced, shadow=np.full(100, 0.4)),
        curves=curves,
        gain=replace(priced.gain, shadow=np.full(100, 0.4),
                     plan=replace(priced.plan, channels=tuple(names), spend=plan, paid=priced.plan.paid)),
    )  # fmt: skip
    alone = decision(case(mix, spec(), names), Planned((), moved(wide, shadow=None), timed), None)
    both = decision(case(mix, spec(), names), Planned((), wide, timed), totals(70.0))
    assert "from A Advertising, B Advertising and C Advertising to" in alone
    assert "from A Advertising and 2 others to F Advertising and 2 others: expect" in both
    assert len(alone.split()) <= 40
    assert len(both.split()) <= 40


def test_each_branch_asks_for_one_thing(mix: Mix, priced: SteadyPlan, timed: WeeklyPlan) -> None:
    """Only a plan that may be carried out and whose worth is known is a go."""
    told = {name: tone(here, plans) for name, here, plans, _ in branches(mix, priced, timed)}
    going = {name for name, each in told.items() if each == "go"}
    assert going == {"go", "smaller", "larger", "no best", "believed", "resumed", "total 0.9", "total 1.1"}


def test_a_condition_that_turns_the_decision_stands_in_it(mix: Mix, priced: SteadyPlan, timed: WeeklyPlan) -> None:
    told = {name: decision(*rest) for name, *rest in branches(mix, priced, timed)}
    assert told["smaller"].endswith("Or, if cuts are allowed: ¥70.00 a week gains +¥3.00 [¥1.00, ¥5.00].")
    assert told["larger"].endswith("Or, if rises are allowed: ¥130.00 a week gains +¥3.00 [¥1.00, ¥5.00].")
    for name in ("go", "smaller", "larger", "no best"):
        assert told[name].startswith("Keep today's total, ¥100.00 a week; move ¥"), told[name]
    assert told["no best"].endswith("Do not add money: a smaller budget would leave more.")
    assert told["believed"].endswith("Test Douyin In-Feed Video and 2 others first: the data are silent there.")
    assert told["resumed"].endswith("Begin small with Douyin In-Feed Video and 1 other, which had no money lately.")
    assert told["unpriced 1.1"].endswith("Whether that pays is open: enter `value_per_unit` and `margin`.")


def test_the_grounds_say_why_the_plan_is_not_for_the_total_that_would_leave_most(
    mix: Mix, priced: SteadyPlan, timed: WeeklyPlan
) -> None:
    told = {name: " ".join(grounds(here, plans, None, budgets)) for name, here, plans, budgets in
            branches(mix, priced, timed)}  # fmt: skip
    kept = "The plan stays within today's total, as asked; for another, write `weekly_budget`."
    assert "¥70.00 a week would leave most: ¥3.00 [¥1.00, ¥5.00] a week more than today. " + kept in told["smaller"]
    assert kept not in told["no best"]


def test_grounds_are_whole_sentences_and_none_is_empty(mix: Mix, priced: SteadyPlan, timed: WeeklyPlan) -> None:
    for _, here, plans, budgets in branches(mix, priced, timed):
        told = grounds(here, plans, None, budgets)
        assert all(each[0].isupper() or each[0] == "¥" for each in told)
        assert all(each.endswith(".") for each in told)
        assert bool(told) == (plans.advice is not None and (not plans.settled or priced.next_unit is not None))


def test_the_figure_shows_the_decision_or_is_not_there(mix: Mix, priced: SteadyPlan, timed: WeeklyPlan) -> None:
    shown = {}
    for name, here, plans, budgets in branches(mix, priced, timed):
        found = lead(here, plans, budgets)
        shown[name] = found
        assert (found is None) == (plans.advice is None or (bool(plans.settled) and budgets is None)), name
    go, unsure = shown["go"], shown["unsure"]
    assert go is not None
    assert unsure is not None
    bars = sorted(bar.get_width() for bar in go.figure.axes[0].patches)  # type: ignore[attr-defined]
    np.testing.assert_allclose(bars, sorted([*priced.now, *priced.plan.spend]))
    assert [text.get_text() for text in unsure.figure.legends[0].get_texts()] == [
        "a loss: more than 99%", "a gain: less than 1%",
    ]  # fmt: skip


def test_many_channels_share_the_last_bar(mix: Mix, priced: SteadyPlan) -> None:
    """Ten channels: the six that change most have bars of their own, the money of all is drawn."""
    names = tuple("abcdefghij")
    now, plan = np.full(10, 30.0), 30.0 + np.arange(-5.0, 5.0)
    wide = replace(
        priced,
        curves=replace(priced.curves, channels=names, current=now),
        gain=replace(priced.gain, plan=replace(priced.plan, channels=names, spend=plan)),
    )
    found = lead(case(mix, spec(), {}), Planned((), wide), None)
    assert found is not None
    axis = found.figure.axes[0]
    assert [each.get_text() for each in axis.get_yticklabels()] == ["j", "i", "h", "c", "b", "a", "4 others"]
    assert sum(bar.get_width() for bar in axis.patches) == pytest.approx(now.sum() + plan.sum())  # type: ignore[attr-defined]
