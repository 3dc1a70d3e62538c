"""Property: what keeps the contract reads back equal from every kind of file; any one broken cell is found."""

import csv
import datetime as dt
import io
import sqlite3
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.clock import NOW, ZONE
from helpers.workbook_writer import write_xlsx
from reachbook.errors import DataError
from reachbook.tables.contract import CONTRACTS, arrow_type
from reachbook.tables.source import Source
from reachbook.tables.store import checked

COLUMNS = CONTRACTS["orders"].names
SCHEMA = pa.schema([(c.name, arrow_type(c.kind)) for c in CONTRACTS["orders"].columns])
Row = dict[str, object]

# What GB18030 and a spreadsheet can hold; no outer spaces, and nothing that looks like a rounded number.
_words = st.text("abc中文é-_/,;\"'", min_size=1, max_size=6)
_money = st.decimals(0, 10**9, places=2)
_row = st.fixed_dictionaries(
    {
        "order_id": _words,
        "user_id": _words,
        "at": st.datetimes(dt.datetime(2000, 1, 1), NOW).map(lambda t: t.replace(microsecond=0)),
        "amount": _money,
        "platform": st.none() | _words,
        "items": st.none() | st.integers(0, 10**6).map(float),
        "discount": st.none() | _money,
    }
)
_rows = st.lists(_row, min_size=1, max_size=6, unique_by=lambda r: str(r["order_id"]))


def as_csv(rows: list[Row], folder: Path, encoding: str) -> Source:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    (folder / "t.csv").write_bytes(text.getvalue().encode(encoding))
    return Source(path="t.csv")


def as_sheet(rows: list[Row], folder: Path) -> Source:
    def cell(value: object) -> object:
        return float(value) if isinstance(value, Decimal) else value

    write_xlsx(folder / "t.xlsx", {"t": [COLUMNS, *([cell(r[c]) for c in COLUMNS] for r in rows)]})
    return Source(path="t.xlsx")


def as_parquet(rows: list[Row], folder: Path) -> Source:
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), folder / "t.parquet")
    return Source(path="t.parquet")


def as_sqlite(rows: list[Row], folder: Path) -> Source:
    connection = sqlite3.connect(folder / "t.db")
    connection.execute(f"create table t ({', '.join(COLUMNS)})")
    cells = [[str(r[c]) if isinstance(r[c], (Decimal, dt.datetime)) else r[c] for c in COLUMNS] for r in rows]
    connection.executemany(f"insert into t values ({', '.join('?' * len(COLUMNS))})", cells)
    connection.commit()
    connection.close()
    return Source(url="sqlite:///t.db", query="select * from t")


WRITERS: dict[str, Callable[[list[Row], Path], Source]] = {
    "utf-8": lambda r, f: as_csv(r, f, "utf-8"),
    "bom": lambda r, f: as_csv(r, f, "utf-8-sig"),
    "gb18030": lambda r, f: as_csv(r, f, "gb18030"),
    "utf-16": lambda r, f: as_csv(r, f, "utf-16"),
    "excel": as_sheet,
    "parquet": as_parquet,
    "sqlite": as_sqlite,
}
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("kind", WRITERS)
@quick
@given(rows=_rows)
def test_a_good_table_reads_back_equal(kind: str, rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = checked("orders", WRITERS[kind](rows, folder), folder, folder / "c", ZONE, NOW)
        table = pq.read_table(result.path)
    assert table.schema.equals(SCHEMA)
    expected = pa.Table.from_pylist(rows, SCHEMA)
    if kind == "sqlite":
        table, expected = (t.sort_by("order_id") for t in (table, expected))
    assert table.to_pylist() == expected.to_pylist()


_breaks = st.sampled_from(
    [
        ("order_id", None),
        ("user_id", "a "),
        ("user_id", "a\tb"),
        ("at", "soon"),
        ("at", "1/2/2026"),
        ("at", "2026-10-02 00:00:00"),
        ("amount", "-0.01"),
        ("amount", "free"),
        ("items", "-1"),
        ("items", "nan"),
        ("discount", "5%"),
        ("amount", None),
    ]
)


@pytest.mark.parametrize("kind", ["utf-8", "gb18030", "excel"])
@quick
@given(rows=_rows, broken=_breaks, where=st.integers(0, 5))
def test_any_one_broken_cell_is_named_at_its_row_and_column(
    kind: str, rows: list[Row], broken: tuple[str, str | None], where: int
) -> None:
    column, value = broken
    position = where % len(rows)
    rows = [row | {column: value} if i == position else row for i, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = WRITERS[kind](rows, folder)
        with pytest.raises(DataError) as error:
            checked("orders", source, folder, folder / "c", ZONE, NOW)
    lines = str(error.value).splitlines()
    assert len(lines) == 1
    assert lines[0].split(": ")[1] == column
    assert lines[0].split(": ")[0].endswith(f":{position + 2}")
