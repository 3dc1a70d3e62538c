"""Headline numbers: what is decided by first, each beside what it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.wording import capital, metric, scale, unit_of
from reachbook.presentation.names import named
from reachbook.presentation.numbers import number
from reachbook.result import Finding
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import tr

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.experiment.detail import Arm
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.rollout import RollOut

_ORDER = (
    *("best_contribution", "contribution", "break_even", "other_contribution", "best", "other_lift", "lift", "target"),
    *("saved", "lost", "iroas"),
)
"""Ids in the order of the page; with several arms the one to roll out comes first, and all of them together last."""
_WHOLE = ("contribution", "lift")


def findings(effect: Effect, rollout: RollOut, spec: EffectSpec, currency: str = "CNY") -> list[Finding]:
    """Findings on contribution, lift and return; values are withheld if a blocking gate failed."""
    found = [*_lifts(effect, rollout, spec), *_amounts(effect, rollout, spec, currency)]
    found.sort(key=lambda each: (rollout.several and each.id in _WHOLE, _place(each.id)))
    return found if effect.passed else [Finding(each.id, each.label, None, unit=each.unit) for each in found]


def _place(id: str) -> int:
    id = id.rstrip("_0123456789")  # each other arm has a number of its own
    return _ORDER.index(id) if id in _ORDER else len(_ORDER)


def _lifts(effect: Effect, rollout: RollOut, spec: EffectSpec) -> list[Finding]:
    none, (draws, unit) = tr("no effect"), scale(effect)
    out = [Finding.from_interval("lift", _of(effect, rollout), equal_tailed(draws, spec.level), unit, 0.0, none)]
    if rollout.several:
        label = tr("Lift of {what}, {arm}", what=metric(effect), arm=rollout.said)
        draws, unit = scale(rollout.effect)
        reference, against = (spec.target, tr("target")) if spec.target else (0.0, none)
        out.append(Finding.from_interval("best", label, equal_tailed(draws, spec.level), unit, reference, against))
        out += _other_lifts(effect, rollout, spec.level) if unit == "ratio" else []
    elif spec.target is not None:
        label = tr("Chance to reach {target}", target=number(spec.target, "ratio"))
        out.append(Finding("target", label, rollout.money.attained, unit="chance"))
    return out


def _others(effect: Effect, rollout: RollOut) -> list[tuple[int, Arm]]:
    """Arms that are not the one to roll out, each with its place in the test, by which its findings are numbered."""
    return [(place, arm) for place, arm in enumerate(effect.detail.arms[1:], 1) if arm.name != rollout.name]


def _other_lifts(effect: Effect, rollout: RollOut, level: float) -> list[Finding]:
    """Finding on the lift of each other arm."""
    none = tr("no effect")
    return [
        Finding.from_interval(
            f"other_lift_{place}",
            tr("Lift of {what}, {arm}", what=metric(effect), arm=named(arm.name)),
            equal_tailed(arm.relative, level), "ratio", 0.0, none,
        )
        for place, arm in _others(effect, rollout)
    ]  # fmt: skip


def _of(effect: Effect, rollout: RollOut) -> str:
    """Label of the effect of the whole campaign."""
    what = metric(effect)
    if rollout.several:
        return tr("Lift of {what}, all arms", what=what)
    return tr("Lift of {what}", what=what) if rollout.spending.way == "on" else tr("Change of {what}", what=what)


def _amounts(effect: Effect, rollout: RollOut, spec: EffectSpec, currency: str) -> list[Finding]:
    """Findings in money, as far as it was entered."""
    judged, level, even = rollout.money, spec.level, tr("break-even")
    less = rollout.spent.way in ("off", "less")
    out = []
    if judged.paid and less:
        out.append(Finding("saved", tr("Money saved"), -judged.paid, unit="money"))
        label = tr("{what} lost", what=capital(unit_of(rollout.effect)))
        out.append(Finding.from_interval("lost", label, equal_tailed(-judged.added, level), "", 0.0, tr("no loss")))
    if judged.contribution is not None:
        if rollout.several and rollout.whole.contribution is not None:
            together = equal_tailed(rollout.whole.contribution, level)
            label = tr("Contribution, all arms")
            out.append(Finding.from_interval("contribution", label, together, "money", 0.0, even))
        id, label = "contribution", tr("Saved less lost") if less else tr("Contribution after spend")
        if rollout.several:
            id, label = "best_contribution", tr("Contribution, {arm}", arm=rollout.said)
        out.append(Finding.from_interval(id, label, equal_tailed(judged.contribution, level), "money", 0.0, even))
        out += _other_contributions(effect, rollout, level) if rollout.several else []
    out += _returns(rollout, spec, currency)
    if judged.break_even is not None:
        label = tr("Chance it pays for itself")
        if rollout.several:
            label = tr("Chance {arm} pays off", arm=rollout.said)
        out.append(Finding("break_even", label, judged.break_even, unit="chance"))
    return out


def _other_contributions(effect: Effect, rollout: RollOut, level: float) -> list[Finding]:
    """Finding on the contribution of each other arm at its own part of the spend."""
    even, out = tr("break-even"), []
    for place, arm in _others(effect, rollout):
        money = rollout.alone.get(arm.name)
        if money is not None and money.contribution is not None:
            label = tr("Contribution, {arm}", arm=named(arm.name))
            alone = equal_tailed(money.contribution, level)
            out.append(Finding.from_interval(f"other_contribution_{place}", label, alone, "money", 0.0, even))
    return out


def _returns(rollout: RollOut, spec: EffectSpec, currency: str) -> list[Finding]:
    """Finding on the return per unit of money, in money if a unit's value is known."""
    judged, way, one = rollout.money, rollout.spent.way, number(1, "money", currency)
    less = way in ("off", "less")
    if judged.iroas is None and judged.spend is not None and judged.paid:
        what = capital(unit_of(rollout.effect))
        label = (
            tr("{what} lost per {one} saved", what=what, one=one)
            if less
            else tr("{what} per {one} spent", what=what, one=one)
        )
        return [Finding.from_interval("return", label, equal_tailed(judged.added / judged.spend, spec.level))]
    if judged.iroas is None:
        return []
    even, against = None, tr("break-even")
    if judged.contribution is not None and spec.margin_low is not None and spec.margin_high is not None:
        both = spec.margin_low + spec.margin_high
        even = 2 / both if both > 0 else None
        against = tr("break-even at a margin of {margin}", margin=f"{both / 2:.0%}")
    label = tr("Return on spend (iROAS)")
    if way != "on":
        label = tr("Loss per money saved (iROAS)") if less else tr("Return on extra spend (iROAS)")
    interval = equal_tailed(judged.iroas, spec.level)
    return [Finding.from_interval("iroas", label, interval, "", even, against)]
