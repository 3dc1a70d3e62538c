"""What the notebook would refuse of its parameters and tables, before anything is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.segmentation import behaviour, segments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reachbook.segmentation.spec import SegmentationSpec


def refuse(spec: SegmentationSpec, tables: Mapping[str, Path], start: date, end: date) -> None:
    """Raise what `features` and `segment` raise of these tables (checked Parquet files by name)."""
    segments.ready(behaviour.features(tables, spec, start, end).clustered)
