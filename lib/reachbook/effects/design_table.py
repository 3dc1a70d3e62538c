"""Reader of the table that the design needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reachbook.effects.small_segments import together
from reachbook.errors import ParamsError
from reachbook.translation import joined, tr

if TYPE_CHECKING:
    from reachbook.effects.spec import EffectSpec

DESIGNS = ("experiment", "panel", "series")
_OPTIONAL = ("assigned_at", "exposed_at", "segment", "treated", "spend", "cost")
"""Optional columns, dropped if they are empty throughout."""


def read(tables: Mapping[str, Path], spec: EffectSpec, fewest: int = 1) -> pd.DataFrame:
    """Rows of the design's table, money as float; without rows if an experiment is planned, which reads none.

    Parameters
    ----------
    fewest : int
        Fewest units of a segment in an arm of an experiment that are told; smaller segments are counted as one, see
        `small_segments.together`.

    Raises
    ------
    ParamsError
        If the study has no table for the design.
    """
    if spec.plan and spec.design == "experiment":
        return pd.DataFrame()
    if spec.design not in tables:
        here = joined(name for name in DESIGNS if name in tables) or tr("none")
        raise ParamsError(
            tr(
                "campaign_effect: design is {design!r}, but the study has no table {design!r} (designs with a table: "
                "{tables}). Describe it under `tables:` in study.yaml, or choose another design.",
                design=spec.design,
                tables=here,
            )
        )
    import pyarrow.parquet as pq
    import pyarrow.types as kinds

    table = pq.read_table(tables[spec.design])
    money = [field.name for field in table.schema if kinds.is_decimal(field.type)]
    frame: pd.DataFrame = table.to_pandas().astype(dict.fromkeys(money, float))
    frame = frame.drop(columns=[name for name in _OPTIONAL if name in frame and frame[name].isna().all()])
    return together(frame, fewest) if {"arm", "segment"} <= set(frame) else frame
