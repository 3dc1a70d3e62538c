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
from reachbook.budget.wording import beside, name, within
from reachbook.presentation.numbers import number
from reachbook.translation import listing, sentences, tr
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

    @property
    def one(self) -> str:
        """One unit of money as text, such as ¥1."""
        return self.money(1).removesuffix(".00")

    def called(self, channel: str) -> str:
        """Display name of a channel, followed by its name in the table."""
        return name(channel, self.names)

    def short(self, channel: str) -> str:
        """Display name of a channel alone."""
        return self.names.get(channel, channel)


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
    believed : tuple of str
        Channels whose money moves although their return rests on the prior.
    resumed : tuple of str
        Channels that get money again long after their last spend.
    """

    gates: tuple[Gate, ...]
    advice: SteadyPlan | None = None
    timing: WeeklyPlan | None = None
    settled: str = ""
    believed: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()

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
    known, settled = record(), no_choice(case, advice)
    believed, resumed = _believed(case, advice), _resumed(case, advice)
    gates = [*first, _kept(advice), _proof(advice, spec.gap), *_choice(case, advice, settled), *_beyond(case, advice),
              *_rests(case, believed), *_stopped(case, resumed),
              Gate("record", known.reliable, known.brief(), "warn")]  # fmt: skip
    try:
        timed = timing(mix, advice, spec)
    except Infeasible as error:
        return Planned((*gates, Gate("weeks", False, error.by_week())), advice)
    return Planned(tuple(gates), advice, timed, settled, believed, tuple(resumed))


def _kept(advice: SteadyPlan) -> Gate:
    if advice.plan.beyond:
        return Gate("rules", True, tr("The plan keeps all rules."))
    return Gate("rules", True, tr("The plan keeps all rules and stays within spend that was seen before."))


def _proof(advice: SteadyPlan, asked: float) -> Gate:
    """Gate on the proven gap."""
    told = {"gap": within(advice.plan.gap), "asked": number(asked, "ratio")}
    if advice.plan.gap <= asked * (1 + 1e-9):
        detail = tr("No plan under these rules is better by more than {gap}: proven ({asked} is allowed).", **told)
        return Gate("certificate", True, detail)
    detail = tr(
        "Another plan under these rules may be better by up to {gap}: the proof goes no further, and {asked} is "
        "allowed. Take fewer rules of all-or-nothing (minimum, packages, rebates), or a larger `gap`.",
        **told,
    )
    return Gate("certificate", False, detail)


def no_choice(case: Case, advice: SteadyPlan) -> str:
    """Reason why the rules leave no plan other than current spend, or ""."""
    if advice.moved > 1e-6 * float(advice.now.sum()) or advice.rules.mode != "fixed":
        return ""
    channels = advice.plan.channels
    if len(channels) == 1:
        return tr("Nothing can be moved: {channel} is the only channel.", channel=case.short(channels[0]))
    free = sum(_room(advice, c) for c in range(len(channels)))
    if free > 1:
        return ""
    told = tr("Nothing can be moved: the rules leave one channel alone another amount than today's.") if free else (
        tr("Nothing can be moved: the rules leave no channel another amount than today's.")
    )  # fmt: skip
    return sentences(told, tr("Widen change, changes, limits or fixed, or write another weekly_budget."))


def _room(advice: SteadyPlan, channel: int) -> bool:
    """Whether the rules that concern one channel leave it more than one amount."""
    bounds = [each for each in constraints(advice.rules, advice.curves, advice.total) if isinstance(each, Bound)]
    mine = [each for each in bounds if each.channel == channel]
    low, high = max([0.0, *(each.low for each in mine)]), min([np.inf, *(each.high for each in mine)])
    return bool(high - low > 1e-6 * float(advice.now.sum()))


def _choice(case: Case, advice: SteadyPlan, settled: str) -> list[Gate]:
    """Gate on plans that cannot differ from current spend."""
    if not settled:
        return []
    spent = [case.called(advice.plan.channels[c]) for c in np.flatnonzero(advice.now > 0)]
    only = ""
    if len(advice.plan.channels) == 1:
        only = tr("What can be told is how much to spend in total.")
    elif len(spent) == 1:
        weeks = case.spec.current_weeks
        only = tr("{channel} had all money of the last {n} weeks.", channel=spent[0], n=weeks)
    return [Gate("choice", False, sentences(settled, only), "warn")]


def _resumed(case: Case, advice: SteadyPlan) -> dict[str, int]:
    """Channels that get money again long after their last spend, with the weeks since."""
    spend, step = case.mix.spend, case.mix.step
    quiet = [len(row) - 1 - int(np.flatnonzero(row)[-1]) if row.any() else len(row) for row in spend]
    return {
        name: weeks * step // 7
        for name, weeks, planned, now in zip(case.mix.channels, quiet, advice.plan.spend, advice.now, strict=True)
        if weeks * step // 7 >= _LONG and planned - now > SMALL * advice.plan.spend.sum()
    }


def _stopped(case: Case, resumed: dict[str, int]) -> list[Gate]:
    """Gate on channels that get money again long after their last spend: what is known about them is old."""
    if not resumed:
        return []
    old = [beside(case.called(name), tr("none for {n} weeks", n=weeks)) for name, weeks in resumed.items()]
    told = tr(
        "The plan spends again where spend ended long ago: {channels}. What these bring is known from before; begin "
        "small, and test.",
        channels=listing(old),
    )
    return [Gate("stopped", False, told, "warn")]


def _period(case: Case) -> Gate:
    """Gate on a budget that seems meant for a period other than a week."""
    spec, mix = case.spec, case.mix
    now = float(paid(spec.rebates, mix.channels, mix.current).sum())
    total = from_spec.total(spec, now)
    if total is None:
        return Gate("period", True, tr("No budget is given: the rules settle how much is spent."), "warn")
    budget = from_spec.amount(total, spec.horizon_weeks, case.currency)
    if now == 0:
        return Gate("period", True, tr("The budget is {budget}; nothing is spent now.", budget=budget), "warn")
    told = tr("The budget is {budget}; {now} a week is spent now.", budget=budget, now=case.money(now))
    passed = now / _FAR <= total <= _FAR * now
    return Gate("period", passed, told if passed else sentences(told, _far(spec, total > now)), "warn")


def _far(spec: BudgetSpec, more: bool) -> str:
    """What to do about a budget that is far from what is spent now."""
    if more:
        if spec.weekly_budget is None:
            return tr("That is far more: see its unit.")
        return tr("That is far more: if it was meant for all weeks, write horizon_budget.")
    if spec.horizon_budget is None:
        return tr("That is far less: see its unit.")
    return tr("That is far less: if it was meant for one week, write weekly_budget.")


def _multiples(case: Case) -> list[Gate]:
    """Gate on limits that seem meant as multiples of current spend, which no rule accepts."""
    now = dict(zip(case.mix.channels, case.mix.current.tolist(), strict=True))
    bounds = {name: [limits.low, limits.high] for name, limits in case.spec.limits.items()}
    bounds |= {name: [*bounds.get(name, []), least] for name, least in case.spec.minimum.items()}
    odd = [
        tr("{name} {amount}", name=case.called(name), amount=case.money(bound))
        for name, amounts in bounds.items()
        for bound in amounts
        if bound is not None and 0 < bound <= _MULTIPLE and bound < now.get(name, 0.0) / 100
    ]
    if not odd:
        return []
    told = tr(
        "Limits are money a week, and some are next to none: {limits}. If multiples of today's spend were meant, write "
        "the amounts, or `change` and `changes`.",
        limits=listing(odd),
    )
    return [Gate("limits", False, told, "warn")]


def _beyond(case: Case, advice: SteadyPlan) -> list[Gate]:
    if not advice.plan.beyond:
        return []
    told = tr(
        "The plan takes {channels} beyond any spend that was seen, as `beyond` allows. What it brings there is "
        "assumed; go there in steps, and test.",
        channels=listing([case.called(c) for c in advice.plan.beyond]),
    )
    return [Gate("beyond", False, told, "warn")]


def _believed(case: Case, advice: SteadyPlan) -> tuple[str, ...]:
    """Channels whose money moves although their return rests on the prior."""
    moved = np.abs(advice.plan.spend - advice.now) > SMALL * advice.now.sum()
    return tuple(c for c, by in zip(advice.plan.channels, moved, strict=True) if by and c in case.weak)


def _rests(case: Case, believed: tuple[str, ...]) -> list[Gate]:
    """Gate on these channels."""
    if not believed:
        return []
    told = tr(
        "The plan moves money of {channels}, whose return was assumed beforehand: the data say next to nothing of it. "
        "Fix them, or test them first.",
        channels=listing([case.called(c) for c in believed]),
    )
    return [Gate("belief", False, told, "warn")]
