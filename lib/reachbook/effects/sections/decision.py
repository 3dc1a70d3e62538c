"""The decision, by money if all of it was entered, else by the outcome, and the grounds that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.effects.sections.arms import arms, others, stopped
from reachbook.effects.sections.break_even import even
from reachbook.effects.sections.cures import cure
from reachbook.effects.sections.horizon import CHOICES, afterwards, ahead, horizon, longer
from reachbook.effects.value.contribution import SURE, missing
from reachbook.effects.value.rollout import NOUN, break_even_lift
from reachbook.effects.wording import capital, interval, is_ratio, metric, one_unit, percent, scale, unit_of
from reachbook.presentation.names import named
from reachbook.presentation.numbers import chance, number
from reachbook.result import Instruction
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import listing, mark, sentences, tr
from reachbook.verdict import Gate, failed

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.contribution import Contribution
    from reachbook.effects.value.rollout import RollOut
    from reachbook.result import Tone

_DO = {
    "on": {
        "go on": mark("Go on with {name}."),
        "stop": mark("Stop {name}."),
    },
    "off": {
        "go on": mark("Leave the ads off."),
        "stop": mark("Switch the ads on again."),
    },
    "less": {
        "go on": mark("Keep spending less."),
        "stop": mark("Go back to the usual spend."),
    },
    "more": {
        "go on": mark("Keep spending more."),
        "stop": mark("Go back to the usual spend."),
    },
}


_ALMOST = 0.95
"""Probability from which the words are "almost certainly"."""


def decided(effect: Effect, rollout: RollOut, spec: EffectSpec, currency: str, length: int | None = None) -> str:
    """What to do, in at most 40 words, with the amount that decides it; the test took `length` days (None: unknown)."""
    if not effect.passed:
        noun = NOUN[rollout.spending.way]
        told = tr("Do not act: this test cannot tell what {name} changed.", name=tr(noun))
        return sentences(told, cure(failed(effect.gates)[0]))
    judged = rollout.money
    if judged.contribution is None:
        ask = "" if is_ratio(effect) else enter(rollout, spec)
        return sentences(_verdict(rollout, spec), _in_all(rollout, spec), arms(rollout, effect, spec.level), ask)
    return sentences(*_by_money(rollout, spec, currency, length), arms(rollout, effect, spec.level, currency))


def _by_money(rollout: RollOut, spec: EffectSpec, currency: str, length: int | None) -> tuple[str, ...]:
    """Sentences on the choice by money, what it rests on, and what would change it."""
    judged = rollout.money
    if judged.decision == "run longer":
        return (longer(rollout, spec.level, currency, length),)
    assert judged.contribution is not None, "asked only where money was entered"
    money = interval(judged.contribution, spec.level, "money", currency)
    told = (
        tr("Contribution in the test: {money}.", money=money)
        if length is None
        else tr("Contribution in the {n}-day test: {money}.", n=length, money=money)
    )
    caution = _caution(judged, rollout.effect, rollout.spent.way, spec.level)
    if judged.decision == "stop":
        return (_choice(rollout), told, caution, "" if rollout.several else even(rollout, spec, currency))
    return (_choice(rollout), told, ahead(judged, spec.level, currency, length), caution)


def grounds(
    effect: Effect, rollout: RollOut, spec: EffectSpec, currency: str, length: int | None = None
) -> tuple[str, ...]:
    """Sentences on what the decision rests on: effect, price, the other choices, and what to enter; () if it failed."""
    if not effect.passed:
        return ()
    judged = rollout.money
    by_money = judged.break_even is not None
    told = (
        afterwards() if judged.decision == "run longer" else "",
        *others(rollout),
        even(rollout, spec, currency) if rollout.several and judged.decision == "stop" else "",
        _changed(rollout, spec) if by_money else "",
        _in_all(rollout, spec) if by_money else "",
        _price(rollout, spec, currency),
        horizon(rollout, currency, length),
        _stakes(judged, rollout, spec.level),
        "" if judged.attained is None or not rollout.several else tr(
            "The target of {target} is reached with probability {chance}.",
            target=number(spec.target or 0.0, "ratio"), chance=chance(judged.attained),
        ),
        enter(rollout, spec) if by_money or is_ratio(effect) else "",
        tr("Square brackets hold {level} intervals.", level=percent(spec.level)),
    )  # fmt: skip
    return tuple(each for each in told if each)


def tone(effect: Effect, rollout: RollOut, spec: EffectSpec) -> Tone | None:
    """Tone of the decision: "go", "stop", "longer" or "wait"; None if only the effect is reported."""
    judged = rollout.money
    if judged.break_even is not None:
        less = rollout.spent.way in ("off", "less")  # the way back from spending less is to spend again
        tones: dict[str, Tone] = {
            "go on": "stop" if less else "go",
            "stop": "go" if less else "stop",
            "run longer": "longer",
        }
        return tones.get(judged.decision, "wait")
    harm = (
        rollout.spent.way == "on"
        and not is_ratio(rollout.effect)
        and equal_tailed(scale(rollout.effect)[0], spec.level)[2] < 0
    )
    return "stop" if effect.passed and harm else None


def instructions(effect: Effect, rollout: RollOut, spec: EffectSpec) -> tuple[Instruction, ...]:
    """What is asked for the arm to roll out and for each arm to stop; () where it is the same, or nothing is asked."""
    asked = tone(effect, rollout, spec)
    others = stopped(rollout) if effect.passed and asked not in (None, "stop") else ()
    if asked is None or not others:
        return ()
    return (Instruction(rollout.said, asked), *(Instruction(named(name), "stop") for name in others))


def _choice(rollout: RollOut) -> str:
    judged, way = rollout.money, rollout.spent.way
    if judged.decision != "not settled":
        do = _DO[way][judged.decision]
        return tr(do, name=rollout.said)
    gains = judged.contribution is not None and float(judged.contribution.mean()) > 0
    better = CHOICES[way]["go on" if gains else "stop"]
    if (judged.paid or 0.0) < 0:
        return tr(
            "It is not settled whether {name} saves more than it loses ({least} sure is asked); {better} is the "
            "better bet.",
            name=rollout.said,
            better=tr(better),
            least=percent(SURE),
        )
    return tr(
        "It is not settled whether {name} brings more than it costs ({least} sure is asked); {better} is the "
        "better bet.",
        name=rollout.said,
        better=tr(better),
        least=percent(SURE),
    )


def _verdict(rollout: RollOut, spec: EffectSpec) -> str:
    """Sentence on what the effect's interval implies, without money."""
    draws, unit = scale(rollout.effect)
    low, _, high = equal_tailed(draws, spec.level)
    rope, changed = spec.rope if unit == "ratio" else 0.0, _changed(rollout, spec, begins=False)
    least = number(rope, "ratio")
    if rope and -rope <= low and high <= rope:
        return tr("It makes no difference that matters ({least} or more): {changed}", least=least, changed=changed)
    if low <= 0 <= high:
        return tr("No effect can be told from chance: {changed}", changed=changed)
    if low <= rope and high >= -rope:
        return tr("Whether it matters ({least} or more) cannot be told: {changed}", least=least, changed=changed)
    if rollout.spent.way != "on" or is_ratio(rollout.effect):
        return _changed(rollout, spec)
    return tr("It works: {changed}", changed=changed) if low > 0 else tr("It does harm: {changed}", changed=changed)


def _changed(rollout: RollOut, spec: EffectSpec, begins: bool = True) -> str:
    """Sentence on the effect with its interval; the verb claims no more than the interval supports."""
    draws, unit = scale(rollout.effect)
    low, _, high = equal_tailed(draws, spec.level)
    told = interval(-draws if high < 0 else draws, spec.level, unit)
    name, what = rollout.begun if begins else rollout.said, metric(rollout.effect)
    if low > 0:
        return tr("{name} raised {what} by {told}.", name=name, what=what, told=told)
    if high < 0:
        return tr("{name} lowered {what} by {told}.", name=name, what=what, told=told)
    return tr("{name} changed {what} by {told}.", name=name, what=what, told=told)


def _in_all(rollout: RollOut, spec: EffectSpec) -> str:
    """Sentence on the numerator of a ratio, which is what has value; "" for other outcomes."""
    if not is_ratio(rollout.effect):
        return ""
    low, _, high = equal_tailed(rollout.money.added, spec.level)
    what, told = unit_of(rollout.effect), interval(rollout.money.added, spec.level)
    if low <= 0 <= high:
        return tr("In all it changed {what} by {told}, which chance alone can bring.", what=what, told=told)
    return tr("In all it changed {what} by {told}.", what=what, told=told)


def _price(rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentence on cost or saving and the price of a unit, as far as money was entered."""
    judged = rollout.money
    if not judged.paid:
        return ""
    if rollout.spent.way in ("off", "less"):
        return _saved(rollout, spec, currency)
    return _cost(rollout, spec, currency) if judged.break_even is None else ""


def _saved(rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentence on the money saved and the outcome lost for it."""
    judged, unit = rollout.money, unit_of(rollout.effect)
    saved = number(-(judged.paid or 0.0), "money", currency)
    if equal_tailed(judged.added, spec.level)[2] >= 0:
        told = interval(judged.added, spec.level)
        return tr("It saved {saved} and changed {unit} by {told} in all.", saved=saved, unit=unit, told=told)
    lost = interval(-judged.added, spec.level)
    if judged.iroas is not None:
        return tr(
            "It saved {saved} and lost {lost} {unit}, worth {each} for each {one} saved.",
            saved=saved,
            lost=lost,
            unit=unit,
            each=interval(judged.iroas, spec.level, "money", currency),
            one=number(1, "money", currency),
        )
    return tr(
        "It saved {saved} and lost {lost} {unit}, one for each {each} saved.",
        saved=saved,
        lost=lost,
        unit=unit,
        each=_each(judged, currency),
    )


def _cost(rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentence on the outcome per money spent, without a margin."""
    judged = rollout.money
    cost = number(judged.paid or 0.0, "money", currency)
    if rollout.spent.way == "more":
        cost = tr("{cost} on top of the usual", cost=cost)
    if judged.iroas is not None:
        brought, one = interval(judged.iroas, spec.level, "money", currency), number(1, "money", currency)
        return tr("It cost {cost}; each {one} of it brought {brought} of outcome.", cost=cost, one=one, brought=brought)
    if equal_tailed(judged.added, spec.level)[0] <= 0:
        return tr("It cost {cost}.", cost=cost)
    each, unit = _each(judged, currency), one_unit(rollout.effect)
    return tr("It cost {cost}, or {each} for {unit} added.", cost=cost, each=each, unit=unit)


def _each(judged: Contribution, currency: str) -> str:
    """Median money per unit of outcome, as text."""
    assert judged.cac is not None, "asked only where money was spent and what was added is known"
    return number(float(np.quantile(judged.cac, 0.5, method="nearest")), "money", currency)


def _caution(judged: Contribution, effect: Effect, way: str, level: float) -> str:
    """Sentences on the uncertainty that the choice by money leaves."""
    low, high = effect.interval(level)
    tail, even = (1 - level) / 2, judged.break_even or 0.0
    what = metric(effect)
    if judged.decision == "stop":
        if way == "on" and low > 0:
            return _too_little(what, 1 - even, tail)
        return "" if even <= tail else _unpaid(1 - even)
    if judged.decision != "go on":
        return ""
    if _adds(low, high, way):
        return _added(what, effect.probability_above(0.0))
    return tr("It is less likely to pay than not, but what it may gain weighs more.") if even < 0.5 else ""


def _adds(low: float, high: float, way: str) -> bool:
    """Whether money was spent on an effect that may be none."""
    return way in ("on", "more") and low <= 0 <= high


def _too_little(what: str, sure: float, tail: float) -> str:
    """Sentence on a campaign that works and is stopped all the same; `sure` is the probability that it does not pay."""
    if sure >= 1 - tail:
        return tr("It raises {what}, but by too little to pay.", what=what)
    if sure >= _ALMOST:
        return tr("It raises {what}, but almost certainly by too little to pay.", what=what)
    if sure >= 0.5:
        return tr("It raises {what}, but probably by too little to pay.", what=what)
    return tr("It raises {what} and may well pay for itself, but what it may lose weighs more.", what=what)


def _unpaid(sure: float) -> str:
    if sure >= _ALMOST:
        return tr("It almost certainly does not pay for itself.")
    if sure >= 0.5:
        return tr("It probably does not pay for itself.")
    return tr("It may well pay for itself, but what it may lose weighs more.")


def _added(what: str, sure: float) -> str:
    if sure >= 0.5:
        return tr("The chance that it raises {what} at all is {chance}.", what=what, chance=chance(sure))
    return tr(
        "It may well not raise {what} at all; the chance that it does is {chance}.", what=what, chance=chance(sure)
    )


def _stakes(judged: Contribution, rollout: RollOut, level: float) -> str:
    """Sentences on why the choice is taken all the same, and on what more data would do."""
    if judged.decision == "run longer":
        return tr(
            "What decides is the expected money, not how probable it is to pay: what one more period may show is worth "
            "more than deciding now."
        )
    if judged.break_even is None or judged.decision not in ("go on", "stop"):
        return ""
    low, high = rollout.effect.interval(level)
    stop = judged.decision == "stop"
    sure = 1 - judged.break_even if stop else judged.break_even
    more = not stop and judged.expected is not None and judged.expected["run longer"] >= judged.expected["go on"]
    spent = not stop and _adds(low, high, rollout.spent.way)
    if spent:
        sure = rollout.effect.probability_above(0.0)
    return sentences(
        tr("More data would hardly change the choice.") if more else "",
        tr("The choice rests on how much is at stake either way.") if sure < 0.5 else "",
    )


def enter(rollout: RollOut, spec: EffectSpec) -> str:
    """Sentence on which parameters to enter to learn more; "" if none is missing."""
    names = missing(rollout.effect, spec, rollout.money.paid)
    if names:
        return tr("To decide by money, enter {names}.", names=listing(names))
    names = [name for name in ("periods", "test_cost") if getattr(spec, name) is None]
    if names and rollout.money.decision == "not settled":
        return tr("To weigh what running longer would be worth, enter {names}.", names=listing(names))
    return ""


def gates(rollout: RollOut, spec: EffectSpec, currency: str) -> tuple[Gate, ...]:
    """Gates on the spend, from table and parameter together, and on a target at which money would be lost."""
    return (*_spend_gate(rollout, currency), *_target_gate(rollout, spec))


def _target_gate(rollout: RollOut, spec: EffectSpec) -> tuple[Gate, ...]:
    """Gate on a target below break-even; () where one of the two is not known."""
    even = break_even_lift(rollout.effect, spec, rollout.money.paid)
    if even is None or even <= 0 or spec.target is None:
        return ()
    told = {"target": number(spec.target, "ratio"), "even": number(even, "ratio")}
    if spec.target >= even:
        return (Gate("target", True, tr("The target of {target} is at or above break-even ({even}).", **told), "warn"),)
    low = tr("Reaching the target of {target} would still lose money: break-even is at {even}.", **told)
    return (Gate("target", False, sentences(low, tr("Raise the target.")), "warn"),)


def _spend_gate(rollout: RollOut, currency: str) -> tuple[Gate, ...]:
    spent, way = rollout.spending, rollout.spending.way
    if spent.problem:
        return (Gate("spend", False, spent.problem, "warn"),)
    if spent.net is None:
        return ()
    if not spent.net:
        return (Gate("spend", True, tr("The campaign cost nothing on top of what is usual."), "warn"),)
    noun = NOUN[way]
    told = {"name": capital(tr(noun)), "amount": number(abs(spent.net), "money", currency)}
    return (Gate("spend", True, _spent(rollout, told, currency), "warn"),)


def _spent(rollout: RollOut, told: dict[str, str], currency: str) -> str:
    spent = rollout.spending
    saved = (spent.net or 0.0) < 0
    if not (spent.usual and spent.actual is not None and spent.way != "on"):
        return tr("{name} saved {amount}.", **told) if saved else tr("{name} cost {amount}.", **told)
    told |= {"now": number(spent.actual, "money", currency), "was": number(spent.usual, "money", currency)}
    if saved:
        return tr("{name} saved {amount}: {now} was spent, where {was} is usual.", **told)
    return tr("{name} cost {amount}: {now} was spent, where {was} is usual.", **told)
