"""Times that are days only, at midnight or at the hour that another time zone makes of it."""

from pathlib import Path

import pandas as pd
import pytest

from helpers.accounts import interactions
from helpers.event_tables import END, START
from reachbook.quality.layout import subjects
from reachbook.quality.rows import rows
from reachbook.quality.times import NEVER, Times, times


def found(path: Path) -> Times:
    counted = rows(subjects({"interactions": path})[0], START, END)
    assert counted is not None
    made = times(counted, 0.33)
    assert made is not None
    return made


def test_real_times(tmp_path: Path, events: pd.DataFrame) -> None:
    made = found(interactions(tmp_path, events))
    assert not made.day_only
    assert made.stamp == NEVER
    assert made.to_the_second


@pytest.mark.parametrize("hour", [0, 8])
def test_half_of_the_times_are_days_only(tmp_path: Path, events: pd.DataFrame, hour: int) -> None:
    half = events.index % 2 == 0
    events.loc[half, "at"] = events.loc[half, "at"].dt.floor("D") + pd.Timedelta(hours=hour)
    made = found(interactions(tmp_path, events))
    assert made.day_only
    assert (made.clock, made.stamp) == (f"{hour:02d}:00:00", hour * 3600)
    assert made.share == pytest.approx(0.5, abs=0.01)


def test_times_to_the_minute(tmp_path: Path, events: pd.DataFrame) -> None:
    made = found(interactions(tmp_path, events.assign(at=events["at"].dt.floor("min"))))
    assert not made.to_the_second
    assert not made.day_only


def test_some_times_without_an_hour_leave_the_others_theirs(tmp_path: Path, events: pd.DataFrame) -> None:
    tenth = events.index % 10 == 0
    events.loc[tenth, "at"] = events.loc[tenth, "at"].dt.floor("D")
    made = found(interactions(tmp_path, events))
    assert not made.day_only
    assert made.stamp == 0, "these rows know no hour, as the segments have it"


@pytest.mark.parametrize(("rows", "told"), [(1, False), (3, False), (9, False), (10, True)])
def test_few_rows_are_not_judged(tmp_path: Path, events: pd.DataFrame, rows: int, told: bool) -> None:
    few = events.head(rows).assign(at=events["at"].dt.floor("D"))
    assert found(interactions(tmp_path, few)).day_only is told
