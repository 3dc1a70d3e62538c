"""Constraints in solver form (bounds, rows, choices), with the words that name each to a reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reachbook.arrays import Floats
from reachbook.budget.optimize.curves import Curves, no_amount
from reachbook.budget.optimize.rules import Rules
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import joined, listing, tr


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
    made += [
        MinimumBuy(tr("{name} at least {amount} if used", name=n, amount=number(m)), index[n], m)
        for n, m in rules.minimum.items()
        if m > 0
    ]
    made += [
        Package(tr("{name} in packages of {amount}", name=n, amount=number(size)), index[n], size)
        for n, size in rules.packages.items()
    ]
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
    both = listing([*asked, end[1]])
    return [
        tr(
            "{name} gets nothing: it cannot keep {rules} together; lower what it must take, or let it take more",
            name=name, rules=both,
        )
    ]  # fmt: skip


def smallest(least: float, size: float) -> float:
    """Smallest positive purchase: `least`, rounded up to an integer number of packages if `size` is positive."""
    return size * max(float(np.ceil(least / size * (1 - 1e-9))), 1.0) if size else least


def on_total(words: str) -> bool:
    """Whether these are the words of the rule on the total."""
    return words.startswith((tr("total of {amount}", amount=""), tr("total at most {amount}", amount="")))


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
                    tr(
                        "budget rules: {field} names {name}, which has no curve. Channels: {channels}.",
                        field=field,
                        name=name,
                        channels=joined(sorted(channels)),
                    )
                )


def _observed(rules: Rules, curves: Curves) -> list[Constraint]:
    """Bounds of the observed range, extended by `beyond`, within the curves."""
    made: list[Constraint] = []
    for c, name in enumerate(curves.channels):
        allowed = curves.observed[c] * (1 + rules.beyond)
        low, high = _least(rules, curves, c), float(min(allowed, curves.grid[c, -1]))
        if allowed > curves.grid[c, -1]:
            why = tr("where its curve ends")
        elif rules.beyond:
            why = tr("observed and {share} beyond", share=number(rules.beyond, "ratio"))
        else:
            why = tr("observed")
        told = {"name": name, "high": number(high), "why": why}
        words = tr("{name} at least {low} and at most {high} ({why})", low=number(low), **told) if low else (
            tr("{name} at most {high} ({why})", **told)
        )  # fmt: skip
        made.append(ObservedRange(words, c, low, high))
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
            made.append(
                Bound(
                    tr("{name} at least {amount}", name=name, amount=number(limits.low)),
                    index[name],
                    limits.low,
                    np.inf,
                )
            )
        if limits.high is not None:
            made.append(
                Bound(tr("{name} at most {amount}", name=name, amount=number(limits.high)), index[name], 0, limits.high)
            )
    made += [
        Bound(tr("{name} fixed at {amount}", name=name, amount=number(amount)), index[name], amount, amount)
        for name, amount in rules.fixed.items()
    ]
    return made


def _changes(rules: Rules, curves: Curves) -> list[Constraint]:
    if rules.change is None and not rules.changes:
        return []
    if curves.current is None:
        raise ParamsError(tr("budget rules: change needs the spend now; give current, or drop change and changes."))
    made: list[Constraint] = []
    for c, name in enumerate(curves.channels):
        ratio = rules.changes.get(name, rules.change)
        if ratio is not None and name not in rules.fixed:
            now = float(curves.current[c])
            most = number(ratio, "ratio")
            made.append(
                Bound(
                    tr("{name} not below {now} by more than {most}", name=name, now=number(now), most=most),
                    c,
                    max(0.0, now * (1 - ratio)),
                    np.inf,
                )
            )
            made.append(
                Bound(
                    tr("{name} not above {now} by more than {most}", name=name, now=number(now), most=most),
                    c,
                    0,
                    now * (1 + ratio),
                )
            )
    return made


def _shares(rules: Rules, channels: tuple[str, ...]) -> list[Constraint]:
    made: list[Constraint] = []
    for group, share in rules.shares.items():
        member = np.isin(channels, share.channels).astype(float)
        if share.low:
            made.append(
                LinearConstraint(
                    tr("{name} at least {share} of the money", name=group, share=number(share.low, "ratio")),
                    member - share.low,
                    0,
                    np.inf,
                )
            )
        if share.high is not None:
            made.append(
                LinearConstraint(
                    tr("{name} at most {share} of the money", name=group, share=number(share.high, "ratio")),
                    member - share.high,
                    -np.inf,
                    0,
                )
            )
    return made


def _totals(rules: Rules, count: int, total: float | None) -> list[Constraint]:
    made: list[Constraint] = []
    if total is None and rules.mode in ("fixed", "at_most"):
        raise ParamsError(
            tr("budget rules: mode {mode} needs a total; give it, or take mode free or target.", mode=rules.mode)
        )
    if total is not None:
        if wrong := no_amount(total):
            raise ParamsError(tr("budget: total is {wrong}; give an amount of money, 0 or more.", wrong=wrong))
        exact = rules.mode == "fixed"
        amount = number(total)
        words = tr("total of {amount}", amount=amount) if exact else tr("total at most {amount}", amount=amount)
        made.append(LinearConstraint(words, np.ones(count), float(total) if exact else -np.inf, float(total)))
    if rules.target is not None:
        made.append(OutcomeAtLeast(tr("outcome at least {amount}", amount=number(rules.target)), rules.target, 0.0))
    if rules.efficiency is not None:
        words = tr("ROAS at least {ratio}", ratio=number(rules.efficiency)) if rules.cac is None else (
            tr("CAC at most {amount}", amount=number(rules.cac))
        )  # fmt: skip
        made.append(OutcomeAtLeast(words, 0.0, rules.efficiency))
    return made
