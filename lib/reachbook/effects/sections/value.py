"""Section on the value of the effect: contribution, return, cost per unit, and expected money of each choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.effects.sections import figures
from reachbook.effects.sections.horizon import CHOICES
from reachbook.effects.value.contribution import unit_value
from reachbook.effects.wording import capital, interval, one_unit, percent, unit_of
from reachbook.presentation.numbers import chance, number
from reachbook.presentation.section import Figure, Section, Table
from reachbook.translation import mark, sentences, tr, trn

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec
    from reachbook.effects.value.contribution import Contribution
    from reachbook.effects.value.rollout import RollOut

NOT_ENTERED = mark("Nothing is told in money here: not all that it takes was entered.")


def parts(money: RollOut, spec: EffectSpec, currency: str) -> dict[str, Section]:
    """Section on money; a single sentence if nothing of it was entered."""
    if money.money.paid is None:
        return {"money": Section(tr(NOT_ENTERED))}
    told = {"the campaign" if money.several else money.name: _column(money.whole, money, spec.level, currency)}
    if money.several:
        told[money.name] = _column(money.money, money, spec.level, currency)
    ledger = pd.DataFrame(told).rename_axis("what").reset_index()
    judged, sheets = money.money, [Table("money", ledger)]
    if judged.contribution is None or judged.break_even is None:
        return {"money": Section(_note(money, spec, currency), tables=tuple(sheets))}
    drawn = figures.contribution(judged.contribution, money.said, currency, judged.break_even)
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
    return Table("choices", table, _choices_sentence(judged, currency), {"expected": "money"}, worded=("choice",))


def _column(money: Contribution, rollout: RollOut, level: float, currency: str) -> dict[str, str]:
    """One column of the ledger with intervals: the rows that the entered parameters allow."""
    unit, less = unit_of(rollout.effect), (money.paid or 0.0) < 0
    rows: dict[str, str] = {}
    if money.paid is not None:
        rows[tr("saved") if less else tr("spend")] = number(abs(money.paid), "money", currency)
    turn = -1.0 if less else 1.0
    rows[tr("{unit} lost", unit=unit) if less else tr("{unit} added", unit=unit)] = interval(turn * money.added, level)
    if money.value is not None:
        rows[tr("the same in money")] = interval(turn * money.value, level, "money", currency)
    if money.contribution is not None:
        rows[tr("contribution")] = interval(money.contribution, level, "money", currency)
    if money.iroas is not None:
        rows["iROAS"] = interval(money.iroas, level)
    if money.cac is not None:
        one = one_unit(rollout.effect)
        rows[tr("saved for {one}", one=one) if less else tr("spend for {one}", one=one)] = _cost(
            money.cac, level, currency
        )
    if money.break_even is not None:
        rows[tr("pays for itself")] = chance(money.break_even)
    return rows


def _cost(cac: np.ndarray, level: float, currency: str) -> str:
    """Money per unit of outcome as text; an end is unbounded where spend may have moved nothing."""
    ends = np.quantile(cac, [(1 - level) / 2, 0.5, (1 + level) / 2], method="nearest")
    low, middle, high = (number(float(x), "money", currency) if np.isfinite(x) else tr("no limit") for x in ends)
    return f"{middle} [{low}, {high}]"


def _note(money: RollOut, spec: EffectSpec, currency: str) -> str:
    """Sentences on the entered parameters."""
    return sentences(
        _worth(money, spec, currency),
        _margin(spec),
        _contribution(money),
        tr("In brackets stand {level} intervals.", level=percent(spec.level)),
    )


def _worth(money: RollOut, spec: EffectSpec, currency: str) -> str:
    value, one = unit_value(money.effect, spec), capital(one_unit(money.effect))
    if value is None:
        return ""
    told = number(value, "money", currency)
    if spec.value_per_unit is not None:
        return tr("{one} is worth {value}.", one=one, value=told)
    return tr("{one} is worth {value} (it is money by its name; if not, set value_per_unit).", one=one, value=told)


def _margin(spec: EffectSpec) -> str:
    if spec.margin_low is None or spec.margin_high is None:
        return ""
    low, high = number(spec.margin_low, "ratio"), number(spec.margin_high, "ratio")
    if low == high:
        return tr("Of it a margin of {margin} stays.", margin=low)
    return tr("Of it a margin of {low} to {high} stays.", low=low, high=high)


def _contribution(money: RollOut) -> str:
    if money.money.contribution is None:
        return ""
    if (money.money.paid or 0.0) < 0:
        return tr("Contribution is what was saved less what was lost.")
    return tr("Contribution is what stays after the spend.")


def _choices_sentence(money: Contribution, currency: str) -> str:
    return sentences(
        trn(
            "Expected money over {n} further period as long as the test.",
            "Expected money over {n} further periods as long as the test.",
            money.periods or 0,
        ),
        tr(
            "Knowing more before deciding would be worth {money} before its cost.",
            money=number(money.information or 0.0, "money", currency),
        ),
    )
