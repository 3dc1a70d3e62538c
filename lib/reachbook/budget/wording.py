"""Budget figures as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reachbook.presentation.numbers import spread
from reachbook.stats.intervals import equal_tailed
from reachbook.translation import listing, tr, trn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reachbook.arrays import Floats


def interval(draws: Floats, level: float, unit: str = "", currency: str = "CNY") -> str:
    """Median and equal-tailed interval of draws as text, such as 5.0% [1.0%, 9.0%]."""
    low, middle, high = spread(*equal_tailed(draws, level), unit, currency)
    return f"{middle} [{low}, {high}]"


def bracketed(middle: float, low: float, high: float, unit: str = "", currency: str = "CNY") -> str:
    """A value with the ends of its interval as text."""
    first, value, last = spread(low, middle, high, unit, currency)
    return f"{value} [{first}, {last}]"


def chance(draws: Floats, above: float = 0.0) -> float:
    """Share of the draws above `above`."""
    return float((draws > above).mean())


def sure(draws: Floats) -> float:
    """Probability that a draw is positive by the rule of succession: never 0 or 1, since finite draws are no proof."""
    return (int((draws > 0).sum()) + 1) / (len(draws) + 2)


def likely(probability: float) -> str:
    """A probability as text, with values beyond 1% and 99% reported as bounds."""
    if probability > 0.99:
        return tr("more than 99%")
    return tr("less than 1%") if probability < 0.01 else f"{probability:.0%}"


def weekly(values: Floats, step: int) -> Floats:
    """Weekly sums along the last axis; periods that precede the first complete week are dropped.

    Parameters
    ----------
    values : float array (..., periods)
        Values by period.
    step : int
        Days in a period, 7 or 1. Weeks are counted back from the last period.

    Returns
    -------
    float array (..., weeks)
        Sums, in the unit of `values`.
    """
    each = 7 // step
    whole = values.shape[-1] // each * each
    return np.asarray(values[..., values.shape[-1] - whole :].reshape(*values.shape[:-1], -1, each).sum(axis=-1))


def periods(count: int, step: int) -> str:
    """A number of weeks (`step` 7) or days (`step` 1) as text."""
    return trn("{n} week", "{n} weeks", count) if step == 7 else trn("{n} day", "{n} days", count)


def within(gap: float) -> str:
    """A proven gap as text, never below 1e-6: the solver works to about that tolerance."""
    return f"{max(gap, 1e-6):.4%}"


def name(channel: str, names: Mapping[str, str]) -> str:
    """Display name of a channel; its name in the table follows where another channel is shown by the same."""
    shown = names.get(channel, channel)
    return shown if list(names.values()).count(shown) < 2 else f"{shown} ({channel})"


def renamed(words: str, names: Mapping[str, str]) -> str:
    """`words` with the channel or group that they begin with replaced by its display name."""
    first = max((each for each in names if words.startswith(f"{each} ")), key=len, default="")
    return f"{name(first, names)}{words.removeprefix(first)}" if first else words


def sentence(words: str, names: Mapping[str, str]) -> str:
    """A note as a complete sentence: channel renamed, first letter capitalised, full stop added."""
    return ended(renamed(words, names))


def ended(words: str) -> str:
    """A note as a complete sentence: first letter capitalised, full stop added."""
    return tr("{told}.", told=f"{words[:1].upper()}{words[1:]}")


def few(names: Sequence[str], words: int = 6) -> str:
    """The first three names or `words` words of them, for a decision, and how many names there are besides."""
    kept = list(names[:3])
    while len(kept) > 1 and len(" ".join(kept).split()) > words:
        kept.pop()
    rest = len(names) - len(kept)
    return listing([*kept, *([trn("{n} other", "{n} others", rest)] if rest else [])])


def beside(name: str, value: str) -> str:
    """A name with its value in brackets."""
    return tr("{name} ({value})", name=name, value=value)
