"""What each choice is expected to bring over the periods ahead, and what running longer means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.value.contribution import reach
from reachbook.effects.wording import interval
from reachbook.presentation.numbers import number, rough
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import listing, mark, sentences, tr, trn

if TYPE_CHECKING:
    from reachbook.effects.value.contribution import Contribution
    from reachbook.effects.value.rollout import RollOut

CHOICES = {
    "on": {"go on": mark("going on"), "stop": mark("stopping"), "run longer": mark("running longer")},
    "off": {
        "go on": mark("leaving the ads off"),
        "stop": mark("switching the ads on again"),
        "run longer": mark("waiting longer"),
    },
    "less": {
        "go on": mark("spending less"),
        "stop": mark("going back to the usual spend"),
        "run longer": mark("waiting longer"),
    },
    "more": {
        "go on": mark("spending more"),
        "stop": mark("going back to the usual spend"),
        "run longer": mark("waiting longer"),
    },
}
"""Name of each choice of `Contribution.expected`, by `IncrementalSpend.way`."""

_LONGER = {
    "on": mark("Run {name} for {span}, then decide"),
    "off": mark("Leave the ads off for {span}, then decide"),
    "less": mark("Spend less for {span}, then decide"),
    "more": mark("Spend more for {span}, then decide"),
}
"""Clause on one more period of the test, by `IncrementalSpend.way`."""

_THEN = {
    "on": mark("Then go on only if its contribution is above zero."),
    "off": mark("Then keep them off only if the contribution is above zero."),
    "less": mark("Then go on so only if the contribution is above zero."),
    "more": mark("Then go on so only if the contribution is above zero."),
}
"""Sentence on the rule after it, by `IncrementalSpend.way`."""


def longer(rollout: RollOut, level: float, currency: str, length: int | None) -> str:
    """Sentences that say how long to run on, why, and what that is worth; the test took `length` days, None if unknown.

    Asked only where the decision is to run longer.
    """
    judged = rollout.money
    assert judged.contribution is not None, "without money there is no waiting"
    assert judged.waiting is not None, "nor without a horizon"
    span = tr("as long again") if length is None else trn("{n} more day", "{n} more days", length)
    low, _, high = equal_tailed(judged.contribution, level)
    told = {
        "do": tr(_LONGER[rollout.spent.way], name=rollout.said, span=span),
        "money": interval(judged.contribution, level, "money", currency),
    }
    why = (
        tr("{do}: its contribution so far, {money}, may be a loss or a gain.", **told)
        if low <= 0 <= high
        else tr("{do}: its contribution so far is {money}, and more is to be learnt.", **told)
    )
    worth = trn(
        "Expect {gain} more over that {n} period than deciding now.",
        "Expect {gain} more over {n} such periods than deciding now.",
        judged.periods or 0,
        gain=number(rough(judged.waiting.gain), "money", currency),
    )
    return sentences(why, worth)


def afterwards(rollout: RollOut) -> str:
    """Sentence on the rule after one more period of the test."""
    return tr(_THEN[rollout.spent.way])


def ahead(judged: Contribution, currency: str, length: int | None) -> str:
    """Sentence on the money that going on is expected to bring; "" for other choices and without a horizon."""
    if judged.expected is None or judged.decision != "go on":
        return ""
    return trn(
        "Expect {money} over {n} further period {long}.",
        "Expect {money} over {n} further periods {long}.",
        judged.periods or 0,
        money=number(rough(judged.expected["go on"]), "money", currency),
        long=_long(length),
    )


def horizon(rollout: RollOut, currency: str, length: int | None) -> str:
    """Sentences on the expected money of all choices, and on whom they reach."""
    judged, doing = rollout.money, CHOICES[rollout.spent.way]
    if judged.expected is None or judged.decision not in judged.expected:
        return ""
    each = [_bet(doing[name], judged.expected[name], currency) for name in ("go on", "run longer", "stop")]
    expected = trn(
        "Expected over {n} further period {long}: {each}.",
        "Expected over {n} further periods {long}: {each}.",
        judged.periods or 0,
        long=_long(length),
        each=listing(each),
    )
    meant = tr("Running longer is one more period of the test, and then the choice of which more money is expected.")
    wider = reach(rollout.effect)
    if wider < _WIDER:
        return sentences(expected, meant)
    times = f"{wider:.1f}"
    return sentences(
        expected, meant, tr("Going on reaches everybody, {times} times as many as this arm of the test.", times=times)
    )


_WIDER = 1.05
"""Reach of a roll-out, relative to the treated, from which it is told."""


def _long(length: int | None) -> str:
    return tr("as long as the test") if length is None else trn("of {n} day", "of {n} days", length)


def _bet(choice: str, money: float, currency: str) -> str:
    return tr("{choice} {money}", choice=tr(choice), money=number(rough(money), "money", currency))
