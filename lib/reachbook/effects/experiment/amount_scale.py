"""Arms whose amounts are all several times those of the control: another currency or unit, not a campaign."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reachbook.effects.experiment.units import Units
from reachbook.presentation.numbers import number
from reachbook.translation import sentences, tr
from reachbook.verdict import Gate

TIMES = 5.0
"""How many times the control's amounts, or its reverse, count as another unit: dollars for yuan are about seven."""
ALIKE = 1.5
"""Ratio of the largest to the smallest of the three quartiles' ratios up to which they are called alike."""
FEWEST = 30
"""Fewest amounts in each arm of which quartiles are compared."""
_DISTINCT = 10


def scale_check(units: Units, confirmed: Sequence[str]) -> list[Gate]:
    """Gate on an arm whose quartiles of amounts above zero are all `TIMES` those of the control; empty where none is.

    A campaign moves some amounts more than others; a factor that all of them share is that of another unit.

    Parameters
    ----------
    confirmed : sequence of str
        Arms that were checked and are right.
    """
    amounts = [units.outcome[(units.arm == i) & (units.outcome > 0)] for i in range(len(units.arms))]
    if len(np.unique(np.concatenate(amounts))) < _DISTINCT or min(map(len, amounts)) < FEWEST:
        return []
    control, *quartiles = (np.quantile(each, [0.25, 0.5, 0.75]) for each in amounts)
    found = {name: each / control for name, each in zip(units.arms[1:], quartiles, strict=True)}
    odd = {name: each for name, each in found.items() if _is_other(each)}
    still = [name for name in odd if name not in confirmed]
    name = next(iter(still or odd), "")
    if not name:
        return []
    told = tr(
        "Amounts above zero in {arm} are {low}, {middle} and {high} times those in {control} at their quartiles: that "
        "looks like another currency or unit rather than like a campaign.",
        arm=name,
        control=units.arms[0],
        **dict(zip(("low", "middle", "high"), map(number, odd[name]), strict=True)),
    )
    if not still:
        return [Gate("other_unit", True, sentences(told, tr("It was confirmed.")))]
    remedy = tr(
        "Compare how the rows of both arms were exported, and mend them; if they are right, name {name} in confirmed.",
        name=name,
    )
    return [Gate("other_unit", False, sentences(told, remedy))]


def _is_other(ratios: np.ndarray) -> bool:
    far = bool((ratios >= TIMES).all() or (ratios <= 1 / TIMES).all())
    return far and float(ratios.max() / ratios.min()) <= ALIKE
