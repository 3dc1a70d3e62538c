"""The queries give the same counts on DuckDB and on Spark."""

import importlib.util
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot

from reachbook import query
from reachbook.demo import simulate
from reachbook.demo.spec import DemoSpec
from reachbook.segmentation.counts import PARTS, SQL, counts
from reachbook.segmentation.spec import SegmentationSpec

START, END = date(2026, 7, 1), date(2026, 9, 30)
TABLES = ("interactions", "contents", "orders")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Events of a small simulated brand."""
    sizes = DemoSpec(users=80, contents=40, interactions=4000, orders=300, comments=50, labels=10, units=60)
    made = simulate(sizes, START, END, 5)
    folder = tmp_path_factory.mktemp("tables")
    return {name: _written(made[name], folder / f"{name}.parquet") for name in TABLES}


def _written(table: pa.Table, path: Path) -> Path:
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize("file", ["features.sql", "levels.sql", "hours.sql"])
@pytest.mark.parametrize("has", [TABLES, ("interactions",), ("interactions", "contents")])
def test_every_query_can_be_said_in_sparks_dialect(file: str, has: tuple[str, ...]) -> None:
    given = {**{name: name in has for name in TABLES}, "start": START, "end": END, "money_from": START}
    more: dict[str, object] = {"stamps": {"interactions": 0, "orders": -1}}
    more |= {"parts": list(PARTS.values()), "levels": [("kind", ["view", "like"]), ("platform", ["it's"])]}
    spark = query.transpile(query.render((SQL / file).read_text("utf-8"), {**given, **more}))
    assert sqlglot.parse_one(spark, read="spark")


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="the extra `spark` is not installed")
@pytest.mark.parametrize("has", [TABLES, ("interactions", "contents"), ("orders",)])
def test_the_counts_are_the_same(
    tables: dict[str, Path], has: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    used, spec = {name: tables[name] for name in has}, SegmentationSpec()
    on_duckdb, run = counts(used, spec, START, END), query.run
    monkeypatch.setattr(query, "run", lambda *given: run(*given, engine="spark"))
    on_spark = counts(used, spec, START, END)
    assert on_spark.levels == on_duckdb.levels
    pd.testing.assert_frame_equal(on_spark.frame, on_duckdb.frame, check_dtype=False)
