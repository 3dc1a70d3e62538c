"""Optimal plan under the rules, and the proof of its optimality."""

import numpy as np
import numpy.typing as npt

from reachbook.arrays import Indices
from reachbook.budget.optimize.constraints import (
    Bound,
    Constraint,
    LinearConstraint,
    MinimumBuy,
    ObservedRange,
    OutcomeAtLeast,
    constraints,
    on_total,
    shut,
)
from reachbook.budget.optimize.curves import Curves
from reachbook.budget.optimize.formulation import Objective
from reachbook.budget.optimize.infeasible import conflict, possible
from reachbook.budget.optimize.plan import Infeasible, SpendPlan
from reachbook.budget.optimize.risk import Measure
from reachbook.budget.optimize.rules import Rules
from reachbook.budget.optimize.search import Best, search
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import tr

_TOUCH = 1e-7
"""Relative distance at which a rule counts as binding."""


def optimize(curves: Curves, total: float | None, rules: Rules | None = None) -> SpendPlan:
    """Optimal plan for `total` money under `rules`.

    Parameters
    ----------
    curves : Curves
        Response curves.
    total : float or None
        Money to spend; may be None in the modes `free` and `target`.
    rules : Rules, optional
        Objective and constraints.

    Returns
    -------
    SpendPlan
        The plan and its certificate.

    Raises
    ------
    Infeasible
        If no plan satisfies all rules; it names a minimal conflict.
    ParamsError
        If a rule is meaningless, or the node limit ends the search before a plan is found.

    Notes
    -----
    Curves are linear between grid points, and on those the plan is exact: concave curves give a linear program;
    S-shapes, minimum buys, rebates and packages a mixed-integer one. `interpolation_error` bounds the effect of a
    coarse grid. Channels with equal curves are ordered by name, so that the order of the input does not matter. Rules
    that contradict each other by less than 1e-7 of the grid's last spend count as satisfied.
    """
    wanted = Rules.of(rules)
    return planned(curves, total, wanted, aim(curves, wanted))


def planned(
    curves: Curves,
    total: float | None,
    rules: Rules,
    goal: Objective,
    extra: tuple[Constraint, ...] = (),
    without: str = "",
) -> SpendPlan:
    """Optimal plan for the objective `goal`.

    Parameters
    ----------
    curves, total, rules
        As for `optimize`.
    goal : Objective
        What is maximised.
    extra : tuple of Constraint
        Constraints on top of the rules.
    without : str
        Words of a rule to leave out.

    Returns
    -------
    SpendPlan
        The plan and its certificate.

    Raises
    ------
    Infeasible, ParamsError
        As for `optimize`.
    """
    order = _order(curves)
    sorted_curves = _sorted(curves, order)
    back = np.argsort(order)
    kept = [
        constraint for constraint in constraints(rules, sorted_curves, total) if constraint.words != without
    ] + list(extra)
    best = search(sorted_curves, kept, rules, Objective(goal.spend[order], goal.risk, goal.paid, goal.moved))
    if best is None and possible(sorted_curves, kept, rules):
        raise ParamsError(
            tr(
                "budget rules: no plan found within {nodes:,} nodes, though there is one; raise nodes.",
                nodes=rules.nodes,
            )
        )
    if best is None:
        raise _infeasible(conflict(sorted_curves, kept, rules), total)
    touched = _touched(best, kept)
    return _plan(curves, total, rules, goal, best, touched, back, shut(kept, rules, sorted_curves.channels))


def _infeasible(conflicting: tuple[Constraint, ...], total: float | None) -> Infeasible:
    """Error that names the conflict; a remedy is added where only the observed ranges contradict the total."""
    remedy = ""
    ends = [constraint for constraint in conflicting if isinstance(constraint, ObservedRange)]
    if any(constraint.low for constraint in ends):
        remedy = tr("Relax one of them, or set beyond to go where nothing was observed (1: down to nothing).")
    if total is not None and len(ends) == len(conflicting) - 1 and any(on_total(c.words) for c in conflicting):
        least, most = (sum(getattr(constraint, side) for constraint in ends) for side in ("low", "high"))
        remedy = tr(
            "No channel was observed with any spend: give observed as the largest spends seen, or leave it out."
        )
        if most > 0:
            remedy = tr(
                "All channels together were observed up to {most}; the total is {times:,.3g} times that: "
                "see that total and spends are for the same period in the same unit, or take mode "
                "at_most, or set beyond.",
                most=number(most),
                times=total / most,
            )
        if total < least:
            remedy = tr(
                "All channels together were observed from {least} on; the total is {times:,.3g} times "
                "that: see that total and spends are for the same period in the same unit, or set beyond.",
                least=number(least),
                times=total / least,
            )
    return Infeasible(tuple(constraint.words for constraint in conflicting), remedy)


def aim(curves: Curves, rules: Rules) -> Objective:
    """Objective of the rules: least money in mode target, else the figure of merit minus the hurdle for money spent."""
    nothing = np.zeros(len(curves.channels))
    if rules.mode == "target":
        return Objective(nothing, risk=0.0, paid=1.0)
    return Objective(nothing, paid=rules.charged)


def _order(curves: Curves) -> Indices:
    """Indices that sort channels by their curves, then by name."""
    mean = curves.response.mean(axis=0)
    keys = [(*mean[c], *curves.grid[c], curves.channels[c]) for c in range(len(mean))]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__))


def _sorted(curves: Curves, order: Indices) -> Curves:
    now = None if curves.current is None else curves.current[order]
    least = None if curves.least is None else curves.least[order]
    names = tuple(curves.channels[c] for c in order)
    return Curves(curves.response[:, order], curves.grid[order], names, now, curves.observed[order], least)


def _plan(
    curves: Curves,
    total: float | None,
    rules: Rules,
    goal: Objective,
    best: Best,
    binding: tuple[str, ...],
    back: Indices,
    closed: tuple[str, ...],
) -> SpendPlan:
    """Plan in the caller's order of channels."""
    spend, paid = best.spend[back], best.paid[back]
    measure = Measure.of(rules)
    gap = (best.bound - best.goal) / abs(best.goal) if best.bound > best.goal and best.goal else 0.0
    beyond = tuple(
        name for name, x, seen in zip(curves.channels, spend, curves.observed, strict=True) if x > seen * (1 + 1e-9)
    )
    return SpendPlan(
        channels=curves.channels,
        spend=spend,
        paid=paid,
        value=best.figure,
        bound=best.bound if goal.risk else -best.bound,
        gap=gap,
        binding=binding,
        contribution=curves.outcome(spend),
        measure=measure.words,
        total=total,
        beyond=beyond,
        notes=_notes(rules, total, float(paid.sum()), gap, beyond) + _below(curves, spend) + closed,
    )


def _notes(rules: Rules, total: float | None, paid: float, gap: float, beyond: tuple[str, ...]) -> tuple[str, ...]:
    notes = []
    if total is not None and paid < total * (1 - _TOUCH):
        notes.append(
            tr(
                "{left} of {total} stay unspent: {reason}",
                left=number(total - paid),
                total=number(total),
                reason=_reason(rules),
            )
        )
    notes += [
        tr("{name} goes beyond its largest observed spend: there the curve is assumption, not data", name=name)
        for name in beyond
    ]
    if gap > rules.gap:
        notes.append(
            tr(
                "the proof stopped at a gap of {gap}, above the {asked} asked for: a better plan may exist",
                gap=number(gap, "ratio"),
                asked=number(rules.gap, "ratio"),
            )
        )
    return tuple(notes)


def _below(curves: Curves, spend: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """Notes on channels below their smallest observed spend."""
    least = np.zeros(len(spend)) if curves.least is None else curves.least
    return tuple(
        tr("{name} goes below its smallest observed spend: there the curve is assumption, not data", name=name)
        for name, x, seen in zip(curves.channels, spend, least, strict=True)
        if x < seen * (1 - 1e-9)
    )


def _reason(rules: Rules) -> str:
    """Reason why money stays unspent, as text."""
    if rules.mode == "free":
        return tr(
            "further spend returns less than {hurdle} for each unit of money, or a rule stops it",
            hurdle=number(rules.hurdle),
        )
    if rules.mode == "target":
        return tr("the target is reached without it")
    if rules.efficiency is not None:
        return tr("more would miss the ROAS or CAC asked for, or bring nothing")
    return tr("more would bring nothing, or a rule stops it")


def _touched(best: Best, kept: list[Constraint]) -> tuple[str, ...]:
    """Binding rules, in words."""
    size = float(max(best.spend.max(), best.paid.sum()))
    return tuple(constraint.words for constraint in kept if _touches(best, constraint, _TOUCH * max(size, 1e-300)))


def _touches(best: Best, constraint: Constraint, near: float) -> bool:
    if isinstance(constraint, Bound):
        x = float(best.spend[constraint.channel])
        return abs(x - constraint.high) <= near or (constraint.low > 0 and abs(x - constraint.low) <= near)
    if isinstance(constraint, MinimumBuy):
        return abs(float(best.spend[constraint.channel]) - constraint.least) <= near
    if isinstance(constraint, LinearConstraint):
        used = float(constraint.coefficients @ best.paid)
        return abs(used - constraint.low) <= near or abs(used - constraint.high) <= near
    if isinstance(constraint, OutcomeAtLeast):
        needed = constraint.target + constraint.roas * float(best.paid.sum())
        return abs(best.figure - needed) <= 1e-6 * abs(needed)
    return False
