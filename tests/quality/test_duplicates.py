"""Rows that repeat another one are counted, with their day; rows that only look alike are not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from helpers.accounts import interactions
from helpers.event_tables import DAYS, END, START, orders, written
from reachbook.quality.duplicates import Duplicates, duplicates
from reachbook.quality.layout import subjects
from reachbook.quality.rows import rows
from reachbook.quality.times import times


def found(name: str, path: Path) -> Duplicates:
    counted = rows(subjects({name: path})[0], START, END)
    assert counted is not None
    made = duplicates(counted, times(counted, 0.33))
    assert made is not None
    return made


def test_a_day_that_stands_twice_under_new_ids(tmp_path: Path) -> None:
    path = orders(tmp_path, {"weibo": np.full(DAYS, 20)}, people=2_000)
    once = pq.read_table(path).to_pandas()
    day = once[once["at"].dt.strftime("%m-%d") == "08-12"]
    again = day.assign(order_id="x" + day["order_id"], at=day["at"].dt.floor("min"))
    made = found("orders", written(tmp_path, "orders", pd.concat([once, again], ignore_index=True)))
    assert (made.asked, made.repeats, made.most) == (20 * DAYS + 20, 20, 2)
    assert (made.worst_day, made.on_worst_day) == ("2026-08-12", 20)


def test_rows_without_an_hour_are_not_compared(tmp_path: Path, events: pd.DataFrame) -> None:
    dated = events.assign(at=events["at"].dt.floor("D"))
    made = found("interactions", interactions(tmp_path, dated))
    assert (made.asked, made.share) == (0, 0.0)


def test_two_looks_at_different_seconds_are_two(tmp_path: Path, events: pd.DataFrame) -> None:
    later = events.assign(at=events["at"] + pd.Timedelta(seconds=1))
    assert found("interactions", interactions(tmp_path, events, later)).share < 0.001
    assert found("interactions", interactions(tmp_path, events, events)).repeats >= len(events)
