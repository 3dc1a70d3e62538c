"""One quantity under several names is named, and only that."""

import numpy as np
import pyarrow as pa
import pytest

from reachbook.tables.contract import CONTRACTS
from reachbook.tables.suspicions.same_outcomes import same_outcomes

RNG = np.random.default_rng(3)
SALES = RNG.poisson(3, 60).astype(float)


def said(**columns: np.ndarray) -> list[str]:
    return list(same_outcomes(pa.table(columns), CONTRACTS["experiment"], "e.csv"))


@pytest.mark.parametrize(("factor", "words"), [(1, "the same as"), (100, "100 times the same as"), (0.5, "0.5 times")])
def test_a_column_and_its_multiple(factor: float, words: str) -> None:
    (line,) = said(purchases=SALES, value=SALES * factor)
    assert line.startswith(f"e.csv: value is {words}")
    assert "Count it once" in line


def test_what_differs_in_one_row_is_another_quantity() -> None:
    other = SALES.copy()
    other[17] += 1
    assert said(purchases=SALES, other=other) == []
    assert said(purchases=SALES, visits=RNG.poisson(30, 60).astype(float)) == []
    assert said(one=np.ones(60), two=np.full(60, 2.0)) == [], "constants say nothing"
    assert list(same_outcomes(pa.table({"a": SALES, "b": SALES}), CONTRACTS["orders"], "o.csv")) == []
