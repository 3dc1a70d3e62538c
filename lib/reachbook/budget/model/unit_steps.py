"""Steps by a factor that stays: from some period on the numbers look like another currency or unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from reachbook.arrays import Floats
from reachbook.presentation.numbers import number
from reachbook.translation import clauses, day, tr
from reachbook.verdict import Gate

if TYPE_CHECKING:
    from reachbook.budget.model.history import History

OUTCOME, SPEND = 5.0, 50.0
"""How many times as high, or as low, is presumed to be another unit. Dollars for yuan are about seven, cents a hundred;
what a team spends may well be tenfold from one week to the next, what it sells seldom is."""
_AROUND = 8
"""Periods on each side whose medians are compared."""
_CLEAR = 2.0
"""How many times the largest of the lower side the smallest of the higher side is at least: a step, and no slope."""


def unit_steps(pasts: tuple[History, ...]) -> list[Gate]:
    """Gate on an outcome or a channel's spend that changes by a factor at once and stays there; empty where none does.

    Notes
    -----
    Single periods out of line are other gates' matter, and so is a channel that begins or ends: periods of zero spend
    are left out.
    """
    steps = [each for past in pasts for each in _of(past)]
    if not steps:
        return []
    told = tr(
        "At once another size, and it stays: {steps}. That looks like another currency or unit. Write all periods in "
        "one; if the numbers are right, begin the history there.",
        steps=clauses(steps),
    )
    return [Gate("unit_steps", False, told)]


def _of(past: History) -> Iterator[str]:
    series = [("", past.value, OUTCOME), *zip(past.channels, past.spend, [SPEND] * len(past.channels), strict=True)]
    for name, values, times in series:
        rows = np.flatnonzero(values > 0)
        at = step(values[rows], times)
        if at is None:
            continue
        before, after = (float(np.median(each)) for each in _sides(values[rows], at))
        told = {"week": day(past.weeks[rows[at]]), "before": number(before), "after": number(after)}
        where = " ".join(each for each in (name, past.region) if each)
        if name:
            yield tr("spend of {where} about {before} before {week}, and {after} from then on", where=where, **told)
        elif where:
            yield tr("outcome in {where} about {before} before {week}, and {after} from then on", where=where, **told)
        else:
            yield tr("outcome about {before} before {week}, and {after} from then on", **told)


def step(values: Floats, times: float) -> int | None:
    """Index of the first value after the clearest step by `times` or more, or its reverse; None where there is none.

    Parameters
    ----------
    values : float array (periods,)
        All above zero.
    """
    found: list[tuple[float, int]] = []
    for at in range(_AROUND, len(values) - _AROUND + 1):
        before, after = _sides(values, at)
        low, high = sorted((before, after), key=lambda each: float(np.median(each)))
        ratio = float(np.median(high) / np.median(low))
        if ratio >= times and high.min() >= _CLEAR * low.max():
            found.append((float(high.min() / low.max()), at))
    return max(found)[1] if found else None


def _sides(values: Floats, at: int) -> tuple[Floats, Floats]:
    return values[at - _AROUND : at], values[at : at + _AROUND]
