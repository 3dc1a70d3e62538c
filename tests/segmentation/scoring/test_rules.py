"""Rules as SQL give everybody the segment that Python gives, from raw tables alone."""

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from reachbook.demo import store
from reachbook.demo.spec import DemoSpec
from reachbook.segmentation import features, segment
from reachbook.segmentation.scoring.rules import SegmentRules, rules
from reachbook.segmentation.spec import SegmentationSpec

START, END = date(2026, 7, 1), date(2026, 9, 30)
SPEC = SegmentationSpec(null_draws=19, bootstrap_draws=10, k_max=6)


def scored(made: SegmentRules, tables: dict[str, Path]) -> pd.Series:
    """What DuckDB gives, by user_id."""
    with duckdb.connect() as connection:
        for name, path in tables.items():
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{path}')")
        return connection.sql(made.sql).df().set_index("user_id")["segment"]


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> dict[str, Path]:
    """A simulated brand with people of several kinds."""
    folder = tmp_path_factory.mktemp("brand")
    sizes = DemoSpec(users=1500, contents=200, interactions=60_000, orders=4500, comments=50, labels=10, units=60)
    made = store.write(sizes, START, END, 5, folder)
    return {name: made[name] for name in ("users", "interactions", "orders", "contents")}


@pytest.fixture(scope="module")
def published(tables: dict[str, Path]) -> pd.Series:
    """Segments as a report publishes them, from 1."""
    found = segment(features(tables, SPEC, START, END).clustered, SPEC, seed=3)
    return found.candidate_labels + 1


def test_sql_gives_the_segments_of_python_and_nearly_those_published(tables, published):
    made = rules(tables, SPEC, START, END, published)
    given = scored(made, tables)
    assert set(given.index) == set(made.segments.index)
    assert (given == made.segments.reindex(given.index)).all()
    assert made.agreement > 0.97
    assert made.agreement == pytest.approx((given.reindex(published.index) == published).mean())


def test_people_who_were_not_there_get_the_segment_they_get_among_all(tables, published, tmp_path):
    """Rules from two thirds of the people, scored on all: the others land where the published labels have them."""
    order = np.random.default_rng(1).permutation(len(published))
    some, rest = published.iloc[order[:1000]], published.iloc[order[1000:]]
    given = scored(rules(tables, SPEC, START, END, some), tables)
    assert (given.reindex(rest.index) == rest).mean() > 0.95


def test_orders_alone_and_shares_without_guard_work_too(tables, published):
    spec = SPEC.model_copy(update={"share_strength": 0.0, "money_window_days": 30})
    for used in (tables, {"orders": tables["orders"]}):
        made = rules(used, spec, START, END, published)
        given = scored(made, used)
        assert (given == made.segments.reindex(given.index)).all()


def test_nobody_left_or_one_segment_make_no_rules(tables, published):
    assert rules(tables, SPEC, START, END, published.iloc[:0]) is None
    assert rules(tables, SPEC, START, END, published * 0 + 1) is None
