from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reachbook.headcount.cells import cells
from reachbook.headcount.spec import HeadcountSpec

START, END = date(2026, 7, 1), date(2026, 9, 30)


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Path]:
    """Five people: b is on two platforms equally often, d ordered only, e did nothing in the period."""
    acts = [
        ("a", "weibo", "2026-09-30"),
        ("a", "weibo", "2026-07-02"),
        ("a", "douyin", "2026-07-01"),
        ("b", "weibo", "2026-09-01"),
        ("b", "douyin", "2026-08-01"),
        ("c", "bilibili", "2026-07-05"),
        ("e", "weibo", "2026-06-30"),
    ]
    frames = {
        "interactions": pd.DataFrame(acts, columns=["user_id", "platform", "at"]),
        "orders": pd.DataFrame({"user_id": ["d", "c"], "platform": [None, None], "at": ["2026-09-29", "2026-07-01"]}),
        "users": pd.DataFrame({"user_id": list("abcde"), "tier": ["one", "two", "six", None, "one"]}),
    }
    for name, frame in frames.items():
        stamped = frame.assign(at=pd.to_datetime(frame["at"])) if "at" in frame else frame
        stamped.astype({"platform": "string"} if "platform" in frame else {}).to_parquet(tmp_path / f"{name}.parquet")
    return {name: tmp_path / f"{name}.parquet" for name in frames}


def test_each_person_is_in_one_cell_that_was_stated(tables: dict[str, Path]) -> None:
    spec = HeadcountSpec(platforms=("douyin", "weibo"), traits={"tier": ("one", "two")})
    stages, tiers = cells(tables, spec, START, END)
    assert stages.ids == tiers.ids == ["a", "b", "c", "d"]
    where = [tuple(stages.labels.iloc[code]) for code in stages.codes]
    assert where == [("weibo", "active"), ("douyin", "lapsing"), ("other", "dormant"), ("other", "active")]
    assert [tiers.labels["tier"][code] for code in tiers.codes] == ["one", "two", "other", "other"]
    assert sum(stages.counts) == sum(tiers.counts) == 4


def test_without_a_statement_all_count_together(tables: dict[str, Path]) -> None:
    (stages,) = cells({"orders": tables["orders"]}, HeadcountSpec(), START, END)
    assert stages.labels["platform"].tolist() == ["other"] * 3
    assert stages.counts == [1, 0, 1]


def test_cells_do_not_depend_on_who_is_in_the_tables(tables: dict[str, Path]) -> None:
    spec = HeadcountSpec(platforms=("douyin", "nowhere"))
    (all_,) = cells(tables, spec, START, END)
    pd.read_parquet(tables["interactions"]).iloc[:1].to_parquet(tables["interactions"])
    (few,) = cells(tables, spec, START, END)
    assert all_.labels.equals(few.labels)
