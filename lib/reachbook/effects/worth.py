"""What to go on with, and what that is worth: the whole campaign, or the best of several arms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reachbook.effects.money import Money, judge
from reachbook.effects.trial_arms import of_arm

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec


@dataclass(frozen=True)
class Worth:
    """Money of the campaign as it ran, and of what would go on.

    whole : of all treated cells; paid : money spent on them, 0 where unknown
    name : the arm that would go on, or the campaign; effect, money : of that, from the same draws
    """

    whole: Money
    paid: float
    name: str
    effect: Effect
    money: Money

    @property
    def several(self) -> bool:
        """Whether one of several arms would go on."""
        return self.money is not self.whole


def worth(effect: Effect, spec: EffectSpec, seed: int) -> Worth:
    """Value the campaign and, of several arms, the one with the highest mean effect, at its own part of the spend.

    That part is what the table says that the arm cost; where `spec.spend` or no table says it, its share of the units.
    """
    spend = getattr(effect.detail, "spend", None)
    paid = float(spec.spend or spend or 0.0)
    whole = judge(effect, spec, spend=paid, seed=seed)
    arms = effect.detail.arms[1:] if effect.design == "experiment" else ()
    if len(arms) < 2:
        return Worth(whole, paid, arms[0].name if arms else "the campaign", effect, whole)
    best = max(arms, key=lambda arm: float(arm.effect.mean()))
    share = best.weight / sum(arm.weight for arm in arms)
    one = of_arm(effect, best.name)
    # A single arm is told less precisely than all of them together: its own standard error decides what data resolve.
    control = effect.detail.arms[0].weight
    wider = np.sqrt((1 / control + 1 / best.weight) / (1 / control + share / best.weight))
    one = replace(one, detail=replace(one.detail, error=effect.detail.error * float(wider)))
    part = share if spec.spend or not spend or best.spend is None else best.spend / spend
    money = judge(one, spec.model_copy(update={"spend": spec.spend * part}), spend=paid * part, seed=seed)
    return Worth(whole, paid, best.name, one, money)


def break_even_lift(effect: Effect, spec: EffectSpec, paid: float) -> float | None:
    """Relative lift (a ratio) at which `effect` pays what was `paid`; None where nothing was paid, or nothing stays."""
    margin = (spec.margin_low + spec.margin_high) / 2
    base = float(effect.baseline.mean()) * effect.cells * spec.value_per_unit * margin
    return paid / base if paid and base > 0 else None
