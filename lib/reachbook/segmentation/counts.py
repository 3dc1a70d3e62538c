"""Counts of behaviour, one row for each person, from the tables of a study."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from reachbook import query
from reachbook.errors import DataError
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.stats.hours import NEVER, no_hour
from reachbook.translation import listing, sentences, tr

PARTS = {"night": [(22, 24), (0, 6)], "morning": [(6, 9)], "working day": [(9, 18)], "evening": [(18, 22)]}
"""Parts of the day, as hours from (inclusive) to (exclusive) on the study's clock."""
SQL = Path(__file__).parent
MOST_PLATFORMS = 100
"""Platforms of which each is a feature; more are no platforms but ids or texts in the wrong column."""


@dataclass(frozen=True)
class Counts:
    """Counts of each person's events in the period.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row for each person with an event, index user_id; columns as in features.sql.
    levels : dict of str to list of str
        Kinds, platforms, formats and topics, commonest first, in the order in which the columns number them.
    has : dict of str to bool
        Which of interactions, orders and contents exist.
    stamps : dict of str to int
        Second of the day that stands for "no hour known", by table; see `stamp`.
    """

    frame: pd.DataFrame
    levels: dict[str, list[str]]
    has: dict[str, bool]
    stamps: dict[str, int]


def counts(tables: Mapping[str, Path], spec: SegmentationSpec, start: date, end: date) -> Counts:
    """Count events from `start` to `end`, both inclusive.

    Raises
    ------
    DataError
        There is neither an interaction nor an order in the period.
    """
    has, used, found, given = question(tables, spec, start, end)
    stamps = given["stamps"]
    frame = query.run(SQL / "features.sql", used, given).set_index("user_id")
    if frame.empty:
        nothing = tr("No interaction and no order lies between {start} and {end}.", start=start, end=end)
        raise DataError(sentences(nothing, _where(used)))
    return Counts(frame, found, has, {name: second for name, second in stamps.items() if second != NEVER})


def question(
    tables: Mapping[str, Path], spec: SegmentationSpec, start: date, end: date
) -> tuple[dict[str, bool], dict[str, Path], dict[str, list[str]], dict[str, Any]]:
    """What features.sql asks of the tables.

    Returns
    -------
    has, levels
        As in `Counts`.
    used : dict of str to Path
        Tables that it reads.
    given : dict of str to object
        Values of its template.

    Raises
    ------
    DataError
        There is neither an interaction nor an order.
    """
    has = {
        name: name in tables and pq.read_metadata(tables[name]).num_rows > 0
        for name in ("interactions", "orders", "contents")
    }
    if not (has["interactions"] or has["orders"]):
        raise DataError(
            tr("There is neither an interaction nor an order. Segments need at least one of the two tables.")
        )
    used = {name: tables[name] for name, there in has.items() if there}
    given: dict[str, Any] = {
        **has,
        "start": start,
        "end": end,
        "parts": list(PARTS.values()),
        "money_from": money_from(spec, start, end),
    }
    found = levels(used, given, spec) if has["interactions"] else {}
    stamps = hours_missing(used, given)
    given |= {"levels": list(found.items()), "stamps": {"interactions": NEVER, "orders": NEVER} | stamps}
    return has, used, found, given


def hours_missing(used: Mapping[str, Path], given: Mapping[str, object]) -> dict[str, int]:
    """Return the second of the day that stands for "no hour known", for each table that has one."""
    seen = query.run(SQL / "hours.sql", used, given)
    found = {str(name): stamp(part) for name, part in seen.groupby("source")}
    return {name: second for name, second in found.items() if second is not None}


def stamp(seen: pd.DataFrame) -> int | None:
    """Return the second of the day that stands for "no hour known", or None.

    Parameters
    ----------
    seen : pandas.DataFrame
        Columns second_of_day and events, in descending order of events.
    """
    events = seen["events"].to_numpy()
    following = int(events[1]) if len(events) > 1 else 0
    return int(seen["second_of_day"].iloc[0]) if no_hour(int(events[0]), following, int(events.sum())) else None


def _where(used: Mapping[str, Path]) -> str:
    """Describe the period that the tables cover, from which the reader sees whether the period or the file is wrong."""
    at = pd.concat([pd.read_parquet(used[name], columns=["at"])["at"] for name in used if name != "contents"])
    return tr(
        "The tables hold events from {first:%Y-%m-%d} to {last:%Y-%m-%d}: bring files of the period, or set period in "
        "study.yaml to these days.",
        first=at.min(),
        last=at.max(),
    )


def money_from(spec: SegmentationSpec, start: date, end: date) -> date:
    """First day whose orders count towards money."""
    return max(start, end - timedelta(days=spec.money_window_days - 1)) if spec.money_window_days else start


def levels(used: Mapping[str, Path], given: Mapping[str, object], spec: SegmentationSpec) -> dict[str, list[str]]:
    """Values of each category in the period, commonest first; of topics only the first `top_topics`.

    Raises
    ------
    DataError
        There are more platforms than `MOST_PLATFORMS`.
    """
    long = query.run(SQL / "levels.sql", used, given)
    found = {
        feature: long.loc[long["feature"] == feature, "level"].tolist()
        for feature in ("kind", "platform", "format", "topic")
    }
    if len(found["platform"]) > MOST_PLATFORMS:
        raise DataError(
            tr(
                "interactions: {n:,} platforms in the period, as {first}; at most {most} can be told apart. Map "
                "another column to platform (columns:), or put the small ones together (values:).",
                n=len(found["platform"]),
                first=listing(found["platform"][:3]),
                most=MOST_PLATFORMS,
            )
        )
    return {**found, "topic": found["topic"][: spec.top_topics]}
