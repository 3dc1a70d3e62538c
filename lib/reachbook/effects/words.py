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


def metric(effect: Effect) -> str:
    """The outcome as it stands in a sentence."""
    return "the outcome" if effect.outcome == "outcome" else effect.outcome
