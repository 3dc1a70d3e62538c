"""A partition beside crowds that are as sparse."""

import numpy as np
import pandas as pd
import pytest

from reachbook.segmentation.structure.count_cut import Cut
from reachbook.segmentation.structure.sparse_test import Sparse, beside, counts_of


@pytest.mark.parametrize(
    ("asked", "reached", "holds"), [(0, 0, True), (19, 0, True), (19, 1, False), (39, 1, True), (9, 0, False)]
)
def test_at_most_one_in_twenty_crowds_may_part_as_clearly(asked: int, reached: int, holds: bool) -> None:
    """The audience counts as one of them: (1 + reached) / (1 + asked) is the Monte-Carlo p value."""
    assert Sparse(None, asked, reached).holds(0.05) is holds


def test_a_partition_that_is_a_count_cut_in_parts_is_explained_without_any_crowd() -> None:
    orders = np.tile([0, 1, 2, 3], 50)
    values = pd.DataFrame({"orders": orders.astype(float), "spread": np.linspace(0, 1, 200)})
    counts = counts_of(values, None)
    found = beside(values, None, (orders > 1).astype(int), 2, None, counts)  # type: ignore[arg-type]
    assert isinstance(found.cut, Cut)
    assert not found.holds(0.05)
    assert "orders" in found.cut.words


def test_a_partition_that_no_count_explains_holds_where_no_crowd_is_asked() -> None:
    rng = np.random.default_rng(1)
    values = pd.DataFrame({"orders": np.tile([0.0, 1, 2, 3], 50), "spread": rng.random(200)})
    labels = (values["spread"] > 0.5).to_numpy().astype(int)
    found = beside(values, None, labels, 2, None, counts_of(values, None))  # type: ignore[arg-type]
    assert found == Sparse(None, 0, 0)
