"""Checks that raise, before any estimation, what the notebook would raise about its parameters and table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.effects.design_table import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd

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
    elif spec.design == "panel":
        from reachbook.effects.panel.estimate import checked as panel_checked

        panel_checked(frame, spec)
    elif spec.design == "series":
        from reachbook.effects.series.estimate import checked as series_checked

        series_checked(frame, spec)
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
