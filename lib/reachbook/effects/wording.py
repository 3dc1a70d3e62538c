"""Numbers of an effect in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.presentation.numbers import MINUS, number
from reachbook.stats.intervals import equal_tailed

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect


def interval(draws: np.ndarray, level: float, unit: str = "", currency: str = "CNY") -> str:
    """Median and interval of draws, as 5.0% [1.0%, 9.0%]."""
    low, middle, high = (number(each, unit, currency) for each in equal_tailed(draws, level))
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


def is_ratio(effect: Effect) -> bool:
    """Whether the outcome is a ratio of sums, as orders/visits."""
    return getattr(effect.detail, "kind", "") == "ratio"


def counted(effect: Effect) -> str:
    """The column that is added or lost in all: of a ratio its numerator."""
    return str(effect.detail.numerator) if is_ratio(effect) else effect.outcome


def unit_of(effect: Effect) -> str:
    """What is added or lost in all, as it stands in a sentence."""
    name = counted(effect)
    return "units of outcome" if name == "outcome" else name


def one_unit(effect: Effect) -> str:
    """A single one of what is added or lost."""
    name = counted(effect)
    return "one unit of outcome" if name == "outcome" else f"one unit of {name}"


def scale(effect: Effect) -> tuple[np.ndarray, str]:
    """Draws of the lift and their unit: relative, or in outcome units where the mean may be zero or below."""
    return (effect.relative, "ratio") if (effect.baseline > 0).all() else (effect.average, "a unit")
