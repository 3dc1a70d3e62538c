"""Preflight check of the tables that the data-quality report judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.errors import DataError
from reachbook.quality.layout import subjects
from reachbook.translation import joined, tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reachbook.quality.spec import QualitySpec


def refuse(spec: QualitySpec, tables: Mapping[str, Path], start: date, end: date) -> None:
    """Raise for tables that hold nothing to judge.

    Raises
    ------
    DataError
        No table has a row.
    """
    asked = subjects(tables)
    if not any(each.rows for each in asked):
        raise DataError(
            tr(
                "No table has a row: {tables}. Bring files with rows, or take data_quality out of `notebooks:`.",
                tables=joined(each.name for each in asked),
            )
        )
