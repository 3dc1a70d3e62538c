"""Schedules by channel and week, optimised over all weeks at once with carry-over into and out of the horizon."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Floats
from reachbook.budget.flight.carryover import CarryOver, carry
from reachbook.budget.flight.cutting_planes import by_planes
from reachbook.budget.flight.dual import priced
from reachbook.budget.flight.packages import packed
from reachbook.budget.flight.polish import calmed, climbed, expected, nearest, polished
from reachbook.budget.flight.rules import FlightRules, WeekRule, shut, week_rules
from reachbook.budget.flight.search import allowed, at_mean, channels_at_mean, concave_at_mean
from reachbook.budget.optimize.curves import Curves, envelope, no_amount
from reachbook.budget.optimize.infeasible import irreducible
from reachbook.budget.optimize.plan import Infeasible
from reachbook.budget.wording import within
from reachbook.errors import DataError, ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import joined, tr

_CLOSE = 5e-3
"""Gap up to which no integer search is tried: it takes long and seldom finds a better plan."""
_STARTS = 2
"""Number of plans from priced money that are improved by local search: the best ones."""
_CURVED = 1e-9
"""Relative increase of a slope that still counts as concave."""


@dataclass(frozen=True)
class Flight:
    """Plan by channel and week, with its certificate.

    Attributes
    ----------
    channels, weeks : tuple of str
        Names of the rows and columns of `spend`.
    spend : float array (channels, weeks)
        Spend, in money.
    value : float
        Expected outcome of the weeks and of the tail after them, including carry-over from the past.
    baseline : float
        The same figure without any spend: carry-over from the past alone.
    tail : float
        Part of `value` after the last week, on top of what spend brings on its own then.
    bound : float
        Upper bound on the value of any plan under these rules.
    gap : float
        Distance from the bound, as a ratio of `value`.
    contribution : float array (draws, channels)
        Outcome of each channel, including tail and carry-over.
    binding : tuple of str
        Binding rules, in words.
    notes : tuple of str
        What else a reader must know.
    """

    channels: tuple[str, ...]
    weeks: tuple[str, ...]
    spend: Floats
    value: float
    baseline: float
    tail: float
    bound: float
    gap: float
    contribution: Floats
    binding: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def outcome(self) -> Floats:
        """Outcome of the plan by draw, float array (draws,)."""
        return np.asarray(self.contribution.sum(axis=1))


def schedule(
    curves: Curves,
    retention: npt.ArrayLike,
    total: float,
    weeks: Sequence[str],
    rules: FlightRules | None = None,
    *,
    past: npt.ArrayLike | None = None,
    tail: int = 13,
    after: npt.ArrayLike | None = None,
) -> Flight:
    """Optimal plan for `total` money over all `weeks` together.

    Parameters
    ----------
    curves : Curves
        Outcome of one week at each adstock, in money a week; `curves.observed` is the largest weekly spend observed.
    retention : float array (channels,) or (draws, channels)
        Share of the adstock that carries over from week to week.
    total : float
        Money for all weeks together.
    weeks : sequence of str
        Label of each week.
    rules : FlightRules, optional
        Objective and constraints.
    past : float array (channels, earlier weeks), optional
        Spend of the weeks before, in money; without it nothing carries over into the plan.
    tail : int
        Weeks after the plan in which its carry-over is counted.
    after : float array (channels,), optional
        Spend a week that continues in the tail; zero by default. Carry-over adds less on top of continued spend than
        where a channel stops; with zero a plan crowds its last weeks.

    Returns
    -------
    Flight
        The plan and its certificate.

    Raises
    ------
    Infeasible
        If no plan satisfies the rules; it names a minimal conflict.
    ParamsError, DataError
        If a rule or an argument is meaningless.

    Notes
    -----
    Adstock is linear in spend, so stocks are rows of a program and the response is a curve of each stock. Where
    expected curves are concave the plan is a linear program. With S-shapes it comes from Lagrangian prices of money
    and, if the gap stays open, from a mixed-integer program on thinned curves, whose error is part of the gap. Where
    draws are S-shaped and differ in retention, the bound is that of their concave envelopes: valid, but loose. Channels
    sold in packages are planned as divisible and then rounded to packages in each week.
    """
    wanted, labels = FlightRules.of(rules), tuple(weeks)
    _check(curves, labels, total, tail)
    weights = np.array([wanted.peaks.get(week, 1.0) for week in labels])
    kept = week_rules(wanted, curves, labels, total)
    lasting = carry(curves, retention, weights, past, tail, after)
    found = _solve(curves, lasting, kept, wanted, total)
    shape = (len(curves.channels), len(labels))
    if found is None and allowed(kept, shape):
        raise ParamsError(
            tr(
                "budget rules: no plan found within {nodes:,} nodes, though there is one; raise nodes.",
                nodes=wanted.nodes,
            )
        )
    if found is None:
        culprits = irreducible(kept, lambda rest: allowed(rest, shape))
        raise Infeasible(tuple(rule.words for rule in culprits))
    (spend, bound), notes = found, []
    if not (lasting.same_retention or _concave(curves)):
        reached = expected(*_at_mean(curves, lasting), spend)
        told = tr(
            "over all draws the proof takes S-shapes for straight where they bend upward, and is wider than the truth"
        )
        if reached:
            met = within(max(bound - reached, 0.0) / abs(reached))
            told = tr(
                "{told}; with each channel's retention at its mean no plan is better by more than {gap}",
                told=told,
                gap=met,
            )
        notes.append(told)
        bound = by_planes(envelope(curves), lasting, kept, wanted, spend)[1]
    even = calmed(curves, lasting, kept, wanted, spend)
    if wanted.packages:
        sizes = {c: wanted.packages[name] for c, name in enumerate(curves.channels) if name in wanted.packages}
        whole = packed(even, kept, sizes, wanted.nodes)
        even = even if whole is None else whole
        notes.append(
            tr("the proof takes packages for divisible")
            if whole is not None
            else tr(
                "no whole packages of {channels} were found that keep the rules: weeks say when its money goes out, "
                "not how many packages are booked",
                channels=joined(wanted.packages),
            )
        )
    return _flight(curves, labels, lasting, kept, even, bound, notes, wanted)


def _solve(
    curves: Curves, lasting: CarryOver, kept: list[WeekRule], rules: FlightRules, total: float
) -> tuple[Floats, float] | None:
    """Best plan and upper bound, or None if the rules are infeasible or no plan was found."""
    if not concave_at_mean(curves, lasting):
        return _shaped(curves, lasting, kept, rules, total)
    found = at_mean(curves, lasting, kept, rules.nodes)
    if found is None or lasting.same_retention:
        return found
    if _concave(curves):
        return by_planes(curves, lasting, kept, rules, found[0])
    better = polished(curves, lasting, kept, rules.nodes, found[0])
    return found[0] if better is None else better, found[1]


def _shaped(
    curves: Curves, lasting: CarryOver, kept: list[WeekRule], rules: FlightRules, total: float
) -> tuple[Floats, float] | None:
    """S-shaped curves: plans from prices of money, made feasible; then an integer search if the gap stays open."""
    mean, flat = _at_mean(curves, lasting)
    bound, starts = priced(channels_at_mean(curves, lasting, kept), total)
    near = [nearest(mean, start, kept, rules.nodes) for start in _between(*starts, total)]
    found = sorted((each for each in near if each is not None), key=lambda each: -expected(mean, flat, each))
    plans: list[Floats | None] = [climbed(mean, flat, kept, rules.nodes, start) for start in found[:_STARTS]]
    best = _best(mean, flat, plans)
    if best is None or bound - best[1] > max(rules.gap, _CLOSE) * abs(best[1]):
        searched = at_mean(curves, lasting, kept, rules.nodes)
        if searched is not None:
            bound = min(bound, searched[1])
            plans += [searched[0], polished(mean, flat, kept, rules.nodes, searched[0])]
        best = _best(mean, flat, plans)
    if best is None or lasting.same_retention:
        return None if best is None else (best[0], bound)
    better = polished(curves, lasting, kept, rules.nodes, best[0])
    return best[0] if better is None else better, bound


def _at_mean(curves: Curves, lasting: CarryOver) -> tuple[Curves, CarryOver]:
    """Curves and carry-over averaged over draws, as a single draw."""
    return replace(curves, response=curves.response.mean(axis=0)[None]), lasting.at_mean()


def _between(above: Floats, below: Floats, total: float) -> list[Floats]:
    """Plans at a high and at a low price, a mix of both within the total, and one swap for each channel."""
    mixed = above.copy()
    for c in np.argsort(below.sum(axis=1) - above.sum(axis=1)):
        if mixed.sum() - above[c].sum() + below[c].sum() <= total:
            mixed[c] = below[c]
    channel = np.arange(len(above))[:, None]
    made = [above, below, mixed, *(np.where(channel == c, below, above) for c in range(len(above)))]
    return list({plan.tobytes(): plan for plan in made}.values())


def _best(curves: Curves, lasting: CarryOver, plans: Sequence[Floats | None]) -> tuple[Floats, float] | None:
    """The plan of highest expected value, and that value."""
    valued = [(plan, expected(curves, lasting, plan)) for plan in plans if plan is not None]
    return max(valued, key=lambda each: each[1], default=None)


def _check(curves: Curves, labels: tuple[str, ...], total: float, tail: int) -> None:
    if not labels or len(set(labels)) < len(labels):
        raise DataError(
            tr(
                "weeks has {n} labels, {different} different; name each week once.",
                n=len(labels),
                different=len(set(labels)),
            )
        )
    if not isinstance(tail, Integral) or tail < 0:
        raise ParamsError(
            tr("budget: tail is {tail!r}; give a whole number of weeks after the plan, 0 or more.", tail=tail)
        )
    if wrong := no_amount(total):
        raise DataError(tr("total is {wrong}; give the money for all weeks together, 0 or more.", wrong=wrong))
    if (curves.grid[:, 0] > 0).any():
        raise DataError(
            tr("grid begins at {grid}; curves by week begin at an adstock of 0.", grid=curves.grid[:, 0].max())
        )


def _concave(curves: Curves) -> bool:
    """Whether the curve of every draw is concave and does not fall at its end."""
    slopes = np.diff(curves.response, axis=2) / np.diff(curves.grid, axis=1)
    steep = np.abs(slopes).max(axis=2, keepdims=True)
    return bool((np.diff(slopes, axis=2) <= _CURVED * steep).all() and (slopes[:, :, -1] >= 0).all())


def _flight(
    curves: Curves,
    labels: tuple[str, ...],
    lasting: CarryOver,
    kept: list[WeekRule],
    spend: Floats,
    bound: float,
    notes: list[str],
    rules: FlightRules,
) -> Flight:
    outcome, told = lasting.value(curves, spend), bool(notes)  # of the proof, where it is wide by its nature
    value = float(outcome.sum(axis=(1, 2)).mean())
    bound = max(bound, value)
    total, paid = kept[-1].rows[0][3], float(spend.sum())
    gap = (bound - value) / abs(value) if value else 0.0
    if paid < total * (1 - 1e-7):
        notes.append(
            tr(
                "{left} of {total} stay unspent: more would bring nothing, or a rule stops it",
                left=number(total - paid),
                total=number(total),
            )
        )
    if gap > rules.gap and not told:
        notes.append(tr("the proof stopped at a gap of {gap}: a better plan may exist", gap=number(gap, "ratio")))
    notes += [
        tr("{name} goes beyond its largest observed week: there the curve is assumption, not data", name=name)
        for c, name in enumerate(curves.channels)
        if spend[c].max() > curves.observed[c] * (1 + 1e-9)
    ]
    notes += shut(rules, kept, curves.channels, spend)
    return Flight(
        channels=curves.channels,
        weeks=labels,
        spend=spend,
        value=value,
        baseline=expected(curves, lasting, np.zeros_like(spend)),
        tail=float(outcome[:, :, len(labels) :].sum(axis=(1, 2)).mean()),
        bound=bound,
        gap=gap,
        contribution=outcome.sum(axis=2),
        binding=tuple(rule.words for rule in kept if _touches(rule, spend)),
        notes=tuple(notes),
    )


def _touches(rule: WeekRule, spend: Floats) -> bool:
    near, flat = 1e-6 * max(float(spend.max()), 1e-300), spend.ravel()
    used = [(float(values @ flat[cells]), low, high) for cells, values, low, high in rule.rows]
    return any(abs(amount - low) <= near or abs(amount - high) <= near for amount, low, high in used) or any(
        abs(flat[cell] - least) <= near for cell, least in rule.smallest
    )
