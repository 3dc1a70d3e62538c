"""Times that are days are told from a third on."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables.contract import CONTRACTS, empty
from reachbook.tables.suspicions.day_only import day_only, midnight_share

DAY = dt.datetime(2026, 7, 1)


def table(midnights: int, others: int) -> pa.Table:
    times = [DAY] * midnights + [DAY + dt.timedelta(hours=9, minutes=5)] * others
    frame = empty("comments")
    columns = {name: pa.nulls(len(times), frame.schema.field(name).type) for name in frame.column_names}
    return pa.table({**columns, "at": pa.array(times, pa.timestamp("us"))})


@pytest.mark.parametrize(
    ("midnights", "others", "told"), [(40, 60, True), (33, 67, False), (0, 100, False), (9, 0, False)]
)
def test_more_than_a_third_at_midnight(midnights: int, others: int, told: bool) -> None:
    lines = list(day_only(table(midnights, others), CONTRACTS["comments"], "c.csv"))
    assert bool(lines) is told
    assert all("40% of the times are 00:00:00" in line for line in lines)


@given(st.lists(st.booleans(), max_size=40))
def test_the_share_is_exact(midnight: list[bool]) -> None:
    times = pa.array([DAY if each else DAY + dt.timedelta(seconds=1) for each in midnight], pa.timestamp("us"))
    assert midnight_share(times) == (sum(midnight) / len(midnight) if midnight else 0)
