"""Constraints of a weekly plan as a person writes them, and as rows over channels and weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from reachbook.arrays import Floats
from reachbook.budget.optimize.constraints import nothing, smallest
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.rules import Amount, Finite, Limits, Price, Share
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import joined, tr

_NOTHING = 1e-6
"""Share of the largest week below which a week counts as without spend."""


class FlightRules(Finite):
    """Objective and constraints of a plan by channel and week; weeks are named by the labels of the plan."""

    mode: Literal["fixed", "at_most"] = Field(
        default="fixed", description="fixed: spend the whole total over all weeks; at_most: it is a cap"
    )
    limits: dict[str, Limits] = Field(default={}, description="least and most of a channel over all weeks, in money")
    shares: dict[str, Share] = Field(default={}, description="groups of channels and their share of the money spent")
    weekly: dict[str, Limits] = Field(
        default={}, description="least and most of a channel in each week that is no blackout, in money"
    )
    minimum: dict[str, Amount] = Field(default={}, description="least of a channel in a week in which it is used")
    packages: dict[str, Price] = Field(default={}, description="channels sold in packages, and a package's price")
    blackout: dict[str, list[str]] = Field(default={}, description="weeks without a channel; `all`: without any")
    peaks: dict[str, Amount] = Field(
        default={}, description="weeks in which media works better or worse, and how many times"
    )
    pace: float | None = Field(
        default=None, ge=0, description="largest change from week to week, as a ratio of the channel's mean week"
    )
    beyond: float = Field(default=0.0, ge=0, description="how far a week may go beyond the largest one seen (a ratio)")
    gap: float = Field(default=1e-3, gt=0, lt=1, description="proven gap that a plan may have (a ratio)")
    nodes: int = Field(default=100, ge=1, description="effort limit of the search, in nodes")


@dataclass(frozen=True)
class WeekRule:
    """A rule in words and as rows; cells of `spend` are numbered by channel, then by week.

    Attributes
    ----------
    words : str
        The rule for a reader.
    rows : tuple of (cells, coefficients, low, high)
        Constraints low <= coefficients @ spend[cells] <= high.
    smallest : tuple of (cell, amount)
        Cells that are zero or at least `amount`.
    """

    words: str
    rows: tuple[tuple[npt.NDArray[np.intp], Floats, float, float], ...] = ()
    smallest: tuple[tuple[int, float], ...] = ()


def week_rules(rules: FlightRules, curves: Curves, weeks: Sequence[str], total: float) -> list[WeekRule]:
    """All rules of a plan by week.

    Raises
    ------
    ParamsError
        If a channel or a week does not exist.
    """
    _known(rules, curves.channels, weeks)
    count, length = len(curves.channels), len(weeks)
    cells = np.arange(count * length).reshape(count, length)
    index = {name: c for c, name in enumerate(curves.channels)}
    closed = _closed(rules, curves.channels, weeks)
    made = [_observed(rules, curves, c, cells[c]) for c in range(count)]
    made += [_blackout(name, cells[c][closed[c]]) for name, c in index.items() if closed[c].any()]
    for name, limits in rules.weekly.items():
        made += _limits(
            tr("{name} a week", name=name),
            limits,
            [np.array([cell]) for cell in cells[index[name]][~closed[index[name]]]],
        )
    for name, limits in rules.limits.items():
        made += _limits(tr("{name} over all weeks", name=name), limits, [cells[index[name]]])
    made += [
        WeekRule(
            tr("{name} at least {amount} in a week if used", name=n, amount=number(m)),
            smallest=tuple((int(i), m) for i in cells[index[n]]),
        )
        for n, m in rules.minimum.items()
        if m > 0
    ]
    made += [_pace(rules.pace, name, cells[c], closed[c]) for name, c in index.items() if rules.pace is not None]
    made += _shares(rules, curves.channels, length)
    exact = rules.mode == "fixed"
    amount = number(total)
    words = tr("total of {amount} over all weeks", amount=amount) if exact else (
        tr("total at most {amount} over all weeks", amount=amount)
    )  # fmt: skip
    return [*made, WeekRule(words, ((cells.ravel(), np.ones(cells.size), total if exact else -np.inf, total),))]


def over_all(words: str) -> bool:
    """Whether these are the words of a rule on the sum of all weeks."""
    return tr("{name} over all weeks", name="").strip() in words


def shut(rules: FlightRules, kept: Sequence[WeekRule], channels: Sequence[str], spend: Floats) -> list[str]:
    """Sentences on channels that get nothing because their minimum or package exceeds every week's upper bound.

    Parameters
    ----------
    rules : FlightRules
        Constraints as written.
    kept : sequence of WeekRule
        Constraints as rows.
    channels : sequence of str
        Channel names.
    spend : float array (channels, weeks)
        The plan; if no integer packages were found, such a channel may have spend nevertheless.
    """
    told, cells = [], np.arange(spend.size).reshape(spend.shape)
    for name in sorted(name for name in {*rules.minimum, *rules.packages} if not _used(spend, channels.index(name))):
        least, size = rules.minimum.get(name, 0.0), rules.packages.get(name, 0.0)
        asked = [tr("{name} at least {amount} in a week if used", name=name, amount=number(least))] if least else []
        asked += [tr("{name} in packages of {amount}", name=name, amount=number(size))] if size else []
        end = max(_end(kept, int(cell)) for cell in cells[channels.index(name)])
        told += nothing(name, smallest(least, size), asked, end)
    return told


def _used(spend: Floats, c: int) -> bool:
    return bool(spend[c].max() > _NOTHING * spend.max())


def _end(kept: Sequence[WeekRule], cell: int) -> tuple[float, str]:
    """Upper bound of one cell, and the rule that sets it."""
    return min(
        (high / float(values[cells == cell][0]), rule.words)
        for rule in kept
        for cells, values, _, high in rule.rows
        if cell in cells and (values > 0).all()
    )


def _known(rules: FlightRules, channels: Sequence[str], weeks: Sequence[str]) -> None:
    for field in ("limits", "weekly", "minimum", "packages", "blackout"):
        for name in getattr(rules, field):
            if name not in channels and (field, name) != ("blackout", "all"):
                raise ParamsError(
                    tr(
                        "budget rules: {field} names {name}, which has no curve. Channels: {channels}.",
                        field=field,
                        name=name,
                        channels=joined(sorted(channels)),
                    )
                )
    for group, share in rules.shares.items():
        if unknown := [name for name in share.channels if name not in channels]:
            raise ParamsError(
                tr("budget rules: shares.{group} names {unknown}, which has no curve.", group=group, unknown=unknown[0])
            )
    for week in [*rules.peaks, *(week for listed in rules.blackout.values() for week in listed)]:
        if week not in weeks:
            raise ParamsError(
                tr(
                    "budget rules: no week {week} in the plan, which goes from {first} to {last}.",
                    week=week,
                    first=weeks[0],
                    last=weeks[-1],
                )
            )


def _closed(rules: FlightRules, channels: Sequence[str], weeks: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Weeks closed to each channel, bool array (channels, weeks)."""
    listed = [rules.blackout.get(name, []) + rules.blackout.get("all", []) for name in channels]
    return np.array([np.isin(weeks, closed) for closed in listed])


def _observed(rules: FlightRules, curves: Curves, c: int, cells: npt.NDArray[np.intp]) -> WeekRule:
    most = float(min(curves.observed[c] * (1 + rules.beyond), curves.grid[c, -1]))
    words = tr("{name} at most {amount} a week (observed)", name=curves.channels[c], amount=number(most))
    return WeekRule(words, tuple((np.array([cell]), np.ones(1), -np.inf, most) for cell in cells))


def _blackout(name: str, cells: npt.NDArray[np.intp]) -> WeekRule:
    return WeekRule(
        tr("{name} without spend in its blackout weeks", name=name), ((cells, np.ones(len(cells)), -np.inf, 0.0),)
    )


def _limits(what: str, limits: Limits, groups: Sequence[npt.NDArray[np.intp]]) -> list[WeekRule]:
    made = []
    if limits.low:
        rows = tuple((cells, np.ones(len(cells)), limits.low, np.inf) for cells in groups)
        made.append(WeekRule(tr("{name} at least {amount}", name=what, amount=number(limits.low)), rows))
    if limits.high is not None:
        rows = tuple((cells, np.ones(len(cells)), -np.inf, limits.high) for cells in groups)
        made.append(WeekRule(tr("{name} at most {amount}", name=what, amount=number(limits.high)), rows))
    return made


def _pace(pace: float, name: str, cells: npt.NDArray[np.intp], closed: npt.NDArray[np.bool_]) -> WeekRule:
    """Rule on changes in both directions between adjacent open weeks."""
    rows = []
    for t in range(1, len(cells)):
        if not closed[t - 1] and not closed[t]:
            for sign in (1.0, -1.0):
                step = np.full(len(cells), -pace / (~closed).sum())
                step[t] += sign
                step[t - 1] -= sign
                rows.append((cells, step, -np.inf, 0.0))
    return WeekRule(
        tr(
            "{name} changes from week to week by at most {pace} of its mean week", name=name, pace=number(pace, "ratio")
        ),
        tuple(rows),
    )


def _shares(rules: FlightRules, channels: Sequence[str], length: int) -> list[WeekRule]:
    made = []
    everywhere = np.arange(len(channels) * length)
    for group, share in rules.shares.items():
        member = np.repeat(np.isin(channels, share.channels).astype(float), length)
        if share.low:
            words = tr("{name} at least {share} of the money", name=group, share=number(share.low, "ratio"))
            made.append(WeekRule(words, ((everywhere, member - share.low, 0.0, np.inf),)))
        if share.high is not None:
            words = tr("{name} at most {share} of the money", name=group, share=number(share.high, "ratio"))
            made.append(WeekRule(words, ((everywhere, member - share.high, -np.inf, 0.0),)))
    return made
