"""Counts of behaviour, one row a person, from the tables of a study."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from reachbook import query
from reachbook.errors import DataError
from reachbook.segmentation.spec import SegmentationSpec

PARTS = {"night": [(22, 24), (0, 6)], "morning": [(6, 9)], "working day": [(9, 18)], "evening": [(18, 22)]}
"""Parts of the day, as hours from (inside) to (outside), on the study's clock."""
SQL = Path(__file__).parent


@dataclass(frozen=True)
class Counts:
    """What each person did in the period.

    frame : one row a person with an event, index user_id; columns as in features.sql.
    levels : kinds, platforms, formats, topics, commonest first, in the order in which the columns number them.
    has : which of interactions, orders and contents there were.
    """

    frame: pd.DataFrame
    levels: dict[str, list[str]]
    has: dict[str, bool]


def counts(tables: Mapping[str, Path], spec: SegmentationSpec, start: date, end: date) -> Counts:
    """Counts from `start` to `end`, both inside.

    Raises DataError where there is neither an interaction nor an order in the period.
    """
    has = {
        name: name in tables and pq.read_metadata(tables[name]).num_rows > 0
        for name in ("interactions", "orders", "contents")
    }
    if not (has["interactions"] or has["orders"]):
        raise DataError("There is neither an interaction nor an order. Segments need at least one of the two tables.")
    used = {name: tables[name] for name, there in has.items() if there}
    given = {
        **has,
        "start": start,
        "end": end,
        "parts": list(PARTS.values()),
        "money_from": money_from(spec, start, end),
    }
    found = levels(used, given, spec) if has["interactions"] else {}
    frame = query.run(SQL / "features.sql", used, {**given, "levels": list(found.items())}).set_index("user_id")
    if frame.empty:
        raise DataError(f"No interaction and no order lies between {start} and {end}. Mend the period in study.yaml.")
    return Counts(frame, found, has)


def money_from(spec: SegmentationSpec, start: date, end: date) -> date:
    """First day whose orders count as money."""
    return max(start, end - timedelta(days=spec.money_window_days - 1)) if spec.money_window_days else start


def levels(used: Mapping[str, Path], given: Mapping[str, object], spec: SegmentationSpec) -> dict[str, list[str]]:
    """Values of each category in the period, commonest first; of topics the first `top_topics`."""
    long = query.run(SQL / "levels.sql", used, given)
    found = {
        feature: long.loc[long["feature"] == feature, "level"].tolist()
        for feature in ("kind", "platform", "format", "topic")
    }
    return {**found, "topic": found["topic"][: spec.top_topics]}
