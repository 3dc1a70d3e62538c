"""Conversion of parameters to rules of the optimiser, in units of outcome and money a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reachbook.budget.advice.gain_unit import GainUnit
from reachbook.budget.flight.rules import FlightRules
from reachbook.budget.optimize.rules import Limits, Rules
from reachbook.errors import ParamsError
from reachbook.presentation.numbers import number
from reachbook.translation import tr, trn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reachbook.budget.optimize.plan import SpendPlan
    from reachbook.budget.spec import BudgetSpec


def total(spec: BudgetSpec, now: float) -> float | None:
    """Money a week for all channels together, or None without a limit; `now` is what is paid a week at present."""
    if spec.horizon_budget is not None:
        return spec.horizon_budget / spec.horizon_weeks
    if spec.weekly_budget is not None or spec.mode in ("free", "target"):
        return spec.weekly_budget
    return now


def amount(weekly: float, weeks: int, currency: str) -> str:
    """Money a week followed by its sum over the horizon, so that the two cannot be confused."""
    each, whole = (number(money, "money", currency) for money in (weekly, weekly * weeks))
    return trn("{each} a week ({whole} over {n} week)", "{each} a week ({whole} over {n} weeks)", weeks,
               each=each, whole=whole)  # fmt: skip


def rules(spec: BudgetSpec) -> Rules:
    """Rules of a steady week; a budget that is a cap is spent only while marginal spend pays for itself."""
    scale = GainUnit.of(spec)
    roas = None if spec.target_roas is None else spec.target_roas / scale.price
    return Rules(
        objective=spec.objective,
        tail=spec.tail,
        caution=spec.caution,
        mode="free" if spec.mode == "at_most" else spec.mode,
        hurdle=1 / scale.each,
        target=spec.target_outcome,
        roas=roas,
        cac=spec.target_cac,
        limits=spec.limits,
        fixed=spec.fixed,
        shares=spec.groups,
        minimum=spec.minimum,
        change=spec.change,
        changes=spec.changes,
        packages=spec.packages,
        rebates=spec.rebates,
        beyond=spec.beyond,
        gap=spec.gap,
    )


def weeks(spec: BudgetSpec, first: pd.Timestamp) -> tuple[str, ...]:
    """First day of each planned week as YYYY-MM-DD; `first` is the day after the last observed period."""
    days = pd.date_range(first, periods=spec.horizon_weeks, freq="7D")
    return tuple(f"{day:%Y-%m-%d}" for day in days)


def flight_rules(spec: BudgetSpec, labels: Sequence[str], plan: SpendPlan, free: bool = False) -> FlightRules:
    """Rules of a weekly plan in which each channel gets over the horizon what `plan` gives it.

    Parameters
    ----------
    spec : BudgetSpec
        Parameters.
    labels : sequence of str
        First day of each planned week.
    plan : SpendPlan
        Steady plan, in money a week.
    free : bool
        Let the weeks determine the channels' amounts, for weekly rules under which those of `plan` are infeasible.

    Returns
    -------
    FlightRules
        The rules.

    Raises
    ------
    ParamsError
        If a day lies outside the horizon.
    """
    times = len(labels)
    given = dict(zip(plan.channels, plan.spend.tolist(), strict=True))
    settled = spec.fixed if free else given
    return FlightRules(
        mode="at_most",
        limits={name: Limits(low=given[name] * times, high=given[name] * times) for name in settled},
        shares=spec.groups if free else {},
        weekly=spec.limits,
        minimum=spec.minimum,
        packages=spec.packages,
        blackout=blackouts(spec, labels),
        peaks=peaks(spec, labels),
        pace=spec.pace,
        beyond=spec.beyond,
        gap=spec.gap,
    )


def peaks(spec: BudgetSpec, labels: Sequence[str]) -> dict[str, float]:
    """Factor on the response of each week that has a peak, by label.

    Raises
    ------
    ParamsError
        If a day lies outside the horizon.
    """
    return dict(zip(_labelled(spec.peaks, labels, "peaks"), spec.peaks.values(), strict=True))


def blackouts(spec: BudgetSpec, labels: Sequence[str]) -> dict[str, list[str]]:
    """Planned weeks closed to each channel, by label.

    Raises
    ------
    ParamsError
        If a day lies outside the horizon.
    """
    return {name: _labelled(days, labels, f"blackout.{name}") for name, days in spec.blackout.items()}


def _labelled(days: Iterable[str], labels: Sequence[str], field: str) -> list[str]:
    """Label of the planned week that contains each day."""
    first, found = pd.Timestamp(labels[0]), []
    for day in days:
        try:
            week = (pd.Timestamp(day) - first).days // 7
        except ValueError:
            week = -1
        if not 0 <= week < len(labels):
            last = first + pd.Timedelta(days=7 * len(labels) - 1)
            raise ParamsError(
                tr(
                    "budget: {field} names {day}; write days as YYYY-MM-DD, from {first} to {last:%Y-%m-%d}, the weeks "
                    "that are planned.",
                    field=field,
                    day=day,
                    first=labels[0],
                    last=last,
                )
            )
        found.append(labels[week])
    return found
