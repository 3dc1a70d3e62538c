"""What an effect is worth, and whether to stop, go on or run longer; every number from the effect's own draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from reachbook.errors import ParamsError
from reachbook.told import Check

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect
    from reachbook.effects.spec import EffectSpec

    Decision = Literal["stop", "go on", "run longer", "do not act"]


@dataclass(frozen=True)
class Money:
    """What the campaign brought in, against what it cost; all draws are paired with the effect's, (draws,).

    spend : money; value : incremental outcome in money, before margin; contribution : value x margin - spend
    iroas : value over spend, a ratio, or None without spend; cac : spend per unit of outcome added, infinite in draws
        where nothing was added, or None without spend
    break_even : probability that the contribution is above zero
    attained : probability that the relative lift reaches the KPI target, or None without target
    expected : expected money of each choice over `periods` further periods: stop, go on, run longer
    information : what one more period of data is worth before its cost: the value of choosing better afterwards
    decision : the choice with the highest expected money, or "do not act" where a blocking gate failed
    """

    spend: np.ndarray = field(repr=False)
    value: np.ndarray = field(repr=False)
    contribution: np.ndarray = field(repr=False)
    iroas: np.ndarray | None = field(repr=False)
    cac: np.ndarray | None = field(repr=False)
    break_even: float
    target: float | None
    attained: float | None
    periods: int
    expected: dict[str, float]
    information: float
    decision: Decision
    reason: str
    gates: tuple[Check, ...]


def judge(effect: Effect, spec: EffectSpec, *, spend: float | None = None, seed: int = 1) -> Money:
    """Value the effect of any design.

    spend : money spent as the table says it; `spec.spend` comes first. Without either there is no iROAS and no CAC, and
    a gate says so. The margin is uniform between its two ends; the spend is log-normal about what was written.

    Raises ParamsError for a spend that is negative or not finite.
    """
    paid = spec.spend or (spend or 0.0)
    if not np.isfinite(paid) or paid < 0:
        raise ParamsError(
            f"spend is {paid:g}, not an amount of 0 or more. Correct `spend`, or the table's spend column."
        )
    rng = np.random.default_rng([seed, 61])
    draws = len(effect.average)
    margin = rng.uniform(spec.margin_low, spec.margin_high, draws)
    cost = _spend(paid, spec.spend_error, draws, rng)
    value = effect.total * spec.value_per_unit
    contribution = value * margin - cost
    total = effect.total
    expected, information = _choices(effect, spec, paid)
    decision, reason = _decided(effect, expected, spec.periods)
    target = spec.target
    return Money(
        spend=cost,
        value=value,
        contribution=contribution,
        iroas=value / cost if paid else None,
        cac=np.where(total > 0, cost / np.where(total > 0, total, 1.0), np.inf) if paid else None,
        break_even=float((contribution > 0).mean()),
        target=target,
        attained=None if target is None else float((effect.relative >= target).mean()),
        periods=spec.periods,
        expected=expected,
        information=information,
        decision=decision,
        reason=reason,
        gates=(_spend_check(paid),),
    )


def _spend(paid: float, error: float, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of the spend: log-normal with mean `paid` and relative standard deviation `error`."""
    noise = rng.standard_normal(draws)
    if not error:
        return np.full(draws, paid)
    sigma = np.sqrt(np.log1p(error**2))
    return np.asarray(paid * np.exp(sigma * noise - sigma**2 / 2))


def _spend_check(paid: float) -> Check:
    if paid:
        return Check("spend", True, "The spend is known.", "warn")
    detail = "The spend is 0, so that there is no iROAS and no cost per unit. Write what was spent into spend."
    return Check("spend", False, detail, "warn")


def _choices(effect: Effect, spec: EffectSpec, paid: float) -> tuple[dict[str, float], float]:
    """Expected money of each choice, and the value of one more period's data.

    A further period of the same test would halve what the data leave open. What its posterior mean will then be is
    drawn by shrinking the draws towards their mean (moment matching: Heath, Manolopoulou & Baio 2018). Margin and spend
    stay as uncertain as they are, so that only their means matter here. Going on reaches everybody, an experiment's
    control group too; testing reaches only those treated.
    """
    margin = (spec.margin_low + spec.margin_high) / 2
    worth = effect.total * spec.value_per_unit * margin - paid
    mean = float(worth.mean())
    reach = getattr(effect.detail, "everyone", effect.cells) / max(effect.cells, 1)
    later = mean + np.sqrt(_resolved(effect)) * (worth - mean)
    informed = float(np.maximum(later, 0).mean())
    rest = (spec.periods - 1) * reach
    expected = {
        "stop": 0.0,
        "go on": spec.periods * reach * mean,
        "run longer": mean - spec.test_cost + rest * informed,
    }
    return expected, rest * (informed - max(mean, 0.0))


def _resolved(effect: Effect) -> float:
    """Share of the effect's posterior variance that as much data again would resolve.

    One half where the data decide; less where beliefs held before carry much of it, which an experiment knows.
    """
    error = getattr(effect.detail, "error", None)
    if error is None or not error > 0 or (effect.relative <= -1).any():
        return 0.5
    now = float(np.log1p(effect.relative).var())
    return now / (now + float(error) ** 2)


def _decided(effect: Effect, expected: dict[str, float], periods: int) -> tuple[Decision, str]:
    failed = [gate for gate in effect.gates if gate.level == "block" and not gate.passed]
    if failed:
        return "do not act", f"A check does not hold: {failed[0].detail}"
    names: tuple[Decision, ...] = ("stop", "go on", "run longer")
    size = max(map(abs, expected.values())) or 1.0
    # Where data would hardly change the choice, testing on is no decision: it has to be worth a thousandth more.
    best = max(names, key=lambda name: round(expected[name] / size, 3))
    said = ", ".join(f"{name} {expected[name]:,.0f}" for name in names)
    return best, f"Expected money over {periods} further periods: {said}."
