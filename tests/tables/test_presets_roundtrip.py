"""Property: what an exporter makes of a table gives back that table by its preset, whatever its texts say."""

import datetime as dt
import tempfile
from decimal import Decimal
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


_ONE: dict[str, Row] = {
    "comments": {
        "comment_id": "c1",
        "at": dt.datetime(2026, 7, 1, 8),
        "text": "好喝",
        "user_id": "u1",
        "content_id": "p1",
    },
    "contents": {"content_id": "p1", "published_at": dt.datetime(2026, 7, 1), "format": "short_video"},
    "media": {"week": dt.date(2026, 7, 1), "spend": Decimal("1234.50"), "impressions": 12_000},
    "outcome": {"week": dt.date(2026, 7, 1), "value": Decimal("1234.50")},
    "orders": {"order_id": "24138" * 4, "user_id": "u1", "at": dt.datetime(2026, 7, 1, 8), "amount": Decimal("39.56")},
}
"""A row of each table."""


def rows_of(table: str) -> st.SearchStrategy[list[Row]]:
    different = _DIFFERENT.get(table, tuple(_ROWS[table])[:1])
    unique = tuple(lambda row, name=name: str(row[name])[:19] for name in different)
    return st.lists(st.fixed_dictionaries(_ROWS[table]), min_size=1, max_size=5, unique_by=unique)


def read(name: str, rows: list[Row], columns: list[str], names: dict[str, str] | None = None) -> list[Row]:
    """What the preset gives of the file that the exporter made."""
    export = EXPORTS[name]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source = Source(preset=name, path=write(export, rows, root, names), **export.stated)
        found = checked(load(name).table, source, root, root / "cache", ZONE, NOW)
        result: list[Row] = pq.read_table(found.path).select(columns).to_pylist()
    return result


def _constants(name: str) -> dict[str, str]:
    return dict(load(name).options.get("constants", {}))


def _columns(name: str) -> list[str]:
    """Columns that the file holds, or that get a value beside it."""
    mapped = {*load(name).options["columns"], "value"}
    held = [ours for ours in _ROWS[load(name).table] if ours in mapped]
    return [*held, *(ours for ours in _constants(name) if ours not in held)]


def _known(row: Row, columns: list[str]) -> tuple[object, ...]:
    """Values as they compare: sums of numbers are floats, of money exact."""
    return tuple(round(float(row[name]), 6) if name in ("value", "impressions") else row[name] for name in columns)


def _comparable(rows: list[Row], columns: list[str]) -> list[tuple[object, ...]]:
    return sorted((_known(row, columns) for row in rows), key=repr)


def _expected(name: str, rows: list[Row], columns: list[str]) -> list[tuple[object, ...]]:
    return _comparable([EXPORTS[name].fit(row) | _constants(name) for row in rows], columns)


@pytest.mark.parametrize("name", EXPORTS)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_an_export_reads_back_equal(name: str, data: st.DataObject) -> None:
    rows = data.draw(rows_of(load(name).table))
    columns = _columns(name)
    assert _comparable(read(name, rows, columns), columns) == _expected(name, rows, columns)


_SOME = 6
"""Of more names than these, as of one for each currency, no more are tried."""


def _others() -> list[tuple[str, str, str]]:
    """Preset, the name of a column in its export, and another name that the column may have."""
    found = []
    for name, export in EXPORTS.items():
        for names in load(name).options["columns"].values():
            known = [each for each in names if each in export.header] if isinstance(names, list) else []
            free = [each for each in names if each not in export.header]
            found += [(name, known[0], other) for other in free[:_SOME] if known]
    return found


@pytest.mark.parametrize(("name", "known", "other"), _others())
def test_a_column_may_have_each_of_its_names(name: str, known: str, other: str) -> None:
    rows = [_ONE[load(name).table]]
    columns = _columns(name)
    assert _comparable(read(name, rows, columns, {known: other}), columns) == _expected(name, rows, columns)
