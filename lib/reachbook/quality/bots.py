"""Likely bots, by rules that can be read and counted; suspects are told and never dropped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from reachbook import query
from reachbook.quality.labels import table
from reachbook.quality.layout import Subject
from reachbook.quality.spec import QualitySpec
from reachbook.quality.times import Times
from reachbook.translation import tr

SQL = Path(__file__).parent
_FIGURES = {
    "users": (("people", "people"),),
    "interactions": (("rows", "events"), ("people", "people")),
    "orders": (("rows", "orders"), ("money", "revenue"), ("people", "buyers")),
    "comments": (("rows", "comments"), ("people", "authors")),
}
"""Main figures of each table that has people: column of weight.sql and its name."""


@dataclass(frozen=True)
class Rule:
    """One rule, and whom it suspects.

    Attributes
    ----------
    words : str
        The rule as the page states it, with its thresholds.
    asked : bool
        Whether the table can answer it.
    accounts : tuple of str
        Suspects, in alphabetical order.
    """

    table: str
    name: str
    words: str
    asked: bool
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weight:
    """One main figure of a table, of all rows and without those of suspected accounts."""

    table: str
    figure: str
    all: float
    without: float

    @property
    def share(self) -> float:
        """Share of the figure that suspects make up."""
        return 1 - self.without / self.all if self.all else 0.0


@dataclass(frozen=True)
class Bots:
    """Suspected accounts and their weight in the main figures.

    Attributes
    ----------
    rules : tuple of Rule
        Every rule of every table with people.
    weights : tuple of Weight
        Every main figure of every table with people.
    """

    rules: tuple[Rule, ...]
    weights: tuple[Weight, ...]

    @property
    def accounts(self) -> list[str]:
        """All suspects, each once."""
        return sorted({account for rule in self.rules for account in rule.accounts})

    def heaviest(self, table: str = "") -> Weight | None:
        """The figure of which suspects make up the largest share, of one table or of all."""
        asked = [each for each in self.weights if table in ("", each.table)]
        return max(asked, key=lambda each: each.share, default=None)

    def compared(self) -> pd.DataFrame:
        """The main figures side by side: table, figure, all, without, share."""
        rows = [(each.table, each.figure, each.all, each.without, each.share) for each in self.weights]
        return pd.DataFrame(rows, columns=["table", "figure", "all", "without", "share"])

    def table(self) -> pd.DataFrame:
        """The rules with their counts: table, rule, suspects (missing where a table cannot answer)."""
        counts = [len(rule.accounts) if rule.asked else pd.NA for rule in self.rules]
        frame = pd.DataFrame({"table": [r.table for r in self.rules], "rule": [r.words for r in self.rules]})
        return frame.assign(suspects=pd.array(counts, dtype="Int64"))

    def suspects(self) -> pd.DataFrame:
        """One row for each account and rule: account, table, rule."""
        rows = [(account, rule.table, rule.name) for rule in self.rules for account in rule.accounts]
        return pd.DataFrame(rows, columns=["account", "table", "rule"]).sort_values(["account", "table", "rule"])


def bots(tables: Sequence[Subject], times: dict[str, Times], spec: QualitySpec, start: date, end: date) -> Bots:
    """Find suspects in interactions, orders and comments, and weigh them in every table that has people."""
    rules = tuple(
        rule for each in tables if each.person for rule in _rules(each, times.get(each.name), spec, start, end)
    )
    suspects = sorted({account for rule in rules for account in rule.accounts})
    weights = (weight for each in tables if each.person for weight in _weights(each, suspects, start, end))
    return Bots(rules, tuple(weights))


def _rules(subject: Subject, times: Times | None, spec: QualitySpec, start: date, end: date) -> Iterator[Rule]:
    bounds = {"interactions": spec.events_a_day, "orders": spec.orders_a_day, "comments": spec.comments_a_day}
    if subject.name not in bounds or times is None:
        return
    given = {"person": subject.person, "start": start, "end": end}
    bound = bounds[subject.name]
    busy = _asked("busy_days.sql", subject, given | {"bound": bound})
    words = tr("more than {bound:,} {rows} in one day", bound=bound, rows=table(subject.name))
    yield Rule(subject.name, "busy day", words, True, _accounts(busy))
    yield from _pauses(subject, times, spec, given)
    if subject.name == "comments":
        yield from _texts(subject, spec, given)


def _pauses(subject: Subject, times: Times, spec: QualitySpec, given: dict[str, object]) -> Iterator[Rule]:
    """Accounts that never sleep, and those that only ever came in a burst."""
    pause, seconds = spec.pause_hours * 3600, spec.burst_seconds
    limits = {"stamp": times.stamp, "pause": pause, "days": spec.sleepless_days}
    limits |= {"events": spec.burst_events, "seconds": seconds}
    found = _asked("pauses.sql", subject, given | limits) if not times.day_only else None
    yield Rule(
        subject.name,
        "no sleep",
        tr(
            "{days} or more whole days without a pause of {hours} hours",
            days=spec.sleepless_days,
            hours=f"{spec.pause_hours:g}",
        ),
        found is not None,
        () if found is None else _accounts(found[found["days"] >= spec.sleepless_days]),
    )
    exact = found is not None and times.to_the_second
    burst = found[(found["events"] >= spec.burst_events) & (found["pause"] <= seconds)] if found is not None else None
    yield Rule(
        subject.name,
        "burst",
        tr(
            "{n} or more {rows} in all, each within {seconds} seconds of the one before",
            n=spec.burst_events,
            rows=table(subject.name),
            seconds=f"{seconds:g}",
        ),
        exact,
        _accounts(burst) if exact and burst is not None else (),
    )


def _texts(subject: Subject, spec: QualitySpec, given: dict[str, object]) -> Iterator[Rule]:
    limits = {"length": spec.text_length, "times": spec.same_text_times, "accounts": spec.same_text_accounts}
    found = _asked("same_texts.sql", subject, given | limits)
    many, often = found["accounts"] >= spec.same_text_accounts, found["times"] >= spec.same_text_times
    shared = tr(
        "the same text of {length} characters or more as {n} or more other accounts",
        length=spec.text_length,
        n=spec.same_text_accounts - 1,
    )
    repeated = tr(
        "the same text of {length} characters or more {n} times or more",
        length=spec.text_length,
        n=spec.same_text_times,
    )
    yield Rule("comments", "shared text", shared, True, _accounts(found[many]))
    yield Rule("comments", "repeated text", repeated, True, _accounts(found[often]))


def _asked(sql: str, subject: Subject, given: dict[str, object]) -> pd.DataFrame:
    return query.run(SQL / sql, {"source": subject.path}, given)


def _accounts(found: pd.DataFrame) -> tuple[str, ...]:
    return tuple(found["account"].astype(str))


def _weights(subject: Subject, suspects: list[str], start: date, end: date) -> Iterator[Weight]:
    """Main figures of a table with and without the suspects; events and orders of the period only."""
    figures = _FIGURES.get(subject.name, ())
    if not figures or not subject.rows:
        return
    money = "amount" if subject.name == "orders" else ""
    given = {"person": subject.person, "money": money, "end": end, "start": "" if subject.name == "users" else start}
    accounts = pa.table({"account": pa.array(suspects, pa.string())})
    seen = query.run(SQL / "weight.sql", {"source": subject.path, "suspects": accounts}, given).iloc[0].fillna(0)
    for column, name in figures:
        yield Weight(subject.name, name, float(seen[column]), float(seen[f"{column}_without"]))
