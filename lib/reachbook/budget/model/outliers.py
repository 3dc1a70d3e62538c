"""Gates on single periods of spend or outcome that stand alone and may be typing errors."""

from dataclasses import replace

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.model.history import History
from reachbook.presentation.numbers import number
from reachbook.translation import clauses, day, tr
from reachbook.verdict import Gate

_SPIKE, _TYPO, _ALONE = 6.0, 12.0, 3.0
"""Multiples of a channel's usual spend (median of periods with spend): suspicious, and presumed a typing error; and the
least multiple of the next largest value.
"""
_PEAK, _PIT, _SLIP, _PEAK_ALONE = 3.0, 4.0, 6.0, 2.0
"""Multiples of the usual outcome: suspicious above, suspicious below, and presumed a typing error; and the least
multiple of the next value.
"""
_FEW = 3
"""Most periods that are flagged together as one group of outliers."""


def spikes(pasts: tuple[History, ...]) -> list[Gate]:
    """Gate on periods of isolated high spend, which bend a curve on their own and extend the observed range.

    Up to `_FEW` periods that stand out together are flagged, in each region separately.
    """
    made = [found for past in pasts for k in range(len(past.channels)) for found in _alone(past, k)]
    if not made:
        return []
    slip = max(times for times, _ in made) > _TYPO
    told = tr(
        "Spend that stands alone: {weeks}. Correct it if it is a slip; if it is right, give it a channel of its own, "
        "since one point says nothing of the others' curve.",
        weeks=clauses(words for _, words in made),
    )
    return [Gate("spikes", False, told, "block" if slip else "warn")]


def _alone(past: History, channel: int) -> list[tuple[float, str]]:
    spend = past.spend[channel]
    if not spend.any():
        return []
    usual = float(np.median(spend[spend > 0]))
    return [
        (
            float(spend[k] / usual),
            tr(
                "{where} {spend} on {week}, {times:,.0f} times the usual",
                where=_placed(past.channels[channel], past.region), spend=number(spend[k]), week=day(past.weeks[k]),
                times=spend[k] / usual,
            ),
        )
        for k in _above(spend, usual, _SPIKE, _ALONE)
    ]  # fmt: skip


def _placed(name: str, region: str) -> str:
    return tr("{name} in {region}", name=name, region=region) if region else name


def _above(values: Floats, usual: float, times: float, apart: float) -> list[int]:
    """Indices of up to `_FEW` values above `times` the usual value and above `apart` times the largest of the rest."""
    order = np.argsort(-values, kind="stable")
    for count in range(min(_FEW, len(values) - 1), 0, -1):
        last, rest = float(values[order[count - 1]]), float(values[order[count]])
        if last > times * usual and last > apart * rest:
            return [int(k) for k in order[:count]]
    return []


def outcome_spikes(pasts: tuple[History, ...]) -> list[Gate]:
    """Gate on periods of isolated high or low outcome: one of them can change the returns of all channels."""
    made = [found for past in pasts for found in _odd_outcomes(past)]
    if not made:
        return []
    slip = max(times for times, _ in made) > _SLIP
    told = tr(
        "Outcome that stands alone: {weeks}. Correct it if it is a slip; if it is right, give what happened then a "
        "column of its own.",
        weeks=clauses(words for _, words in made),
    )
    return [Gate("outcome_spikes", False, told, "block" if slip else "warn")]


def _odd_outcomes(past: History) -> list[tuple[float, str]]:
    usual = float(np.median(past.value))
    if usual <= 0:
        return []
    high = _above(past.value, usual, _PEAK, _PEAK_ALONE)
    low = _above(1 / np.maximum(past.value, 1e-3 * usual), 1 / usual, _PIT, _PEAK_ALONE)
    return [
        (
            float(max(past.value[k] / usual, usual / max(past.value[k], 1e-3 * usual))),
            tr(
                "{where} on {week}, where {usual} is usual",
                where=_placed(number(past.value[k]), past.region), week=day(past.weeks[k]), usual=number(usual),
            ),
        )
        for k in (*high, *low)
    ]  # fmt: skip


def slips_below(apart: tuple[History, ...]) -> list[Gate]:
    """Probable typing errors in single regions that the sum may hide; a warning, as they weigh less there."""
    found = [check for check in (*spikes(apart), *outcome_spikes(apart)) if check.level == "block"]
    return [replace(each, id=f"{each.id}_by_region", level="warn") for each in found]
