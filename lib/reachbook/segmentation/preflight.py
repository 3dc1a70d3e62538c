"""Preflight check of the segmentation's parameters and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.segmentation import behaviour, segments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reachbook.segmentation.spec import SegmentationSpec


def refuse(spec: SegmentationSpec, tables: Mapping[str, Path], start: date, end: date) -> None:
    """Raise the errors that `features` and `segment` would raise for these tables.

    Parameters
    ----------
    tables : mapping of str to Path
        Checked Parquet files by table name.

    Raises
    ------
    DataError
        The tables cannot be segmented.
    """
    segments.ready(behaviour.features(tables, spec, start, end).clustered)
