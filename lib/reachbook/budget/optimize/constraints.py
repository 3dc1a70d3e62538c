"""Constraints in solver form (bounds, rows, choices), with the words that name each to a reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import Curves, no_amount
from reachbook.budget.optimize.rules import Rules
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number


@dataclass(frozen=True)
class Constraint:
    """A rule, in words."""

    words: str


@dataclass(frozen=True)
class Bound(Constraint):
    """Spend of channel index `channel` lies between `low` and `high`, in money."""

    channel: int
    low: float
    high: float


@dataclass(frozen=True)
class ObservedRange(Bound):
    """Bound set by the observed range, or by the end of the curve, rather than by the user."""


@dataclass(frozen=True)
class MinimumBuy(Constraint):
    """Spend of channel index `channel` is zero or at least `least`, in money."""

    channel: int
    least: float


@dataclass(frozen=True)
class Package(Constraint):
    """Spend of channel index `channel` is an integer multiple of `size`, in money."""

    channel: int
    size: float


@dataclass(frozen=True)
class LinearConstraint(Constraint):
    """`coefficients` (channels,) times money paid lies between `low` and `high`."""

    coefficients: Floats
    low: float
    high: float


@dataclass(frozen=True)
class OutcomeAtLeast(Constraint):
    """The figure of merit of the outcome, minus `roas` times money paid, is at least `target`."""

    target: float
    roas: float


def constraints(rules: Rules, curves: Curves, total: float | None) -> list[Constraint]:
    """All constraints of a plan, in an order that does not depend on the order of channels.

    Raises
    ------
    ParamsError
        If a channel does not exist, the total is not an amount, or a change lacks current spend.
    """
    known_channels(rules, curves.channels)
    made: list[Constraint] = [*_observed(rules, curves), *_bounds(rules, curves), *_changes(rules, curves)]
    index = {name: c for c, name in enumerate(curves.channels)}
    made += [MinimumBuy(f"{n} at least {number(m)} if used", index[n], m) for n, m in rules.minimum.items() if m > 0]
    made += [Package(f"{n} in packages of {number(size)}", index[n], size) for n, size in rules.packages.items()]
    made += _shares(rules, curves.channels)
    return made + _totals(rules, len(curves.channels), total)


def shut(kept: Sequence[Constraint], rules: Rules, channels: Sequence[str]) -> tuple[str, ...]:
    """Sentences on channels that get nothing because their minimum or package exceeds their upper bound."""
    told = []
    for c, name in enumerate(channels):
        asked = [
            constraint
            for constraint in kept
            if isinstance(constraint, MinimumBuy | Package) and constraint.channel == c
        ]
        ends = [
            (constraint.high, constraint.words)
            for constraint in kept
            if isinstance(constraint, Bound) and constraint.channel == c
        ]
        if name not in rules.rebates:
            ends += [
                (row.high, row.words)
                for row in kept
                if isinstance(row, LinearConstraint) and (row.coefficients == 1).all()
            ]
        least = max((constraint.least for constraint in asked if isinstance(constraint, MinimumBuy)), default=0.0)
        size = max((constraint.size for constraint in asked if isinstance(constraint, Package)), default=0.0)
        told += nothing(
            name, smallest(least, size), [constraint.words for constraint in asked], min(ends, default=(0.0, ""))
        )
    return tuple(sorted(told))


def nothing(name: str, least: float, asked: Sequence[str], end: tuple[float, str]) -> list[str]:
    """Sentence on a channel whose smallest purchase exceeds its upper bound, else an empty list.

    Parameters
    ----------
    name : str
        Channel.
    least : float
        Smallest purchase, in money.
    asked : sequence of str
        Rules that require it, in words.
    end : tuple of (float, str)
        Upper bound in money, and the rule that sets it.
    """
    if not 0 < end[0] * (1 + 1e-9) < least:
        return []
    both = " and ".join([*asked, end[1]])
    return [f"{name} gets nothing: it cannot keep {both} together; lower what it must take, or let it take more"]


def smallest(least: float, size: float) -> float:
    """Smallest positive purchase: `least`, rounded up to an integer number of packages if `size` is positive."""
    return size * max(float(np.ceil(least / size * (1 - 1e-9))), 1.0) if size else least


def known_channels(rules: Rules, channels: tuple[str, ...]) -> None:
    """Check that rules name known channels only.

    Raises
    ------
    ParamsError
        If a rule names a channel that is not in `channels`.
    """
    named: list[tuple[str, Iterable[str]]] = [
        (field, getattr(rules, field)) for field in ("limits", "fixed", "minimum", "changes", "packages", "rebates")
    ]
    named += [(f"shares.{group}", share.channels) for group, share in rules.shares.items()]
    for field, names in named:
        for name in names:
            if name not in channels:
                raise ParamsError(
                    f"budget rules: {field} names {name}, which has no curve. Channels: {', '.join(sorted(channels))}."
                )


def _observed(rules: Rules, curves: Curves) -> list[Constraint]:
    """Bounds of the observed range, extended by `beyond`, within the curves."""
    made: list[Constraint] = []
    for c, name in enumerate(curves.channels):
        allowed = curves.observed[c] * (1 + rules.beyond)
        low, high = _least(rules, curves, c), float(min(allowed, curves.grid[c, -1]))
        beyond = f" and {number(rules.beyond, 'ratio')} beyond" if rules.beyond else ""
        why = f"observed{beyond}" if allowed <= curves.grid[c, -1] else "where its curve ends"
        least = f"at least {number(low)} and " if low else ""
        made.append(ObservedRange(f"{name} {least}at most {number(high)} ({why})", c, low, high))
    return made


def _least(rules: Rules, curves: Curves, c: int) -> float:
    """Lower bound of a channel's spend by observation; current spend is always allowed."""
    start = float(curves.grid[c, 0])
    if curves.least is None:
        return start
    seen = float(curves.least[c]) if curves.current is None else float(min(curves.least[c], curves.current[c]))
    return max(start, seen * max(1 - rules.beyond, 0.0))


def _bounds(rules: Rules, curves: Curves) -> list[Constraint]:
    index = {name: c for c, name in enumerate(curves.channels)}
    made: list[Constraint] = []
    for name, limits in rules.limits.items():
        if limits.low:
            made.append(Bound(f"{name} at least {number(limits.low)}", index[name], limits.low, np.inf))
        if limits.high is not None:
            made.append(Bound(f"{name} at most {number(limits.high)}", index[name], 0, limits.high))
    made += [
        Bound(f"{name} fixed at {number(amount)}", index[name], amount, amount) for name, amount in rules.fixed.items()
    ]
    return made


def _changes(rules: Rules, curves: Curves) -> list[Constraint]:
    if rules.change is None and not rules.changes:
        return []
    if curves.current is None:
        raise ParamsError("budget rules: change needs the spend now; give current, or drop change and changes.")
    made: list[Constraint] = []
    for c, name in enumerate(curves.channels):
        ratio = rules.changes.get(name, rules.change)
        if ratio is not None and name not in rules.fixed:
            now = float(curves.current[c])
            most = number(ratio, "ratio")
            made.append(
                Bound(f"{name} not below {number(now)} by more than {most}", c, max(0.0, now * (1 - ratio)), np.inf)
            )
            made.append(Bound(f"{name} not above {number(now)} by more than {most}", c, 0, now * (1 + ratio)))
    return made


def _shares(rules: Rules, channels: tuple[str, ...]) -> list[Constraint]:
    made: list[Constraint] = []
    for group, share in rules.shares.items():
        member = np.isin(channels, share.channels).astype(float)
        if share.low:
            made.append(
                LinearConstraint(
                    f"{group} at least {number(share.low, 'ratio')} of the money", member - share.low, 0, np.inf
                )
            )
        if share.high is not None:
            made.append(
                LinearConstraint(
                    f"{group} at most {number(share.high, 'ratio')} of the money", member - share.high, -np.inf, 0
                )
            )
    return made


def _totals(rules: Rules, count: int, total: float | None) -> list[Constraint]:
    made: list[Constraint] = []
    if total is None and rules.mode in ("fixed", "at_most"):
        raise ParamsError(f"budget rules: mode {rules.mode} needs a total; give it, or take mode free or target.")
    if total is not None:
        if wrong := no_amount(total):
            raise ParamsError(f"budget: total is {wrong}; give an amount of money, 0 or more.")
        exact = rules.mode == "fixed"
        words = f"total of {number(total)}" if exact else f"total at most {number(total)}"
        made.append(LinearConstraint(words, np.ones(count), float(total) if exact else -np.inf, float(total)))
    if rules.target is not None:
        made.append(OutcomeAtLeast(f"outcome at least {number(rules.target)}", rules.target, 0.0))
    if rules.efficiency is not None:
        words = f"ROAS at least {number(rules.efficiency)}" if rules.cac is None else f"CAC at most {number(rules.cac)}"
        made.append(OutcomeAtLeast(words, 0.0, rules.efficiency))
    return made
