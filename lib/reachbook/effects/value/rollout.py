"""What to roll out, and its value: the whole campaign, or the best of several arms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from reachbook.effects.experiment.arms import of_arm
from reachbook.effects.value.contribution import Contribution, assess, margin_of, unit_value, value_of
from reachbook.effects.value.incremental_spend import IncrementalSpend, spending
from reachbook.effects.wording import capital, is_ratio
from reachbook.presentation.names import named
from reachbook.translation import mark, tr

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec


@dataclass(frozen=True)
class RollOut:
    """Value of the campaign as it ran, and of what would be rolled out.

    Attributes
    ----------
    whole : Contribution
        Value over all treated cells.
    spending : IncrementalSpend
        Incremental spend of all treated cells.
    name : str
        Arm to roll out, or what was done with the spend.
    effect : Effect
        Its effect, from the same draws.
    money : Contribution
        Its value.
    spent : IncrementalSpend
        Its incremental spend.
    behind : tuple of (str, float)
        Each other arm, and the probability that the one to roll out does better than it.
    alone : dict of str to Contribution
        Value of each other arm by itself, at its own part of the spend.
    """

    whole: Contribution
    spending: IncrementalSpend
    name: str
    effect: Effect
    money: Contribution
    spent: IncrementalSpend
    behind: tuple[tuple[str, float], ...] = ()
    alone: dict[str, Contribution] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether one of several arms would be rolled out."""
        return self.money is not self.whole

    @property
    def paid(self) -> float | None:
        """Incremental spend of all treated cells, in money; None if unknown."""
        return self.spending.net

    @property
    def said(self) -> str:
        """Name in a sentence: the arm's own, or what was done with the spend in the report's language."""
        return tr(self.name) if self.name in NOUN.values() else named(self.name)

    @property
    def begun(self) -> str:
        """Name that begins a sentence; an arm's name stays as it is."""
        return capital(tr(self.name)) if self.name in NOUN.values() else named(self.name)


NOUN = {
    "on": mark("the campaign"),
    "off": mark("switching off"),
    "less": mark("spending less"),
    "more": mark("spending more"),
}
"""Noun for what was done with the spend, by `IncrementalSpend.way`."""


def roll_out(effect: Effect, spec: EffectSpec, seed: int, frame: pd.DataFrame) -> RollOut:
    """Value of the campaign and, with several arms, of the one to roll out at its own part of the spend.

    That is the arm with the highest expected contribution per unit or, if money is unknown, the highest mean effect.
    Its part of the spend is its cost by the table, or its share of the units if `spec.spend` states the total.
    """
    whole = spending(effect, spec, frame)
    money = assess(effect, spec, spend=whole.net, seed=seed)
    arms = effect.detail.arms[1:] if effect.design == "experiment" else ()
    if len(arms) < 2:
        name = arms[0].name if arms else NOUN[whole.way]
        return RollOut(money, whole, name, effect, money, whole)
    parts = {arm.name: _part(arm, arms, whole) for arm in arms}
    worth = {arm.name: _a_unit(arm, parts[arm.name], effect, spec) for arm in arms}
    best = max(arms, key=lambda arm: float(worth[arm.name].mean()))
    rest = [arm.name for arm in arms if arm is not best]
    behind = tuple((name, float((worth[best.name] > worth[name]).mean())) for name in rest)
    valued = {arm.name: _valued(arm, arms, effect, spec, seed, parts[arm.name]) for arm in arms}
    one, judged = valued.pop(best.name)
    alone = {name: money for name, (_, money) in valued.items()}
    return RollOut(money, whole, best.name, one, judged, parts[best.name], behind, alone)


def _valued(
    arm: Any, arms: tuple[Any, ...], effect: Effect, spec: EffectSpec, seed: int, part: IncrementalSpend
) -> tuple[Effect, Contribution]:
    """Effect and value of one arm by itself."""
    one, share = of_arm(effect, arm.name), arm.weight / sum(each.weight for each in arms)
    # A single arm is told less precisely than all of them together: its own standard error decides what data resolve.
    control = effect.detail.arms[0].weight
    wider = np.sqrt((1 / control + 1 / arm.weight) / (1 / control + share / arm.weight))
    one = replace(one, detail=replace(one.detail, error=effect.detail.error * float(wider)))
    return one, assess(one, spec.model_copy(update={"spend": part.net}), seed=seed)


def _part(arm: Any, arms: tuple[Any, ...], whole: IncrementalSpend) -> IncrementalSpend:
    """Incremental spend of one arm."""
    if arm.name in whole.arms:
        return whole.arms[arm.name]
    share = arm.weight / sum(each.weight for each in arms)
    return IncrementalSpend(None if whole.net is None else whole.net * share)


def _a_unit(arm: Any, spent: IncrementalSpend, effect: Effect, spec: EffectSpec) -> np.ndarray:
    """Draws of an arm's contribution per unit, or of its effect if money is unknown, (draws,)."""
    value, margin = unit_value(effect, spec), margin_of(spec)
    if value is None or margin is None or spent.net is None:
        return np.asarray(arm.effect)
    added = arm.incremental if arm.numerator_total is None else arm.numerator_total
    return np.asarray((added * value * margin - spent.net) / arm.units)


def break_even_lift(effect: Effect, spec: EffectSpec, paid: float | None) -> float | None:
    """Relative lift, a ratio, at which `effect` repays what was `paid`, negative if that much was saved.

    None if money is unknown, nothing was paid, no margin remains, or the outcome is a ratio.
    """
    if is_ratio(effect):
        return None
    return repaid_at(float(effect.baseline.mean()) * effect.cells, effect.outcome, spec, paid)


def repaid_at(usual: float, outcome: str, spec: EffectSpec, paid: float | None) -> float | None:
    """The same, where the outcome called `outcome` would sum to `usual` without the campaign."""
    value, margin = value_of(outcome, spec), margin_of(spec)
    if value is None or margin is None or not paid:
        return None
    base = usual * value * margin
    return paid / base if base > 0 else None
