"""Numbers of a budget in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.presentation.numbers import number
from reachbook.stats.intervals import equal_tailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reachbook.arrays import Floats


def interval(draws: Floats, level: float, unit: str = "", currency: str = "CNY") -> str:
    """Median and interval of draws, as 5.0% [1.0%, 9.0%]."""
    low, middle, high = (number(each, unit, currency) for each in equal_tailed(draws, level))
    return f"{middle} [{low}, {high}]"


def chance(draws: Floats, above: float = 0.0) -> float:
    """Part of the draws above a value."""
    return float((draws > above).mean())


def sure(draws: Floats) -> float:
    """The same above zero, as a figure: never 0 or 1, since draws are no proof (rule of succession)."""
    return (int((draws > 0).sum()) + 1) / (len(draws) + 2)


def likely(probability: float) -> str:
    """A probability as text, never as a certainty."""
    if probability > 0.99:
        return "more than 99%"
    return "less than 1%" if probability < 0.01 else f"{probability:.0%}"


def weekly(values: Floats, step: int) -> Floats:
    """Sums of weeks from the periods of `step` days (7 or 1) along the last axis; days before the first whole week go.

    Weeks are counted back from the last period.
    """
    each = 7 // step
    whole = values.shape[-1] // each * each
    return np.asarray(values[..., values.shape[-1] - whole :].reshape(*values.shape[:-1], -1, each).sum(axis=-1))


def within(gap: float) -> str:
    """A proven gap, never as nothing: solvers work to about a millionth."""
    return f"{max(gap, 1e-6):.4%}"


def name(channel: str, names: Mapping[str, str]) -> str:
    """A channel as the study calls it, and as the table does."""
    return f"{names[channel]} {channel}" if names.get(channel, channel) != channel else channel


def renamed(words: str, names: Mapping[str, str]) -> str:
    """A rule or note that begins with a channel, with the channel as the study calls it."""
    first, _, rest = words.partition(" ")
    return f"{name(first, names)} {rest}" if first in names else words


def sentence(words: str, names: Mapping[str, str]) -> str:
    """A note as a sentence of its own."""
    told = renamed(words, names)
    return f"{told[0].upper()}{told[1:]}."


def listed(items: Iterable[str]) -> str:
    """Items in a sentence."""
    all_of = list(items)
    return all_of[0] if len(all_of) == 1 else ", ".join(all_of[:-1]) + " and " + all_of[-1] if all_of else ""
