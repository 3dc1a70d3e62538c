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
NEVER = -1
"""A second of the day at which nothing happens."""
FEWEST_STAMPED = 5


@dataclass(frozen=True)
class Counts:
    """What each person did in the period.

    frame : one row a person with an event, index user_id; columns as in features.sql.
    levels : kinds, platforms, formats, topics, commonest first, in the order in which the columns number them.
    has : which of interactions, orders and contents there were.
    stamps : second of the day at which events of a table stand that have no hour; see `stamp`.
    """

    frame: pd.DataFrame
    levels: dict[str, list[str]]
    has: dict[str, bool]
    stamps: dict[str, int]


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
    stamps = hours_missing(used, given)
    given |= {"levels": list(found.items()), "stamps": {"interactions": NEVER, "orders": NEVER} | stamps}
    frame = query.run(SQL / "features.sql", used, given).set_index("user_id")
    if frame.empty:
        raise DataError(f"No interaction and no order lies between {start} and {end}. {_where(used)}")
    return Counts(frame, found, has, stamps)


def hours_missing(used: Mapping[str, Path], given: Mapping[str, object]) -> dict[str, int]:
    """The second of the day that stands for "no hour known", for each table that has one."""
    seen = query.run(SQL / "hours.sql", used, given)
    found = {str(name): stamp(part) for name, part in seen.groupby("source")}
    return {name: second for name, second in found.items() if second is not None}


def stamp(seen: pd.DataFrame) -> int | None:
    """Second of the day that towers above all others: days without a time, read as midnight (in some time zone).

    seen : columns second_of_day, events; most events first. It towers with three times the events of the next, 1 % of
    all and `FEWEST_STAMPED` at least. Times rounded to hours have 24 that are alike, and no stamp.
    """
    events = seen["events"].to_numpy()
    second = int(events[1]) if len(events) > 1 else 0
    towers = events[0] > 3 * second and events[0] >= max(FEWEST_STAMPED, 0.01 * events.sum())
    return int(seen["second_of_day"].iloc[0]) if towers else None


def _where(used: Mapping[str, Path]) -> str:
    """When things happened, and so whether the period or the file should change."""
    at = pd.concat([pd.read_parquet(used[name], columns=["at"])["at"] for name in used if name != "contents"])
    return (
        f"The tables hold events from {at.min():%Y-%m-%d} to {at.max():%Y-%m-%d}: bring files of the period, "
        "or set period in study.yaml to these days."
    )


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
