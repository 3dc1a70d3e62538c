"""What the notebook would refuse of its parameters and its table, before anything is estimated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reachbook.effects.read import read

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec


def refuse(tables: Mapping[str, Path], spec: EffectSpec) -> None:
    """Raise the ParamsError or DataError that the notebook would raise of `spec` beside the study's tables.

    tables : checked Parquet files by name. The functions are those with which each design reads and checks before it
    estimates, so that the two cannot part.
    """
    frame = read(tables, spec)
    if spec.design == "panel":
        from reachbook.effects import markets

        markets.checked(frame, spec)
    elif spec.design == "series":
        from reachbook.effects import timeline

        timeline.checked(frame, spec)
    elif spec.plan:
        from reachbook.effects import planning

        planning.checked(spec)
    else:
        from reachbook.effects import trial

        trial.checked(frame, spec)
