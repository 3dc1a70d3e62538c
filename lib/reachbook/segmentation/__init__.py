"""Audience segmentation: features of behaviour, segments that can be defended, and their profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.segmentation.spec import SegmentationSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from reachbook.segmentation.behaviour import Features
    from reachbook.segmentation.segments import Segmentation

__all__ = ["SegmentationSpec", "features", "segment"]


def segment(features: pd.DataFrame, spec: SegmentationSpec | None = None, *, seed: int = 1) -> Segmentation:
    """Find segments that can be defended, or report that there are none; see `segments.segment`."""
    from reachbook.segmentation import segments

    return segments.segment(features, spec, seed=seed)


def features(
    tables: Mapping[str, Path],
    spec: SegmentationSpec,
    start: date,
    end: date,
    channels: Mapping[str, str] | None = None,
) -> Features:
    """Compute features of behaviour, one row for each person active in the period; see `behaviour.features`."""
    from reachbook.segmentation import behaviour

    return behaviour.features(tables, spec, start, end, channels or {})
