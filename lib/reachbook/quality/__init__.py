"""Data quality: gaps, sudden changes, late days, duplicates and likely bots, by table, platform and day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.quality.spec import QualitySpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from reachbook.presentation.section import Story
    from reachbook.quality.inspection import Inspection
    from reachbook.quality.sections.departed import Departed

__all__ = ["QualitySpec", "compose", "inspect"]


def inspect(tables: Mapping[str, Path], spec: QualitySpec, start: date, end: date, seed: int) -> Inspection:
    """Inspect the tables of a study; see `inspection.inspect`."""
    from reachbook.quality import inspection

    return inspection.inspect(tables, spec, start, end, seed)


def compose(
    found: Inspection,
    warnings: Sequence[tuple[str, str]] = (),
    left_out: Sequence[tuple[str, str]] = (),
    departed: Departed | None = None,
    minimum: int = 1,
) -> Story:
    """Compose the report on an inspection; see `sections.page.compose`."""
    from reachbook.quality.sections import page

    return page.compose(found, warnings, left_out, departed, minimum)
