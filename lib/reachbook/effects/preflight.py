"""Checks of parameters and table before any estimation: what the notebook would raise, and what it would warn of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.design_table import read
from reachbook.presentation.numbers import number
from reachbook.translation import sentences, tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from reachbook.effects.counterfactual.panel_data import PanelData
    from reachbook.effects.spec import EffectSpec


def refuse(spec: EffectSpec, tables: Mapping[str, Path], start: date, end: date) -> None:
    """Raise the error that the notebook would raise for `spec` and the study's tables.

    It calls the functions with which each design reads and checks its table, so that both always agree.

    Parameters
    ----------
    spec : EffectSpec
        Parameters.
    tables : mapping of str to Path
        Parquet file of each checked table.
    start, end : date
        First and last day of the study; not used here.

    Raises
    ------
    ParamsError, DataError
        If the notebook would raise it.
    """
    frame = read(tables, spec)
    if spec.plan:
        _plan(frame, spec)
    elif spec.design != "experiment":
        _observed(frame, spec)
    else:
        from reachbook.effects.experiment.estimate import checked as experiment_checked

        experiment_checked(frame, spec)


def _plan(frame: pd.DataFrame, spec: EffectSpec) -> None:
    if spec.design == "panel":
        from reachbook.effects.planning.panel import checked as panel_checked

        panel_checked(frame, spec)
    elif spec.design == "series":
        from reachbook.effects.planning.plan_test import plan_test

        plan_test(frame, spec, 0)
    else:
        from reachbook.effects.planning.experiment import checked as experiment_checked

        experiment_checked(spec)


def doubts(spec: EffectSpec, tables: Mapping[str, Path], start: date, end: date) -> tuple[str, ...]:
    """Warnings on parameters that the notebook would accept: a target at which money would be lost.

    Parameters
    ----------
    spec : EffectSpec
        Parameters that `refuse` accepts for the same tables.
    tables, start, end
        As for `refuse`.

    Returns
    -------
    tuple of str
        One sentence each; empty where break-even is not known before the estimation.
    """
    if spec.target is None or spec.plan:
        return ()
    frame = read(tables, spec)
    low = _even_of_arms(frame, spec) if spec.design == "experiment" else _even_of_cells(frame, spec)
    if low is None or low <= spec.target:
        return ()
    told = {"target": number(spec.target, "ratio"), "even": number(low, "ratio")}
    loss = (
        tr("target is {target}: reaching it would still lose money, as break-even is at about {even}.", **told)
        if spec.design == "experiment"
        else tr("target is {target}: reaching it would still lose money, as break-even is at {even} or more.", **told)
    )
    return (sentences(loss, tr("Raise the target.")),)


def _even_of_arms(frame: pd.DataFrame, spec: EffectSpec) -> float | None:
    """Lowest break-even lift of an arm at its own part of the spend, by the control's observed mean; None if unknown.

    Without costs by arm all have the same, because the spend is shared like the units.
    """
    from reachbook.effects.experiment.estimate import checked
    from reachbook.effects.value.incremental_spend import of_units
    from reachbook.effects.value.rollout import repaid_at

    units = checked(frame, spec)
    if units.under is not None:
        return None
    usual, spent = float(units.outcome[units.arm == 0].mean()), of_units(units, spec)
    sizes = dict(zip(units.arms, units.sizes.tolist(), strict=True))
    parts = {name: arm.net for name, arm in spent.arms.items()}
    if not parts:
        return repaid_at(usual * sum(units.sizes[1:].tolist()), units.name, spec, spent.net)
    found = [repaid_at(usual * sizes[name], units.name, spec, net) for name, net in parts.items()]
    known = [each for each in found if each is not None]
    return min(known) if len(known) == len(found) else None


def _even_of_cells(frame: pd.DataFrame, spec: EffectSpec) -> float | None:
    """Break-even lift if all that was observed in the campaign had come without it: the lowest unless it did harm."""
    from reachbook.effects.value.incremental_spend import of_panel
    from reachbook.effects.value.rollout import repaid_at

    panel = _observed(frame, spec)
    seen = sum(float(panel.outcome[unit, rows].sum()) for unit, rows in enumerate(panel.during))
    return repaid_at(seen, panel.name, spec, of_panel(panel, spec, frame).net)


def _observed(frame: pd.DataFrame, spec: EffectSpec) -> PanelData:
    if spec.design == "panel":
        from reachbook.effects.panel.estimate import checked as panel_checked

        return panel_checked(frame, spec)
    from reachbook.effects.series.estimate import checked as series_checked

    return series_checked(frame, spec)
