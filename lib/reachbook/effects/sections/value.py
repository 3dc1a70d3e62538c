"""Section on the value of the effect: contribution, return, cost per unit, and expected money of each choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.sections import figures
from reachbook.effects.sections.decision import CHOICES
from reachbook.effects.value.contribution import unit_value
from reachbook.effects.wording import chance, interval, one_unit, percent, unit_of
from reachbook.presentation.numbers import number
from reachbook.presentation.section import Figure, Section, Table

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.contribution import Contribution
    from reachbook.effects.value.rollout import RollOut

NOT_ENTERED = "Nothing is told in money here: not all that it takes was entered."


def parts(money: RollOut, spec: EffectSpec, currency: str) -> dict[str, Section]:
    """Section on money; a single sentence if nothing of it was entered."""
    if money.money.paid is None:
        return {"money": Section(NOT_ENTERED)}
    told = {"the campaign" if money.several else money.name: _column(money.whole, money, spec.level, currency)}
    if money.several:
        told[money.name] = _column(money.money, money, spec.level, currency)
    ledger = pd.DataFrame(told).rename_axis("what").reset_index()
    judged, sheets = money.money, [Table("money", ledger)]
    if judged.contribution is None or judged.break_even is None:
        return {"money": Section(_note(money, spec, currency), tables=tuple(sheets))}
    drawn = figures.contribution(judged.contribution, money.name, currency, judged.break_even)
    if judged.expected is not None:
        sheets.append(_choices(judged, money, currency))
    return {"money": Section(_note(money, spec, currency), (Figure("contribution", *drawn),), tuple(sheets))}


def _choices(judged: Contribution, money: RollOut, currency: str) -> Table:
    expected, names = judged.expected or {}, CHOICES[money.spent.way]
    table = pd.DataFrame(
        {
            "choice": [names[each] for each in expected],
            "expected": list(expected.values()),
            "chosen": [each == judged.decision for each in expected],
        }
    )
    return Table("choices", table, _choices_sentence(judged, currency), {"expected": "money"})


def _column(money: Contribution, rollout: RollOut, level: float, currency: str) -> dict[str, str]:
    """One column of the ledger with intervals: the rows that the entered parameters allow."""
    unit, less = unit_of(rollout.effect), (money.paid or 0.0) < 0
    rows: dict[str, str] = {}
    if money.paid is not None:
        rows["saved" if less else "spend"] = number(abs(money.paid), "money", currency)
    turn = -1.0 if less else 1.0
    rows[f"{unit} {'lost' if less else 'added'}"] = interval(turn * money.added, level)
    if money.value is not None:
        rows["the same in money"] = interval(turn * money.value, level, "money", currency)
    if money.contribution is not None:
        rows["contribution"] = interval(money.contribution, level, "money", currency)
    if money.iroas is not None:
        rows["iROAS"] = interval(money.iroas, level)
    if money.cac is not None:
        rows[f"{'saved' if less else 'spend'} for {one_unit(rollout.effect)}"] = _cost(money.cac, level, currency)
    if money.break_even is not None:
        rows["pays for itself"] = chance(money.break_even)
    return rows


def _cost(cac: np.ndarray, level: float, currency: str) -> str:
    """Money per unit of outcome as text; an end is unbounded where spend may have moved nothing."""
    ends = np.quantile(cac, [(1 - level) / 2, 0.5, (1 + level) / 2], method="nearest")
    low, middle, high = (number(float(x), "money", currency) if np.isfinite(x) else "no limit" for x in ends)
    return f"{middle} [{low}, {high}]"


def _note(money: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentences on the entered parameters."""
    value, parts = unit_value(money.effect, spec), []
    if value is not None:
        stated = spec.value_per_unit is not None
        named = "" if stated else " (it is money by its name; if not, set value_per_unit)"
        parts.append(f"{one_unit(money.effect)} is worth {number(value, 'money', currency)}{named}")
    if spec.margin_low is not None and spec.margin_high is not None:
        ends = number(spec.margin_low, "ratio"), number(spec.margin_high, "ratio")
        parts.append(f"a margin of {ends[0] if ends[0] == ends[1] else f'{ends[0]} to {ends[1]}'} stays")
    text = f"{', of which '.join(parts) if len(parts) > 1 else ''.join(parts)}. " if parts else ""
    text = text[:1].upper() + text[1:]
    if money.money.contribution is not None:
        less = (money.money.paid or 0.0) < 0
        text += f"Contribution is {'what was saved less what was lost' if less else 'what stays after the spend'}. "
    return (
        f"{text}All of it comes from the draws of the effect above; in brackets stand {percent(spec.level)} intervals."
    )


def _choices_sentence(money: Contribution, currency: str) -> str:
    return (
        f"Expected money over {money.periods} further periods as long as the test. Knowing more before deciding would "
        f"be worth {number(money.information or 0.0, 'money', currency)} before its cost."
    )
