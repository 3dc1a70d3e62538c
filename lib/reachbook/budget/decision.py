"""One decision, why, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget import terms
from reachbook.budget.case import SMALL
from reachbook.budget.words import chance, interval, likely, listed, three
from reachbook.numbers import number

if TYPE_CHECKING:
    from reachbook.budget.advice import Advice
    from reachbook.budget.case import Case, Found
    from reachbook.budget.choice_parts import Budgets
    from reachbook.budget.choices import Move


def decision(case: Case, found: Found, move: Move | None, budgets: Budgets | None) -> str:
    """One choice, why, and what speaks against it; budgets : what others would leave."""
    advice = found.advice
    if not found.passed or advice is None:
        return f"Do not act: there is no plan to carry out. {found.blocker}"
    told = (
        f"{interval(advice.net, case.mix.level, 'money', case.currency)} a week after spend over going on as now, "
        f"above zero with probability {likely(chance(advice.net))}"
    )
    total, against = float(advice.plan.paid.sum()), _against(case, found, advice)
    price = _price(case, advice, budgets)
    if against:
        stay = f"Leave the money where it is. The best plan under the rules would bring {told}{against}."
        return f"{stay} {price}".strip()
    parts = [_moves(case, advice, total), f"That brings {told}.", _smaller(case, advice, move), price]
    if any(check.id == "belief" for check in found.checks):
        parts.append(next(check.detail for check in found.checks if check.id == "belief"))
    return " ".join(part for part in parts if part)


def _against(case: Case, found: Found, advice: Advice) -> str:
    """Why the plan is not worth carrying out; "" where it is."""
    least, weeks = case.spec.least_probability, found.timing
    if advice.moved <= SMALL * advice.now.sum():
        return ": next to nothing moves"
    if chance(advice.net) < least or float(np.median(advice.net)) <= 0:
        return f": less than the {likely(least)} that is asked"
    if weeks is not None and chance(weeks.net) < least:
        gained = interval(weeks.net, case.mix.level, "money", case.currency)
        probable = f"above zero with probability {likely(chance(weeks.net))}"
        count = len(weeks.flight.weeks)
        return (
            f"; but its {count} weeks, with what earlier ones carry in, would gain {gained}, {probable}: less than the "
            f"{likely(least)} that is asked"
        )
    return ""


def _moves(case: Case, advice: Advice, total: float) -> str:
    """What to do with the money."""
    change = dict(zip(advice.plan.channels, (advice.plan.spend - advice.now).tolist(), strict=True))
    edge = SMALL * float(advice.now.sum())
    less = [
        f"{case.called(c)} ({case.money(by)})" for c, by in sorted(change.items(), key=lambda x: x[1]) if by < -edge
    ]
    more = [
        f"{case.called(c)} (+{case.money(by)})" for c, by in sorted(change.items(), key=lambda x: -x[1]) if by > edge
    ]
    spent = terms.amount(total, case.spec.horizon_weeks, case.currency)
    if abs(total - advice.paid_now) > edge:
        word = "more" if total > advice.paid_now else "less"
        head = f"Spend {spent}, {case.money(abs(total - advice.paid_now))} a week {word} than now"
    else:
        head = f"Move {case.money(advice.moved)} of the {spent}"
    away = f" less on {listed(less)}" if less else ""
    joined = "," if less and more else ""
    return f"{head}:{away}{joined}{f' more on {listed(more)}' if more else ''}."


def _smaller(case: Case, advice: Advice, move: Move | None) -> str:
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


def _price(case: Case, advice: Advice, budgets: Budgets | None) -> str:
    """Whether the budget itself is too small or too large, where that is clear, and what another would leave."""
    if advice.next_unit is None:
        return ""
    low, _, high = three(advice.next_unit, case.mix.level)
    brings = interval(advice.next_unit, case.mix.level, "money", case.currency)
    told = f"One more {case.money(1)} a week would bring {brings}"
    if low <= 1 <= high:
        return ""
    word, size = ("less", "smaller") if high < 1 else ("more", "larger")
    best, spent = None if budgets is None else budgets.best, float(advice.plan.paid.sum())
    if best is None or abs(best["money"] - spent) < SMALL * spent or (best["money"] < spent) != (high < 1):
        return f"{told}, {word} than it costs: a {size} budget would leave more."
    money, middle, low_end, high_end = (case.money(float(best[each])) for each in ("money", "middle", "low", "high"))
    return (
        f"{told}, {word} than it costs: of the budgets looked at, {money} a week would leave most, {middle} "
        f"[{low_end}, {high_end}] a week more than today."
    )
