"""At which cost or margin a stopped campaign would break even."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.value.contribution import margin_of
from reachbook.presentation.numbers import number, rough
from reachbook.translation import tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.rollout import RollOut


def even(rollout: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentence on the cost or the margin at which a stopped campaign would break even on average; "" if neither is.

    A margin is named as a way out only within the range that the team stated: `margin_high` is the most that they think
    possible. Above it the sentence says that this most is not enough, and above 1 that no margin is.
    """
    judged, margin = rollout.money, margin_of(spec)
    if judged.value is None or margin is None or not judged.paid or rollout.spent.way not in ("on", "more"):
        return ""
    value = float(judged.value.mean())
    if not 0 < value * margin < judged.paid:
        return ""
    told = {
        "cost": number(rough(value * margin), "money", currency),
        "now": number(rough(judged.paid), "money", currency),
        "margin": f"{margin:.0%}",
    }
    needed, most = judged.paid / value, spec.margin_high or 0.0
    if needed > 1:
        return tr("To break even at {margin} margin, cut its cost from {now} to {cost}; no margin is enough.", **told)
    if needed <= most:
        told["needed"] = f"{needed:.0%}"
        return tr(
            "To break even at {margin} margin, cut its cost from {now} to {cost}, or raise the margin to {needed}.",
            **told,
        )
    if most > margin:
        told["most"] = f"{most:.0%}"
        return tr(
            "To break even at {margin} margin, cut its cost from {now} to {cost}; {most} margin is not enough.", **told
        )
    return tr("To break even at {margin} margin, cut its cost from {now} to {cost}.", **told)
