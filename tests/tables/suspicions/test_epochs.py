"""Times that a query makes of counts since 1970 are in UTC, and never read as local without a word."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from helpers.raw_table import raw_table
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.suspicions.epochs import unzoned_epochs

FIRST = dt.datetime(2026, 7, 1, 8)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, object]:
    (tmp_path / "c.csv").write_text("id,ms\nc1,1782864000000\n", "utf-8")
    (tmp_path / "c.sql").write_text(
        "select id as comment_id, 'weibo' as platform, 'x' as \"text\", epoch_ms(cast(ms as bigint)) as \"at\" from c"
    )
    return {"files": {"c": "c.csv"}, "sql": "c.sql"}


def test_without_a_zone_it_is_refused(files: dict[str, object], refuse: Callable[..., str]) -> None:
    assert refuse("comments", **files) == (
        "c.sql, result row 1: at: comes from a query with epoch_ms, which counts in UTC, and its times say no zone. "
        "State `timezone: UTC`, or select the count itself and state `formats: {at: epoch_ms}`."
    )


def test_with_a_zone_or_as_a_count_it_is_an_instant(
    files: dict[str, object], tmp_path: Path, load: Callable[..., pa.Table]
) -> None:
    assert load("comments", **files, timezone="UTC").column("at").to_pylist() == [FIRST]
    query = (tmp_path / "c.sql").read_text()
    (tmp_path / "c.sql").write_text(query.replace("epoch_ms(cast(ms as bigint))", "ms"))
    assert load("comments", **files, formats={"at": "epoch_ms"}).column("at").to_pylist() == [FIRST]
    (tmp_path / "c.sql").write_text(
        query.replace("epoch_ms(cast(ms as bigint))", "to_timestamp(cast(ms as bigint) / 1000)")
    )
    assert load("comments", **files).column("at").to_pylist() == [FIRST], "DuckDB's to_timestamp has a zone"


@pytest.mark.parametrize(
    ("query", "zone", "cell", "reported"),
    [
        ("select Make_Timestamp(us)", None, FIRST, True),
        ("select timestamp '1970-01-01' + s", None, FIRST, True),
        ("select make_timestamp(us)", "UTC", FIRST, False),
        ("select at_time", None, FIRST, False),
        ("select make_timestamp(us)", None, 1_782_864_000, False),
        ("select make_timestamp(us)", None, FIRST.replace(tzinfo=dt.UTC), False),
    ],
)
def test_only_a_time_without_zone_from_such_a_query_is_reported(
    query: str, zone: str | None, cell: object, reported: bool
) -> None:
    raw = replace(raw_table({"at": [cell]}), query=query)
    assert bool(unzoned_epochs(raw, CONTRACTS["orders"], {"at": "at"}, zone)) is reported
