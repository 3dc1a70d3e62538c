"""The decision, its reasons, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.advice import from_spec
from reachbook.budget.advice.steady_plan import SMALL
from reachbook.budget.sections.assumptions import assumed
from reachbook.budget.wording import chance, likely, listed
from reachbook.presentation.numbers import number
from reachbook.stats.intervals import equal_tailed

if TYPE_CHECKING:
    from reachbook.budget.advice.alternatives import Move
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.sections.alternatives import Budgets
    from reachbook.budget.sections.case import Case, Planned
    from reachbook.result import Tone


def decision(case: Case, plans: Planned, move: Move | None, budgets: Budgets | None) -> str:
    """The decision as text.

    Parameters
    ----------
    case : Case
        Shared input.
    plans : Planned
        The plan and its gates.
    move : Move or None
        Smallest worthwhile reallocation.
    budgets : Budgets or None
        Optimal plans for other totals.
    """
    advice = plans.advice
    if not plans.passed or advice is None:
        return f"Do not act: there is no plan to carry out. {plans.blocker}"
    price = _price(case, advice, budgets, bool(plans.settled))
    if plans.settled:
        return " ".join(each for each in (f"Nothing can be moved: {plans.settled}", price) if each)
    if not advice.gain_decides:
        return " ".join(each for each in (*_other_money(case, advice), price, assumed(case)) if each)
    told, against = _weekly_gain(case, advice), _against(case, plans, advice)
    if against:
        stay = f"Leave the money where it is. The best plan under the rules would bring {told}{against}."
        return " ".join(each for each in (stay, price, assumed(case)) if each)
    asked = f"That brings {told} (asked for: {likely(case.spec.least_probability)} or more)."
    parts = [_moves(case, advice), asked, _smaller(case, advice, move), price, *_belief(plans), assumed(case)]
    return " ".join(part for part in parts if part)


def tone(case: Case, plans: Planned) -> Tone:
    """Tone of the decision: "go" where spend should change, "wait" where it stays."""
    advice = plans.advice
    if not plans.passed or advice is None or plans.settled or not advice.gain_decides or _against(case, plans, advice):
        return "wait"
    return "go"


def _weekly_gain(case: Case, advice: SteadyPlan) -> str:
    """Weekly gain of the plan over current spend, as text."""
    spent = " after spend" if advice.scale.pays else ""
    return (
        f"{advice.scale.interval(advice.net, case.mix.level)} ({_level(case)}) a week{spent} over going on as now, "
        f"above zero with probability {likely(chance(advice.net))}"
    )


def _level(case: Case) -> str:
    return f"{case.mix.level:.0%} interval"


def _belief(plans: Planned) -> list[str]:
    return [gate.detail for gate in plans.gates if gate.id in ("belief", "stopped") and not gate.passed]


def _other_money(case: Case, advice: SteadyPlan) -> list[str]:
    """Sentences on a changed total where the contribution of a unit of outcome is unknown."""
    word = "more" if advice.more > 0 else "less"
    gained = advice.scale.interval(advice.net, case.mix.level)
    return [
        _moves(case, advice),
        f"Beside going on as now that is {gained} ({_level(case)}) a week for {case.money(abs(advice.more))} a week "
        f"{word}.",
        advice.scale.remedy,
    ]


def _against(case: Case, plans: Planned, advice: SteadyPlan) -> str:
    """Reason not to carry out the plan, or ""."""
    least, weeks = case.spec.least_probability, plans.timing
    if advice.moved <= SMALL * advice.now.sum():
        return ": next to nothing moves"
    if chance(advice.net) < least or float(np.median(advice.net)) <= 0:
        return f": less than the {likely(least)} that is asked"
    if weeks is not None and chance(weeks.net) < least:
        gained = advice.scale.interval(weeks.net, case.mix.level)
        probable = f"above zero with probability {likely(chance(weeks.net))}"
        count = len(weeks.flight.weeks)
        return (
            f"; but its {count} weeks, with what earlier ones carry in, would gain {gained}, {probable}: less than the "
            f"{likely(least)} that is asked"
        )
    return ""


def _moves(case: Case, advice: SteadyPlan) -> str:
    """Sentence that says which channels get more and less."""
    total = float(advice.plan.paid.sum())
    change = dict(zip(advice.plan.channels, (advice.plan.spend - advice.now).tolist(), strict=True))
    edge = SMALL * float(advice.now.sum())
    less = [
        f"{case.called(c)} ({case.money(by)})" for c, by in sorted(change.items(), key=lambda x: x[1]) if by < -edge
    ]
    more = [
        f"{case.called(c)} (+{case.money(by)})" for c, by in sorted(change.items(), key=lambda x: -x[1]) if by > edge
    ]
    spent = from_spec.amount(total, case.spec.horizon_weeks, case.currency)
    if advice.more:
        word = "more" if advice.more > 0 else "less"
        head = f"Spend {spent}, {case.money(abs(advice.more))} a week {word} than now"
    else:
        head = f"Move {case.money(advice.moved)} of the {spent}"
    away = f" less on {listed(less)}" if less else ""
    joined = "," if less and more else ""
    told = f"{away}{joined}{f' more on {listed(more)}' if more else ''}"
    return f"{head}:{told}." if told else f"{head}."


def _smaller(case: Case, advice: SteadyPlan, move: Move | None) -> str:
    if move is None or move.moved >= 0.9 * advice.moved:
        return ""
    change = move.plan.spend - advice.now
    edge = SMALL * float(advice.now.sum())
    less, more = (
        listed(case.called(c) for c, by in zip(advice.plan.channels, sign * change, strict=True) if by > edge)
        for sign in (-1, 1)
    )
    way = (f" from {less}" if less else "") + (f" to {more}" if more else "")
    return f"Moving only {case.money(move.moved)}{way} would bring {number(move.share, 'ratio')} of it."


def _price(case: Case, advice: SteadyPlan, budgets: Budgets | None, always: bool) -> str:
    """Whether the total is too small or too large, and what another would leave; "" if unclear, unless `always`."""
    if advice.next_unit is None:
        return ""
    low, _, high = equal_tailed(advice.next_unit, case.mix.level)
    told = f"One more {case.money(1)} a week would bring {advice.scale.interval(advice.next_unit, case.mix.level)}"
    if not advice.scale.pays:
        return f"{told}; whether that is worth it is not told."
    if low <= 1 <= high:
        return f"{told}: whether that is more than it costs is not decided." if always else ""
    word, size = ("less", "smaller") if high < 1 else ("more", "larger")
    best, spent = None if budgets is None else budgets.best, float(advice.plan.paid.sum())
    if best is None or abs(best["money"] - spent) < SMALL * spent or (best["money"] < spent) != (high < 1):
        return f"{told}, {word} than it costs: a {size} budget would leave more."
    money, middle, low_end, high_end = (case.money(float(best[each])) for each in ("money", "middle", "low", "high"))
    return (
        f"{told}, {word} than it costs: of the budgets looked at, {money} a week would leave most, {middle} "
        f"[{low_end}, {high_end}] a week more than today."
    )
