"""Everything that is asked of the tables of a study."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from reachbook.arrays import Floats
from reachbook.quality import alarms, replay
from reachbook.quality.alarms import Alarm, Watched
from reachbook.quality.bots import Bots, bots
from reachbook.quality.duplicates import Duplicates, duplicates
from reachbook.quality.empty import empty
from reachbook.quality.gaps import Gap, gaps
from reachbook.quality.labels import table
from reachbook.quality.layout import Subject, subjects
from reachbook.quality.platforms import Platforms, platforms
from reachbook.quality.rows import Rows, rows, span
from reachbook.quality.spec import QualitySpec
from reachbook.quality.times import Times, times
from reachbook.stats import calendar
from reachbook.translation import day, joined, tr, trn


@dataclass(frozen=True)
class Inspected:
    """What was found in one table.

    Attributes
    ----------
    rows : Rows or None
        Rows by slot; None where no row has a day, or none lies in the period.
    span : (date, date) or None
        First and last day with a row, in the period where the table should fill it; None where no row has a day.
    watched : Watched or None
        The series that were searched for alarms; None where there is none with a past.
    times : Times or None
        Times of day; None for a table of days or weeks.
    duplicates : Duplicates or None
        Repeated rows; None where equal rows mean nothing.
    """

    subject: Subject
    rows: Rows | None
    span: tuple[date, date] | None = None
    gaps: tuple[Gap, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    watched: Watched | None = None
    times: Times | None = None
    duplicates: Duplicates | None = None

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.subject.name

    @property
    def missing(self) -> float:
        """Share of the expected rows that lie in gaps."""
        lost = sum(gap.missing for gap in self.gaps)
        held = float(self.rows.total.sum()) if self.rows else 0.0
        return lost / (lost + held) if lost else 0.0

    @property
    def counted(self) -> int:
        """Rows in the period of a table of events that should fill it, else of the whole table."""
        if self.subject.layout.head and self.subject.timed:
            return int(self.rows.total.sum()) if self.rows else 0
        return self.subject.rows


@dataclass(frozen=True)
class Inspection:
    """What was found in all tables of a study.

    Attributes
    ----------
    platforms : Platforms or None
        People by platform; None where no table has people on two platforms.
    empty : pandas.DataFrame
        Shares of empty cells, see `empty.empty`.
    """

    spec: QualitySpec
    start: date
    end: date
    tables: tuple[Inspected, ...]
    platforms: Platforms | None
    bots: Bots
    empty: pd.DataFrame

    def describe(self) -> str:
        """Describe what was read in one sentence."""
        parts = (
            trn("{table} ({n} row)", "{table} ({n} rows)", each.subject.rows, table=table(each.name))
            for each in self.tables
        )
        return tr(
            "Read from {start} to {end}: {tables}.", start=day(self.start), end=day(self.end), tables=joined(parts)
        )

    def gap_table(self) -> pd.DataFrame:
        """All gaps, see `gaps.table`."""
        found = [gaps_of(each) for each in self.tables if each.gaps]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame()

    def alarm_table(self) -> pd.DataFrame:
        """All alarms, see `alarms.table`."""
        found = [alarms_of(each, self.spec) for each in self.tables if each.alarms]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def inspect(tables: Mapping[str, Path], spec: QualitySpec, start: date, end: date, seed: int) -> Inspection:
    """Inspect the tables of a study out of core: no table is held in memory, only counts of it.

    Parameters
    ----------
    tables : mapping of str to Path
        Checked Parquet files by table name; tables that are not judged are left alone.
    start, end : date
        First and last day of the period.
    """
    asked = subjects(tables)
    found = tuple(_inspected(each, spec, start, end, seed) for each in asked)
    clocks = {each.name: each.times for each in found if each.times}
    return Inspection(spec, start, end, found, platforms(asked), bots(asked, clocks, spec, start, end), empty(asked))


def _inspected(subject: Subject, spec: QualitySpec, start: date, end: date, seed: int) -> Inspected:
    counted = rows(subject, start, end)
    seen = span(subject, start if subject.layout.head else None, end)
    if counted is None:
        return Inspected(subject, None, seen)
    clock = times(counted, spec.most_day_only)
    lost = gaps(counted, spec.false_alarms / replay.KINDS_OF_ALARM)
    series = alarms.watched(counted, lost)
    found = alarms.find(series, spec, replay.limits(series, spec, seed)) if series.enough else []
    return Inspected(
        subject,
        counted,
        seen,
        tuple(lost),
        tuple(found),
        series if series.enough else None,
        clock,
        duplicates(counted, clock),
    )


def gaps_of(each: Inspected) -> pd.DataFrame:
    """The gaps of one table with their days."""
    from reachbook.quality import gaps as room

    assert each.rows is not None
    return room.table(each.rows, list(each.gaps))


def alarms_of(each: Inspected, spec: QualitySpec) -> pd.DataFrame:
    """The alarms of one table with their days, and the festivals on them."""
    assert each.rows is not None
    festivals: dict[str, Floats] = calendar.festivals(each.rows.slots) if spec.calendar == "china" else {}
    return alarms.table(each.rows, list(each.alarms), festivals)
