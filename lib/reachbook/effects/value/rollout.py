"""What to go on with, and what that is worth: the whole campaign, or the best of several arms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from reachbook.effects.experiment.arms import of_arm
from reachbook.effects.value.contribution import Contribution, judge, margin_of, unit_value
from reachbook.effects.value.incremental_spend import IncrementalSpend, spending
from reachbook.effects.wording import is_ratio

if TYPE_CHECKING:
    import pandas as pd

    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec


@dataclass(frozen=True)
class RollOut:
    """Money of the campaign as it ran, and of what would go on.

    whole : of all treated cells; spending : what was spent on them on top of the usual
    name : the arm that would go on, or what was done; effect, money : of that, from the same draws; spent : on that
    """

    whole: Contribution
    spending: IncrementalSpend
    name: str
    effect: Effect
    money: Contribution
    spent: IncrementalSpend

    @property
    def several(self) -> bool:
        """Whether one of several arms would go on."""
        return self.money is not self.whole

    @property
    def paid(self) -> float | None:
        """Money spent on all treated cells on top of the usual, None where unknown."""
        return self.spending.net


NOUN = {"on": "the campaign", "off": "switching off", "less": "spending less", "more": "spending more"}
"""What was done with the money, by `IncrementalSpend.way`."""


def roll_out(effect: Effect, spec: EffectSpec, seed: int, frame: pd.DataFrame) -> RollOut:
    """Value the campaign and, of several arms, the one that would go on, at its own part of the spend.

    That is the arm with the highest expected contribution a unit, or, where money is not known, the highest mean
    effect. Its part of the spend is what the table says that the arm cost; where `spec.spend` says it, its share of the
    units.
    """
    whole = spending(effect, spec, frame)
    money = judge(effect, spec, spend=whole.net, seed=seed)
    arms = effect.detail.arms[1:] if effect.design == "experiment" else ()
    if len(arms) < 2:
        name = arms[0].name if arms else NOUN[whole.way]
        return RollOut(money, whole, name, effect, money, whole)
    parts = {arm.name: _part(arm, arms, whole) for arm in arms}
    best = max(arms, key=lambda arm: _a_unit(arm, parts[arm.name], effect, spec))
    share = best.weight / sum(arm.weight for arm in arms)
    one, part = of_arm(effect, best.name), parts[best.name]
    # A single arm is told less precisely than all of them together: its own standard error decides what data resolve.
    control = effect.detail.arms[0].weight
    wider = np.sqrt((1 / control + 1 / best.weight) / (1 / control + share / best.weight))
    one = replace(one, detail=replace(one.detail, error=effect.detail.error * float(wider)))
    judged = judge(one, spec.model_copy(update={"spend": part.net}), seed=seed)
    return RollOut(money, whole, best.name, one, judged, part)


def _part(arm: Any, arms: tuple[Any, ...], whole: IncrementalSpend) -> IncrementalSpend:
    """What was spent on one arm on top of the usual."""
    if arm.name in whole.arms:
        return whole.arms[arm.name]
    share = arm.weight / sum(each.weight for each in arms)
    return IncrementalSpend(None if whole.net is None else whole.net * share)


def _a_unit(arm: Any, spent: IncrementalSpend, effect: Effect, spec: EffectSpec) -> float:
    """What an arm is expected to bring a unit: contribution where money is known, else its mean effect."""
    value, margin = unit_value(effect, spec), margin_of(spec)
    mean = float(arm.effect.mean())
    if value is None or margin is None or spent.net is None:
        return mean
    added = arm.incremental if arm.numerator_total is None else arm.numerator_total
    return float((added.mean() * value * margin - spent.net) / arm.units)


def break_even_lift(effect: Effect, spec: EffectSpec, paid: float | None) -> float | None:
    """Relative lift (a ratio) at which `effect` pays what was `paid`, negative where that much was saved.

    None where money is not known, nothing was paid, nothing stays, or the outcome is a ratio.
    """
    value, margin = unit_value(effect, spec), margin_of(spec)
    if value is None or margin is None or not paid or is_ratio(effect):
        return None
    base = float(effect.baseline.mean()) * effect.cells * value * margin
    return paid / base if base > 0 else None
