"""Numbers of an effect in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.numbers import MINUS, number

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect


def three(draws: np.ndarray, level: float) -> tuple[float, float, float]:
    """(low, middle, high) of draws, with equal tails."""
    low, middle, high = np.quantile(draws, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return float(low), float(middle), float(high)


def interval(draws: np.ndarray, level: float, unit: str = "", currency: str = "CNY") -> str:
    """Median and interval of draws, as 5.0% [1.0%, 9.0%]."""
    low, middle, high = (number(each, unit, currency) for each in three(draws, level))
    return f"{middle} [{low}, {high}]"


def signed(value: float, digits: int = 1) -> str:
    """A ratio as per cent with its sign, as +2.5%."""
    return f"{value:+.{digits}%}".replace("-", MINUS)


def percent(level: float) -> str:
    """The level of an interval, as 95%."""
    return f"{100 * level:g}%"


def chance(probability: float) -> str:
    """A probability from draws, as 93%; never one that says that something is certain."""
    return "below 1%" if probability < 0.005 else "above 99%" if probability > 0.995 else f"{probability:.0%}"


def metric(effect: Effect) -> str:
    """The outcome as it stands in a sentence: a ratio as orders/visits."""
    return "the outcome" if effect.outcome == "outcome" else effect.outcome


def unit_of(effect: Effect) -> str:
    """What is added or lost in all: of a ratio its numerator."""
    name = effect.outcome.split("/")[0] if getattr(effect.detail, "kind", "") == "ratio" else effect.outcome
    return "units of outcome" if name == "outcome" else name


def scale(effect: Effect) -> tuple[np.ndarray, str]:
    """Draws of the lift and their unit: relative, or in outcome units where the mean may be zero or below."""
    return (effect.relative, "ratio") if (effect.baseline > 0).all() else (effect.average, "a unit")
