"""Ids that a spreadsheet or an export has altered are named; others are left in peace."""

import pytest

from helpers.raw_table import raw_table
from reachbook.tables.contract import CONTRACTS
from reachbook.tables.suspicions.odd_ids import odd_ids


def said(table: str, name: str, *cells: str) -> list[str]:
    return list(odd_ids(raw_table({name: cells}), CONTRACTS[table], {name: name}))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("1", '="2"', '="3"'), "2 of 3 ids, this one first, are written like a formula"),
        (("1", "'2", "3"), "1 of 3 ids, this one first, begin with an apostrophe"),
        (
            ("7", *(f"12345678901234{each}000" for each in range(3))),
            "all 3 ids of 16 digits and more, this one first, end in noughts",
        ),
    ],
)
def test_an_altered_id_is_named_at_its_first_row(cells: tuple[str, ...], words: str) -> None:
    (line,) = said("orders", "order_id", *cells)
    assert line.startswith("t.csv:3: order_id: ")
    assert words in line
    assert not any(cell in line for cell in cells if len(cell) > 1)


def test_whole_ids_and_two_that_happen_to_end_in_noughts_are_left() -> None:
    assert said("orders", "order_id", "1234567890123450000", "1234567890123460000") == []
    assert said("orders", "order_id", "1234567890123450000", "1234567890123460000", "1234567890123460001") == []
    assert said("comments", "text", "'quoted'") == []


def test_of_the_user_s_own_columns_those_named_as_ids_count() -> None:
    assert len(said("users", "订单编号", "'1")) == 1
    assert said("users", "remark", "'1") == []
    assert said("orders", "open_id", "'1") == [], "a closed table does not read it"
