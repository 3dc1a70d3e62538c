"""The plan with the gates that it must pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.advice import from_spec
from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.advice.steady_plan import SMALL, SteadyPlan, advise, plannable
from reachbook.budget.advice.track_record import record
from reachbook.budget.advice.weekly_plan import WeeklyPlan, timing
from reachbook.budget.optimize.constraints import Bound, constraints
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.optimize.rebates import paid
from reachbook.budget.sections import lift_tests
from reachbook.budget.wording import listed, name, within
from reachbook.presentation.numbers import number
from reachbook.verdict import Gate, failed

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.budget.model.mix import Mix
    from reachbook.budget.spec import BudgetSpec

_FAR = 4.0
"""Multiple of current spend beyond which a budget seems meant for another period."""
_LONG = 26
"""Weeks without spend after which a channel counts as stopped."""
_MULTIPLE = 5.0
"""Largest amount that may have been meant as a multiple of current spend, if that is over a hundred times as much."""


@dataclass(frozen=True)
class Case:
    """Input that all sections share.

    Attributes
    ----------
    mix : Mix
        Fitted model.
    spec : BudgetSpec
        Parameters.
    seed : int
        Seed of the extrapolated curves.
    currency : str
        Currency code.
    names : mapping of str to str
        Display name of each channel.
    known : DataFrame
        True returns of a simulated brand, else without rows; see `truth.true_parameters`.
    tests : GatheredTests
        Lift tests.
    weak : tuple of str
        Channels whose return rests on the prior.
    """

    mix: Mix
    spec: BudgetSpec
    seed: int
    currency: str
    names: Mapping[str, str]
    known: pd.DataFrame
    tests: lift_tests.GatheredTests
    weak: tuple[str, ...] = field(default=())

    @property
    def scale(self) -> GainUnit:
        """Unit of gains."""
        return GainUnit.of(self.spec, self.currency)

    def money(self, value: float) -> str:
        """Amount of money as text."""
        return number(value, "money", self.currency)

    def called(self, channel: str) -> str:
        """Display name of a channel."""
        return name(channel, self.names)


@dataclass(frozen=True)
class Planned:
    """The plan, if there is one, and its gates.

    Attributes
    ----------
    gates : tuple of Gate
        Gates of tests, budget, rules and plan.
    advice : SteadyPlan or None
        Steady plan; None if the rules are infeasible.
    timing : WeeklyPlan or None
        Weekly schedule; None if there is none.
    settled : str
        Reason why nothing can be moved at all, or "".
    """

    gates: tuple[Gate, ...]
    advice: SteadyPlan | None = None
    timing: WeeklyPlan | None = None
    settled: str = ""

    @property
    def passed(self) -> bool:
        """Whether there is a plan and every blocking gate holds."""
        return self.advice is not None and not failed(self.gates)

    @property
    def blocker(self) -> str:
        """Detail of the first blocking gate that failed."""
        return failed(self.gates)[0].detail


def planned(case: Case) -> Planned:
    """Plan that the parameters ask for, with its gates; infeasible rules become a failed gate."""
    mix, spec = case.mix, case.spec
    first = [*lift_tests.check(case.tests), _period(case), *_multiples(case)]
    on = plannable(mix, spec, case.seed)
    try:
        advice = advise(on, spec, currency=case.currency)
    except Infeasible as error:
        return Planned((*first, Gate("rules", False, str(error))))
    rules = Gate("rules", True, "A plan keeps all rules, and is within what was observed."
                  if not advice.plan.beyond else "A plan keeps all rules.")  # fmt: skip
    known, settled = record(), no_choice(case, advice)
    gates = [*first, rules, _proof(advice, spec.gap), *_choice(settled), *_beyond(case, advice), *_rests(case, advice),
              *_stopped(case, advice), Gate("record", known.reliable, known.brief(), "warn")]  # fmt: skip
    try:
        return Planned(tuple(gates), advice, timing(mix, advice, spec), settled)
    except Infeasible as error:
        return Planned(
            (*gates, Gate("weeks", False, str(error).replace("budget rules", "budget rules by week"))), advice
        )


def _proof(advice: SteadyPlan, asked: float) -> Gate:
    """Gate on the proven gap."""
    gap = advice.plan.gap
    if gap <= asked * (1 + 1e-9):
        ends = f"{within(gap)} (proven; asked for: {number(asked, 'ratio')})"
        return Gate("certificate", True, f"No plan under these rules is better by more than {ends}.")
    told = (
        f"Another plan under these rules may be better by up to {within(gap)}: the proof goes no further, and "
        f"{number(asked, 'ratio')} was asked for. Take fewer rules of all-or-nothing (minimum, packages, rebates), or "
        "a larger `gap`."
    )
    return Gate("certificate", False, told)


def no_choice(case: Case, advice: SteadyPlan) -> str:
    """Reason why the rules leave no plan other than current spend, or ""."""
    if advice.moved > 1e-6 * float(advice.now.sum()) or advice.rules.mode != "fixed":
        return ""
    channels = advice.plan.channels
    if len(channels) == 1:
        return f"{case.called(channels[0])} is the only channel. What can be told is how much in total."
    free = [c for c in range(len(channels)) if _room(advice, c)]
    if len(free) > 1:
        return ""
    spent = [case.called(channels[c]) for c in np.flatnonzero(advice.now > 0)]
    only = f" ({spent[0]} had all money of the last {case.spec.current_weeks} weeks)" if len(spent) == 1 else ""
    return (
        f"the rules leave {'one channel' if free else 'no channel'} alone any other amount than today's{only}. Widen "
        "change, changes, limits or fixed, or write another weekly_budget."
    )


def _room(advice: SteadyPlan, channel: int) -> bool:
    """Whether the rules that concern one channel leave it more than one amount."""
    bounds = [each for each in constraints(advice.rules, advice.curves, advice.total) if isinstance(each, Bound)]
    mine = [each for each in bounds if each.channel == channel]
    low, high = max([0.0, *(each.low for each in mine)]), min([np.inf, *(each.high for each in mine)])
    return bool(high - low > 1e-6 * float(advice.now.sum()))


def _choice(settled: str) -> list[Gate]:
    return [Gate("choice", False, f"Nothing can be moved: {settled}", "warn")] if settled else []


def _stopped(case: Case, advice: SteadyPlan) -> list[Gate]:
    """Gate on channels that get money again long after their last spend: what is known about them is old."""
    spend, step = case.mix.spend, case.mix.step
    quiet = [len(row) - 1 - int(np.flatnonzero(row)[-1]) if row.any() else len(row) for row in spend]
    old = [
        f"{case.called(name)} (none for {weeks * step // 7} weeks)"
        for name, weeks, planned, now in zip(case.mix.channels, quiet, advice.plan.spend, advice.now, strict=True)
        if weeks * step // 7 >= _LONG and planned - now > SMALL * advice.plan.spend.sum()
    ]
    if not old:
        return []
    told = (
        f"The plan spends again where spend ended long ago: {listed(old)}. What these bring is told from before; begin "
        "small, and test."
    )
    return [Gate("stopped", False, told, "warn")]


def _period(case: Case) -> Gate:
    """Gate on a budget that seems meant for a period other than a week."""
    spec, mix = case.spec, case.mix
    now = float(paid(spec.rebates, mix.channels, mix.current).sum())
    total = from_spec.total(spec, now)
    if total is None:
        return Gate("period", True, "No budget is given: the rules settle how much is spent.", "warn")
    if now == 0:
        told = f"The budget is {from_spec.amount(total, spec.horizon_weeks, case.currency)}; nothing is spent now."
        return Gate("period", True, told, "warn")
    budget = from_spec.amount(total, spec.horizon_weeks, case.currency)
    told = f"The budget is {budget}; spent now: {case.money(now)} a week."
    if total > _FAR * now:
        other = "see its unit" if spec.weekly_budget is None else "if it was meant for all weeks, write horizon_budget"
        told += f" That is far more: {other}."
    if total * _FAR < now:
        other = "see its unit" if spec.horizon_budget is None else "if it was meant for one week, write weekly_budget"
        told += f" That is far less: {other}."
    return Gate("period", now / _FAR <= total <= _FAR * now, told, "warn")


def _multiples(case: Case) -> list[Gate]:
    """Gate on limits that seem meant as multiples of current spend, which no rule accepts."""
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
    return [Gate("limits", False, told, "warn")]


def _beyond(case: Case, advice: SteadyPlan) -> list[Gate]:
    if not advice.plan.beyond:
        return []
    told = (
        f"The plan takes {listed(case.called(c) for c in advice.plan.beyond)} beyond what was ever at work, as "
        "`beyond` allows. There the curve is assumption; go there in steps, and test."
    )
    return [Gate("beyond", False, told, "warn")]


def _rests(case: Case, advice: SteadyPlan) -> list[Gate]:
    """Gate on channels whose money moves although their return rests on the prior."""
    moved = np.abs(advice.plan.spend - advice.now) > SMALL * advice.now.sum()
    weak = [c for c, by in zip(advice.plan.channels, moved, strict=True) if by and c in case.weak]
    if not weak:
        return []
    told = (
        f"The plan moves money of {listed(case.called(c) for c in weak)}, whose return rests on what was believed "
        "before the data. Fix them, or test them first."
    )
    return [Gate("belief", False, told, "warn")]
