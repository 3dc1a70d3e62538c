"""Data quality: gaps, sudden changes, late days, duplicates and likely bots, by table, platform and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.quality.spec import QualitySpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reachbook.quality.inspection import Inspection

__all__ = ["QualitySpec", "inspect"]


def inspect(tables: Mapping[str, Path], spec: QualitySpec, start: date, end: date, seed: int) -> Inspection:
    """Inspect the tables of a study; see `inspection.inspect`."""
    from reachbook.quality import inspection

    return inspection.inspect(tables, spec, start, end, seed)
