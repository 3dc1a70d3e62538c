"""The decision as text, by money if all of it was entered, else by the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.effects.value.contribution import missing
from reachbook.effects.value.rollout import NOUN
from reachbook.effects.wording import chance, interval, is_ratio, metric, one_unit, percent, scale, unit_of
from reachbook.presentation.numbers import number
from reachbook.result import Finding
from reachbook.stats.intervals import equal_tailed
from reachbook.verdict import Gate, failed

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.contribution import Contribution
    from reachbook.effects.value.rollout import RollOut
    from reachbook.result import Tone

_DO = {
    "on": {
        "go on": "Go on with {name}.",
        "stop": "Stop {name}.",
        "run longer": "Run longer before deciding on {name}.",
    },
    "off": {
        "go on": "Leave the ads off.",
        "stop": "Switch the ads on again.",
        "run longer": "Leave the ads off for longer before deciding.",
    },
    "less": {
        "go on": "Keep spending less.",
        "stop": "Go back to the usual spend.",
        "run longer": "Spend less for longer before deciding.",
    },
    "more": {
        "go on": "Keep spending more.",
        "stop": "Go back to the usual spend.",
        "run longer": "Spend more for longer before deciding.",
    },
}
_DOING = {
    "on": {"go on": "going on", "stop": "stopping", "run longer": "running longer"},
    "off": {"go on": "leaving the ads off", "stop": "switching the ads on again", "run longer": "waiting longer"},
    "less": {"go on": "spending less", "stop": "going back to the usual spend", "run longer": "waiting longer"},
    "more": {"go on": "spending more", "stop": "going back to the usual spend", "run longer": "waiting longer"},
}
CHOICES = _DOING
"""Name of each choice of `Contribution.expected`, by `IncrementalSpend.way`."""


def decided(effect: Effect, rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """The decision, its reasons, and what speaks against it."""
    if not effect.passed:
        why = failed(effect.gates)[0].detail
        return f"Do not act on this test: we cannot tell what {NOUN[rollout.spending.way]} changed. {why}"
    judged = rollout.money
    by_money = judged.break_even is not None
    parts = [
        f"{_choice(rollout)} {_sentence(_changed(rollout, spec))}" if by_money else _verdict(rollout, spec),
        _money(rollout, spec, currency),
        _horizon(rollout, currency),
        _caution(judged, rollout.effect, rollout.spent.way, spec.level),
        "" if judged.attained is None else f"The target of {number(spec.target or 0.0, 'ratio')} is reached with "
        f"probability {chance(judged.attained)}.",
        enter(rollout, spec),
    ]  # fmt: skip
    return " ".join(part for part in parts if part)


def tone(effect: Effect, rollout: RollOut, spec: EffectSpec) -> Tone | None:
    """Tone of the decision: "go", "stop" or "wait"; None if only the effect is reported."""
    judged = rollout.money
    if judged.break_even is not None:
        less = rollout.spent.way in ("off", "less")  # the way back from spending less is to spend again
        tones: dict[str, Tone] = {"go on": "stop" if less else "go", "stop": "go" if less else "stop"}
        return tones.get(judged.decision, "wait")
    harm = (
        rollout.spent.way == "on"
        and not is_ratio(rollout.effect)
        and equal_tailed(scale(rollout.effect)[0], spec.level)[2] < 0
    )
    return "stop" if effect.passed and harm else None


def _choice(rollout: RollOut) -> str:
    judged = rollout.money
    if judged.decision != "not settled":
        return _DO[rollout.spent.way][judged.decision].format(name=rollout.name)
    less, way = (judged.paid or 0.0) < 0, rollout.spent.way
    more = "saves more than it loses" if less else "brings more than it costs"
    gains = judged.contribution is not None and float(judged.contribution.mean()) > 0
    better = _DOING[way]["go on" if gains else "stop"]
    return f"It is not settled whether {rollout.name} {more}; as it stands, {better} is the better bet."


def _verdict(rollout: RollOut, spec: EffectSpec) -> str:
    """Sentence on what the effect's interval implies, without money."""
    draws, unit = scale(rollout.effect)
    low, _, high = equal_tailed(draws, spec.level)
    rope, changed = spec.rope if unit == "ratio" else 0.0, _changed(rollout, spec)
    least = number(rope, "ratio")
    if rope and -rope <= low and high <= rope:
        return f"It makes no difference that matters ({least} or more): {changed}"
    if low <= 0 <= high:
        return f"No effect can be told from chance: {changed}"
    if low <= rope and high >= -rope:
        return f"Whether it matters ({least} or more) cannot be told: {changed}"
    if rollout.spent.way != "on" or is_ratio(rollout.effect):
        return _sentence(changed)
    return f"It works: {changed}" if low > 0 else f"It does harm: {changed}"


def _changed(rollout: RollOut, spec: EffectSpec) -> str:
    """Sentence on the effect with its interval; the verb claims no more than the interval supports."""
    draws, unit = scale(rollout.effect)
    low, _, high = equal_tailed(draws, spec.level)
    verb = "raised" if low > 0 else "lowered" if high < 0 else "changed"
    told = interval(-draws if high < 0 else draws, spec.level, unit)
    said = f"{rollout.name} {verb} {metric(rollout.effect)} by {told} ({percent(spec.level)} interval)."
    if not is_ratio(rollout.effect):
        return said
    low, _, high = equal_tailed(rollout.money.added, spec.level)
    sure = ", which chance alone can bring" if low <= 0 <= high else ""
    return f"{said} In all it changed {unit_of(rollout.effect)} by {interval(rollout.money.added, spec.level)}{sure}."


def _sentence(text: str) -> str:
    """`text` with a capital letter, unless it begins with an arm's name."""
    return text[0].upper() + text[1:] if text.startswith(tuple(NOUN.values())) else text


def _money(rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentences on cost or saving, price per unit and break-even, as far as money was entered."""
    judged, way = rollout.money, rollout.spent.way
    parts = []
    if judged.paid and way in ("off", "less"):
        parts.append(_saved(rollout, spec, currency))
    elif judged.paid and judged.break_even is None:
        parts.append(_price(rollout, spec, currency))
    if judged.break_even is not None:
        what = "It" if way == "on" else _sentence(rollout.name)
        parts.append(f"{what} pays for itself with probability {chance(judged.break_even)}.")
    return " ".join(part for part in parts if part)


def _saved(rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentence on the money saved and the outcome lost for it."""
    judged, unit = rollout.money, unit_of(rollout.effect)
    saved = f"It saved {number(-(judged.paid or 0.0), 'money', currency)}"
    if equal_tailed(judged.added, spec.level)[2] >= 0:
        return f"{saved} and changed {unit} by {interval(judged.added, spec.level)} in all."
    lost = f"{saved} and lost {interval(-judged.added, spec.level)} {unit}"
    if judged.iroas is not None:
        each = interval(judged.iroas, spec.level, "money", currency)
        return f"{lost}, worth {each} for each {number(1, 'money', currency)} saved."
    return f"{lost}, one for each {_each(judged, currency)} saved."


def _price(rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentence on the outcome per money spent, without a margin."""
    judged = rollout.money
    top = " on top of the usual" if rollout.spent.way == "more" else ""
    cost = f"It cost {number(judged.paid or 0.0, 'money', currency)}{top}"
    if judged.iroas is not None:
        brought = interval(judged.iroas, spec.level, "money", currency)
        return f"{cost}; each {number(1, 'money', currency)} of it brought {brought} of outcome."
    if equal_tailed(judged.added, spec.level)[0] <= 0:
        return f"{cost}."
    return f"{cost}, or {_each(judged, currency)} for {one_unit(rollout.effect)} added."


def _each(judged: Contribution, currency: str) -> str:
    """Median money per unit of outcome, as text."""
    assert judged.cac is not None, "asked only where money was spent and what was added is known"
    return number(float(np.quantile(judged.cac, 0.5, method="nearest")), "money", currency)


def _horizon(rollout: RollOut, currency: str) -> str:
    judged, doing = rollout.money, _DOING[rollout.spent.way]
    if judged.expected is None or judged.decision not in judged.expected:
        return ""
    others = ", ".join(
        f"{doing[name]} {number(judged.expected[name], 'money', currency)}"
        for name in ("go on", "run longer", "stop")
        if name != judged.decision
    )
    many = f"{judged.periods} further periods" if judged.periods != 1 else "one further period"
    return (
        f"Over {many} as long as the test, {doing[judged.decision]} is expected to bring "
        f"{number(judged.expected[judged.decision], 'money', currency)} ({others})."
    )


def _caution(judged: Contribution, effect: Effect, way: str, level: float) -> str:
    """Sentences on the uncertainty that the choice by money leaves."""
    low, high = effect.interval(level)
    tail = (1 - level) / 2
    if judged.break_even is None:
        return ""
    if judged.decision == "stop":
        works, proven = way == "on" and low > 0, judged.break_even <= tail
        if proven:
            return "It works, but brings less than it costs." if works else ""
        return f"{'It works. ' if works else ''}{_likely('does not pay', 1 - judged.break_even)}"
    if judged.decision != "go on":
        return ""
    more = judged.expected is not None and judged.expected["run longer"] >= judged.expected["go on"]
    parts = ["More data would hardly change the choice."] if more else []
    if way in ("on", "more") and low <= 0 <= high:
        parts.append(_likely("adds anything", effect.probability_above(0.0)))
    elif judged.break_even < 1 - tail:
        parts.append(_likely("pays", judged.break_even))
    return " ".join(parts)


def _likely(what: str, sure: float) -> str:
    """Sentence that the choice is a bet, with its probability."""
    if sure >= 0.5:
        return f"That it {what} is likely ({chance(sure)}), not proven: this is the better bet, no certainty."
    return f"That it {what} is not even likely ({chance(sure)}): the choice rests on how much is at stake either way."


def enter(rollout: RollOut, spec: EffectSpec) -> str:
    """Sentence on which parameters to enter to learn more; "" if none is missing."""
    names = missing(rollout.effect, spec, rollout.money.paid)
    if names:
        return f"To decide by money, enter {_listed(names)}."
    names = [name for name in ("periods", "test_cost") if getattr(spec, name) is None]
    if names and rollout.money.decision == "not settled":
        return f"To weigh what running longer would be worth, enter {_listed(names)}."
    return ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def findings(effect: Effect, rollout: RollOut, spec: EffectSpec) -> list[Finding]:
    """Findings on lift, contribution, return and their probabilities; values are withheld if a blocking gate failed."""
    out = [*_lifts(effect, rollout, spec), *_amounts(rollout, spec)]
    return out if effect.passed else [Finding(each.id, each.label, None, unit=each.unit) for each in out]


def _lifts(effect: Effect, rollout: RollOut, spec: EffectSpec) -> list[Finding]:
    level, kept = spec.level, f"{percent(spec.level)} interval"
    arms = " by all arms together" if rollout.several else ""
    what = "Lift" if rollout.spending.way == "on" else "Change"
    how = f" by {NOUN[rollout.spending.way]}" if rollout.spending.way != "on" and not arms else arms
    label = f"{what} of {metric(effect)}{how}, {kept} (held against zero)"
    draws, unit = scale(effect)
    out = [Finding.from_interval("lift", label, equal_tailed(draws, level), unit, 0.0)]
    if rollout.several:
        against = "zero" if spec.target is None else "the target"
        label = f"{what} of {metric(effect)} by {rollout.name}, {kept} (held against {against})"
        draws, unit = scale(rollout.effect)
        out.append(Finding.from_interval("best", label, equal_tailed(draws, level), unit, spec.target or 0.0))
    elif spec.target is not None:
        label = f"Probability that the lift reaches the target of {number(spec.target, 'ratio')}"
        out.append(Finding("target", label, rollout.money.attained, unit="ratio"))
    return out


def _amounts(rollout: RollOut, spec: EffectSpec) -> list[Finding]:
    """Findings in money, as far as it was entered."""
    judged, level, way = rollout.money, spec.level, rollout.spent.way
    less = way in ("off", "less")
    who = rollout.name if rollout.several else NOUN[way]
    kept = f"{percent(level)} interval"
    out = []
    if judged.paid and less:
        out.append(Finding("saved", f"Money saved by {who}", -judged.paid, unit="money"))
        label = f"{unit_of(rollout.effect)} lost by {who}, {kept} (held against zero)"
        lost = equal_tailed(-judged.added, level)
        out.append(Finding.from_interval("lost", label[0].upper() + label[1:], lost, "", 0.0))
    if judged.contribution is not None:
        if rollout.several and rollout.whole.contribution is not None:
            label = f"Contribution of all arms together after their spend, {kept} (held against break-even)"
            together = equal_tailed(rollout.whole.contribution, level)
            out.append(Finding.from_interval("contribution", label, together, "money", 0.0))
        after = "what was saved less what was lost" if less else "after its spend"
        label = f"Contribution of {who}{': ' if less else ' '}{after}, {kept} (held against break-even)"
        id = "best_contribution" if rollout.several else "contribution"
        out.append(Finding.from_interval(id, label, equal_tailed(judged.contribution, level), "money", 0.0))
    out += _returns(rollout, spec, who, kept)
    if judged.break_even is not None:
        out.append(Finding("break_even", f"Probability that {who} pays for itself", judged.break_even, unit="ratio"))
    return out


def _returns(rollout: RollOut, spec: EffectSpec, who: str, kept: str) -> list[Finding]:
    """Finding on the return per unit of money, in money if a unit's value is known."""
    judged = rollout.money
    less = rollout.spent.way in ("off", "less")
    if judged.iroas is None and judged.spend is not None and judged.paid:
        unit = unit_of(rollout.effect)
        how = "lost for each unit of money saved" if less else "added for each unit of money spent"
        label = f"{unit[0].upper()}{unit[1:]} {how}, {kept}"
        return [Finding.from_interval("return", label, equal_tailed(judged.added / judged.spend, spec.level))]
    if judged.iroas is None:
        return []
    even = None
    if judged.contribution is not None and spec.margin_low is not None and spec.margin_high is not None:
        both = spec.margin_low + spec.margin_high
        even = 2 / both if both > 0 else None
    against = " (held against break-even)" if even is not None else ""
    how = f"for each unit of spend on {who}" if rollout.spent.way == "on" else "for each unit of money on top"
    label = f"Outcome in money {'lost for each unit of money saved' if less else how}, iROAS, {kept}{against}"
    return [Finding.from_interval("iroas", label, equal_tailed(judged.iroas, spec.level), "", even)]


def gates(rollout: RollOut, currency: str) -> tuple[Gate, ...]:
    """Gate on the spend, from table and parameter together; () if neither states it."""
    spent, way = rollout.spending, rollout.spending.way
    if spent.problem:
        return (Gate("spend", False, spent.problem, "warn"),)
    if spent.net is None:
        return ()
    if not spent.net:
        return (Gate("spend", True, "The campaign cost nothing on top of what is usual.", "warn"),)
    usual = ""
    if spent.usual and spent.actual is not None and way != "on":
        was, now = (number(each, "money", currency) for each in (spent.usual, spent.actual))
        usual = f": {now} was spent, where {was} is usual"
    amount = number(abs(spent.net), "money", currency)
    said = f"{NOUN[way].capitalize()} {'saved' if spent.net < 0 else 'cost'} {amount}{usual}."
    return (Gate("spend", True, said, "warn"),)
