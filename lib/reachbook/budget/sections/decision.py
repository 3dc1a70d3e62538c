"""The decision in at most 40 words, and the grounds that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.budget.advice.steady_plan import SMALL
from reachbook.budget.sections.assumptions import assumed
from reachbook.budget.wording import beside, bracketed, chance, few, likely
from reachbook.presentation.numbers import number, rough
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import listing, mark, sentences, tr
from reachbook.verdict import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reachbook.budget.advice.alternatives import Move
    from reachbook.budget.advice.steady_plan import SteadyPlan
    from reachbook.budget.model.mix import Mix
    from reachbook.budget.sections.alternatives import Budgets
    from reachbook.budget.sections.case import Case, Planned
    from reachbook.result import Tone
    from reachbook.verdict import Gate

_MOST = 40
"""Most words of a decision."""
_NAMES = (6, 5, 4, 3, 2, 1)
"""Words that the channels' names may take on each side of a move, the first that leaves the decision short enough."""
_DIGITS = 3
"""Significant digits of a total."""
_CURES = {
    "convergence": mark("Run it with twice the draws, or merge channels that move together."),
    "holdout": mark("Add columns for what moved the outcome lately: price, promotion, holidays, stock."),
    "predictive": mark("Look at the week that the check names: correct its number, or give its cause a column."),
    "prior": mark("Test the largest channels, or vary their spend, so that the data can tell."),
    "collinearity": mark("Merge the channels that are spent in step, or test one of them alone."),
    "media_share": mark("Make sure that spend and outcome are of one brand."),
    "units": mark("Make sure that spend and outcome are in the same unit of money."),
    "spikes": mark("Correct the spend that the check names, or give it a channel of its own."),
    "unit_steps": mark("Write all weeks in one currency and unit, or begin the history where it changes."),
    "outcome_spikes": mark("Correct the outcome that the check names, or give its cause a column."),
    "rules": mark("Relax one of the rules that the check names."),
    "certificate": mark("Drop some all-or-nothing rules (minimum, packages, rebates), or accept a larger `gap`."),
    "weeks": mark("Relax one of the rules by week that the check names."),
}
"""What to do about each blocking gate, in few words; its detail says more."""


def refusal(mix: Mix) -> str:
    """The decision where the model failed a gate."""
    told = tr("Leave the budget as it is: this model cannot tell which channel works.")
    return sentences(told, _cure(failed(mix.gates)))


def decision(case: Case, plans: Planned, budgets: Budgets | None) -> str:
    """The decision in at most 40 words.

    Parameters
    ----------
    case : Case
        Shared input.
    plans : Planned
        The plan and its gates.
    budgets : Budgets or None
        Optimal plans for other totals.
    """
    advice = plans.advice
    if not plans.passed or advice is None:
        return sentences(tr("Leave the budget as it is: there is no plan to carry out."), _cure(failed(plans.gates)))
    total = _total(case, advice, budgets)
    if plans.settled:
        return sentences(plans.settled, total or _undecided(advice))
    if not advice.gain_decides:
        asked = listing([f"`{name}`" for name in advice.scale.missing])
        return sentences(_moves(case, advice), tr("Whether that pays is open: enter {parameters}.", parameters=asked))
    stay = _stay(case, plans, advice)
    if stay:
        return sentences(stay, _total(case, advice, budgets, brief=True))
    reservation = _reservation(case, plans, advice)
    if reservation or advice.more or not all(_changed(case, advice)):
        return sentences(_moves(case, advice), reservation or total)
    other = _other(case, advice, budgets)
    told = (sentences(_within(case, advice, words), other) for words in _NAMES)
    return next((each for each in told if len(each.split()) <= _MOST), sentences(_within(case, advice, 1), other))


def grounds(case: Case, plans: Planned, move: Move | None, budgets: Budgets | None) -> tuple[str, ...]:
    """Sentences on what the decision rests on, one thought each.

    Parameters
    ----------
    move : Move or None
        Smallest worthwhile reallocation.
    """
    advice = plans.advice
    if not plans.passed or advice is None:
        return ()
    price = _price(case, advice, budgets, bool(plans.settled))
    if plans.settled:
        return (price,) if price else ()
    told = [price, _changes(case, advice), _smaller(case, advice, move)]
    if not advice.gain_decides:
        told = [_changes(case, advice), advice.scale.remedy, price]
    elif _stay(case, plans, advice):
        told = [price]
    return tuple(each for each in (*told, *assumed(case)) if each)


def tone(case: Case, plans: Planned) -> Tone:
    """Tone of the decision: "go" where spend should change, "wait" where it stays."""
    return "go" if moves(case, plans) and plans.advice is not None and plans.advice.gain_decides else "wait"


def moves(case: Case, plans: Planned) -> bool:
    """Whether the decision asks for a change of spend."""
    advice = plans.advice
    if not plans.passed or advice is None or plans.settled:
        return False
    return not advice.gain_decides or not _stay(case, plans, advice)


def _cure(blocking: Sequence[Gate]) -> str:
    cure = _CURES.get(blocking[0].id, "")
    return tr(cure) if cure else ""


def _stay(case: Case, plans: Planned, advice: SteadyPlan) -> str:
    """Sentences on why the plan should not be carried out, or ""."""
    least, timing = case.spec.least_probability, plans.timing
    if advice.moved <= SMALL * advice.now.sum():
        return tr("Leave the money where it is: under the rules, the best plan moves next to nothing.")
    if chance(advice.net) < least or float(np.median(advice.net)) <= 0:
        return tr(
            "Leave the money where it is: the best plan would bring {gain}, a gain with a probability of {chance} only "
            "({least} is asked).",
            gain=advice.scale.brief(advice.net, case.mix.level), **_odds(case, advice.net),
        )  # fmt: skip
    if timing is not None and chance(timing.net) < least:
        return tr(
            "Leave the money where it is: booked by week, the best plan brings {whole} over {n} weeks, a gain with a "
            "probability of {chance} only ({least} is asked).",
            whole=advice.scale.signed(timing.net, case.mix.level), n=len(timing.flight.weeks),
            **_odds(case, timing.net),
        )  # fmt: skip
    return ""


def _odds(case: Case, net: np.ndarray) -> dict[str, str]:
    return {"chance": likely(chance(net)), "least": likely(case.spec.least_probability)}


def _reservation(case: Case, plans: Planned, advice: SteadyPlan) -> str:
    """Sentence on channels that should be tested or begun small before the plan is carried out, or ""."""
    if plans.believed:
        names = few([case.short(each) for each in plans.believed], 3)
        return tr("Test {channels} first: the data are silent there.", channels=names)
    if plans.resumed:
        names = few([case.short(each) for each in plans.resumed], 3)
        return tr("Begin small with {channels}, which had no money lately.", channels=names)
    return ""


def _within(case: Case, advice: SteadyPlan, words: int) -> str:
    """Sentence that keeps today's total and moves money between channels; `words`: most words of names on each side."""
    less, more = (few([case.short(name) for name, _ in each], words) for each in _changed(case, advice))
    return tr(
        "Keep today's total, {total} a week; move {amount} from {less} to {more}: expect {gain}.",
        total=case.money(rough(advice.paid_now, _DIGITS)), amount=case.money(rough(advice.moved)), less=less, more=more,
        gain=advice.scale.brief(advice.net, case.mix.level),
    )  # fmt: skip


def _other(case: Case, advice: SteadyPlan, budgets: Budgets | None) -> str:
    """The total that would leave more, as a choice of its own beside the plan; "" if unclear."""
    side = _side(case, advice)
    best = _best(advice, budgets, side) if side else None
    if best is None or best["middle"] <= 0:
        return _total(case, advice, budgets)
    told = {
        "money": case.money(rough(best["money"], _DIGITS)),
        "gain": bracketed(best["middle"], best["low"], best["high"], "money", case.scale.currency),
    }
    if side < 0:
        return tr("Or, if cuts are allowed: {money} a week gains +{gain}.", **told)
    return tr("Or, if rises are allowed: {money} a week gains +{gain}.", **told)


def _moves(case: Case, advice: SteadyPlan) -> str:
    """Sentence that says how much money moves, from where to where, and what that brings."""
    gain = advice.scale.brief(advice.net, case.mix.level)
    less, more = (few([case.short(name) for name, _ in each]) for each in _changed(case, advice))
    if not advice.more:
        moved = case.money(rough(advice.moved))
        if less and more:
            return tr("Move {amount} a week from {less} to {more}: expect {gain}.", amount=moved, less=less, more=more,
                      gain=gain)  # fmt: skip
        return tr("Move {amount} a week: expect {gain}.", amount=moved, gain=gain)
    told = {"total": case.money(float(advice.plan.paid.sum())), "amount": case.money(abs(advice.more)), "gain": gain}
    if advice.more > 0:
        if more:
            return tr(
                "Spend {total} a week, {amount} more than now, mostly on {more}: expect {gain}.", more=more, **told
            )
        return tr("Spend {total} a week, {amount} more than now: expect {gain}.", **told)
    if less:
        return tr("Spend {total} a week, {amount} less than now, mostly off {less}: expect {gain}.", less=less, **told)
    return tr("Spend {total} a week, {amount} less than now: expect {gain}.", **told)


def _changed(case: Case, advice: SteadyPlan) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Channels that get less and more, as (channel, change in money a week), the largest change first."""
    change = list(zip(advice.plan.channels, (advice.plan.spend - advice.now).tolist(), strict=True))
    edge = SMALL * float(advice.now.sum())
    less = [each for each in sorted(change, key=lambda x: x[1]) if each[1] < -edge]
    return less, [each for each in sorted(change, key=lambda x: -x[1]) if each[1] > edge]


def _changes(case: Case, advice: SteadyPlan) -> str:
    """Sentence that says how much each channel gets less or more."""
    less, more = _changed(case, advice)
    told = {
        "less": listing([beside(case.called(name), case.money(by)) for name, by in less]),
        "more": listing([beside(case.called(name), f"+{case.money(by)}") for name, by in more]),
    }
    if less and more:
        return tr("Less a week on {less}; more on {more}.", **told)
    if less:
        return tr("Less a week on {less}.", less=told["less"])
    return tr("More a week on {more}.", more=told["more"]) if more else ""


def _smaller(case: Case, advice: SteadyPlan, move: Move | None) -> str:
    if move is None or move.moved >= 0.9 * advice.moved:
        return ""
    change = move.plan.spend - advice.now
    edge = SMALL * float(advice.now.sum())
    less, more = (
        listing([case.called(c) for c, by in zip(advice.plan.channels, sign * change, strict=True) if by > edge])
        for sign in (-1, 1)
    )
    told = {"amount": case.money(move.moved), "share": number(move.share, "ratio")}
    if less and more:
        return tr("Moving only {amount} from {less} to {more} would bring {share} of the gain.", less=less, more=more,
                  **told)  # fmt: skip
    return tr("Moving only {amount} would bring {share} of the gain.", **told)


def _total(case: Case, advice: SteadyPlan, budgets: Budgets | None, brief: bool = False) -> str:
    """Whether another total would leave more, in few words; "" if unclear. `brief`: without by how much."""
    side = _side(case, advice)
    if not side:
        return ""
    best = _best(advice, budgets, side)
    if best is None or best["middle"] <= 0:
        if side < 0:
            return tr("Do not add money: a smaller budget would leave more.")
        return tr("More money pays: a larger budget would leave more.")
    told = {
        "money": case.money(rough(best["money"])),
        "now": case.money(rough(float(advice.plan.paid.sum()))),
        "gain": bracketed(best["middle"], best["low"], best["high"], "money", case.scale.currency),
    }
    if brief:
        if side < 0:
            return tr("Do not add money: {money}, not {now}, leaves more.", **told)
        return tr("More money pays: {money}, not {now}, leaves more.", **told)
    if side < 0:
        return tr("If the budget may shrink: {money} a week instead, for +{gain}.", **told)
    return tr("If the budget may grow: {money} a week instead, for +{gain}.", **told)


def _undecided(advice: SteadyPlan) -> str:
    if advice.next_unit is None or not advice.scale.pays:
        return ""
    return tr("Whether more money would pay is not decided.")


def _side(case: Case, advice: SteadyPlan) -> int:
    """-1 if the next unit of money brings less than it costs, 1 if more, 0 if that is not decided or not told."""
    if advice.next_unit is None or not advice.scale.pays:
        return 0
    low, _, high = equal_tailed(advice.next_unit, case.mix.level)
    return int(low > 1) - int(high < 1)


def _best(advice: SteadyPlan, budgets: Budgets | None, side: int) -> dict[str, float] | None:
    """Total that leaves the most, with its gain; None where it is not on the side that the next unit of money says."""
    best, spent = None if budgets is None else budgets.best, float(advice.plan.paid.sum())
    if best is None or abs(best["money"] - spent) < SMALL * spent or (best["money"] < spent) != (side < 0):
        return None
    return {str(name): float(value) for name, value in best.items()}


def _price(case: Case, advice: SteadyPlan, budgets: Budgets | None, always: bool) -> str:
    """What one more unit of money brings, and what another total would leave; "" if unclear, unless `always`."""
    if advice.next_unit is None:
        return ""
    side = _side(case, advice)
    told = {"one": case.one, "brings": advice.scale.interval(advice.next_unit, case.mix.level)}
    if not advice.scale.pays:
        return tr("One more {one} a week would bring {brings}; whether that is worth it is not told.", **told)
    if not side:
        if not always:
            return ""
        return tr(
            "One more {one} a week would bring {brings}: whether that is more than it costs is not decided.", **told
        )
    what = (
        tr("One more {one} a week would bring {brings}, less than it costs.", **told)
        if side < 0
        else tr("One more {one} a week would bring {brings}, more than it costs.", **told)
    )
    best = _best(advice, budgets, side)
    if best is None:
        return what
    amounts = {name: case.money(best[name]) for name in ("money", "middle", "low", "high")}
    most = tr(
        "Of the budgets looked at, {money} a week would leave most: {middle} [{low}, {high}] a week more than today.",
        **amounts,
    )
    if advice.more:
        return sentences(what, most)
    kept = tr("The plan stays within today's total, as asked; for another, write `weekly_budget`.")
    return sentences(what, most, kept)
