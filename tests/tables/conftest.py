"""A small project folder, and the orders table that every break starts from."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.clock import NOW, ZONE
from reachbook.errors import DataError
from reachbook.tables.source import Source
from reachbook.tables.store import Checked, checked

Check = Callable[..., Checked]
Load = Callable[..., pa.Table]
Refuse = Callable[..., str]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check a table of the project; keyword arguments describe its source."""

    def run(name: str, *, zone: str = ZONE, now: datetime = NOW, **source: Any) -> Checked:
        return checked(name, Source(**source), tmp_path, tmp_path / ".cache", zone, now)

    return run


@pytest.fixture
def load(check: Check) -> Load:
    """The checked table itself."""
    return lambda name, **source: pq.read_table(check(name, **source).path)


@pytest.fixture
def refuse(check: Check) -> Refuse:
    """The message with which a table is refused."""

    def run(name: str, **source: Any) -> str:
        with pytest.raises(DataError) as error:
            check(name, **source)
        return str(error.value)

    return run


HEADER = "order_id,user_id,at,amount"
ROWS = ("o1,u1,2026-07-01 09:05:00,12.50", "o2,u2,2026-07-02 10:00:00,3.00", "o3,u1,2026-07-03 11:30:00,99.90")


@pytest.fixture
def orders(tmp_path: Path) -> Callable[..., str]:
    """Write an orders CSV, some of its cells replaced, and give its name."""

    def write(
        *rows: str, header: str = HEADER, name: str = "orders.csv", encoding: str = "utf-8", end: str = "\n"
    ) -> str:
        (tmp_path / name).write_bytes(end.join([header, *(rows or ROWS), ""]).encode(encoding))
        return name

    return write
