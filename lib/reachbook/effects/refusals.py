"""What the notebook would refuse of its parameters and its table, before anything is estimated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reachbook.effects.design_table import read

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


def refuse(tables: Mapping[str, Path], spec: EffectSpec) -> None:
    """Raise the ParamsError or DataError that the notebook would raise of `spec` beside the study's tables.

    tables : checked Parquet files by name. The functions are those with which each design reads and checks before it
    estimates, so that the two cannot part.
    """
    frame = read(tables, spec)
    if spec.design == "panel":
        from reachbook.effects.panel.estimate import checked as panel_checked

        panel_checked(frame, spec)
    elif spec.design == "series":
        from reachbook.effects.series.estimate import checked as series_checked

        series_checked(frame, spec)
    elif spec.plan:
        from reachbook.effects.planning.experiment import checked as plan_checked

        plan_checked(spec)
    else:
        from reachbook.effects.experiment.estimate import checked as experiment_checked

        experiment_checked(frame, spec)
