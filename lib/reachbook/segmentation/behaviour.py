"""Features of behaviour in which segments can show: logs of counts and guarded shares, one row for each person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from reachbook.segmentation.counts import PARTS, Counts, counts
from reachbook.segmentation.labels import UNNAMED, level_of
from reachbook.segmentation.spec import SegmentationSpec
from reachbook.segmentation.structure.sparse_reference import Crowd
from reachbook.translation import listing, mark, tr

TRAITS = ("age_band", "gender", "city_tier", "region")
SILENT = ("consent", "joined_on")
"""Columns of the users table that describe nobody: consent to be contacted, and the day of joining."""
CONTRACT = (*TRAITS, "platform")
"""Columns that the checked users table always has, empty where the file lacks them."""
TAG_VALUES = 12
"""Largest number of distinct texts in a column of the user's own for it to count as an audience tag."""
MOST = 0.5
SHARE_OF = {
    "kind": mark("share of interactions that are {level}, guarded by {strength} average events"),
    "platform": mark("share of interactions on {level}, guarded by {strength} average events"),
    "format": mark("share of interactions with {level}, guarded by {strength} average events"),
    "topic": mark("share of interactions about {level}, guarded by {strength} average events"),
}
"""Meaning of each group of shares."""


class Clustered(pd.DataFrame):
    """A table of features with the counts behind it, from which equally sparse reference crowds can be drawn."""

    _metadata: ClassVar[list[str]] = ["crowd"]
    crowd: Crowd | None = None

    @property
    def _constructor(self) -> "type[Clustered]":
        return Clustered


@dataclass(frozen=True)
class Hours:
    """How far the tables say at which hours events happened.

    Attributes
    ----------
    events : int
        Number of events in the period.
    timed : int
        Number of them with an hour.
    stamps : dict of str to int
        Time of day, in seconds, that stands for "no hour known", by table.
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
        """Whether hours are features; not where most events have none, because the others would speak for all."""
        return self.missing <= MOST

    @property
    def words(self) -> str:
        """Describe how many hours are missing, in which tables, and what follows from it."""
        if not self.stamps:
            return tr("All {n:,} events have an hour.", n=self.events)
        where = listing(
            tr("{table} at exactly {clock}", table=tr(name), clock=clock(second))
            for name, second in sorted(self.stamps.items())
        )
        if not self.used:
            return tr(
                "{share:.0%} of events have a day but no hour ({tables}): hours are left out, since most events have "
                "none. Bring times with hours, or plan without.",
                share=self.missing,
                tables=where,
            )
        return tr(
            "{share:.0%} of events have a day but no hour ({tables}); hours are told from the other {n:,}.",
            share=self.missing,
            tables=where,
            n=self.timed,
        )


def clock(second: int) -> str:
    """Format a second of the day as hours, minutes and seconds."""
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


@dataclass(frozen=True)
class Features:
    """Behaviour and traits of the people with an event in the period.

    Attributes
    ----------
    frame : pandas.DataFrame
        Numeric features: index user_id, one column for each row of `meaning`.
    meaning : pandas.DataFrame
        One row for each feature: feature, unit, meaning, clustered (bool; the others are for profiles only).
    traits : pandas.DataFrame
        One row for each person: lifecycle stage and texts of the users table; for profiles only.
    revenue : pandas.Series or None
        Money of each person in the entire period, in the study's currency; None without orders.
    silent : int
        Number of people in the users table without an event in the period; they are in no segment.
    numbers : pandas.DataFrame
        One row for each person: numbers of the users table; for profiles only.
    unread : dict of str to str
        Reason by column of the users table that is in no profile.
    crowd : Crowd
        The counts behind the features, from which people without segments can be drawn.
    hours : Hours
        How far hours of events are known.
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
        """The features that are searched for segments."""
        out = Clustered(_clustering_columns(self.frame, self.meaning))
        out.crowd = self.crowd
        return out


class _Columns:
    """Collects features, each with its meaning."""

    def __init__(self, index: pd.Index) -> None:
        self.values: dict[str, pd.Series] = {}
        self.rows: list[dict[str, object]] = []
        self.index = index

    def add(self, name: str, values: Any, unit: str, meaning: str, clustered: bool = True) -> None:
        self.values[name] = pd.Series(values, index=self.index).astype(float)
        self.rows.append({"feature": name, "unit": unit, "meaning": meaning, "clustered": clustered})


def features(
    tables: Mapping[str, Path],
    spec: SegmentationSpec,
    start: date,
    end: date,
    channels: Mapping[str, str] = UNNAMED,
) -> Features:
    """Compute features of everybody with an interaction or an order from `start` to `end`, both inclusive.

    Parameters
    ----------
    channels : mapping of str to str
        What the study calls its platforms.

    Raises
    ------
    DataError
        There is no interaction and no order in the period.

    Notes
    -----
    Where a table is absent its features are absent, never zero.
    """
    found = counts(tables, spec, start, end)
    hours = Hours(int(found.frame["events"].sum()), int(found.frame["timed"].sum()), found.stamps)
    commonest = max(range(len(PARTS)), key=lambda i: float(found.frame[f"hours_{i}"].sum())) if hours.used else None

    def made_of(frame: pd.DataFrame) -> _Columns:
        return _columns_from(replace(found, frame=frame), commonest, spec, start, end, channels)

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


def _columns_from(
    counted: Counts,
    commonest: int | None,
    spec: SegmentationSpec,
    start: date,
    end: date,
    channels: Mapping[str, str],
) -> _Columns:
    """Compute features from counts.

    Parameters
    ----------
    commonest : int or None
        Part of the day that is held out; None where hours are no features.
    """
    made = _Columns(counted.frame.index)
    _activity(made, counted, end)
    if counted.has["interactions"]:
        _shares(made, counted, spec, channels)
    _hours(made, counted, commonest, spec)
    if counted.has["orders"]:
        _orders(made, counted, spec, start, end)
    return made


def _clustering_columns(frame: pd.DataFrame, meaning: pd.DataFrame) -> pd.DataFrame:
    """Select the features that are searched for segments."""
    used: list[str] = meaning.loc[meaning["clustered"], "feature"].tolist()
    return frame[used]


def days_before(end: date, day: pd.Series) -> pd.Series:
    """Days from `day` to `end`, float64."""
    return (pd.Timestamp(end) - pd.to_datetime(day)).dt.days.astype(float)


def guarded(count: pd.Series, total: pd.Series, strength: float) -> pd.Series:
    """Shrink the share count/total towards the overall share, as if `strength` events of average behaviour were added.

    Parameters
    ----------
    count, total : float64 array (people,)
        Number of events of one kind, and of all kinds.
    strength : float
        Weight of the overall share, in events.

    Returns
    -------
    pandas.Series (people,)
        Ratios. A person with one event is not 100 % anything, and one without events gets the overall share. A person
        with events but none of this kind gets exactly 0: the scaling then recognises a shared value, and no gap opens
        between people who never did something rare and those who did it once.
    """
    count, total = count.fillna(0.0), total.fillna(0.0)
    average = count.sum() / max(total.sum(), 1.0)
    share = (count + strength * average) / (total + strength) if strength else (count / total).fillna(average)
    return share.where((count > 0) | (total == 0), 0.0)


def _activity(made: _Columns, counted: Counts, end: date) -> None:
    f = counted.frame
    made.add("activity", np.log1p(f["events"]), "log", tr("log of 1 + events (interactions and orders)"))
    if "days" in f:  # a drawn crowd has none, since no segment is sought on them
        made.add(
            "days_active_share", f["days"] / f["events"], "ratio", tr("days with an event, per event"), clustered=False
        )
    made.add(
        "recency",
        days_before(end, f["last_day"]),
        "days",
        tr("days from the last event to the end of the period"),
        clustered=counted.has["interactions"],
    )


def _shares(made: _Columns, counted: Counts, spec: SegmentationSpec, channels: Mapping[str, str]) -> None:
    """Add shares by kind, platform, format and topic; the commonest of each is held out, because shares sum to 1."""
    totals = {"kind": "acts", "platform": "acts", "format": "formats_known", "topic": "topics_known"}
    for group, levels in counted.levels.items():
        for i, level in enumerate(levels):
            share = guarded(counted.frame[f"{group}_{i}"], counted.frame[totals[group]], spec.share_strength)
            template = SHARE_OF[group]
            meaning = tr(template, level=level_of(f"{group}: {level}", channels), strength=f"{spec.share_strength:g}")
            made.add(f"{group}: {level}", share, "ratio", meaning, clustered=i > 0)


def _hours(made: _Columns, counted: Counts, commonest: int | None, spec: SegmentationSpec) -> None:
    f = counted.frame
    for i, (part, hours) in enumerate(PARTS.items() if commonest is not None else ()):
        when = listing(tr("{low}:00 to {high}:00", low=low, high=high) for low, high in hours)
        share = guarded(f[f"hours_{i}"], f["timed"], spec.share_strength)
        meaning = tr("share of events from {hours}, of those with an hour, guarded", hours=when)
        made.add(f"hours: {part}", share, "ratio", meaning, clustered=i != commonest)
    weekend = guarded(f["weekend"], f["events"], spec.share_strength)
    made.add("weekend", weekend, "ratio", tr("share of events on Saturday and Sunday, guarded"))


def _orders(made: _Columns, counted: Counts, spec: SegmentationSpec, start: date, end: date) -> None:
    """Add recency, frequency, money and basket; people without orders get the length of the period as recency."""
    f, window = counted.frame, (end - start).days + 1
    money = tr("last {n} days", n=spec.money_window_days) if spec.money_window_days else tr("whole period")
    number, spent = f["orders"].fillna(0), f["money"].fillna(0.0)
    made.add("has_ordered", f["orders_all"].notna(), "0 or 1", tr("1 with an order in the period"), clustered=False)
    made.add(
        "order_recency",
        days_before(end, f["last_order"]).fillna(window),
        "days",
        tr(
            "days from the last order to the end; {window}, the length of the period, without one (see has ordered)",
            window=window,
        ),
    )
    made.add("order_frequency", np.log1p(number), "log", tr("log of 1 + orders, {period}", period=money))
    made.add("money", np.log1p(spent), "log", tr("log of 1 + money spent, {period}", period=money))
    average = spent.sum() / max(float(number.sum()), 1.0)
    made.add(
        "basket",
        np.log1p((spent + average) / (number + 1)),
        "log",
        tr("log of 1 + mean order, guarded by one average order (all of it where there is none)"),
    )
    if f["items_known"].fillna(0).sum() > 0:
        mean = np.log1p(guarded(f["items"], f["items_known"], 1.0))
        made.add("items", mean, "log", tr("log of 1 + mean items an order"))
    if f["discount_known"].fillna(0).sum() > 0:
        made.add(
            "discount",
            guarded(f["discount"], f["revenue"] + f["discount"], average),
            "ratio",
            tr("discount over list price, guarded by one average order"),
        )


def _traits(
    frame: pd.DataFrame, users: pd.DataFrame | None, spec: SegmentationSpec, start: date, end: date
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Return traits as text, traits as numbers, and the reason for each column of `users` that is neither."""
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
    """Return the reason why a column of the users table makes no trait; "" where it does."""
    if not values.notna().any():
        return "" if name in CONTRACT else tr("empty for everybody with an event")
    different = int(values.nunique())
    if _is_text(values):
        many = name not in TRAITS and different > TAG_VALUES
        return tr("{n:,} different texts; a tag has at most {most}", n=different, most=TAG_VALUES) if many else ""
    if not pd.api.types.is_numeric_dtype(values):
        return tr("neither text nor a number")
    whole = bool((values.dropna() % 1 == 0).all())
    if whole and different == values.count() > 1:
        return tr("a different whole number for everybody, like an id")
    return ""


def lifecycle(frame: pd.DataFrame, spec: SegmentationSpec, start: date, end: date) -> pd.Series:
    """Assign each person a stage: dormant or lapsing by the last event, else new by the first event, else active.

    Notes
    -----
    "new" means a first event at most `new_days` before the end. A period no longer than `new_days` cannot show who is
    new, so nobody is called that.
    """
    tellable = (end - start).days > spec.new_days
    last, first = days_before(end, frame["last_day"]), days_before(end, frame["first_day"])
    stage = np.select(
        [last > spec.lapsing_days, last > spec.active_days, (first <= spec.new_days) & tellable],
        ["dormant", "lapsing", "new"],
        "active",
    )
    return pd.Series(stage, index=frame.index, name="lifecycle")
