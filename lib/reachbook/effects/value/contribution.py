"""What an effect is worth, and whether to stop, go on or run longer; every number from the effect's own draws.

Nothing is told of money that nobody entered: without the value of a unit, the margin and the spend there is an effect
in the outcome's own unit, and no contribution, no break-even, no choice by money.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from reachbook.effects.wording import counted, is_ratio
from reachbook.errors import ParamsError

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec

    Decision = Literal["stop", "go on", "run longer", "not settled", "effect only", "do not act"]

SURE = 0.9
"""Probability from which money decides without a horizon: it pays for itself, or it does not, 9 times in 10."""
_MONEY = re.compile(
    r"(total|net|gross)?_?(gmv|revenues?|turnover)|(总|净|实际)?(销售额|成交额|成交金额|营业额|营收|收入)", re.I
)


@dataclass(frozen=True)
class Contribution:
    """What the campaign brought in, against what it cost; all draws are paired with the effect's, (draws,).

    What was not entered is None, and so is all that would follow from it.

    added : incremental outcome in its own unit; of a ratio, that of its numerator
    paid : money spent on top of the usual, negative where it was saved; spend : its draws
    value : incremental outcome in money, before margin; contribution : value x margin - spend
    iroas : value over spend, a ratio: what each unit of money brought, or lost where it was saved; None at spend 0
    cac : money for each unit of outcome, infinite in draws where outcome did not move the way of the money
    break_even : probability that the contribution is above zero
    attained : probability that the relative lift reaches the KPI target
    expected : expected money of each choice over `periods` further periods: stop, go on, run longer
    information : what one more period of data is worth before its cost: the value of choosing better afterwards
    decision : the choice with the highest expected money; without a stated horizon, what is sure enough; "effect only"
        where money does not decide, "do not act" where a blocking gate failed
    """

    added: np.ndarray = field(repr=False)
    paid: float | None
    spend: np.ndarray | None = field(repr=False)
    value: np.ndarray | None = field(repr=False)
    contribution: np.ndarray | None = field(repr=False)
    iroas: np.ndarray | None = field(repr=False)
    cac: np.ndarray | None = field(repr=False)
    break_even: float | None
    target: float | None
    attained: float | None
    periods: int | None
    expected: dict[str, float] | None
    information: float | None
    decision: Decision


def unit_value(effect: Effect, spec: EffectSpec) -> float | None:
    """Money that a unit of outcome is worth: as stated, or 1 where the outcome's name says that it is money."""
    if spec.value_per_unit is not None:
        return spec.value_per_unit
    return 1.0 if is_money(counted(effect)) else None


def is_money(outcome: str) -> bool:
    """Whether a column's name says that it holds money: GMV, revenue, 销售额 and their like, and nothing beside it."""
    return _MONEY.fullmatch(outcome.strip()) is not None


def margin_of(spec: EffectSpec) -> float | None:
    """Mean of the margin's two ends, None where it was not stated."""
    return None if spec.margin_low is None or spec.margin_high is None else (spec.margin_low + spec.margin_high) / 2


def added_by(effect: Effect) -> np.ndarray:
    """Draws of the outcome added in all, (draws,); of a ratio that of its numerator."""
    return effect.detail.numerator_total if is_ratio(effect) else effect.total


def missing(effect: Effect, spec: EffectSpec, paid: float | None) -> list[str]:
    """Parameters without which money decides nothing, in the order in which they stand."""
    names = [] if unit_value(effect, spec) is not None else ["value_per_unit"]
    names += [] if margin_of(spec) is not None else ["margin_low", "margin_high"]
    return names + ([] if paid is not None else ["spend"])


def judge(effect: Effect, spec: EffectSpec, *, spend: float | None = None, seed: int = 1) -> Contribution:
    """Value the effect of any design, as far as what was entered allows.

    spend : money spent on top of the usual as the table says it, see `spending`; `spec.spend` comes first. The margin
    is uniform between its two ends; the spend is log-normal about what was written.

    Raises ParamsError for a spend that is not finite.
    """
    paid = spend if spec.spend is None else spec.spend
    if paid is not None and not np.isfinite(paid):
        raise ParamsError(f"spend is {paid:g}, not an amount. Correct `spend`, or the table's spend column.")
    rng = np.random.default_rng([seed, 61])
    draws = len(effect.average)
    low, high, unit, added = spec.margin_low, spec.margin_high, unit_value(effect, spec), added_by(effect)
    margin = None if low is None or high is None else rng.uniform(low, high, draws)
    cost = None if paid is None else _spend(paid, spec.spend_error, draws, rng)
    value = None if unit is None else added * unit
    contribution = None if value is None or margin is None or cost is None else value * margin - cost
    expected, information = _choices(effect, spec, contribution, value, paid)
    even = None if contribution is None else float((contribution > 0).mean())
    return Contribution(
        added=added,
        paid=paid,
        spend=cost,
        value=value,
        contribution=contribution,
        iroas=value / cost if paid and value is not None and cost is not None else None,
        cac=_per_unit(added, cost) if paid and cost is not None else None,
        break_even=even,
        target=spec.target,
        attained=None if spec.target is None else float((effect.relative >= spec.target).mean()),
        periods=spec.periods,
        expected=expected,
        information=information,
        decision=_decided(effect, expected, even),
    )


def _per_unit(added: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Money for a unit added, or saved for a unit lost; infinite where outcome and money did not move alike."""
    alike = added * cost > 0
    return np.where(alike, cost / np.where(alike, added, 1.0), np.inf)


def _spend(paid: float, error: float, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of the spend: log-normal with mean `paid` and relative standard deviation `error`; it keeps its sign."""
    noise = rng.standard_normal(draws)
    if not error:
        return np.full(draws, paid)
    sigma = np.sqrt(np.log1p(error**2))
    return np.asarray(paid * np.exp(sigma * noise - sigma**2 / 2))


def _choices(
    effect: Effect, spec: EffectSpec, contribution: np.ndarray | None, value: np.ndarray | None, paid: float | None
) -> tuple[dict[str, float] | None, float | None]:
    """Expected money of each choice, and the value of one more period's data; None without horizon or test's cost.

    A further period of the same test would halve what the data leave open. What its posterior mean will then be is
    drawn by shrinking the draws towards their mean (moment matching: Heath, Manolopoulou & Baio 2018). Margin and spend
    stay as uncertain as they are, so that only their means matter here. Going on reaches everybody, an experiment's
    control group too; testing reaches only those treated.
    """
    margin = margin_of(spec)
    if contribution is None or value is None or paid is None or margin is None:
        return None, None
    if spec.periods is None or spec.test_cost is None:
        return None, None
    worth = value * margin - paid
    mean, reach = float(worth.mean()), _reach(effect)
    later = mean + np.sqrt(_resolved(effect)) * (worth - mean)
    informed = float(np.maximum(later, 0).mean())
    rest = (spec.periods - 1) * reach
    expected = {
        "stop": 0.0,
        "go on": spec.periods * reach * mean,
        "run longer": mean - spec.test_cost + rest * informed,
    }
    return expected, rest * (informed - max(mean, 0.0))


def _reach(effect: Effect) -> float:
    """How many times those treated a roll-out would reach."""
    if is_ratio(effect):
        return float(effect.detail.numerator_reach)
    return float(getattr(effect.detail, "everyone", effect.cells) / max(effect.cells, 1))


def _resolved(effect: Effect) -> float:
    """Share of the effect's posterior variance that as much data again would resolve.

    One half where the data decide; less where beliefs held before carry much of it, which an experiment knows.
    """
    error = getattr(effect.detail, "error", None)
    if error is None or not error > 0 or (effect.relative <= -1).any():
        return 0.5
    now = float(np.log1p(effect.relative).var())
    return now / (now + float(error) ** 2)


def _decided(effect: Effect, expected: dict[str, float] | None, even: float | None) -> Decision:
    if not effect.passed:
        return "do not act"
    if even is None:
        return "effect only"
    if expected is None:
        return "go on" if even >= SURE else "stop" if even <= 1 - SURE else "not settled"
    names: tuple[Decision, ...] = ("stop", "go on", "run longer")
    size = max(map(abs, expected.values())) or 1.0
    # Where data would hardly change the choice, testing on is no decision: it has to be worth a thousandth more.
    return max(names, key=lambda name: round(expected[name] / size, 3))
