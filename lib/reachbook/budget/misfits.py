"""Parameters of a budget that name a channel or a day that the study's tables do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from reachbook.budget.spec import BudgetSpec
    from reachbook.spec import Keys

_BY_CHANNEL = ("limits", "fixed", "minimum", "changes", "packages", "rebates", "channel_shares", "blackout")


def misfits(spec: BudgetSpec, tables: Mapping[str, Path]) -> Iterator[tuple[Keys, str]]:
    """Keys of each value that means nothing beside the tables (Parquet files by name), and what to do about it."""
    if "media" not in tables or "outcome" not in tables:
        return
    channels = set(pd.read_parquet(tables["media"], columns=["channel"])["channel"].astype(str))
    known = f"Channels of the media table: {', '.join(sorted(channels))}."
    for keys, name in _named(spec):
        if name not in channels:
            yield keys, f"is no channel of the media table. {known}"
    last = pd.to_datetime(pd.read_parquet(tables["outcome"], columns=["week"])["week"]).max()
    for keys, day in _days(spec):
        date = pd.to_datetime(day, format="%Y-%m-%d", errors="coerce")
        if pd.isna(date):
            yield keys, f"is {day}. Write a day as YYYY-MM-DD."
        elif not last < date <= last + pd.Timedelta(weeks=spec.horizon_weeks + 1):
            planned = f"the {spec.horizon_weeks} weeks that are planned after {last:%Y-%m-%d}"
            yield keys, f"is {day}, outside {planned}. Take a day inside them, or plan more weeks."


def _named(spec: BudgetSpec) -> Iterator[tuple[Keys, str]]:
    own = {field: getattr(spec, field) for field in _BY_CHANNEL}
    changed = [(("scenarios", name), fields) for name, fields in spec.scenarios.items()]
    for keys, fields in [((), own), *changed]:
        for field in _BY_CHANNEL:
            names = [name for name in fields.get(field) or {} if (field, name) != ("blackout", "all")]
            yield from (((*keys, field, name), name) for name in names)
    for group, share in spec.groups.items():
        yield from ((("groups", group, "channels", k), name) for k, name in enumerate(share.channels))
    for k, test in enumerate(spec.tests):
        yield ("tests", k, "channel"), test.channel


def _days(spec: BudgetSpec) -> Iterator[tuple[Keys, str]]:
    for name, days in spec.blackout.items():
        yield from ((("blackout", name, k), day) for k, day in enumerate(days))
    yield from ((("peaks", day), day) for day in spec.peaks)
