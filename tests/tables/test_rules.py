"""Each rule of a contract names exactly the rows that break it."""

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from helpers.clock import NOW
from reachbook.tables.contract import CONTRACTS, empty
from reachbook.tables.rules import broken, schema


def rows(name: str, **columns: list[object]) -> pa.Table:
    fields = empty(name).schema
    count = len(next(iter(columns.values())))
    return pa.table({f.name: pa.array(columns.get(f.name, [None] * count), f.type) for f in fields})


GOOD = {"user_id": ["u"] * 3, "at": [datetime(2026, 7, 1)] * 3, "amount": [Decimal(1)] * 3}


@pytest.mark.parametrize(
    ("column", "cells", "rule"),
    [
        ("user_id", ["u", None, "u"], "needed"),
        ("amount", [Decimal(0), Decimal(-1), Decimal(2)], "negative"),
        ("at", [NOW, datetime(2026, 10, 1, 13), NOW], "future"),
    ],
)
def test_a_broken_cell_is_named_by_rule_column_and_row(column: str, cells: list[object], rule: str) -> None:
    table = rows("orders", **{"order_id": ["a", "b", "c"], **GOOD, column: cells})
    assert [(r, c, where.tolist()) for r, c, where in broken(table, CONTRACTS["orders"], NOW)] == [(rule, column, [1])]


def test_a_closed_list_takes_its_values_only_and_dates_end_today() -> None:
    reviews = rows("reviews", comment_id=["a", "b"], queue=["audit", "other"])
    assert [(r, c, where.tolist()) for r, c, where in broken(reviews, CONTRACTS["reviews"], NOW)] == [
        ("known", "queue", [1])
    ]
    users = rows("users", user_id=["a", "b"], joined_on=[date(2026, 10, 2), date(2026, 10, 1)])
    assert [(r, c, where.tolist()) for r, c, where in broken(users, CONTRACTS["users"], NOW)] == [
        ("future", "joined_on", [0])
    ]


def test_a_repeated_key_breaks_at_its_later_rows_and_an_empty_one_never() -> None:
    table = rows("reviews", comment_id=["a", "b", "a", "a"])
    ((rule, column, where),) = broken(table, CONTRACTS["reviews"], NOW)
    assert (rule, column, where.tolist()) == ("unique", None, [2, 3])
    nameless = rows("reviews", comment_id=[None, None])
    assert [rule for rule, _, _ in broken(nameless, CONTRACTS["reviews"], NOW)] == ["needed"]


def test_every_column_of_the_contract_is_in_the_schema() -> None:
    assert tuple(schema(CONTRACTS["media"], NOW).columns) == CONTRACTS["media"].names
    assert broken(rows("orders", order_id=["a", "b", "c"], **GOOD), CONTRACTS["orders"], NOW) == []
