"""Behaviour as features in which segments can show: logs of counts, guarded shares, one row a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from reachbook.segmentation.counts import PARTS, Counts, counts
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.sparse_reference import Crowd

TRAITS = ("age_band", "gender", "city_tier", "region")
SILENT = ("consent", "joined_on")
"""Columns of the users table that describe nobody: whether somebody may be addressed, and since when."""
CONTRACT = (*TRAITS, "platform")
"""Columns that the users table always has, empty where the file has none."""
TAG_VALUES = 12
"""Most values of a text that is an audience tag of the user's own."""
MOST = 0.5


class Clustered(pd.DataFrame):
    """A table of features that knows the counts they were made of, so that a crowd as sparse can be drawn."""

    _metadata: ClassVar[list[str]] = ["crowd"]
    crowd: Crowd | None = None

    @property
    def _constructor(self) -> "type[Clustered]":
        return Clustered


@dataclass(frozen=True)
class Hours:
    """At which hours things happened, as far as the tables say.

    events : events in the period; timed : those of them with an hour.
    stamps : time of the day, in seconds, at which the events of a table without an hour stand.
    """

    events: int
    timed: int
    stamps: dict[str, int]

    @property
    def missing(self) -> float:
        """Share of events without an hour."""
        return 1 - self.timed / self.events

    @property
    def used(self) -> bool:
        """Whether hours are features: where most events have none, those of the others would speak for all."""
        return self.missing <= MOST

    @property
    def words(self) -> str:
        """What is missing, where it stands, and what follows."""
        if not self.stamps:
            return f"All {self.events:,} events have an hour."
        where = " and ".join(f"{name} at exactly {clock(second)}" for name, second in sorted(self.stamps.items()))
        said = f"{self.missing:.0%} of events have a day but no hour ({where})"
        if not self.used:
            return f"{said}: hours are left out, since most events have none. Bring times with hours, or plan without."
        return f"{said}; hours are told from the other {self.timed:,}."


def clock(second: int) -> str:
    """A second of the day as hours, minutes and seconds."""
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


@dataclass(frozen=True)
class Features:
    """What people did and who they are.

    frame : one row a person with an event in the period, index user_id; the columns of `meaning`, numbers.
    meaning : one row a feature: feature, unit, meaning, clustered (bool; the others are for profiles only).
    traits : one row a person: lifecycle stage and what the users table says, as text; for profiles only.
    revenue : money of each person in the whole period, in the study's currency; None without orders.
    silent : people in the users table without an event in the period; they are in no segment.
    numbers : one row a person: what the users table says in numbers; for profiles only.
    unread : columns of the users table that are in no profile, each with the reason.
    crowd : the counts behind the features, and people without segments as sparse as these.
    hours : what is known about the hours of events.
    """

    frame: pd.DataFrame
    meaning: pd.DataFrame
    traits: pd.DataFrame
    revenue: pd.Series | None
    silent: int
    numbers: pd.DataFrame
    unread: dict[str, str]
    crowd: Crowd
    hours: Hours

    @property
    def clustered(self) -> Clustered:
        """The features on which segments are sought."""
        out = Clustered(_sought(self.frame, self.meaning))
        out.crowd = self.crowd
        return out


class _Columns:
    """Features as they are made, each with its meaning."""

    def __init__(self, index: pd.Index) -> None:
        self.values: dict[str, pd.Series] = {}
        self.rows: list[dict[str, object]] = []
        self.index = index

    def add(self, name: str, values: Any, unit: str, meaning: str, clustered: bool = True) -> None:
        self.values[name] = pd.Series(values, index=self.index).astype(float)
        self.rows.append({"feature": name, "unit": unit, "meaning": meaning, "clustered": clustered})


def features(tables: Mapping[str, Path], spec: SegmentationSpec, start: date, end: date) -> Features:
    """Features of everybody with an interaction or an order from `start` to `end`, both inside.

    Where a table is absent its features are absent, never zero. Raises DataError where nobody did anything.
    """
    found = counts(tables, spec, start, end)
    hours = Hours(int(found.frame["events"].sum()), int(found.frame["timed"].sum()), found.stamps)
    commonest = max(range(len(PARTS)), key=lambda i: float(found.frame[f"hours_{i}"].sum())) if hours.used else None

    def made_of(frame: pd.DataFrame) -> _Columns:
        return _made(replace(found, frame=frame), commonest, spec, start, end)

    def described(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(made_of(frame).values)

    made = made_of(found.frame)
    users = pd.read_parquet(tables["users"]).set_index("user_id") if "users" in tables else None
    traits, numbers, unread = _traits(found.frame, users, spec, start, end)
    return Features(
        frame=pd.DataFrame(made.values),
        meaning=pd.DataFrame(made.rows),
        traits=traits,
        numbers=numbers,
        unread=unread,
        crowd=Crowd(found.frame, found.levels, start, end, described),
        hours=hours,
        revenue=found.frame["revenue"].fillna(0.0).astype(float) if found.has["orders"] else None,
        silent=0 if users is None else int((~users.index.isin(found.frame.index)).sum()),
    )


def _made(found: Counts, commonest: int | None, spec: SegmentationSpec, start: date, end: date) -> _Columns:
    """Features of counts. commonest : part of the day that is held out; None where hours are no features."""
    made = _Columns(found.frame.index)
    _activity(made, found, end)
    if found.has["interactions"]:
        _shares(made, found, spec)
    _hours(made, found, commonest, spec)
    if found.has["orders"]:
        _orders(made, found, spec, start, end)
    return made


def _sought(frame: pd.DataFrame, meaning: pd.DataFrame) -> pd.DataFrame:
    """The columns of features on which segments are sought."""
    used: list[str] = meaning.loc[meaning["clustered"], "feature"].tolist()
    return frame[used]


def days_before(end: date, day: pd.Series) -> pd.Series:
    """Whole days from `day` to `end`."""
    return (pd.Timestamp(end) - pd.to_datetime(day)).dt.days.astype(float)


def guarded(count: pd.Series, total: pd.Series, strength: float) -> pd.Series:
    """Share count/total drawn towards everybody's share, as if `strength` events of average behaviour were added.

    Somebody with one event is not 100 % anything; somebody without any event gets everybody's share. Who has events
    but none of this kind has 0: all of them the same number, so that the scaling sees that they share it, and no gap
    opens between those who never do something rare and those who did it once.
    """
    count, total = count.fillna(0.0), total.fillna(0.0)
    average = count.sum() / max(total.sum(), 1.0)
    share = (count + strength * average) / (total + strength) if strength else (count / total).fillna(average)
    return share.where((count > 0) | (total == 0), 0.0)


def _activity(made: _Columns, found: Counts, end: date) -> None:
    f = found.frame
    made.add("activity", np.log1p(f["events"]), "log", "log of 1 + events (interactions and orders)")
    if "days" in f:  # a drawn crowd has none, since no segment is sought on them
        made.add(
            "days_active_share", f["days"] / f["events"], "ratio", "days with an event, per event", clustered=False
        )
    made.add(
        "recency",
        days_before(end, f["last_day"]),
        "days",
        "days from the last event to the end of the period",
        clustered=found.has["interactions"],
    )


def _shares(made: _Columns, found: Counts, spec: SegmentationSpec) -> None:
    """Shares by kind, platform, format and topic; the commonest of each is held out, because shares add up to 1."""
    totals = {"kind": "acts", "platform": "acts", "format": "formats_known", "topic": "topics_known"}
    words = {
        "kind": "interactions that are",
        "platform": "interactions on",
        "format": "interactions with",
        "topic": "interactions about",
    }
    for group, levels in found.levels.items():
        for i, level in enumerate(levels):
            share = guarded(found.frame[f"{group}_{i}"], found.frame[totals[group]], spec.share_strength)
            meaning = f"share of {words[group]} {level}, guarded by {spec.share_strength:g} average events"
            made.add(f"{group}: {level}", share, "ratio", meaning, clustered=i > 0)


def _hours(made: _Columns, found: Counts, commonest: int | None, spec: SegmentationSpec) -> None:
    f = found.frame
    for i, (part, hours) in enumerate(PARTS.items() if commonest is not None else ()):
        when = " and ".join(f"{low}:00 to {high}:00" for low, high in hours)
        share = guarded(f[f"hours_{i}"], f["timed"], spec.share_strength)
        meaning = f"share of events from {when}, of those with an hour, guarded"
        made.add(f"hours: {part}", share, "ratio", meaning, clustered=i != commonest)
    weekend = guarded(f["weekend"], f["events"], spec.share_strength)
    made.add("weekend", weekend, "ratio", "share of events on Saturday and Sunday, guarded")


def _orders(made: _Columns, found: Counts, spec: SegmentationSpec, start: date, end: date) -> None:
    """Recency, frequency, money and basket. Who never ordered has no last order: the window's length stands for it."""
    f, window = found.frame, (end - start).days + 1
    money = "whole period" if not spec.money_window_days else f"last {spec.money_window_days} days"
    number, spent = f["orders"].fillna(0), f["money"].fillna(0.0)
    made.add("has_ordered", f["orders_all"].notna(), "0 or 1", "1 with an order in the period", clustered=False)
    made.add(
        "order_recency",
        days_before(end, f["last_order"]).fillna(window),
        "days",
        f"days from the last order to the end; {window}, the length of the period, without one (see has_ordered)",
    )
    made.add("order_frequency", np.log1p(number), "log", f"log of 1 + orders, {money}")
    made.add("money", np.log1p(spent), "log", f"log of 1 + money spent, {money}")
    average = spent.sum() / max(float(number.sum()), 1.0)
    made.add(
        "basket",
        np.log1p((spent + average) / (number + 1)),
        "log",
        "log of 1 + mean order, guarded by one average order (all of it where there is none)",
    )
    if f["items_known"].fillna(0).sum() > 0:
        made.add("items", np.log1p(guarded(f["items"], f["items_known"], 1.0)), "log", "log of 1 + mean items an order")
    if f["discount_known"].fillna(0).sum() > 0:
        made.add(
            "discount",
            guarded(f["discount"], f["revenue"] + f["discount"], average),
            "ratio",
            "discount over list price, guarded by one average order",
        )


def _traits(
    frame: pd.DataFrame, users: pd.DataFrame | None, spec: SegmentationSpec, start: date, end: date
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Traits as text, traits as numbers, and the columns of `users` that are neither, each with the reason."""
    text = pd.DataFrame({"lifecycle": lifecycle(frame, spec, start, end)}, index=frame.index)
    if users is None:
        return text, pd.DataFrame(index=frame.index), {}
    here = users.reindex(frame.index)
    unread = {str(c): reason for c in users if c not in SILENT and (reason := unreadable(str(c), here[c]))}
    read = [c for c in users if c not in SILENT and c not in unread and here[c].notna().any()]
    words = [c for c in read if _is_text(here[c])]
    numbers = here[[c for c in read if c not in words]].astype(float)
    return text.join(here[words].astype("string")), numbers, unread


def _is_text(values: pd.Series) -> bool:
    return bool(pd.api.types.is_string_dtype(values) or pd.api.types.is_bool_dtype(values))


def unreadable(name: str, values: pd.Series) -> str:
    """Why a column of the users table makes no trait; empty where it does."""
    if not values.notna().any():
        return "" if name in CONTRACT else "empty for everybody with an event"
    different = int(values.nunique())
    if _is_text(values):
        many = name not in TRAITS and different > TAG_VALUES
        return f"{different:,} different texts; a tag has at most {TAG_VALUES}" if many else ""
    if not pd.api.types.is_numeric_dtype(values):
        return "neither text nor a number"
    whole = bool((values.dropna() % 1 == 0).all())
    return "a different whole number for everybody, like an id" if whole and different == values.count() > 1 else ""


def lifecycle(frame: pd.DataFrame, spec: SegmentationSpec, start: date, end: date) -> pd.Series:
    """dormant, lapsing (by the last event), else new (first event at most `new_days` ago), else active.

    A period that is no longer than `new_days` cannot tell who is new: nobody is called so.
    """
    tellable = (end - start).days > spec.new_days
    last, first = days_before(end, frame["last_day"]), days_before(end, frame["first_day"])
    stage = np.select(
        [last > spec.lapsing_days, last > spec.active_days, (first <= spec.new_days) & tellable],
        ["dormant", "lapsing", "new"],
        "active",
    )
    return pd.Series(stage, index=frame.index, name="lifecycle")
