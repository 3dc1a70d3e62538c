"""What each choice is expected to bring over the days ahead, and what running longer means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.value.contribution import reach
from reachbook.effects.wording import interval
from reachbook.presentation.numbers import number, rough
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
    "on": mark(
        "Run {name} {span}, then decide for good: go on if its contribution over {whole} is above zero, else stop."
    ),
    "off": mark(
        "Leave the ads off {span}, then decide for good: keep them off if the contribution over {whole} is above "
        "zero, else switch them on again."
    ),
    "less": mark(
        "Spend less {span}, then decide for good: go on so if the contribution over {whole} is above zero, else "
        "spend as usual."
    ),
    "more": mark(
        "Spend more {span}, then decide for good: go on so if the contribution over {whole} is above zero, else "
        "spend as usual."
    ),
}
"""Sentence on one more period of the test and the rule after it, by `IncrementalSpend.way`."""


def longer(rollout: RollOut, level: float, currency: str, length: int | None) -> str:
    """Sentences on how long to run on, what decides then, and what is known now; the test took `length` days or None.

    Asked only where the decision is to run longer. The rule is the one that `assess` weighs: one more period of the
    test, then the choice of which more money is expected from all that was observed.
    """
    judged = rollout.money
    assert judged.contribution is not None, "without money there is no waiting"
    rule = tr(
        _LONGER[rollout.spent.way],
        name=rollout.said,
        span=tr("as long again") if length is None else trn("for {n} more day", "for {n} more days", length),
        whole=tr("both parts") if length is None else trn("all {n} day", "all {n} days", 2 * length),
    )
    return sentences(rule, tr("So far: {money}.", money=interval(judged.contribution, level, "money", currency)))


def afterwards() -> str:
    """Sentence on how firm the rule after one more period of the test is."""
    return tr(
        "For good: what decides then is the estimate over the whole test, even if its interval still reaches to both "
        "sides. One extension was weighed, not a second."
    )


def ahead(judged: Contribution, level: float, currency: str, length: int | None) -> str:
    """Sentence on the contribution of going on, with its interval; "" for other choices and without a horizon."""
    if judged.expected is None or judged.projected is None or judged.decision != "go on":
        return ""
    return tr(
        "Projected for {span}: {money}.",
        span=_span(judged.periods or 0, length),
        money=interval(judged.projected, level, "money", currency),
    )


def horizon(rollout: RollOut, currency: str, length: int | None) -> str:
    """Sentences on the expected money of all choices, and on whom they reach."""
    judged, doing = rollout.money, CHOICES[rollout.spent.way]
    if judged.expected is None or judged.decision not in judged.expected:
        return ""
    each = [_bet(doing[name], judged.expected[name], currency) for name in ("go on", "run longer", "stop")]
    expected = tr(
        "Expected for {span}: {each}.",
        span=_span(judged.periods or 0, length),
        each=listing(each),
    )
    holds = tr("This supposes that the effect stays as it was in the test.")
    meant = tr("Running longer is one more period of the test, and then the choice of which more money is expected.")
    wider = reach(rollout.effect)
    if wider < _WIDER:
        return sentences(expected, holds, meant)
    times = f"{wider:.1f}"
    return sentences(
        expected,
        holds,
        meant,
        tr("Going on reaches everybody, {times} times as many as this arm of the test.", times=times),
    )


_WIDER = 1.05
"""Reach of a roll-out, relative to the treated, from which it is told."""


def _span(periods: int, length: int | None) -> str:
    """The days ahead that the decision is for: `periods` times the `length` of the test, in days if it is known."""
    if length is None:
        return trn("{n} further period as long as the test", "{n} further periods as long as the test", periods)
    return trn("the next {n} day", "the next {n} days", periods * length)


def _bet(choice: str, money: float, currency: str) -> str:
    return tr("{choice} {money}", choice=tr(choice), money=number(rough(money), "money", currency))
