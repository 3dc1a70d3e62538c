"""Gaps that were planted are found, with their platform and days; quiet days are none."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.event_tables import DAYS, END, START, orders, written
from reachbook.quality.gaps import Gap, gaps
from reachbook.quality.layout import subjects
from reachbook.quality.rows import rows

LEVEL = 0.0125


def found(name: str, path: Path) -> list[Gap]:
    counted = rows(subjects({name: path})[0], START, END)
    assert counted is not None
    return gaps(counted, LEVEL)


def test_two_days_of_one_platform(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    weibo, douyin = rng.poisson(30, DAYS), rng.poisson(60, DAYS)
    weibo[40:42] = 0
    (gap,) = found("orders", orders(tmp_path, {"weibo": weibo, "douyin": douyin}))
    assert (gap.part, gap.first, gap.last) == ("weibo", 40, 41)
    assert gap.missing == pytest.approx(60, rel=0.1)


def test_days_of_the_whole_table_are_not_told_again_for_each_platform(tmp_path: Path) -> None:
    counts = np.random.default_rng(1).poisson(40, (2, DAYS))
    counts[:, 10:12] = 0
    (gap,) = found("orders", orders(tmp_path, {"weibo": counts[0], "douyin": counts[1]}))
    assert (gap.part, gap.first, gap.last) == ("", 10, 11)


def test_a_table_that_ends_early_lacks_its_last_days(tmp_path: Path) -> None:
    counts = np.random.default_rng(1).poisson(40, DAYS)
    counts[-3:] = 0
    (gap,) = found("orders", orders(tmp_path, {"weibo": counts}))
    assert (gap.first, gap.last) == (DAYS - 3, DAYS - 1)


def test_a_shop_that_is_closed_on_sundays_has_no_gaps(tmp_path: Path) -> None:
    counts = np.random.default_rng(1).poisson(40, DAYS)
    counts[4::7] = 0
    assert found("orders", orders(tmp_path, {"weibo": counts})) == []


def test_quiet_days_of_a_quiet_platform_are_no_gaps(tmp_path: Path) -> None:
    """With the stated chance or less: 400 tables at one row a day, 12 at the 99.9th percentile of 5 expected."""
    rng = np.random.default_rng(4)
    counted = rows(subjects({"orders": orders(tmp_path, {"weibo": rng.poisson(1, DAYS)})})[0], START, END)
    assert counted is not None
    alarmed = 0
    for _ in range(400):
        drawn = type(counted)(**{**vars(counted), "total": rng.poisson(1, DAYS).astype(float)})
        alarmed += bool(gaps(drawn, LEVEL))
    assert alarmed <= 12


def test_a_grid_lacks_the_cells_that_it_lacks(tmp_path: Path) -> None:
    weeks = pd.date_range("2026-07-06", periods=12, freq="7D")
    cells = pd.MultiIndex.from_product([weeks, ["douyin", "weibo"]], names=["week", "channel"]).to_frame(index=False)
    cells = cells[~((cells["channel"] == "weibo") & (cells["week"] == weeks[5]))]
    path = written(tmp_path, "media", {"week": cells["week"].dt.date, "channel": cells["channel"], "spend": None})
    (gap,) = found("media", path)
    assert (gap.part, gap.first, gap.last, gap.missing) == ("weibo", 5, 5, 1)


def test_a_table_without_days_has_no_rows_by_day(tmp_path: Path) -> None:
    path = written(tmp_path, "users", {"user_id": ["a", "b"]})
    assert rows(subjects({"users": path})[0], date(2026, 7, 1), date(2026, 9, 30)) is None
