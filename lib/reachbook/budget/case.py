"""The plan as far as there is one, with the gates that it must pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget import terms, tested
from reachbook.budget.advice import Advice, advise, plannable
from reachbook.budget.lines import paid
from reachbook.budget.plan import Infeasible
from reachbook.budget.record import record
from reachbook.budget.timing import Timing, timing
from reachbook.budget.words import listed, name, within
from reachbook.numbers import number
from reachbook.told import Check

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.budget.mix import Mix
    from reachbook.budget.spec import BudgetSpec

SMALL = 0.005
"""Part of the money below which a plan counts as today's spend."""
_FAR = 4.0
"""Times the spend now beyond which a budget looks as if it were for another period."""
_MULTIPLE = 5.0
"""Largest amount that may have been meant as a multiple of the spend now, where that is a hundred times as much."""


@dataclass(frozen=True)
class Case:
    """What every sentence needs."""

    mix: Mix
    spec: BudgetSpec
    seed: int
    currency: str
    names: Mapping[str, str]
    known: pd.DataFrame
    tests: tested.Gathered
    weak: tuple[str, ...] = field(default=())

    def money(self, value: float) -> str:
        """An amount."""
        return number(value, "money", self.currency)

    def called(self, channel: str) -> str:
        """A channel's name."""
        return name(channel, self.names)


@dataclass(frozen=True)
class Found:
    """The plan, as far as there is one, and the gates that it passed or failed."""

    checks: tuple[Check, ...]
    advice: Advice | None = None
    timing: Timing | None = None

    @property
    def passed(self) -> bool:
        """Whether there is a plan that may be carried out."""
        return self.advice is not None and all(check.passed for check in self.checks if check.level == "block")

    @property
    def blocker(self) -> str:
        """What stands against the plan, in words."""
        return next(check.detail for check in self.checks if check.level == "block" and not check.passed)


def planned(case: Case) -> Found:
    """The plan with its gates."""
    mix, spec = case.mix, case.spec
    first = [*tested.check(case.tests), _period(case), *_multiples(case)]
    on = plannable(mix, spec, case.seed)
    try:
        advice = advise(on, spec)
    except Infeasible as error:
        return Found((*first, Check("rules", False, str(error))))
    rules = Check("rules", True, "A plan keeps all rules, and is within what was observed."
                  if not advice.plan.beyond else "A plan keeps all rules.")  # fmt: skip
    proof = Check(
        "certificate",
        advice.plan.gap <= spec.gap * (1 + 1e-9),
        f"No plan under these rules is better by more than {within(advice.plan.gap)} (proven; asked for: "
        f"{number(spec.gap, 'ratio')}).",
    )
    known = record()
    checks = [*first, rules, proof, *_beyond(case, advice), *_rests(case, advice),
              Check("record", known.held, known.brief(), "warn")]  # fmt: skip
    try:
        return Found(tuple(checks), advice, timing(mix, advice, spec))
    except Infeasible as error:
        return Found(
            (*checks, Check("weeks", False, str(error).replace("budget rules", "budget rules by week"))), advice
        )


def _period(case: Case) -> Check:
    """Whether the budget looks as if it were meant for another period than a week."""
    spec, mix = case.spec, case.mix
    now = float(paid(spec.rebates, mix.channels, mix.current).sum())
    total = terms.total(spec, now)
    if total is None:
        return Check("period", True, "No budget is given: the rules settle how much is spent.", "warn")
    told = (
        f"The budget is {terms.amount(total, spec.horizon_weeks, case.currency)}; spent now: {case.money(now)} a week."
    )
    if total > _FAR * now:
        other = "see its unit" if spec.weekly_budget is None else "if it was meant for all weeks, write horizon_budget"
        told += f" That is far more: {other}."
    if total * _FAR < now:
        other = "see its unit" if spec.horizon_budget is None else "if it was meant for one week, write weekly_budget"
        told += f" That is far less: {other}."
    return Check("period", now / _FAR <= total <= _FAR * now, told, "warn")


def _multiples(case: Case) -> list[Check]:
    """Amounts that look as if they were meant as multiples of today's spend, which no rule here takes."""
    now = dict(zip(case.mix.channels, case.mix.current.tolist(), strict=True))
    bounds = {name: [limits.low, limits.high] for name, limits in case.spec.limits.items()}
    bounds |= {name: [*bounds.get(name, []), least] for name, least in case.spec.minimum.items()}
    odd = [
        f"{case.called(name)} {case.money(bound)}"
        for name, amounts in bounds.items()
        for bound in amounts
        if bound is not None and 0 < bound <= _MULTIPLE and bound < now.get(name, 0.0) / 100
    ]
    if not odd:
        return []
    told = (
        f"Limits are money a week, and some are next to none: {listed(odd)}. If multiples of today's spend were "
        "meant, write the amounts, or `change` and `changes`."
    )
    return [Check("limits", False, told, "warn")]


def _beyond(case: Case, advice: Advice) -> list[Check]:
    if not advice.plan.beyond:
        return []
    told = (
        f"The plan takes {listed(case.called(c) for c in advice.plan.beyond)} beyond what was ever at work, as "
        "`beyond` allows. There the curve is assumption; go there in steps, and test."
    )
    return [Check("beyond", False, told, "warn")]


def _rests(case: Case, advice: Advice) -> list[Check]:
    """Channels whose money the plan moves on belief alone."""
    moved = np.abs(advice.plan.spend - advice.now) > SMALL * advice.now.sum()
    weak = [c for c, by in zip(advice.plan.channels, moved, strict=True) if by and c in case.weak]
    if not weak:
        return []
    told = (
        f"The plan moves money of {listed(case.called(c) for c in weak)}, whose return rests on what was believed "
        "before the data. Fix them, or test them first."
    )
    return [Check("belief", False, told, "warn")]
