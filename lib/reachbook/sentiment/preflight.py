"""What the notebook would refuse of its parameters and tables, before anything is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachbook.sentiment.classifier.predict import check
from reachbook.sentiment.text.comments import gather

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from reachbook.sentiment.spec import SentimentSpec


def refuse(spec: SentimentSpec, tables: Mapping[str, Path], start: date, end: date) -> None:
    """Raise for comments, brands and labels (checked Parquet files by name) that the notebook could not use."""
    check(gather(tables, spec, start, end), spec)
