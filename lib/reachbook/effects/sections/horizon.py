"""What each choice is expected to bring over the periods ahead, and what running longer means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.value.contribution import reach
from reachbook.presentation.numbers import number
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
    "on": mark("Run {name} for {span}; go on only if its contribution is then above zero."),
    "off": mark("Leave the ads off for {span}; keep them off only if the contribution is then above zero."),
    "less": mark("Spend less for {span}; go on so only if the contribution is then above zero."),
    "more": mark("Spend more for {span}; go on so only if the contribution is then above zero."),
}
"""Sentence on one more period of the test and on the rule after it, by `IncrementalSpend.way`."""


def longer(rollout: RollOut, length: int | None) -> str:
    """Sentence that says how long to run on and what would end it; the test took `length` days, None if unknown."""
    span = tr("as long again") if length is None else trn("{n} more day", "{n} more days", length)
    return tr(_LONGER[rollout.spent.way], name=rollout.said, span=span)


def ahead(judged: Contribution, currency: str, length: int | None) -> str:
    """Sentence on the money that the choice is expected to bring; "" without a horizon, or where nothing is tried."""
    if judged.expected is None or judged.decision not in judged.expected or judged.decision == "stop":
        return ""
    money, n = number(judged.expected[judged.decision], "money", currency), judged.periods or 0
    if judged.decision == "run longer":
        other = number(max(judged.expected["go on"], judged.expected["stop"]), "money", currency)
        return trn(
            "Over that {n} period expect {money}, against {other} if decided now.",
            "Over {n} such periods expect {money}, against {other} if decided now.",
            n,
            money=money,
            other=other,
        )
    return trn(
        "Expect {money} over {n} further period {long}.",
        "Expect {money} over {n} further periods {long}.",
        n,
        money=money,
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
    return tr("{choice} {money}", choice=tr(choice), money=number(money, "money", currency))
