"""Checks of parameters against tables that reject, before any fit, whatever the notebook would reject later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reachbook.budget.advice import from_spec
from reachbook.budget.advice.lift_test_design import reach
from reachbook.budget.model.mix import posed
from reachbook.budget.model.response import grids
from reachbook.budget.optimize.constraints import known_channels
from reachbook.budget.sections.lift_tests import gather_tests, read_table
from reachbook.errors import ParamsError
from reachbook.translation import day, joined, tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reachbook.budget.model.history import History
    from reachbook.budget.spec import BudgetSpec


def refuse(spec: BudgetSpec, tables: Mapping[str, Path], start: date, end: date) -> None:
    """Raise the error that the notebook would raise for `spec` and the study's tables.

    Parameters
    ----------
    spec : BudgetSpec
        Parameters of the notebook.
    tables : mapping of str to Path
        Parquet file of each checked table; nothing is checked without both `media` and `outcome`.
    start, end : date
        First and last day of the study; not used here.

    Raises
    ------
    DataError, ParamsError
        See `ready`.
    """
    if "media" not in tables or "outcome" not in tables:
        return
    read = {name: read_table(tables[name]) for name in ("media", "outcome", "lift_tests") if name in tables}
    tests = gather_tests((), read.get("lift_tests"), spec.metrics)
    ready(read["media"], read["outcome"], spec, tests.frame)


def ready(
    media: pd.DataFrame,
    outcome: pd.DataFrame,
    spec: BudgetSpec,
    tests: pd.DataFrame | None = None,
    sentiment: pd.DataFrame | None = None,
) -> None:
    """Check the input of `mix.fit`, then the budget, the rules and the candidate tests.

    Parameters
    ----------
    media, outcome, tests, sentiment : DataFrame
        As for `mix.fit`.
    spec : BudgetSpec
        Parameters of the notebook; its scenarios are checked as well.

    Raises
    ------
    DataError, ParamsError
        If no model can be fitted or no plan can be made; the message is one line.
    """
    pasts = posed(media, outcome, spec, tests, sentiment).pasts
    for each in (spec, *(spec.scenario(name) for name in spec.scenarios)):
        _budget(pasts, each)
        _plan(pasts, each)
    _tests(pasts, spec)


def _budget(pasts: tuple[History, ...], spec: BudgetSpec) -> None:
    """Require recent spend where the budget defaults to current spend.

    Raises
    ------
    ParamsError
        If the last spend lies further back than half of `current_weeks`.
    """
    if spec.mode in ("free", "target") or spec.weekly_budget is not None or spec.horizon_budget is not None:
        return
    spend = np.sum([past.spend for past in pasts], axis=0).sum(axis=0)
    end = int(np.flatnonzero(spend)[-1])
    last, quiet = pasts[0].weeks[end], (len(spend) - 1 - end) * pasts[0].step // 7
    if quiet < max(spec.current_weeks / 2, 1):
        return
    raise ParamsError(
        tr(
            "budget: no spend in the last {quiet} weeks (the last is of {last}), and the budget is "
            "what is spent now, the mean of the last {current_weeks} weeks; write weekly_budget or "
            "horizon_budget. If it is the export that ends there, export the rest instead.",
            quiet=quiet,
            last=day(last),
            current_weeks=spec.current_weeks,
        )
    )


def _plan(pasts: tuple[History, ...], spec: BudgetSpec) -> None:
    """Check the channels and days that rules name, and that relative changes refer to a non-zero current spend."""
    known_channels(from_spec.rules(spec), pasts[0].channels)
    labels = from_spec.weeks(spec, pasts[0].weeks[-1] + pd.Timedelta(days=pasts[0].step))
    from_spec.peaks(spec, labels)
    from_spec.blackouts(spec, labels)
    unknown = [name for name in spec.blackout if name not in (*pasts[0].channels, "all")]
    if unknown:
        raise ParamsError(
            tr(
                "budget: blackout names {unknown}, which has no curve. Channels: {channels}.",
                unknown=unknown[0],
                channels=joined(pasts[0].channels),
            )
        )
    if (spec.change is not None or spec.changes) and not grids(pasts, spec)[1].any():
        raise ParamsError(
            tr("budget: change and changes are ratios of what is spent now, and nothing is; write limits instead.")
        )


def _tests(pasts: tuple[History, ...], spec: BudgetSpec) -> None:
    """Check that candidate tests stay within the range of the response curves."""
    if spec.mode == "target":
        return
    grid, now = grids(pasts, spec)
    for test in spec.tests:
        ends = dict(zip(pasts[0].channels, zip(now.tolist(), grid[:, -1].tolist(), strict=True), strict=True))
        reach(test, {name: (at, end if not spec.beyond else np.inf) for name, (at, end) in ends.items()})
