"""What the effect is worth: contribution, return, cost of a unit, and what each choice is expected to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects import figures
from reachbook.effects.words import interval
from reachbook.numbers import number
from reachbook.told import Part, Picture, Sheet

if TYPE_CHECKING:
    from reachbook.effects.money import Money
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.worth import Worth


def parts(money: Worth, spec: EffectSpec, currency: str) -> dict[str, Part]:
    """The section on money."""
    told = {"the campaign": _column(money.whole, spec.level, currency)}
    if money.several:
        told[money.name] = _column(money.money, spec.level, currency)
    ledger = pd.DataFrame(told).rename_axis("what").reset_index()
    drawn = figures.contribution(money.money.contribution, money.name, currency, money.money.break_even)
    judged = money.money
    choices = pd.DataFrame(
        {"choice": list(judged.expected), "expected": list(judged.expected.values())}
    )  # fmt: skip
    choices["chosen"] = choices["choice"] == judged.decision
    return {
        "money": Part(
            _note(money, spec, currency),
            (Picture("contribution", *drawn),),
            (
                Sheet("money", ledger),
                Sheet("choices", choices, _choices_say(judged, currency), {"expected": "money"}),
            ),
        )
    }


def _column(money: Money, level: float, currency: str) -> dict[str, str]:
    """One column of the ledger, with intervals."""
    iroas = "unknown" if money.iroas is None else interval(money.iroas, level)
    return {
        "spend": number(float(money.spend.mean()), "money", currency),
        "outcome in money": interval(money.value, level, "money", currency),
        "contribution": interval(money.contribution, level, "money", currency),
        "iROAS": iroas,
        "cost of a unit added": _cost(money, level, currency),
        "pays for itself": number(money.break_even, "ratio"),
    }


def _cost(money: Money, level: float, currency: str) -> str:
    """Spend per unit of outcome added; an end without bound where it may have added nothing."""
    if money.cac is None:
        return "unknown"
    ends = np.quantile(money.cac, [(1 - level) / 2, 0.5, (1 + level) / 2], method="nearest")
    low, middle, high = (number(float(x), "money", currency) if np.isfinite(x) else "no limit" for x in ends)
    return f"{middle} [{low}, {high}]"


def _note(money: Worth, spec: EffectSpec, currency: str) -> str:
    ends = number(spec.margin_low, "ratio"), number(spec.margin_high, "ratio")
    margin = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    worth = number(spec.value_per_unit, "money", currency)
    return (
        f"One unit of outcome is worth {worth}, of which a margin of {margin} stays. Contribution is what stays after "
        f"the spend. All of it comes from the draws of the effect above."
    )


def _choices_say(money: Money, currency: str) -> str:
    return (
        f"Expected money over {money.periods} further periods as long as the test. Knowing more before deciding would "
        f"be worth {number(money.information, 'money', currency)} before its cost."
    )
