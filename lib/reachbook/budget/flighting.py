"""When to spend: a plan by channel and week, all weeks at once, with what the past carries in and the plan carries on.

Adstock is linear in spend, so the stocks are rows of a program and the response a curve of each stock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reachbook.budget.adstock import Carry, carry
from reachbook.budget.conflict import irreducible
from reachbook.budget.curves import Curves, Floats
from reachbook.budget.flightrules import FlightRules, WeekRule, week_rules
from reachbook.budget.flightsearch import allowed, at_mean, nearby, steepest
from reachbook.budget.plan import Infeasible
from reachbook.errors import DataError, ParamsError
from reachbook.numbers import number

_STEPS = 6
"""Steps from the plan at mean retention."""
_CURVED = 1e-9
"""Relative rise of a slope that still counts as concave."""


@dataclass(frozen=True)
class Flight:
    """A plan by channel and week.

    channels, weeks : names of the rows and columns of `spend`, in money, (channels, weeks).
    value : expected outcome of the weeks and of the tail after them, what the past carries in included.
    baseline : the same without any spend: what the past alone brings. tail : part of `value` that falls after the last
    week.
    bound : what no plan under these rules can exceed; gap : how far off it is, a ratio of `value`.
    contribution : outcome of each channel in each draw, tail and carry-in included, (draws, channels).
    binding : rules that the plan touches, in words. notes : what a reader must know besides.
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
        """Outcome of the whole plan in each draw, (draws,)."""
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
) -> Flight:
    """The best plan for `total` money over all `weeks` together.

    curves : outcome of one week at each adstock, in money a week; `curves.observed` is the largest weekly spend seen.
    retention : part of the adstock kept from week to week, (channels,) or (draws, channels).
    past : spend of the weeks before, (channels, weeks), without which nothing is carried in.
    tail : weeks after the plan whose outcome is counted.

    Where expected curves are concave the plan is a linear program, with S-shapes a mixed-integer one on curves thinned
    to fewer points, whose error is in the gap. Raises Infeasible, naming the rules, where no plan keeps them.
    """
    wanted, labels = rules or FlightRules(), tuple(weeks)
    _check(curves, labels, total)
    weights = np.array([wanted.peaks.get(week, 1.0) for week in labels])
    kept = week_rules(wanted, curves, labels, total)
    lasting = carry(curves, retention, weights, past, tail)
    found = at_mean(curves, lasting, kept, wanted.nodes)
    shape = (len(curves.channels), len(labels))
    if found is None and allowed(kept, shape):
        raise ParamsError(
            f"budget rules: no plan found within {wanted.nodes:,} nodes, though there is one; raise nodes."
        )
    if found is None:
        culprits = irreducible(kept, lambda rest: allowed(rest, shape))
        raise Infeasible(tuple(rule.words for rule in culprits))
    (spend, bound), notes = found, []
    if not lasting.alike:
        if _concave(curves):
            spend, bound = _improved(curves, lasting, kept, wanted, spend)
        else:
            notes.append("the proof takes each channel's retention at its mean; the value is over all draws")
    return _flight(curves, labels, lasting, kept, spend, bound, notes, wanted)


def _improved(
    curves: Curves, lasting: Carry, kept: list[WeekRule], rules: FlightRules, spend: Floats
) -> tuple[Floats, float]:
    """From the best plan at mean retention to the best over all draws, and what none can exceed.

    The outcome is concave in spend, so no plan exceeds the best one on the plane that touches it anywhere.
    """
    value, bound = _expected(curves, lasting, spend), np.inf
    mix = np.full((len(curves.channels), len(lasting.weight)), 0.5)
    for _ in range(_STEPS):
        further = nearby(curves, lasting, kept, rules.nodes, spend, mix)
        if further is None:
            break
        mix = np.nan_to_num(further[1], nan=0.5)
        tried = [spend, *(spend + part * (further[0] - spend) for part in (1.0, 0.5, 0.25, 0.1))]
        values = [_expected(curves, lasting, each) for each in tried]
        spend, value = tried[int(np.argmax(values))], max(values)
        slope = _marginal(curves, lasting, spend, mix)
        bound = min(bound, value + steepest(slope, kept) - float((slope * spend).sum()))
        if bound - value <= 0.1 * rules.gap * abs(value):
            break
    return spend, bound


def _marginal(curves: Curves, lasting: Carry, spend: Floats, mix: Floats) -> Floats:
    """Expected outcome of one more unit of money in each channel and week, with all that it carries on."""
    above, below = lasting.slopes(curves, spend, 1), lasting.slopes(curves, spend, -1)
    return np.asarray(lasting.carried(mix * above + (1 - mix) * below).mean(axis=0))


def _expected(curves: Curves, lasting: Carry, spend: Floats) -> float:
    return float(lasting.value(curves, spend).sum(axis=(1, 2)).mean())


def _check(curves: Curves, labels: tuple[str, ...], total: float) -> None:
    if not labels or len(set(labels)) < len(labels):
        raise DataError(f"weeks has {len(labels)} labels, {len(set(labels))} different; name each week once.")
    if not np.isfinite(total) or total < 0:
        raise DataError(f"total is {total}; give the money for all weeks together, 0 or more.")
    if (curves.grid[:, 0] > 0).any():
        raise DataError(f"grid begins at {curves.grid[:, 0].max()}; curves by week begin at an adstock of 0.")


def _concave(curves: Curves) -> bool:
    """Whether each draw's curve is."""
    slopes = np.diff(curves.response, axis=2) / np.diff(curves.grid, axis=1)
    steep = np.abs(slopes).max(axis=2, keepdims=True)
    return bool((np.diff(slopes, axis=2) <= _CURVED * steep).all() and (slopes[:, :, -1] >= 0).all())


def _flight(
    curves: Curves,
    labels: tuple[str, ...],
    lasting: Carry,
    kept: list[WeekRule],
    spend: Floats,
    bound: float,
    notes: list[str],
    rules: FlightRules,
) -> Flight:
    outcome = lasting.value(curves, spend)
    value = float(outcome.sum(axis=(1, 2)).mean())
    bound = max(bound, value)
    total, paid = kept[-1].rows[0][3], float(spend.sum())
    gap = (bound - value) / abs(value) if value else 0.0
    if paid < total * (1 - 1e-7):
        notes.append(
            f"{number(total - paid)} of {number(total)} stay unspent: more would bring nothing, or a rule stops it"
        )
    if gap > rules.gap:
        notes.append(f"the proof stopped at a gap of {number(gap, 'ratio')}: a better plan may exist")
    notes += [
        f"{name} goes beyond its largest observed week: there the curve is assumption, not data"
        for c, name in enumerate(curves.channels)
        if spend[c].max() > curves.observed[c] * (1 + 1e-9)
    ]
    return Flight(
        channels=curves.channels,
        weeks=labels,
        spend=spend,
        value=value,
        baseline=_expected(curves, lasting, np.zeros_like(spend)),
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
