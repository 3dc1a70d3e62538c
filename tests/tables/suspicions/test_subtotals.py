"""Sums of some of the rows that name themselves nothing: found wherever they stand, and never where there are none."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachbook.tables.store import Checked
from reachbook.tables.suspicions.subtotals import subtotals

CENTS = st.lists(st.integers(100, 9_000).map(lambda n: 10 * n + 3), min_size=4, max_size=60)


def written(groups: list[list[int]], above: bool = False, text: bool = True) -> tuple[pa.Table, list[int]]:
    """Amounts in cents by group, each with its sum behind (or above) it, and where the sums stand."""
    cells, rows = list[int](), list[int]()
    for group in groups:
        part = [sum(group), *group] if above else [*group, sum(group)]
        rows.append(len(cells) + (0 if above else len(group)))
        cells += part
    values = [f"{each / 100:.2f}" if text else each / 100 for each in cells]
    return pa.table({"order_id": [f"o{n}" for n in range(len(cells))], "amount": values}), rows


@given(st.lists(CENTS, min_size=2, max_size=8), st.booleans(), st.booleans())
def test_sums_of_the_rows_before_or_behind_them_are_found(groups: list[list[int]], above: bool, text: bool) -> None:
    frame, rows = written(groups, above, text)
    found = subtotals(frame)
    assert set(rows) <= set(found)
    assert {each.sums for each in found.values()} == {("amount",)}


def test_three_months_of_orders_with_their_sums() -> None:
    rng = np.random.default_rng(7)
    frame, rows = written([list(rng.integers(900, 40_000, 700)) for _ in range(3)])
    found = subtotals(frame)
    assert sorted(found) == rows
    assert found[rows[0]].reason == "amount is the sum of the rows between it and the next such row"


def test_open_rows_at_the_end_hide_no_sums_but_many_do() -> None:
    rng = np.random.default_rng(8)
    months = [list(rng.integers(900, 40_000, 100)) for _ in range(3)]
    frame, rows = written(months)

    def longer(count: int) -> pa.Table:
        more = pa.table({"order_id": [f"n{n}" for n in range(count)], "amount": [f"{n + 9}.37" for n in range(count)]})
        return pa.concat_tables([frame, more])

    assert sorted(subtotals(longer(20))) == rows
    assert subtotals(longer(200)) == {}


@pytest.mark.parametrize("seed", range(40))
def test_prices_that_happen_to_add_up_are_no_sums(seed: int) -> None:
    """Baskets of few prices, of which many are the sum of the ones before."""
    rng = np.random.default_rng([seed, 9])
    prices = rng.choice([9.9, 19.8, 29.7, 39.6, 59.4, 99.0], 400, p=[0.5, 0.2, 0.1, 0.1, 0.05, 0.05])
    items = rng.integers(1, 200, 400)
    assert subtotals(pa.table({"amount": prices, "items": items})) == {}


def test_the_table_of_orders_warns_and_leaves_them_out_where_asked(
    orders: Callable[..., str], check: Callable[..., Checked]
) -> None:
    rng = np.random.default_rng(10)
    frame, rows = written([list(rng.integers(900, 40_000, 50)) for _ in range(2)])
    amounts = frame.column("amount").to_pylist()
    path = orders(*(f"o{n},u{n % 9},2026-07-{1 + n // 51:02d} 09:00:00,{amounts[n]}" for n in range(frame.num_rows)))
    assert check("orders", path=path).warnings == tuple(
        f"orders.csv:{row + 2}: looks like a totals row (amount is the sum of the rows between it and the next such "
        "row). If it is one, leave it out, or all that it sums counts twice: `totals: leave_out`."
        for row in rows
    )
    without = check("orders", path=path, totals="leave_out")
    assert (without.rows, without.warnings) == (100, ())
