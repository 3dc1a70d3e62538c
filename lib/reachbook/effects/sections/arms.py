"""What to do with the arms that are not the one to roll out: a few words in the decision, a sentence beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.value.contribution import SURE
from reachbook.effects.wording import interval
from reachbook.presentation.names import named
from reachbook.presentation.numbers import chance
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import listing, sentences, tr, trn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reachbook.effects.effect import Effect
    from reachbook.effects.value.rollout import RollOut

_MOST = 2
"""Arms that the decision names; more are counted."""


def arms(rollout: RollOut, effect: Effect, level: float, currency: str = "CNY") -> str:
    """What to do with each other arm in a few words, with its contribution if it is one; "" where there is none."""
    if not rollout.behind:
        return ""
    if rollout.money.contribution is None:
        return _by_effect(rollout, effect, level)
    names = [name for name, _ in rollout.behind]
    if rollout.money.decision == "stop":
        return tr("Stop {names} too.", names=_few(names))
    out, ended = _without_gain(rollout), stopped(rollout)
    behind = [name for name in ended if name not in out]
    rest = [name for name in names if name not in ended]
    return sentences(
        _out(out, rollout, level, currency) if out else "",
        tr("Stop {names}: worse.", names=_few(behind)) if behind else "",
        tr("Second choice: {names}.", names=_few(rest)) if rest else "",
    )


def stopped(rollout: RollOut) -> tuple[str, ...]:
    """Arms to stop by money while another goes on: without a gain of their own, or surely behind; () without money."""
    if rollout.money.contribution is None:
        return ()
    out = _without_gain(rollout)
    return tuple(name for name, sure in rollout.behind if name in out or sure >= SURE)


def _without_gain(rollout: RollOut) -> list[str]:
    return [name for name, _ in rollout.behind if name in rollout.alone and rollout.alone[name].decision == "stop"]


def _out(names: list[str], rollout: RollOut, level: float, currency: str) -> str:
    """Sentence on arms from which no gain is expected; one alone has its contribution in it."""
    contribution = rollout.alone[names[0]].contribution
    if len(names) > 1 or contribution is None:
        return tr("Stop {names} now: no gain expected.", names=_few(names))
    money = interval(contribution, level, "money", currency)
    return tr("Stop {names} now: {money}, no gain expected.", names=_few(names), money=money)


def _by_effect(rollout: RollOut, effect: Effect, level: float) -> str:
    """The same without money: by whether an effect can be told from chance."""
    known = {arm.name: arm for arm in getattr(effect.detail, "arms", ())}
    names = [name for name, _ in rollout.behind if name in known]
    unclear = []
    for name in names:
        low, _, high = equal_tailed(known[name].effect, level)
        unclear += [name] if low <= 0 <= high else []
    rest = [name for name in names if name not in unclear]
    return sentences(
        tr("{names}: no clear effect.", names=_few(unclear)) if unclear else "",
        tr("Second: {names}.", names=_few(rest)) if rest else "",
    )


def _few(names: Iterable[str]) -> str:
    kept = [named(name) for name in names]
    return listing(kept) if len(kept) <= _MOST else trn("{n} other arm", "{n} other arms", len(kept))


def others(rollout: RollOut) -> tuple[str, ...]:
    """One sentence for each arm that is not to be rolled out, on what to do with it."""
    judged, best = rollout.money, rollout.said
    if judged.decision == "stop" and rollout.behind:
        names = listing(named(name) for name, _ in rollout.behind)
        return (tr("Stop {names} too: less is expected of that than of {best}.", names=names, best=best),)
    return tuple(_other(named(name), best, sure, judged.contribution is not None) for name, sure in rollout.behind)


def _other(name: str, best: str, sure: float, by_money: bool) -> str:
    told = {"name": name, "best": best, "chance": chance(sure)}
    if not by_money:
        return tr("{best} does better than {name} with probability {chance}.", **told)
    if sure >= SURE:
        return tr("Stop {name}: {best} does better with probability {chance}.", **told)
    return tr("If only one can run, take {best} over {name}: it does better with probability {chance}.", **told)
