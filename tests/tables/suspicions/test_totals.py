"""The first rows of a long column excuse it from the search for sums only where no row can be one."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reachbook.tables.suspicions import totals as module
from reachbook.tables.suspicions.totals import Total, totals

NONE = np.zeros(0, np.int64)


def found(frame: pa.Table, long: int) -> dict[int, Total]:
    """Totals where columns of so many rows are long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LONG", long)
        return totals(frame)


@given(
    st.lists(st.integers(0, 10**6), min_size=40, max_size=120),
    st.integers(0, 119),
    st.sampled_from(["{}.25", "¥{}", "-{}", "{}e1", "{}"]),
    st.booleans(),
)
@example([5] * 60, 3, "{}.25", True)
def test_the_first_rows_excuse_no_sum(numbers: list[int], at: int, form: str, summed: bool) -> None:
    cells = [form.format(n) for n in numbers]
    if summed:
        cells.insert(min(at, len(cells)), form.format(sum(numbers)))
    labels = ["合计" if summed and i == at else f"k{i}" for i in range(len(cells))]
    frame = pa.table({"key": labels, "cost": cells})
    assert found(frame, 0) == found(frame, 1 << 40)


def test_large_columns_of_small_numbers_are_excused() -> None:
    assert module._outgrown(pa.chunked_array([["9.5"] * 1_000_000]), NONE)
    assert not module._outgrown(pa.chunked_array([["9.5"] * 999_999 + ["9499990.5"]]), NONE)
