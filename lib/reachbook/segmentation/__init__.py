"""Who is in this audience: features of behaviour, segments that can be defended, and what they are like.

What is heavy to import is imported when a function is called, so that reading parameters stays quick.
"""

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
    """Segments that can be defended, or the finding that there are none: see `segments.segment`."""
    from reachbook.segmentation import segments

    return segments.segment(features, spec, seed=seed)


def features(tables: Mapping[str, Path], spec: SegmentationSpec, start: date, end: date) -> Features:
    """Behaviour of everybody in a period, one row a person: see `behaviour.features`."""
    from reachbook.segmentation import behaviour

    return behaviour.features(tables, spec, start, end)
