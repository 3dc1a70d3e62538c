"""Figures of an effect as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.presentation.names import named
from reachbook.presentation.numbers import MINUS, spread
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import mark, tr

if TYPE_CHECKING:
    from reachbook.effects.effect import Effect


A_UNIT = mark("a unit")
"""Unit of effects that are not told as a ratio."""


def interval(draws: np.ndarray, level: float, unit: str = "", currency: str = "CNY") -> str:
    """Median and equal-tailed interval of `draws` (draws,) as text, such as 5.0% [1.0%, 9.0%]."""
    low, middle, high = spread(*equal_tailed(draws, level), unit, currency)
    return f"{middle} [{low}, {high}]"


def signed(value: float, digits: int = 1) -> str:
    """A ratio as a percentage with its sign, such as +2.5%."""
    return f"{value:+.{digits}%}".replace("-", MINUS)


def percent(level: float) -> str:
    """Level of an interval as text, such as 95%."""
    return f"{100 * level:g}%"


def metric(effect: Effect) -> str:
    """Name of the outcome in a sentence."""
    return tr("the outcome") if _plain(effect.outcome) else called(effect.outcome)


def _plain(column: str) -> bool:
    """Whether the column is just called outcome, and the study has no name for it."""
    return column == "outcome" and named(column) == column


def called(column: str) -> str:
    """A column of outcomes by the name that readers know; of a ratio, both."""
    return "/".join(named(each) for each in column.split("/"))


def is_ratio(effect: Effect) -> bool:
    """Whether the outcome is a ratio of sums, such as orders/visits."""
    return getattr(effect.detail, "kind", "") == "ratio"


def counted(effect: Effect) -> str:
    """Column that is gained or lost in total: for a ratio its numerator."""
    return str(effect.detail.numerator) if is_ratio(effect) else effect.outcome


def unit_of(effect: Effect) -> str:
    """Plural noun for what is gained or lost in total."""
    name = counted(effect)
    return tr("units of outcome") if _plain(name) else called(name)


def one_unit(effect: Effect) -> str:
    """Singular noun for what is gained or lost in total."""
    name = counted(effect)
    return tr("one unit of outcome") if _plain(name) else tr("one unit of {name}", name=called(name))


def scale(effect: Effect) -> tuple[np.ndarray, str]:
    """Draws of the lift, (draws,), and their unit: relative, or absolute where the baseline may be 0 or less."""
    return (effect.relative, "ratio") if (effect.baseline > 0).all() else (effect.average, A_UNIT)


def odds(p: float) -> str:
    """How often chance alone gives as much, such as 32% of tests; very small values are reported as a bound."""
    return tr("fewer than 0.01%") if p < 1e-4 else f"{p:.0%}" if p >= 0.1 else f"{100 * p:.2g}%"


def capital(text: str) -> str:
    """`text` with a capital letter, to begin a sentence or a label."""
    return text[:1].upper() + text[1:]
