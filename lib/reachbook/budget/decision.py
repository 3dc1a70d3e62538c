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
    from reachbook.budget.choices import Move


def decision(case: Case, found: Found, move: Move | None) -> str:
    """One choice, why, and what speaks against it."""
    advice = found.advice
    if not found.passed or advice is None:
        return f"Do not act: there is no plan to carry out. {found.blocker}"
    told = (
        f"{interval(advice.net, case.mix.level, 'money', case.currency)} a week after spend over going on as now, "
        f"above zero with probability {likely(chance(advice.net))}"
    )
    total = float(advice.plan.paid.sum())
    stays = advice.moved <= SMALL * advice.now.sum()
    if stays or chance(advice.net) < case.spec.least_probability or float(np.median(advice.net)) <= 0:
        asked = (
            f"less than the {likely(case.spec.least_probability)} that is asked"
            if not stays
            else "next to nothing moves"
        )
        return f"Leave the money where it is. The best plan under the rules would bring {told}: {asked}."
    parts = [_moves(case, advice, total), f"That brings {told}.", _smaller(case, advice, move), _price(case, advice)]
    if any(check.id == "belief" for check in found.checks):
        parts.append(next(check.detail for check in found.checks if check.id == "belief"))
    return " ".join(part for part in parts if part)


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


def _price(case: Case, advice: Advice) -> str:
    """Whether the budget itself is too small or too large, where that is clear."""
    if advice.next_unit is None:
        return ""
    low, _, high = three(advice.next_unit, case.mix.level)
    brings = interval(advice.next_unit, case.mix.level, "money", case.currency)
    told = f"One more {case.money(1)} a week would bring {brings}"
    if high < 1:
        return f"{told}, less than it costs: a smaller budget would leave more."
    return f"{told}, more than it costs: a larger budget would leave more." if low > 1 else ""
