"""Preflight check of the sentiment analysis's parameters and tables."""

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
    """Raise the errors that the notebook would raise for its comments, brands and labels.

    Parameters
    ----------
    tables : mapping of str to Path
        Checked Parquet files by table name.

    Raises
    ------
    DataError
        The tables cannot be analysed.
    """
    check(gather(tables, spec, start, end), spec)
