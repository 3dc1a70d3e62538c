"""Problems are told from the top of the table, and never more than can be read."""

import numpy as np
import pytest

from reachbook.errors import DataError
from reachbook.tables.problems import SHOWN, Problem, positions, refuse, show


def problem(order: int, column: str, *rows: int) -> Problem:
    return Problem(order, column, np.array(rows, dtype=np.int64), lambda row: f"cell {row} is odd.")


def told(*problems: Problem) -> list[str]:
    with pytest.raises(DataError) as error:
        refuse(problems, lambda row: f"t.csv:{row + 2}")
    return str(error.value).splitlines()


def test_no_broken_cell_is_no_error() -> None:
    refuse([problem(0, "at")], lambda row: "")


def test_whole_rows_come_first_then_row_by_row_in_the_contract_s_order() -> None:
    assert told(problem(3, "amount", 0, 1), problem(1, "at", 1), problem(-1, "", 5)) == [
        "t.csv:7: cell 5 is odd.",
        "t.csv:2: amount: cell 0 is odd.",
        "t.csv:3: at: cell 1 is odd.",
        "t.csv:3: amount: cell 1 is odd.",
    ]


def test_twenty_are_listed_and_the_rest_counted() -> None:
    lines = told(problem(0, "at", *range(1_500)))
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "... and 1,480 more"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("o1", "o1"), ("a b", '"a b"'), ("a\nb\x7f", '"a\\nb\\u007f"'), ("", '""'), ("中文", "中文"), (1.5, "1.5")],
)
def test_a_value_stays_on_one_line(value: object, shown: str) -> None:
    assert show(value) == shown


def test_a_long_value_is_cut() -> None:
    assert show("x" * 61) == "x" * 57 + "..."
    assert show("x" * 60) == "x" * 60


def test_positions_are_where_the_mask_is_true() -> None:
    assert positions(np.array([True, False, True])).tolist() == [0, 2]
