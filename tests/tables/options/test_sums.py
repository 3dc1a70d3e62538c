"""Amounts are put together to the last decimal, and never below zero."""

from decimal import Decimal

import pyarrow as pa
import pytest

from helpers.raw_table import raw_table
from reachbook.errors import DataError
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.formats.raw import Raw
from reachbook.tables.kinds.cells import Parsed
from reachbook.tables.kinds.numbers import parse_money
from reachbook.tables.options.sums import added_up, less, without_refunds

ORDERS = CONTRACTS["orders"]
FOUND = {"order_id": "order_id", "amount": "amount"}


def money(raw: Raw, name: str) -> Parsed:
    return parse_money(raw.frame.column(name).combine_chunks())


def amounts(table: pa.Table) -> list[Decimal | None]:
    return table.column("amount").to_pylist()


def lines(ids: list[str], cells: list[str | None]) -> tuple[Raw, pa.Table]:
    raw = raw_table({"order_id": ids, "amount": cells}, "o.csv")
    return raw, pa.table({"order_id": ids, "amount": money(raw, "amount").values})


def test_columns_are_taken_off_and_an_empty_cell_is_nothing() -> None:
    raw = raw_table({"paid": ["10.10", "5"], "back": ["0.20", None], "fee": [None, "5"]}, "o.csv")
    assert less(raw, "amount", "paid", money(raw, "paid"), ["back", "fee"], money).values.to_pylist() == [
        Decimal("9.9"),
        Decimal(0),
    ]
    with pytest.raises(DataError, match=r"^o\.csv:2: back \(amount\): 0\.20 less paid \(10\.10\) is below zero"):
        less(raw, "amount", "back", money(raw, "back"), ["paid"], money)


@pytest.mark.parametrize("sign", ["", "-"])
def test_refunds_are_taken_off_whatever_their_sign_and_lost_ones_are_told(sign: str) -> None:
    raw, typed = lines(["o1", "o2"], ["10", "4.50"])
    refunds, _ = lines(["o1", " o1", "o9"], [f"{sign}1", f"{sign}2", f"{sign}7"])
    table, (line,) = without_refunds(typed, raw, refunds, ORDERS, FOUND, {"amount": money})
    assert amounts(table) == [Decimal(7), Decimal("4.5")]
    assert line.startswith("o.csv:4: 1 of 3 refunds are of orders that are not in this table")


def test_more_refunds_than_there_was_to_refund_are_refused() -> None:
    raw, typed = lines(["o1"], ["10"])
    with pytest.raises(DataError, match="10 is less than its refunds, 12"):
        without_refunds(typed, raw, lines(["o1", "o1"], ["5", "7"])[0], ORDERS, FOUND, {"amount": money})


def test_lines_of_one_id_become_their_sum_and_no_amount_stays_none() -> None:
    table, (left,) = added_up(lines(["o2", "o1", "o2", "o3"], ["1.10", "3", "2.20", None])[1], ORDERS, "o.csv")
    assert table.column("order_id").to_pylist() == ["o2", "o1", "o3"]
    assert amounts(table) == [Decimal("3.3"), Decimal(3), None]
    assert left.describe() == "1 of 4 rows was left out: further lines of the same order, added to its first (lines:)"
    with pytest.raises(DataError, match="interactions has no id"):
        added_up(pa.table({"value": [1.0]}), CONTRACTS["interactions"], "i.csv")


def test_lines_that_differ_in_a_person_are_not_added_up() -> None:
    _, typed = lines(["o1", "o1"], ["1", "2"])
    typed = typed.append_column("user_id", pa.array(["u1", "u2"]))
    with pytest.raises(DataError, match=r"lines of o1 differ in user_id"):
        added_up(typed, ORDERS, "o.csv")


def test_texts_of_which_a_sum_keeps_the_first_are_counted() -> None:
    _, typed = lines(["o1", "o1", "o2", "o1", "o2"], ["1", "2", "3", "4", "5"])
    typed = typed.append_column("sku", pa.array(["a", "b", "c", None, "c"]))
    typed = typed.append_column("note", pa.array([None, "x", "y", "x", "y"]))
    table, (left,) = added_up(typed, ORDERS, "o.csv")
    assert table.column("sku").to_pylist() == ["a", "c"]
    assert left.reason.endswith("; where they say something else, only the first counts: sku in 1")


def test_what_is_said_of_a_person_must_not_differ() -> None:
    people = pa.table({"unit_id": ["u1", "u1"], "group": ["a", "a"], "outcome": [1.0, 2.0], "city": ["x", "y"]})
    with pytest.raises(DataError, match=r"lines of u1 differ in city"):
        added_up(people, CONTRACTS["experiment"], "e.csv")
    days = pa.table({"region": ["r", "r"], "week": ["w", "w"], "value": [1.0, 2.0], "city": ["x", "y"]})
    table, (left,) = added_up(days, CONTRACTS["outcome"], "e.csv")
    assert table.column("value").to_pylist() == [3.0]
    assert left.reason.endswith("only the first counts: city in 1")
