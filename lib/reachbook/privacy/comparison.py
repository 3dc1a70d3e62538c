"""How those who left for want of consent differ from those who stayed, from sums alone.

Everybody is counted, so that a difference is what it is; its interval says what chance would allow if the two groups
were random samples of people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest, t

from reachbook.privacy.rights import NO_CONSENT, REASONS
from reachbook.stats.intervals import Interval, difference

LEVEL = 0.95
LEAST = 200
"""Fewest people of whom a mean has an interval. Among fewer there may be too few who order much more than the rest, and
the interval is too short; a limit that looked at the spread itself would pick just the samples without them."""
STAYED, LEFT = "kept", REASONS[NO_CONSENT]

type About = Mapping[str, Mapping[str, Any]]
"""By table, by group (`kept`, `no_consent`, `forgotten`): its sums, see `reachbook.privacy.sums`."""


@dataclass(frozen=True)
class Contrast:
    """One thing that is known of both groups.

    Attributes
    ----------
    table : str
        Where it stands.
    measure : str
        "rows" or "amount", of a person who stands in the table; else the column.
    value : str
        The value of the column whose share of the people is compared; "" for a mean.
    stayed, left : float
        Mean a person, in rows or in money, or share of people (a ratio).
    difference : Interval or None
        With its 95% interval; of means `left / stayed - 1`, of shares `left - stayed`; None where there are too few
        people for an interval.
    """

    table: str
    measure: str
    value: str
    stayed: float
    left: float
    difference: Interval | None

    @property
    def differs(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.difference is not None and self.difference.excludes(0.0)


@dataclass(frozen=True)
class Moved:
    """A total of a table with and without those who have not consented.

    Attributes
    ----------
    measure : str
        "people", "rows" or "amount".
    before, after : float
        The total with and without them, in people, rows or money.
    """

    table: str
    measure: str
    before: float
    after: float

    @property
    def share(self) -> float:
        """Part of the total that is gone, a ratio."""
        return 1 - self.after / self.before if self.before else 0.0


def contrasts(about: About) -> tuple[Contrast, ...]:
    """Compare all that is known of both groups, table by table."""
    return tuple(
        one
        for name, groups in about.items()
        if LEFT in groups
        for one in (*_means(name, groups[STAYED], groups[LEFT]), *_shares(name, groups[STAYED], groups[LEFT]))
    )


def moved(about: About) -> tuple[Moved, ...]:
    """Totals of each table that people have left for want of consent; a total of too few people is left away."""
    return tuple(
        Moved(name, measure, before + gone, before)
        for name, groups in about.items()
        if LEFT in groups and ("each" in groups[LEFT] or "traits" in groups[LEFT])
        for measure, before, gone in _totals(groups[STAYED], groups[LEFT])
    )


def _totals(stayed: Mapping[str, Any], left: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    yield "people", stayed["people"], left["people"]
    if "each" in left:
        yield "rows", stayed["rows"], left["rows"]
    if "amount" in left.get("each", {}) and "each" in stayed:
        yield "amount", stayed["each"]["amount"][0], left["each"]["amount"][0]


def _means(name: str, stayed: Mapping[str, Any], left: Mapping[str, Any]) -> Iterator[Contrast]:
    for measure, sums in left.get("each", {}).items():
        theirs = stayed.get("each", {}).get(measure)
        if theirs is None:
            continue
        one, other = Mean.of(left["people"], *sums), Mean.of(stayed["people"], *theirs)
        if (one.variance or other.variance) and other.mean:
            yield Contrast(name, measure, "", other.mean, one.mean, relative(one, other))


@dataclass(frozen=True)
class Mean:
    """Mean and variance over `people` people."""

    people: int
    mean: float
    variance: float

    @classmethod
    def of(cls, people: int, total: float, squares: float) -> "Mean":
        """From the sum and the sum of squares over people."""
        mean = total / people
        return cls(people, mean, max(0.0, (squares - people * mean**2) / (people - 1)) if people > 1 else 0.0)

    @property
    def uncertainty(self) -> float:
        """Square of the mean's standard error relative to it."""
        return self.variance / self.people / self.mean**2


def relative(one: Mean, other: Mean) -> Interval | None:
    """Interval for `one / other - 1` at unequal variances; None where either has too few people, or is not above zero.

    Notes
    -----
    Taken on the scale of logarithms (delta method), where the means of amounts that are uneven to the right are nearer
    to normal; degrees of freedom after Welch (1947), "The generalization of 'Student's' problem when several different
    population variances are involved".
    """
    if min(one.people, other.people) < LEAST or min(one.mean, other.mean) <= 0:
        return None
    parts = [each.uncertainty for each in (one, other)]
    freedom = sum(parts) ** 2 / sum(p**2 / (each.people - 1) for p, each in zip(parts, (one, other), strict=True))
    reach = float(t.ppf((1 + LEVEL) / 2, freedom) * np.sqrt(sum(parts)))
    ratio = one.mean / other.mean
    return Interval(ratio * float(np.exp(-reach)) - 1, ratio - 1, ratio * float(np.exp(reach)) - 1)


def _shares(name: str, stayed: Mapping[str, Any], left: Mapping[str, Any]) -> Iterator[Contrast]:
    """Shares of people by platform and by trait; a value that is hidden in either group is not compared."""
    platforms = [{value: n for value, (_, n) in group.get("platform", {}).items()} for group in (stayed, left)]
    columns = {"platform": platforms} if any(platforms) else {}
    for column in left.get("traits", {}):
        columns[column] = [group.get("traits", {}).get(column, {}) for group in (stayed, left)]
    for column, (theirs, gone) in columns.items():
        for value in sorted(set(theirs) & set(gone)):
            one, other = _wilson(gone[value], left["people"]), _wilson(theirs[value], stayed["people"])
            if one.middle < 1 or other.middle < 1:
                yield Contrast(name, column, value, other.middle, one.middle, difference(one, other))


def _wilson(count: int, people: int) -> Interval:
    """Share of people with its score interval (Wilson 1927); two of them give Newcombe's (1998) for a difference."""
    found = binomtest(count, people).proportion_ci(LEVEL, method="wilson")
    return Interval(float(found.low), count / people, float(found.high))
