"""Behaviour as features in which segments can show: logs of counts, guarded shares, one row a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reachbook.segmentation.counts import PARTS, Counts, counts
from reachbook.segmentation.spec import SegmentationSpec

TRAITS = ("age_band", "gender", "city_tier", "region")


@dataclass(frozen=True)
class Features:
    """What people did and who they are.

    frame : one row a person with an event in the period, index user_id; the columns of `meaning`, numbers.
    meaning : one row a feature: feature, unit, meaning, clustered (bool; the others are for profiles only).
    traits : one row a person: lifecycle stage and what the users table says, as text; for profiles only.
    revenue : money of each person in the whole period, in the study's currency; None without orders.
    silent : people in the users table without an event in the period; they are in no segment.
    """

    frame: pd.DataFrame
    meaning: pd.DataFrame
    traits: pd.DataFrame
    revenue: pd.Series | None
    silent: int

    @property
    def clustered(self) -> pd.DataFrame:
        """The features on which segments are sought."""
        used: list[str] = self.meaning.loc[self.meaning["clustered"], "feature"].tolist()
        return self.frame[used]


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
    made = _Columns(found.frame.index)
    _activity(made, found, end)
    if found.has["interactions"]:
        _shares(made, found, spec)
    _hours(made, found, spec)
    if found.has["orders"]:
        _orders(made, found, spec, start, end)
    users = pd.read_parquet(tables["users"]).set_index("user_id") if "users" in tables else None
    return Features(
        frame=pd.DataFrame(made.values),
        meaning=pd.DataFrame(made.rows),
        traits=_traits(found.frame, users, spec, end),
        revenue=found.frame["revenue"].fillna(0.0).astype(float) if found.has["orders"] else None,
        silent=0 if users is None else int((~users.index.isin(found.frame.index)).sum()),
    )


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
    made.add("days_active_share", f["days"] / f["events"], "ratio", "days with an event, per event", clustered=False)
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


def _hours(made: _Columns, found: Counts, spec: SegmentationSpec) -> None:
    f = found.frame
    commonest = max(range(len(PARTS)), key=lambda i: float(f[f"hours_{i}"].sum()))
    for i, (part, hours) in enumerate(PARTS.items()):
        clock = " and ".join(f"{low}:00 to {high}:00" for low, high in hours)
        share = guarded(f[f"hours_{i}"], f["events"], spec.share_strength)
        made.add(f"hours: {part}", share, "ratio", f"share of events from {clock}, guarded", clustered=i != commonest)
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


def _traits(frame: pd.DataFrame, users: pd.DataFrame | None, spec: SegmentationSpec, end: date) -> pd.DataFrame:
    out = pd.DataFrame({"lifecycle": lifecycle(frame, spec, end)}, index=frame.index)
    if users is None:
        return out
    known = [c for c in users if (c in TRAITS or _is_tag(users[c])) and users[c].notna().any()]
    return out.join(users[known].astype("string"))


def _is_tag(values: pd.Series) -> bool:
    """Text with few different values: an audience tag of the user's own."""
    return (pd.api.types.is_string_dtype(values) or pd.api.types.is_bool_dtype(values)) and values.nunique() <= 12


def lifecycle(frame: pd.DataFrame, spec: SegmentationSpec, end: date) -> pd.Series:
    """dormant, lapsing (by the last event), else new (first event at most `new_days` ago), else active."""
    last, first = days_before(end, frame["last_day"]), days_before(end, frame["first_day"])
    stage = np.select(
        [last > spec.lapsing_days, last > spec.active_days, first <= spec.new_days],
        ["dormant", "lapsing", "new"],
        "active",
    )
    return pd.Series(stage, index=frame.index, name="lifecycle")
