"""Property: what an exporter makes of a table gives back that table by its preset, whatever its texts say."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.clock import NOW, ZONE
from helpers.exporters import EXPORTS
from helpers.exports import Row, write
from reachbook.tables.preset import load
from reachbook.tables.source import Source
from reachbook.tables.store import checked

_ids = st.text("0123456789abcdef", min_size=6, max_size=24)
_texts = st.text("ab 中文😭👍,;\"'\n\t#=-+0%", min_size=1, max_size=12).filter(str.strip)
_times = st.datetimes(dt.datetime(2026, 1, 1), NOW).map(lambda time: time.replace(microsecond=0))
_even = st.decimals(1000, 1500, places=2)
"""Amounts of which none is the sum of three others: that would be a total, which `totals: leave_out` drops."""
_ROWS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "comments": {"comment_id": _ids, "at": _times, "text": _texts, "user_id": _ids, "content_id": _ids},
    "contents": {
        "content_id": _ids,
        "published_at": _times,
        "format": st.sampled_from(["image_text", "short_video"]),
    },
    "media": {
        "week": st.dates(dt.date(2026, 1, 1), NOW.date()),
        "spend": _even,
        "impressions": st.integers(10_000, 15_000),
    },
    "outcome": {"week": st.dates(dt.date(2026, 1, 1), NOW.date()), "value": _even},
    "orders": {
        "order_id": st.integers(2 * 10**18, 9 * 10**18).map(str),
        "user_id": _ids,
        "at": _times,
        "amount": st.decimals(2, 10**7, places=2),
    },
}
"""What rows hold, by table and column."""
_DIFFERENT = {"contents": ("content_id", "published_at"), "media": ("week",), "outcome": ("week",)}
"""Columns in which no two rows are alike; the first one elsewhere."""


def rows_of(table: str) -> st.SearchStrategy[list[Row]]:
    different = _DIFFERENT.get(table, tuple(_ROWS[table])[:1])
    unique = tuple(lambda row, name=name: str(row[name])[:19] for name in different)
    return st.lists(st.fixed_dictionaries(_ROWS[table]), min_size=1, max_size=5, unique_by=unique)


def read(name: str, rows: list[Row], columns: list[str]) -> list[Row]:
    """What the preset gives of the file that the exporter made."""
    export = EXPORTS[name]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source = Source(preset=name, path=write(export, rows, root), **export.stated)
        found = checked(load(name).table, source, root, root / "cache", ZONE, NOW, "CNY")
        result: list[Row] = pq.read_table(found.path).select(columns).to_pylist()
    return result


def _columns(name: str) -> list[str]:
    """Columns that the file holds, or that it gives a value."""
    return [ours for ours in _ROWS[load(name).table] if ours in load(name).options["columns"] or ours == "value"]


def _known(row: Row, columns: list[str]) -> tuple[object, ...]:
    """Values as they compare: sums of numbers are floats, of money exact."""
    return tuple(round(float(row[name]), 6) if name in ("value", "impressions") else row[name] for name in columns)


@pytest.mark.parametrize("name", EXPORTS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_an_export_reads_back_equal(name: str, data: st.DataObject) -> None:
    rows = data.draw(rows_of(load(name).table))
    columns = _columns(name)
    expected = sorted(_known(EXPORTS[name].fit(row), columns) for row in rows)
    assert sorted(_known(row, columns) for row in read(name, rows, columns)) == expected
